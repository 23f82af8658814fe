#include "gemini_schema.hpp"

#include <algorithm>
#include <array>

namespace pflow::llm::gemini {
namespace {

constexpr int kMaxDepth = 16;
constexpr int kMaxParts = 2000;  // what refers to itself several times grows exponentially
constexpr std::string_view kType = "type";
constexpr std::string_view kEnum = "enum";
constexpr std::string_view kProperties = "properties";
constexpr std::string_view kItems = "items";
constexpr std::string_view kAnyOf = "anyOf";

constexpr std::array<std::string_view, 17> kAsTheyAre{
    "format",        "title",         "description", "nullable",  "minItems",        "maxItems",
    "minProperties", "maxProperties", "minLength",   "maxLength", "pattern",         "example",
    "default",       "minimum",       "maximum",     "required",  "propertyOrdering"};

class Converter {
 public:
  explicit Converter(const json::object& root) : root_(root) {}

  [[nodiscard]] json::object convert(const json::object& from, int depth) {
    if (depth > kMaxDepth || ++parts_ > kMaxParts) return {{kType, "object"}};
    if (const json::object* target = follow(from)) return convert(*target, depth + 1);
    json::object to;
    for (const json::key_value_pair& member : from)
      take(member.key(), member.value(), to, depth);
    if (to.contains(kEnum) && !to.contains(kType)) to[kType] = "string";  // the only enums that are kept
    return to;
  }

 private:
  [[nodiscard]] const json::object* follow(const json::object& from) const {
    const json::value* ref = from.if_contains("$ref");
    if (ref == nullptr || !ref->is_string()) return nullptr;
    std::string_view path(ref->get_string().data(), ref->get_string().size());
    if (path != "#" && !path.starts_with("#/")) return nullptr;
    return descend(path.substr(1));
  }

  [[nodiscard]] const json::object* descend(std::string_view path) const {
    const json::object* place = &root_;
    while (!path.empty()) {
      path.remove_prefix(1);
      const std::size_t end = path.find('/');
      const json::value* next = place->if_contains(path.substr(0, end));
      place = next == nullptr ? nullptr : next->if_object();
      if (place == nullptr) return nullptr;
      path = end == std::string_view::npos ? std::string_view() : path.substr(end);
    }
    return place;
  }

  [[nodiscard]] json::value any(const json::value& from, int depth) {
    const json::object* object = from.if_object();
    return object == nullptr ? json::object() : convert(*object, depth + 1);
  }

  void take(std::string_view word, const json::value& value, json::object& to, int depth) {
    if (word == kType) {
      take_type(value, to);
    } else if (word == "const" && value.is_string()) {
      to[kEnum] = json::array{value};
    } else if (word == kEnum && value.is_array()) {
      take_enum(value.get_array(), to);
    } else if (word == kProperties && value.is_object()) {
      json::object properties;
      for (const json::key_value_pair& member : value.get_object())
        properties[member.key()] = any(member.value(), depth);
      to[kProperties] = std::move(properties);
    } else if (word == kItems) {
      to[kItems] = any(value, depth);
    } else if ((word == kAnyOf || word == "oneOf") && value.is_array()) {
      json::array choices;
      for (const json::value& choice : value.get_array())
        choices.push_back(any(choice, depth));
      to[kAnyOf] = std::move(choices);
    } else if (std::find(kAsTheyAre.begin(), kAsTheyAre.end(), word) != kAsTheyAre.end()) {
      to[word] = value;
    }
  }

  static void take_type(const json::value& value, json::object& to) {
    const json::array* types = value.if_array();
    if (types == nullptr) {
      to[kType] = value;
      return;
    }
    for (const json::value& type : *types) {
      if (type == json::value("null")) {
        to["nullable"] = true;
      } else if (!to.contains(kType)) {
        to[kType] = type;
      }
    }
  }

  static void take_enum(const json::array& values, json::object& to) {
    const auto is_text = [](const json::value& v) { return v.is_string(); };
    if (std::all_of(values.begin(), values.end(), is_text)) to[kEnum] = values;
  }

  const json::object& root_;
  int parts_ = 0;
};

}  // namespace

json::object openapi_schema(const json::object& schema) {
  return Converter(schema).convert(schema, 0);
}

}  // namespace pflow::llm::gemini
