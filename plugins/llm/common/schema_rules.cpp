#include "schema_rules.hpp"

#include <algorithm>
#include <array>

#include "schema_words.hpp"
#include <pflow/node.hpp>

namespace pflow::llm {
namespace {

constexpr std::size_t kMaxApplied = 256;  // parts, one inside the other, that look at the same value
constexpr std::size_t kShownRule = 200;
constexpr std::array<std::string_view, 9> kParts{
    "additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"};
constexpr std::array<std::string_view, 7> kInPlace{"allOf", "anyOf", "oneOf", "not", "if", "then", "else"};
constexpr std::array<std::string_view, 5> kLists{"allOf", "anyOf", "oneOf", "prefixItems", "items"};
constexpr std::array<std::string_view, 4> kMaps{"$defs", "definitions", "properties", "patternProperties"};

int digit(char c) noexcept {
  constexpr int kTen = 10;
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + kTen;
  if (c >= 'A' && c <= 'F') return c - 'A' + kTen;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0;
    constexpr int kBase = 16;
    out += escape ? static_cast<char>(digit(text[i + 1]) * kBase + digit(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

std::string_view without_fragment(std::string_view uri) noexcept {
  return uri.substr(0, uri.find('#'));
}

/// A step into a path that is undone at the end of the scope.
class Step {
 public:
  Step(std::string& path, std::string_view key) : path_(path), size_(path.size()) { append_step(path, key); }

  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  ~Step() { path_.resize(size_); }

 private:
  std::string& path_;
  std::size_t size_;
};

}  // namespace

SchemaRules::SchemaRules(const json::object& schema) : root_(schema) {
  std::string path;
  walk(root_, path);
  // What a reference leads to may be no part that was walked, and hold references of its own.
  for (std::size_t i = 0; i < references_.size(); ++i)
    follow(Reference(references_[i]));
  for (const auto& [part, place] : seen_)
    refuse_endless(*part, 0);
  seen_.clear();
  ends_.clear();
  names_.clear();
  references_.clear();
}

void SchemaRules::walk(const json::value& part, std::string& path) {
  const json::object* words = part.if_object();
  if (words == nullptr || !seen_.emplace(&part, path).second) return;
  for (const json::key_value_pair& word : *words) {
    const Step step(path, word.key());
    take_word(part, word.key(), word.value(), path);
  }
}

void SchemaRules::walk_members(const json::value& parts, std::string& path) {
  if (const json::array* list = parts.if_array()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      const Step step(path, std::to_string(i));
      walk((*list)[i], path);
    }
  } else if (const json::object* map = parts.if_object()) {
    for (const json::key_value_pair& member : *map) {
      const Step step(path, member.key());
      walk(member.value(), path);
    }
  }
}

void SchemaRules::take_word(const json::value& part, std::string_view name, const json::value& value,
                            std::string& path) {
  const auto is_of = [&](const auto& names) { return std::find(names.begin(), names.end(), name) != names.end(); };
  if (is_of(kParts)) walk(value, path);
  if (is_of(kLists) && value.is_array()) walk_members(value, path);
  if (is_of(kMaps) && value.is_object()) walk_members(value, path);
  if (name == "patternProperties" && value.is_object()) {
    for (const json::key_value_pair& member : value.get_object()) {
      const Step step(path, member.key());
      compile(member.key(), path);
    }
  }
  if (name == "const") values_[&value].insert(canonical(value));
  if (name == "enum" && value.is_array()) {
    Values& values = values_[&value];
    for (const json::value& one : value.get_array())
      values.insert(canonical(one));
  }
  const json::string* text = value.if_string();
  if (text == nullptr) return;
  if (name == "pattern") compile(*text, path);
  if (name == "$ref") references_.push_back({&part.get_object(), *text, path});
  if (name == "$anchor") names_.emplace("#" + std::string(*text), &part);
  if (name == "$id") names_.emplace(without_fragment(*text), &part);
}

void SchemaRules::compile(std::string_view text, const std::string& path) {
  if (patterns_.contains(text)) return;
  try {
    patterns_.emplace(text, Pattern(text));
  } catch (const PatternProblem& problem) {
    throw SchemaProblem{path, "the pattern cannot be used: " + problem.what};
  }
}

void SchemaRules::follow(const Reference& reference) {
  const json::value* found = find(reference.text);
  if (found == nullptr || !(found->is_object() || found->is_bool())) {
    std::string what = "it leads to no schema: ";
    sdk::append_json(what, sdk::head(reference.text, kShownRule));
    throw SchemaProblem{reference.path, what + "; only what stands in the schema itself can be referred to"};
  }
  targets_[reference.from] = found;
  std::string path = reference.path;
  walk(*found, path);
}

const json::value* SchemaRules::find(std::string_view reference) const {
  const std::size_t hash = reference.find('#');
  const std::string_view base = reference.substr(0, hash);
  const json::value* from = &root_;
  if (!base.empty()) {
    const auto named = names_.find(base);
    if (named == names_.end()) return nullptr;
    from = named->second;
  }
  const std::string fragment = hash == std::string_view::npos ? std::string() : percent_decoded(reference.substr(hash));
  if (fragment.size() <= 1) return from;
  if (fragment[1] != '/') {
    const auto anchor = names_.find(fragment);
    return anchor == names_.end() ? nullptr : anchor->second;
  }
  boost::system::error_code error;
  const json::value* found = from->find_pointer({fragment.data() + 1, fragment.size() - 1}, error);
  return error ? nullptr : found;
}

// What is applied to the same value once more, without end.
void SchemaRules::refuse_endless(const json::value& part, std::size_t depth) {
  const json::object* words = part.if_object();
  if (words == nullptr) return;
  const auto [state, is_new] = ends_.emplace(&part, false);
  if (!is_new && state->second) return;
  if (!is_new) throw SchemaProblem{seen_[&part], "it refers to itself without end"};
  if (depth > kMaxApplied) throw SchemaProblem{seen_[&part], "it is nested too deeply"};
  if (const json::value* next = target(*words)) refuse_endless(*next, depth + 1);
  for (const std::string_view name : kInPlace) {
    const json::value* next = words->if_contains(name);
    if (next == nullptr) continue;
    refuse_endless(*next, depth + 1);
    if (const json::array* list = next->if_array()) {
      for (const json::value& one : *list)
        refuse_endless(one, depth + 1);
    }
  }
  ends_[&part] = true;
}

const json::value* SchemaRules::target(const json::object& part) const {
  const auto found = targets_.find(&part);
  return found == targets_.end() ? nullptr : found->second;
}

const SchemaRules::Values& SchemaRules::values(const json::value& list) const {
  return values_.at(&list);
}

const Pattern& SchemaRules::pattern(std::string_view text) const {
  return patterns_.find(text)->second;
}

}  // namespace pflow::llm
