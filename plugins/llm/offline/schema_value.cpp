#include "schema_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace pflow::llm::offline {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr double kMaxInteger = 9007199254740992.0;  // every whole number up to here is a double
constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr std::array<std::string_view, 15> kUnsupported{"allOf",
                                                        "oneOf",
                                                        "not",
                                                        "if",
                                                        "pattern",
                                                        "contains",
                                                        "minProperties",
                                                        "prefixItems",
                                                        "$dynamicRef",
                                                        "dependentRequired",
                                                        "propertyNames",
                                                        "dependentSchemas",
                                                        "patternProperties",
                                                        "unevaluatedItems",
                                                        "unevaluatedProperties"};

std::string step(std::string_view key) {
  std::string out = "/";
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

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '~' && i + 1 < text.size() && (text[i + 1] == '0' || text[i + 1] == '1');
    out += escape ? (text[i + 1] == '0' ? '~' : '/') : text[i];
    if (escape) ++i;
  }
  return out;
}

/// What a number may be.
struct Bounds {
  double least = -kInfinity;
  double most = kInfinity;
  bool above_least = false;  ///< `least` itself is not allowed
  bool below_most = false;
  double multiple_of = 0;  ///< 0: of nothing

  [[nodiscard]] bool allow(double v) const noexcept {
    return (above_least ? v > least : v >= least) && (below_most ? v < most : v <= most);
  }
};

class Writer {
 public:
  Writer(sdk::Value root, const sdk::Call& call) : root_(root), call_(call) {}

  std::string write() {
    write(root_, "", 0);
    return std::move(out_);
  }

 private:
  [[noreturn]] static void fail(std::string_view pointer, std::string_view problem) {
    std::string message = "output_schema";
    if (!pointer.empty()) message.append(" at ").append(sdk::head(pointer, 300));
    message.append(": ").append(problem);
    throw sdk::Failure{.status = PFLOW_E_UNSUPPORTED, .code = "unsupported_schema", .message = std::move(message)};
  }

  void write(sdk::Value schema, const std::string& pointer, int depth) {
    if (depth > kMaxDepth) fail(pointer, "is nested too deeply, or needs itself");
    if (out_.size() > kMaxBytes) fail(pointer, "its smallest value has more than 1 MiB");
    if (const auto flag = schema.if_bool()) {
      if (!*flag) fail(pointer, "nothing satisfies false");
      out_ += "null";
      return;
    }
    if (!schema.is(sdk::Type::kObject)) fail(pointer, "expected an object");
    for (const std::string_view word : kUnsupported) {
      if (schema[word]) fail(pointer + step(word), "the offline provider does not understand this word");
    }
    if (schema["$ref"]) return write_reference(schema["$ref"], pointer, depth);
    if (const sdk::Value value = schema["const"]) {
      out_ += call_.to_json(value);
      return;
    }
    if (const sdk::Value values = schema["enum"]) {
      if (!values.is(sdk::Type::kArray) || values.size() == 0) fail(pointer + "/enum", "expected values");
      out_ += call_.to_json(values[std::size_t{0}]);
      return;
    }
    if (const sdk::Value any = schema["anyOf"]) {
      if (!any.is(sdk::Type::kArray) || any.size() == 0) fail(pointer + "/anyOf", "expected schemas");
      return write(any[std::size_t{0}], pointer + "/anyOf/0", depth + 1);
    }
    write_type(type_of(schema, pointer), schema, pointer, depth);
  }

  void write_type(std::string_view type, sdk::Value schema, const std::string& pointer, int depth) {
    if (type == "object") return write_object(schema, pointer, depth);
    if (type == "array") return write_array(schema, pointer, depth);
    if (type == "string") return write_string(schema, pointer);
    if (type == "integer" || type == "number") return write_number(schema, type == "integer", pointer);
    if (type == "boolean") {
      out_ += "false";
    } else if (type == "null") {
      out_ += "null";
    } else {
      fail(pointer + "/type", "no such type");
    }
  }

  // The first of several types; without one, what the other words speak of.
  static std::string_view type_of(sdk::Value schema, const std::string& pointer) {
    sdk::Value type = schema["type"];
    if (type.is(sdk::Type::kArray)) type = type[std::size_t{0}];
    if (type) {
      const auto name = type.if_string();
      if (!name) fail(pointer + "/type", "expected the name of a type");
      return *name;
    }
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kHints{
        {{"properties", "object"},
         {"required", "object"},
         {"items", "array"},
         {"minItems", "array"},
         {"minLength", "string"},
         {"minimum", "number"},
         {"exclusiveMinimum", "number"},
         {"maximum", "number"},
         {"multipleOf", "number"}}};
    for (const auto& [word, meant] : kHints) {
      if (schema[word]) return meant;
    }
    return "null";
  }

  void write_reference(sdk::Value reference, const std::string& pointer, int depth) {
    const auto text = reference.if_string();
    if (!text || !text->starts_with('#')) fail(pointer + "/$ref", "only references within the schema are understood");
    sdk::Value target = root_;
    std::string_view rest = text->substr(1);
    while (!rest.empty()) {
      if (rest.front() != '/') fail(pointer + "/$ref", "expected # and a JSON Pointer");
      rest.remove_prefix(1);
      const std::string_view key = rest.substr(0, rest.find('/'));
      rest.remove_prefix(key.size());
      target = member(target, unescaped(key));
      if (!target) fail(pointer + "/$ref", "leads nowhere");
    }
    write(target, std::string(text->substr(1)), depth + 1);
  }

