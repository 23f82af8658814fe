#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base64.hpp"
#include "file_error.hpp"
#include "file_system.hpp"
#include "json_text.hpp"
#include "text_encoding.hpp"
#include <pflow/node.hpp>

namespace pflow::file {
namespace {

[[noreturn]] void refuse_parameter(std::string_view name, std::string_view problem) {
  std::string message = "parameter ";
  sdk::append_json(message, name);
  message += problem;
  throw sdk::Failure{.status = PFLOW_E_INVALID, .code = "invalid_parameter", .message = std::move(message)};
}

/// A path parameter as the system wants it; "~" and "~/..." are the user's home directory.
std::string path_of(std::string_view name, std::string_view given) {
  if (given.empty()) refuse_parameter(name, " is empty: give the path of a file");
  if (given.find('\0') != std::string_view::npos) refuse_parameter(name, " holds a NUL byte, which no path can");
  if (given != "~" && !given.starts_with("~/")) return std::string(given);
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe): nobody changes the environment
  if (home == nullptr || *home == '\0') refuse_parameter(name, " begins with ~, but HOME is not set");
  return std::string(home).append(given.substr(1));
}

struct ReadFile {
  static constexpr std::string_view kType = "read-file";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_IDEMPOTENT;

  struct Params {
    std::string_view file_path;
    std::string_view encoding = "utf-8";
    std::optional<std::uint64_t> max_bytes;
    bool line_numbers = false;

    static void declare(sdk::Fields<Params>& f) {
      f.add("file_path", &Params::file_path, "File to read").required();
      f.add("encoding", &Params::encoding, "utf-8 or latin-1");
      f.add("max_bytes", &Params::max_bytes, "Fail if the file is longer").minimum(0);
      f.add("line_numbers", &Params::line_numbers, "Begin every line with its number, \"1: \"");
    }
  };

  static void describe(sdk::Description& d) {
    d.text("Reads a file, exactly as it is.")
        .primary("content", sdk::Output::kString, "What is in the file; bytes if it is not UTF-8")
        .output("file_path", sdk::Output::kString, "The path as it was given")
        .output("bytes", sdk::Output::kInteger, "Length of the file")
        .output("content_is_binary", sdk::Output::kBoolean, "Whether the content is bytes; pflow's documents read it")
        .example("Read a text", R"({"file_path": "notes.txt"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    TextFilter filter(encoding_of(params.encoding), params.line_numbers);
    sdk::Buffer content(call);
    const std::uint64_t bytes = read_file(path_of("file_path", params.file_path), params.max_bytes, call,
                                          [&](std::string_view piece) { content.append(filter.apply(piece)); });
    const sdk::Value value = content.finish();
    call.set("content", value);
    call.set("file_path", params.file_path);
    call.set("bytes", bytes);
    call.set("content_is_binary", value.is(sdk::Type::kBytes));
  }
};

struct WriteFile {
  static constexpr std::string_view kType = "write-file";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;

  struct Params {
    std::string_view file_path;
    sdk::Value content;
    bool append = false;
    bool create_dirs = true;
    std::string_view encoding = "utf-8";
    bool content_is_binary = false;

    static void declare(sdk::Fields<Params>& f) {
      f.add("file_path", &Params::file_path, "File to write").required();
      f.add("content", &Params::content,
            "What to write: strings and bytes as they are, objects and arrays as indented JSON, others as JSON")
          .required();
      f.add("append", &Params::append, "Add to the end instead of replacing the file");
      f.add("create_dirs", &Params::create_dirs, "Make missing directories on the way");
      f.add("encoding", &Params::encoding, "utf-8 or latin-1; bytes are written as they are");
      f.add("content_is_binary", &Params::content_is_binary, "A text is base64, as in pflow's documents: decode it");
    }
  };

