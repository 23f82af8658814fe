#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/json_write.hpp"
#include "core/base/object_builder.hpp"
#include "core/base/suggest.hpp"
#include "host/cli/llm_setup.hpp"
#include "host/cli/session.hpp"
#include "host/cli/usage_error.hpp"
#include "host/loader/descriptor.hpp"

namespace pflow::host {
namespace {

using Offered = LlmProviders::Offered;

std::string_view source_text(KeySource source) noexcept {
  switch (source) {
    case KeySource::kEnvironment:
      return "environment";
    case KeySource::kSettings:
      return "settings";
    case KeySource::kMissing:
      break;
  }
  return "not set";
}

// Why nothing can be asked of it; empty: it can be used.
std::string obstacle(const Offered& o, const LlmDefaults& d) {
  if (o.error) return o.error->message;
  const std::vector<std::string_view> missing = missing_keys(*o.type->provider, d);
  if (missing.empty()) return {};
  return fmt::format("{} {} not set", listing(missing), missing.size() == 1 ? "is" : "are");
}

std::string joined(const std::vector<std::string>& texts, std::string_view otherwise) {
  return texts.empty() ? std::string(otherwise) : fmt::format("{}", fmt::join(texts, ", "));
}

constexpr std::size_t kColumns = 5;
using Row = std::array<std::string, kColumns>;

Row row_of(const Offered& o, const LlmDefaults& d) {
  const std::string why = obstacle(o, d);
  if (o.error) return {"?", std::string(o.type_name), "", "", "no: " + why};
  const ProviderInfo& p = *o.type->provider;
  std::vector<std::string> keys;
  for (const std::string& key : p.keys)
    keys.push_back(fmt::format("{} ({})", key, source_text(d.key(key))));
  return {p.name, o.type->name, p.default_model.empty() ? "none" : p.default_model, joined(keys, "none"),
          why.empty() ? "yes" : "no: " + why};
}

// Columns as wide as what stands in them; models and the file below, for they are longer than all of them.
std::string table_text(const std::vector<Offered>& offered, const LlmDefaults& d) {
  std::vector<Row> rows{{"PROVIDER", "NODE TYPE", "DEFAULT MODEL", "KEYS", "USABLE"}};
  for (const Offered& o : offered)
    rows.push_back(row_of(o, d));
  std::array<std::size_t, kColumns> widths{};
  constexpr std::size_t kWidest = 40;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i)
      widths[i] = std::min(kWidest, std::max(widths[i], row[i].size()));
  }
  std::string text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i)
      line += i + 1 == kColumns ? rows[r][i] : fmt::format("{:<{}}  ", rows[r][i], widths[i]);
    text += line + "\n";
    if (r == 0 || offered[r - 1].type == nullptr) continue;
    const NodeType& type = *offered[r - 1].type;
    const std::string models =
        type.provider->by_name_only ? "any, only by name" : joined(type.provider->models, "not told");
    text += fmt::format("{0:<{1}}  models: {2}\n{0:<{1}}  plugin: {3}\n", "", widths[0], models, type.plugin_path);
  }
  return text;
}

std::string default_text(const Result<LlmChoice>& choice) {
  if (!choice) return fmt::format("An llm node that says nothing more cannot be run: {}.\n", choice.error().message);
  return fmt::format("An llm node that says nothing more is answered by {}, {} ({}).\n", choice->type->provider->name,
                     choice->model.empty() ? "without a model" : "model " + choice->model, rule_text(choice->rule));
}

Value provider_value(const Offered& o, const LlmDefaults& d) {
  const ProviderInfo none;
  const ProviderInfo& p = o.type != nullptr ? *o.type->provider : none;
  std::vector<Value> keys;
  for (const std::string& key : p.keys) {
    const KeySource source = d.key(key);
    keys.push_back(ObjectBuilder()
                       .add("name", key)
                       .add("present", Value::boolean(source != KeySource::kMissing))
                       .add("source", source == KeySource::kMissing ? Value() : Value::string(source_text(source)))
                       .finish());
  }
  const std::string why = obstacle(o, d);
  return ObjectBuilder()
      .add("name", text_or_null(p.name))
      .add("type", o.type_name)
      .add("plugin", o.type != nullptr ? Value::string(o.type->plugin_path) : Value())
      .add("models", array_of_texts(p.models))
      .add("default_model", text_or_null(p.default_model))
      .add("by_name_only", Value::boolean(p.by_name_only))
      .add("keys", Value::array(keys))
      .add("base_url_setting", text_or_null(p.base_url_setting))
      .add("usable", Value::boolean(why.empty()))
      .add("why", text_or_null(why))
      .finish();
}

Value document(const std::vector<Offered>& offered, const LlmDefaults& d, const Result<LlmChoice>& choice) {
  std::vector<Value> list;
  list.reserve(offered.size());
  for (const Offered& o : offered)
    list.push_back(provider_value(o, d));
  ObjectBuilder m;
  m.add("providers", Value::array(list));
  if (choice) {
    m.add("default", ObjectBuilder()
                         .add("provider", choice->type->provider->name)
                         .add("type", choice->type->name)
                         .add("model", text_or_null(choice->model))
                         .add("chosen_by", rule_text(choice->rule))
                         .finish());
  } else {
    m.add("default", Value());
  }
  m.add("why_no_default", choice ? Value() : Value::string(choice.error().message));
  return m.finish();
}

}  // namespace

ExitCode providers_command(Session& session) {
  if (!session.options().words.empty())
    return session.refuse({usage_error("\"providers\" takes no further words")}, {});
  Problems warnings;
  const std::unique_ptr<Registry> registry = session.make_registry(nullptr, warnings);
  LlmSetup setup(session.options(), session.settings());
  LlmProviders providers = setup.providers(*registry, {});
  const std::vector<Offered>& offered = providers.offered();
  const Result<LlmDefaults>& defaults = providers.defaults();
  for (Error& w : setup.take_warnings())
    warnings.push_back(std::move(w));
  if (!defaults) return session.refuse({defaults.error()}, std::move(warnings));
  for (const Error& w : warnings)
    session.console().warning(w);
  const Result<LlmChoice> choice = providers.choose(kLlm, Value());
  if (session.json()) return session.print(to_json(document(offered, *defaults, choice)) + "\n");
  if (offered.empty()) session.console().note("No LLM providers: no plugin offers one. See pflow-host plugins.");
  return session.show(offered.empty() ? std::string() : table_text(offered, *defaults) + "\n" + default_text(choice));
}

}  // namespace pflow::host
