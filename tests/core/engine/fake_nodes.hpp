#pragma once

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/engine/call.hpp"
#include "core/engine/node_factory.hpp"

namespace pflow {

/// A door that a test opens: whoever waits at it goes on.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    wake_.notify_all();
  }

  void wait() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool open_ = false;
};

/// What a node type does; the counters may be read when no call is running.
struct FakeType {
  std::function<RunState(Call&)> run;
  std::function<void(Call&)> cancel = [](Call&) {};
  NodeType type;
  bool refuses = false;  ///< `create` fails
  std::atomic<int> cancelled{0};
  std::atomic<int> abandoned{0};
  std::atomic<int> ended{0};  ///< nodes destroyed
};

/// Does what its parameters say: {"fail_times": 2, "failure": {"message": ..., "kind": "authentication",
/// "retryable": true, "node_code": ..., "code": ..., "retry_after_ms": ..., "origin_code": ...}, "write": {...},
/// "fail_write": {...}, "action": ..., "sleep_ms": ...}. "fail_times" counts attempts of one call.
inline void act(Call& call) {
  const Value& script = call.params();
  const auto number = [](const Value& v, std::string_view key, std::int64_t otherwise) {
    const Value* found = v.find(key);
    return found == nullptr ? otherwise : found->as_int();
  };
  const auto write_all = [&](std::string_view key) {
    if (const Value* written = script.find(key)) {
      for (const Member& m : written->members())
        call.write(m.name(), m.value);
    }
  };
  if (const std::int64_t ms = number(script, "sleep_ms", 0); ms > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(ms));
  }
  if (const Value* action = script.find("action")) call.set_action(action->text());
  if (number(script, "fail_times", 0) < call.attempt()) return write_all("write");
  write_all("fail_write");
  Failure f;
  f.message = fmt::format("it broke on attempt {}", call.attempt());
  if (const Value* told = script.find("failure")) {
    const auto text = [&](std::string_view key) {
      const Value* found = told->find(key);
      return found == nullptr ? std::string_view() : found->text();
    };
    constexpr std::pair<std::string_view, FailureKind> kKinds[] = {
        {"invalid_parameters", FailureKind::kInvalidParameters},
        {"authentication", FailureKind::kAuthentication},
        {"timeout", FailureKind::kTimeout},
        {"cancelled", FailureKind::kCancelled}};
    for (const auto& [name, kind] : kKinds) {
      if (text("kind") == name) f.kind = kind;
    }
    for (const CodeInfo& info : all_codes()) {
      if (text("code") == info.name) f.code = info.code;
    }
    if (!text("message").empty()) f.message = text("message");
    f.hint = text("hint");
    f.node_code = text("node_code");
    if (const Value* retryable = told->find("retryable")) f.retryable = retryable->as_bool();
    if (const Value* detail = told->find("detail")) f.detail = *detail;
    f.retry_after_ms = number(*told, "retry_after_ms", -1);
    f.origin_code = static_cast<std::int32_t>(number(*told, "origin_code", 0));
  }
  call.fail(std::move(f));
}

/// Node types for tests of the engine. Every call is noted: `log` has "id id#2 " with attempts after the first.
///
/// | type | does |
/// |---|---|
/// | inline | `act`, on the engine's thread |
/// | script | `act`, blocking: on the worker |
/// | async | `act` on a thread of its own, then completes |
/// | early | `act`, completes before its run returns pending |
/// | patient | waits until it is cancelled, then `act` |
/// | stubborn | waits for `gate`, cancelled or not, then `act` |
/// | silent | returns pending and never completes |
class FakeNodes final : public NodeFactory {
 public:
  FakeNodes() {
    add("inline", [this](Call& call) { return note_and_act(call); }).type.nonblocking = true;
    add("script", [this](Call& call) { return note_and_act(call); });
    FakeType& async = add("async", [this](Call& call) {
      note(call);
      const std::lock_guard lock(mutex_);
      threads_.emplace_back([&call] {
        act(call);
        call.complete();
      });
      return RunState::kPending;
    });
    async.type.nonblocking = true;
    FakeType& early = add("early", [this](Call& call) {
      note_and_act(call);
      call.complete();
      return RunState::kPending;
    });
    early.type.nonblocking = true;
    FakeType& patient = add("patient", [this](Call& call) {
      note(call);
      asked_.wait();
      act(call);
      return RunState::kEnded;
    });
    patient.cancel = [this](Call&) { asked_.open(); };
    add("stubborn", [this](Call& call) {
      note(call);
      entered.open();
      gate.wait();
      return RunState::kEnded;
    });
    FakeType& silent = add("silent", [this](Call& call) {
      note(call);
      return RunState::kPending;
    });
    silent.type.nonblocking = true;
  }

