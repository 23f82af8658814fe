#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"

// A text from anywhere is refused with words and a place, or it is a value that writes and reads back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace pflow;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const Result<Value> value = read_json(text, "fuzz.json");
  if (!value) {
    const Error& e = value.error();
    if (e.message.empty() || !e.where.starts_with("fuzz.json")) std::abort();
    return 0;
  }
  if (value->depth() > JsonLimits{}.max_depth) std::abort();
  for (const JsonStyle style : {JsonStyle::kCompact, JsonStyle::kIndented}) {
    const std::string written = to_json(*value, style);
    if (!is_utf8(written)) std::abort();
    const Result<Value> again = read_json(written, "again");
    if (!again || !(*again == *value) || to_json(*again, style) != written) std::abort();
  }
  return 0;
}
