#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/value.hpp"

namespace pflow {

/// A text, or null when it is empty: nothing is known.
[[nodiscard]] inline Value text_or_null(std::string_view text) {
  return text.empty() ? Value() : Value::string(text);
}

[[nodiscard]] inline Value array_of_texts(const std::vector<std::string>& texts) {
  std::vector<Value> items;
  items.reserve(texts.size());
  for (const std::string& text : texts)
    items.push_back(Value::string(text));
  return Value::array(items);
}

/// Puts an object together, member by member, in the order written. The names are distinct: the caller sees to that.
class ObjectBuilder {
 public:
  ObjectBuilder& add(std::string_view name, Value value) {
    members_.push_back({Value::string(name), std::move(value)});
    return *this;
  }

  ObjectBuilder& add(std::string_view name, std::string_view text) { return add(name, Value::string(text)); }

  ObjectBuilder& add(std::string_view name, const char* text) { return add(name, Value::string(text)); }

  [[nodiscard]] Value finish() { return Value::object(members_); }

 private:
  std::vector<Member> members_;
};

}  // namespace pflow
