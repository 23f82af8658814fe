#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/engine/node_type.hpp"

/// Which provider answers an `llm` node: the rules of docs/providers.md, without files, plugins or the environment.
namespace pflow::host {

/// Where a secret was found. Its value is nobody's business here.
enum class KeySource : std::uint8_t { kMissing, kEnvironment, kSettings };

/// What counts for all llm nodes of a run, besides what they say themselves. Empty texts: not given.
struct LlmDefaults {
  std::string option_provider;       ///< --llm-provider
  std::string environment_provider;  ///< PFLOW_LLM_PROVIDER
  std::string settings_provider;     ///< llm.default_provider
  std::string option_model;          ///< --model
  std::string environment_model;     ///< PFLOW_DEFAULT_MODEL
  std::string settings_model;        ///< llm.default_model
  std::string settings_path;         ///< for messages
  std::function<KeySource(const std::string& name)> key = [](const std::string&) { return KeySource::kMissing; };
  std::function<std::string(const std::string& name)> setting = [](const std::string&) { return std::string(); };
};

/// What a node says itself.
struct LlmWish {
  std::string provider;        ///< empty: leaves it open
  std::string model;           ///< empty: leaves it open
  bool model_is_open = false;  ///< names one that only the run will know
};

/// The rule that decided, in the order in which they are tried.
enum class LlmRule : std::uint8_t { kNode, kOption, kEnvironment, kPrefix, kPattern, kSettings, kOnlyKey };

/// "--llm-provider", "its model's prefix", ...
[[nodiscard]] std::string_view rule_text(LlmRule rule) noexcept;

struct LlmChoice {
  const NodeType* type = nullptr;
  std::string model;  ///< without the provider's prefix; empty: none is known, or only the run will know
  LlmRule rule = LlmRule::kNode;
};

/// `providers` are node types whose `provider` is set. The first rule that leads somewhere decides. Error:
/// kUnknownProvider, whose hint tells what each provider knows and lacks; `where` is "#/provider" when the node named
/// it, the option or setting that did, or empty.
[[nodiscard]] Result<LlmChoice> choose_provider(const std::vector<const NodeType*>& providers,
                                                const LlmDefaults& defaults, const LlmWish& wish);

/// The model that this provider is to be asked for: the node's, else a default; without the provider's prefix.
[[nodiscard]] std::string model_for(const NodeType& type, const LlmDefaults& defaults, const LlmWish& wish);

/// True when `name` is the provider's name or its node type; letter case does not count.
[[nodiscard]] bool names_provider(std::string_view name, const NodeType& type) noexcept;

/// True when `pattern`, in which * stands for any text and ? for one character, fits; letter case does not count.
/// O(pattern * text).
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view text) noexcept;

/// The keys that a provider needs and nobody has given.
[[nodiscard]] std::vector<std::string_view> missing_keys(const ProviderInfo& provider, const LlmDefaults& defaults);

}  // namespace pflow::host
