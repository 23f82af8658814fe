#include "core/ir/wording.hpp"

#include <algorithm>

#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"

namespace pflow::ir {
namespace {

constexpr std::size_t kShownBytes = 80;
constexpr std::size_t kPointerStepBytes = 200;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool goes_on(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

bool is_name(std::string_view text) noexcept {
  return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), goes_on);
}

bool is_reserved_name(std::string_view name) noexcept {
  return name.starts_with("__");
}

std::string quoted(std::string_view text) {
  std::string out;
  write_json_string(printable(text, kShownBytes), out);
  return out;
}

std::string_view phrase(Value::Type type) noexcept {
  switch (type) {
    case Value::Type::kNull:
      return "null";
    case Value::Type::kBool:
      return "a boolean";
    case Value::Type::kInt:
    case Value::Type::kUint:
      return "an integer";
    case Value::Type::kFloat:
      return "a number with a fraction or exponent";
    case Value::Type::kString:
      return "a string";
    case Value::Type::kBytes:
      return "bytes that are not text";
    case Value::Type::kArray:
      return "an array";
    case Value::Type::kObject:
      return "an object";
  }
  return "something unknown";
}

std::string_view phrase(DataType type) noexcept {
  switch (type) {
    case DataType::kString:
      return "a string";
    case DataType::kNumber:
      return "a number";
    case DataType::kInteger:
      return "an integer";
    case DataType::kBoolean:
      return "a boolean";
    case DataType::kObject:
      return "an object";
    case DataType::kArray:
      return "an array";
  }
  return "something unknown";
}

void append_pointer_step(std::string_view key, std::string& pointer) {
  std::string shortened;
  if (key.size() > kPointerStepBytes) {
    shortened = printable(key, kPointerStepBytes);
    key = shortened;
  }
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

}  // namespace pflow::ir
