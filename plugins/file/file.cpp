#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "file_error.hpp"
#include "file_system.hpp"
#include "json_text.hpp"
#include "text_encoding.hpp"
#include <pflow/node.hpp>

namespace pflow::file {
namespace {

/// A path parameter as the system wants it.
std::string path_of(std::string_view name, std::string_view given) {
  if (!given.empty() && given.find('\0') == std::string_view::npos) return std::string(given);
  std::string message = "parameter ";
  sdk::append_json(message, name);
  message += given.empty() ? " is empty: give the path of a file" : " holds a NUL byte, which no path can";
  throw sdk::Failure{.status = PFLOW_E_INVALID, .code = "invalid_parameter", .message = std::move(message)};
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
        .example("Read a text", R"({"file_path": "notes.txt"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    TextFilter filter(encoding_of(params.encoding), params.line_numbers);
    sdk::Buffer content(call);
    const std::uint64_t bytes = read_file(path_of("file_path", params.file_path), params.max_bytes, call,
                                          [&](std::string_view piece) { content.append(filter.apply(piece)); });
    call.set("content", content.finish());
    call.set("file_path", params.file_path);
    call.set("bytes", bytes);
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

    static void declare(sdk::Fields<Params>& f) {
      f.add("file_path", &Params::file_path, "File to write").required();
      f.add("content", &Params::content,
            "What to write: strings and bytes as they are, objects and arrays as indented JSON, others as JSON")
          .required();
      f.add("append", &Params::append, "Add to the end instead of replacing the file");
      f.add("create_dirs", &Params::create_dirs, "Make missing directories on the way");
    }
  };

  static void describe(sdk::Description& d) {
    d.text("Writes a file, all of it or nothing. An existing file keeps its mode.")
        .primary("file_path", sdk::Output::kString, "The path as it was given")
        .output("bytes_written", sdk::Output::kInteger, "How many bytes were written")
        .example("Save a result", R"({"file_path": "out/result.json", "content": "${fetch.response}"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    const std::string path = path_of("file_path", params.file_path);
    std::string json;
    const std::string_view bytes = text_of(params.content, call, json);
    if (params.create_dirs) create_parents(path);
    if (params.append) {
      append_file(path, bytes, call);
    } else {
      write_file(path, bytes, call);
    }
    call.set("file_path", params.file_path);
    call.set("bytes_written", bytes.size());
  }

 private:
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
        .example("Keep a copy", R"({"source_path": "a.txt", "dest_path": "backup/a.txt", "overwrite": true})");
  }

  void run(const Params& params, sdk::Call& call) const { params.apply(copy_file, call); }
};

struct MoveFile {
  static constexpr std::string_view kType = "move-file";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT;
  using Params = TwoPaths;

  static void describe(sdk::Description& d) {
    d.text("Moves or renames a file, across devices too.")
        .primary("dest_path", sdk::Output::kString, "The new path as it was given")
        .example("Rename", R"({"source_path": "draft.md", "dest_path": "final.md"})");
  }

  void run(const Params& params, sdk::Call& call) const { params.apply(move_file, call); }
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
    d.text("Deletes a file or a symbolic link, never a directory.")
        .primary("deleted", sdk::Output::kBoolean, "Whether there was something to delete")
        .example("Clean up", R"({"file_path": "tmp/work.txt"})");
  }

  void run(const Params& params, sdk::Call& call) const {
    const std::string path = path_of("file_path", params.file_path);
    const bool deleted = delete_file(path);
    if (!deleted && !params.missing_ok) fail(ENOENT, "delete", path);
    call.set("deleted", deleted);
  }
};

}  // namespace
}  // namespace pflow::file

PFLOW_PLUGIN("pflow.file", "0.1.0", pflow::file::ReadFile, pflow::file::WriteFile, pflow::file::CopyFile,
             pflow::file::MoveFile, pflow::file::DeleteFile);
