#include "host/cli/trace_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <vector>

#include "core/base/object_builder.hpp"
#include "core/base/utf8.hpp"
#include "core/trace/trace_event.hpp"
#include "core/trace/trace_members.hpp"
#include "core/trace/value_facts.hpp"
#include "host/cli/amounts.hpp"
#include "host/cli/console.hpp"
#include "host/cli/text_table.hpp"
#include "host/cli/trace_list.hpp"

namespace pflow::host {
namespace {

constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::size_t kShownName = 60;
constexpr std::size_t kShownMessage = 400;
constexpr std::size_t kMaxIndent = 20;
constexpr double kBar = 10;  // characters

struct Line {
  std::size_t event;
  std::size_t level;
};

// Events in the order of the file, each followed by those that belong to it. A file whose parents go in a circle, or
// are not there, has them at the top.
std::vector<Line> in_tree_order(const std::vector<TraceEvent>& events) {
  constexpr std::size_t kTop = static_cast<std::size_t>(-1);
  std::unordered_map<std::uint64_t, std::size_t> by_seq;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].seq) by_seq.emplace(*events[i].seq, i);
  }
  std::vector<std::vector<std::size_t>> children(events.size());
  std::vector<std::size_t> tops;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto parent = events[i].parent ? by_seq.find(*events[i].parent) : by_seq.end();
    const std::size_t above = parent == by_seq.end() || parent->second == i ? kTop : parent->second;
    above == kTop ? tops.push_back(i) : children[above].push_back(i);
  }
  std::vector<Line> lines;
  std::vector<bool> placed(events.size(), false);
  const auto place = [&](std::size_t top) {
    std::vector<Line> waiting{{top, 0}};
    while (!waiting.empty()) {
      const Line next = waiting.back();
      waiting.pop_back();
      if (placed[next.event]) continue;
      placed[next.event] = true;
      lines.push_back(next);
      for (auto child = children[next.event].rbegin(); child != children[next.event].rend(); ++child)
        waiting.push_back({*child, next.level + 1});
    }
  };
  for (const std::size_t top : tops)
    place(top);
  for (std::size_t i = 0; i < events.size(); ++i)
    place(i);
  return lines;
}

std::string bar(const TraceEvent& e, const std::optional<double>& whole_ms) {
  if (!e.duration_ms || !whole_ms || *whole_ms <= 0) return {};
  const double share = std::clamp(*e.duration_ms / *whole_ms, 0.0, 1.0);
  return std::string(static_cast<std::size_t>(std::lround(share * kBar)), '#');
}

std::string notes(const TraceEvent& e) {
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (e.batch_index) add(fmt::format("item {}", *e.batch_index));
  if (e.visit > 1) add(fmt::format("visit {}", e.visit));
  if (e.attempt > 1) add(fmt::format("attempt {}", e.attempt));
  const bool telling = !e.action.empty() && e.action != "default" && e.action != "error";
  if (telling) add(fmt::format("-> {}", one_line(e.action, kShownName)));
  return text;
}

std::string error_line(const TraceEvent& e) {
  const std::string_view code = trace::text_in(e.error, trace::kCode);
  const std::string_view message = trace::text_in(e.error, trace::kMessage);
  if (message.empty() && code.empty()) return {};
  return one_line(fmt::format("{}{}{}", code, code.empty() || message.empty() ? "" : ": ", message), kShownMessage);
}

TableRow row_of(const TraceEvent& e, std::size_t level, const TraceFacts& facts, TextColor color) {
  const std::string indent(std::min(level, kMaxIndent) * 2, ' ');
  TableRow row;
  if (!e.readable) {
    row.cells = {"LOST", indent + "(this event could not be read)"};
    return row;
  }
  if (color == TextColor::kTerminal) row.color = e.success ? kGreen : kRed;
  std::string cost;
  if (e.llm.calls != 0) cost = money_text(e.llm.cost_usd()) + (e.llm.cost_incomplete ? "?" : "");
  row.cells = {e.success ? "ok" : "FAIL",
               indent + one_line(e.node_id, kShownName),
               one_line(e.node_type, kShownName),
               e.duration_ms ? duration_text(*e.duration_ms) : "",
               bar(e, facts.duration_ms),
               e.llm.calls != 0 ? grouped_text(e.llm.total_tokens()) : "",
               cost,
               notes(e)};
  if (const std::string error = error_line(e); !error.empty()) row.below = "        " + indent + error + "\n";
  return row;
}

