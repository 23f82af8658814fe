#include "host/cli/streamed_text.hpp"

#include <utility>

namespace pflow::host {
namespace {

constexpr std::size_t kMaxWaiting = std::size_t{64} * 1024;  // a text of nothing but beginnings goes on for ever

}  // namespace

std::string StreamedText::add(const void* source, std::string_view piece) {
  const auto found = waiting_.find(source);
  std::string all;
  if (found != waiting_.end()) {
    all = std::move(found->second).append(piece);
    waiting_.erase(found);
    piece = all;
  }
  std::size_t shown = redactor_.showable(piece);
  if (piece.size() - shown > kMaxWaiting) shown = piece.size();
  if (shown < piece.size()) waiting_.emplace(source, piece.substr(shown));
  return redactor_.redact(piece.substr(0, shown));
}

std::string StreamedText::end(const void* source) {
  const auto found = waiting_.find(source);
  if (found == waiting_.end()) return {};
  const std::string text = redactor_.redact(found->second);
  waiting_.erase(found);
  return text;
}

std::string StreamedText::end_all() {
  std::string text;
  for (const auto& [source, waiting] : waiting_)
    text += redactor_.redact(waiting);
  waiting_.clear();
  return text;
}

}  // namespace pflow::host
