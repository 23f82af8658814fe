#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>

#include "core/base/json_read.hpp"
#include "core/base/utf8.hpp"
#include "core/template/lookup.hpp"
#include "host/loader/extension_tables.hpp"
#include "host/loader/http_exchange.hpp"
#include "host/loader/open_call.hpp"
#include "host/loader/plugin.hpp"
#include "host/loader/plugin_call.hpp"

#ifndef PFLOW_VERSION
#error "the build defines PFLOW_VERSION"
#endif

// The host half of the tables. Every function is entered from foreign code, from any thread: it trusts no argument,
// holds no lock while anything else is called that could come back, and throws nothing.
namespace pflow::host {
namespace {

constexpr std::size_t kMaxMessageBytes = 16 * 1024;            // of an error, for a person
constexpr std::size_t kMaxLogBytes = 16 * 1024;                // of one line
constexpr std::size_t kMaxDetailBytes = 1024 * 1024;           // of an error, for a machine
constexpr std::size_t kMaxNameBytes = 256;                     // of a key, an action, a code
constexpr std::uint32_t kMaxOutputDepth = kMaxValueDepth - 1;  // its namespace is one more level

LogLevel level_of(pflow_level level) noexcept {
  return static_cast<LogLevel>(std::clamp<pflow_level>(level, PFLOW_LOG_TRACE, PFLOW_LOG_ERROR));
}

const void* PFLOW_CALL get_extension(const pflow_host*, const char* id) noexcept {
  if (id == nullptr) return nullptr;
  const std::string_view name = id;
  if (name == PFLOW_EXT_HTTP) return &http_table();
  if (name == PFLOW_EXT_SECRETS) return &secrets_table();
  return nullptr;
}

const Plugin* plugin_of(const pflow_host* h) noexcept {
  return h == nullptr ? nullptr : static_cast<const Plugin*>(h->host_data);
}

std::int32_t PFLOW_CALL log_enabled(const pflow_host* h, pflow_level level) noexcept {
  const Plugin* plugin = plugin_of(h);
  const CallEvents* events = plugin == nullptr ? nullptr : plugin->events();
  return events != nullptr && level_of(level) >= events->log_level() ? 1 : 0;
}

void PFLOW_CALL log(const pflow_host* h, pflow_call* c, pflow_level level, pflow_str msg, pflow_str fields) noexcept {
  const Plugin* plugin = plugin_of(h);
  CallEvents* listener = plugin == nullptr ? nullptr : plugin->events();
  if (listener == nullptr || level_of(level) < listener->log_level()) return;
  CallEvents& events = *listener;
  try {
    const std::string text = printable(view(msg), kMaxLogBytes);
    const std::string more = printable(view(fields), kMaxLogBytes);
    const pflow_status told = with_open(c, [&] {
      events.log(c->call, level_of(level), text, more);
      return PFLOW_OK;
    });
    if (told != PFLOW_OK) events.log(nullptr, level_of(level), text, more);
  } catch (const std::exception&) {
    return;  // a log line is not worth a failure
  }
}

pflow_status PFLOW_CALL call_info(pflow_call* c, pflow_call_info* inout) noexcept {
  if (inout == nullptr || inout->struct_size < sizeof(std::uint32_t)) return PFLOW_E_INVALID;
  return with_open(c, [&] {
    pflow_call_info info{};
    info.struct_size = std::min<std::uint32_t>(inout->struct_size, sizeof info);
    info.batch_index = -1;
    info.remaining_ns = std::numeric_limits<std::int64_t>::max();
    if (c->call != nullptr) {
      const Call::Identity& id = c->call->identity();
      info.attempt = c->call->attempt();
      info.run_id = str(id.run_id);
      info.workflow_id = str(id.workflow_id);
      info.node_id = str(id.node_id);
      info.workflow_dir = str(id.workflow_dir);
      info.batch_index = id.batch_index;
      info.visit = id.visit;
      if (const auto deadline = c->call->deadline()) {
        const auto left = *deadline - std::chrono::steady_clock::now();
        info.remaining_ns = std::max<std::int64_t>(0, std::chrono::nanoseconds(left).count());
      }
    }
    std::memcpy(inout, &info, info.struct_size);
    return PFLOW_OK;
  });
}

const pflow_value* PFLOW_CALL params(pflow_call* c) noexcept {
  const Value* found = nullptr;
  static_cast<void>(with_open(c, [&] {
    found = c->params;
    return PFLOW_OK;
  }));
  return handle(found);
}

pflow_status PFLOW_CALL store_get(pflow_call* c, pflow_str path, const pflow_value** out) noexcept {
  if (out == nullptr) return PFLOW_E_INVALID;
  *out = nullptr;
  return with_open(c, [&]() -> pflow_status {
    if (c->call == nullptr) return PFLOW_E_UNSUPPORTED;  // init and create see no store
    const std::optional<Path> parsed = parse_path(view(path));
    if (!parsed) return PFLOW_E_INVALID;
    Lookup found = look_up(c->call->scope(), *parsed, nullptr);
    if (!found.found) return PFLOW_E_NOT_FOUND;
    c->values.push_back(std::move(found.value));
    *out = handle(&c->values.back());
    return PFLOW_OK;
  });
}

pflow_status PFLOW_CALL store_set(pflow_call* c, pflow_str key, const pflow_value* v) noexcept {
  return with_open(c, [&]() -> pflow_status {
    if (c->call == nullptr) return PFLOW_E_UNSUPPORTED;
    const std::string_view name = view(key);
    if (name.empty() || name.size() > kMaxNameBytes || !is_utf8(name)) {
      note_fault(*c, name.empty() ? "wrote an output without a name"
                                  : fmt::format("wrote an output whose name is {}: \"{}\"",
                                                is_utf8(name) ? "too long" : "not UTF-8", printable(name, 64)));
      return PFLOW_E_INVALID;
    }
    if (name.starts_with("__")) {
      note_fault(*c, fmt::format("wrote the reserved key \"{}\"", name));
      return PFLOW_E_DENIED;
    }
    if (v == nullptr) {
      note_fault(*c, fmt::format("wrote no value as \"{}\"{}", name,
                                 c->last_problem.empty() ? "" : fmt::format(" ({})", c->last_problem)));
      return PFLOW_E_INVALID;
    }
    if (value_of(v)->depth() > kMaxOutputDepth) {
      note_fault(*c, fmt::format("wrote a value as \"{}\" that is nested more than {} levels deep", printable(name, 64),
                                 kMaxOutputDepth));
      return PFLOW_E_INVALID;
    }
    c->call->write(name, *value_of(v));
    return PFLOW_OK;
  });
}

pflow_status PFLOW_CALL set_action(pflow_call* c, pflow_str action) noexcept {
  return with_open(c, [&]() -> pflow_status {
    if (c->call == nullptr) return PFLOW_E_UNSUPPORTED;
    const std::string_view name = view(action);
    if (!c->type->has_action(name)) {
      note_fault(*c,
                 fmt::format("ended with the action \"{}\", which its descriptor does not list", printable(name, 64)));
      return PFLOW_E_INVALID;
    }
    c->call->set_action(name);
    return PFLOW_OK;
  });
}

void PFLOW_CALL set_error(pflow_call* c, const pflow_error* e) noexcept {
  static_cast<void>(with_open(c, [&]() -> pflow_status {
    if (e == nullptr || e->struct_size < PFLOW_ERROR_SIZE_1_0) {
      note_fault(*c, "set an error whose struct is too small");
      return PFLOW_E_INVALID;
    }
    Failure f;
    f.node_code = printable(view(e->code), kMaxNameBytes);
    f.message = printable(view(e->message), kMaxMessageBytes);
    if (f.message.empty()) f.message = f.node_code.empty() ? "it failed without saying why" : f.node_code;
    f.retryable = (e->flags & PFLOW_ERR_RETRYABLE) != 0;
    f.origin_code = e->origin_code;
    f.retry_after_ms = e->retry_after_ms;
    const std::string_view detail = view(e->detail_json);
    if (!detail.empty() && detail.size() <= kMaxDetailBytes) {
      Result<Value> parsed = read_json(detail, "detail");
      f.detail = parsed ? std::move(parsed).value() : Value::string(printable(detail, kMaxMessageBytes));
    }
    c->told = std::move(f);
    return PFLOW_OK;
  }));
}

pflow_status PFLOW_CALL emit_chunk(pflow_call* c, pflow_str channel, pflow_str data) noexcept {
  return with_open(c, [&]() -> pflow_status {
    if (c->call == nullptr || c->call->events() == nullptr) return PFLOW_OK;
    c->call->events()->chunk(*c->call, view(channel), view(data));
    return PFLOW_OK;
  });
}

pflow_status PFLOW_CALL emit(pflow_call* c, pflow_str kind, const pflow_value* payload) noexcept {
  return with_open(c, [&]() -> pflow_status {
    if (payload == nullptr) return PFLOW_E_INVALID;
    if (c->call == nullptr || c->call->events() == nullptr) return PFLOW_OK;
    c->call->events()->emitted(*c->call, view(kind), *value_of(payload));
    return PFLOW_OK;
  });
}

std::optional<std::int64_t> known(std::int64_t count) noexcept {
  return count < 0 ? std::nullopt : std::optional(count);
}

// Texts are cut to what a name or a body may have, and made UTF-8: they go into traces as they are.
LlmUsageReport report_of(const pflow_llm_usage& u) {
  LlmUsageReport r;
  r.provider = printable(view(u.provider), kMaxNameBytes);
  r.model = printable(view(u.model), kMaxNameBytes);
  r.requested_model = printable(view(u.requested_model), kMaxNameBytes);
  r.request_id = printable(view(u.request_id), kMaxNameBytes);
  r.service_tier = printable(view(u.service_tier), kMaxNameBytes);
  r.api_flavor = printable(view(u.api_flavor), kMaxNameBytes);
  if (u.raw_json.len <= kMaxDetailBytes) r.raw_json = view(u.raw_json);
  if (u.units_json.len <= kMaxDetailBytes) r.units_json = view(u.units_json);
  r.input_tokens = known(u.input_tokens);
  r.output_tokens = known(u.output_tokens);
  r.cache_read_tokens = known(u.cache_read_tokens);
  r.cache_write_tokens = known(u.cache_write_tokens);
  r.reasoning_tokens = known(u.reasoning_tokens);
  r.ttft_ns = known(u.ttft_ns);
  if ((u.flags & PFLOW_USAGE_HAS_COST) != 0) r.cost_nano_usd = known(u.cost_nano_usd);
  r.estimated = (u.flags & PFLOW_USAGE_ESTIMATED) != 0;
  r.partial = (u.flags & PFLOW_USAGE_PARTIAL) != 0;
  return r;
}

pflow_status PFLOW_CALL report_llm_usage(pflow_call* c, const pflow_llm_usage* u) noexcept {
  return with_open(c, [&]() -> pflow_status {
    if (u == nullptr || u->struct_size < PFLOW_LLM_USAGE_SIZE_1_0) {
      note_fault(*c, "reported usage with a struct that is too small");
      return PFLOW_E_INVALID;
    }
    if (c->completed) return PFLOW_E_INVALID;  // it has said that it is done
    if (c->call != nullptr && c->call->events() != nullptr && c->call->events()->meters()) {
      c->call->events()->llm_usage(*c->call, report_of(*u));
    }
    return PFLOW_OK;
  });
}

std::int32_t PFLOW_CALL is_cancelled(pflow_call* c) noexcept {
  std::int32_t cancelled = 1;  // a call that has ended is not worth going on with
  static_cast<void>(with_open(c, [&] {
    cancelled = c->call != nullptr && c->call->cancelled() ? 1 : 0;
    return PFLOW_OK;
  }));
  return cancelled;
}

void PFLOW_CALL complete(pflow_call* c, pflow_status status) noexcept {
  if (c == nullptr) return;
  std::shared_ptr<Call> ended;
  {
    const std::lock_guard lock(c->mutex);
    if (c->state == CallState::kAbandoned || c->state == CallState::kIdle) return;
    if (c->state != CallState::kOpen) {
      c->plugin->late_fault(c->state == CallState::kEnded ? "completed a call that had ended"
                                                          : "completed a call twice");
      return;
    }
    if (c->call == nullptr || c->completed) {
      note_fault(*c, c->completed ? "completed a call twice" : "completed init or create, which end by return");
      return;
    }
    c->completed = true;
    c->verdict = status;
    if (status == PFLOW_PENDING) note_fault(*c, "completed a call with the status \"pending\"");
    abort_exchanges(*c);
    ended = end_if_through(*c);  // nothing: whoever comes back last ends the call
  }
  if (ended) host::complete(*c, *ended);
}

}  // namespace

void fill_host_table(pflow_host& table, Plugin& plugin) noexcept {
  static constexpr std::string_view kName = "pflow-host";
  static constexpr std::string_view kVersion = PFLOW_VERSION;
  table = {sizeof(pflow_host), PFLOW_ABI_MAJOR, PFLOW_ABI_MINOR, str(kName), str(kVersion), &plugin,
           &value_api(),       get_extension,   log_enabled,     log,        call_info,     params,
           store_get,          store_set,       set_action,      set_error,  emit_chunk,    emit,
           report_llm_usage,   is_cancelled,    complete};
}

}  // namespace pflow::host
