#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "core/base/error.hpp"

namespace pflow {

/// T or the Error that stood in its way. Both constructors are implicit so that `return value;` and
/// `return Error{...};` read as they should. `value()` of a failure and `error()` of a success are bugs.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)

  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }

  explicit operator bool() const noexcept { return ok(); }

  [[nodiscard]] T& value() & { return *std::get_if<0>(&state_); }

  [[nodiscard]] const T& value() const& { return *std::get_if<0>(&state_); }

  [[nodiscard]] T&& value() && { return std::move(*std::get_if<0>(&state_)); }

  [[nodiscard]] T& operator*() & { return value(); }

  [[nodiscard]] const T& operator*() const& { return value(); }

  [[nodiscard]] T* operator->() { return std::get_if<0>(&state_); }

  [[nodiscard]] const T* operator->() const { return std::get_if<0>(&state_); }

  [[nodiscard]] const Error& error() const& { return *std::get_if<1>(&state_); }

  [[nodiscard]] Error& error() & { return *std::get_if<1>(&state_); }

  [[nodiscard]] Error&& error() && { return std::move(*std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;

  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const noexcept { return !error_; }

  explicit operator bool() const noexcept { return ok(); }

  [[nodiscard]] const Error& error() const& { return *error_; }

  [[nodiscard]] Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

}  // namespace pflow
