#include "core/engine/secret_params.hpp"

#include "core/base/redactor.hpp"

namespace pflow {
namespace {

constexpr std::size_t kShortestByName = 8;

// `secret`: it stands under a secret name, which is `name`.
void visit_named(const Value& v, std::string_view name, bool secret, const SecretVisitor& visit) {
  if (v.is_object()) {
    for (const Member& m : v.members()) {
      const bool named = Redactor::is_secret_name(m.name());
      visit_named(m.value, named ? m.name() : name, secret || named, visit);
    }
  } else if (v.is_array()) {
    for (const Value& item : v.items())
      visit_named(item, name, secret, visit);
  } else if (secret && v.is_string() && v.size() >= kShortestByName) {
    visit(name, v);
  }
}

void visit_named(const ParamTemplate& t, std::string_view name, bool secret, const SecretVisitor& visit) {
  if (t.is_constant()) return visit_named(t.constant(), name, secret, visit);
  for (std::size_t i = 0; i < t.children().size(); ++i) {
    const std::string_view key = t.kind() == ParamTemplate::Kind::kObject ? t.source().members()[i].name() : "";
    const bool named = Redactor::is_secret_name(key);
    visit_named(t.children()[i], named ? key : name, secret || named, visit);
  }
}

bool fills_in_a_secret(const ParamTemplate& t, bool secret) {
  if (t.is_constant()) return false;
  if (t.children().empty()) return secret;
  for (std::size_t i = 0; i < t.children().size(); ++i) {
    const bool named =
        t.kind() == ParamTemplate::Kind::kObject && Redactor::is_secret_name(t.source().members()[i].name());
    if (fills_in_a_secret(t.children()[i], secret || named)) return true;
  }
  return false;
}

bool is_marked(const ParamSet::Param& p) {
  return p.spec != nullptr && p.spec->secret;
}

}  // namespace

void visit_constant_secrets(const ParamSet& params, const SecretVisitor& visit) {
  for (const ParamSet::Param& p : params.params()) {
    if (is_marked(p)) {
      if (p.value.is_constant()) visit(p.spec->name, p.value.constant());
    } else {
      visit_named(p.value, p.name.text(), Redactor::is_secret_name(p.name.text()), visit);
    }
  }
}

void visit_resolved_secrets(const ParamSet& params, const Value& resolved, const SecretVisitor& visit) {
  for (const ParamSet::Param& p : params.params()) {
    const Value* value = resolved.find(p.name.text());
    if (value == nullptr) continue;
    if (is_marked(p)) {
      visit(p.spec->name, *value);
    } else {
      visit_named(*value, p.name.text(), Redactor::is_secret_name(p.name.text()), visit);
    }
  }
}

bool holds_secret_template(const ParamSet& params) {
  for (const ParamSet::Param& p : params.params()) {
    if (fills_in_a_secret(p.value, is_marked(p) || Redactor::is_secret_name(p.name.text()))) return true;
  }
  return false;
}

}  // namespace pflow
