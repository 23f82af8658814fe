#include "core/base/json_pointer.hpp"

#include "core/base/utf8.hpp"

namespace pflow {
namespace {

constexpr std::size_t kStepBytes = 200;

}  // namespace

void append_whole_step(std::string_view key, std::string& pointer) {
  pointer += '/';
  if (key.find_first_of("~/") == std::string_view::npos) {
    pointer += key;
    return;
  }
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

void append_pointer_step(std::string_view key, std::string& pointer) {
  if (key.size() <= kStepBytes) return append_whole_step(key, pointer);
  append_whole_step(printable(key, kStepBytes), pointer);
}

std::string pointer_to(std::string_view pointer, std::string_view key) {
  std::string out(pointer);
  append_pointer_step(key, out);
  return out;
}

}  // namespace pflow
