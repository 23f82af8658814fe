#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/trace/trace_document.hpp"
#include "core/trace/trace_event.hpp"
#include "core/trace/trace_repair.hpp"
#include "host/cli/amounts.hpp"
#include "host/cli/session.hpp"
#include "host/cli/trace_files.hpp"
#include "host/cli/trace_list.hpp"
#include "host/cli/trace_tree.hpp"
#include "host/cli/usage_error.hpp"
#include "host/files/file_content.hpp"
#include "host/instrument/trace_file.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;

struct NamedText {
  fs::path path;
  std::string text;
};

Result<NamedText> read_named(const std::string& word) {
  Result<fs::path> path = find_trace(word, trace_folder());
  if (!path) return std::move(path).error();
  Result<std::string> text = read_file(path->string(), kMaxTraceBytes);
  if (!text) return std::move(text).error();
  return NamedText{*std::move(path), *std::move(text)};
}

Value path_value(const fs::path& path) {
  const std::string text = path.string();
  return Value::string(printable(text, text.size() * 3));
}

ExitCode list(Session& session) {
  const fs::path folder = trace_folder();
  const Result<std::vector<TraceFileEntry>> files = trace_files(folder);
  if (!files) return session.refuse({files.error()}, {});
  std::vector<TraceSummary> rows;
  for (const TraceFileEntry& file : *files)
    rows.push_back(summary_of(file));
  if (session.json()) return session.print(to_json(summaries_value(rows)) + "\n");
  if (rows.empty()) {
    session.console().note(fmt::format("No traces in {}. Make one: pflow-host run WORKFLOW --trace", folder.string()));
  }
  const ExitCode shown = session.show(summaries_text(rows));
  const auto torn = std::find_if(rows.begin(), rows.end(), [](const TraceSummary& s) { return s.status == "torn"; });
  if (torn != rows.end()) session.console().note("To mend a torn one: pflow-host trace repair " + torn->name);
  return shown;
}

bool chosen(const TraceEvent& event, const Options& options) {
  return (!options.trace_node || event.node_id == *options.trace_node) &&
         (!options.trace_event || event.seq == options.trace_event);
}

// Nothing was chosen: why.
Error no_such_event(const std::vector<TraceEvent>& events, const Options& options, const fs::path& path) {
  std::vector<std::string_view> nodes;
  std::uint64_t last = 0;
  bool node_ran = false;
  for (const TraceEvent& e : events) {
    last = std::max(last, e.seq.value_or(0));
    node_ran = node_ran || (options.trace_node && e.node_id == *options.trace_node);
    if (e.readable) nodes.push_back(e.node_id);
  }
  std::sort(nodes.begin(), nodes.end());
  nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
  Error e{.code = Code::kUnknownNode, .where = path.string()};
  if (options.trace_node && !node_ran) {
    e.message = fmt::format("the trace has no event of a node \"{}\"", *options.trace_node);
    e.hint = did_you_mean(*options.trace_node, nodes, "Nodes that ran");
    return e;
  }
  e.message = fmt::format("the trace has no event {}", *options.trace_event);
  if (node_ran) e.message += fmt::format(" of node \"{}\"", *options.trace_node);
  e.hint = last == 0 ? "It has none." : fmt::format("Its events are 1 to {}.", last);
  return e;
}

// One after the other: all of them together can be many times the file.
ExitCode show_events(Session& session, TraceDocument& document, const fs::path& path) {
  const std::vector<TraceEvent> events = events_of(document);
  const JsonStyle style = session.json() ? JsonStyle::kCompact : JsonStyle::kIndented;
  std::size_t shown = 0;
  std::size_t unresolved = 0;
  std::string first_unresolved;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!chosen(events[i], session.options())) continue;
    Expansion event = document.expand(document.events()[i]);
    if (unresolved == 0) first_unresolved = std::move(event.first_unresolved);
    unresolved += event.unresolved;
    std::string text = session.json() ? (shown == 0 ? "[" : ",") : "";
    write_json(event.value, text, style);
    if (!session.json()) text += '\n';
    ++shown;
    const ExitCode code = session.json() ? session.print(text) : session.show(text);
    if (code != ExitCode::kSuccess) return code;
  }
  if (shown == 0) return session.refuse({no_such_event(events, session.options(), path)}, {});
  if (unresolved != 0) {
    session.console().warning(fmt::format("{} could not be filled in and {} marked \"$unresolved\"; the first: {}",
                                          counted_text(unresolved, "reference"), unresolved == 1 ? "is" : "are",
                                          first_unresolved));
  }
  return session.json() ? session.print("]\n") : ExitCode::kSuccess;
}

ExitCode show(Session& session) {
  Result<NamedText> named = read_named(session.options().words[1]);
  if (!named) return session.refuse({named.error()}, {});
  Result<TraceDocument> document = TraceDocument::read(named->text, named->path.string());
  std::string().swap(named->text);  // the document is several times as large
  if (!document) return session.refuse({document.error()}, {});
  const std::string path = named->path.string();
  if (session.options().trace_node || session.options().trace_event) {
    return show_events(session, *document, named->path);
  }
  if (session.json()) return session.print(to_json(trace_summary(*document, path)) + "\n");
  const TextColor color = session.console().result_color() ? TextColor::kTerminal : TextColor::kNone;
  return session.print(trace_tree(*document, path, color));  // it has made its parts harmless
}

