#pragma once
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "pflow/sdk/value.hpp"

namespace pflow::sdk {
inline namespace v1 {

namespace detail {
/// The part of a JSON Schema that says the type; empty where the schema has no word for it.
[[nodiscard]] constexpr std::string_view schema_of(Type type) noexcept {
  switch (type) {
    case Type::kBool:
      return "\"type\":\"boolean\"";
    case Type::kInt:
      return "\"type\":\"integer\"";
    case Type::kFloat:
      return "\"type\":\"number\"";
    case Type::kString:
      return "\"type\":\"string\"";
    case Type::kArray:
      return "\"type\":\"array\"";
    case Type::kObject:
      return "\"type\":\"object\"";
    case Type::kNull:
    case Type::kBytes:
      break;
  }
  return {};
}

/// A value as an error message shows it: small ones in full, text cut to 60 bytes, others by their type.
[[nodiscard]] inline std::string show(Value value) {
  std::string text(words(value.type()));
  if (const auto word = value.if_string()) {
    append_json(text += ' ', head(*word, 60));
    if (word->size() > 60) text += "...";
  } else if (const auto flag = value.if_bool()) {
    text = *flag ? "true" : "false";
  } else if (const auto whole = value.if_int()) {
    text.clear();
    append_number(text, *whole);
  } else if (const auto number = value.if_double()) {
    text.clear();
    append_number(text, *number);
  }
  return text;
}
}  // namespace detail

/// How a parameter of C++ type T is described, read and its default written. Specialise it for a type of your own:
/// kSchema (JSON Schema members, may be empty), kExpected (for messages), read() and append_default().
template <class T>
struct ParamCodec;

template <>
struct ParamCodec<std::string_view> {
  static constexpr std::string_view kSchema = detail::schema_of(Type::kString);
  static constexpr std::string_view kExpected = words(Type::kString);

  static bool read(Value value, std::string_view& out) noexcept {
    const auto text = value.if_string();
    if (text) out = *text;
    return text.has_value();
  }

  static void append_default(std::string& json, std::string_view value) { append_json(json, value); }
};

template <>
struct ParamCodec<std::string> : ParamCodec<std::string_view> {
  static bool read(Value value, std::string& out) {
    const auto text = value.if_string();
    if (text) out.assign(*text);
    return text.has_value();
  }
};

template <>
struct ParamCodec<bool> {
  static constexpr std::string_view kSchema = detail::schema_of(Type::kBool);
  static constexpr std::string_view kExpected = words(Type::kBool);

  static bool read(Value value, bool& out) noexcept {
    const auto flag = value.if_bool();
    if (flag) out = *flag;
    return flag.has_value();
  }

  static void append_default(std::string& json, bool value) { json += value ? "true" : "false"; }
};

template <std::integral Number>
struct ParamCodec<Number> {
  static constexpr std::string_view kSchema = detail::schema_of(Type::kInt);
  static constexpr std::string_view kExpected = words(Type::kInt);

  static bool read(Value value, Number& out) noexcept {
    if constexpr (std::is_signed_v<Number>) {
      return store(value.if_int(), out);
    } else {
      return store(value.if_uint(), out);
    }
  }

  static void append_default(std::string& json, Number value) { append_number(json, value); }

 private:
  template <class Wide>
  static bool store(const std::optional<Wide>& wide, Number& out) noexcept {
    if (!wide || !std::in_range<Number>(*wide)) return false;
    out = static_cast<Number>(*wide);
    return true;
  }
};

template <>
struct ParamCodec<double> {
  static constexpr std::string_view kSchema = detail::schema_of(Type::kFloat);
  static constexpr std::string_view kExpected = words(Type::kFloat);

  static bool read(Value value, double& out) noexcept {
    const auto number = value.if_double();
    if (number) out = *number;
    return number.has_value();
  }

  static void append_default(std::string& json, double value) { append_number(json, value); }
};

template <class T>
struct ParamCodec<std::optional<T>> {
  static constexpr std::string_view kSchema = ParamCodec<T>::kSchema;
  static constexpr std::string_view kExpected = ParamCodec<T>::kExpected;

  static bool read(Value value, std::optional<T>& out) { return ParamCodec<T>::read(value, out.emplace()); }

  static void append_default(std::string& /*json*/, const std::optional<T>& /*value*/) noexcept {}
};

template <>
struct ParamCodec<Value> {
  static constexpr std::string_view kSchema = {};
  static constexpr std::string_view kExpected = "a value";

  static bool read(Value value, Value& out) noexcept {
    out = value;
    return true;
  }

  static void append_default(std::string& /*json*/, Value /*value*/) noexcept {}
};

template <>
struct ParamCodec<std::vector<std::string>> {
  static constexpr std::string_view kSchema = "\"type\":\"array\",\"items\":{\"type\":\"string\"}";
  static constexpr std::string_view kExpected = "an array of strings";

  static bool read(Value value, std::vector<std::string>& out) {
    if (!value.is(Type::kArray)) return false;
    out.clear();
    for (const Value item : value.items()) {
      const auto text = item.if_string();
      if (!text) return false;
      out.emplace_back(*text);
    }
    return true;
  }

  static void append_default(std::string& json, const std::vector<std::string>& value) {
    json += '[';
    for (const std::string& item : value) {
      if (json.size() > 1) json += ',';
      append_json(json, item);
    }
    json += ']';
  }
};

template <>
struct ParamCodec<std::map<std::string, std::string>> {
  static constexpr std::string_view kSchema = "\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}";
  static constexpr std::string_view kExpected = "an object with string values";

  static bool read(Value value, std::map<std::string, std::string>& out) {
    if (!value.is(Type::kObject)) return false;
    out.clear();
    for (const auto [key, item] : value.members()) {
      const auto text = item.if_string();
      if (!text) return false;
      out.emplace(key, *text);
    }
    return true;
  }

  static void append_default(std::string& json, const std::map<std::string, std::string>& value) {
    json += '{';
    for (const auto& [key, item] : value) {
      if (json.size() > 1) json += ',';
      append_json(json, key);
      json += ':';
      append_json(json, item);
    }
    json += '}';
  }
};

}  // namespace v1
}  // namespace pflow::sdk
