#include "json_ref.hpp"

#include <cmath>
#include <limits>

namespace pflow::llm {
namespace {

constexpr std::size_t kMaxRefDepth = 64;

json::value parse(std::string_view text, boost::system::error_code& error) {
  json::parse_options options;
  options.max_depth = kMaxRefDepth;
  return json::parse({text.data(), text.size()}, error, {}, options);
}

}  // namespace

std::optional<std::int64_t> JsonRef::count() const noexcept {
  if (value_ == nullptr) return std::nullopt;
  if (const std::int64_t* n = value_->if_int64()) return *n >= 0 ? std::optional(*n) : std::nullopt;
  constexpr double kMost = 9007199254740992.0;  // every whole number up to here is a double
  const double* n = value_->if_double();
  if (n == nullptr || *n < 0 || *n > kMost || std::floor(*n) != *n) return std::nullopt;
  return static_cast<std::int64_t>(*n);
}

std::optional<json::value> read_json(std::string_view text) {
  boost::system::error_code error;
  json::value value = parse(text, error);
  if (error) return std::nullopt;
  return value;
}

std::string_view why_unread(std::string_view text) {
  boost::system::error_code error;
  static_cast<void>(parse(text, error));
  return error == json::error::too_deep ? "it is nested too deeply: more than 64 levels" : "it is no JSON";
}

void merge(json::object& into, const json::object& from) {
  for (const json::key_value_pair& member : from) {
    json::value& place = into[member.key()];
    if (place.is_object() && member.value().is_object()) {
      merge(place.get_object(), member.value().get_object());
    } else {
      place = member.value();
    }
  }
}

}  // namespace pflow::llm
