#include "core/ir/wording.hpp"

#include "core/base/json_write.hpp"
#include "core/base/utf8.hpp"
#include "core/base/wording.hpp"

namespace pflow::ir {
namespace {

constexpr std::size_t kShownBytes = 80;

}  // namespace

bool is_reserved_name(std::string_view name) noexcept {
  return name.starts_with("__");
}

std::string quoted(std::string_view text) {
  std::string out;
  write_json_string(printable(text, kShownBytes), out);
  return out;
}

std::string phrase(Value::Type type) {
  if (type == Value::Type::kFloat) return "a number with a fraction or exponent";
  if (type == Value::Type::kBytes) return "bytes that are not text";
  return with_article(type_name(type));
}

std::string phrase(DataType type) {
  return with_article(data_type_name(type));
}

}  // namespace pflow::ir
