// W1: a cold start with ten plugins in the folder, against an empty C++ process. W6: 100 x /bin/true as shell nodes, against
// posix_spawn of /bin/sh. Whole processes, in turn; medians and their ratio.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>

#include "bench.hpp"

extern char** environ;

namespace {

using pflow::bench::median;

struct Run {
  double ms = 0;
  long peak_kib = 0;
};

Run spawn(std::vector<std::string> words) {
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  const auto start = std::chrono::steady_clock::now();
  pid_t pid = 0;
  if (::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) != 0) std::exit(1);
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  const auto end = std::chrono::steady_clock::now();
  ::posix_spawn_file_actions_destroy(&actions);
  if (status != 0) std::exit(1);
  return {std::chrono::duration<double, std::milli>(end - start).count(), usage.ru_maxrss};
}

std::string write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
  return path.string();
}

std::string shell_nodes(int nodes) {
  std::string text = R"({"nodes":[)";
  for (int i = 0; i < nodes; ++i) {
    text += (i == 0 ? "" : ",") + (R"({"id":"n)" + std::to_string(i) + R"(","type":"shell","params":{"command":"/bin/true"}})");
  }
  return text + "]}";
}

}  // namespace

int main(int argc, char** argv) {
  const bool quick = pflow::bench::is_short(argc, argv);
  const int rounds = quick ? 2 : 41;
  const pflow::bench::TemporaryFolder folder;
  ::setenv("PFLOW_HOME", (folder.path() / "home").c_str(), 1);
  const std::string program = PFLOW_BENCH_PROGRAM;

  const std::string one = write(folder.path() / "one.json", R"({"nodes":[{"id":"a","type":"echo","params":{"message":"hi"}}]})");
  const std::vector<std::string> start{program, "run", one, "--plugin-dir", PFLOW_BENCH_FILLERS};
  static_cast<void>(spawn(start));  // fills the scan cache
  std::vector<double> ours;
  std::vector<double> empty;
  std::vector<double> ratio;
  long peak = 0;
  for (int i = 0; i < rounds; ++i) {
    const Run a = spawn(start);
    const Run b = spawn({PFLOW_BENCH_EMPTY});
    ours.push_back(a.ms);
    empty.push_back(b.ms);
    peak = std::max(peak, a.peak_kib);
  }
  std::printf(R"({"bench":"W1","ms":%.2f,"empty_process_ms":%.2f,"peak_mib":%.1f})"
              "\n",
              median(ours), median(empty), static_cast<double>(peak) / 1024);

  const int processes = quick ? 5 : 100;
  const std::string many = write(folder.path() / "many.json", shell_nodes(processes));
  ours.clear();
  std::vector<double> floor;
  for (int i = 0; i < (quick ? 1 : 11); ++i) {
    ours.push_back(spawn({program, "run", many}).ms);
    double sum = 0;
    for (int k = 0; k < processes; ++k) sum += spawn({"/bin/sh", "-c", "/bin/true"}).ms;
    floor.push_back(sum);
    ratio.push_back(ours.back() / sum);
  }
  std::printf(R"({"bench":"W6","processes":%d,"in_turn_ms":%.1f,"posix_spawn_ms":%.1f,"ratio":%.3f})"
              "\n",
              processes, median(ours), median(floor), median(ratio));
  return 0;
}