std::string header(const TraceFacts& facts, const LlmTotals& llm, std::size_t events, std::string_view path) {
  const auto shown = [](std::string_view text) { return one_line(text, kShownName); };
  std::string title = shown(facts.workflow_name.empty() ? facts.workflow_id : facts.workflow_name);
  if (title.empty()) title = "(no name)";
  if (!facts.workflow_id.empty() && facts.workflow_id != facts.workflow_name) {
    title += facts.workflow_name.empty() ? "" : " (" + shown(facts.workflow_id) + ")";
  }
  std::string text = title + "\n";
  const auto line = [&text](std::string_view name, std::string_view value) {
    text += fmt::format("  {:<8}{}\n", name, value);
  };
  const std::string when = plain_time(facts.start_time);
  if (!facts.start_time.empty()) line("when", when.empty() ? shown(facts.start_time) : when);
  line("status",
       facts.final_status.empty() ? "unfinished: the run was killed, or is still running" : shown(facts.final_status));
  if (facts.duration_ms) line("time", duration_text(*facts.duration_ms));
  std::string nodes;
  if (facts.nodes_executed) nodes = fmt::format("{} run, ", grouped_text(*facts.nodes_executed));
  if (facts.nodes_failed) nodes += fmt::format("{} failed, ", grouped_text(*facts.nodes_failed));
  line("nodes", nodes + counted_text(events, "event"));
  if (llm.calls == 0) {
    line("LLM", "no calls");
  } else {
    std::string models;
    for (const std::string& model : llm.models)
      models += (models.empty() ? ": " : ", ") + shown(model);
    line("LLM", fmt::format("{}, {} + {} tokens, {}{}{}", counted_text(llm.calls, "call"),
                            grouped_text(llm.input_tokens), grouped_text(llm.output_tokens), money_text(llm.cost_usd()),
                            llm.cost_incomplete ? " (incomplete)" : "", one_line(models, 200)));
  }
  line("file", harmless(path));
  return text;
}

// What the run counted itself goes before what its events keep, of which there may be less.
LlmTotals totals_of(const TraceFacts& facts, const std::vector<TraceEvent>& events) {
  LlmTotals llm;
  for (const TraceEvent& e : events)
    llm.add(e.llm);
  if (!facts.calls) return llm;
  llm.calls = *facts.calls;
  llm.input_tokens = facts.input_tokens.value_or(0);
  llm.output_tokens = facts.output_tokens.value_or(0);
  llm.cost_nano_usd = std::llround(std::clamp(facts.cost_usd.value_or(0), 0.0, 9e9) * 1e9);
  llm.cost_incomplete = facts.cost_incomplete;
  return llm;
}

Value event_value(TraceDocument& document, const Value& written, const TraceEvent& e) {
  using namespace trace;
  ObjectBuilder m;
  if (!e.readable)
    return m.add(kSeq, e.seq ? Value::integer(*e.seq) : Value()).add(kUnreadable, Value::boolean(true)).finish();
  for (const std::string_view name : {kSeq, kNodeId, kNodeType, kStartMs, kDurationMs, kSuccess, kAction, kError,
                                      kAttempt, kVisit, kBatchIndex, kParent}) {
    const Value* v = written.find(name);
    m.add(name, v == nullptr ? Value() : document.expand(*v).value);
  }
  m.add("llm", e.llm.calls == 0 ? Value() : e.llm.summary());
  return m.finish();
}

}  // namespace

std::string trace_tree(TraceDocument& document, std::string_view path, TextColor color) {
  const TraceFacts facts = document.facts();
  const std::vector<TraceEvent> events = events_of(document);
  const std::vector<TableColumn> columns{{""},      {"NODE"},         {"TYPE"},       {"TIME", true},
                                         {"SHARE"}, {"TOKENS", true}, {"COST", true}, {""}};
  std::vector<TableRow> rows;
  rows.reserve(events.size());
  for (const Line& line : in_tree_order(events))
    rows.push_back(row_of(events[line.event], line.level, facts, color));
  const std::string text = header(facts, totals_of(facts, events), events.size(), path);
  return rows.empty() ? text : text + "\n" + text_table(columns, rows);
}

Value trace_summary(TraceDocument& document, std::string_view path) {
  using namespace trace;
  const std::vector<TraceEvent> events = events_of(document);
  ObjectBuilder m;
  m.add("path", printable(path, path.size() * 3));
  for (const std::string_view name :
       {kFormatVersion, kExecutionId, kWorkflowId, kWorkflowName, kStartTime, kEndTime, kDurationMs, kFinalStatus,
        kNodesExecuted, kNodesFailed, kLlmSummary, kRedactions, kTruncations}) {
    const Value* v = document.root().find(name);
    m.add(name, v == nullptr ? Value() : document.expand(*v).value);
  }
  std::vector<Value> list;
  list.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i)
    list.push_back(event_value(document, document.events()[i], events[i]));
  m.add("events", Value::array(list));
  return m.finish();
}

}  // namespace pflow::host
