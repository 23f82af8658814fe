#include "refused_feature.hpp"

#include <algorithm>
#include <array>

namespace pflow::llm {

bool speaks_of(const ProviderError& error, std::string_view word) noexcept {
  return error.param.find(word) != std::string::npos || error.message.find(word) != std::string::npos;
}

bool says_unsupported(const ProviderError& error, std::string_view parameter) noexcept {
  constexpr std::array<std::string_view, 4> kWords = {"support", "deprecated", "not allowed", "nrecognized"};
  return speaks_of(error, parameter) && std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
           return error.message.find(word) != std::string::npos;
         });
}

bool refuse_feature(Question& question, std::string_view feature) {
  if (question.has_refused(feature)) return false;
  question.refused.emplace_back(feature);
  return true;
}

bool sends_temperature(const Question& question) noexcept {
  return question.temperature && !question.has_refused(kTemperatureFeature);
}

}  // namespace pflow::llm
