#pragma once
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "pflow/plugin.h"
#include "pflow/sdk/failure.hpp"
#include "pflow/sdk/host.hpp"
#include "pflow/sdk/value.hpp"

namespace pflow::sdk {
inline namespace v1 {

class Completion;

using CallId = const pflow_call*;  ///< names a call: compare it, never use it after the call has ended

/// JSON text that is to become a value.
struct Json {
  std::string_view text;
};

/// Bytes that are to stay bytes, UTF-8 or not.
struct Bytes {
  std::string_view data;
};

/// Which call this is. Texts are valid until it has ended.
struct CallInfo {
  std::string_view run_id, workflow_id, node_id, trace_parent, workflow_dir;
  std::uint32_t attempt = 1;      ///< 1 = first
  std::int64_t visit = 1;         ///< 1 = first
  std::int64_t batch_index = -1;  ///< -1 = not in a batch
};

/// What one answer of a language model used. Leave out what is not known: the host tells unknown from 0.
struct LlmUsage {
  std::string_view provider = {};
  std::string_view model = {};  ///< what answered
  std::string_view request_id = {};
  std::string_view requested_model = {};
  std::string_view service_tier = {};
  std::string_view api_flavor = {};
  std::string_view raw_json = {};                       ///< the provider's own usage or response body
  std::string_view units_json = {};                     ///< further billable units, {"web_searches": 1}
  std::optional<std::int64_t> input_tokens = {};        ///< all input, cached included
  std::optional<std::int64_t> output_tokens = {};       ///< all output, reasoning included
  std::optional<std::int64_t> cache_read_tokens = {};   ///< part of input_tokens
  std::optional<std::int64_t> cache_write_tokens = {};  ///< part of input_tokens
  std::optional<std::int64_t> reasoning_tokens = {};    ///< part of output_tokens
  std::optional<std::int64_t> cost_nano_usd = {};       ///< only what the provider itself reported
  std::optional<std::chrono::nanoseconds> time_to_first_token = {};
  bool estimated = false;  ///< counted by the plugin
  bool partial = false;    ///< the call broke off
};

/// One attempt of one call: what a node reads from and writes to. Any thread, until the call has ended.
/// Writes are staged by the host and copied before the function returns. Failures of the host's functions are thrown.
class Call {
 public:
  explicit Call(pflow_call* handle) noexcept : handle_(handle) {}

  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  [[nodiscard]] pflow_call* handle() const noexcept { return handle_; }

  [[nodiscard]] CallId id() const noexcept { return handle_; }

  [[nodiscard]] Value params() const noexcept { return Value(Host::table().params(handle_)); }

  /// A value of the shared store ("fetch.response.items"); absent if there is none.
  [[nodiscard]] Value get(std::string_view path) const {
    const pflow_value* found = nullptr;
    const pflow_status status = Host::table().store_get(handle_, to_str(path), &found);
    if (status == PFLOW_E_NOT_FOUND) return Value();
    check(status, "reading", path);
    return Value(found);
  }

  /// Makes a value that lives until the call has ended. Text that is not UTF-8 becomes bytes.
  [[nodiscard]] Value make(std::string_view text) const {
    const pflow_value* made = Host::values().make_str(handle_, to_str(text));
    return made != nullptr ? Value(made) : make(Bytes{text});
  }

  [[nodiscard]] Value make(const char* text) const { return make(std::string_view(text)); }

  [[nodiscard]] Value make(const std::string& text) const { return make(std::string_view(text)); }

  [[nodiscard]] Value make(Bytes bytes) const { return made(Host::values().make_bytes(handle_, to_str(bytes.data))); }

  [[nodiscard]] Value make(std::same_as<bool> auto flag) const {
    return made(Host::values().make_bool(handle_, flag ? 1 : 0));
  }

  template <std::integral Number>

  requires(!std::same_as<Number, bool>) [[nodiscard]] Value make(Number number) const {
    if constexpr (std::is_signed_v<Number>) return made(Host::values().make_int(handle_, number));
    return made(Host::values().make_uint(handle_, static_cast<std::uint64_t>(number)));
  }

  [[nodiscard]] Value make(double number) const {
    const pflow_value* value = Host::values().make_float(handle_, number);
    if (value == nullptr) {
      throw Failure{.code = "invalid_number", .message = "NaN and infinity cannot be stored"};
    }
    return Value(value);
  }

  [[nodiscard]] Value make(Value value) const noexcept { return value; }

  [[nodiscard]] Value make(Json json) const {
    const pflow_value* value = Host::values().from_json(handle_, to_str(json.text));
    if (value == nullptr) {
      throw Failure{.code = "invalid_json", .message = "the plugin wrote malformed JSON"};
    }
    return Value(value);
  }

  /// Writes the output `key`. Takes whatever make() takes; a Value is shared, not copied.
  template <class T>
  void set(std::string_view key, const T& value) {
    set(key, make(value));
  }

  void set(std::string_view key, Value value) {
    check(Host::table().store_set(handle_, to_str(key), value.handle()), "writing", key);
  }

  /// Compact JSON text of `value`, valid until the call has ended.
  [[nodiscard]] std::string_view to_json(Value value) const {
    pflow_str out{};
    check(Host::values().to_json(handle_, value.handle(), &out), "writing as JSON", "a value");
    return to_view(out);
  }

  /// The word the call ends with; edges are chosen by it. It must be one that the node's description lists.
  void action(std::string_view word) {
    check(Host::table().set_action(handle_, to_str(word)), "setting the action", word);
  }

  [[nodiscard]] bool cancelled() const noexcept { return Host::table().is_cancelled(handle_) != 0; }

  [[nodiscard]] CallInfo info() const noexcept {
    const pflow_call_info raw = raw_info();
    return {to_view(raw.run_id),
            to_view(raw.workflow_id),
            to_view(raw.node_id),
            to_view(raw.trace_parent),
            to_view(raw.workflow_dir),
            raw.attempt,
            raw.visit,
            raw.batch_index};
  }

  /// Time until the host stops waiting; nothing = no deadline.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> remaining() const noexcept {
    const std::int64_t left_ns = raw_info().remaining_ns;
    if (left_ns == std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return std::chrono::nanoseconds(left_ns);
  }

  void log(Level level, std::string_view message, std::string_view fields_json = {}) const noexcept {
    const pflow_host& host = Host::table();
    host.log(&host, handle_, static_cast<pflow_level>(level), to_str(message), to_str(fields_json));
  }

  /// Streams a piece of output to whoever watches. true = taken, but slow down.
  bool emit_chunk(std::string_view channel, std::string_view data) {
    const pflow_status status = Host::table().emit_chunk(handle_, to_str(channel), to_str(data));
    if (status != PFLOW_PENDING) check(status, "streaming to", channel);
    return status == PFLOW_PENDING;
  }

  /// Sends an event: "progress", "metric", or a kind of the plugin's own ("acme.cache_hit").
  template <class T>
  void emit(std::string_view kind, const T& payload) {
    check(Host::table().emit(handle_, to_str(kind), make(payload).handle()), "emitting", kind);
  }

  void report(const LlmUsage& usage);  // in usage.hpp

  /// A key ("OPENAI_API_KEY") from the host, never from getenv; valid until the call has ended. It is redacted in
  /// everything the host writes. Throws Failure with the host's status if there is none.
  [[nodiscard]] std::string_view secret(std::string_view name) const { return lookup(name, PFLOW_SECRET); }

  /// The same for a plain setting, which is not redacted.
  [[nodiscard]] std::string_view setting(std::string_view name) const { return lookup(name, 0); }

  /// From here on the call ends through the returned object, from any thread; what run() returns does not count.
  [[nodiscard]] Completion start_async() noexcept;  // in completion.hpp

  [[nodiscard]] bool is_async() const noexcept { return async_; }

 private:
  static void check(pflow_status status, std::string_view doing, std::string_view what) {
    if (status >= 0) return;
    std::string message = "the host refused ";
    message.append(doing).append(" \"").append(what).append("\" (status ");
    append_number(message, status);
    message += ')';
    throw Failure{.status = status, .code = "host_refused", .message = std::move(message)};
  }

  static Value made(const pflow_value* value) {
    if (value == nullptr) throw std::bad_alloc();
    return Value(value);
  }

  [[nodiscard]] pflow_call_info raw_info() const noexcept {
    pflow_call_info info{};
    info.struct_size = sizeof info;
    info.attempt = 1;
    info.batch_index = -1;
    info.remaining_ns = std::numeric_limits<std::int64_t>::max();
    Host::table().call_info(handle_, &info);
    return info;
  }

  [[nodiscard]] std::string_view lookup(std::string_view name, std::uint32_t flags) const {
    const auto* secrets = Host::extension<pflow_host_secrets>(PFLOW_EXT_SECRETS);
    pflow_str out{};
    const pflow_status status = secrets == nullptr ? static_cast<pflow_status>(PFLOW_E_UNSUPPORTED)
                                                   : secrets->get(handle_, to_str(name), flags, &out);
    if (status == PFLOW_E_UNSUPPORTED) {
      throw Failure{.status = status, .code = "no_secrets", .message = "this host does not lend keys to plugins"};
    }
    if (status == PFLOW_E_NOT_FOUND) {
      std::string message(name);
      message += " is not set: put it in the environment or in the settings";
      throw Failure{.status = status, .code = "missing_setting", .message = std::move(message)};
    }
    check(status, "reading the setting", name);
    return to_view(out);
  }

  pflow_call* handle_;
  bool async_ = false;
};

/// Collects bytes in the host's memory and becomes one value without a further copy. One thread at a time.
class Buffer {
 public:
  explicit Buffer(Call& call, std::size_t expected_bytes = 0)
      : buffer_(Host::values().buffer_new(call.handle(), expected_bytes)) {
    if (buffer_ == nullptr) throw std::bad_alloc();
  }

  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void append(std::string_view bytes) {
    if (Host::values().buffer_append(buffer_, to_str(bytes)) < 0) throw std::bad_alloc();
  }

  /// A string if the bytes are UTF-8, else bytes. Once; nothing may be appended after it.
  [[nodiscard]] Value finish() {
    const pflow_value* value = Host::values().buffer_finish(buffer_);
    buffer_ = nullptr;
    if (value == nullptr) throw std::bad_alloc();
    return Value(value);
  }

 private:
  pflow_buffer* buffer_;  // the host's: it goes with the call if it is never finished
};

}  // namespace v1
}  // namespace pflow::sdk
