#include "host/cli/trace_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>
#include <tuple>

#include "core/base/suggest.hpp"
#include "host/cli/environment.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnd = ".json";

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

bool take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(count), digit)) return false;
  text.remove_prefix(count);
  return true;
}

bool newer(const TraceFileEntry& a, const TraceFileEntry& b) {
  if (!a.parsed || !b.parsed)
    return a.parsed.has_value() != b.parsed.has_value() ? a.parsed.has_value() : a.name < b.name;
  return std::tie(a.parsed->stamp, a.parsed->number, a.name) > std::tie(b.parsed->stamp, b.parsed->number, b.name);
}

Error unreadable(std::string message, const fs::path& where, std::string hint = "") {
  return {.code = Code::kUnreadable, .message = std::move(message), .where = where.string(), .hint = std::move(hint)};
}

}  // namespace

std::string TraceFileName::when() const {
  const std::string_view s = stamp;
  return fmt::format("{}-{}-{} {}:{}:{}", s.substr(0, 4), s.substr(4, 2), s.substr(6, 2), s.substr(9, 2),
                     s.substr(11, 2), s.substr(13, 2));
}

std::optional<TraceFileName> parse_trace_name(std::string_view name) {
  constexpr std::size_t kDate = 8;
  constexpr std::size_t kTime = 6;
  TraceFileName parsed;
  if (!take(name, "pflow-trace-")) return std::nullopt;
  parsed.planner = name.starts_with("planner");
  if (!take(name, parsed.planner ? "planner-" : "workflow-")) return std::nullopt;
  parsed.stamp = name.substr(0, kDate + 1 + kTime);
  if (!take_digits(name, kDate) || !take(name, "-") || !take_digits(name, kTime)) return std::nullopt;
  if (take(name, "-")) {
    const auto [end, ec] = std::from_chars(name.data(), name.data() + name.size(), parsed.number);
    if (ec != std::errc() || parsed.number < 2 || name.front() == '0') return std::nullopt;
    name.remove_prefix(static_cast<std::size_t>(end - name.data()));
  }
  if (name != kEnd) return std::nullopt;
  return parsed;
}

fs::path trace_folder() {
  if (!has_elevated_rights()) {
    if (const auto named = environment("PFLOW_DEBUG_DIR"); named && !named->empty()) return fs::absolute(*named);
  }
  const fs::path home = home_folder();
  return home.empty() ? home : home / "debug";
}

Result<std::vector<TraceFileEntry>> trace_files(const fs::path& folder) {
  std::vector<TraceFileEntry> found;
  std::error_code ec;
  if (folder.empty()) return found;
  fs::directory_iterator at(folder, ec);
  if (ec == std::errc::no_such_file_or_directory) return found;
  for (; !ec && at != fs::directory_iterator(); at.increment(ec)) {
    std::string name = at->path().filename().string();
    std::error_code gone;  // while we look
    if (!name.ends_with(kEnd) || !at->is_regular_file(gone)) continue;
    auto parsed = parse_trace_name(name);
    found.push_back({at->path(), std::move(name), std::move(parsed), at->is_symlink(gone)});
  }
  if (ec) return unreadable(fmt::format("cannot look for traces: {}", ec.message()), folder);
  std::sort(found.begin(), found.end(), newer);
  return found;
}

Result<fs::path> find_trace(const std::string& word, const fs::path& folder) {
  std::error_code ec;
  const bool bare = word.find('/') == std::string::npos;
  if (word != "latest") {
    std::vector<fs::path> places;
    if (bare && !folder.empty()) places = {folder / word, folder / (word + std::string(kEnd))};
    places.emplace_back(word);
    for (const fs::path& place : places) {
      const fs::file_status status = fs::status(place, ec);
      if (!fs::exists(status)) continue;
      if (fs::is_directory(status)) return unreadable("it is a folder, not a trace", place);
      if (!fs::is_regular_file(status)) return unreadable("it is no regular file", place);
      return place;
    }
  }
  const Result<std::vector<TraceFileEntry>> files = trace_files(folder);
  if (!files) return files.error();
  std::vector<std::string_view> names;
  for (const TraceFileEntry& file : *files) {
    if (word == "latest" && file.parsed && !file.parsed->planner) return file.path;
    names.emplace_back(file.name);
  }
  if (word == "latest") {
    return unreadable("there is no trace of a workflow yet", folder, "Make one: pflow-host run WORKFLOW --trace");
  }
  return unreadable("there is no such trace", word,
                    names.empty() ? fmt::format("There are none in {}.", folder.string())
                                  : did_you_mean(word, names, "Traces in " + folder.string()));
}

}  // namespace pflow::host
