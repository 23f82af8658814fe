#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/json.hpp>

namespace pflow::llm {

namespace json = boost::json;

/// A place in somebody else's JSON, which may not be there or be of another kind: whatever is asked of it then, it is
/// absent. As cheap to copy as a pointer; the JSON must outlive it.
class JsonRef {
 public:
  constexpr JsonRef() noexcept = default;

  JsonRef(const json::value& value) noexcept : value_(&value) {}  // NOLINT(google-explicit-constructor)

  JsonRef(json::value&&) = delete;

  [[nodiscard]] JsonRef operator[](std::string_view key) const noexcept {
    const json::object* object = if_object();
    const json::value* found = object == nullptr ? nullptr : object->if_contains(key);
    return found == nullptr ? JsonRef() : JsonRef(*found);
  }

  [[nodiscard]] JsonRef operator[](std::size_t index) const noexcept {
    const json::array* array = if_array();
    return array == nullptr || index >= array->size() ? JsonRef() : JsonRef((*array)[index]);
  }

  /// False for what is absent and for null: servers write either.
  [[nodiscard]] explicit operator bool() const noexcept { return value_ != nullptr && !value_->is_null(); }

  [[nodiscard]] const json::value* value() const noexcept { return value_; }

  [[nodiscard]] const json::object* if_object() const noexcept {
    return value_ == nullptr ? nullptr : value_->if_object();
  }

  [[nodiscard]] const json::array* if_array() const noexcept {
    return value_ == nullptr ? nullptr : value_->if_array();
  }

  [[nodiscard]] std::optional<std::string_view> text() const noexcept {
    const json::string* text = value_ == nullptr ? nullptr : value_->if_string();
    if (text == nullptr) return std::nullopt;
    return std::string_view(text->data(), text->size());
  }

  /// A count: a whole number of at least 0, also when it is written as 12.0.
  [[nodiscard]] std::optional<std::int64_t> count() const noexcept;

  [[nodiscard]] std::optional<bool> flag() const noexcept {
    const bool* flag = value_ == nullptr ? nullptr : value_->if_bool();
    return flag == nullptr ? std::nullopt : std::optional(*flag);
  }

 private:
  const json::value* value_ = nullptr;
};

/// Reads a whole text. Nothing: it is no JSON, or nested deeper than 64 levels.
[[nodiscard]] std::optional<json::value> read_json(std::string_view text);

/// Of a text that read_json refuses, why: "it is no JSON", "it is nested too deeply: more than 64 levels".
[[nodiscard]] std::string_view why_unread(std::string_view text);

/// Puts `from` into `into`: objects are merged at every depth, of everything else the one in `from` wins.
void merge(json::object& into, const json::object& from);

}  // namespace pflow::llm
