// The program as a whole, run with a plugin that misbehaves in ways that only a process shows: what reaches stdout, how
// much memory it takes, and that it ends.
#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

test::Finished run(const std::string& name, const test::TempFolder& folder, std::vector<std::string> more = {}) {
  const auto flow = folder.file("flow.json", fmt::format(R"({{"nodes": [{{"id": "n", "type": "bad.{}"}}]}})", name));
  std::vector<std::string> arguments{"run", flow.string(), "--plugin",
                                     fmt::format("{}/{}.pflow.so", PFLOW_TEST_BAD_PLUGINS, name)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return test::run_program(std::move(arguments), folder.path() / "home");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plugin_process)

BOOST_AUTO_TEST_CASE(what_a_plugin_prints_is_not_the_result) {
  const test::TempFolder folder;
  const test::Finished finished = run("prints", folder);
  BOOST_TEST(finished.exit_code == 0);
  BOOST_TEST(finished.out == "fine\n");
  BOOST_TEST(finished.err == "noise\n");
}

BOOST_AUTO_TEST_CASE(a_thread_that_never_stops_does_not_keep_the_program_or_crash_it,
                     *boost::unit_test::precondition([](auto) { return !test::is_sanitized(); })) {
  for (int i = 0; i < 10; ++i) {
    const test::TempFolder folder;
    const test::Finished finished = run("late_forever", folder);
    BOOST_TEST(finished.exit_code == 0);
    BOOST_TEST(finished.out == "fine\n");
  }
}

BOOST_AUTO_TEST_CASE(a_hundred_mebibytes_of_a_plugin_are_not_a_hundred_of_the_hosts) {
  for (const char* name : {"big_chunk", "big_log", "big_error"}) {
    const test::TempFolder folder;
    const test::Finished finished = run(name, folder);
    BOOST_TEST(finished.exit_code == (std::string_view(name) == "big_error" ? 1 : 0));
    BOOST_TEST(finished.err.size() < 40'000U);
    if (!test::is_sanitized())
      BOOST_TEST(finished.peak_kib < 150 * 1024, name << " took " << finished.peak_kib << " KiB");
  }
}

BOOST_AUTO_TEST_CASE(a_log_line_of_a_hundred_mebibytes_is_cut_when_it_is_shown) {
  const test::TempFolder folder;
  const test::Finished finished = run("big_log", folder, {"-v"});
  BOOST_TEST(finished.exit_code == 0);
  BOOST_TEST(finished.err.size() < 40'000U);
}

// What a run with the plugin that tells its secrets says on stderr; its exit code is 1 and its stdout empty.
std::string leaked(const char* flow, std::vector<std::string> more) {
  const test::TempFolder folder;
  std::vector<std::string> arguments{"run", folder.file("flow.json", flow).string(), "--plugin",
                                     fmt::format("{}/leaks.pflow.so", PFLOW_TEST_BAD_PLUGINS), "-vv"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  test::Finished finished = test::run_program(std::move(arguments), folder.path() / "home");
  BOOST_TEST(finished.exit_code == 1);
  BOOST_TEST(finished.out == "");
  return std::move(finished.err);
}

constexpr std::string_view kTold =
    R"(streams <redacted:key> and sk-"012!
[info] n: <redacted:key> {"key":"<redacted:key>","encoded":"dTp<redacted:key>Qg==","headers":{"Authorization":"Bearer <redacted:Authorization>"}}
[info] n: dTp<redacted:key>Qg== "{\"key\":\"<redacted:key>\",\"encoded\":\"dTp<redacted:key>Qg==\",\"headers\":{\"Authorization\":\"Bearer <redacted:Authorization>\"}}"
[info] n: Bearer <redacted:Authorization>
[metric] n: {"key":"<redacted:key>","encoded":"dTp<redacted:key>Qg==","headers":{"Authorization":"Bearer <redacted:Authorization>"}}
)";

BOOST_AUTO_TEST_CASE(a_plugin_that_tells_its_secrets_tells_them_to_nobody) {
  const std::string written = leaked(
      R"({"nodes": [{"id": "n", "type": "bad.leaks", "params": {"key": "sk-\"0123456789", "encoded": "dTpzay0iMDEyMzQ1Njc4OQg==",
          "headers": {"Authorization": "Bearer abcdefgh"}}}]})",
      {});
  const std::string filled_in = leaked(
      R"({"inputs": {"a": {}, "b": {}, "c": {}}, "nodes": [{"id": "n", "type": "bad.leaks",
          "params": {"key": "sk-${a}", "encoded": "${b}", "headers": {"Authorization": "Bearer ${c}"}}}]})",
      {"a=\"0123456789", "b=dTpzay0iMDEyMzQ1Njc4OQg==", "c=abcdefgh"});
  for (const std::string& told : {written, filled_in}) {
    BOOST_TEST(told.starts_with(kTold), told);
    BOOST_TEST(told.find("error: node \"n\": the server refused <redacted:key> (") != std::string::npos, told);
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_never_returns_does_not_keep_the_program) {
  const test::TempFolder folder;
  const auto flow =
      folder.file("flow.json", R"({"nodes": [{"id": "n", "type": "bad.ignores_cancel", "timeout_ms": 50}]})");
  const test::Finished finished = test::run_program(
      {"run", flow.string(), "--plugin", fmt::format("{}/ignores_cancel.pflow.so", PFLOW_TEST_BAD_PLUGINS)},
      folder.path() / "home");
  BOOST_TEST(finished.exit_code == 1);
  BOOST_TEST(finished.out.empty());
  BOOST_TEST(finished.err.find("left behind") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_plugin_that_crashes_is_named_in_both_outputs,
                     *boost::unit_test::precondition([](auto) { return !test::is_sanitized(); })) {
  const test::TempFolder folder;
  const test::Finished finished = run("run_crashes", folder, {"--output-format", "json"});
  const std::string what =
      fmt::format("its plugin {}/run_crashes.pflow.so crashed the process", PFLOW_TEST_BAD_PLUGINS);
  BOOST_TEST(finished.exit_code != 0);
  BOOST_TEST(finished.err == "error: node \"n\": " + what + "\n");
  const Result<Value> line = read_json(finished.out, "line");
  BOOST_REQUIRE(line);
  BOOST_TEST(to_json(*line->find("errors")) == R"([{"code":"plugin_misbehaved","message":"node \"n\": )" + what +
                                                   R"(","node_id":"n","where":null,"hint":null}])");
  BOOST_TEST(to_json(*line->find("cost_incomplete")) == "true");
  BOOST_TEST(to_json(*line->find("status")) == R"("failed")");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_ends_the_process_is_named_and_its_exit_code_is_not_taken_over) {
  const test::TempFolder folder;
  const test::Finished finished = run("run_exits", folder);
  BOOST_TEST(finished.exit_code == 1);
  BOOST_TEST(finished.out.empty());
  BOOST_TEST(finished.err ==
             fmt::format("error: node \"n\": its plugin {}/run_exits.pflow.so ended the process (exit)\n",
                         PFLOW_TEST_BAD_PLUGINS));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
