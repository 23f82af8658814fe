#include "core/base/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <boost/locale/utf.hpp>

namespace pflow {

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  using Utf8 = boost::locale::utf::utf_traits<char>;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* p = begin;
  while (p != end) {
    while (end - p >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, p, sizeof word);
      if ((word & 0x8080808080808080u) != 0) break;
      p += 8;
    }
    if (p == end) break;
    if (static_cast<unsigned char>(*p) < 0x80) {
      ++p;
      continue;
    }
    const char* next = p;
    const boost::locale::utf::code_point c = Utf8::decode(next, end);
    if (c == boost::locale::utf::illegal || c == boost::locale::utf::incomplete) break;
    p = next;
  }
  return static_cast<std::size_t>(p - begin);
}

std::string printable(std::string_view text, std::size_t max_bytes) {
  const std::size_t full = text.size();
  std::string out;
  out.reserve(std::min(full, max_bytes));
  bool cut = false;
  while (!text.empty()) {
    std::size_t good = valid_utf8_prefix(text.substr(0, max_bytes + 4));
    if (out.size() + good > max_bytes) {
      good = valid_utf8_prefix(text.substr(0, max_bytes - out.size()));
      out.append(text.substr(0, good));
      cut = true;
      break;
    }
    out.append(text.substr(0, good));
    text.remove_prefix(good);
    if (text.empty()) break;
    if (out.size() + 3 > max_bytes) {
      cut = true;
      break;
    }
    out.append("\xEF\xBF\xBD");
    text.remove_prefix(1);
  }
  if (cut) out += "... (" + std::to_string(full) + " bytes)";
  return out;
}

}  // namespace pflow
