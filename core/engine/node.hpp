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

  /// Does one attempt of `call`. Never throws: what goes wrong is `call.fail`.
  virtual RunState run(Call& call) noexcept = 0;

  /// Asks a running call to end soon. Any thread; may race with the call's end, which may still be a success.
  virtual void cancel(Call& call) noexcept = 0;

  /// The engine stopped waiting for this call: nothing of it may be read or written from now on. Its run may still be
  /// on a thread; the node and whatever it uses stay alive until the process ends.
  virtual void abandon(Call& call) noexcept = 0;
};

}  // namespace pflow
