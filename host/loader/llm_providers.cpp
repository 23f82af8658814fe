#include "host/loader/llm_providers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/suggest.hpp"
#include "core/base/utf8.hpp"
#include "core/base/wording.hpp"
#include "core/template/resolver.hpp"
#include "host/loader/descriptor.hpp"

namespace pflow::host {
namespace {

constexpr std::string_view kProvider = "provider";
constexpr std::string_view kModel = "model";
constexpr std::string_view kBaseUrl = "base_url";

Error invalid_provider(std::string message, std::string hint) {
  Error e;
  e.code = Code::kInvalidParameter;
  e.message = std::move(message);
  e.where = fmt::format("#/{}", kProvider);
  e.hint = std::move(hint);
  return e;
}

// A text as a parameter that is no template.
Value literal(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "${") out += '$';
    out += text[i];
  }
  return Value::string(out);
}

// A host's word for a parameter: into the place of the node's, or behind the others when the type takes it.
void write(std::vector<Member>& members, const NodeType& type, std::string_view name, std::string_view text) {
  const auto given = std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.name() == name; });
  if (given != members.end()) {
    given->value = literal(text);
  } else if (type.param(name) != nullptr || (type.params.empty() && !type.closed_params)) {
    members.push_back({Value::string(name), literal(text)});
  }
}

bool is_given(const Value* v) noexcept {
  return v != nullptr && !v->is_null() && !(v->is_string() && v->size() == 0);
}

}  // namespace

/// A parameter's text as far as it is known before the run.
struct LlmProviders::Text {
  enum class State : std::uint8_t {
    kAbsent,
    kKnown,
    kOfInputs,  ///< of inputs that only a run will know
    kOpen,      ///< of something else, or no text
  };
  State state = State::kAbsent;
  std::string text;
};

Result<LlmProviders::FilledIn> LlmProviders::filled_in(const Value& written, std::string_view name) const {
  ParamTemplate t = ParamTemplate::parse(written);
  if (t.is_constant()) return FilledIn{Known::kNow, t.constant()};
  bool known = true;
  bool of_inputs = true;
  t.for_each_use("", [&](const TemplateUse& use) {
    const auto input =
        std::find_if(inputs_.begin(), inputs_.end(), [&](const auto& i) { return i.name == use.path->head; });
    of_inputs = of_inputs && input != inputs_.end();
    known = known && input != inputs_.end() && input->value;
  });
  if (!of_inputs) return FilledIn{Known::kOpen, {}};
  if (!known) return FilledIn{Known::kOfInputs, {}};
  StoreNames names;
  for (const LlmInput& input : inputs_)
    names.inputs.push_back(input.name);
  names.index();
  SharedStore store(names);
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    store.set_input(static_cast<std::uint32_t>(i), inputs_[i].value.value_or(Value()));
  TemplateResolver resolver(OnMissing::kFail);
  Result<Value> resolved = resolver.resolve(t, Scope::root_of(store), fmt::format("#/{}", name));
  if (!resolved) return std::move(resolved).error();
  return FilledIn{Known::kNow, std::move(resolved).value()};
}

Result<LlmProviders::Text> LlmProviders::text_of(const Value& params, std::string_view name) const {
  const Value* v = params.find(name);
  if (!is_given(v)) return Text{};
  const Text open{Text::State::kOpen, {}};
  if (!v->is_string()) return open;
  const Result<FilledIn> filled = filled_in(*v, name);
  if (!filled) return filled.error();
  if (filled->known == Known::kOpen) return open;
  if (filled->known == Known::kOfInputs) return Text{Text::State::kOfInputs, {}};
  if (!is_given(&filled->value)) return Text{};
  if (!filled->value.is_string()) return open;
  return Text{Text::State::kKnown, std::string(filled->value.text())};
}

// An input whose value a node of the workflow around it makes is no more known than that node's output.
void LlmProviders::enter_workflow(const ir::Workflow& workflow, const Value& mapping) {
  std::vector<LlmInput> inputs;
  for (const Member& m : mapping.is_object() ? mapping.members() : std::span<const Member>()) {
    Result<FilledIn> filled = filled_in(m.value, m.name());
    if (!filled || filled->known == Known::kOpen) continue;
    const bool now = filled->known == Known::kNow;
    inputs.push_back({std::string(m.name()), now ? std::optional(std::move(filled->value)) : std::nullopt});
  }
  for (const ir::Input& input : workflow.inputs) {
    if (mapping.find(input.name) == nullptr) inputs.push_back({input.name, input.default_value.value_or(Value())});
  }
  around_.push_back(std::exchange(inputs_, std::move(inputs)));
}

void LlmProviders::leave_workflow() {
  inputs_ = std::move(around_.back());
  around_.pop_back();
}

