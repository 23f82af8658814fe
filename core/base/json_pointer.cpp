#include "core/base/json_pointer.hpp"

#include "core/base/utf8.hpp"

namespace pflow {
namespace {

constexpr std::size_t kStepBytes = 200;

}  // namespace

void append_pointer_step(std::string_view key, std::string& pointer) {
  std::string shortened;
  if (key.size() > kStepBytes) {
    shortened = printable(key, kStepBytes);
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

std::string pointer_to(std::string_view pointer, std::string_view key) {
  std::string out(pointer);
  append_pointer_step(key, out);
  return out;
}

}  // namespace pflow
