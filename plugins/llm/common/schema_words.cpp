#include "schema_words.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include <pflow/node.hpp>

namespace pflow::llm {
namespace {

constexpr std::size_t kShownBytes = 100;
constexpr std::size_t kMaxMatchedBytes = 4096;  // std::regex recurses by the character

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

std::string shown(const json::value& value) {
  const std::string text = json::serialize(value);
  if (text.size() <= kShownBytes) return text;
  return std::string(sdk::head(text, kShownBytes)) + "...";
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

std::optional<std::string> string_mismatch(const json::object& schema, const json::string& text) {
  if (auto what = size_mismatch(schema, "minLength", "maxLength", character_count(text), "characters")) return what;
  const json::value* pattern = schema.if_contains("pattern");
  if (pattern != nullptr && pattern->is_string() && !matches(pattern->get_string(), text)) {
    return "expected a text that matches " + shown(*pattern) + ", got " + shown(text);
  }
  return std::nullopt;
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

bool same_value(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number() && (a.is_double() || b.is_double()))
    return a.to_number<double>() == b.to_number<double>();
  return a == b;
}

std::optional<std::string> simple_mismatch(const json::object& schema, const json::value& value) {
  if (const json::value* type = schema.if_contains("type")) {
    if (auto what = type_mismatch(*type, value)) return what;
  }
  if (const json::value* wanted = schema.if_contains("const"); wanted != nullptr && !same_value(*wanted, value))
    return "expected " + shown(*wanted) + ", got " + shown(value);
  if (const json::value* allowed = schema.if_contains("enum"); allowed != nullptr && allowed->is_array()) {
    const json::array& all = allowed->get_array();
    if (std::none_of(all.begin(), all.end(), [&](const json::value& one) { return same_value(one, value); }))
      return "expected one of " + shown(*allowed) + ", got " + shown(value);
  }
  if (value.is_number()) return number_mismatch(schema, value);
  if (const json::string* text = value.if_string()) return string_mismatch(schema, *text);
  if (const json::array* array = value.if_array())
    return size_mismatch(schema, "minItems", "maxItems", array->size(), "items");
  if (const json::object* object = value.if_object())
    return size_mismatch(schema, "minProperties", "maxProperties", object->size(), "members");
  return std::nullopt;
}

std::size_t character_count(std::string_view utf8) noexcept {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool matches(std::string_view pattern, std::string_view text) {
  if (text.size() > kMaxMatchedBytes) return true;
  try {
    const std::regex compiled(pattern.begin(), pattern.end(), std::regex::ECMAScript);
    return std::regex_search(text.begin(), text.end(), compiled);
  } catch (const std::regex_error&) {
    return true;
  }
}

const json::value* find_pointer(const json::value& root, std::string_view pointer) {
  if (pointer.starts_with('#')) pointer.remove_prefix(1);
  if (!pointer.empty() && !pointer.starts_with('/')) return nullptr;
  boost::system::error_code error;
  const json::value* found = root.find_pointer({pointer.data(), pointer.size()}, error);
  return error ? nullptr : found;
}

std::string step(const std::string& path, std::string_view key) {
  std::string out = path + "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace pflow::llm
