#include "core/trace/pointer_steps.hpp"

#include <algorithm>
#include <charconv>

namespace pflow::trace {
namespace {

bool unescape(std::string_view written, std::string& step) {
  step.reserve(written.size());
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] != '~') {
      step += written[i];
      continue;
    }
    ++i;
    if (i == written.size() || (written[i] != '0' && written[i] != '1')) return false;
    step += written[i] == '0' ? '~' : '/';
  }
  return true;
}

}  // namespace

std::optional<std::vector<std::string>> pointer_steps(std::string_view pointer) {
  std::vector<std::string> steps;
  if (pointer.empty()) return steps;
  if (pointer.front() != '/') return std::nullopt;
  while (!pointer.empty()) {
    if (steps.size() == kMaxPointerSteps) return std::nullopt;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    if (!unescape(pointer.substr(0, end), steps.emplace_back())) return std::nullopt;
    pointer.remove_prefix(end);
  }
  return steps;
}

std::optional<std::size_t> array_index(std::string_view step) noexcept {
  if (step.empty() || (step.size() > 1 && step.front() == '0')) return std::nullopt;
  std::size_t index = 0;
  const auto [end, ec] = std::from_chars(step.data(), step.data() + step.size(), index);
  if (ec != std::errc() || end != step.data() + step.size()) return std::nullopt;
  return index;
}

const Value* child(const Value& v, std::string_view step) {
  if (v.is_array()) {
    const auto index = array_index(step);
    return index && *index < v.size() ? &v.items()[*index] : nullptr;
  }
  return v.find(step);
}

}  // namespace pflow::trace
