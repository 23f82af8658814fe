#include "core/template/param_template.hpp"

#include <algorithm>

namespace pflow {

ParamTemplate ParamTemplate::parse_string(const Value& value) {
  ParamTemplate t;
  t.source_ = value;
  t.constant_ = value;
  const std::string_view text = value.text();
  std::size_t at = text.find("${");
  if (at == std::string_view::npos) return t;

  std::vector<Piece> pieces(1);
  bool escaped = false;
  std::size_t from = 0;
  while (at != std::string_view::npos) {
    if (at > from && text[at - 1] == '$') {  // "$${": a literal "${"
      pieces.back().literal.append(text, from, at - 1 - from);
      pieces.back().literal += "${";
      from = at + 2;
      escaped = true;
    } else {
      std::size_t used = 0;
      std::optional<Path> path = parse_path_prefix(text.substr(at + 2), used);
      if (path && at + 2 + used < text.size() && text[at + 2 + used] == '}') {
        pieces.back().literal.append(text, from, at - from);
        pieces.back().has_path = true;
        pieces.back().path = std::move(*path);
        pieces.emplace_back();
        from = at + 2 + used + 1;
      } else {
        pieces.back().literal.append(text, from, at + 2 - from);
        from = at + 2;
      }
    }
    at = text.find("${", from);
  }
  pieces.back().literal.append(text, from);

  if (pieces.size() == 1) {
    if (escaped) t.constant_ = Value::string(pieces.front().literal);
    return t;
  }
  const bool whole = pieces.size() == 2 && pieces.front().literal.empty() && pieces.back().literal.empty();
  t.kind_ = whole ? Kind::kWhole : Kind::kText;
  t.pieces_ = std::move(pieces);
  return t;
}

ParamTemplate ParamTemplate::fixed(Value value) noexcept {
  ParamTemplate t;
  t.source_ = value;
  t.constant_ = std::move(value);
  return t;
}

ParamTemplate ParamTemplate::parse(const Value& value) {
  if (value.is_string()) return parse_string(value);
  ParamTemplate t;
  t.source_ = value;
  t.constant_ = value;
  if (!value.is_array() && !value.is_object()) return t;

  bool changed = false;  // by a "$${" somewhere inside
  const auto add = [&](const Value& child) {
    t.children_.push_back(parse(child));
    changed = changed || !t.children_.back().is_constant() || !t.children_.back().constant().same_content(child);
  };
  if (value.is_array()) {
    for (const Value& item : value.items())
      add(item);
  } else {
    for (const Member& m : value.members())
      add(m.value);
  }
  const bool templated =
      std::any_of(t.children_.begin(), t.children_.end(), [](const ParamTemplate& c) { return !c.is_constant(); });
  if (templated) {
    t.kind_ = value.is_array() ? Kind::kArray : Kind::kObject;
    return t;
  }
  if (changed) {
    std::vector<Value> items;
    std::vector<Member> members;
    for (std::size_t i = 0; i < t.children_.size(); ++i) {
      if (value.is_array()) {
        items.push_back(t.children_[i].constant());
      } else {
        members.push_back({value.members()[i].key, t.children_[i].constant()});
      }
    }
    t.constant_ = value.is_array() ? Value::array(items) : Value::object(members);
  }
  t.children_.clear();
  return t;
}

void ParamTemplate::bind(const StoreNames& names) {
  for (Piece& piece : pieces_) {
    if (piece.has_path) piece.path.bound = names.find(piece.path.head);
  }
  for (ParamTemplate& child : children_)
    child.bind(names);
}

void ParamTemplate::for_each_use(const std::string& pointer,
                                 const std::function<void(const TemplateUse&)>& visit) const {
  switch (kind_) {
    case Kind::kConstant:
      return;
    case Kind::kWhole:
    case Kind::kText:
      for (const Piece& piece : pieces_) {
        if (piece.has_path) visit({&piece.path, pointer});
      }
      return;
    case Kind::kArray:
      for (std::size_t i = 0; i < children_.size(); ++i) {
        children_[i].for_each_use(pointer + "/" + std::to_string(i), visit);
      }
      return;
    case Kind::kObject:
      for (std::size_t i = 0; i < children_.size(); ++i) {
        children_[i].for_each_use(pointer_to(pointer, source_.members()[i].name()), visit);
      }
      return;
  }
}

}  // namespace pflow
