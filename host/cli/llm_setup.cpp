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
  const Result<const Settings*> read = settings_.file();
  if (!read) return read.error();
  read_ = true;
  const Settings& settings = **read;
  LlmDefaults d;
  d.option_provider = options_.llm_provider.value_or("");
  d.option_model = options_.model.value_or("");
  d.environment_provider = variable("PFLOW_LLM_PROVIDER");
  d.environment_model = variable("PFLOW_DEFAULT_MODEL");
  d.settings_provider = settings.default_provider;
  d.settings_model = settings.default_model;
  d.settings_path = settings.path;
  d.key = [&settings](const std::string& name) {
    if (!variable(name).empty()) return KeySource::kEnvironment;
    return Settings::find(settings.keys, name) != nullptr ? KeySource::kSettings : KeySource::kMissing;
  };
  d.setting = [this](const std::string& name) {
    const Result<std::optional<std::string>> found = settings_.setting(name);
    return found && *found ? **found : std::string();
  };
  return d;
}

Settings::Named LlmSetup::secrets() const {
  if (!read_) return {};
  const Result<const Settings*> read = settings_.file();
  return read ? (*read)->keys : Settings::Named();
}

std::vector<LlmInput> inputs_before_run(const ir::Workflow& workflow) {
  std::vector<LlmInput> inputs;
  for (const ir::Input& input : workflow.inputs)
    inputs.push_back({input.name, input.default_value});
  return inputs;
}

}  // namespace pflow::host
