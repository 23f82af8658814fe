#include "message.hpp"

#include <cstddef>
#include <utility>

namespace pflow::shell {
namespace {

constexpr std::size_t kHeadBytes = 500;
constexpr int kHeadLines = 5;

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Bytes of the UTF-8 character that `text` begins with; 0 if it begins with none.
std::size_t character_bytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80U) return 1;
  if (first < 0xC2U || first > 0xF4U) return 0;
  const std::size_t bytes = first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
  if (text.size() < bytes) return 0;
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!continues(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (first == 0xE0U && second < 0xA0U) || (first == 0xF0U && second < 0x90U);
  const bool no_scalar = (first == 0xEDU && second > 0x9FU) || (first == 0xF4U && second > 0x8FU);
  return overlong || no_scalar ? 0 : bytes;
}

std::string_view hint(int exit_code) {
  if (exit_code == 126) return " (126: the shell found the program but may not execute it; check its mode)";
  if (exit_code == 127) return " (127: the shell did not find the program; check its name and PATH)";
  return "";
}

std::string with_stderr(std::string message, std::string_view stderr_head) {
  if (!stderr_head.empty()) message.append(": ").append(stderr_head);
  return message;
}

std::string in_ms(std::int64_t count) {
  return std::to_string(count) + " ms";
}

}  // namespace

std::string head_of_stderr(std::string_view bytes) {
  std::string out;
  int lines = 0;
  while (!bytes.empty() && out.size() < kHeadBytes) {
    if (bytes[0] == '\n' && ++lines == kHeadLines) break;
    const std::size_t length = character_bytes(bytes);
    if (length == 0) {
      out += '?';
    } else if (bytes[0] != '\0') {
      out += bytes.substr(0, length);
    }
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  while (!out.empty() && (out.back() == '\n' || out.back() == ' '))
    out.pop_back();
  return out;
}

sdk::Outcome judge(const ProcessResult& result, const ProcessSpec& spec, std::string_view stderr_head) {
  switch (result.ending) {
    case Ending::kExited: {
      if (result.code == 0) return {};
      std::string message = "the command exited with code " + std::to_string(result.code);
      message += hint(result.code);
      return sdk::Failure{.status = PFLOW_E_IO,
                          .code = "exit_status",
                          .message = with_stderr(std::move(message), stderr_head),
                          .origin_code = result.code};
    }
    case Ending::kSignalled:
      return sdk::Failure{.status = PFLOW_E_IO,
                          .code = "signal",
                          .message = with_stderr("the command was killed by " + signal_name(result.code), stderr_head),
                          .origin_code = 128 + result.code};
    case Ending::kTimedOut:
      return sdk::Failure{
          .status = PFLOW_E_TIMEOUT,
          .code = "timeout",
          .message = with_stderr("the command did not end within " + in_ms(spec.timeout.count()) +
                                     " and was stopped with all it had started; raise `timeout_ms` if it needs longer",
                                 stderr_head)};
    case Ending::kCancelled:
      return sdk::Failure{.status = PFLOW_E_CANCELLED,
                          .code = "cancelled",
                          .message = "the command was stopped because the call was cancelled"};
    case Ending::kTooMuchOutput:
      break;
  }
  return sdk::Failure{.status = PFLOW_E_IO,
                      .code = "output_too_large",
                      .message = "the command wrote more than " + std::to_string(spec.max_output_bytes) +
                                 " bytes and was killed; raise `max_output_bytes` or let it write to a file"};
}

}  // namespace pflow::shell
