#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/redactor.hpp"
#include "host/cli/streamed_text.hpp"

namespace pflow::host {

/// `text` with control characters and bytes that are not UTF-8 made visible: a terminal obeys them, and what comes from
/// documents and plugins is to be shown, not obeyed.
[[nodiscard]] std::string harmless(std::string_view text);

/// The program's two outputs. stdout carries the result and nothing else: the real one is put aside at the start, and
/// whatever a plugin prints to file descriptor 1 comes out on stderr. Thread-safe.
class Console {
 public:
  Console();  ///< once a process, before any plugin is loaded
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console();

  /// Writes to the real stdout, all of it or as much as it takes; 0 or errno (EPIPE: nobody reads it any more).
  [[nodiscard]] int write_result(std::string_view text);

  [[nodiscard]] int result_descriptor() const noexcept { return out_; }  ///< the real stdout

  void set_quiet(bool quiet) noexcept { quiet_ = quiet; }

  void set_color(bool color) noexcept {
    color_ = color && stderr_is_terminal_;
    result_color_ = color && stdout_is_terminal_;
  }

  /// Keeps secrets out of everything on stderr, and of traces: what it knows becomes <redacted:NAME>.
  [[nodiscard]] Redactor& redactor() noexcept { return redactor_; }

  [[nodiscard]] bool stdout_is_terminal() const noexcept { return stdout_is_terminal_; }

  [[nodiscard]] bool stderr_is_terminal() const noexcept { return stderr_is_terminal_; }

  [[nodiscard]] bool color() const noexcept { return color_; }

  [[nodiscard]] bool result_color() const noexcept { return result_color_; }  ///< for stdout

  /// "error: message (where)", then the hint, indented. Control characters are made visible.
  void error(const Error& e);
  void warning(const Error& e);  ///< not when quiet
  void warning(std::string_view text);
  void note(std::string_view line);  ///< one line on stderr; not when quiet
  /// Text without an end of line; on a terminal made harmless, otherwise as it is.
  void raw(std::string_view text);
  /// The same for text that `source` goes on with: what may be the beginning of a secret waits for what follows.
  void stream(const void* source, std::string_view text);
  void end_stream(const void* source);      ///< nothing follows: shows what waits
  void end_streams();                       ///< of all sources
  void control(std::string_view sequence);  ///< for a terminal alone: nothing is written to anything else

 private:
  void print(std::string_view label, std::string_view color, const Error& e);
  void write_error_stream(std::string_view text);
  void write_clean(std::string_view text);  // no secrets in it

  std::mutex mutex_;
  int out_ = -1;
  Redactor redactor_;
  StreamedText streams_{redactor_};
  bool stdout_is_terminal_ = false;
  bool stderr_is_terminal_ = false;
  bool color_ = false;
  bool result_color_ = false;
  bool quiet_ = false;
};

}  // namespace pflow::host
