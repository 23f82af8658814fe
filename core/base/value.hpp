#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace pflow {

struct Member;

/// No value is made deeper: values are walked recursively when they are written, compared and freed.
inline constexpr std::uint32_t kMaxValueDepth = 512;

/// An immutable JSON value, or bytes, that is shared and never copied.
///
/// 16 bytes: a scalar in place, or a counted reference to text, bytes, an array or an object. Copying a Value takes a
/// reference; a part of a value (`find`, `items`) is a Value of its own and outlives the whole when it is copied.
/// Immutable, so any thread may read one; distinct Value objects that share content may be used by distinct threads.
/// Integers are exact: int64, or uint64 above its range. Text is valid UTF-8; what is not belongs in bytes.
class Value {
 public:
  enum class Type : std::uint8_t { kNull, kBool, kInt, kUint, kFloat, kString, kBytes, kArray, kObject };

  Value() noexcept = default;  ///< null

  Value(const Value& other) noexcept : type_(other.type_), payload_(other.payload_) { retain(); }

  Value(Value&& other) noexcept : type_(other.type_), payload_(other.payload_) { other.type_ = Type::kNull; }

  Value& operator=(const Value& other) noexcept {
    Value copy(other);
    swap(copy);
    return *this;
  }

  Value& operator=(Value&& other) noexcept {
    swap(other);
    return *this;
  }

  ~Value() {
    if (counted()) release();
  }

  [[nodiscard]] static Value boolean(bool b) noexcept;
  [[nodiscard]] static Value integer(std::int64_t i) noexcept;
  [[nodiscard]] static Value integer(std::uint64_t u) noexcept;  ///< kInt when it fits, else kUint
  [[nodiscard]] static Value number(double d) noexcept;          ///< finite
  [[nodiscard]] static Value string(std::string_view utf8);      ///< one allocation, one copy
  [[nodiscard]] static Value bytes(std::string_view content);
  [[nodiscard]] static Value array(std::span<Value> items);      ///< moves from `items`
  [[nodiscard]] static Value object(std::span<Member> members);  ///< moves from `members`; keys are distinct

  [[nodiscard]] Type type() const noexcept { return type_; }

  [[nodiscard]] bool is_null() const noexcept { return type_ == Type::kNull; }

  [[nodiscard]] bool is_string() const noexcept { return type_ == Type::kString; }

  [[nodiscard]] bool is_array() const noexcept { return type_ == Type::kArray; }

  [[nodiscard]] bool is_object() const noexcept { return type_ == Type::kObject; }

  [[nodiscard]] bool is_integer() const noexcept { return type_ == Type::kInt || type_ == Type::kUint; }

  [[nodiscard]] bool is_number() const noexcept { return is_integer() || type_ == Type::kFloat; }

  // Each asks for its own type; another type is a bug of the caller.
  [[nodiscard]] bool as_bool() const noexcept { return payload_.boolean; }

  [[nodiscard]] std::int64_t as_int() const noexcept { return payload_.integer; }

  [[nodiscard]] std::uint64_t as_uint() const noexcept { return payload_.natural; }

  [[nodiscard]] double as_float() const noexcept { return payload_.number; }

  [[nodiscard]] double as_double() const noexcept;       ///< any number type
  [[nodiscard]] std::string_view text() const noexcept;  ///< kString, kBytes; lives as long as any copy of this value

  [[nodiscard]] std::span<const Value> items() const noexcept;     ///< kArray
  [[nodiscard]] std::span<const Member> members() const noexcept;  ///< kObject, in the order written
  [[nodiscard]] const Value* find(
      std::string_view key) const noexcept;            ///< nullptr: absent, or not an object; O(log n)
  [[nodiscard]] std::size_t size() const noexcept;     ///< bytes of text, number of items or members, else 0
  [[nodiscard]] std::uint32_t depth() const noexcept;  ///< 0 for scalars and text, 1 + the deepest child's otherwise

  void swap(Value& other) noexcept {
    std::swap(type_, other.type_);
    std::swap(payload_, other.payload_);
  }

  [[nodiscard]] bool same_content(const Value& other) const noexcept;  ///< true: shares storage, or is the same scalar
  friend bool operator==(const Value& a, const Value& b) noexcept;     ///< deep

 private:
  friend class TextBuilder;
  struct Rep;
  struct TextRep;
  struct ArrayRep;
  struct ObjectRep;

  union Payload {
    bool boolean;
    std::int64_t integer;
    std::uint64_t natural = 0;
    double number;
    Rep* rep;
  };

  [[nodiscard]] bool counted() const noexcept { return type_ >= Type::kString; }

  void retain() const noexcept;
  void release() noexcept;
  static Value with_rep(Type type, Rep* rep) noexcept;

  Type type_ = Type::kNull;
  Payload payload_;
};

struct Member {
  Value key;  ///< kString
  Value value;

  [[nodiscard]] std::string_view name() const noexcept { return key.text(); }
};

/// Text that grows in place and becomes one Value without a last copy. Not thread-safe.
class TextBuilder {
 public:
  explicit TextBuilder(std::size_t expected_bytes = 0);
  TextBuilder(const TextBuilder&) = delete;
  TextBuilder& operator=(const TextBuilder&) = delete;
  ~TextBuilder();

  void append(std::string_view more);  ///< throws std::bad_alloc
  [[nodiscard]] std::string_view view() const noexcept;
  [[nodiscard]] Value finish();  ///< kString when the content is UTF-8, else kBytes; leaves the builder empty

 private:
  Value::TextRep* rep_ = nullptr;
  std::size_t capacity_ = 0;
};

/// "string", "integer", "number", "boolean", "null", "array", "object" or "bytes".
[[nodiscard]] std::string_view type_name(Value::Type type) noexcept;

[[nodiscard]] inline std::string_view type_name(const Value& v) noexcept {
  return type_name(v.type());
}

}  // namespace pflow
