#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "group_posix.hpp"
#include "pipe_posix.hpp"
#include "process.hpp"
#include "spawn_posix.hpp"
#include <pflow/node.hpp>

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace pflow::shell {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kGrace{2};
constexpr std::chrono::milliseconds kDrain{250};   // for what is left in the pipes of a killed group
constexpr std::chrono::milliseconds kNoPidfd{10};  // how often to look where the kernel has no pidfd
constexpr std::chrono::milliseconds kLook{10};     // how often to look whether a group without its leader has ended
constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;

/// "NAME=value" for the child: the host's own variables with the changes applied.
class Environment {
 public:
  explicit Environment(const std::vector<EnvChange>& changes) {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      const std::string_view name = text.substr(0, text.find('='));
      const auto changed = [name](const EnvChange& change) { return change.name == name; };
      if (std::none_of(changes.begin(), changes.end(), changed)) pointers_.push_back(*entry);
    }
    own_.reserve(changes.size());  // the pointers stay valid
    for (const EnvChange& change : changes) {
      if (change.value) pointers_.push_back(own_.emplace_back(change.name + '=' + *change.value).c_str());
    }
    pointers_.push_back(nullptr);
  }

  [[nodiscard]] const char* const* get() const noexcept { return pointers_.data(); }

 private:
  std::vector<std::string> own_;
  std::vector<const char*> pointers_;
};

[[noreturn]] void fail_spawn(const ProcessSpec& spec, const SpawnResult& spawned) {
  if (spawned.at_chdir) {
    std::string message = "cannot run the command in \"" + *spec.cwd + "\": ";
    message += system_text(spawned.error);
    message += "; set `cwd` to an existing directory (relative ones start at the directory pflow-host runs in)";
    throw sdk::Failure{.status = PFLOW_E_NOT_FOUND,
                       .code = "cwd_not_found",
                       .message = std::move(message),
                       .origin_code = spawned.error};
  }
  if (spawned.error == E2BIG) {
    throw sdk::Failure{.status = PFLOW_E_INVALID,
                       .code = "command_too_long",
                       .message =
                           "the command and its environment are longer than the system allows; "
                           "hand large data over in `stdin`",
                       .origin_code = spawned.error};
  }
  fail_system("cannot start /bin/sh", spawned.error);
}

/// One running command: its pipes, its process group, and the loop that serves them.
class Process {
 public:
  // chunk_ is only ever read where read() has written.  NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init)
  Process(const ProcessSpec& spec, CancelSwitch& cancel, OutputSink& out, OutputSink& err)
      : cancel_(cancel),
        streams_{Stream{{}, &out}, Stream{{}, &err}},
        stdin_left_(spec.stdin_bytes.value_or(std::string_view())),
        output_left_(spec.max_output_bytes),
        deadline_(Clock::now() + spec.timeout) {
    start(spec);
  }

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// Only an exception leaves a child behind: it must not outlive its owner.
  ~Process() {
    if (pid_ < 0) return;
    signal_group(SIGKILL);
    reap();
  }

  ProcessResult wait() {
    while (!finished())
      serve(poll_timeout());
    const int status = reap();
    if (ending_ != Ending::kExited) return {ending_, 0};
    if (WIFSIGNALED(status)) return {Ending::kSignalled, WTERMSIG(status)};
    return {Ending::kExited, WEXITSTATUS(status)};
  }

 private:
  enum class Phase { kRunning, kTerminating, kKilled };

  struct Stream {
    Descriptor fd;
    OutputSink* sink;
  };

  void start(const ProcessSpec& spec) {
    Pipe out, err;
    Descriptor child_stdin;
    if (spec.stdin_bytes) {
      Pipe in;
      child_stdin = std::move(in.read_end);
      stdin_ = std::move(in.write_end);
      make_nonblocking(stdin_);
    } else {
      const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
      if (null < 0) fail_system("cannot open /dev/null", errno);
      child_stdin = above_stdio(null);
    }
    make_nonblocking(out.read_end);
    make_nonblocking(err.read_end);
    const Environment environment(spec.env);
    const std::array<const char*, 4> argv{"sh", "-c", spec.command.c_str(), nullptr};
    const SpawnResult spawned = spawn({"/bin/sh",
                                       argv.data(),
                                       environment.get(),
                                       spec.cwd ? spec.cwd->c_str() : nullptr,
                                       {child_stdin.get(), out.write_end.get(), err.write_end.get()}});
    if (spawned.pid < 0) fail_spawn(spec, spawned);
    pid_ = spawned.pid;
    streams_[0].fd = std::move(out.read_end);
    streams_[1].fd = std::move(err.read_end);
    if (stdin_left_.empty()) stdin_.close();
  }

  [[nodiscard]] bool outputs_closed() const noexcept { return !streams_[0].fd.open() && !streams_[1].fd.open(); }

  /// Looks without reaping: while the leader is a zombie its number names this group and no other.
  [[nodiscard]] bool leader_exited() noexcept {
    if (exited_) return true;
    siginfo_t info{};
    exited_ = waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
    return exited_;
  }

  /// Not only the leader: what the command has started may still be cleaning up.
  [[nodiscard]] bool group_ended() {
    const Clock::time_point now = Clock::now();
    if (!leader_exited() || now < next_look_) return false;
    next_look_ = now + kLook;
    return !others_live(pid_);
  }

  void signal_group(int number) const noexcept { kill(-pid_, number); }

