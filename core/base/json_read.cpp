#include "core/base/json_read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "core/base/utf8.hpp"

namespace pflow {
namespace {

namespace json = boost::json;

// Objects up to this many members are searched one by one for a key that came before; wider ones through a set.
constexpr std::size_t kLinearKeys = 16;

// Builds Values from the parser's events. Finished parts wait on one stack until the container around them ends.
class ValueHandler {
 public:
  constexpr static std::size_t max_array_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_object_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_string_size = static_cast<std::size_t>(-1);
  constexpr static std::size_t max_key_size = static_cast<std::size_t>(-1);

  Value take() { return std::move(items_.back()); }

  const std::optional<std::string>& duplicate() const { return duplicate_; }

  bool number_out_of_range() const { return number_out_of_range_; }

  bool on_document_begin(json::error_code&) { return true; }

  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) {
    frames_.push_back({members_.size(), {}});
    return true;
  }

  bool on_object_end(std::size_t n, json::error_code&) {
    const std::span<Member> members(members_.data() + (members_.size() - n), n);
    Value object = Value::object(members);
    members_.resize(members_.size() - n);
    frames_.pop_back();
    return add(std::move(object));
  }

  bool on_array_begin(json::error_code&) {
    frames_.push_back({kArray, {}});
    return true;
  }

  bool on_array_end(std::size_t n, json::error_code&) {
    Value array = Value::array({items_.data() + (items_.size() - n), n});
    items_.resize(items_.size() - n);
    frames_.pop_back();
    return add(std::move(array));
  }

  bool on_key_part(json::string_view s, std::size_t, json::error_code&) {
    text_.append(s.data(), s.size());
    return true;
  }

  bool on_key(json::string_view s, std::size_t, json::error_code& ec) {
    if (text_.empty()) {
      push_key({s.data(), s.size()}, ec);
    } else {
      text_.append(s.data(), s.size());
      push_key(text_, ec);
      text_.clear();
    }
    return !ec;
  }

  bool on_string_part(json::string_view s, std::size_t, json::error_code&) {
    text_.append(s.data(), s.size());
    return true;
  }

  bool on_string(json::string_view s, std::size_t, json::error_code&) {
    if (text_.empty()) return add(Value::string({s.data(), s.size()}));
    text_.append(s.data(), s.size());
    Value v = Value::string(text_);
    text_.clear();
    return add(std::move(v));
  }

  bool on_number_part(json::string_view s, json::error_code&) {
    text_.append(s.data(), s.size());
    return true;
  }

  bool on_int64(std::int64_t i, json::string_view, json::error_code&) {
    text_.clear();
    return add(Value::integer(i));
  }

  bool on_uint64(std::uint64_t u, json::string_view, json::error_code&) {
    text_.clear();
    return add(Value::integer(u));
  }

  // The parser's own double is not always the nearest one; the digits are read again.
  bool on_double(double rough, json::string_view s, json::error_code& ec) {
    text_.append(s.data(), s.size());
    double d = 0;
    const auto [end, status] = std::from_chars(text_.data(), text_.data() + text_.size(), d);
    if (status == std::errc::result_out_of_range && std::abs(rough) < 1.0) {
      d = text_.front() == '-' ? -0.0 : 0.0;  // too small for a double: the nearest one is zero
    } else if (status != std::errc() || end != text_.data() + text_.size()) {
      number_out_of_range_ = true;
      ec = json::error::exponent_overflow;
      return false;
    }
    text_.clear();
    return add(Value::number(d));
  }

  bool on_bool(bool b, json::error_code&) { return add(Value::boolean(b)); }

  bool on_null(json::error_code&) { return add(Value()); }

  bool on_comment_part(json::string_view, json::error_code&) { return true; }

  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  static constexpr std::size_t kArray = static_cast<std::size_t>(-1);

  struct Frame {
    std::size_t first_member;  // kArray: not an object
    std::unordered_set<std::string_view> names;
  };

  bool add(Value v) {
    if (!frames_.empty() && frames_.back().first_member != kArray) {
      members_.back().value = std::move(v);
    } else {
      items_.push_back(std::move(v));
    }
    return true;
  }

