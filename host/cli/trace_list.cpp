#include "host/cli/trace_list.hpp"

#include "core/base/object_builder.hpp"
#include "core/base/utf8.hpp"
#include "core/trace/trace_document.hpp"
#include "core/trace/trace_overview.hpp"
#include "core/trace/value_facts.hpp"
#include "host/cli/amounts.hpp"
#include "host/cli/text_table.hpp"
#include "host/files/file_content.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kShownCell = 40;

void fill_in(const TraceOverview& overview, TraceSummary& row) {
  const TraceFacts facts(overview.root);
  if (const std::string when = plain_time(facts.start_time); !when.empty()) row.when = when;
  row.workflow = facts.workflow_name.empty() ? facts.workflow_id : facts.workflow_name;
  row.duration_ms = facts.duration_ms;
  row.nodes = facts.nodes_executed;
  row.events = overview.events;
  row.tokens = facts.total_tokens;
  row.cost_usd = facts.cost_usd;
  row.cost_incomplete = facts.cost_incomplete;
  row.status = overview.torn ? "torn" : facts.final_status.empty() ? "unfinished" : std::string(facts.final_status);
}

template <typename Number, typename Text>
std::string cell(const std::optional<Number>& number, Text&& text) {
  return number ? text(*number) : std::string();
}

template <typename Number>
Value value_or_null(const std::optional<Number>& number) {
  if (!number) return {};
  if constexpr (std::is_same_v<Number, double>) {
    return Value::number(*number);
  } else {
    return Value::integer(*number);
  }
}

}  // namespace

std::string plain_time(std::string_view iso) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (iso.size() < kShape.size()) return {};
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = iso[i] >= '0' && iso[i] <= '9';
    if (kShape[i] == 'd' ? !digit : iso[i] != kShape[i]) return {};
  }
  std::string text(iso.substr(0, kShape.size()));
  text[kShape.find('T')] = ' ';
  return text;
}

TraceSummary summary_of(const TraceFileEntry& file) {
  TraceSummary row;
  row.name = file.name;
  row.path = file.path.string();
  if (file.parsed) row.when = file.parsed->when();
  const Result<std::string> text = read_file(row.path, kMaxTraceBytes);
  if (!text) {
    row.status = "unreadable";
    row.problem = text.error().message;
    return row;
  }
  const Result<TraceOverview> overview = trace_overview(*text, row.name);
  if (overview && file.parsed && file.parsed->planner) {  // its file has other members
    fill_in(*overview, row);
    row.events.reset();
    if (row.workflow.empty()) row.workflow = "(planner)";
    const std::string_view status = trace::text_in(overview->root, "status");
    if (!status.empty() && !overview->torn) row.status = status;
    return row;
  }
  if (const Result<void> good = overview ? check_trace_format(overview->root, row.name) : overview.error(); !good) {
    // A run that was killed before it wrote anything.
    row.status = file.parsed && text->empty() ? "torn" : "no trace";
    row.problem = text->empty() ? "the file is empty" : good.error().message;
    return row;
  }
  fill_in(*overview, row);
  return row;
}

std::string summaries_text(const std::vector<TraceSummary>& list) {
  const std::vector<TableColumn> columns{{"FILE"},       {"WHEN"},        {"WORKFLOW"},     {"STATUS"},
                                         {"TIME", true}, {"NODES", true}, {"TOKENS", true}, {"COST", true}};
  std::vector<TableRow> rows;
  for (const TraceSummary& s : list) {
    std::string cost = cell(s.cost_usd, money_text);
    if (s.cost_incomplete && !cost.empty()) cost += "?";
    rows.push_back({.cells = {one_line(s.name, 200), s.when, one_line(s.workflow, kShownCell),
                              one_line(s.status, kShownCell), cell(s.duration_ms, duration_text),
                              cell(s.nodes, grouped_text), cell(s.tokens, grouped_text), std::move(cost)}});
  }
  return text_table(columns, rows);
}

Value summaries_value(const std::vector<TraceSummary>& list) {
  std::vector<Value> rows;
  for (const TraceSummary& s : list) {
    ObjectBuilder row;
    row.add("file", printable(s.name, s.name.size() * 3));  // a file may have any name
    row.add("path", printable(s.path, s.path.size() * 3));
    row.add("when", text_or_null(s.when));
    row.add("workflow", text_or_null(s.workflow));
    row.add("status", s.status);
    row.add("problem", text_or_null(s.problem));
    row.add("duration_ms", value_or_null(s.duration_ms));
    row.add("nodes", value_or_null(s.nodes));
    row.add("events", value_or_null(s.events));
    row.add("tokens", value_or_null(s.tokens));
    row.add("cost_usd", value_or_null(s.cost_usd));
    row.add("cost_incomplete", Value::boolean(s.cost_incomplete));
    rows.push_back(row.finish());
  }
  return Value::array(rows);
}

}  // namespace pflow::host
