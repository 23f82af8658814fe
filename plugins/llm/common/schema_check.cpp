#include "schema_check.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "schema_words.hpp"

namespace pflow::llm {
namespace {

constexpr int kMaxDepth = 64;

using Found = std::optional<Mismatch>;

const json::value* word(const json::object& schema, std::string_view name) {
  return schema.if_contains(name);
}

const json::array* list(const json::object& schema, std::string_view name) {
  const json::value* v = word(schema, name);
  return v == nullptr ? nullptr : v->if_array();
}

const json::object* map(const json::object& schema, std::string_view name) {
  const json::value* v = word(schema, name);
  return v == nullptr ? nullptr : v->if_object();
}

/// Checks values against the parts of one root schema. A path is empty for a value's root.
class Checker {
 public:
  explicit Checker(const json::value& root) : root_(root) {}

  [[nodiscard]] Found check(const json::value& schema, const json::value& value, const std::string& path,
                            int depth) const {
    if (schema.is_bool()) return schema.get_bool() ? Found() : Mismatch{path, "nothing is allowed here"};
    const json::object* s = schema.if_object();
    if (s == nullptr || depth > kMaxDepth) return {};
    if (auto what = simple_mismatch(*s, value)) return Mismatch{path, std::move(*what)};
    if (const json::value* ref = word(*s, "$ref"); ref != nullptr && ref->is_string()) {
      const json::value* target = find_pointer(root_, ref->get_string());
      if (target == nullptr) return Mismatch{path, "the schema's $ref leads nowhere: " + json::serialize(*ref)};
      if (Found f = check(*target, value, path, depth + 1)) return f;
    }
    if (Found f = check_combined(*s, value, path, depth)) return f;
    if (const json::object* object = value.if_object()) return check_members(*s, *object, path, depth);
    if (const json::array* array = value.if_array()) return check_items(*s, *array, path, depth);
    return {};
  }

 private:
  [[nodiscard]] bool fits(const json::value& schema, const json::value& value, int depth) const {
    return !check(schema, value, {}, depth + 1);
  }

  [[nodiscard]] std::ptrdiff_t count_fitting(const json::array& schemas, const json::value& value, int depth) const {
    return std::count_if(schemas.begin(), schemas.end(),
                         [&](const json::value& one) { return fits(one, value, depth); });
  }

  [[nodiscard]] Found check_combined(const json::object& s, const json::value& value, const std::string& path,
                                     int depth) const {
    if (const json::array* all = list(s, "allOf")) {
      for (const json::value& one : *all) {
        if (Found f = check(one, value, path, depth + 1)) return f;
      }
    }
    if (const json::array* any = list(s, "anyOf"); any != nullptr && count_fitting(*any, value, depth) == 0)
      return Mismatch{path, "it fits none of the schema's anyOf"};
    if (const json::array* one = list(s, "oneOf")) {
      const std::ptrdiff_t fitting = count_fitting(*one, value, depth);
      if (fitting == 0) return Mismatch{path, "it fits none of the schema's oneOf"};
      if (fitting > 1) return Mismatch{path, "it fits several of the schema's oneOf"};
    }
    if (const json::value* no = word(s, "not"); no != nullptr && fits(*no, value, depth))
      return Mismatch{path, "it fits what the schema's \"not\" excludes"};
    if (const json::value* condition = word(s, "if")) {
      const json::value* then = word(s, fits(*condition, value, depth) ? "then" : "else");
      if (then != nullptr) return check(*then, value, path, depth + 1);
    }
    return {};
  }

  [[nodiscard]] Found check_members(const json::object& s, const json::object& object, const std::string& path,
                                    int depth) const {
    if (const json::array* required = list(s, "required")) {
      for (const json::value& name : *required) {
        if (name.is_string() && !object.contains(name.get_string()))
          return Mismatch{path, "the member " + json::serialize(name) + " is missing"};
      }
    }
    const json::object* properties = map(s, "properties");
    const json::object* patterns = map(s, "patternProperties");
    const json::value* names = word(s, "propertyNames");
    const json::value* others = word(s, "additionalProperties");
    for (const json::key_value_pair& member : object) {
      const std::string place = step(path, member.key());
      bool known = false;
      if (names != nullptr) {
        if (Found f = check(*names, json::value(member.key()), place, depth + 1)) return f;
      }
      if (const json::value* own = properties == nullptr ? nullptr : properties->if_contains(member.key())) {
        known = true;
        if (Found f = check(*own, member.value(), place, depth + 1)) return f;
      }
      if (patterns != nullptr) {
        for (const json::key_value_pair& pattern : *patterns) {
          if (!matches(pattern.key(), member.key())) continue;
          known = true;
          if (Found f = check(pattern.value(), member.value(), place, depth + 1)) return f;
        }
      }
      if (known || others == nullptr) continue;
      if (others->is_bool() && !others->get_bool()) return Mismatch{place, "the schema has no such member"};
      if (Found f = check(*others, member.value(), place, depth + 1)) return f;
    }
    return {};
  }

  [[nodiscard]] Found check_items(const json::object& s, const json::array& array, const std::string& path,
                                  int depth) const {
    const json::array* first = list(s, "prefixItems");
    const json::value* items = word(s, "items");
    for (std::size_t i = 0; i < array.size(); ++i) {
      const bool of_first = first != nullptr && i < first->size();
      const json::value* own = of_first ? &(*first)[i] : items;
      if (own == nullptr) continue;
      if (Found f = check(*own, array[i], step(path, std::to_string(i)), depth + 1)) return f;
    }
    if (const json::value* wanted = word(s, "contains")) {
      const bool has =
          std::any_of(array.begin(), array.end(), [&](const json::value& item) { return fits(*wanted, item, depth); });
      if (!has) return Mismatch{path, "no item is what the schema's \"contains\" asks for"};
    }
    const json::value* unique = word(s, "uniqueItems");
    if (unique == nullptr || !unique->is_bool() || !unique->get_bool()) return {};
    for (std::size_t i = 1; i < array.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        if (same_value(array[i], array[k])) return Mismatch{step(path, std::to_string(i)), "the item is there twice"};
      }
    }
    return {};
  }

  const json::value& root_;
};

}  // namespace

std::optional<Mismatch> check_schema(const json::value& schema, const json::value& value) {
  return Checker(schema).check(schema, value, {}, 0);
}

}  // namespace pflow::llm
