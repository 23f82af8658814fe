#include "core/trace/trace_event.hpp"

#include "core/trace/trace_members.hpp"
#include "core/trace/value_facts.hpp"

namespace pflow {

using namespace trace;

TraceEvent::TraceEvent(TraceDocument& document, const Value& written)
    : seq(count_in(written, kSeq)),
      node_id(text_in(written, kNodeId)),
      node_type(text_in(written, kNodeType)),
      start_ms(number_in(written, kStartMs)),
      duration_ms(number_in(written, kDurationMs)),
      success(flag_in(written, kSuccess)),
      action(text_in(written, kAction)),
      attempt(count_in(written, kAttempt).value_or(1)),
      visit(count_in(written, kVisit).value_or(1)),
      batch_index(count_in(written, kBatchIndex)),
      parent(count_in(written, kParent)) {
  readable = !node_id.empty();
  if (const Value* e = written.find(kError)) error = document.expand(*e).value;
  if (const Value* call = written.find(kLlmCall)) llm.add(document.expand(*call).value);
}

std::vector<TraceEvent> events_of(TraceDocument& document) {
  std::vector<TraceEvent> events;
  events.reserve(document.events().size());
  for (const Value& written : document.events())
    events.emplace_back(document, written);
  return events;
}

}  // namespace pflow