ExitCode repair(Session& session) {
  Result<NamedText> named = read_named(session.options().words[1]);
  if (!named) return session.refuse({named.error()}, {});
  std::error_code ec;
  const fs::path real = fs::canonical(named->path, ec);  // a link stays one
  const fs::path& path = ec ? named->path : real;
  // A run may be killed between making its file and writing to it: the name alone says that it is a trace.
  const auto own_name = parse_trace_name(path.filename().string());
  if (named->text.empty() && own_name && !own_name->planner) named->text = kEmptyTrace;
  const Result<TraceRepair> mended = repair_trace(named->text, named->path.string());
  if (!mended) return session.refuse({mended.error()}, {});
  if (mended->changed) {
    if (const Result<void> written = replace_file(path, mended->text); !written) {
      return session.refuse({written.error()}, {});
    }
    std::string told = fmt::format("Mended: {} kept", counted_text(mended->events, "event"));
    if (mended->lost != 0) told += fmt::format(", {} lost", grouped_text(mended->lost));
    session.console().note(told + ".");
  }
  if (!session.json()) return session.print(named->path.string() + "\n");
  ObjectBuilder line;
  line.add("path", path_value(named->path));
  line.add("changed", Value::boolean(mended->changed));
  line.add("events", Value::integer(std::uint64_t{mended->events}));
  line.add("lost", Value::integer(std::uint64_t{mended->lost}));
  return session.print(to_json(line.finish()) + "\n");
}

ExitCode prune(Session& session) {
  if (!session.options().trace_keep) {
    return session.refuse({usage_error("\"trace prune\" needs --keep N: how many of the newest traces stay",
                                       "Try: pflow-host trace prune --keep 20.")},
                          {});
  }
  const Result<std::vector<TraceFileEntry>> files = trace_files(trace_folder());
  if (!files) return session.refuse({files.error()}, {});
  Problems problems;
  std::vector<Value> removed;
  std::string text;
  std::uint64_t kept = 0;
  for (const TraceFileEntry& file : *files) {
    if (!file.parsed || file.is_link) continue;
    if (kept < *session.options().trace_keep || is_being_written(file.path)) {
      ++kept;
      continue;
    }
    std::error_code ec;
    fs::remove(file.path, ec);
    if (ec) {
      problems.push_back({.code = Code::kIo,
                          .message = fmt::format("cannot remove the trace: {}", ec.message()),
                          .where = file.path.string()});
      continue;
    }
    removed.push_back(path_value(file.path));
    text += file.path.string() + "\n";
  }
  if (!problems.empty() && session.json()) return session.refuse(std::move(problems), {});
  for (const Error& e : problems)
    session.console().error(e);
  if (session.json()) {
    ObjectBuilder line;
    line.add("removed", Value::array(removed));
    line.add("kept", Value::integer(kept));
    return session.print(to_json(line.finish()) + "\n");
  }
  session.console().note(
      fmt::format("Removed {}, kept {}.", counted_text(removed.size(), "trace"), grouped_text(kept)));
  const ExitCode printed = session.show(text);
  return problems.empty() ? printed : ExitCode::kRunFailed;
}

enum class TakesFile : unsigned char { kNo, kYes };

struct Row {
  std::string_view name;
  ExitCode (*command)(Session&);
  TakesFile takes_file;
};

constexpr Row kRows[] = {
    {"list", list, TakesFile::kNo},
    {"show", show, TakesFile::kYes},
    {"repair", repair, TakesFile::kYes},
    {"prune", prune, TakesFile::kNo},
};

// What is wrong with the words and options for `row`, if anything.
std::optional<Error> misuse(const Row& row, const Options& options) {
  const std::string name = fmt::format("\"trace {}\"", row.name);
  if (row.takes_file == TakesFile::kNo && options.words.size() > 1) {
    return usage_error(name + " takes no further words");
  }
  if (row.takes_file == TakesFile::kYes && options.words.size() < 2) {
    return usage_error(name + " needs a trace", fmt::format("Try: pflow-host trace {} latest.", row.name));
  }
  if (options.words.size() > 2) return usage_error(name + " takes one trace at a time");
  if (options.trace_node && row.name != "show") return usage_error(name + " has no option --node");
  if (options.trace_event && row.name != "show") return usage_error(name + " has no option --event");
  if (options.trace_keep && row.name != "prune") return usage_error(name + " has no option --keep");
  return std::nullopt;
}

}  // namespace

ExitCode trace_command(Session& session) {
  const Options& options = session.options();
  std::vector<std::string_view> names;
  for (const Row& row : kRows) {
    names.push_back(row.name);
    if (options.words.empty() || row.name != options.words.front()) continue;
    if (std::optional<Error> wrong = misuse(row, options)) return session.refuse({*std::move(wrong)}, {});
    return row.command(session);
  }
  if (options.words.empty()) {
    return session.refuse(
        {usage_error("\"trace\" needs to know what to do", "Try: pflow-host trace list, or show, repair, prune.")}, {});
  }
  const std::string& word = options.words.front();
  return session.refuse(
      {usage_error(fmt::format("\"trace\" cannot \"{}\"", word), did_you_mean(word, names, "It can"))}, {});
}

}  // namespace pflow::host
