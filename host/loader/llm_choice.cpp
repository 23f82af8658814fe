#include "host/loader/llm_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kShownBytes = 80;  // of a name in a message

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

const std::string& first_of(const std::string& a, const std::string& b, const std::string& c, const std::string& d) {
  for (const std::string* text : {&a, &b, &c}) {
    if (!text->empty()) return *text;
  }
  return d;
}

// The model that is asked for before any provider is known.
std::string model_wished(const LlmDefaults& d, const LlmWish& wish) {
  if (wish.model_is_open) return {};
  return first_of(wish.model, d.option_model, d.environment_model, d.settings_model);
}

// "anthropic" of "anthropic/claude-x"; empty when there is none.
std::string_view prefix_of(std::string_view model) noexcept {
  const std::size_t slash = model.find('/');
  return slash == std::string_view::npos ? std::string_view() : model.substr(0, slash);
}

bool knows_model(const ProviderInfo& p, std::string_view model) noexcept {
  return !p.by_name_only &&
         std::any_of(p.models.begin(), p.models.end(), [&](const auto& m) { return matches_pattern(m, model); });
}

std::string key_text(const ProviderInfo& p, const LlmDefaults& d) {
  if (p.keys.empty()) return "needs no key";
  const std::vector<std::string_view> missing = missing_keys(p, d);
  if (missing.empty()) return "its key is set";
  return fmt::format("needs {}, which {} not set", printable(listing(missing, 5), kShownBytes * 2),
                     missing.size() == 1 ? "is" : "are");
}

std::string models_text(const ProviderInfo& p) {
  if (p.by_name_only) return "only by name";
  if (p.models.empty()) return "knows no models by name";
  return "models " + printable(listing({p.models.begin(), p.models.end()}, 8), kShownBytes * 3);
}

// What each provider knows and lacks.
std::string table_text(const std::vector<const NodeType*>& providers, const LlmDefaults& d) {
  if (providers.empty()) return "Providers: none. No plugin offers one; see pflow-host plugins.";
  constexpr std::size_t kMost = 20;
  std::string text = "Providers:";
  for (std::size_t i = 0; i < providers.size(); ++i) {
    const ProviderInfo& p = *providers[i]->provider;
    if (i < kMost) {
      text += fmt::format("\n  {} ({}): {}; {}", printable(p.name, kShownBytes),
                          printable(providers[i]->name, kShownBytes), models_text(p), key_text(p, d));
    }
  }
  if (providers.size() > kMost) text += fmt::format("\n  and {} more: pflow-host providers", providers.size() - kMost);
  return text;
}

// The table, and what to do when nobody named a provider.
std::string advice_text(const std::vector<const NodeType*>& providers, const LlmDefaults& d) {
  std::string text = table_text(providers, d);
  if (providers.empty()) return text;
  text += "\nName one with the node's \"provider\", with --llm-provider or with PFLOW_LLM_PROVIDER.";
  for (const NodeType* type : providers) {
    const ProviderInfo& p = *type->provider;
    if (!p.by_name_only || !p.keys.empty()) continue;
    text += fmt::format(" To try the workflow without a key: --llm-provider {}", printable(p.name, kShownBytes));
    break;
  }
  return text;
}

Error no_provider(std::string message, std::string where, std::string hint) {
  Error e;
  e.code = Code::kUnknownProvider;
  e.message = std::move(message);
  e.where = std::move(where);
  e.hint = std::move(hint);
  return e;
}

std::string names_text(const std::vector<const NodeType*>& types) {
  std::vector<std::string_view> names;
  names.reserve(types.size());
  for (const NodeType* type : types)
    names.push_back(type->provider->name);
  return printable(listing(names, 10), kShownBytes * 4);
}

// Tries the rules for one node.
class Chooser {
 public:
  Chooser(const std::vector<const NodeType*>& providers, const LlmDefaults& defaults, const LlmWish& wish)
      : providers_(providers), d_(defaults), wish_(wish), model_(model_wished(defaults, wish)) {}

  Result<LlmChoice> choose() const {
    if (!wish_.provider.empty()) return named(wish_.provider, LlmRule::kNode, "#/provider");
    if (!d_.option_provider.empty()) return named(d_.option_provider, LlmRule::kOption, "--llm-provider");
    if (!d_.environment_provider.empty())
      return named(d_.environment_provider, LlmRule::kEnvironment, "PFLOW_LLM_PROVIDER");
    if (const std::string_view prefix = prefix_of(model_); !prefix.empty()) {
      const std::vector<const NodeType*> found = all_named(prefix);
      if (found.size() == 1) return made(found.front(), LlmRule::kPrefix);
      if (found.size() > 1) return ambiguous_name(prefix, found, "");
    }
    if (!model_.empty()) {
      const std::vector<const NodeType*> found = knowing();
      if (found.size() == 1) return made(found.front(), LlmRule::kPattern);
      if (found.size() > 1) return one_of(found);
    }
    if (!d_.settings_provider.empty()) {
      return named(d_.settings_provider, LlmRule::kSettings,
                   fmt::format("llm.default_provider in {}", d_.settings_path));
    }
    const std::vector<const NodeType*> ready = with_keys(providers_);
    if (ready.size() == 1) return made(ready.front(), LlmRule::kOnlyKey);
    if (ready.size() > 1) {
      return no_provider(fmt::format("several LLM providers could answer: the keys of {} are set", names_text(ready)),
                         "", advice_text(providers_, d_));
    }
    return no_provider(model_.empty() ? "there is no LLM provider to choose"
                                      : fmt::format("there is no LLM provider to choose for the model \"{}\"",
                                                    printable(model_, kShownBytes)),
                       "", advice_text(providers_, d_));
  }

