#pragma once
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include "llm_wire.hpp"

namespace pflow::llm::test {

/// A whole JSON text; a test that writes a broken one fails.
inline json::value parse(std::string_view text) {
  auto value = read_json(text);
  BOOST_REQUIRE_MESSAGE(value, text);
  return std::move(*value);
}

/// Equal whatever the order of members, and said as JSON when not.
inline void expect_json(const json::value& got, std::string_view expected) {
  BOOST_TEST((got == parse(expected)), json::serialize(got) << " is not " << expected);
}

inline Question question(std::string_view prompt) {
  Question q;
  q.prompt = prompt;
  q.model = "m";
  q.base_url = "https://api.openai.com/v1";
  q.key = "k";
  return q;
}

/// The head of an answer, by lower-case names.
using Heads = std::initializer_list<std::pair<std::string_view, std::string_view>>;

inline auto header_of(Heads heads) {
  return [heads](std::string_view name) -> std::optional<std::string_view> {
    for (const auto& [key, value] : heads) {
      if (key == name) return value;
    }
    return std::nullopt;
  };
}

}  // namespace pflow::llm::test
