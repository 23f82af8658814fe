#include <pthread.h>
#include <unistd.h>

#include <csignal>

#include "host/cli/interrupts.hpp"

namespace pflow::host {
namespace {

constexpr int kStop = SIGUSR2;  // ends the thread; only ever sent to it alone

sigset_t watched_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int s : {SIGINT, SIGTERM})
    ::sigaddset(&set, s);

  struct sigaction hangup {};

  ::sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) ::sigaddset(&set, SIGHUP);  // nohup means it
  ::sigaddset(&set, kStop);
  return set;
}

}  // namespace

Interrupts::Interrupts(Handler handler) : handler_(std::move(handler)) {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  const sigset_t set = watched_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::thread([this] { wait(); });
}

Interrupts::~Interrupts() {
  stop_ = true;
  ::pthread_kill(thread_.native_handle(), kStop);
  thread_.join();
}

void Interrupts::set_handler(Handler handler) {
  const std::lock_guard lock(mutex_);
  handler_ = std::move(handler);
}

void Interrupts::wait() {
  const sigset_t set = watched_signals();
  while (!stop_) {
    int signal = 0;
    if (::sigwait(&set, &signal) != 0 || signal == kStop) continue;
    if (signal_ != 0) ::_exit(128 + signal);
    signal_ = signal;
    const std::lock_guard lock(mutex_);
    handler_(signal);
  }
}

}  // namespace pflow::host
