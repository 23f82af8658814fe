#include "tests/plugins/chat_server_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>

extern char** environ;

namespace pflow::host::test {

ChatServerProcess::ChatServerProcess(std::chrono::milliseconds delay) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  stdin_ = in[1];
  stdout_ = out[0];
  std::string program = PFLOW_TEST_CHAT_SERVER;
  std::string delay_ms = std::to_string(delay.count());
  std::array<char*, 3> argv{program.data(), delay_ms.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in[0], 0);
  ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(in[0]);
  ::close(out[1]);
  if (error != 0) throw std::runtime_error("the chat server cannot be started");
  std::array<char, 64> line{};
  if (::read(stdout_, line.data(), line.size() - 1) <= 0 || std::sscanf(line.data(), "{\"port\":%d}", &port_) != 1) {
    throw std::runtime_error("the chat server does not say its port");
  }
}

ChatServerProcess::~ChatServerProcess() {
  ::close(stdin_);  // tells it to end
  ::close(stdout_);
  ::waitpid(pid_, nullptr, 0);
}

std::string ChatServerProcess::base_url() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/v1";
}

}  // namespace pflow::host::test