  static sdk::Value member(sdk::Value value, std::string_view key) {
    if (!value.is(sdk::Type::kArray)) return value[key];
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    return error == std::errc() && end == key.data() + key.size() ? value[index] : sdk::Value();
  }

  void write_object(sdk::Value schema, const std::string& pointer, int depth) {
    const sdk::Value properties = schema["properties"];
    const sdk::Value required = schema["required"];
    const sdk::Value more = schema["additionalProperties"];
    out_ += '{';
    std::vector<std::string_view> written;
    for (const sdk::Value name : required.items()) {
      const auto key = name.if_string();
      if (!key) fail(pointer + "/required", "expected names");
      if (std::find(written.begin(), written.end(), *key) != written.end()) continue;
      if (!written.empty()) out_ += ',';
      written.push_back(*key);
      sdk::append_json(out_, *key);
      out_ += ':';
      if (const sdk::Value property = properties[*key]) {
        write(property, pointer + "/properties" + step(*key), depth + 1);
      } else if (more) {
        write(more, pointer + "/additionalProperties", depth + 1);
      } else {
        out_ += "null";
      }
    }
    out_ += '}';
  }

  void write_array(sdk::Value schema, const std::string& pointer, int depth) {
    const std::int64_t least = count_of(schema, "minItems", 0, pointer);
    if (least > count_of(schema, "maxItems", least, pointer)) fail(pointer, "no array satisfies it");
    if (least > 1 && schema["uniqueItems"].if_bool() == true)
      fail(pointer + "/uniqueItems", "the offline provider does not understand this word");
    const sdk::Value items = schema["items"];
    out_ += '[';
    for (std::int64_t i = 0; i < least; ++i) {
      if (i > 0) out_ += ',';
      if (out_.size() > kMaxBytes) fail(pointer, "its smallest value has more than 1 MiB");
      if (items) {
        write(items, pointer + "/items", depth + 1);
      } else {
        out_ += "null";
      }
    }
    out_ += ']';
  }

  void write_string(sdk::Value schema, const std::string& pointer) {
    const std::int64_t least = count_of(schema, "minLength", 0, pointer);
    if (least > count_of(schema, "maxLength", least, pointer)) fail(pointer, "no text satisfies it");
    if (static_cast<std::uint64_t>(least) > kMaxBytes) fail(pointer, "its smallest value has more than 1 MiB");
    out_ += '"';
    out_.append(static_cast<std::size_t>(least), 'x');
    out_ += '"';
  }

  void write_number(sdk::Value schema, bool whole, const std::string& pointer) {
    const Bounds bounds = bounds_of(schema, whole, pointer);
    const double v = smallest(bounds, whole);
    if (!bounds.allow(v)) fail(pointer, "no number satisfies it");
    if (!whole) return sdk::append_number(out_, v);
    if (std::abs(v) > kMaxInteger) fail(pointer, "its smallest value is beyond 2^53");
    sdk::append_number(out_, static_cast<std::int64_t>(v));
  }

  // 0 where it is allowed, else what is allowed and nearest to it, or near enough.
  static double smallest(const Bounds& b, bool whole) {
    if (b.allow(0)) return 0;
    const bool positive = b.least >= 0;
    const double edge = positive ? b.least : b.most;
    const double unit = b.multiple_of > 0 ? b.multiple_of : whole ? 1 : 0;
    if (unit > 0) {
      const double steps = positive ? std::ceil(edge / unit) : std::floor(edge / unit);
      const double v = steps * unit;
      return b.allow(v) ? v : v + (positive ? unit : -unit);
    }
    if (b.allow(edge)) return edge;
    if (std::isfinite(b.least) && std::isfinite(b.most)) return b.least + (b.most - b.least) / 2;
    return positive ? edge + 1 : edge - 1;
  }

  static Bounds bounds_of(sdk::Value schema, bool whole, const std::string& pointer) {
    Bounds b;
    const auto number = [&](std::string_view word, double otherwise) {
      const sdk::Value v = schema[word];
      const auto n = v.if_double();
      if (v && !n) fail(pointer + step(word), "expected a number");
      return n.value_or(otherwise);
    };
    b.least = number("minimum", -kInfinity);
    b.most = number("maximum", kInfinity);
    if (const double above = number("exclusiveMinimum", -kInfinity); above >= b.least && std::isfinite(above)) {
      b.least = above;
      b.above_least = true;
    }
    if (const double below = number("exclusiveMaximum", kInfinity); below <= b.most && std::isfinite(below)) {
      b.most = below;
      b.below_most = true;
    }
    b.multiple_of = number("multipleOf", 0);
    const bool fits = b.multiple_of >= 0 && (!whole || b.multiple_of == std::floor(b.multiple_of));
    if (!fits) fail(pointer + "/multipleOf", "the offline provider does not understand this number here");
    return b;
  }

  static std::int64_t count_of(sdk::Value schema, std::string_view word, std::int64_t otherwise,
                               const std::string& pointer) {
    const sdk::Value v = schema[word];
    if (!v) return otherwise;
    const auto n = v.if_int();
    if (!n || *n < 0) fail(pointer + step(word), "expected a whole number from 0");
    return *n;
  }

  sdk::Value root_;
  const sdk::Call& call_;
  std::string out_;
};

}  // namespace

std::string smallest_value(sdk::Value schema, const sdk::Call& call) {
  return Writer(schema, call).write();
}

}  // namespace pflow::llm::offline