  static void describe(sdk::Description& d) {
    d.text("Writes a file, all of it or nothing. An existing file keeps its permissions.")
        .primary("file_path", sdk::Output::kString, "The path as it was given")
        .output("bytes_written", sdk::Output::kInteger, "How many bytes were written")
        .output("written", sdk::Output::kBoolean, "true; pflow's documents read it")
        .example("Save a result", R"({"file_path": "out/result.json", "content": "${fetch.response}"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    const std::string path = path_of("file_path", params.file_path);
    std::string made;
    const std::string_view bytes = bytes_of(params, call, made);
    check_names_file(path);
    if (params.create_dirs) create_parents(path);
    if (params.append) {
      append_file(path, bytes, call);
    } else {
      write_file(path, bytes, call);
    }
    call.set("file_path", params.file_path);
    call.set("bytes_written", bytes.size());
    call.set("written", true);
  }

 private:
  static std::string_view bytes_of(const Params& params, const sdk::Call& call, std::string& made) {
    const Encoding encoding = encoding_of(params.encoding);
    if (const auto bytes = params.content.if_bytes()) return *bytes;
    if (params.content_is_binary) {
      const auto text = params.content.if_string();
      if (!text) refuse_parameter("content", " must be a string or bytes when `content_is_binary` is true");
      if (!base64::decode(*text, made))
        refuse_parameter("content", " is not base64, though `content_is_binary` says so");
      return made;
    }
    const std::string_view text = text_of(params.content, call, made);
    if (encoding == Encoding::kUtf8) return text;
    return made = to_latin1(text);
  }

  static std::string_view text_of(sdk::Value content, const sdk::Call& call, std::string& json) {
    if (const auto text = content.if_text()) return *text;
    if (!content.is(sdk::Type::kObject) && !content.is(sdk::Type::kArray)) return call.to_json(content);
    return json = indented_json(content, call);
  }
};

struct TwoPaths {
  std::string_view source_path;
  std::string_view dest_path;
  bool overwrite = false;

  static void declare(sdk::Fields<TwoPaths>& f) {
    f.add("source_path", &TwoPaths::source_path, "File to take").required();
    f.add("dest_path", &TwoPaths::dest_path, "Its new path, with the name; missing directories are made").required();
    f.add("overwrite", &TwoPaths::overwrite, "Replace a file that is there already");
  }

  template <class Work>
  void apply(Work work, sdk::Call& call) const {
    const std::string source = path_of("source_path", source_path);
    const std::string dest = path_of("dest_path", dest_path);
    check_names_file(dest);
    create_parents(dest);
    work(source, dest, overwrite ? Existing::kReplace : Existing::kKeep, call);
    call.set("dest_path", dest_path);
  }
};

struct CopyFile {
  static constexpr std::string_view kType = "copy-file";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;
  using Params = TwoPaths;

  static void describe(sdk::Description& d) {
    d.text("Copies a file and its mode.")
        .primary("dest_path", sdk::Output::kString, "The new path as it was given")
        .output("copied", sdk::Output::kBoolean, "true; pflow's documents read it")
        .example("Keep a copy", R"({"source_path": "a.txt", "dest_path": "backup/a.txt", "overwrite": true})");
  }

  void run(const Params& params, sdk::Call& call) const {
    params.apply(copy_file, call);
    call.set("copied", true);
  }
};

struct MoveFile {
  static constexpr std::string_view kType = "move-file";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;
  using Params = TwoPaths;

  static void describe(sdk::Description& d) {
    d.text("Moves or renames a file, across devices too.")
        .primary("dest_path", sdk::Output::kString, "The new path as it was given")
        .output("moved", sdk::Output::kBoolean, "true; pflow's documents read it")
        .example("Rename", R"({"source_path": "draft.md", "dest_path": "final.md"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    params.apply(move_file, call);
    call.set("moved", true);
  }
};

struct DeleteFile {
  static constexpr std::string_view kType = "delete-file";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;

  struct Params {
    std::string_view file_path;
    bool missing_ok = true;

    static void declare(sdk::Fields<Params>& f) {
      f.add("file_path", &Params::file_path, "File to delete").required();
      f.add("missing_ok", &Params::missing_ok, "Succeed if there is no such file");
    }
  };

  static void describe(sdk::Description& d) {
    d.text(
         "Deletes a file or a symbolic link, never a directory. As in pflow, an input `confirm_delete` that is not "
         "true "
         "forbids it.")
        .primary("deleted", sdk::Output::kBoolean, "Whether there was something to delete")
        .example("Clean up", R"({"file_path": "tmp/work.txt"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    const std::string path = path_of("file_path", params.file_path);
    if (const sdk::Value confirmed = call.get("confirm_delete"); confirmed && confirmed.if_bool() != true) {
      throw sdk::Failure{.status = PFLOW_E_DENIED,
                         .code = "not_confirmed",
                         .message = "\"" + path +
                                    "\" is not deleted: the input `confirm_delete` must be the boolean true, and is " +
                                    std::string(call.to_json(confirmed))};
    }
    const bool deleted = delete_file(path);
    if (!deleted && !params.missing_ok) fail(ENOENT, "delete", path);
    call.set("deleted", deleted);
  }
};

}  // namespace
}  // namespace pflow::file

PFLOW_PLUGIN("pflow.file", "0.1.0", pflow::file::ReadFile, pflow::file::WriteFile, pflow::file::CopyFile,
             pflow::file::MoveFile, pflow::file::DeleteFile);