Result<LlmWish> LlmProviders::wish_of(const Value& params, bool& waits_for_inputs) const {
  LlmWish wish;
  Result<Text> provider = text_of(params, kProvider);
  if (!provider) {
    Error e = std::move(provider).error();
    e.code = Code::kInvalidParameter;
    return e;
  }
  if (provider->state == Text::State::kOpen) {
    const Value& written = *params.find(kProvider);
    if (!written.is_string()) {
      return invalid_provider(
          fmt::format("parameter \"provider\" must be a string, not {}", with_article(type_name(written))), "");
    }
    return invalid_provider(
        "\"provider\" must be known before the run: a template in it may name inputs that are texts",
        "Name a provider, or declare an input for it: \"provider\": \"${provider}\".");
  }
  wish.provider = std::move(provider->text);
  Result<Text> model = text_of(params, kModel);
  wish.model_is_open = !model || model->state == Text::State::kOpen || model->state == Text::State::kOfInputs;
  if (model) wish.model = std::move(model->text);
  waits_for_inputs = provider->state == Text::State::kOfInputs || (model && model->state == Text::State::kOfInputs);
  return wish;
}

const std::vector<LlmProviders::Offered>& LlmProviders::offered() {
  if (offered_) return *offered_;
  offered_.emplace();
  for (const std::string_view name : registry_.provider_types()) {
    Result<const NodeType*> type = registry_.find(name);
    if (!type) {
      offered_->push_back({name, nullptr, std::move(type).error()});
    } else if ((*type)->provider) {
      offered_->push_back({name, *type, std::nullopt});
      usable_.push_back(*type);
    }
  }
  return *offered_;
}

const Result<LlmDefaults>& LlmProviders::defaults() {
  if (!defaults_) defaults_ = read_();
  return *defaults_;
}

Error LlmProviders::with_refusals(Error e) {
  for (const Offered& o : *offered_) {
    if (o.error) e.hint += fmt::format("\nNot used: {}: {}.", printable(o.type_name, 80), o.error->message);
  }
  e.hint += registry_.refusals();
  return e;
}

Result<LlmChoice> LlmProviders::choose_any(const LlmWish& wish, bool waits_for_inputs) {
  static_cast<void>(offered());
  Result<LlmChoice> choice = choose_provider(usable_, defaults().value(), wish);
  if (choice) return choice;
  if (waits_for_inputs && !usable_.empty()) return LlmChoice{usable_.front(), {}, LlmRule::kNode};
  return with_refusals(std::move(choice).error());
}

Result<LlmChoice> LlmProviders::choose(std::string_view type_name, const Value& params) {
  const NodeType* named = nullptr;
  if (type_name != kLlm) {
    Result<const NodeType*> found = registry_.find(type_name);
    if (!found) return std::move(found).error();
    named = *found;
  }
  if (!defaults()) return defaults().error();
  bool waits_for_inputs = false;
  const Result<LlmWish> wish = wish_of(params, waits_for_inputs);
  if (!wish) return wish.error();
  if (named == nullptr) return choose_any(*wish, waits_for_inputs);
  if (!wish->provider.empty() && !names_provider(wish->provider, *named)) {
    return invalid_provider(fmt::format("node type \"{}\" is the provider \"{}\" and cannot be \"{}\"", named->name,
                                        named->provider->name, printable(wish->provider, 80)),
                            "Leave \"provider\" out, or use the node type llm.");
  }
  return LlmChoice{named, model_for(*named, *defaults(), *wish), LlmRule::kNode};
}

Result<Selection> LlmProviders::select(std::string_view type_name, const Value& params) {
  if (type_name != kLlm) {
    Result<Selection> found = NodeFactory::select(type_name, params);
    if (!found || !found->type->provider) return found;
  }
  Result<LlmChoice> choice = choose(type_name, params);
  if (!choice) return std::move(choice).error();
  const NodeType& type = *choice->type;
  std::vector<Member> members;
  if (params.is_object()) {
    for (const Member& m : params.members()) {
      if (m.name() != kProvider) members.push_back(m);
    }
  }
  if (!choice->model.empty()) write(members, type, kModel, choice->model);
  if (const std::string& setting = type.provider->base_url_setting;
      !setting.empty() && !is_given(params.find(kBaseUrl))) {
    if (const std::string url = defaults()->setting(setting); !url.empty()) write(members, type, kBaseUrl, url);
  }
  // Another server than the provider's own may need no key.
  const bool elsewhere = std::any_of(members.begin(), members.end(),
                                     [](const Member& m) { return m.name() == kBaseUrl && is_given(&m.value); });
  if (!elsewhere && std::find(selected_.begin(), selected_.end(), &type) == selected_.end()) selected_.push_back(&type);
  return Selection{&type, Value::object(members), true};
}

Problems LlmProviders::missing_keys_of_selected() {
  Problems warnings;
  for (const NodeType* type : selected_) {
    const std::vector<std::string_view> missing = missing_keys(*type->provider, *defaults());
    if (missing.empty()) continue;
    Error e;
    e.code = Code::kMissingSecret;
    e.message = fmt::format("LLM provider \"{}\" needs {}, which {} not set", printable(type->provider->name, 80),
                            listing(missing), missing.size() == 1 ? "is" : "are");
    e.hint = fmt::format("Set it in the environment, or under \"keys\" in {}.", defaults()->settings_path);
    warnings.push_back(std::move(e));
  }
  return warnings;
}

}  // namespace pflow::host