  int reap() noexcept {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

  void terminate(Ending ending) {
    ending_ = ending;
    phase_ = Phase::kTerminating;
    deadline_ = Clock::now() + kGrace;
    stdin_.close();
    signal_group(SIGTERM);
    signal_group(SIGCONT);
  }

  void kill_group() {
    phase_ = Phase::kKilled;
    deadline_ = Clock::now() + kDrain;
    stdin_.close();
    signal_group(SIGKILL);
  }

  /// Moves the phase on where it is time to, and says whether all is done.
  bool finished() {
    const bool late = Clock::now() >= deadline_;
    if (phase_ == Phase::kRunning) {
      if (outputs_closed() && leader_exited()) return true;
      if (late) terminate(Ending::kTimedOut);
      return false;
    }
    if (phase_ == Phase::kTerminating) {
      if (!late && !group_ended()) return false;
      kill_group();
    } else if (late) {
      return true;  // somebody left the group and holds the pipes, or the leader is stuck in the kernel
    }
    return outputs_closed() && leader_exited();
  }

  [[nodiscard]] int poll_timeout() {
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
    const bool watch_leader = outputs_closed() || phase_ != Phase::kRunning;
    if (watch_leader && !exited_) {
      if (!pidfd_.open()) pidfd_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
      if (!pidfd_.open()) left = std::min(left, kNoPidfd);
    }
    if (phase_ == Phase::kTerminating && exited_) left = std::min(left, kLook);
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
  }

  void serve(int timeout_ms) {
    const auto watch = [](bool wanted, int fd, short events) { return pollfd{wanted ? fd : -1, events, 0}; };
    std::array<pollfd, 5> fds{watch(true, streams_[0].fd.get(), POLLIN), watch(true, streams_[1].fd.get(), POLLIN),
                              watch(true, stdin_.get(), POLLOUT),
                              watch(phase_ == Phase::kRunning, cancel_.descriptor(), POLLIN),
                              watch(!exited_, pidfd_.get(), POLLIN)};
    if (poll(fds.data(), fds.size(), timeout_ms) <= 0) return;
    if (fds[0].revents != 0) read_from(streams_[0]);
    if (fds[1].revents != 0) read_from(streams_[1]);
    if (fds[2].revents != 0 && stdin_.open()) write_stdin();
    if (fds[3].revents != 0 && phase_ == Phase::kRunning) terminate(Ending::kCancelled);
  }

  void read_from(Stream& stream) {
    const ssize_t got = read(stream.fd.get(), chunk_.data(), chunk_.size());
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) stream.fd.close();
      return;
    }
    if (got == 0) {
      stream.fd.close();
      return;
    }
    const auto bytes = static_cast<std::size_t>(got);
    const auto kept = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, output_left_));
    stream.sink->append({chunk_.data(), kept});
    output_left_ -= kept;
    if (kept == bytes || phase_ == Phase::kKilled) return;
    if (phase_ == Phase::kRunning) ending_ = Ending::kTooMuchOutput;
    kill_group();
  }

  void write_stdin() {
    const ssize_t put = write(stdin_.get(), stdin_left_.data(), stdin_left_.size());
    if (put >= 0) {
      stdin_left_.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EAGAIN && errno != EINTR) {
      stdin_left_ = {};  // the command does not want the rest: as in a pipeline, no error
    }
    if (stdin_left_.empty()) stdin_.close();
  }

  CancelSwitch& cancel_;
  std::array<Stream, 2> streams_;
  Descriptor stdin_, pidfd_;
  std::string_view stdin_left_;
  std::uint64_t output_left_;
  Clock::time_point deadline_;     // of the phase
  Clock::time_point next_look_{};  // at the group, at the earliest
  Phase phase_ = Phase::kRunning;
  Ending ending_ = Ending::kExited;
  pid_t pid_ = -1;
  bool exited_ = false;
  std::array<char, kChunkBytes> chunk_;
};

}  // namespace

CancelSwitch::CancelSwitch() : descriptor_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) fail_system("cannot prepare for cancellation", errno);
}

CancelSwitch::~CancelSwitch() {
  close(descriptor_);
}

void CancelSwitch::raise() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = write(descriptor_, &one, sizeof one);  // full = raised already
}

ProcessResult run_process(const ProcessSpec& spec, CancelSwitch& cancel, OutputSink& out, OutputSink& err) {
  std::optional<SigpipeBlock> block;
  if (spec.stdin_bytes) block.emplace();
  return Process(spec, cancel, out, err).wait();
}

std::string signal_name(int number) {
  constexpr std::array<std::pair<int, std::string_view>, 14> kNames{{{SIGHUP, "SIGHUP"},
                                                                     {SIGINT, "SIGINT"},
                                                                     {SIGQUIT, "SIGQUIT"},
                                                                     {SIGILL, "SIGILL"},
                                                                     {SIGTRAP, "SIGTRAP"},
                                                                     {SIGABRT, "SIGABRT"},
                                                                     {SIGBUS, "SIGBUS"},
                                                                     {SIGFPE, "SIGFPE"},
                                                                     {SIGKILL, "SIGKILL"},
                                                                     {SIGSEGV, "SIGSEGV"},
                                                                     {SIGPIPE, "SIGPIPE"},
                                                                     {SIGTERM, "SIGTERM"},
                                                                     {SIGXCPU, "SIGXCPU"},
                                                                     {SIGXFSZ, "SIGXFSZ"}}};
  for (const auto& [value, name] : kNames) {
    if (value == number) return std::string(name);
  }
  return "signal " + std::to_string(number);
}

}  // namespace pflow::shell
