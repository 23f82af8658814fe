#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string_view>

#include "host/cli/last_words.hpp"
#include "host/loader/running_call.hpp"

namespace pflow::host {
namespace {

std::atomic<bool> armed{false};
std::atomic<int> result_fd{-1};

// Everything here may run in a signal handler: it writes pieces, and neither allocates nor formats.
void put(int fd, std::string_view text) noexcept {
  static_cast<void>(::write(fd, text.data(), text.size()) + 0);
}

void put_json(int fd, std::string_view text) noexcept {
  for (const char c : text) {
    if (c == '"' || c == '\\') put(fd, "\\");
    if (static_cast<unsigned char>(c) >= 0x20) put(fd, {&c, 1});
  }
}

void tell(std::string_view what) noexcept {
  if (!armed.exchange(false)) return;
  const RunningCall* call = RunningCall::current();
  const std::string_view node = call != nullptr ? call->node_id() : "?";
  const std::string_view plugin = call != nullptr ? call->plugin_path() : "unknown: one of its own threads";
  for (const std::string_view piece : {std::string_view("error: node \""), node, std::string_view("\": its plugin "),
                                       plugin, std::string_view(" "), what, std::string_view("\n")}) {
    put(STDERR_FILENO, piece);
  }
  const int fd = result_fd;
  if (fd < 0) return;
  put(fd,
      R"({"type":"result","subtype":"error_during_execution","is_error":true,"result":null,"structured_output":null,)"
      R"("status":"failed","errors":[{"code":"plugin_misbehaved","message":"node \")");
  put_json(fd, node);
  put(fd, R"(\": its plugin )");
  put_json(fd, plugin);
  put(fd, " ");
  put_json(fd, what);
  put(fd, R"(","node_id":")");
  put_json(fd, node);
  put(fd, "\",\"where\":null,\"hint\":null}],\"warnings\":[]}\n");
}

[[maybe_unused]] void crashed(int signal) {  // unused where a sanitizer tells more
  tell(signal == SIGABRT ? "ended the process (abort)" : "crashed the process");
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void exited() {
  if (!armed) return;
  tell("ended the process (exit)");
  std::_Exit(1);
}

}  // namespace

void arm_last_words(int json_result_fd) noexcept {
  result_fd = json_result_fd;
  armed = true;
  static_cast<void>(std::atexit(exited));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they tell more than we could
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
    ::signal(signal, crashed);
#endif
}

void disarm_last_words() noexcept {
  armed = false;
}

}  // namespace pflow::host
