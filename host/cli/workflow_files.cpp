#include "host/cli/workflow_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/ir/parse.hpp"
#include "host/cli/known_secrets.hpp"
#include "host/files/file_content.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".json";
constexpr std::size_t kShownBytes = 200;

Error cannot(Code code, std::string message, std::string hint) {
  Error e;
  e.code = code;
  e.message = std::move(message);
  e.hint = std::move(hint);
  return e;
}

// As a person would write it from where the program runs.
std::string shown_path(const fs::path& path) {
  std::error_code ec;
  const fs::path here = fs::current_path(ec);
  const fs::path relative = ec ? fs::path() : path.lexically_relative(here);
  const bool inside = !relative.empty() && *relative.begin() != "..";
  return inside ? relative.string() : path.string();
}

bool is_saved_name(std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), good);
}

std::vector<std::string> saved_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ec;
  for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec)) {
    if (at->path().extension() == kSuffix) names.push_back(at->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

WorkflowPlace WorkflowFiles::place_of(const std::string& word) {
  if (word == "-") return {"", "<stdin>"};
  std::error_code ec;
  const fs::path path = fs::canonical(word, ec);
  return {ec ? std::string() : path.string(), word};
}

Result<WorkflowPlace> WorkflowFiles::by_ref(std::string_view ref, std::string_view dir) {
  if (ref.empty() || ref.find('\0') != std::string_view::npos) {
    return cannot(Code::kInvalidValue, "it names no file", "Give the path of a workflow's file.");
  }
  std::error_code ec;
  const fs::path folder = dir.empty() ? fs::current_path(ec) : fs::path(dir);
  const fs::path wanted = (folder / fs::path(ref)).lexically_normal();
  const fs::path path = fs::canonical(wanted, ec);
  if (ec) {
    return cannot(Code::kUnreadable, fmt::format("there is no workflow {}", printable(wanted.string(), kShownBytes)),
                  dir.empty() ? "The path is relative to the working directory: the document is no file of its own."
                              : "The path is relative to the folder of the document that names it.");
  }
  if (!fs::is_regular_file(path, ec)) {  // a pipe would be waited for
    const char* const what = fs::is_directory(path, ec) ? "a folder" : "no regular one";
    return cannot(Code::kUnreadable,
                  fmt::format("a workflow is a file, and {} is {}", printable(wanted.string(), kShownBytes), what), "");
  }
  return WorkflowPlace{path.string(), shown_path(wanted)};
}

Result<WorkflowPlace> WorkflowFiles::by_name(std::string_view name) {
  if (!is_saved_name(name)) {
    return cannot(Code::kInvalidValue,
                  fmt::format("\"{}\" is no name of a saved workflow", printable(name, kShownBytes)),
                  "A name has letters, digits, \"_\", \"-\" and \".\". For a file use workflow_ref.");
  }
  if (home_.empty()) {
    return cannot(Code::kUnreadable, "there is no home folder, and so no saved workflows",
                  "Set PFLOW_HOME, or use workflow_ref.");
  }
  const fs::path folder = home_ / "workflows";
  const fs::path wanted = folder / fmt::format("{}{}", name, kSuffix);
  std::error_code ec;
  const fs::path path = fs::canonical(wanted, ec);
  if (!ec && fs::is_regular_file(path, ec)) return WorkflowPlace{path.string(), shown_path(wanted)};
  const std::vector<std::string> names = saved_names(folder);
  return cannot(Code::kUnreadable, fmt::format("there is no saved workflow \"{}\"", name),
                fmt::format("{} They are in {}.",
                            did_you_mean(name, std::vector<std::string_view>(names.begin(), names.end()), "Saved"),
                            folder.string()));
}

std::optional<ir::Workflow> WorkflowFiles::read(const WorkflowPlace& place, Problems& problems) {
  Result<std::string> text = read_file(place.path, ir::kMaxDocumentBytes);
  if (!text) {
    Error e = std::move(text).error();
    e.where = place.name;
    problems.push_back(std::move(e));
    return std::nullopt;
  }
  std::optional<ir::Workflow> workflow = ir::parse_workflow(*text, place.name, problems);
  if (workflow) add_written(*workflow, redactor_);
  return workflow;
}

}  // namespace pflow::host