  ~FakeNodes() override { join(); }

  /// Waits for the calls of "async" nodes; no run is under way.
  void join() {
    for (std::thread& t : threads_)
      t.join();
    threads_.clear();
  }

  /// A further type; its outputs are open and its parameters not described until told otherwise.
  FakeType& add(std::string name, std::function<RunState(Call&)> run) {
    FakeType& fake = types_.emplace_back();
    fake.run = std::move(run);
    fake.type.name = std::move(name);
    fake.type.open_outputs = true;
    return fake;
  }

  /// A type that is only described and never run.
  NodeType& describe(std::string name) {
    NodeType& type = add(std::move(name), [](Call&) { return RunState::kEnded; }).type;
    type.open_outputs = false;
    return type;
  }

  [[nodiscard]] FakeType& get(std::string_view name) {
    for (FakeType& fake : types_) {
      if (fake.type.name == name) return fake;
    }
    throw std::logic_error("no such fake");
  }

  Result<const NodeType*> find(std::string_view type_name) override {
    for (const FakeType& fake : types_) {
      if (fake.type.name == type_name) return &fake.type;
    }
    return Error{.code = Code::kUnknownNodeType,
                 .message = fmt::format("no plugin offers the node type \"{}\"", type_name),
                 .hint = "Install one."};
  }

  Result<std::unique_ptr<Node>> create(const NodeType& type, const Value& params) override {
    FakeType& fake = get(type.name);
    if (fake.refuses) {
      return Error{.code = Code::kPluginBroken, .message = fmt::format("the plugin of \"{}\" is broken", type.name)};
    }
    created.push_back(params);
    return std::unique_ptr<Node>(std::make_unique<FakeNode>(fake));
  }

  void note(const Call& call) {
    const std::lock_guard lock(mutex_);
    log_ += call.identity().node_id;
    if (call.attempt() > 1) log_ += "#" + std::to_string(call.attempt());
    log_ += ' ';
  }

  [[nodiscard]] std::string log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

  Gate gate;                   ///< lets `stubborn` go
  Gate entered;                ///< opened by `stubborn`
  std::vector<Value> created;  ///< the parameters that `create` was given

 private:
  class FakeNode final : public Node {
   public:
    explicit FakeNode(FakeType& fake) noexcept : fake_(fake) {}

    ~FakeNode() override { ++fake_.ended; }

    // Goes on when it was cancelled before: what a fake does then is up to its type.
    RunState run(Call& call) noexcept override {
      static_cast<void>(call.enter(this));
      if (left_behind_ && !fake_.type.concurrent) {
        Failure f;
        f.message = "a call that was left behind is still inside";
        call.fail(std::move(f));
        return RunState::kEnded;
      }
      return fake_.run(call);
    }

    void cancel(Call& call) noexcept override {
      ++fake_.cancelled;
      fake_.cancel(call);
    }

    void abandon(Call&) noexcept override {
      left_behind_ = true;
      ++fake_.abandoned;
    }

   private:
    FakeType& fake_;
    std::atomic<bool> left_behind_ = false;  // as a plugin's node, it lets nobody in then
  };

  RunState note_and_act(Call& call) {
    note(call);
    act(call);
    return RunState::kEnded;
  }

  std::deque<FakeType> types_;  // stable addresses: plans borrow them
  std::mutex mutex_;
  std::string log_;
  std::vector<std::thread> threads_;
  Gate asked_;
};

}  // namespace pflow
