#include "core/template/resolver.hpp"

#include <fmt/format.h>

#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"

namespace pflow {

Error TemplateResolver::unresolved(const Path& path, std::string_view pointer, Lookup&& lookup) const {
  Error e;
  e.code = Code::kUnresolvedTemplate;
  e.message = fmt::format("cannot resolve ${{{}}}: {}", path.text, lookup.problem);
  e.where = pointer;
  e.hint = std::move(lookup.hint);
  return e;
}

Result<Value> TemplateResolver::resolve(const ParamTemplate& t, const Scope& scope, std::string_view pointer) {
  switch (t.kind()) {
    case ParamTemplate::Kind::kConstant:
      return t.constant();
    case ParamTemplate::Kind::kWhole: {
      Lookup l = look_up(scope, t.path(), &cache_);
      if (l.found) return std::move(l.value);
      Error e = unresolved(t.path(), pointer, std::move(l));
      if (on_missing_ == OnMissing::kFail) return e;
      unresolved_.push_back(std::move(e));
      return t.source();
    }
    case ParamTemplate::Kind::kText:
      return resolve_text(t, scope, pointer);
    case ParamTemplate::Kind::kArray:
    case ParamTemplate::Kind::kObject:
      return resolve_children(t, scope, pointer);
  }
  return Value();
}

Result<Value> TemplateResolver::resolve_text(const ParamTemplate& t, const Scope& scope, std::string_view pointer) {
  std::string text;
  bool has_bytes = false;
  for (const ParamTemplate::Piece& piece : t.pieces()) {
    text += piece.literal;
    if (!piece.has_path) continue;
    Lookup l = look_up(scope, piece.path, &cache_);
    if (l.found) {
      has_bytes = has_bytes || l.value.type() == Value::Type::kBytes;
      write_plain(l.value, text);
      continue;
    }
    Error e = unresolved(piece.path, pointer, std::move(l));
    if (on_missing_ == OnMissing::kFail) return e;
    unresolved_.push_back(std::move(e));
    text += fmt::format("${{{}}}", piece.path.text);
  }
  return has_bytes && !is_utf8(text) ? Value::bytes(text) : Value::string(text);
}

Result<Value> TemplateResolver::resolve_children(const ParamTemplate& t, const Scope& scope, std::string_view pointer) {
  const bool array = t.kind() == ParamTemplate::Kind::kArray;
  std::vector<Value> items;
  std::vector<Member> members;
  for (std::size_t i = 0; i < t.children().size(); ++i) {
    const ParamTemplate& child = t.children()[i];
    // The child's own pointer is needed only when something is missing: it is put together then.
    const auto place = [&](const Error& e) {
      const std::string token = array ? std::to_string(i) : std::string(t.source().members()[i].name());
      return pointer_to(pointer, token) + e.where;
    };
    const std::size_t noted = unresolved_.size();
    Result<Value> v = resolve(child, scope, "");
    if (!v) {
      Error e = std::move(v).error();
      e.where = place(e);
      return e;
    }
    for (std::size_t k = noted; k < unresolved_.size(); ++k)
      unresolved_[k].where = place(unresolved_[k]);
    if (array) {
      items.push_back(std::move(v).value());
    } else {
      members.push_back({t.source().members()[i].key, std::move(v).value()});
    }
  }
  return array ? Value::array(items) : Value::object(members);
}

}  // namespace pflow