  void push_key(std::string_view name, json::error_code& ec) {
    Frame& frame = frames_.back();
    const std::size_t n = members_.size() - frame.first_member;
    bool seen = false;
    if (n < kLinearKeys) {
      seen = std::any_of(members_.begin() + static_cast<std::ptrdiff_t>(frame.first_member), members_.end(),
                         [name](const Member& m) { return m.name() == name; });
    } else {
      if (frame.names.empty()) {
        for (std::size_t i = frame.first_member; i < members_.size(); ++i)
          frame.names.insert(members_[i].name());
      }
      seen = frame.names.contains(name);
    }
    if (seen) {
      duplicate_ = std::string(name);
      ec = json::error::syntax;
      return;
    }
    members_.push_back({interned(name), Value()});
    if (!frame.names.empty()) frame.names.insert(members_.back().name());
  }

  // Records repeat their keys: one shared text for each instead of one a record.
  Value interned(std::string_view name) {
    Value& slot = keys_[std::hash<std::string_view>{}(name) % keys_.size()];
    if (!slot.is_string() || slot.text() != name) slot = Value::string(name);
    return slot;
  }

  std::vector<Value> items_;
  std::vector<Member> members_;
  std::vector<Frame> frames_;
  std::array<Value, 64> keys_;
  std::string text_;
  std::optional<std::string> duplicate_;
  bool number_out_of_range_ = false;
};

// `offset` is inside `text`.
std::string excerpt(std::string_view text, std::size_t offset) {
  const auto c = static_cast<unsigned char>(text[offset]);
  if (c < 0x20 || c >= 0x7F) return fmt::format("byte 0x{:02x}", c);
  return fmt::format("'{}'", static_cast<char>(c));
}

Error syntax_error(std::string_view text, std::string_view name, std::size_t offset, const json::error_code& ec,
                   const ValueHandler& handler, JsonLimits limits) {
  Error e;
  const TextPlace place = place_of(text, std::min(offset, text.size()));
  e.where = fmt::format("{}:{}:{}", name, place.line, place.column);
  e.code = Code::kInvalidJson;
  if (handler.duplicate()) {
    e.code = Code::kDuplicateKey;
    e.message = fmt::format("the key \"{}\" occurs twice in one object", *handler.duplicate());
    e.hint = "Remove or rename one of the two.";
  } else if (ec == json::error::too_deep) {
    e.code = Code::kTooDeep;
    e.message = fmt::format("the JSON is nested more than {} levels deep", limits.max_depth);
  } else if (handler.number_out_of_range()) {
    e.message = "a number is too large for a 64-bit float";
  } else if (ec == json::error::exponent_overflow) {
    e.message = "a number has an exponent that is out of range";
  } else if (ec == json::error::incomplete || (ec == json::error::syntax && offset >= text.size())) {
    e.message = "the JSON ends too early: a string, object or array is not closed";
  } else if (ec == json::error::extra_data) {
    e.message = fmt::format("the JSON document has ended, but {} follows", excerpt(text, offset));
  } else if (ec == json::error::syntax) {
    const bool utf8 = valid_utf8_prefix(text) != offset || offset == text.size();
    e.message =
        fmt::format("invalid JSON: {} {}", utf8 ? "unexpected" : "the text is not UTF-8 at", excerpt(text, offset));
  } else {
    e.message = fmt::format("invalid JSON: {}", ec.message());
  }
  return e;
}

}  // namespace

TextPlace place_of(std::string_view text, std::size_t offset) noexcept {
  const std::string_view before = text.substr(0, offset);
  TextPlace place;
  place.line += static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t last = before.rfind('\n');
  place.column = before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1;
  return place;
}

Result<Value> read_json(std::string_view text, std::string_view name, JsonLimits limits) {
  const std::string_view whole = text;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; })) {
    return Error{
        .code = Code::kInvalidJson, .message = "there is no JSON here: the text is empty", .where = std::string(name)};
  }
  json::parse_options options;
  options.max_depth = limits.max_depth;
  json::basic_parser<ValueHandler> parser(options);
  json::error_code ec;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = json::error::extra_data;
  if (ec) return syntax_error(whole, name, used + (whole.size() - text.size()), ec, parser.handler(), limits);
  return parser.handler().take();
}

bool looks_like_json_container(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace pflow
