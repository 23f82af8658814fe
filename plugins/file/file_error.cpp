#include "file_error.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <pflow/node.hpp>

namespace pflow::file {
namespace {

struct Meaning {
  pflow_status status;
  std::string_view code;
  std::string_view hint;
  bool passing = false;  // may be gone on a second try
};

Meaning meaning_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return {PFLOW_E_NOT_FOUND, "not_found",
              "check the path: relative ones start at the directory pflow-host runs in"};
    case EACCES:
    case EPERM:
      return {PFLOW_E_DENIED, "permission_denied", "check the owner and mode of the file and of its directory"};
    case EROFS:
      return {PFLOW_E_DENIED, "read_only", "the file system is mounted read-only; choose another place"};
    case EISDIR:
      return {PFLOW_E_INVALID, "is_directory", "give the path of a file"};
    case EEXIST:
      return {PFLOW_E_INVALID, "exists", "set `overwrite` to true to replace it"};
    case ENOSPC:
    case EDQUOT:
      return {PFLOW_E_IO, "no_space", "free some space or choose another place"};
    case EFBIG:
      return {PFLOW_E_IO, "too_large", "the file would pass the size limit of the process or the file system"};
    case ENAMETOOLONG:
      return {PFLOW_E_INVALID, "name_too_long", "choose a shorter name"};
    case ELOOP:
      return {PFLOW_E_INVALID, "symlink_loop", "its symbolic links lead in a circle"};
    case EBUSY:
    case ETXTBSY:
      return {PFLOW_E_UNAVAILABLE, "busy", "something else uses it; try again later", true};
    case EMFILE:
    case ENFILE:
      return {PFLOW_E_UNAVAILABLE, "too_many_open_files", "raise the limit on open files (ulimit -n)", true};
    default:
      return {PFLOW_E_IO, "io_error", "see the system's log"};
  }
}

}  // namespace

void fail(int error, std::string_view doing, const std::string& path) {
  fail(error, doing, path, meaning_of(error).hint);
}

void fail(int error, std::string_view doing, const std::string& path, std::string_view hint) {
  const Meaning meaning = meaning_of(error);
  std::string message = "cannot ";
  message.append(doing).append(" \"").append(path).append("\": ");
  message.append(std::generic_category().message(error)).append("; ").append(hint);
  throw sdk::Failure{.status = meaning.status,
                     .code = std::string(meaning.code),
                     .message = std::move(message),
                     .retryable = meaning.passing,
                     .origin_code = error};
}

}  // namespace pflow::file
