#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "host/cli/interrupts.hpp"

namespace pflow::host {
namespace {

// Handlers, not blocked or ignored signals: those would be inherited by whatever processes plugins start.
std::array<int, 2> wake = {-1, -1};  // a pipe from the handler to the thread; as long-lived as the process

void pass_on(int signal) {
  const int error = errno;
  const auto byte = static_cast<unsigned char>(signal);
  static_cast<void>(::write(wake[1], &byte, 1) + 0);  // a full pipe already holds a second signal
  errno = error;
}

void do_nothing(int /*signal*/) {}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};

  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
  struct sigaction action {};

  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Interrupts::Interrupts(Handler handler) : handler_(std::move(handler)) {
  if (wake[0] < 0 && ::pipe2(wake.data(), O_CLOEXEC) != 0) return;  // signals keep their default effect
  const int flags = ::fcntl(wake[1], F_GETFL);
  ::fcntl(wake[1], F_SETFL, flags | O_NONBLOCK);  // NOLINT(hicpp-signed-bitwise)
  thread_ = std::thread([this] { wait(); });
  handle(SIGPIPE, do_nothing);
  handle(SIGXFSZ, do_nothing);
  handle(SIGINT, pass_on);
  handle(SIGTERM, pass_on);
  if (!is_ignored(SIGHUP)) handle(SIGHUP, pass_on);  // nohup means it
}

Interrupts::~Interrupts() {
  stop();
}

void Interrupts::stop() {
  if (!thread_.joinable()) return;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal)) handle(signal, SIG_DFL);
  }
  pass_on(0);
  thread_.join();
}

void Interrupts::set_handler(Handler handler) {
  const std::lock_guard lock(mutex_);
  handler_ = std::move(handler);
}

void Interrupts::wait() {
  while (true) {
    unsigned char signal = 0;
    const ssize_t n = ::read(wake[0], &signal, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n != 1 || signal == 0) return;
    if (signal_ != 0) ::_exit(128 + signal);
    signal_ = signal;
    const std::lock_guard lock(mutex_);
    handler_(signal);
  }
}

}  // namespace pflow::host
