#include "core/pricing/extractor.hpp"

#include <cmath>
#include <span>

#include "core/pricing/matcher.hpp"

namespace pflow::pricing {
namespace {

// One step of a path: a member's name, or {"type": "array-match", field, match}: the items whose field matches.
std::vector<const Value*> step_into(const Value& at, const Value& step) {
  if (step.is_string()) {
    const Value* next = at.find(step.text());
    return next == nullptr ? std::vector<const Value*>() : std::vector{next};
  }
  std::vector<const Value*> found;
  const Value* field = step.find("field");
  const Value* logic = step.find("match");
  if (!at.is_array() || field == nullptr || logic == nullptr) return found;
  const Result<Matcher> matcher = Matcher::read(*logic);
  if (!matcher) return found;
  for (const Value& item : at.items()) {
    const Value* name = item.find(field->text());
    if (name != nullptr && name->is_string() && matcher->matches(name->text())) return {&item};  // the first one
  }
  return found;
}

std::vector<const Value*> follow(const Value& from, const Value& path) {
  const auto steps = path.is_array() ? path.items() : std::span<const Value>(&path, 1);
  std::vector<const Value*> at{&from};
  for (const Value& step : steps) {
    std::vector<const Value*> next;
    for (const Value* v : at) {
      for (const Value* found : step_into(*v, step))
        next.push_back(found);
    }
    at = std::move(next);
  }
  return at;
}

}  // namespace

std::optional<Extracted> extract(const Value& extractor, const Value& body) {
  const Value* root_path = extractor.find("root");
  const Value* mappings = extractor.find("mappings");
  if (root_path == nullptr || mappings == nullptr || !mappings->is_array()) return std::nullopt;
  Extracted out;
  if (const Value* model_path = extractor.find("model_path")) {
    const auto found = follow(body, *model_path);
    if (!found.empty() && found.front()->is_string()) out.model = found.front()->text();
  }
  const auto roots = follow(body, *root_path);
  const Value& root = roots.empty() ? body : *roots.front();  // else it may be the usage part alone
  bool any = false;
  for (const Value& mapping : mappings->items()) {
    const Value* path = mapping.find("path");
    const Value* unit = mapping.find("dest");
    const Value* required = mapping.find("required");
    if (path == nullptr || unit == nullptr) continue;
    bool told = false;
    for (const Value* found : follow(root, *path)) {
      if (!found->is_number()) continue;
      const double count = found->as_double();
      if (!std::isfinite(count) || count < 0) return std::nullopt;
      told = any = true;
      if (count != 0) out.usage.add(unit->text(), count);
    }
    if (!told && required != nullptr && required->type() == Value::Type::kBool && required->as_bool()) {
      return std::nullopt;
    }
  }
  if (!any) return std::nullopt;
  return out;
}

}  // namespace pflow::pricing
