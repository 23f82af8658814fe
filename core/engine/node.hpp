#pragma once

#include <cstdint>

namespace pflow {

class Call;

enum class RunState : std::uint8_t {
  kEnded,    ///< the call holds its outcome
  kPending,  ///< Call::complete follows, once, from any thread; it may have come already
};

/// One step of a workflow, ready to be called. A wrapper is a Node that holds another one.
///
/// A call ends by return or later by completion. No node knows whether it is measured.
class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  /// Does one attempt of `call`. Never throws: what goes wrong is `call.fail`. The innermost node calls `call.enter`
  /// before it leaves the host's own code, and does nothing when that says no.
  virtual RunState run(Call& call) noexcept = 0;

  /// Asks a running call to end soon. Any thread; may race with the call's end, which may still be a success. May
  /// block: the engine waits for it no longer than for the call.
  virtual void cancel(Call& call) noexcept = 0;

  /// The engine stopped waiting for this call, which had been entered: the store may not be read for it from now on.
  /// Its run, or its cancel, may still be on a thread; the node and whatever it uses stay alive until the process ends.
  virtual void abandon(Call& call) noexcept = 0;
};

}  // namespace pflow
