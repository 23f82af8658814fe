#include "schema_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <pflow/node.hpp>

namespace pflow::llm {
namespace {

constexpr std::size_t kShownValue = 100;

bool is_type(std::string_view type, const json::value& value) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "string") return value.is_string();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  if (type == "number") return value.is_number();
  if (type != "integer") return true;  // no type of JSON Schema's: it says nothing
  return value.is_number() && (!value.is_double() || std::floor(value.get_double()) == value.get_double());
}

std::optional<std::string> type_mismatch(const json::value& type, const json::value& value) {
  std::string expected;
  const auto fits = [&](const json::value& one) {
    if (!one.is_string()) return true;
    if (is_type(one.get_string(), value)) return true;
    expected.append(expected.empty() ? "" : " or ").append(std::string_view(one.get_string()));
    return false;
  };
  const json::array* several = type.if_array();
  const bool fit = several == nullptr ? fits(type) : std::any_of(several->begin(), several->end(), fits);
  if (fit) return std::nullopt;
  return "expected " + expected + ", got " + std::string(words(value.kind()));
}

std::optional<double> number_of(const json::object& schema, std::string_view word) {
  const json::value* v = schema.if_contains(word);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  return v->to_number<double>();
}

std::optional<std::string> number_mismatch(const json::object& schema, const json::value& value) {
  const auto n = value.to_number<double>();
  const auto refuse = [&](std::string_view relation, double bound) {
    std::string what = "expected a number ";
    what.append(relation).append(" ");
    sdk::append_number(what, bound);
    return what + ", got " + shown(value);
  };
  if (const auto least = number_of(schema, "minimum"); least && n < *least) return refuse("of at least", *least);
  if (const auto most = number_of(schema, "maximum"); most && n > *most) return refuse("of at most", *most);
  if (const auto low = number_of(schema, "exclusiveMinimum"); low && n <= *low) return refuse("above", *low);
  if (const auto high = number_of(schema, "exclusiveMaximum"); high && n >= *high) return refuse("below", *high);
  if (const auto part = number_of(schema, "multipleOf"); part && *part > 0) {
    const double times = n / *part;
    constexpr double kRounding = 1e-9;  // 0.3 is a multiple of 0.1
    if (std::abs(times - std::round(times)) > kRounding * std::max(1.0, std::abs(times)))
      return refuse("that is a multiple of", *part);
  }
  return std::nullopt;
}

std::optional<std::string> size_mismatch(const json::object& schema, std::string_view least_word,
                                         std::string_view most_word, std::size_t size, std::string_view noun) {
  const auto refuse = [&](std::string_view relation, double bound) {
    std::string what = "expected ";
    sdk::append_number(what.append(relation).append(" "), bound);
    sdk::append_number(what.append(" ").append(noun).append(", got "), size);
    return what;
  };
  const auto count = static_cast<double>(size);
  if (const auto least = number_of(schema, least_word); least && count < *least) return refuse("at least", *least);
  if (const auto most = number_of(schema, most_word); most && count > *most) return refuse("at most", *most);
  return std::nullopt;
}

std::optional<std::string> string_mismatch(const SchemaRules& rules, const json::object& part, const json::string& text,
                                           StepBudget& budget) {
  if (part.contains("minLength") || part.contains("maxLength")) {
    budget.take(text.size() / kBytesPerStep);
    if (auto what = size_mismatch(part, "minLength", "maxLength", character_count(text), "characters")) return what;
  }
  const json::value* word = part.if_contains("pattern");
  if (word == nullptr || !word->is_string()) return std::nullopt;
  const Pattern& pattern = rules.pattern(word->get_string());
  budget.take(pattern.steps_for(text));
  if (pattern.is_found_in(text)) return std::nullopt;
  return "expected a text that matches " + shown(*word) + ", got " + shown(text);
}

void append_canonical(std::string& to, const json::value& value);

void append_canonical(std::string& to, double number) {
  constexpr double kEnd = 9223372036854775808.0;  // 2^63
  if (std::floor(number) == number && number >= -kEnd && number < kEnd) {
    sdk::append_number(to, static_cast<std::int64_t>(number));
  } else if (std::floor(number) == number && number >= kEnd && number < 2 * kEnd) {
    sdk::append_number(to, static_cast<std::uint64_t>(number));
  } else {
    sdk::append_number(to, number);
  }
}

void append_canonical(std::string& to, const json::object& object) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const json::key_value_pair& member : object)
    members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key() < b->key(); });
  to += '{';
  for (const json::key_value_pair* member : members) {
    sdk::append_json(to, std::string_view(member->key()));
    append_canonical(to += ':', member->value());
    to += ',';
  }
  to += '}';
}

void append_canonical(std::string& to, const json::value& value) {
  if (const json::object* object = value.if_object()) {
    append_canonical(to, *object);
  } else if (const json::array* array = value.if_array()) {
    to += '[';
    for (const json::value& item : *array) {
      append_canonical(to, item);
      to += ',';
    }
    to += ']';
  } else if (const json::string* text = value.if_string()) {
    sdk::append_json(to, std::string_view(*text));
  } else if (const double* number = value.if_double()) {
    append_canonical(to, *number);
  } else if (const std::int64_t* whole = value.if_int64()) {
    sdk::append_number(to, *whole);
  } else if (const std::uint64_t* large = value.if_uint64()) {
    sdk::append_number(to, *large);
  } else if (const bool* flag = value.if_bool()) {
    to += *flag ? "true" : "false";
  } else {
    to += "null";
  }
}

}  // namespace

std::string_view words(json::kind kind) noexcept {
  switch (kind) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
      return "an integer";
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      break;
  }
  return "an object";
}

std::string canonical(const json::value& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

std::string shown(const json::value& value) {
  std::array<char, kShownValue + 1> buffer{};
  json::serializer serializer;
  serializer.reset(&value);
  const json::string_view text = serializer.read(buffer.data(), buffer.size());
  if (text.size() <= kShownValue) return std::string(text);
  return std::string(sdk::head({text.data(), text.size()}, kShownValue)) + "...";
}

std::optional<std::string> simple_mismatch(const SchemaRules& rules, const json::object& part, const json::value& value,
                                           StepBudget& budget) {
  if (const json::value* type = part.if_contains("type")) {
    if (auto what = type_mismatch(*type, value)) return what;
  }
  const json::value* wanted = part.if_contains("const");
  const json::value* allowed = part.if_contains("enum");
  if (allowed != nullptr && !allowed->is_array()) allowed = nullptr;
  if (wanted != nullptr || allowed != nullptr) {
    const std::string own = canonical(value);
    budget.take(1 + own.size() / kBytesPerStep);
    if (wanted != nullptr && !rules.values(*wanted).contains(own))
      return "expected " + shown(*wanted) + ", got " + shown(value);
    if (allowed != nullptr && !rules.values(*allowed).contains(own))
      return "expected one of " + shown(*allowed) + ", got " + shown(value);
  }
  if (value.is_number()) return number_mismatch(part, value);
  if (const json::string* text = value.if_string()) return string_mismatch(rules, part, *text, budget);
  if (const json::array* array = value.if_array())
    return size_mismatch(part, "minItems", "maxItems", array->size(), "items");
  if (const json::object* object = value.if_object())
    return size_mismatch(part, "minProperties", "maxProperties", object->size(), "members");
  return std::nullopt;
}

std::size_t character_count(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void append_step(std::string& path, std::string_view key) {
  path += '/';
  for (const char c : key) {
    if (c == '~') {
      path += "~0";
    } else if (c == '/') {
      path += "~1";
    } else {
      path += c;
    }
  }
}

}  // namespace pflow::llm
