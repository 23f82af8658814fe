#include "core/trace/workflow_trace.hpp"

#include <algorithm>
#include <new>
#include <stdexcept>
#include <unordered_map>

#include "core/base/json_pointer.hpp"
#include "core/trace/event_facts.hpp"
#include "core/trace/event_logs.hpp"
#include "core/trace/named_secret.hpp"
#include "core/trace/store_shadow.hpp"
#include "core/trace/trace_places.hpp"
#include "core/trace/trace_text.hpp"
#include "core/trace/value_measure.hpp"

namespace pflow {
namespace {

constexpr std::string_view kClosing = "\n]}\n";                           // after the last event so far
constexpr std::uint64_t kFullSnapshotBytes = std::uint64_t{1024} * 1024;  // of the file
constexpr std::size_t kKeptCapacity = std::size_t{1024} * 1024;           // of the buffer, between events

}  // namespace

class WorkflowTraceCollector::Impl {
 public:
  Impl(TraceSink& sink, Redactor& redactor, TraceLimits limits, bool namespaced)
      : sink_(sink),
        limits_(limits),
        namespaced_(namespaced),
        text_(redactor, places_, limits.store_max),
        own_(text_, places_) {}

  void begin(const TraceHeader& header, const SharedStore& store);
  void call_ended(const TraceCall& call, const SharedStore& store);
  void nested_over(std::uint64_t parent);
  void finish(const TraceEnd& end);
  void fail() noexcept;

  [[nodiscard]] bool writes() const noexcept { return state_ == State::kRunning; }

  [[nodiscard]] bool failed() const noexcept { return failed_; }

  [[nodiscard]] const TraceText& text() const noexcept { return text_; }

 private:
  enum class State : std::uint8_t { kNew, kRunning, kOver };

  // What the trace has of one store.
  struct Followed {
    Followed(TraceText& text, TracePlaces& places) noexcept : shadow(text, places) {}

    StoreShadow shadow;
    std::string after;  // the place of the last event's snapshot; empty: there was none
  };

  [[nodiscard]] Followed& followed(const TraceCall& call, const SharedStore& store);
  void send(std::string_view closing);
  void write_snapshots(const TraceCall& call, const SharedStore& store, Followed& of);
  void write_snapshot(std::string_view base, std::string_view place);
  [[nodiscard]] bool full_snapshot_fits(const StoreShadow& shadow) const noexcept;
  void write_resolutions(const TraceCall& call, const SharedStore& store, const StoreShadow& shadow);
  void write_template(const TraceResolution& r, bool is_secret);
  void write_params(const TraceCall& call);
  enum class Members : std::uint8_t { kPlaced, kAgain };
  /// The parameters one by one: as the event's own, or once more with another limit.
  void write_members(const TraceCall& call, std::size_t max_chars, Members members);
  void write_request(const TraceCall& call);
  void write_llm_call(const TraceCall& call);
  /// Writes `v` and notes where, for the rest of the event.
  template <typename Pointer>
  void write_placed(const Value& v, Pointer&& pointer);
  [[nodiscard]] static bool is_secret(const TraceCall& call, std::string_view param) noexcept;

  /// A place in the event that is being written.
  [[nodiscard]] std::string place(std::string_view member) const { return event_ + std::string(member); }

  static std::string escaped_step(std::string_view key);

