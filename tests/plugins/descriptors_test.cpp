#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "core/ir/parse.hpp"
#include "host/services/http/http_module.hpp"
#include "tests/host/loader/plugin_run.hpp"
#include "tests/plugins/chat_server_process.hpp"

/// Batches of calls to a provider, again and again in one process: what each opens, it closes.
namespace pflow::host {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCalls = 50;

constexpr std::size_t kOwnSockets = 8;  // what libcurl may need besides its connections

struct Open {
  std::size_t sockets = 0;
  std::size_t others = 0;
  std::size_t threads = 0;
};

Open what_is_open() {
  Open open;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;  // the descriptor that lists the folder
    const std::string target = fs::read_symlink(entry.path(), gone).string();
    if (gone || target.find("/fd") != std::string::npos) continue;
    ++(target.starts_with("socket:") ? open.sockets : open.others);
  }
  for ([[maybe_unused]] const fs::directory_entry& entry : fs::directory_iterator("/proc/self/task"))
    ++open.threads;
  return open;
}

/// The same, once the I/O thread has closed what calls that ended early left to it.
Open what_stays_open(std::size_t most_sockets) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  Open open = what_is_open();
  while (open.sockets > most_sockets && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    open = what_is_open();
  }
  return open;
}

/// Cancels the run when so many calls have started, or have settled.
class Canceller final : public RunObserver {
 public:
  Canceller(RunControl& control, std::size_t started, std::size_t settled) noexcept
      : control_(control), started_(started), settled_(settled) {}

  void call_started(const PlanNode&, const Call&) override { count(started_); }

  void attempt_failed(const PlanNode&, const Call&, std::chrono::milliseconds) override {}

  void call_settled(const PlanNode&, const Call&) override { count(settled_); }

  void call_ended(const PlanNode&, const Call&) override {}

 private:
  void count(std::size_t& left) {
    if (left != 0 && --left == 0) control_.cancel();
  }

  RunControl& control_;
  std::size_t started_;  // 0: never
  std::size_t settled_;
};

/// Has one key for all.
class OneKey final : public SettingSource {
 public:
  Result<std::optional<std::string>> secret(std::string_view) override { return std::optional<std::string>("none"); }

  Result<std::optional<std::string>> setting(std::string_view) override { return std::optional<std::string>(); }
};

/// One registry and one HTTP client, as a long-lived process has them, and any number of runs over them.
class Batches {
 public:
  Batches() : registry_(options()) {}

  struct Setup {
    std::string more_of_node = {};
    std::size_t at_once = kCalls;
    std::size_t cancel_at_started = 0;
    std::size_t cancel_at_settled = 0;
  };

  /// How it ended: "success", or "failed: why".
  std::string run(const std::string& base_url, const Setup& setup) {
    std::string items = "0";
    for (std::size_t i = 1; i < kCalls; ++i)
      items += "," + std::to_string(i);
    const std::string document = fmt::format(
        R"({{"nodes": [{{"id": "n", "type": "llm.openai", "params": {{"prompt": "item ${{item}}", "model": "m",)"
        R"("base_url": "{}"}}, "retry": {{"max_attempts": 1}}{}, "batch": {{"items": [{}], "parallel": true, "max_concurrent": {},)"
        R"("error_handling": "continue"}}}}]}})",
        base_url, setup.more_of_node, items, setup.at_once);
    Problems problems;
    const std::optional<ir::Workflow> workflow = ir::parse_workflow(document, "flow.json", problems);
    BOOST_REQUIRE(workflow);
    Problems warnings;
    const std::unique_ptr<Plan> plan = make_plan(*workflow, {}, registry_, problems, warnings);
    BOOST_REQUIRE_MESSAGE(plan, (problems.empty() ? "no plan" : problems.front().message));
    BOOST_REQUIRE(instantiate(*plan, registry_, problems));
    SharedStore store(plan->names);
    RunControl control;
    Canceller canceller(control, setup.cancel_at_started, setup.cancel_at_settled);
    RunOptions options;
    options.run_id = "test";
    options.observer = &canceller;
    options.events = &told_;
    const RunResult result = Engine(*plan, control, options).run(store);
    BOOST_TEST(result.abandoned == 0U);
    const std::string status(run_status_name(result.status));
    return result.status == RunStatus::kFailed && result.error ? status + ": " + result.error->message : status;
  }

 private:
  Registry::Options options() {
    Registry::Options options = test::options_for({fs::path(PFLOW_TEST_PLUGINS) / "llm-openai.pflow.so"});
    options.events = &told_;
    options.services = {&http_, &settings_};
    return options;
  }

  test::Told told_;
  HttpModule http_;
  OneKey settings_;
  Registry registry_;  // last: its plugins use the others
};

}  // namespace

BOOST_AUTO_TEST_SUITE(descriptors)

BOOST_AUTO_TEST_CASE(a_hundred_batches_leave_no_descriptor_and_no_thread) {
  const test::ChatServerProcess server(std::chrono::milliseconds(10));
  const std::string nobody = "http://127.0.0.1:1/v1";  // refuses
  std::thread([] {}).join();                           // a sanitizer starts a thread of its own with the first one
  const Open cold = what_is_open();
  {
    Batches batches;
    BOOST_TEST(batches.run(server.base_url(), {}) == "success");
    const Open warm = what_is_open();
    BOOST_TEST(warm.sockets > cold.sockets);  // connections are kept
    const std::size_t most_sockets = cold.sockets + kCalls + kOwnSockets;
    for (int i = 0; i < 20; ++i) {
      BOOST_TEST(batches.run(server.base_url(), {}) == "success");
      BOOST_TEST(batches.run(server.base_url(), {.cancel_at_started = kCalls / 2}) == "cancelled");  // none answered
      BOOST_TEST(batches.run(server.base_url(), {.at_once = 10, .cancel_at_settled = 15}) == "cancelled");  // midway
      BOOST_TEST(batches.run(nobody, {}).starts_with("failed"));
      static_cast<void>(batches.run(server.base_url(), {.more_of_node = R"(, "timeout_ms": 1)"}));  // in time or not
      const Open now = what_stays_open(most_sockets);
      BOOST_TEST(now.sockets <= most_sockets);
      BOOST_TEST(now.others == warm.others);
      BOOST_TEST(now.threads == warm.threads);
    }
    BOOST_TEST(batches.run(server.base_url(), {}) == "success");
  }
  const Open after = what_is_open();
  BOOST_TEST(after.sockets == cold.sockets);
  BOOST_TEST(after.others == cold.others);
  BOOST_TEST(after.threads == cold.threads);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
