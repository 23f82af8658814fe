#include "core/trace/trace_repair.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "core/trace/salvaged_events.hpp"
#include "core/trace/trace_document.hpp"
#include "core/trace/trace_event.hpp"
#include "core/trace/trace_members.hpp"
#include "core/trace/trace_scan.hpp"

namespace pflow {

using namespace trace;

namespace {

struct Kept {
  std::string name;
  std::string_view value;  // as written
};

std::string object_of(const std::vector<Kept>& members) {
  std::string text = "{";
  for (const Kept& m : members) {
    if (text.size() > 1) text += ',';
    write_json_string(m.name, text);
    text += ':';
    text += m.value;
  }
  return text += '}';
}

// Those that are JSON and whose names are not in `seen`, to which they are added.
std::vector<Kept> readable(const std::vector<TraceScan::Member>& members, std::set<std::string, std::less<>>& seen) {
  std::vector<Kept> good;
  for (const TraceScan::Member& m : members) {
    const Result<Value> name = read_json(m.name, "name");
    const Result<Value> value = read_json(m.value, "value", {.max_depth = kMaxTraceDepth - 1});
    if (name && value && seen.emplace(name->text()).second) good.push_back({std::string(name->text()), m.value});
  }
  return good;
}

// The root without its last bracket.
std::string opened(const std::vector<Kept>& head, const std::vector<std::string_view>& events,
                   std::size_t about_bytes) {
  std::string text;
  text.reserve(about_bytes);
  text = object_of(head);
  text.pop_back();
  if (!head.empty()) text += ',';
  write_json_string(kNodes, text);
  text += ":[";
  for (std::size_t i = 0; i < events.size(); ++i) {
    text += i == 0 ? "\n" : ",\n";
    if (events[i].empty()) {
      ObjectBuilder lost;
      lost.add(kSeq, Value::integer(std::uint64_t{i + 1})).add(kUnreadable, Value::boolean(true));
      write_json(lost.finish(), text);
    } else {
      text += events[i];
    }
  }
  return text += "\n]";
}

// What a run that came to its end would have said, as far as its events tell.
std::vector<std::pair<std::string_view, Value>> counted(TraceDocument& document, TraceRepair& repair) {
  LlmTotals llm;
  std::map<std::string_view, bool> nodes;  // failed at least once
  double end_ms = 0;
  for (const TraceEvent& e : events_of(document)) {
    if (!e.readable) continue;
    ++repair.events;
    bool& failed = nodes[e.node_id];
    failed = failed || !e.success;
    end_ms = std::max(end_ms, e.start_ms.value_or(0) + e.duration_ms.value_or(0));
    llm.add(e.llm);
  }
  const auto failed = std::count_if(nodes.begin(), nodes.end(), [](const auto& n) { return n.second; });
  return {{kEndTime, Value()},
          {kDurationMs, Value::number(std::min(end_ms, 1e15))},
          {kFinalStatus, Value::string("unknown")},
          {kNodesExecuted, Value::integer(std::uint64_t{nodes.size()})},
          {kNodesFailed, Value::integer(std::int64_t{failed})},
          {kLlmSummary, llm.summary()},
          {kRedactions, Value()},
          {kTruncations, Value()}};
}

void append_tail(const std::vector<Kept>& tail, const std::vector<std::pair<std::string_view, Value>>& counts,
                 std::string& text) {
  const auto begin = [&text](std::string_view name) {
    text += ',';
    write_json_string(name, text);
    text += ':';
  };
  std::set<std::string_view> told;
  for (const auto& [name, count] : counts) {
    const std::string_view wanted = name;
    begin(name);
    told.insert(name);
    const auto kept = std::find_if(tail.begin(), tail.end(), [wanted](const Kept& m) { return m.name == wanted; });
    if (kept != tail.end()) {
      text += kept->value;
    } else {
      write_json(count, text);
    }
  }
  for (const Kept& m : tail) {
    if (told.contains(m.name)) continue;
    begin(m.name);
    text += m.value;
  }
  text += "}\n";
}

}  // namespace

Result<TraceRepair> repair_trace(std::string_view text, std::string_view name) {
  Result<TraceDocument> whole = TraceDocument::read(text, name);
  if (whole) return TraceRepair{.changed = false, .text = {}, .events = whole->events().size(), .lost = 0};
  const Code code = whole.error().code;
  if (code != Code::kInvalidJson && code != Code::kTooDeep && code != Code::kDuplicateKey) return whole.error();

  TraceScan scan = scan_trace(text);
  std::set<std::string, std::less<>> names{std::string(kNodes)};
  const std::vector<Kept> head = readable(scan.head, names);
  const Result<Value> root = read_json(object_of(head), name, {.max_depth = kMaxTraceDepth});
  if (!root || head.empty()) {
    return Error{.code = Code::kInvalidJson,
                 .message = "this is no trace: it does not begin as one",
                 .where = std::string(name),
                 .hint = "Traces are written by pflow-host run WORKFLOW --trace."};
  }
  if (Result<void> good = check_trace_format(*root, name); !good) return std::move(good).error();

  const std::size_t about_bytes = text.size() + 1024;
  const auto all_objects = [](const std::vector<std::string_view>& events) {
    return std::all_of(events.begin(), events.end(), [](std::string_view e) { return e.starts_with('{'); });
  };
  std::string mended;
  std::size_t lost = 0;
  // First as if the end were torn off and nothing else was wrong; then event by event.
  for (const bool damaged_inside : {false, true}) {
    if (!damaged_inside && !all_objects(scan.events)) continue;
    SalvagedEvents salvaged;
    if (damaged_inside) {
      salvaged.add_suspects(scan.events);
    } else {
      salvaged.add_good(scan.events);
    }
    salvaged.add_lines(scan.rest, scan);
    lost = salvaged.lost();
    mended = opened(head, salvaged.places(), about_bytes) + '}';
    whole = TraceDocument::read(mended, name);
    if (whole) break;
  }
  if (!whole) return whole.error();
  mended.pop_back();
  TraceRepair repair{.changed = true, .text = {}, .events = 0, .lost = lost};
  auto counts = counted(*whole, repair);
  std::erase_if(counts, [&](const auto& count) { return root->find(count.first) != nullptr; });
  append_tail(readable(scan.tail, names), counts, mended);
  repair.text = std::move(mended);
  return repair;
}

}  // namespace pflow
