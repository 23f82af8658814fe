#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

namespace pflow::host::test {

/// The benchmarks' chat server (tests/bench/chat_server.cpp) as a process of its own, so that its descriptors are not
/// ours: answers each chat completion after `delay`. Gone with the object. Takes two descriptors of this process.
class ChatServerProcess {
 public:
  explicit ChatServerProcess(std::chrono::milliseconds delay);
  ChatServerProcess(const ChatServerProcess&) = delete;
  ChatServerProcess& operator=(const ChatServerProcess&) = delete;
  ~ChatServerProcess();

  [[nodiscard]] std::string base_url() const;  ///< "http://127.0.0.1:.../v1"

 private:
  pid_t pid_ = -1;
  int stdin_ = -1;
  int stdout_ = -1;
  int port_ = 0;
};

}  // namespace pflow::host::test
