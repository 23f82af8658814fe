#include "json_text.hpp"

#include <cstddef>
#include <utility>

namespace pflow::file {
namespace {

class Indenter {
 public:
  explicit Indenter(const sdk::Call& call) : call_(call) {}

  // The host's values are at most 64 levels deep.
  void write(sdk::Value value, std::size_t level) {  // NOLINT(misc-no-recursion)
    const sdk::Type type = value.type();
    const bool container = type == sdk::Type::kObject || type == sdk::Type::kArray;
    if (!container || value.size() == 0) {
      write_scalar(value, type);
      return;
    }
    const bool object = type == sdk::Type::kObject;
    text_ += object ? '{' : '[';
    const std::size_t count = value.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text_ += ',';
      new_line(level + 1);
      if (object) {
        sdk::append_json(text_, value.key_at(i));
        text_ += ": ";
      }
      write(value[i], level + 1);
    }
    new_line(level);
    text_ += object ? '}' : ']';
  }

  std::string take() {
    text_ += '\n';
    return std::move(text_);
  }

 private:
  /// Common ones here: text from the host stays in its memory until the call has ended.
  void write_scalar(sdk::Value value, sdk::Type type) {
    if (const auto text = value.if_string()) {
      sdk::append_json(text_, *text);
    } else if (const auto whole = value.if_int(); whole && type == sdk::Type::kInt) {
      sdk::append_number(text_, *whole);
    } else if (const auto flag = value.if_bool()) {
      text_ += *flag ? "true" : "false";
    } else {
      text_ += call_.to_json(value);
    }
  }

  void new_line(std::size_t level) {
    text_ += '\n';
    text_.append(2 * level, ' ');
  }

  const sdk::Call& call_;
  std::string text_;
};

}  // namespace

std::string indented_json(sdk::Value value, const sdk::Call& call) {
  Indenter indenter(call);
  indenter.write(value, 0);
  return indenter.take();
}

}  // namespace pflow::file
