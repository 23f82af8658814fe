#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pflow/sdk/failure.hpp"
#include "pflow/sdk/param_codec.hpp"
#include "pflow/sdk/value.hpp"

namespace pflow::sdk {
inline namespace v1 {

/// What a declaration says about one parameter. The setters chain: `f.add(...).minimum(1).maximum(100)`.
class Field {
 public:
  Field(std::string_view name, std::string_view description, std::string_view schema, std::string_view expected)
      : name_(name), description_(description), schema_(schema), expected_(expected) {}

  Field& required() {
    required_ = true;
    return *this;
  }

  /// The host redacts the value everywhere, and error messages do not show it.
  Field& secret() {
    secret_ = true;
    return *this;
  }

  /// A shell reads this text: a template pasted into it is worth a warning to the workflow's author.
  Field& shell_text() {
    shell_text_ = true;
    return *this;
  }

  Field& minimum(double least) {
    minimum_ = least;
    return *this;
  }

  Field& maximum(double most) {
    maximum_ = most;
    return *this;
  }

  Field& one_of(std::vector<std::string> allowed) {
    allowed_ = std::move(allowed);
    return *this;
  }

  /// Narrows a member of type Value, which else takes anything.
  Field& type(Type type) {
    narrowed_ = type;
    schema_ = detail::schema_of(type);
    expected_ = words(type);
    return *this;
  }

 private:
  template <class Params>
  friend class Fields;

  [[nodiscard]] bool accepts(Value value) const noexcept {
    if (narrowed_ && value.type() != *narrowed_) return false;
    if (minimum_ || maximum_) {
      const std::optional<double> number = value.if_double();
      if (number && ((minimum_ && *number < *minimum_) || (maximum_ && *number > *maximum_))) return false;
    }
    if (allowed_.empty()) return true;
    const std::optional<std::string_view> word = value.if_string();
    for (const std::string& allowed : allowed_) {
      if (word == allowed) return true;
    }
    return false;
  }

  static void append_bound(std::string& out, double bound) {
    const auto whole = static_cast<std::int64_t>(bound);  // limits are of a human size
    if (static_cast<double>(whole) == bound) {
      append_number(out, whole);
    } else {
      append_number(out, bound);
    }
  }

  [[nodiscard]] std::string expectation() const {
    if (allowed_.empty()) {
      std::string text(expected_);
      if (minimum_) append_bound(text += maximum_ ? " from " : " of at least ", *minimum_);
      if (maximum_) append_bound(text += minimum_ ? " to " : " of at most ", *maximum_);
      return text;
    }
    std::string text = "one of ";
    for (const std::string& allowed : allowed_) {
      append_json(text, allowed);
      text += ", ";
    }
    text.resize(text.size() - 2);
    return text;
  }

  [[noreturn]] void refuse(Value got) const {
    std::string message = "parameter ";
    append_json(message, name_);
    message.append(": expected ").append(expectation()).append(", got ");
    message += secret_ ? std::string(words(got.type())) : detail::show(got);
    throw Failure{.status = PFLOW_E_INVALID, .code = "invalid_parameter", .message = std::move(message)};
  }

  [[noreturn]] void missing() const {
    std::string message = "parameter ";
    append_json(message, name_);
    message.append(" is required: ").append(description_);
    throw Failure{.status = PFLOW_E_INVALID, .code = "invalid_parameter", .message = std::move(message)};
  }

  void append_schema(std::string& out) const {
    append_json(out, name_);
    out += ":{";
    if (!schema_.empty()) out.append(schema_) += ',';
    out += "\"description\":";
    append_json(out, description_);
    if (!allowed_.empty()) {
      out += ",\"enum\":[";
      for (const std::string& allowed : allowed_) {
        append_json(out, allowed);
        out += ',';
      }
      out.back() = ']';
    }
    if (minimum_) append_bound(out += ",\"minimum\":", *minimum_);
    if (maximum_) append_bound(out += ",\"maximum\":", *maximum_);
    if (secret_) out += ",\"x-pflow-secret\":true";
    if (shell_text_) out += ",\"x-pflow-shell\":true";
    if (!required_ && !default_json_.empty()) out.append(",\"default\":").append(default_json_);
    out += '}';
  }

  std::string_view name_, description_;  // literals of the declaration
  std::string_view schema_, expected_;   // literals of the codec
  std::string default_json_;             // empty = none
  std::vector<std::string> allowed_;
  std::optional<double> minimum_, maximum_;
  std::optional<Type> narrowed_;
  bool required_ = false;
  bool secret_ = false;
  bool shell_text_ = false;
};

/// The parameters of a node type, declared once in `static void Params::declare(Fields<Params>&)`: they give the JSON
/// Schema for the descriptor and the reading of a call's values.
///
/// Members may be std::string, std::string_view (not copied, valid until the call has ended), any integer, double,
/// bool, std::optional of these, Value, std::vector<std::string>, std::map<std::string, std::string>. The default is
/// the member's initialiser; optionals and Values have none. A null stands for "not given". At most 64 members.
template <class Params>
class Fields {
 public:
  Fields() { Params::declare(*this); }

  template <class T>
  Field& add(std::string_view name, T Params::*member, std::string_view description) {
    using Codec = ParamCodec<T>;
    if (entries_.size() == 64) throw std::logic_error("a node type has at most 64 parameters");
    Field field(name, description, Codec::kSchema, Codec::kExpected);
    Codec::append_default(field.default_json_, Params{}.*member);
    entries_.push_back({std::move(field), std::make_unique<MemberReader<T>>(member)});
    return entries_.back().field;
  }

  /// Reads what the host resolved. Throws Failure "invalid_parameter" that says name, what is expected and what came.
  [[nodiscard]] Params read(Value given) const {
    Params params{};
    std::uint64_t seen = 0;
    const std::size_t count = given.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view key = given.key_at(i);
      for (std::size_t at = 0; at < entries_.size(); ++at) {
        const Entry& entry = entries_[at];
        if (entry.field.name_ != key) continue;
        const Value value = given[i];
        if (value.is_null()) break;
        if (!entry.reader->read(params, value) || !entry.field.accepts(value)) entry.field.refuse(value);
        seen |= std::uint64_t{1} << at;
        break;
      }
    }
    for (std::size_t at = 0; at < entries_.size(); ++at) {
      if (entries_[at].field.required_ && (seen >> at & 1U) == 0) entries_[at].field.missing();
    }
    return params;
  }

  /// The "params" part of a descriptor. Further parameters are not forbidden: the host tells slips of the pen.
  [[nodiscard]] std::string schema() const {
    std::string required, properties;
    for (const Entry& entry : entries_) {
      if (!properties.empty()) properties += ',';
      entry.field.append_schema(properties);
      if (!entry.field.required_) continue;
      if (!required.empty()) required += ',';
      append_json(required, entry.field.name_);
    }
    return "{\"type\":\"object\",\"required\":[" + required + "],\"properties\":{" + properties + "}}";
  }

 private:
  struct Reader {
    Reader() = default;
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    virtual ~Reader() = default;
    virtual bool read(Params& into, Value value) const = 0;  ///< false = not of the member's type
  };

  template <class T>
  struct MemberReader final : Reader {
    explicit MemberReader(T Params::*where) : member(where) {}

    bool read(Params& into, Value value) const override { return ParamCodec<T>::read(value, into.*member); }

    T Params::*member;
  };

  struct Entry {
    Field field;
    std::unique_ptr<const Reader> reader;
  };

  std::vector<Entry> entries_;
};

/// For node types without parameters.
struct NoParams {
  static void declare(Fields<NoParams>& /*fields*/) {}
};

}  // namespace v1
}  // namespace pflow::sdk
