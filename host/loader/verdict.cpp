#include <fmt/format.h>

#include <exception>

#include "host/loader/plugin.hpp"
#include "host/loader/plugin_call.hpp"

namespace pflow::host {
namespace {

struct StatusInfo {
  pflow_status status;
  std::string_view code;
  std::string_view message;
  FailureKind kind;
};

constexpr StatusInfo kStatuses[] = {
    {PFLOW_E_INVALID, "invalid", "it was given invalid parameters", FailureKind::kInvalidParameters},
    {PFLOW_E_NOT_FOUND, "not_found", "something it needs was not found", FailureKind::kOther},
    {PFLOW_E_TYPE, "type", "a parameter has the wrong type", FailureKind::kInvalidParameters},
    {PFLOW_E_DENIED, "denied", "access was denied", FailureKind::kOther},
    {PFLOW_E_CANCELLED, "cancelled", "it was cancelled", FailureKind::kOther},
    {PFLOW_E_TIMEOUT, "timeout", "it took too long", FailureKind::kTimeout},
    {PFLOW_E_UNAVAILABLE, "unavailable", "a service it needs is unavailable", FailureKind::kOther},
    {PFLOW_E_RATE_LIMIT, "rate_limit", "a service refused it for its rate", FailureKind::kOther},
    {PFLOW_E_AUTH, "auth", "authentication failed", FailureKind::kAuthentication},
    {PFLOW_E_IO, "io", "reading or writing failed", FailureKind::kOther},
    {PFLOW_E_UNSUPPORTED, "unsupported", "it does not support this", FailureKind::kOther},
    {PFLOW_E_NOMEM, "out_of_memory", "there was not enough memory", FailureKind::kOther},
    {PFLOW_E_INTERNAL, "internal", "it failed without saying why", FailureKind::kOther},
};

const StatusInfo* info_of(pflow_status status) noexcept {
  for (const StatusInfo& s : kStatuses) {
    if (s.status == status) return &s;
  }
  return nullptr;
}

Failure misbehaved(const pflow_call& c, std::string_view what) {
  Failure f;
  f.code = Code::kPluginMisbehaved;
  f.message = fmt::format("its plugin {} {}", c.plugin->path().string(), what);
  f.hint = "This is a defect of the plugin: tell its author.";
  return f;
}

// Why the host did not lend what was asked for: what is missing is the plugin's to say, if it says anything.
void add_host_problem(const pflow_call& c, Failure& f) {
  if (!c.host_problem) return;
  const Error& problem = *c.host_problem;
  if (problem.code != Code::kMissingSecret) {
    f.message += fmt::format(" ({}: {})", problem.where, problem.message);
  } else if (!c.told && c.verdict == PFLOW_E_NOT_FOUND) {
    f.node_code = code_name(problem.code);
    f.message = problem.message;
  } else {
    return;
  }
  f.hint = problem.hint;
}

// What the plugin's status and set_error come to, or nothing for success.
std::optional<Failure> verdict_of(const pflow_call& c) {
  if (!c.fault.empty()) return misbehaved(c, c.fault);
  const bool action_error = c.verdict == PFLOW_OK && c.call->action() == kErrorAction;
  if (c.verdict == PFLOW_OK && !action_error) return std::nullopt;
  if (c.verdict > 0) return misbehaved(c, fmt::format("returned the status {}, which does not exist", c.verdict));
  Failure f = c.told.value_or(Failure{});
  const StatusInfo* info = info_of(c.verdict == PFLOW_OK ? PFLOW_E_INTERNAL : c.verdict);
  if (info == nullptr) return misbehaved(c, fmt::format("returned the status {}, which does not exist", c.verdict));
  if (!c.told) {
    f.message = action_error ? "it ended with the action \"error\"" : std::string(info->message);
  }
  if (c.verdict != PFLOW_OK) {
    if (f.kind == FailureKind::kOther) f.kind = info->kind;
    if (f.node_code.empty()) f.node_code = info->code;
  }
  if (f.node_code.empty()) f.node_code = code_name(Code::kNodeFailed);
  add_host_problem(c, f);
  const bool asked = c.call->cancelled();
  if (c.verdict == PFLOW_E_CANCELLED && asked) f.kind = FailureKind::kCancelled;
  return f;
}

}  // namespace

void settle(pflow_call& c) noexcept {
  try {
    if (std::optional<Failure> f = verdict_of(c)) c.call->fail(std::move(*f));
  } catch (const std::exception&) {
    c.call->fail(out_of_memory());
  }
}

std::shared_ptr<Call> end_if_through(pflow_call& c) noexcept {
  if (c.state != CallState::kOpen || !c.completed || c.inside_run || c.inside_cancel || !c.exchanges.empty()) return {};
  c.state = CallState::kCompleted;
  settle(c);
  return c.call->shared_from_this();
}

void complete(pflow_call& c, Call& ended) noexcept {
  CallPool::instance().release(c);
  ended.complete();
}

std::optional<Failure> setup_failure(pflow_call& c, pflow_status status) {
  const std::lock_guard lock(c.mutex);
  if (c.fault.empty() && status == PFLOW_OK) return std::nullopt;
  Failure f = c.told.value_or(Failure{});
  f.code = Code::kPluginBroken;
  if (!c.fault.empty()) {
    f.message = c.fault;
  } else if (!c.told) {
    f.message = fmt::format("returned the status {} and did not say why", status);
  }
  return f;
}

Failure out_of_memory() noexcept {
  Failure f;
  f.code = Code::kOutOfMemory;
  f.message = "out of memory";  // short enough to need none
  return f;
}

}  // namespace pflow::host
