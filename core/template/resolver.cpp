#include "core/template/resolver.hpp"

#include <fmt/format.h>

#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"

namespace pflow {

Error text_too_long(std::size_t max_bytes, std::string_view pointer) {
  Error e;
  e.code = Code::kTooLarge;
  e.message = fmt::format("the text would be longer than {} bytes", max_bytes);
  e.where = pointer;
  e.hint = "Each visit in a loop may add to it. Keep large data in files.";
  return e;
}

Error value_too_deep(std::string_view pointer) {
  Error e;
  e.code = Code::kTooDeep;
  e.message = fmt::format("the value would be nested more than {} levels deep", kMaxValueDepth);
  e.where = pointer;
  e.hint = "Each visit in a loop may add levels. Pass on the part that is needed.";
  return e;
}

Error TemplateResolver::unresolved(const Path& path, std::string_view pointer, Lookup&& lookup) const {
  Error e;
  e.code = lookup.code;
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
    if (piece.literal.size() > max_text_bytes_ - text.size()) return text_too_long(max_text_bytes_, pointer);
    text += piece.literal;
    if (!piece.has_path) continue;
    Lookup l = look_up(scope, piece.path, &cache_);
    if (l.found) {
      has_bytes = has_bytes || l.value.type() == Value::Type::kBytes;
      if (!write_plain_within(l.value, max_text_bytes_, text)) return text_too_long(max_text_bytes_, pointer);
      continue;
    }
    Error e = unresolved(piece.path, pointer, std::move(l));
    if (on_missing_ == OnMissing::kFail) return e;
    unresolved_.push_back(std::move(e));
    const std::string as_written = fmt::format("${{{}}}", piece.path.text);
    if (as_written.size() > max_text_bytes_ - text.size()) return text_too_long(max_text_bytes_, pointer);
    text += as_written;
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
    if (v->depth() >= kMaxValueDepth) return value_too_deep(pointer);
    if (array) {
      items.push_back(std::move(v).value());
    } else {
      members.push_back({t.source().members()[i].key, std::move(v).value()});
    }
  }
  return array ? Value::array(items) : Value::object(members);
}

}  // namespace pflow
