#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "host/loader/plugin_file.hpp"
#include "host/loader/scanner.hpp"

extern char** environ;

namespace pflow::host {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kResultFd = 3;                            // in the child
constexpr std::chrono::milliseconds kEndTimeout{1000};  // from closing the pipe to the end of the process
constexpr std::size_t kMaxLineBytes = std::size_t{32} * 1024 * 1024;

Error broken(const std::filesystem::path& path, std::string message) {
  Error e;
  e.code = Code::kPluginBroken;
  e.message = std::move(message);
  e.where = path.string();
  e.hint = "It was being loaded in a process of its own; nothing else was harmed.";
  return e;
}

class Pipe {
 public:
  Pipe() {
    if (::pipe2(fds_.data(), O_CLOEXEC) != 0) fds_ = {-1, -1};
  }

  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  ~Pipe() {
    close_end(0);
    close_end(1);
  }

  void close_end(std::size_t i) {
    if (fds_[i] >= 0) ::close(fds_[i]);
    fds_[i] = -1;
  }

  int end(std::size_t i) const { return fds_[i]; }

 private:
  std::array<int, 2> fds_{-1, -1};
};

// A child that looks at some plugins; its lines come through a pipe.
class Child {
 public:
  Child(const std::filesystem::path& program, const std::vector<std::filesystem::path>& paths, std::size_t first) {
    std::vector<std::string> words{program.string(), std::string(kScanCommand), std::to_string(kResultFd)};
    for (std::size_t i = first; i < paths.size(); ++i)
      words.push_back(paths[i].string());
    std::vector<char*> argv;
    for (std::string& w : words)
      argv.push_back(w.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, pipe_.end(1), kResultFd);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t defaults;
    ::sigemptyset(&defaults);
    for (const int s : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGXFSZ})
      ::sigaddset(&defaults, s);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    error_ = ::posix_spawn(&pid_, program.c_str(), &actions, &attributes, argv.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    pipe_.close_end(1);
    if (error_ != 0) pid_ = -1;
  }

  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ~Child() {
    if (pid_ > 0) static_cast<void>(finish());
  }

  int spawn_error() const { return error_; }

  // The next line, without its end; nothing when the child has closed the pipe, was silent for too long or wrote too
  // much.
  std::optional<std::string> line(std::chrono::milliseconds timeout) {
    const auto deadline = Clock::now() + timeout;
    while (true) {
      const std::size_t end = buffer_.find('\n', searched_);
      if (end != std::string::npos) {
        std::string out = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        searched_ = 0;
        return out;
      }
      searched_ = buffer_.size();
      if (buffer_.size() > kMaxLineBytes) return std::nullopt;
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
      pollfd p{pipe_.end(0), POLLIN, 0};
      const int ready = left.count() <= 0 ? 0 : ::poll(&p, 1, static_cast<int>(left.count()));
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) {
        timed_out_ = true;
        return std::nullopt;
      }
      std::array<char, 65536> chunk{};
      const ssize_t n = ::read(pipe_.end(0), chunk.data(), chunk.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        closed_ = true;
        return std::nullopt;
      }
      buffer_.append(chunk.data(), static_cast<std::size_t>(n));
    }
  }

  // Ends the child, whatever it is doing, and tells how it went.
  std::string finish() {
    // A child that has closed the pipe is about to end by itself, and how tells why. One that has not is stopped: it
    // hangs, or what a plugin wrote into the pipe does not tell what it is doing.
    int status = 0;
    const bool ended = closed_ && ended_within(kEndTimeout, status);
    if (!ended) {
      ::kill(pid_, SIGKILL);
      while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
      }
    }
    pid_ = -1;
    if (timed_out_ || (closed_ && !ended)) return "did not come to an end while it was being loaded";
    if (!ended) return "wrote into a file of the host's while it was being loaded";
    if (WIFSIGNALED(status)) {
      return fmt::format("crashed while it was being loaded (SIG{})", ::sigabbrev_np(WTERMSIG(status)));
    }
    return fmt::format("ended the process while it was being loaded (exit code {})", WEXITSTATUS(status));
  }

 private:
  bool ended_within(std::chrono::milliseconds timeout, int& status) const {
    const auto deadline = Clock::now() + timeout;
    while (true) {
      const pid_t got = ::waitpid(pid_, &status, WNOHANG);
      if (got == pid_) return true;
      if ((got < 0 && errno != EINTR) || Clock::now() >= deadline) return false;
      ::poll(nullptr, 0, 1);
    }
  }

  Pipe pipe_;
  pid_t pid_ = -1;
  int error_ = 0;
  std::string buffer_;
  std::size_t searched_ = 0;
  bool timed_out_ = false;
  bool closed_ = false;
};

// Whether somebody still reads what is written to a pipe.
bool has_reader(int fd) {
  pollfd p{fd, 0, 0};
  return ::poll(&p, 1, 0) == 0 || (p.revents & POLLERR) == 0;
}

ScanResult scan_checked(const std::filesystem::path& path) {
  ScanResult refused;
  refused.may_pass = true;
  if (::getauxval(AT_SECURE) != 0) {
    Error e;
    e.code = Code::kPluginRefused;
    e.message = "is not looked at by a program with another user's rights";
    e.where = path.string();
    refused.error = std::move(e);
    return refused;
  }
  if (Result<FileIdentity> r = check_trust(path); !r) {
    refused.error = std::move(r).error();
    return refused;
  }
  if (Result<void> r = check_image(path); !r) {
    refused.error = std::move(r).error();
    refused.may_pass = false;
    return refused;
  }
  return scan_plugin(path);
}

}  // namespace

std::vector<ScanResult> Scanner::scan(const std::vector<std::filesystem::path>& paths) const {
  std::vector<ScanResult> results;
  while (results.size() < paths.size()) {
    Child child(options_.program, paths, results.size());
    if (child.spawn_error() != 0) {
      ScanResult failed;
      failed.error = broken(paths[results.size()],
                            fmt::format("could not be looked at: {}",
                                        std::strerror(child.spawn_error())));  // NOLINT(concurrency-mt-unsafe)
      failed.may_pass = true;
      results.push_back(std::move(failed));
      continue;
    }
    while (results.size() < paths.size()) {
      const std::optional<std::string> line = child.line(options_.plugin_timeout);
      std::optional<ScanResult> scan;
      if (line) {
        if (const Result<Value> v = read_json(*line, "scan")) scan = scan_from_value(*v);
      }
      const bool lost = !scan;
      if (lost) {
        scan.emplace();
        scan->error = broken(paths[results.size()], child.finish());
      }
      results.push_back(std::move(*scan));
      if (lost) break;
    }
  }
  return results;
}

int run_scan_child(int fd, const std::vector<std::string>& paths) {
  // A host that is killed takes its child along, also one that was killed before the child could ask for that.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!has_reader(fd)) ::_exit(1);
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::signal(SIGPIPE, SIG_DFL);
  for (const std::string& path : paths) {
    std::error_code ec;
    const std::filesystem::path canonical = std::filesystem::canonical(path, ec);
    std::string line = to_json(scan_to_value(scan_checked(ec ? std::filesystem::path(path) : canonical)));
    line += '\n';
    std::string_view rest = line;
    while (!rest.empty()) {
      const ssize_t n = ::write(fd, rest.data(), rest.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) ::_exit(1);
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  ::_exit(0);  // plugins' threads and static objects are not waited for
}

}  // namespace pflow::host
