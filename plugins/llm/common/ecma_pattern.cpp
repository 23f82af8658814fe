#include "ecma_pattern.hpp"

#include <re2/re2.h>

#include <charconv>
#include <cstdint>
#include <optional>

#include <pflow/node.hpp>

namespace pflow::llm {
namespace {

constexpr std::size_t kShownPattern = 200;
constexpr std::string_view kAnyButLineEnds = "[^\\n\\r\\x{2028}\\x{2029}]";
constexpr std::string_view kAnything = "(?s:.)";
constexpr std::string_view kNothing = "[^\\x00-\\x{10FFFF}]";
constexpr std::string_view kSpaces = "\\t\\n\\v\\f\\r \\x{A0}\\x{FEFF}\\x{2028}\\x{2029}\\p{Zs}";

[[noreturn]] void refuse_pattern(std::string_view what) {
  throw PatternProblem{std::string(what)};
}

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

class Translator {
 public:
  explicit Translator(std::string_view ecma) noexcept : rest_(ecma) {}

  std::string translate() {
    while (!rest_.empty()) {
      const char c = take();
      if (c == '\\') {
        escape(false);
      } else if (c == '[') {
        character_class();
      } else if (c == '(') {
        group();
      } else if (c == '.') {
        out_ += kAnyButLineEnds;
      } else {
        out_ += c;
      }
    }
    return std::move(out_);
  }

 private:
  char take() noexcept {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool skip(std::string_view word) noexcept {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  void group() {
    for (const std::string_view look : {"?=", "?!", "?<=", "?<!"}) {
      if (rest_.starts_with(look))
        refuse_pattern("look-around, (" + std::string(look) + "...), cannot be checked in bounded time");
    }
    out_ += '(';
    if (!skip("?<")) return;
    const std::size_t end = rest_.find('>');
    if (end == std::string_view::npos) refuse_pattern("the name of a group is not closed");
    rest_.remove_prefix(end + 1);
  }

  // RE2 knows neither empty classes nor a plain [ inside of one.
  void character_class() {
    const bool negated = skip("^");
    if (skip("]")) {
      out_ += negated ? kAnything : kNothing;
      return;
    }
    out_ += negated ? "[^" : "[";
    while (!rest_.empty()) {
      const char c = take();
      if (c == '\\') {
        escape(true);
      } else if (c == '[') {
        out_ += "\\[";
      } else {
        out_ += c;
        if (c == ']') return;
      }
    }
    refuse_pattern("a [ is not closed");
  }

  void escape(bool in_class) {
    if (rest_.empty()) refuse_pattern("it ends with a backslash");
    const char c = take();
    if ((c >= '1' && c <= '9') || c == 'k')
      refuse_pattern("back-references, \\" + std::string(1, c) + ", cannot be checked in bounded time");
    constexpr std::string_view kAlike = "dDwWnrtfvx";
    if (kAlike.find(c) != std::string_view::npos) {
      out_.append("\\") += c;
    } else if (c == 'b' || c == 'B') {
      if (in_class && c == 'B') refuse_pattern("\\B stands in a class");
      out_ += in_class ? std::string("\\x08") : std::string("\\") + c;
    } else if (c == 's') {
      out_.append(in_class ? "" : "[").append(kSpaces).append(in_class ? "" : "]");
    } else if (c == 'S') {
      if (in_class) {
        out_ += "\\S";
      } else {
        out_.append("[^").append(kSpaces).append("]");
      }
    } else if (c == '0') {
      if (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9')
        refuse_pattern("octal escapes are not ECMAScript's");
      out_ += "\\x00";
    } else if (c == 'u') {
      code_point();
    } else if (c == 'c') {
      if (rest_.empty() || !is_letter_or_digit(rest_.front())) refuse_pattern("\\c wants a letter");
      constexpr unsigned kControl = 31;
      append_code_point(static_cast<unsigned char>(take()) & kControl);
    } else if (c == 'p' || c == 'P') {
      property(c);
    } else if (is_letter_or_digit(c)) {
      refuse_pattern("ECMAScript knows no \\" + std::string(1, c));
    } else {
      constexpr unsigned kAscii = 0x80;
      if (static_cast<unsigned char>(c) < kAscii) out_ += '\\';
      out_ += c;
    }
  }

  std::optional<std::uint32_t> hex(std::string_view digits) noexcept {
    std::uint32_t number = 0;
    constexpr int kBase = 16;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, kBase);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return number;
  }

  std::optional<std::uint32_t> four_digits() noexcept {
    constexpr std::size_t kDigits = 4;
    const auto number = rest_.size() < kDigits ? std::nullopt : hex(rest_.substr(0, kDigits));
    if (number) rest_.remove_prefix(kDigits);
    return number;
  }

  void code_point() {
    std::optional<std::uint32_t> number;
    if (skip("{")) {
      const std::size_t end = rest_.find('}');
      if (end != std::string_view::npos) {
        number = hex(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
      }
    } else {
      number = four_digits();
      constexpr std::uint32_t kHigh = 0xD800;
      constexpr std::uint32_t kLow = 0xDC00;
      constexpr std::uint32_t kEnd = 0xE000;
      if (number && *number >= kHigh && *number < kLow && skip("\\u")) {
        const auto low = four_digits();
        if (!low || *low < kLow || *low >= kEnd) refuse_pattern("half a surrogate pair is no character");
        constexpr std::uint32_t kFirst = 0x10000;
        constexpr unsigned kBits = 10;
        number = kFirst + ((*number - kHigh) << kBits) + (*low - kLow);
      }
      if (number && *number >= kHigh && *number < kEnd) refuse_pattern("half a surrogate pair is no character");
    }
    if (!number) refuse_pattern("\\u wants four hexadecimal digits, or some in braces");
    append_code_point(*number);
  }

  void append_code_point(std::uint32_t number) {
    constexpr std::size_t kMostDigits = 8;
    char digits[kMostDigits];
    constexpr int kBase = 16;
    const auto end = std::to_chars(digits, digits + kMostDigits, number, kBase).ptr;
    out_.append("\\x{").append(digits, end).append("}");
  }

  // \p{Script=Greek} is \p{Greek} there.
  void property(char kind) {
    const std::size_t end = rest_.find('}');
    if (!skip("{") || end == std::string_view::npos) refuse_pattern("\\p wants the name of a property in braces");
    std::string_view name = rest_.substr(0, end - 1);
    rest_.remove_prefix(end);
    if (const std::size_t equals = name.find('='); equals != std::string_view::npos) name.remove_prefix(equals + 1);
    (out_.append("\\") += kind).append("{").append(name).append("}");
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string to_re2(std::string_view ecma) {
  return Translator(ecma).translate();
}

Pattern::Pattern(std::string_view ecma) {
  if (ecma.size() > kMaxBytes) refuse_pattern("a pattern may have 64 KiB");
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  compiled_ = std::make_unique<re2::RE2>(to_re2(ecma), options);
  if (!compiled_->ok()) throw PatternProblem{std::string(sdk::head(compiled_->error(), kShownPattern))};
}

Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

bool Pattern::is_found_in(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled_);
}

std::size_t Pattern::steps_for(std::string_view text) const {
  constexpr std::size_t kPerStep = 4096;  // bytes of text times instructions: what the slowest of RE2's ways takes
  return 1 + text.size() * static_cast<std::size_t>(compiled_->ProgramSize()) / kPerStep;
}

}  // namespace pflow::llm