 private:
  LlmChoice made(const NodeType* type, LlmRule rule) const { return {type, model_for(*type, d_, wish_), rule}; }

  // A node type is one provider's only; the name of a provider may be another one's too.
  std::vector<const NodeType*> all_named(std::string_view name) const {
    std::vector<const NodeType*> found;
    for (const NodeType* type : providers_) {
      if (same_word(name, type->name)) return {type};
      if (same_word(name, type->provider->name)) found.push_back(type);
    }
    return found;
  }

  Result<LlmChoice> named(std::string_view name, LlmRule rule, std::string where) const {
    const std::vector<const NodeType*> found = all_named(name);
    if (found.size() == 1) return made(found.front(), rule);
    if (found.size() > 1) return ambiguous_name(name, found, std::move(where));
    std::vector<std::string_view> names;
    for (const NodeType* type : providers_) {
      names.emplace_back(type->provider->name);
      names.emplace_back(type->name);
    }
    const std::string_view near = nearest(name, names);
    std::string hint = near.empty() ? "" : fmt::format("Did you mean \"{}\"? ", printable(near, kShownBytes));
    hint += table_text(providers_, d_);
    return no_provider(fmt::format("unknown LLM provider \"{}\"", printable(name, kShownBytes)), std::move(where),
                       std::move(hint));
  }

  static Error ambiguous_name(std::string_view name, const std::vector<const NodeType*>& found, std::string where) {
    std::string hint = "Name the node type instead:";
    for (const NodeType* type : found)
      hint += fmt::format("\n  {} ({})", printable(type->name, kShownBytes), type->plugin_path);
    return no_provider(fmt::format("several LLM providers are called \"{}\"", printable(name, kShownBytes)),
                       std::move(where), std::move(hint));
  }

  std::vector<const NodeType*> knowing() const {
    std::vector<const NodeType*> found;
    for (const NodeType* type : providers_) {
      if (knows_model(*type->provider, model_)) found.push_back(type);
    }
    return found;
  }

  // Keyless ones never count: that they can be used says nothing of what the user wants.
  std::vector<const NodeType*> with_keys(const std::vector<const NodeType*>& among) const {
    std::vector<const NodeType*> found;
    for (const NodeType* type : among) {
      const ProviderInfo& p = *type->provider;
      if (!p.by_name_only && !p.keys.empty() && missing_keys(p, d_).empty()) found.push_back(type);
    }
    return found;
  }

  // Several know the model: the rules that follow decide among them.
  Result<LlmChoice> one_of(const std::vector<const NodeType*>& found) const {
    std::vector<const NodeType*> left;
    for (const NodeType* type : found) {
      if (names_provider(d_.settings_provider, *type)) left.push_back(type);
    }
    if (left.size() == 1) return made(left.front(), LlmRule::kPattern);
    left = with_keys(found);
    if (left.size() == 1) return made(left.front(), LlmRule::kPattern);
    return no_provider(fmt::format("several LLM providers know the model \"{}\": {}", printable(model_, kShownBytes),
                                   names_text(found)),
                       "", advice_text(providers_, d_));
  }

  const std::vector<const NodeType*>& providers_;
  const LlmDefaults& d_;
  const LlmWish& wish_;
  std::string model_;
};

}  // namespace

std::string_view rule_text(LlmRule rule) noexcept {
  switch (rule) {
    case LlmRule::kNode:
      return "the node names it";
    case LlmRule::kOption:
      return "--llm-provider";
    case LlmRule::kEnvironment:
      return "PFLOW_LLM_PROVIDER";
    case LlmRule::kPrefix:
      return "the model's prefix";
    case LlmRule::kPattern:
      return "it knows the model";
    case LlmRule::kSettings:
      return "llm.default_provider in the settings";
    case LlmRule::kOnlyKey:
      break;
  }
  return "the only one whose key is set";
}

Result<LlmChoice> choose_provider(const std::vector<const NodeType*>& providers, const LlmDefaults& defaults,
                                  const LlmWish& wish) {
  return Chooser(providers, defaults, wish).choose();
}

std::string model_for(const NodeType& type, const LlmDefaults& defaults, const LlmWish& wish) {
  if (wish.model_is_open) return {};
  std::string model = model_wished(defaults, wish);
  if (model.empty()) model = type.provider->default_model;
  // Another provider's prefix stays: a server may offer "vendor/model" under this very name.
  const std::string_view prefix = prefix_of(model);
  if (!prefix.empty() && prefix.size() + 1 < model.size() && names_provider(prefix, type))
    model.erase(0, prefix.size() + 1);
  return model;
}

bool names_provider(std::string_view name, const NodeType& type) noexcept {
  return !name.empty() && (same_word(name, type.provider->name) || same_word(name, type.name));
}

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last one seen, and what it stands for ends before `resume`
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || lower(pattern[p]) == lower(text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

std::vector<std::string_view> missing_keys(const ProviderInfo& provider, const LlmDefaults& defaults) {
  std::vector<std::string_view> missing;
  for (const std::string& key : provider.keys) {
    if (defaults.key(key) == KeySource::kMissing) missing.emplace_back(key);
  }
  return missing;
}

}  // namespace pflow::host
