#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/utf8.hpp"
#include "host/cli/console.hpp"
#include "host/files/write_all.hpp"

namespace pflow::host {
namespace {

constexpr std::string_view kRed = "\x1b[1;31m";
constexpr std::string_view kYellow = "\x1b[1;33m";
constexpr std::string_view kPlain = "\x1b[0m";

void append_indented(std::string_view lines, std::string& text) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    text += fmt::format("  {}\n", harmless(lines.substr(0, end)));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

}  // namespace

std::string harmless(std::string_view text) {
  const std::string utf8 = printable(text, text.size() * 3);
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto c = static_cast<unsigned char>(utf8[i]);
    const bool c1 = c == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
      out += fmt::format("\\x{:02x}", c);
    } else if (c1) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(utf8[++i]));
    } else {
      out += utf8[i];
    }
  }
  return out;
}

Console::Console() {
  stderr_is_terminal_ = ::isatty(STDERR_FILENO) == 1;
  stdout_is_terminal_ = ::isatty(STDOUT_FILENO) == 1;
  color_ = stderr_is_terminal_;
  out_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    // No stderr: what plugins print goes nowhere.
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0 && nowhere != STDOUT_FILENO) {
      ::dup2(nowhere, STDOUT_FILENO);
      ::close(nowhere);
    }
  }
}

Console::~Console() {
  if (out_ >= 0) ::close(out_);
}

int Console::write_result(std::string_view text) {
  return write_all(out_, text);
}

void Console::write_error_stream(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));  // there is no place left to say that it failed
}

void Console::print(std::string_view label, std::string_view color, const Error& e) {
  std::string text;
  if (color_) text += color;
  text += label;
  if (color_) text += kPlain;
  const std::string clean = redactor_.redact(e.message);
  const std::string_view message = clean;
  const std::size_t first = std::min(message.find('\n'), message.size());
  text += fmt::format(": {}", harmless(message.substr(0, first)));
  if (!e.where.empty()) text += fmt::format(" ({})", harmless(redactor_.redact(e.where)));
  text += '\n';
  append_indented(message.substr(std::min(first + 1, message.size())), text);
  append_indented(redactor_.redact(e.hint), text);
  const std::lock_guard lock(mutex_);
  write_error_stream(text);
}

void Console::error(const Error& e) {
  print("error", kRed, e);
}

void Console::warning(const Error& e) {
  if (!quiet_) print("warning", kYellow, e);
}

void Console::warning(std::string_view text) {
  Error e;
  e.message = text;
  warning(e);
}

void Console::note(std::string_view line) {
  if (quiet_) return;
  const std::string text = harmless(redactor_.redact(line)) + "\n";
  const std::lock_guard lock(mutex_);
  write_error_stream(text);
}

void Console::write_clean(std::string_view text) {
  if (!text.empty()) write_error_stream(stderr_is_terminal_ ? harmless(text) : std::string(text));
}

void Console::raw(std::string_view text) {
  const std::string clean = redactor_.redact(text);
  const std::lock_guard lock(mutex_);
  write_clean(clean);
}

void Console::stream(const void* source, std::string_view text) {
  const std::lock_guard lock(mutex_);
  write_clean(streams_.add(source, text));
}

void Console::end_stream(const void* source) {
  const std::lock_guard lock(mutex_);
  write_clean(streams_.end(source));
}

void Console::end_streams() {
  const std::lock_guard lock(mutex_);
  write_clean(streams_.end_all());
}

void Console::control(std::string_view sequence) {
  if (!stderr_is_terminal_ || sequence.empty()) return;
  const std::lock_guard lock(mutex_);
  write_error_stream(sequence);
}

}  // namespace pflow::host
