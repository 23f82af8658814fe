#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pflow/plugin.h"
#include "pflow/sdk/failure.hpp"
#include "pflow/sdk/host.hpp"

namespace pflow::sdk {
inline namespace v1 {

enum class Type : pflow_type {
  kNull = PFLOW_T_NULL,
  kBool = PFLOW_T_BOOL,
  kInt = PFLOW_T_INT,
  kFloat = PFLOW_T_FLOAT,
  kString = PFLOW_T_STRING,
  kArray = PFLOW_T_ARRAY,
  kObject = PFLOW_T_OBJECT,
  kBytes = PFLOW_T_BYTES
};

/// "a string", "an object", ...: for messages.
[[nodiscard]] constexpr std::string_view words(Type type) noexcept {
  switch (type) {
    case Type::kNull:
      return "null";
    case Type::kBool:
      return "a boolean";
    case Type::kInt:
      return "an integer";
    case Type::kFloat:
      return "a number";
    case Type::kString:
      return "a string";
    case Type::kArray:
      return "an array";
    case Type::kObject:
      return "an object";
    case Type::kBytes:
      return "bytes";
  }
  return "a value of an unknown type";
}

/// A view of one immutable value of the host: as cheap to copy as a pointer, valid until the call it came from has
/// ended.
///
/// `if_x()` gives nothing when the value is not an x; `as_x()` throws Failure "wrong_type" then. Text is not copied.
/// Any thread; an absent value behaves as null and has size 0.
class Value {
 public:
  class Items;
  class Members;

  constexpr Value() noexcept = default;

  constexpr explicit Value(const pflow_value* handle) noexcept : handle_(handle) {}

  [[nodiscard]] constexpr const pflow_value* handle() const noexcept { return handle_; }

  [[nodiscard]] constexpr explicit operator bool() const noexcept { return handle_ != nullptr; }

  [[nodiscard]] Type type() const noexcept { return static_cast<Type>(Host::values().type(handle_)); }

  [[nodiscard]] bool is(Type type) const noexcept { return this->type() == type; }

  [[nodiscard]] bool is_null() const noexcept { return handle_ == nullptr || is(Type::kNull); }

  [[nodiscard]] std::optional<bool> if_bool() const noexcept {
    std::int32_t out = 0;
    if (Host::values().get_bool(handle_, &out) != PFLOW_OK) return std::nullopt;
    return out != 0;
  }

  /// Integers, and floats that are whole and in range.
  [[nodiscard]] std::optional<std::int64_t> if_int() const noexcept {
    return fetch<std::int64_t>(Host::values().get_int);
  }

  [[nodiscard]] std::optional<std::uint64_t> if_uint() const noexcept {
    return fetch<std::uint64_t>(Host::values().get_uint);
  }

  /// Floats and integers.
  [[nodiscard]] std::optional<double> if_double() const noexcept { return fetch<double>(Host::values().get_float); }

  [[nodiscard]] std::optional<std::string_view> if_string() const noexcept { return text(Type::kString); }

  [[nodiscard]] std::optional<std::string_view> if_bytes() const noexcept { return text(Type::kBytes); }

  /// The bytes of a string or of bytes, whichever it is.
  [[nodiscard]] std::optional<std::string_view> if_text() const noexcept {
    pflow_str out{};
    if (Host::values().get_str(handle_, &out) != PFLOW_OK) return std::nullopt;
    return to_view(out);
  }

  [[nodiscard]] bool as_bool() const { return must(if_bool(), Type::kBool); }

  [[nodiscard]] std::int64_t as_int() const { return must(if_int(), Type::kInt); }

  [[nodiscard]] std::uint64_t as_uint() const { return must(if_uint(), Type::kInt); }

  [[nodiscard]] double as_double() const { return must(if_double(), Type::kFloat); }

  [[nodiscard]] std::string_view as_string() const { return must(if_string(), Type::kString); }

  [[nodiscard]] std::string_view as_bytes() const { return must(if_text(), Type::kBytes); }

  /// Items of an array, members of an object, bytes of a string or of bytes; 0 for the rest.
  [[nodiscard]] std::size_t size() const noexcept { return Host::values().length(handle_); }

  /// The member `key` of an object; an absent Value if there is none.
  [[nodiscard]] Value operator[](std::string_view key) const noexcept {
    return Value(Host::values().get(handle_, to_str(key)));
  }

  /// Item `index` of an array or the value of an object's member `index`; absent if out of range.
  [[nodiscard]] Value operator[](std::size_t index) const noexcept { return Value(Host::values().at(handle_, index)); }

  /// The key of an object's member `index`, in the order of insertion; empty if out of range.
  [[nodiscard]] std::string_view key_at(std::size_t index) const noexcept {
    pflow_str out{};
    return Host::values().key_at(handle_, index, &out) == PFLOW_OK ? to_view(out) : std::string_view{};
  }

  [[nodiscard]] Items items() const noexcept;      ///< for (Value item : array.items())
  [[nodiscard]] Members members() const noexcept;  ///< for (auto [key, value] : object.members())

 private:
  template <class T, class Getter>
  [[nodiscard]] std::optional<T> fetch(Getter getter) const noexcept {
    T out{};
    if (getter(handle_, &out) != PFLOW_OK) return std::nullopt;
    return out;
  }

  [[nodiscard]] std::optional<std::string_view> text(Type type) const noexcept {
    if (!is(type)) return std::nullopt;
    return if_text();
  }

  template <class T>
  [[nodiscard]] T must(const std::optional<T>& found, Type wanted) const {
    if (found) return *found;
    std::string message = "expected ";
    message.append(words(wanted)).append(", got ").append(words(type()));
    throw Failure{.status = PFLOW_E_TYPE, .code = "wrong_type", .message = std::move(message)};
  }

  const pflow_value* handle_ = nullptr;
};

namespace detail {
/// Counts from 0 to a container's size and makes an element of the index with `Container::make`.
template <class Container>
class IndexIterator {
 public:
  IndexIterator(Value value, std::size_t index) noexcept : value_(value), index_(index) {}

  [[nodiscard]] auto operator*() const noexcept { return Container::make(value_, index_); }

  IndexIterator& operator++() noexcept {
    ++index_;
    return *this;
  }

  [[nodiscard]] bool operator!=(const IndexIterator& other) const noexcept { return index_ != other.index_; }

 private:
  Value value_;
  std::size_t index_;
};
}  // namespace detail

class Value::Items {
 public:
  explicit Items(Value value) noexcept : value_(value), size_(value.is(Type::kArray) ? value.size() : 0) {}

  [[nodiscard]] auto begin() const noexcept { return detail::IndexIterator<Items>(value_, 0); }

  [[nodiscard]] auto end() const noexcept { return detail::IndexIterator<Items>(value_, size_); }

  [[nodiscard]] static Value make(Value value, std::size_t index) noexcept { return value[index]; }

 private:
  Value value_;
  std::size_t size_;
};

struct Member {
  std::string_view key;
  Value value;
};

class Value::Members {
 public:
  explicit Members(Value value) noexcept : value_(value), size_(value.is(Type::kObject) ? value.size() : 0) {}

  [[nodiscard]] auto begin() const noexcept { return detail::IndexIterator<Members>(value_, 0); }

  [[nodiscard]] auto end() const noexcept { return detail::IndexIterator<Members>(value_, size_); }

  [[nodiscard]] static Member make(Value value, std::size_t index) noexcept {
    return {value.key_at(index), value[index]};
  }

 private:
  Value value_;
  std::size_t size_;
};

inline Value::Items Value::items() const noexcept {
  return Items(*this);
}

inline Value::Members Value::members() const noexcept {
  return Members(*this);
}

}  // namespace v1
}  // namespace pflow::sdk
