#include "core/ir/input_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "core/base/json_read.hpp"
#include "core/base/result.hpp"
#include "core/ir/wording.hpp"

namespace pflow::ir {
namespace {

constexpr std::array<std::string_view, 6> kLikeTrue{"1", "yes", "y", "on", "t", "true"};
constexpr std::array<std::string_view, 6> kLikeFalse{"0", "no", "n", "off", "f", "false"};

template <typename Integer>
std::optional<Value> whole_integer(std::string_view text) {
  Integer i = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), i);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Value::integer(i);
}

std::optional<Value> integer_from(std::string_view text) {
  std::optional<Value> small = whole_integer<std::int64_t>(text);
  return small ? small : whole_integer<std::uint64_t>(text);
}

// read_json skips white space and a byte order mark; a number typed by a person has neither.
std::optional<Value> number_from(std::string_view text) {
  if (text.empty() || text.find_first_not_of("+-.0123456789eE") != std::string_view::npos) return std::nullopt;
  Result<Value> number = read_json(text, {});
  if (!number || !number->is_number()) return std::nullopt;
  return std::move(number).value();
}

std::optional<Value> boolean_from(std::string_view text) {
  if (text == "true") return Value::boolean(true);
  if (text == "false") return Value::boolean(false);
  return std::nullopt;
}

std::string boolean_hint(std::string_view text, bool secret) {
  std::string lower(text.substr(0, 8));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto among = [&lower](const auto& words) {
    return std::find(words.begin(), words.end(), lower) != words.end();
  };
  constexpr std::string_view kRule = "Write true or false.";
  if (!secret && among(kLikeTrue)) return fmt::format("Did you mean \"true\"? {}", kRule);
  if (!secret && among(kLikeFalse)) return fmt::format("Did you mean \"false\"? {}", kRule);
  return std::string(kRule);
}

TypedText container_from(std::string_view text, DataType type, bool secret) {
  const std::string_view hint =
      type == DataType::kObject ? "Give JSON, like {\"key\": \"value\"}." : "Give JSON, like [\"a\", \"b\"].";
  constexpr std::string_view kName = "at";
  Result<Value> json = read_json(text, kName, {.max_depth = kMaxDocumentDepth});
  if (!json) {
    const Error& e = json.error();
    // "at:1:5" without the name, which is there only because the reader wants one.
    const std::string_view place =
        e.where.size() > kName.size() ? std::string_view(e.where).substr(kName.size() + 1) : std::string_view();
    const std::string_view detail = secret ? std::string_view("the text is not JSON") : std::string_view(e.message);
    return {.value = std::nullopt,
            .problem = fmt::format("must be {}: {}{}{}", phrase(type), place, place.empty() ? "" : ": ", detail),
            .hint = std::string(hint)};
  }
  if (has_type(*json, type)) return {.value = std::move(json).value()};
  return {.value = std::nullopt,
          .problem = fmt::format("must be {}, not {}", phrase(type), phrase(json->type())),
          .hint = std::string(hint)};
}

TypedText not_of_type(DataType type, std::string_view text, bool secret, std::string hint) {
  const std::string shown = secret ? "the secret text that was given" : quoted(text);
  return {.value = std::nullopt,
          .problem = fmt::format("must be {}, not {}", phrase(type), shown),
          .hint = std::move(hint)};
}

}  // namespace

TypedText type_text(const Value& text, DataType type, bool secret) {
  if (type == DataType::kString) return {.value = text};
  if (!text.is_string()) {
    return {.value = std::nullopt,
            .problem = fmt::format("must be {}, not {}", phrase(type), phrase(text.type())),
            .hint = "Text is UTF-8."};
  }
  const std::string_view t = text.text();
  std::optional<Value> value;
  switch (type) {
    case DataType::kInteger:
      value = integer_from(t);
      if (value) return {.value = std::move(value)};
      return not_of_type(type, t, secret,
                         "An integer is decimal digits only, from -9223372036854775808 to 18446744073709551615.");
    case DataType::kNumber:
      value = number_from(t);
      if (value) return {.value = std::move(value)};
      return not_of_type(type, t, secret, "A number is written like 42, -0.5 or 1e3 and fits a 64-bit float.");
    case DataType::kBoolean:
      value = boolean_from(t);
      if (value) return {.value = std::move(value)};
      return not_of_type(type, t, secret, boolean_hint(t, secret));
    default:
      return container_from(t, type, secret);
  }
}

Value type_by_look(const Value& text) {
  if (!text.is_string()) return text;
  const std::string_view t = text.text();
  if (t == "null") return {};
  if (const std::optional<Value> b = boolean_from(t)) return *b;
  if (const std::optional<Value> n = number_from(t)) {
    // Digits beyond 64 bits would be rounded: more likely an identifier than an amount.
    const bool rounded = n->type() == Value::Type::kFloat && t.find_first_of(".eE") == std::string_view::npos;
    return rounded ? text : *n;
  }
  if (looks_like_json_container(t)) {
    Result<Value> json = read_json(t, {}, {.max_depth = kMaxDocumentDepth});
    if (json) return std::move(json).value();
  }
  return text;
}

}  // namespace pflow::ir
