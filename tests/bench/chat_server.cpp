// An OpenAI-compatible server for benchmarks: answers each POST .../chat/completions after a fixed wait, on one thread,
// as cheaply as it can, and keeps count. `chat_server [DELAY_MS]` prints {"port":N} and serves on 127.0.0.1 until its
// stdin ends. GET /stats gives the counts, POST /reset sets them back. Not a server to test faults with.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kMaxRequestBytes = std::size_t{1} << 20;

std::int64_t now_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
}

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Connection {
  std::uint64_t generation = 0;  ///< answers to whom a number belonged before are dropped
  std::string read;
};

struct Answer {
  std::int64_t due_ns = 0;
  int fd = -1;
  std::uint64_t generation = 0;
};

struct Counts {
  std::int64_t requests = 0;
  std::int64_t answers = 0;
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::int64_t connections = 0;
  std::int64_t in_flight = 0;
  std::int64_t most_in_flight = 0;
};

// The head's Content-Length; 0 when there is none.
std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\ncontent-length:";
  for (std::size_t i = 0; i + kName.size() < head.size(); ++i) {
    if (head[i] != '\n' || ::strncasecmp(head.data() + i, kName.data(), kName.size()) != 0) continue;
    return std::strtoul(head.data() + i + kName.size(), nullptr, 10);
  }
  return 0;
}

