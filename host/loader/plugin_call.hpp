#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pflow/plugin.h"

#include "core/base/value.hpp"
#include "core/engine/call.hpp"
#include "core/engine/node_type.hpp"

namespace pflow::host {

class HttpExchange;
class Plugin;

/// What a plugin holds of one attempt, init or create: the state machine of abi.md around a core Call.
///
/// Its memory is never returned, only used again, long after: a plugin that uses a call that has ended is told so
/// instead of reading freed memory. Every member is guarded by `mutex`, which is never held while a plugin's code runs.
enum class CallState : std::uint8_t {
  kIdle,       ///< belongs to nobody
  kOpen,       ///< may be used: run() has not returned, or complete() is awaited
  kCompleted,  ///< complete() came while run() or cancel() had not returned
  kEnded,
  kAbandoned,
};

}  // namespace pflow::host

// The ABI's opaque types, as the host knows them.
struct pflow_buffer {
  pflow_call* owner = nullptr;
  std::optional<pflow::TextBuilder> text;  // guarded by the owner's mutex; nothing once the call has ended
};

struct pflow_call {
  mutable std::mutex mutex;
  pflow::host::CallState state = pflow::host::CallState::kIdle;
  const pflow::host::Plugin* plugin = nullptr;
  const pflow::NodeType* type = nullptr;  // null in init
  pflow::Call* call = nullptr;            // null in init and create
  const pflow::Value* params = nullptr;
  std::shared_ptr<pflow::Call> kept;  // of an abandoned call: owned for good, what was lent for it stays readable

  bool inside_run = false;
  bool inside_cancel = false;
  bool pending = false;
  bool completed = false;
  std::int32_t verdict = PFLOW_OK;           // of run() or complete()
  std::optional<pflow::Failure> told;        // set_error
  std::string fault;                         // how the plugin broke the contract, the first time
  std::optional<pflow::Error> host_problem;  // what kept the host from lending what was asked for
  std::string last_problem;                  // why the last value could not be made
  std::deque<pflow::Value> values;           // what handles point at; stable addresses
  std::deque<std::unique_ptr<pflow_buffer>> buffers;
  std::vector<pflow::host::HttpExchange*> exchanges;  // under way: each owns itself until it has left
  pflow_call* released_next = nullptr;                // the pool's, which guards it
};

namespace pflow::host {

[[nodiscard]] inline std::string_view view(pflow_str s) noexcept {
  return s.ptr == nullptr ? std::string_view() : std::string_view(s.ptr, s.len);
}

[[nodiscard]] inline pflow_str str(std::string_view s) noexcept {
  return {s.data(), s.size()};
}

/// Values cross the ABI as pointers to const Value, valid until their call has ended.
[[nodiscard]] inline const pflow_value* handle(const Value* v) noexcept {
  return reinterpret_cast<const pflow_value*>(v);
}

[[nodiscard]] inline const Value* value_of(const pflow_value* h) noexcept {
  return reinterpret_cast<const Value*>(h);
}

/// Hands out pflow_calls and takes them back. Those taken back rest in a queue before they are used again, so that a
/// late use meets a call that has ended. Thread-safe.
class CallPool {
 public:
  [[nodiscard]] static CallPool& instance();

  [[nodiscard]] pflow_call& acquire(const Plugin& plugin, const NodeType* type, Call* call, const Value* params);
  void release(pflow_call& ended) noexcept;  ///< the caller holds no lock; drops the call's values

 private:
  static constexpr std::size_t kRest = 64;  // calls that rest before one is used again

  std::mutex mutex_;
  std::deque<std::unique_ptr<pflow_call>> all_;
  pflow_call* oldest_ = nullptr;  // of those that rest, linked by released_next: giving one back needs no memory
  pflow_call* newest_ = nullptr;
  std::size_t resting_ = 0;
};

/// A call for init or create, given back at the end of the scope.
class SetupCall {
 public:
  SetupCall(const Plugin& plugin, const NodeType* type, const Value& params)
      : call_(CallPool::instance().acquire(plugin, type, nullptr, &params)) {}

  SetupCall(const SetupCall&) = delete;
  SetupCall& operator=(const SetupCall&) = delete;

  ~SetupCall() { CallPool::instance().release(call_); }

  [[nodiscard]] pflow_call& operator*() const noexcept { return call_; }

 private:
  pflow_call& call_;
};

/// Notes that the plugin broke the contract: the call fails for it whatever else it says. Caller holds `mutex`.
void note_fault(pflow_call& c, std::string_view what) noexcept;

/// The tables that every plugin gets.
[[nodiscard]] const pflow_value_api& value_api() noexcept;
/// Fills a plugin's host table; `plugin` outlives it.
void fill_host_table(pflow_host& table, Plugin& plugin) noexcept;

/// Ends an attempt whose run() and complete() are through: gives its outcome to the core call; when memory is short, a
/// plain failure. Caller holds `mutex`.
void settle(pflow_call& c) noexcept;

/// Settles the attempt if it has been completed and nothing of it is under way any more. Gives the core call, which is
/// to be completed with `complete` once the lock is released; null: not yet, or by somebody else. Caller holds `mutex`.
[[nodiscard]] std::shared_ptr<Call> end_if_through(pflow_call& c) noexcept;
void complete(pflow_call& c, Call& ended) noexcept;

/// Why init or create failed, from the status and what the plugin told; nothing on success. Takes the lock.
[[nodiscard]] std::optional<Failure> setup_failure(pflow_call& c, pflow_status status);

/// A failure that needs no memory to be told.
[[nodiscard]] Failure out_of_memory() noexcept;

}  // namespace pflow::host
