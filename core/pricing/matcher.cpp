#include "core/pricing/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>

#include "core/base/utf8.hpp"
#include "core/pricing/complaint.hpp"

namespace pflow::pricing {
namespace {

constexpr std::size_t kLongestName = 512;  // std::regex takes stack for each byte
constexpr int kMaxDepth = 16;

}  // namespace

struct Matcher::Regex {
  std::optional<std::regex> compiled;  // none: the text is no regular expression
};

Result<Matcher> Matcher::read(const Value& logic) {
  return read(logic, 0);
}

Result<Matcher> Matcher::read(const Value& logic, int depth) {
  struct Clause {
    std::string_view key;
    Kind kind;
  };

  static constexpr Clause kClauses[] = {{"or", Kind::kOr},
                                        {"and", Kind::kAnd},
                                        {"equals", Kind::kEquals},
                                        {"starts_with", Kind::kStartsWith},
                                        {"ends_with", Kind::kEndsWith},
                                        {"contains", Kind::kContains},
                                        {"regex", Kind::kRegex}};
  if (depth > kMaxDepth) return complaint(Code::kTooDeep, "a match is nested too deeply", "");
  if (!logic.is_object()) return complaint(Code::kWrongType, "a match must be an object", "");
  for (const Clause& clause : kClauses) {
    const Value* operand = logic.find(clause.key);
    if (operand == nullptr) continue;
    Matcher m;
    m.kind_ = clause.kind;
    if (clause.kind != Kind::kOr && clause.kind != Kind::kAnd) {
      if (!operand->is_string()) return complaint(Code::kWrongType, "it must be a text", clause.key);
      m.text_ = operand->text();
      return m;
    }
    if (!operand->is_array()) return complaint(Code::kWrongType, "it must be a list of matches", clause.key);
    for (std::size_t i = 0; i < operand->size(); ++i) {
      Result<Matcher> part = read(operand->items()[i], depth + 1);
      if (!part) return below(std::move(part).error(), fmt::format("{}/{}", clause.key, i));
      m.parts_.push_back(std::move(part).value());
    }
    return m;
  }
  return complaint(Code::kInvalidValue, "a match needs equals, starts_with, ends_with, contains, regex, or, and", "");
}

Matcher Matcher::equal_to(std::string_view name) {
  Matcher m;
  m.kind_ = Kind::kEquals;
  m.text_ = name;
  return m;
}

const Matcher::Regex& Matcher::regex() const {
  if (!regex_) {
    auto made = std::make_shared<Regex>();
    try {
      made->compiled.emplace(text_, std::regex::ECMAScript | std::regex::optimize);
    } catch (const std::regex_error&) {
      made->compiled.reset();
    }
    regex_ = std::move(made);
  }
  return *regex_;
}

bool Matcher::matches(std::string_view name) const {
  return name.size() <= kLongestName && holds(name);
}

bool Matcher::holds(std::string_view name) const {
  const auto part_holds = [&](const Matcher& part) { return part.holds(name); };
  switch (kind_) {
    case Kind::kEquals:
      return name == text_;
    case Kind::kStartsWith:
      return name.starts_with(text_);
    case Kind::kEndsWith:
      return name.ends_with(text_);
    case Kind::kContains:
      return name.find(text_) != std::string_view::npos;
    case Kind::kRegex: {
      const Regex& r = regex();
      try {
        return r.compiled && std::regex_search(name.begin(), name.end(), *r.compiled);
      } catch (const std::regex_error&) {
        return false;  // too much work for the matcher: such a name is nobody's model
      }
    }
    case Kind::kOr:
      return std::any_of(parts_.begin(), parts_.end(), part_holds);
    case Kind::kAnd:
      return std::all_of(parts_.begin(), parts_.end(), part_holds);
  }
  return false;
}

Result<void> Matcher::compile() const {
  for (const Matcher& part : parts_) {
    if (Result<void> done = part.compile(); !done) return done;
  }
  if (kind_ != Kind::kRegex || regex().compiled) return {};
  return complaint(Code::kInvalidValue, fmt::format("\"{}\" is no regular expression", printable(text_, 100)), "");
}

}  // namespace pflow::pricing