  TraceSink& sink_;
  TraceLimits limits_;
  bool namespaced_;
  TracePlaces places_;
  TraceText text_;                                                       // borrows places_
  Followed own_;                                                         // the run's own store; borrows both
  std::unordered_map<std::uint64_t, std::unique_ptr<Followed>> nested_;  // by the parent's seq
  std::uint64_t offset_ = 0;                                             // in the file, of what closes it
  std::uint64_t events_ = 0;
  std::uint64_t llm_calls_ = 0;
  std::string event_;  // the place of the event that is being written, and of its snapshots
  std::string before_;
  State state_ = State::kNew;
  bool failed_ = false;
};

void WorkflowTraceCollector::Impl::fail() noexcept {
  failed_ = true;
  own_.shadow.clear();
  nested_.clear();
  places_.clear();
  text_.release_memory();
}

void WorkflowTraceCollector::Impl::send(std::string_view closing) {
  text_.raw(closing);
  if (!sink_.write_at(offset_, text_.out())) return fail();
  offset_ += text_.size() - closing.size();
  places_.end_event();
  if (text_.out().capacity() > kKeptCapacity) text_.release_memory();
}

void WorkflowTraceCollector::Impl::begin(const TraceHeader& header, const SharedStore& store) {
  if (state_ != State::kNew) return;
  state_ = State::kRunning;
  text_.start();
  text_.raw("{\"format\":\"pflow-trace\",\"format_version\":\"1.0.0\",\"kind\":\"workflow\",\"execution_id\":");
  text_.fact(header.execution_id).raw(",\"workflow_id\":").fact(header.workflow_id);
  text_.raw(",\"workflow_name\":").fact(header.workflow_name);
  text_.raw(",\"start_time\":").fact(header.start_time).raw(",\"host\":").fact(header.host);
  text_.raw(",\"plugins\":").fact(header.plugins);
  text_.raw(",\"inputs\":");
  own_.shadow.write_inputs(store, header.secret_inputs, "/inputs");
  text_.raw(",\"nodes\":[");
  send(kClosing);
}

void WorkflowTraceCollector::Impl::call_ended(const TraceCall& call, const SharedStore& store) {
  text_.start();
  text_.raw(events_ == 0 ? "\n" : ",\n");
  write_facts(call, call.seq != 0 ? call.seq : events_ + 1, text_);
  Followed& of = followed(call, store);
  write_snapshots(call, store, of);
  text_.raw(",\"template_resolutions\":");
  write_resolutions(call, store, of.shadow);
  text_.raw(",\"params\":");
  write_params(call);
  text_.raw(",\"llm_call\":");
  write_llm_call(call);
  text_.raw(",\"http_calls\":");
  write_http_calls(call.http, text_);
  text_.raw(",\"retries\":");
  write_retries(call.retries, text_);
  text_.raw(",\"logs\":");
  write_logs(call.logs, text_);
  text_.raw("}");
  ++events_;
  send(kClosing);
}

std::string WorkflowTraceCollector::Impl::escaped_step(std::string_view key) {
  std::string step;
  append_whole_step((key.starts_with('$') ? "$" : "") + json_escaped(key), step);
  return step;
}

WorkflowTraceCollector::Impl::Followed& WorkflowTraceCollector::Impl::followed(const TraceCall& call,
                                                                               const SharedStore& store) {
  if (!call.parent) return own_;
  const auto [at, is_new] = nested_.try_emplace(*call.parent);
  if (is_new) {
    at->second = std::make_unique<Followed>(text_, places_);
    at->second->shadow.take_inputs(store, store.names().secret_inputs);
  }
  return *at->second;
}

void WorkflowTraceCollector::Impl::nested_over(std::uint64_t parent) {
  const auto at = nested_.find(parent);
  if (at == nested_.end()) return;
  at->second->shadow.release();
  nested_.erase(at);
}

bool WorkflowTraceCollector::Impl::full_snapshot_fits(const StoreShadow& shadow) const noexcept {
  return offset_ + text_.size() + shadow.snapshot_bytes() <= kFullSnapshotBytes;
}

void WorkflowTraceCollector::Impl::write_snapshots(const TraceCall& call, const SharedStore& store, Followed& of) {
  StoreShadow& shadow = of.shadow;
  event_ = "/nodes/" + std::to_string(events_);
  before_.assign(event_).append("/shared_before");
  const std::string previous = of.after;
  of.after.assign(event_).append("/shared_after");
  text_.raw(",\"shared_before\":");
  if (previous.empty() || full_snapshot_fits(shadow)) {
    shadow.write_full(before_);
  } else {
    text_.reference(previous);
  }
  if (!(call.parent ? store.names().namespaced : namespaced_)) {
    shadow.update_root(store);
  } else {
    shadow.update_outputs(store, call.node);
  }
  text_.raw(",\"shared_after\":");
  if (full_snapshot_fits(shadow)) {
    shadow.write_full(of.after);
  } else if (shadow.changed()) {
    shadow.write_delta(before_, of.after);
  } else {
    text_.reference(before_);
  }
  text_.raw(",\"mutations\":");
  shadow.write_mutations();
}

bool WorkflowTraceCollector::Impl::is_secret(const TraceCall& call, std::string_view param) noexcept {
  return std::find(call.secret_params.begin(), call.secret_params.end(), param) != call.secret_params.end();
}

template <typename Pointer>
void WorkflowTraceCollector::Impl::write_placed(const Value& v, Pointer&& pointer) {
  if (text_bytes(v, kReferredBytes) < kReferredBytes) return void(text_.value(v));
  const std::size_t start = text_.size();
  const TraceText::Traits traits = text_.watched([&] { text_.value(v); });
  const std::size_t length = text_.size() - start;
  if (length < kReferredBytes || places_.find(v) != nullptr) return;
  places_.hold_for_event(v, {std::forward<Pointer>(pointer)(), length, traits.longest, traits.exact, {}});
}

void WorkflowTraceCollector::Impl::write_template(const TraceResolution& r, bool is_secret) {
  if (r.written == nullptr) {
    text_.raw("null");
  } else if (is_secret && r.source_node.empty()) {
    text_.redacted(r.param);  // it may hold a part of the secret itself
  } else {
    text_.value(*r.written);
  }
}

void WorkflowTraceCollector::Impl::write_resolutions(const TraceCall& call, const SharedStore& store,
                                                     const StoreShadow& shadow) {
  text_.raw("{");
  bool first = true;
  for (const TraceResolution& r : call.resolutions) {
    if (!first) text_.raw(",");
    first = false;
    const bool hide = is_secret(call, r.param) || names_secret(r.param);
    text_.raw(r.param.starts_with('$') ? "\"$" : "\"").raw(json_escaped(r.param)).raw("\":{\"template\":");
    write_template(r, hide);
    text_.raw(",\"value\":");
    const Value* v = call.params == nullptr ? nullptr : call.params->find(r.param);
    if (v == nullptr) {
      text_.raw("null");
    } else if (hide) {
      text_.redacted(r.param);
    } else {
      if (places_.find(*v) == nullptr && !r.source_node.empty()) {
        std::optional<TracePlace> place = shadow.place_of_part(
            r.source_node, r.source_pointer,
            (call.parent ? store.names().namespaced : namespaced_) ? call.node : kNoNode, store, *v);
        if (place) places_.hold_for_event(*v, std::move(*place));
      }
      write_placed(*v, [&] { return place("/template_resolutions") + escaped_step(r.param) + "/value"; });
    }
    text_.raw("}");
  }
  text_.raw("}");
}

void WorkflowTraceCollector::Impl::write_members(const TraceCall& call, std::size_t max_chars, Members members) {
  text_.raw("{");
  std::size_t n = 0;
  for (const Member& m : call.params->members()) {
    if (n++ != 0) text_.raw(",");
    text_.member_key(*call.params, m.name(), n);
    text_.raw(":");
    if (is_secret(call, m.name())) {
      text_.redacted(m.name());
    } else if (names_secret(m.name()) || members == Members::kAgain) {
      text_.named_value(m.name(), m.value, max_chars);
    } else {
      write_placed(m.value, [&] { return place("/params") + escaped_step(m.name()); });
    }
  }
  text_.raw("}");
}

void WorkflowTraceCollector::Impl::write_params(const TraceCall& call) {
  if (call.params == nullptr) {
    text_.raw("null");
    return;
  }
  if (!call.params->is_object()) return write_placed(*call.params, [&] { return place("/params"); });
  const std::size_t start = text_.size();
  const TraceText::Traits traits = text_.watched([&] { write_members(call, limits_.store_max, Members::kPlaced); });
  const std::size_t length = text_.size() - start;
  if (length < kReferredBytes) return;
  places_.hold_for_event(*call.params, {place("/params"), length, traits.longest, traits.exact, {}});
}

void WorkflowTraceCollector::Impl::write_request(const TraceCall& call) {
  if (call.params == nullptr) {
    text_.raw("null");
  } else if (!call.params->is_object()) {
    text_.value(*call.params, limits_.prompt_max);
  } else if (!text_.refer(*call.params, limits_.prompt_max)) {
    write_members(call, limits_.prompt_max, Members::kAgain);
  }
}

void WorkflowTraceCollector::Impl::write_llm_call(const TraceCall& call) {
  if (call.llm.empty()) {
    text_.raw("null");
    return;
  }
  if (limits_.llm_calls_max != 0 && llm_calls_ >= limits_.llm_calls_max) {
    text_.raw("{\"truncated\":true}");
    text_.count_truncation();
    return;
  }
  ++llm_calls_;
  text_.raw("{\"request\":");
  write_request(call);
  text_.raw(",\"response\":");
  call.response == nullptr ? void(text_.raw("null")) : text_.value(*call.response, limits_.response_max);
  text_.raw(",");
  write_usage(call.llm.front(), text_);
  text_.raw(",\"further\":[");
  for (std::size_t i = 1; i < call.llm.size(); ++i) {
    text_.raw(i == 1 ? "{" : ",{");
    write_usage(call.llm[i], text_);
    text_.raw("}");
  }
  text_.raw("]}");
}

void WorkflowTraceCollector::Impl::finish(const TraceEnd& end) {
  if (state_ != State::kRunning) return;
  state_ = State::kOver;
  if (failed_) return;       // it ends before the run did, and says so by having no end
  if (offset_ == 0) return;  // not even the root is there
  text_.start();
  text_.raw("\n],\n\"end_time\":").fact(end.end_time).raw(",\"duration_ms\":").milliseconds(end.duration_ms);
  text_.raw(",\"final_status\":").fact(end.final_status);
  text_.raw(",\"nodes_executed\":").natural(end.nodes_executed).raw(",\"nodes_failed\":").natural(end.nodes_failed);
  text_.raw(",\"llm_summary\":").fact(end.llm_summary);
  text_.raw(",\"redactions\":").natural(text_.redactions()).raw(",\"truncations\":").natural(text_.truncations());
  send("}\n");
}

WorkflowTraceCollector::WorkflowTraceCollector(TraceSink& sink, Redactor& redactor, TraceLimits limits, bool namespaced)
    : impl_(std::make_unique<Impl>(sink, redactor, limits, namespaced)) {}

WorkflowTraceCollector::~WorkflowTraceCollector() = default;

namespace {

// A trace that memory does not suffice for ends like one that the disk does not suffice for.
template <typename Write, typename Fail>
void guarded(Write&& write, Fail&& fail) {
  try {
    write();
  } catch (const std::bad_alloc&) {
    fail();
  } catch (const std::length_error&) {
    fail();
  }
}

}  // namespace

void WorkflowTraceCollector::begin(const TraceHeader& header, const SharedStore& store) {
  guarded([&] { impl_->begin(header, store); }, [&] { impl_->fail(); });
}

void WorkflowTraceCollector::call_ended(const TraceCall& call, const SharedStore& store) {
  if (!impl_->writes() || impl_->failed()) return;
  guarded([&] { impl_->call_ended(call, store); }, [&] { impl_->fail(); });
}

void WorkflowTraceCollector::nested_over(std::uint64_t parent) {
  if (impl_->writes() && !impl_->failed()) impl_->nested_over(parent);
}

void WorkflowTraceCollector::finish(const TraceEnd& end) {
  guarded([&] { impl_->finish(end); }, [&] { impl_->fail(); });
}

bool WorkflowTraceCollector::failed() const noexcept {
  return impl_->failed();
}

std::uint64_t WorkflowTraceCollector::redactions() const noexcept {
  return impl_->text().redactions();
}

std::uint64_t WorkflowTraceCollector::truncations() const noexcept {
  return impl_->text().truncations();
}

}  // namespace pflow
