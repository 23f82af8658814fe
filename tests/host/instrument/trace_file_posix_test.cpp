#include "host/instrument/trace_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/host/instrument/scratch_folder.hpp"

namespace pflow::host {
namespace {

using test::ScratchFolder;

BOOST_AUTO_TEST_SUITE(trace_file_posix)

unsigned mode_of(const std::filesystem::path& path) {
  struct stat s {};

  return ::lstat(path.c_str(), &s) == 0 ? s.st_mode & 07777u : 0;
}

std::unique_ptr<TraceFile> made(const std::filesystem::path& folder, std::string_view stem = "t") {
  Result<std::unique_ptr<TraceFile>> file = TraceFile::create(folder, stem);
  BOOST_REQUIRE(file.ok());
  return std::move(file).value();
}

Error refused(const std::filesystem::path& folder, std::string_view stem = "t") {
  Result<std::unique_ptr<TraceFile>> file = TraceFile::create(folder, stem);
  BOOST_REQUIRE(!file.ok());
  return std::move(file).error();
}

// Runs `work` in a process of its own; true when it says so and ends as processes should.
template <typename Work>
bool in_a_process(Work&& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work() ? 0 : 1);
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

BOOST_AUTO_TEST_CASE(missing_folders_are_made_and_all_is_for_the_user_alone) {
  const ScratchFolder scratch;
  const std::unique_ptr<TraceFile> file = made(scratch.path() / "a" / "b", "pflow-trace");
  BOOST_TEST(file->path() == scratch.path() / "a" / "b" / "pflow-trace.json");
  BOOST_TEST(mode_of(scratch.path() / "a") == 0700u);
  BOOST_TEST(mode_of(scratch.path() / "a" / "b") == 0700u);
  BOOST_TEST(mode_of(file->path()) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_path_that_is_not_absolute_becomes_so) {
  const ScratchFolder scratch;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(scratch.path());
  const std::filesystem::path path = made("x/../y/.")->path();
  std::filesystem::current_path(before);
  BOOST_TEST(path == std::filesystem::canonical(scratch.path()) / "y" / "t.json");
  BOOST_TEST(mode_of(path) == 0600u);
}

BOOST_AUTO_TEST_CASE(a_name_that_exists_gets_a_number_whatever_it_is) {
  const ScratchFolder scratch;
  const std::filesystem::path& folder = scratch.path();
  static_cast<void>(scratch.file("t.json", "mine"));
  std::filesystem::create_symlink(folder / "nowhere", folder / "t-2.json");
  BOOST_REQUIRE(::mkfifo((folder / "t-3.json").c_str(), 0600) == 0);
  std::filesystem::create_directory(folder / "t-4.json");
  BOOST_TEST(made(folder)->path() == folder / "t-5.json");
  BOOST_TEST(made(folder)->path() == folder / "t-6.json");
  BOOST_TEST(ScratchFolder::content_of(folder / "t.json") == "mine");
  BOOST_TEST(!std::filesystem::exists(folder / "nowhere"));
}

BOOST_AUTO_TEST_CASE(runs_that_start_at_the_same_time_get_files_of_their_own) {
  const ScratchFolder scratch;
  constexpr int kRuns = 16;
  std::vector<pid_t> children;
  for (int i = 0; i < kRuns; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      Result<std::unique_ptr<TraceFile>> file = TraceFile::create(scratch.path() / "new", "t");
      ::_exit(file.ok() && (*file)->write_at(0, std::to_string(i)) ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    BOOST_TEST(status == 0);
  }
  std::set<std::string> contents;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path() / "new"))
    contents.insert(ScratchFolder::content_of(entry.path()));
  BOOST_TEST(contents.size() == static_cast<std::size_t>(kRuns));
}

BOOST_AUTO_TEST_CASE(a_write_replaces_what_is_behind_its_place) {
  const ScratchFolder scratch;
  const std::unique_ptr<TraceFile> file = made(scratch.path());
  const auto content = [&] { return ScratchFolder::content_of(file->path()); };
  BOOST_TEST(file->write_at(0, "root[\n]}\n"));
  BOOST_TEST(file->write_at(5, "\n1\n]}\n"));
  BOOST_TEST(content() == "root[\n1\n]}\n");
  BOOST_TEST(file->write_at(5, "x"));
  BOOST_TEST(content() == "root[x");
  BOOST_TEST(!file->write_at(7, "a hole"));
  BOOST_TEST(content() == "root[x");
}

BOOST_AUTO_TEST_CASE(a_write_that_finds_no_room_leaves_the_file_as_it_was_and_the_process_alive) {
  const ScratchFolder scratch;
  const bool good = in_a_process([&] {
    std::signal(SIGXFSZ, SIG_DFL);
    const rlimit limit{100, 100};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
    const std::unique_ptr<TraceFile> file = made(scratch.path());
    const std::string root = std::string(90, 'r') + "\n]}\n";
    if (!file->write_at(0, root)) return false;
    // A part of it fits, at first; then nothing does.
    if (file->write_at(90, std::string(50, 'e') + "\n]}\n")) return false;
    if (ScratchFolder::content_of(file->path()) != root) return false;
    if (!file->write_at(90, "123456\n]}\n")) return false;
    return !file->write_at(100, "x") && !file->write_at(96, "1234\n]}\n");
  });
  BOOST_TEST(good);
  BOOST_TEST(ScratchFolder::content_of(scratch.path() / "t.json") == std::string(90, 'r') + "123456\n]}\n");
}

extern "C" void of_somebody_else(int) {}

BOOST_AUTO_TEST_CASE(a_file_size_limits_signal_keeps_the_handler_that_somebody_gave_it) {
  const ScratchFolder scratch;
  BOOST_TEST(in_a_process([&] {
    std::signal(SIGXFSZ, of_somebody_else);
    made(scratch.path());
    return std::signal(SIGXFSZ, SIG_DFL) == of_somebody_else;
  }));
  BOOST_TEST(in_a_process([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    made(scratch.path());
    return std::signal(SIGXFSZ, SIG_DFL) == SIG_IGN;
  }));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_started_later_has_the_signals_default) {
  const ScratchFolder scratch;
  const std::string shell = "ulimit -f 1; dd if=/dev/zero of='" + (scratch.path() / "big").string() +
                            "' bs=4096 count=4 2>/dev/null; test $? -eq 153";
  BOOST_TEST(in_a_process([&] {
    std::signal(SIGXFSZ, SIG_DFL);
    made(scratch.path());
    return ::system(shell.c_str()) == 0;  // NOLINT(cert-env33-c,concurrency-mt-unsafe)
  }));
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_none_is_an_error_that_says_so) {
  const ScratchFolder scratch;
  const std::filesystem::path file = scratch.file("file", "");
  for (const std::filesystem::path& folder : {file, file / "below"}) {
    const Error e = refused(folder);
    BOOST_TEST((e.code == Code::kIo));
    BOOST_TEST(e.message == "cannot make the folder for traces: there is something that is not a folder");
    BOOST_TEST(e.where == file.string());
    BOOST_TEST(e.hint == "Take it away, or set PFLOW_DEBUG_DIR to a folder.");
  }
  std::filesystem::create_symlink(scratch.path() / "nowhere", scratch.path() / "link");
  BOOST_TEST(refused(scratch.path() / "link").where == (scratch.path() / "link").string());
}

BOOST_AUTO_TEST_CASE(a_folder_that_may_not_be_written_to_is_an_error_with_a_way_out) {
  const ScratchFolder scratch;
  std::filesystem::permissions(scratch.path(), std::filesystem::perms(0555));
  const auto check = [&] {
    const Error file = refused(scratch.path());
    const Error folder = refused(scratch.path() / "new");
    return file.message == "cannot make the trace file: Permission denied" &&
           file.where == (scratch.path() / "t.json").string() &&
           file.hint == "Set PFLOW_DEBUG_DIR to a folder that you may write to." &&
           folder.message == "cannot make the folder for traces: Permission denied" &&
           folder.where == (scratch.path() / "new").string();
  };
  BOOST_TEST(in_a_process([&] {
    if (::geteuid() == 0 && ::seteuid(65534) != 0) return false;  // root may write everywhere
    return check();
  }));
  std::filesystem::permissions(scratch.path(), std::filesystem::perms(0700));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_too_long_is_an_error) {
  const ScratchFolder scratch;
  const Error e = refused(scratch.path(), std::string(300, 'n'));
  BOOST_TEST(e.message == "cannot make the trace file: File name too long");
  BOOST_TEST(e.hint == "Set PFLOW_DEBUG_DIR to a folder with a shorter name.");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
