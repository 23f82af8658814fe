#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "host/cli/last_words.hpp"
#include "host/loader/running_call.hpp"

namespace pflow::host {
namespace {

std::atomic<bool> armed{false};
std::atomic<int> result_fd{-1};
std::string prepared_line;  // written before `armed` is set

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

// Writes the prepared line; each mark in it becomes what it stands for.
void put_line(int fd, std::string_view node, std::string_view plugin, std::string_view what) noexcept {
  const std::pair<std::string_view, std::string_view> marks[] = {
      {kNodeMark, node}, {kPluginMark, plugin}, {kEndMark, what}};
  std::string_view rest = prepared_line;
  while (!rest.empty()) {
    std::size_t at = rest.size();
    const std::pair<std::string_view, std::string_view>* first = nullptr;
    for (const auto& mark : marks) {
      const std::size_t found = rest.find(mark.first);
      if (found >= at) continue;
      at = found;
      first = &mark;
    }
    put(fd, rest.substr(0, at));
    if (first == nullptr) return;
    put_json(fd, first->second);
    rest.remove_prefix(at + first->first.size());
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
  put_line(result_fd, node, plugin, what);
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

void arm_last_words(int fd, std::string_view line) {
  result_fd = fd;
  prepared_line = line;
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
