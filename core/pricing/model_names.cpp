#include "core/pricing/model_names.hpp"

#include <algorithm>
#include <array>

namespace pflow::pricing {
namespace {

std::string_view without_prefix(std::string_view model) noexcept {
  constexpr std::array<std::string_view, 11> kPrefixes = {"anthropic/", "gemini/", "google/",     "openai/",
                                                          "models/",    "ollama/", "openrouter/", "us.",
                                                          "eu.",        "apac.",   "global."};
  for (const std::string_view prefix : kPrefixes) {
    if (model.starts_with(prefix)) return model.substr(prefix.size());
  }
  return model;
}

bool all_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_date(std::string_view model) noexcept {
  constexpr std::size_t kShort = 9;  // -YYYYMMDD
  constexpr std::size_t kLong = 11;  // -YYYY-MM-DD
  if (model.size() > kShort) {
    const std::string_view end = model.substr(model.size() - kShort);
    if (end[0] == '-' && all_digits(end.substr(1))) return model.substr(0, model.size() - kShort);
  }
  if (model.size() > kLong) {
    const std::string_view end = model.substr(model.size() - kLong);
    const bool date = end[0] == '-' && all_digits(end.substr(1, 4)) && end[5] == '-' && all_digits(end.substr(6, 2)) &&
                      end[8] == '-' && all_digits(end.substr(9));
    if (date) return model.substr(0, model.size() - kLong);
  }
  return model;
}

}  // namespace

std::vector<std::string> model_names(std::string_view model) {
  std::string lower(model);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::vector<std::string> names;
  for (const std::string_view spelling : {model, std::string_view(lower)}) {
    for (const std::string_view name :
         {spelling, without_prefix(spelling), without_date(without_prefix(spelling)), without_date(spelling)}) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
    }
  }
  return names;
}

}  // namespace pflow::pricing
