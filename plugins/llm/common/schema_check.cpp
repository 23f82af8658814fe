#include "schema_check.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "schema_words.hpp"

namespace pflow::llm {
namespace {

constexpr std::size_t kSteps = 1'000'000;
constexpr int kMaxValueDepth = 1000;

const json::array* list(const json::object& part, std::string_view name) {
  const json::value* v = part.if_contains(name);
  return v == nullptr ? nullptr : v->if_array();
}

const json::object* map(const json::object& part, std::string_view name) {
  const json::value* v = part.if_contains(name);
  return v == nullptr ? nullptr : v->if_object();
}

/// A place in the value, on the stack: its path is written when something is wrong there.
struct Place {
  const Place* up = nullptr;
  std::string_view key = {};
  std::optional<std::size_t> index = std::nullopt;

  [[nodiscard]] std::string path() const {
    std::vector<const Place*> steps;
    for (const Place* p = this; p->up != nullptr; p = p->up)
      steps.push_back(p);
    std::string out;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
      append_step(out, (*step)->index ? std::to_string(*(*step)->index) : std::string((*step)->key));
    return out;
  }
};

class Checker {
 public:
  explicit Checker(const SchemaRules& rules) : rules_(rules) {}

  [[nodiscard]] std::optional<Mismatch> run(const json::value& value) {
    try {
      if (check(rules_.root(), value, Place{}, 0)) return std::nullopt;
    } catch (const StepBudget::Spent&) {
      return Mismatch{{}, "output_schema branches or repeats itself too often: its check took a million steps", true};
    }
    return std::move(found_);
  }

 private:
  // False: there is a mismatch, and it is noted.
  [[nodiscard]] bool check(const json::value& part, const json::value& value, const Place& at, int depth) {
    budget_.take(1);
    if (part.is_bool()) return part.get_bool() || refuse(at, "nothing is allowed here");
    const json::object* words = part.if_object();
    if (words == nullptr) return true;
    if (depth > kMaxValueDepth) throw StepBudget::Spent{};
    if (auto what = simple_mismatch(rules_, *words, value, budget_)) return refuse(at, std::move(*what));
    if (const json::value* target = rules_.target(*words)) {
      if (!check(*target, value, at, depth + 1)) return false;
    }
    if (!check_combined(*words, value, at, depth)) return false;
    if (const json::object* object = value.if_object()) return check_members(*words, *object, at, depth);
    if (const json::array* array = value.if_array()) return check_items(*words, *array, at, depth);
    return true;
  }

  [[nodiscard]] bool refuse(const Place& at, std::string what) {
    if (trials_ == 0) found_ = {at.path(), std::move(what)};
    return false;
  }

  [[nodiscard]] bool fits(const json::value& part, const json::value& value, int depth) {
    ++trials_;
    const bool fit = check(part, value, Place{}, depth + 1);
    --trials_;
    return fit;
  }

  [[nodiscard]] bool check_combined(const json::object& part, const json::value& value, const Place& at, int depth) {
    if (const json::array* all = list(part, "allOf")) {
      for (const json::value& one : *all) {
        if (!check(one, value, at, depth + 1)) return false;
      }
    }
    const auto fitting = [&](const json::value& one) { return fits(one, value, depth); };
    if (const json::array* any = list(part, "anyOf"); any != nullptr && std::none_of(any->begin(), any->end(), fitting))
      return refuse(at, "it fits none of the schema's anyOf");
    if (const json::array* one = list(part, "oneOf")) {
      const std::ptrdiff_t count = std::count_if(one->begin(), one->end(), fitting);
      if (count == 0) return refuse(at, "it fits none of the schema's oneOf");
      if (count > 1) return refuse(at, "it fits several of the schema's oneOf");
    }
    if (const json::value* no = part.if_contains("not"); no != nullptr && fitting(*no))
      return refuse(at, "it fits what the schema's \"not\" excludes");
    if (const json::value* condition = part.if_contains("if")) {
      const json::value* then = part.if_contains(fitting(*condition) ? "then" : "else");
      if (then != nullptr) return check(*then, value, at, depth + 1);
    }
    return true;
  }

  [[nodiscard]] bool check_members(const json::object& part, const json::object& object, const Place& at, int depth) {
    if (const json::array* required = list(part, "required")) {
      budget_.take(required->size());
      for (const json::value& name : *required) {
        if (name.is_string() && !object.contains(name.get_string()))
          return refuse(at, "the member " + shown(name) + " is missing");
      }
    }
    const json::object* properties = map(part, "properties");
    const json::object* patterns = map(part, "patternProperties");
    const json::value* names = part.if_contains("propertyNames");
    const json::value* others = part.if_contains("additionalProperties");
    for (const json::key_value_pair& member : object) {
      const Place place{&at, member.key()};
      budget_.take(1 + member.key().size() / kBytesPerStep);
      if (names != nullptr && !check(*names, json::value(member.key()), place, depth + 1)) return false;
      const json::value* own = properties == nullptr ? nullptr : properties->if_contains(member.key());
      if (own != nullptr && !check(*own, member.value(), place, depth + 1)) return false;
      bool known = own != nullptr;
      if (patterns != nullptr && !check_patterns(*patterns, member, place, depth, known)) return false;
      if (known || others == nullptr) continue;
      if (others->is_bool() && !others->get_bool()) return refuse(place, "the schema has no such member");
      if (!check(*others, member.value(), place, depth + 1)) return false;
    }
    return true;
  }

  [[nodiscard]] bool check_patterns(const json::object& patterns, const json::key_value_pair& member,
                                    const Place& place, int depth, bool& known) {
    for (const json::key_value_pair& one : patterns) {
      const Pattern& pattern = rules_.pattern(one.key());
      budget_.take(pattern.steps_for(member.key()));
      if (!pattern.is_found_in(member.key())) continue;
      known = true;
      if (!check(one.value(), member.value(), place, depth + 1)) return false;
    }
    return true;
  }

  [[nodiscard]] bool check_items(const json::object& part, const json::array& array, const Place& at, int depth) {
    const json::array* first = list(part, "prefixItems");
    const json::value* items = part.if_contains("items");
    for (std::size_t i = 0; i < array.size() && (first != nullptr || items != nullptr); ++i) {
      const bool of_first = first != nullptr && i < first->size();
      const json::value* own = of_first ? &(*first)[i] : items;
      if (own != nullptr && !check(*own, array[i], Place{&at, {}, i}, depth + 1)) return false;
    }
    if (const json::value* wanted = part.if_contains("contains")) {
      const auto fitting = [&](const json::value& item) { return fits(*wanted, item, depth); };
      if (std::none_of(array.begin(), array.end(), fitting))
        return refuse(at, "no item is what the schema's \"contains\" asks for");
    }
    const json::value* unique = part.if_contains("uniqueItems");
    if (unique == nullptr || !unique->is_bool() || !unique->get_bool()) return true;
    std::unordered_set<std::string> seen;
    for (std::size_t i = 0; i < array.size(); ++i) {
      std::string item = canonical(array[i]);
      budget_.take(1 + item.size() / kBytesPerStep);
      if (!seen.insert(std::move(item)).second) return refuse(Place{&at, {}, i}, "the item is there twice");
    }
    return true;
  }

  const SchemaRules& rules_;
  StepBudget budget_{kSteps};
  int trials_ = 0;  // what does not fit in one of these is no mismatch yet
  Mismatch found_;
};

}  // namespace

std::optional<Mismatch> check_schema(const SchemaRules& rules, const json::value& value) {
  return Checker(rules).run(value);
}

}  // namespace pflow::llm
