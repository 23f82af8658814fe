#include "core/trace/trace_scan.hpp"

#include <algorithm>

namespace pflow {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

void skip_space(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

bool take(std::string_view& text, char c) noexcept {
  skip_space(text);
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// `text` begins with a quote. A raw control character cannot be in a string: there it is torn.
std::size_t end_of_string(std::string_view text) noexcept {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') return i + 1;
    if (static_cast<unsigned char>(c) < 0x20) return kNone;
    if (c == '\\') ++i;
  }
  return kNone;
}

std::string_view take_value(std::string_view& text) {
  skip_space(text);
  const std::size_t end = end_of_value(text);
  if (end == kNone) return {};
  const std::string_view value = text.substr(0, end);
  text.remove_prefix(end);
  return value;
}

// `"name":`, and not what follows; empty: there is none.
std::string_view take_name(std::string_view& text) noexcept {
  skip_space(text);
  if (text.empty() || text.front() != '"') return {};
  const std::size_t end = end_of_string(text);
  if (end == kNone) return {};
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  return take(text, ':') ? name : std::string_view();
}

void end_root(std::string_view text, TraceScan& scan) noexcept {
  if (!take(text, '}')) return;
  skip_space(text);
  scan.whole = text.empty();
}

}  // namespace

std::size_t end_of_value(std::string_view text) {
  if (text.empty()) return kNone;
  if (text.front() == '"') return end_of_string(text);
  if (text.front() != '{' && text.front() != '[') {
    // Not by its first character: a byte order mark, which only a whole text may begin with.
    if (std::string_view("-0123456789tfn").find(text.front()) == kNone) return kNone;
    return text.find_first_of(",]} \t\r\n:\"{[");
  }
  std::vector<bool> open;  // true: an object
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      const std::size_t end = end_of_string(text.substr(i));
      if (end == kNone) return kNone;
      i += end;
      continue;
    }
    ++i;
    if (c == '{' || c == '[') open.push_back(c == '{');
    if (c != '}' && c != ']') continue;
    if (open.back() != (c == '}')) return kNone;
    open.pop_back();
    if (open.empty()) return i;
  }
  return kNone;
}

bool ends_list(std::string_view text) noexcept {
  if (!text.starts_with(']')) return false;
  const std::size_t next = text.find_first_not_of(" \t\r\n", 1);
  return next == kNone || text[next] == ',' || text[next] == '}';
}

void scan_tail(std::string_view text, TraceScan& scan) {
  text.remove_prefix(1);
  while (take(text, ',')) {
    const std::string_view name = take_name(text);
    const std::string_view value = name.empty() ? name : take_value(text);
    if (value.empty()) return;
    scan.tail.push_back({name, value});
  }
  end_root(text, scan);
}

TraceScan scan_trace(std::string_view text) {
  TraceScan scan;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!take(text, '{')) return scan;
  do {
    const std::string_view name = take_name(text);
    if (name.empty()) return scan;
    skip_space(text);
    if (name == "\"nodes\"" && text.starts_with('[')) {
      scan.has_nodes = true;
      break;
    }
    const std::string_view value = take_value(text);
    if (value.empty()) return scan;
    scan.head.push_back({name, value});
  } while (take(text, ','));
  if (!scan.has_nodes) {
    end_root(text, scan);
    return scan;
  }
  text.remove_prefix(1);
  bool first = true;
  while (true) {
    skip_space(text);
    scan.rest = text;
    if (ends_list(text)) break;
    if (!first && !take(text, ',')) return scan;
    const std::string_view event = take_value(text);
    if (event.empty()) return scan;
    scan.events.push_back(event);
    first = false;
  }
  scan.rest = {};
  scan_tail(text, scan);
  return scan;
}

}  // namespace pflow
