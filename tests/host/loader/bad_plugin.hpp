#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/host/loader/plugin_run.hpp"

/// Running one of tests/plugins_bad as the only node of a workflow, and what comes of it as text.
namespace pflow::host::bad {

using test::Ran;
using test::RunSetup;

inline const std::filesystem::path kFolder = PFLOW_TEST_BAD_PLUGINS;

inline Ran run(const std::string& name, const RunSetup& setup = {}) {
  return test::run_plugin(kFolder / (name + ".pflow.so"), "bad." + name, setup);
}

inline std::string failure_of(const Ran& ran) {
  if (!ran.problems.empty()) return "could not start: " + test::text_of(ran.problems.front(), kFolder);
  if (!ran.result.error) return "did not fail; outputs: " + ran.outputs;
  return test::text_of(*ran.result.error, kFolder);
}

inline std::string failure_of(const std::string& name) {
  return failure_of(run(name));
}

// What a plugin did wrong, as the whole error says it.
inline std::string misbehaved(std::string_view file, std::string_view what) {
  return fmt::format(
      "plugin_misbehaved: node \"n\": its plugin {}.pflow.so {}\nflow.json: /nodes/0\n"
      "This is a defect of the plugin: tell its author.",
      file, what);
}

inline std::string outputs_of(const std::string& name) {
  const Ran ran = run(name);
  return ran.problems.empty() && !ran.result.error ? ran.outputs : failure_of(ran);
}

inline RunSetup with_timeout() {
  RunSetup setup;
  setup.more_of_node = R"(, "timeout_ms": 40)";
  return setup;
}

}  // namespace pflow::host::bad
