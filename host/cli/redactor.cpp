#include "host/cli/redactor.hpp"

#include <algorithm>

#include "core/base/json_write.hpp"

namespace pflow::host {
namespace {

constexpr std::size_t kShortestSecret = 4;

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

void Redactor::add_text(std::string_view name, std::string_view text) {
  if (text.size() < kShortestSecret) return;
  const std::string mark = "<redacted:" + std::string(name) + ">";
  std::string escaped;
  write_json_string(text, escaped);
  escaped = escaped.substr(1, escaped.size() - 2);
  secrets_.push_back({std::string(text), mark});
  if (escaped != text) secrets_.push_back({escaped, mark});
  std::stable_sort(secrets_.begin(), secrets_.end(),
                   [](const Secret& a, const Secret& b) { return a.text.size() > b.text.size(); });
}

void Redactor::add(std::string_view name, const Value& value) {
  switch (value.type()) {
    case Value::Type::kNull:
    case Value::Type::kBool:
      return;
    case Value::Type::kString:
    case Value::Type::kBytes:
      return add_text(name, value.text());
    case Value::Type::kArray:
      for (const Value& item : value.items())
        add(name, item);
      return;
    case Value::Type::kObject:
      for (const Member& m : value.members())
        add(name, m.value);
      return;
    default:
      add_text(name, to_json(value));
  }
}

std::string Redactor::redact(std::string_view text) const {
  std::string out(text);
  for (const Secret& s : secrets_)
    replace_all(out, s.text, s.mark);
  return out;
}

void Redactor::redact(Problems& problems) const {
  if (empty()) return;
  for (Error& e : problems) {
    for (std::string* text : {&e.message, &e.where, &e.hint})
      *text = redact(*text);
  }
}

}  // namespace pflow::host