class ChatServer {
 public:
  explicit ChatServer(std::int64_t delay_ns) : delay_ns_(delay_ns) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 16384) != 0) fail("listen");
    if (::getsockname(listener_, raw, &size) != 0) fail("getsockname");
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    watch(listener_);
    watch(timer_);
    watch(STDIN_FILENO);
    std::printf("{\"port\":%d}\n", ::ntohs(address.sin_port));
    std::fflush(stdout);
  }

  void serve() {
    std::array<epoll_event, 512> events{};
    while (true) {
      const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      if (n < 0 && errno != EINTR) fail("epoll_wait");
      for (int i = 0; i < n; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == listener_) {
          accept_all();
        } else if (fd == STDIN_FILENO) {
          std::array<char, 64> ignored{};
          if (::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) return;
        } else if (fd != timer_) {
          read_from(fd);
        }
      }
      answer_due();
    }
  }

 private:
  void watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  }

  void accept_all() {
    while (true) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;  // none left; when descriptors ran out, the next event tries again
      const int on = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      if (connections_.size() <= static_cast<std::size_t>(fd)) connections_.resize(static_cast<std::size_t>(fd) + 1);
      at(fd).generation = ++generations_;
      at(fd).read.clear();
      ++counts_.connections;
      watch(fd);
    }
  }

  void close(int fd) {
    at(fd).generation = 0;
    ::close(fd);
  }

  void read_from(int fd) {
    std::array<char, 16384> piece;  // not set to zero: it is read a thousand times a second
    const ssize_t n = ::recv(fd, piece.data(), piece.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    std::string& read = at(fd).read;
    if (n <= 0 || read.size() > kMaxRequestBytes) return close(fd);
    read.append(piece.data(), static_cast<std::size_t>(n));
    while (!read.empty()) {
      const std::size_t end = read.find("\r\n\r\n");
      if (end == std::string::npos) return;
      const std::string_view head = std::string_view(read).substr(0, end + 2);
      const std::size_t whole = end + 4 + content_length(head);
      if (read.size() < whole) return;
      request(fd, head);
      read.erase(0, whole);
    }
  }

  void request(int fd, std::string_view head) {
    if (head.starts_with("GET /stats ")) return send(fd, stats());
    if (head.starts_with("POST /reset ")) {
      counts_ = {};
      return send(fd, "{}");
    }
    const std::int64_t now = now_ns();
    if (counts_.requests++ == 0) counts_.first_ns = now;
    counts_.most_in_flight = std::max(counts_.most_in_flight, ++counts_.in_flight);
    waiting_.push_back({now + delay_ns_, fd, at(fd).generation});
    if (waiting_.size() == 1) arm(waiting_.front().due_ns);
  }

  void arm(std::int64_t due_ns) const {
    itimerspec at{};
    at.it_value.tv_sec = due_ns / 1'000'000'000;
    at.it_value.tv_nsec = due_ns % 1'000'000'000;
    ::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &at, nullptr);
  }

  // All wait equally long, so the first that came is the first that is due.
  void answer_due() {
    if (waiting_.empty()) return;
    const std::int64_t now = now_ns();
    if (waiting_.front().due_ns > now) return;
    while (!waiting_.empty() && waiting_.front().due_ns <= now) {
      const Answer answer = waiting_.front();
      waiting_.pop_front();
      --counts_.in_flight;
      if (at(answer.fd).generation == answer.generation) complete(answer.fd);
    }
    counts_.last_ns = now_ns();
    if (!waiting_.empty()) arm(waiting_.front().due_ns);
  }

  void complete(int fd) {
    const std::int64_t n = ++counts_.answers;
    const std::int64_t prompt = 11 + n % 5;
    const std::int64_t completion = 7 + n % 13;
    counts_.prompt_tokens += prompt;
    counts_.completion_tokens += completion;
    std::array<char, 1024> body{};
    const int size = std::snprintf(
        body.data(), body.size(),
        R"({"id":"chatcmpl-%lld","object":"chat.completion","created":1790000000,"model":"gpt-4o-mini-2024-07-18",)"
        R"("choices":[{"index":0,"message":{"role":"assistant","content":"Answer number %lld, as short as it can be.",)"
        R"("refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":%lld,)"
        R"("completion_tokens":%lld,"total_tokens":%lld,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},)"
        R"("completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,)"
        R"("rejected_prediction_tokens":0}},"service_tier":"default","system_fingerprint":"fp_0123456789"})",
        static_cast<long long>(n), static_cast<long long>(n), static_cast<long long>(prompt),
        static_cast<long long>(completion), static_cast<long long>(prompt + completion));
    send(fd, {body.data(), static_cast<std::size_t>(size)});
  }

  void send(int fd, std::string_view body) {
    std::array<char, 2048> text{};
    const int size =
        std::snprintf(text.data(), text.size(),
                      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                      "x-request-id: req_%lld\r\n\r\n%.*s",
                      body.size(), static_cast<long long>(counts_.answers), static_cast<int>(body.size()), body.data());
    // An answer fits into the socket's buffer: a client that leaves so much unread that it does not is cut off.
    if (::send(fd, text.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) != size) close(fd);
  }

  [[nodiscard]] std::string stats() const {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    std::array<char, 512> text{};
    std::snprintf(text.data(), text.size(),
                  R"({"requests":%lld,"answers":%lld,"prompt_tokens":%lld,"completion_tokens":%lld,"busy_ms":%.3f,)"
                  R"("connections":%lld,"in_flight":%lld,"most_in_flight":%lld,"cpu_s":%.4f})",
                  static_cast<long long>(counts_.requests), static_cast<long long>(counts_.answers),
                  static_cast<long long>(counts_.prompt_tokens), static_cast<long long>(counts_.completion_tokens),
                  static_cast<double>(counts_.last_ns - counts_.first_ns) / 1e6,
                  static_cast<long long>(counts_.connections), static_cast<long long>(counts_.in_flight),
                  static_cast<long long>(counts_.most_in_flight), seconds(used.ru_utime) + seconds(used.ru_stime));
    return text.data();
  }

  Connection& at(int fd) { return connections_[static_cast<std::size_t>(fd)]; }

  std::int64_t delay_ns_;
  int listener_ = -1;
  int epoll_ = -1;
  int timer_ = -1;
  std::uint64_t generations_ = 0;
  std::vector<Connection> connections_;  // by descriptor
  std::deque<Answer> waiting_;
  Counts counts_;
};

}  // namespace

int main(int argc, char** argv) {
  std::int64_t delay_ms = 50;
  if (argc > 1) std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), delay_ms);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  ChatServer(delay_ms * 1'000'000).serve();
  return 0;
}
