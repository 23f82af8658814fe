#include "core/engine/child_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/engine/outputs.hpp"

namespace pflow {

ChildRun::ChildRun(Flight& flight, CallLoop& loop, const RunOptions& options)
    : call_(*flight.call()),
      loop_(loop),
      child_(*flight.node().child),
      store_(child_.plan->names),
      on_over_(*this),
      walk_(*child_.plan, store_, loop, options, limits_of(*child_.plan), {call_.identity().number, flight.lane()},
            &on_over_) {
  store_.set_host_values(call_.scope().store().host_values());
  const StoreNames& names = child_.plan->names;
  if (!call_.params().is_object()) return;
  for (const Member& m : call_.params().members()) {
    if (const auto at = names.input_index.find(m.name()); at != names.input_index.end()) {
      const ParamSpec* spec = child_.type.param(m.name());
      const bool left_out = m.value.is_null() && spec != nullptr && spec->default_value;
      store_.set_input(at->second, left_out ? *spec->default_value : m.value);
    }
  }
}

WalkLimits ChildRun::limits_of(const Plan& plan) {
  WalkLimits limits;
  if (plan.max_duration_ms) {
    limits.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(*plan.max_duration_ms);
    limits.workflow = plan.source_name;
  }
  return limits;
}

bool ChildRun::begin() {
  walk_.go_on();
  begun_ = true;
  return walk_.over();
}

void ChildRun::finish() {
  RunResult result = walk_.take_result();
  Problems errors;
  NamedValues outputs;
  if (!result.error) outputs = collect_outputs(*child_.plan, store_, result, errors, result.warnings);
  for (auto& [name, value] : outputs) {
    const auto renamed = std::find_if(child_.output_names.begin(), child_.output_names.end(),
                                      [&, &name = name](const auto& n) { return n.first == name; });
    call_.write(renamed == child_.output_names.end() ? std::string_view(name) : renamed->second, std::move(value));
  }
  call_.note_child(std::move(result.warnings), result.status == RunStatus::kDegraded);
  if (result.error) errors.insert(errors.begin(), std::move(*result.error));
  if (!errors.empty()) call_.fail(failure_of(errors.front()));
  if (begun_) call_.complete();
}

// Whether it is worth a retry, or one that may lead elsewhere, is as its node said: what is added is the way to it.
Failure ChildRun::failure_of(const Error& error) {
  Failure f = walk_.take_failure().value_or(Failure{});
  f.code = error.code;
  f.node_code = error.node_code;
  f.message = error.where.empty() ? error.message : fmt::format("{} ({})", error.message, error.where);
  f.hint = error.hint;
  f.where.clear();
  const bool run_goes_on = loop_.over({}) == Ending::kEnded;
  if (f.code == Code::kDeadlineExceeded && f.kind == FailureKind::kCancelled && run_goes_on) {
    f.kind = FailureKind::kTimeout;  // its own time: no end of the workflow around it
  }
  return f;
}

}  // namespace pflow
