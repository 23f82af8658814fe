#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "json_ref.hpp"
#include "schema_rules.hpp"

namespace pflow::llm {

inline constexpr std::size_t kBytesPerStep = 64;  ///< of what is looked at byte for byte

/// What a check may take, so that no schema and no answer stalls the one who checks.
class StepBudget {
 public:
  /// Of `take`: nothing is left.
  struct Spent {};

  explicit StepBudget(std::size_t steps) noexcept : left_(steps) {}

  /// One step is about 0.1 us. Throws Spent.
  void take(std::size_t steps) {
    if (steps > left_) throw Spent{};
    left_ -= steps;
  }

 private:
  std::size_t left_;
};

/// "an object", "a string", ...
[[nodiscard]] std::string_view words(json::kind kind) noexcept;

/// The same text for what is equal as JSON Schema means it, and only for that: 1 is 1.0, the order of members is
/// nothing.
[[nodiscard]] std::string canonical(const json::value& value);

/// The beginning of a value as JSON, at most 100 bytes.
[[nodiscard]] std::string shown(const json::value& value);

/// What the words of a part of `rules` that look at one value alone say against it: type, enum, const, limits, pattern.
[[nodiscard]] std::optional<std::string> simple_mismatch(const SchemaRules& rules, const json::object& part,
                                                         const json::value& value, StepBudget& budget);

/// Characters, not bytes.
[[nodiscard]] std::size_t character_count(std::string_view utf8) noexcept;

/// Adds a step of a JSON Pointer.
void append_step(std::string& path, std::string_view key);

}  // namespace pflow::llm
