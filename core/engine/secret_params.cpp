#include "core/engine/secret_params.hpp"

#include <algorithm>
#include <optional>

#include "core/base/json_write.hpp"
#include "core/base/redactor.hpp"

namespace pflow {
namespace {

enum class Keys : unsigned char { kFields, kVariables };

constexpr std::string_view kVariablesParam = "env";

Keys keys_below(std::string_view name) noexcept {
  return name == kVariablesParam ? Keys::kVariables : Keys::kFields;
}

bool is_secret(std::string_view name, Keys keys) noexcept {
  return keys == Keys::kVariables ? Redactor::is_secret_variable(name) : Redactor::is_secret_name(name);
}

// Texts and numbers that are long enough.
void visit_leaf(std::string_view name, const Value& v, const SecretVisitor& visit) {
  const bool text = v.is_string() || v.type() == Value::Type::kBytes;
  const std::size_t bytes = text ? v.size() : v.is_number() ? to_json(v).size() : 0;
  if (bytes >= Redactor::kShortestNamed) visit(name, v);
}

struct UrlSecret {
  std::string_view name;
  std::string_view value;
};

// Names of query parameters that other places use for harmless things too.
bool is_secret_in_url(std::string_view name) noexcept {
  constexpr std::string_view kNames[] = {"key", "sig", "signature"};
  return Redactor::is_secret_name(name) || std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

// Calls `visit` for each secret in the URLs within `text`, until it returns false.
template <typename Visit>
void for_each_url_secret(std::string_view text, Visit&& visit) {
  constexpr std::string_view kScheme = "://";
  constexpr std::string_view kEnds = " \t\r\n\"'<>`";
  for (std::size_t at = text.find(kScheme); at != std::string_view::npos; at = text.find(kScheme, at)) {
    at += kScheme.size();
    const std::string_view url = text.substr(at, text.find_first_of(kEnds, at) - at);
    const std::string_view host = url.substr(0, url.find_first_of("/?#"));
    const std::size_t user_end = host.rfind('@');
    const std::size_t colon = host.find(':');
    if (user_end != std::string_view::npos && colon < user_end) {
      if (!visit(UrlSecret{"password", host.substr(colon + 1, user_end - colon - 1)})) return;
    }
    std::size_t query = url.find('?');
    while (query != std::string_view::npos) {
      const std::size_t end = std::min(url.find_first_of("&#;", query + 1), url.size());
      const std::string_view pair = url.substr(query + 1, end - query - 1);
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && is_secret_in_url(pair.substr(0, equals))) {
        if (!visit(UrlSecret{pair.substr(0, equals), pair.substr(equals + 1)})) return;
      }
      query = end < url.size() && url[end] != '#' ? end : std::string_view::npos;
    }
  }
}

void visit_urls(std::string_view text, const SecretVisitor& visit) {
  for_each_url_secret(text, [&](const UrlSecret& found) {
    if (found.value.size() >= Redactor::kShortestNamed) visit(found.name, Value::string(found.value));
    return true;
  });
}

bool has_url_secret(std::string_view text) {
  bool has = false;
  for_each_url_secret(text, [&](const UrlSecret&) {
    has = true;
    return false;
  });
  return has;
}

bool is_template(const Value& text) {
  return text.text().find("${") != std::string_view::npos && !ParamTemplate::parse(text).is_constant();
}

enum class Templates : unsigned char { kPassedOver, kTexts };  // kTexts: filled in already, "${" is only text

void walk(std::string_view name, Keys keys, const Value& v, Templates templates, const SecretVisitor& visit) {
  switch (v.type()) {
    case Value::Type::kString:
      if (templates == Templates::kPassedOver && is_template(v)) return;
      if (!is_secret(name, keys)) return visit_urls(v.text(), visit);
      return visit_leaf(name, v, visit);
    case Value::Type::kArray:
      for (const Value& item : v.items())
        walk(name, keys, item, templates, visit);
      return;
    case Value::Type::kObject:
      for (const Member& m : v.members())
        walk(m.name(), keys_below(name), m.value, templates, visit);
      return;
    default:
      if (is_secret(name, keys)) visit_leaf(name, v, visit);
  }
}

// Whole references to these bring members whose names are not known before.
bool is_map_of_names(std::string_view name) noexcept {
  return name == kVariablesParam || name == "headers";
}

bool may_bring(std::string_view name, Keys keys, const ParamTemplate& t) {
  switch (t.kind()) {
    case ParamTemplate::Kind::kConstant:
      return false;
    case ParamTemplate::Kind::kWhole:
      return is_secret(name, keys) || is_map_of_names(name);
    case ParamTemplate::Kind::kText:
      return is_secret(name, keys) || has_url_secret(t.source().text());
    case ParamTemplate::Kind::kArray:
      return std::any_of(t.children().begin(), t.children().end(),
                         [&](const ParamTemplate& child) { return may_bring(name, keys, child); });
    case ParamTemplate::Kind::kObject:
      for (std::size_t i = 0; i < t.children().size(); ++i) {
        if (may_bring(t.source().members()[i].name(), keys_below(name), t.children()[i])) return true;
      }
      return false;
  }
  return false;
}

void visit_filled(std::string_view name, Keys keys, const ParamTemplate& t, const Value& v,
                  const SecretVisitor& visit) {
  switch (t.kind()) {
    case ParamTemplate::Kind::kConstant:
      return;  // visit_written_secrets
    case ParamTemplate::Kind::kWhole:
    case ParamTemplate::Kind::kText:
      if (v == t.source()) return;  // led nowhere, and stays as written
      return walk(name, keys, v, Templates::kTexts, visit);
    case ParamTemplate::Kind::kArray:
      if (!v.is_array()) return;
      for (std::size_t i = 0; i < std::min(t.children().size(), v.items().size()); ++i)
        visit_filled(name, keys, t.children()[i], v.items()[i], visit);
      return;
    case ParamTemplate::Kind::kObject:
      if (!v.is_object()) return;
      for (std::size_t i = 0; i < std::min(t.children().size(), v.members().size()); ++i)
        visit_filled(v.members()[i].name(), keys_below(name), t.children()[i], v.members()[i].value, visit);
      return;
  }
}

}  // namespace

void visit_written_secrets(std::string_view name, const Value& written, const SecretVisitor& visit) {
  walk(name, Keys::kFields, written, Templates::kPassedOver, visit);
}

void visit_secrets(std::string_view name, const Value& value, const SecretVisitor& visit) {
  walk(name, Keys::kFields, value, Templates::kTexts, visit);
}

bool may_bring_secrets(std::string_view name, const ParamTemplate& param) {
  return may_bring(name, Keys::kFields, param);
}

void visit_filled_secrets(std::string_view name, const ParamTemplate& param, const Value& filled,
                          const SecretVisitor& visit) {
  visit_filled(name, Keys::kFields, param, filled, visit);
}

}  // namespace pflow
