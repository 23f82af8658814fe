#pragma once

#include <utility>
#include <vector>

#include "host/cli/options.hpp"
#include "host/cli/user_settings.hpp"
#include "host/loader/llm_providers.hpp"

namespace pflow::host {

/// What the command line, the environment and the settings say of llm nodes. Nothing is read before `read`.
class LlmSetup {
 public:
  /// Both borrowed.
  LlmSetup(const Options& options, UserSettings& settings) noexcept : options_(options), settings_(settings) {}

  LlmSetup(const LlmSetup&) = delete;
  LlmSetup& operator=(const LlmSetup&) = delete;

  /// The factory for a plan. Borrows both; `inputs` are those of the workflow.
  [[nodiscard]] LlmProviders providers(Registry& registry, std::vector<LlmInput> inputs) {
    return {registry, std::move(inputs), [this] { return read(); }};
  }

  /// The values of keys that came from the settings, by name: what is to be kept out of all texts.
  [[nodiscard]] Settings::Named secrets() const;

  /// What is wrong with the settings without keeping anybody from using them.
  [[nodiscard]] Problems take_warnings() { return settings_.take_warnings(); }

 private:
  [[nodiscard]] Result<LlmDefaults> read();

  const Options& options_;
  UserSettings& settings_;
  bool read_ = false;
};

/// Declared inputs before a run: those that have a default have a value.
[[nodiscard]] std::vector<LlmInput> inputs_before_run(const ir::Workflow& workflow);

}  // namespace pflow::host
