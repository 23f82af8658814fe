#include "core/engine/child_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/engine/outputs.hpp"

namespace pflow {

ChildRun::ChildRun(Flight& flight, CallLoop& loop, const RunOptions& options)
    : call_(*flight.call()),
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
  }
  return limits;
}

void ChildRun::finish() {
  RunResult result = walk_.take_result();
  Problems errors;
  NamedValues outputs;
  if (!result.error) outputs = collect_outputs(*child_.plan, store_, result, errors, result.warnings);
  for (auto& [name, value] : outputs) {
    const auto renamed = std::find_if(child_.output_names.begin(), child_.output_names.end(),
                                      [&](const auto& n) { return n.first == name; });
    call_.write(renamed == child_.output_names.end() ? std::string_view(name) : renamed->second, std::move(value));
  }
  call_.note_child(std::move(result.warnings), result.status == RunStatus::kDegraded);
  if (result.error) errors.insert(errors.begin(), std::move(*result.error));
  if (!errors.empty()) {
    const Error& e = errors.front();
    Failure f;
    f.code = e.code;
    f.node_code = e.node_code;
    f.message = e.where.empty() ? e.message : fmt::format("{} ({})", e.message, e.where);
    f.hint = e.hint;
    f.detail = Value();
    const bool ends_all = e.code == Code::kCancelled || e.code == Code::kBudgetExceeded;
    f.kind = ends_all ? FailureKind::kCancelled : FailureKind::kOther;
    call_.fail(std::move(f));
  }
  call_.complete();
}

}  // namespace pflow
