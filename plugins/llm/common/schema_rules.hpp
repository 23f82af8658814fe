#pragma once
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "ecma_pattern.hpp"
#include "json_ref.hpp"

namespace pflow::llm {

/// Why a schema cannot be used.
struct SchemaProblem {
  std::string path;  ///< a JSON Pointer into the schema; empty: its root
  std::string what;
};

/// A schema that is ready to be checked against: every pattern is compiled, every $ref has been followed. Never
/// changes, so any thread may use it.
class SchemaRules {
 public:
  using Values = std::unordered_set<std::string>;

  /// Throws SchemaProblem: for a pattern that cannot be used, a $ref that leads nowhere or out of the schema, and for a
  /// schema that is nothing but itself. A $ref leads to a JSON Pointer ("#/$defs/a", percent-encoded or not), an
  /// $anchor
  /// ("#a") or the $id of a part.
  explicit SchemaRules(const json::object& schema);
  SchemaRules(const SchemaRules&) = delete;
  SchemaRules& operator=(const SchemaRules&) = delete;

  [[nodiscard]] const json::value& root() const noexcept { return root_; }

  /// Where the $ref of a part leads; nullptr: it has none.
  [[nodiscard]] const json::value* target(const json::object& part) const;

  /// The members of an "enum", or the one value of a "const", as canonical() writes them.
  [[nodiscard]] const Values& values(const json::value& list) const;

  /// A "pattern", or a name of "patternProperties".
  [[nodiscard]] const Pattern& pattern(std::string_view text) const;

 private:
  struct Reference {
    const json::object* from;
    std::string_view text;
    std::string path;
  };

  void walk(const json::value& part, std::string& path);
  void walk_members(const json::value& parts, std::string& path);
  void take_word(const json::value& part, std::string_view name, const json::value& value, std::string& path);
  void compile(std::string_view text, const std::string& path);
  void follow(const Reference& reference);
  [[nodiscard]] const json::value* find(std::string_view reference) const;
  void refuse_endless(const json::value& part, std::size_t depth);

  json::value root_;
  std::map<std::string, Pattern, std::less<>> patterns_;
  std::unordered_map<const json::object*, const json::value*> targets_;
  std::unordered_map<const json::value*, Values> values_;
  std::unordered_map<const json::value*, std::string> seen_;      // parts that are objects, and where they stand
  std::unordered_map<const json::value*, bool> ends_;             // of these; false: being looked at
  std::map<std::string, const json::value*, std::less<>> names_;  // by $id, and by "#" and $anchor
  std::vector<Reference> references_;
};

}  // namespace pflow::llm
