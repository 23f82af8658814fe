#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "timer.hpp"
#include <pflow/node.hpp>

namespace pflow::echo {
namespace {

using timer::SharedTimer;
using timer::Timer;

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

struct Echo {
  static constexpr std::string_view kType = "echo";
  static constexpr std::uint32_t kFlags = PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING | PFLOW_NODE_IDEMPOTENT;

  /// Nothing has a default: the host would fill it in, and every call would have to read it.
  struct Params {
    sdk::Value message;
    sdk::Value data;
    std::optional<std::string_view> prefix;
    std::optional<std::string_view> suffix;
    std::optional<std::int64_t> count;
    std::optional<bool> uppercase;
    sdk::Value fail;
    std::optional<std::int64_t> delay_ms;

    static void declare(sdk::Fields<Params>& f) {
      f.add("message", &Params::message, "Text to hand on").type(sdk::Type::kString);
      f.add("data", &Params::data, "Any value to hand on as it is");
      f.add("prefix", &Params::prefix, "Text to put before the message");
      f.add("suffix", &Params::suffix, "Text to put after the message");
      f.add("count", &Params::count, "Write the result so often, with spaces between; at most 1 MiB of it")
          .minimum(1)
          .maximum(10'000);
      f.add("uppercase", &Params::uppercase, "Write the ASCII letters of the result in capitals");
      f.add("fail", &Params::fail, "For tests: true or a text makes the call fail with code echo_failed");
      f.add("delay_ms", &Params::delay_ms, "Wait so long before ending; takes no thread")
          .minimum(0)
          .maximum(86'400'000);
    }
  };

  static void describe(sdk::Description& d) {
    d.text("Hands its message and data on. For trying things out and for tests.")
        .primary("echo", sdk::Output::kString, "prefix + message + suffix, count times")
        .output("data", sdk::Output::kAny, "The parameter data; only if it was given")
        .example("Say hello", R"({"message": "hello"})");
  }

  sdk::Outcome run(const Params& params, sdk::Call& call) const {
    write_outputs(params, call);
    sdk::Outcome outcome = params.fail ? failure_of(params.fail) : sdk::Outcome();
    const std::int64_t delay_ms = params.delay_ms.value_or(0);
    if (delay_ms == 0) return outcome;
    Timer& timer = SharedTimer::get();
    const auto when = Timer::Clock::now() + std::chrono::milliseconds(delay_ms);
    timer.end_at(when, call.start_async(),
                 [outcome = std::move(outcome)](sdk::Completion completion) { completion.finish(outcome); });
    // A cancel() that came before the line above found nothing to cancel.
    if (call.cancelled()) timer.cancel(call.id());
    return {};
  }

  void cancel(sdk::CallId id) const noexcept {
    if (Timer* timer = SharedTimer::if_made(); timer != nullptr) timer->cancel(id);
  }

 private:
  static void write_outputs(const Params& params, sdk::Call& call) {
    if (params.data) call.set("data", params.data);
    const std::int64_t count = params.count.value_or(1);
    if (!params.prefix && !params.suffix && count == 1 && params.uppercase != true) {
      if (params.message) {
        call.set("echo", params.message);  // the host's own text, shared
      } else {
        call.set("echo", "");
      }
      return;
    }
    std::string text(params.prefix.value_or(""));
    if (params.message) text += params.message.as_string();
    text += params.suffix.value_or("");
    if (count > 1) text = repeated(text, count);
    if (params.uppercase == true) {
      for (char& c : text)
        c = upper(c);
    }
    call.set("echo", text);
  }

  static std::string repeated(const std::string& text, std::int64_t count) {
    constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
    if (text.size() > kMaxBytes / static_cast<std::size_t>(count)) {
      throw sdk::Failure{.status = PFLOW_E_INVALID,
                         .code = "invalid_parameter",
                         .message = "parameter \"count\": the result would be longer than 1 MiB"};
    }
    std::string out = text;
    for (std::int64_t i = 1; i < count; ++i)
      out.append(" ").append(text);
    return out;
  }

  /// `fail` is a text, or a boolean that asks for a text of our own.
  static sdk::Outcome failure_of(sdk::Value fail) {
    const auto flag = fail.if_bool();
    if (flag == false) return {};
    const auto text = fail.if_string();
    if (!flag && !text) {
      throw sdk::Failure{.status = PFLOW_E_INVALID,
                         .code = "invalid_parameter",
                         .message = "parameter \"fail\": expected a string or a boolean"};
    }
    if (text && text->empty()) return {};
    return sdk::Failure{.code = "echo_failed", .message = std::string(text.value_or("failed as asked"))};
  }
};

struct Hooks {
  static void deinit() noexcept { SharedTimer::stop(); }
};

}  // namespace
}  // namespace pflow::echo

PFLOW_PLUGIN_WITH(pflow::echo::Hooks, "pflow.echo", "0.1.0", pflow::echo::Echo);
