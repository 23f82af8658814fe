#include "host/cli/llm_setup.hpp"

#include "host/cli/environment.hpp"

namespace pflow::host {
namespace {

// An empty variable is one that is not set.
std::string variable(const std::string& name) {
  return environment(name).value_or("");
}

}  // namespace

Result<LlmDefaults> LlmSetup::read() {
  Result<Settings> settings = read_settings(home_folder(), warnings_);
  if (!settings) return std::move(settings).error();
  settings_ = std::move(settings).value();
  LlmDefaults d;
  d.option_provider = options_.llm_provider.value_or("");
  d.option_model = options_.model.value_or("");
  d.environment_provider = variable("PFLOW_LLM_PROVIDER");
  d.environment_model = variable("PFLOW_DEFAULT_MODEL");
  d.settings_provider = settings_.default_provider;
  d.settings_model = settings_.default_model;
  d.settings_path = settings_.path;
  d.key = [this](const std::string& name) {
    if (!variable(name).empty()) return KeySource::kEnvironment;
    return Settings::find(settings_.keys, name) != nullptr ? KeySource::kSettings : KeySource::kMissing;
  };
  d.setting = [this](const std::string& name) {
    std::string value = variable(name);
    if (!value.empty()) return value;
    const std::string* found = Settings::find(settings_.variables, name);
    return found == nullptr ? std::string() : *found;
  };
  return d;
}

std::vector<LlmInput> inputs_before_run(const ir::Workflow& workflow) {
  std::vector<LlmInput> inputs;
  for (const ir::Input& input : workflow.inputs)
    inputs.push_back({input.name, input.default_value});
  return inputs;
}

}  // namespace pflow::host
