#include "core/base/wording.hpp"

namespace pflow {

std::string with_article(std::string_view type_name) {
  if (type_name.empty() || type_name == "null" || type_name == "bytes") return std::string(type_name);
  const bool vowel = std::string_view("aeiou").find(type_name.front()) != std::string_view::npos;
  std::string out(vowel ? "an " : "a ");
  return out += type_name;
}

}  // namespace pflow
