#include "host/loader/scanner.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

using std::chrono::milliseconds;

const std::filesystem::path kFolder = PFLOW_TEST_BAD_PLUGINS;
constexpr milliseconds kPatience{20'000};  // for what ends by itself
constexpr milliseconds kShort{1'500};      // for what never does; long enough for a start under a sanitizer

std::vector<ScanResult> scan(const std::vector<std::string>& names, milliseconds timeout = kPatience) {
  std::vector<std::filesystem::path> paths;
  for (const std::string& name : names)
    paths.push_back(kFolder / (name + ".pflow.so"));
  Scanner::Options options;
  options.program = PFLOW_TEST_PROGRAM;
  options.plugin_timeout = timeout;
  return Scanner(options).scan(paths);
}

std::string text_of(const ScanResult& scan) {
  return scan.error ? test::text_of(*scan.error, kFolder) : "accepted: " + scan.id;
}

std::string verdict(const std::string& name, milliseconds timeout = kPatience) {
  return text_of(scan({name}, timeout).front());
}

// A process of its own was lost to the plugin.
std::string lost(const std::string& name, const std::string& what) {
  return "plugin_broken: " + what + " while it was being loaded\n" + name +
         ".pflow.so\nIt was being loaded in a process of its own; nothing else was harmed.";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scanner)

BOOST_AUTO_TEST_CASE(a_correct_plugin_is_described) {
  const ScanResult found = scan({"good"}).front();
  BOOST_TEST(!found.error.has_value());
  BOOST_TEST(found.id == "bad.good");
  BOOST_TEST(found.version == "1.0.0");
  BOOST_TEST(found.abi_minor == 0U);
  BOOST_TEST(found.extra_export_count == 0U);
  BOOST_REQUIRE(found.types.size() == 1U);
  BOOST_TEST(found.types[0].name == "bad.good");
  BOOST_TEST(found.types[0].descriptor_json.starts_with(R"({"description": "A test plugin.")"));
}

BOOST_AUTO_TEST_CASE(an_entry_without_the_magic_is_refused) {
  BOOST_TEST(verdict("magic") ==
             "plugin_broken: has an entry that does not begin with the plugin magic (0x12345678, not 0x31574650)\n"
             "magic.pflow.so\nDefine the entry with the SDK's header.");
}

BOOST_AUTO_TEST_CASE(an_entry_of_another_major_is_refused_with_both_versions) {
  BOOST_TEST(verdict("major") ==
             "plugin_refused: is built for plugin ABI 2.0, and this host offers 1.0\nmajor.pflow.so\n"
             "Use a newer pflow-host, or a build of the plugin for this one.");
}

BOOST_AUTO_TEST_CASE(a_library_with_the_next_majors_entry_only_is_refused_with_both_versions) {
  BOOST_TEST(verdict("next_major") ==
             "plugin_refused: is built for plugin ABI 2.0, and this host offers 1.0\nnext_major.pflow.so\n"
             "Use a newer pflow-host, or a build of the plugin for this one.");
}

BOOST_AUTO_TEST_CASE(an_entry_that_needs_a_newer_minor_is_refused_with_both_versions) {
  BOOST_TEST(verdict("entry_minor") ==
             "plugin_refused: needs plugin ABI 1.77, and this host offers 1.0\nentry_minor.pflow.so\n"
             "Use a newer pflow-host, or build the plugin with a lower PFLOW_TARGET_MINOR.");
}

BOOST_AUTO_TEST_CASE(structs_shorter_than_abi_1_0_are_refused) {
  BOOST_TEST(verdict("entry_short") ==
             "plugin_broken: has an entry of 72 bytes, and ABI 1.0 has 80\nentry_short.pflow.so");
  BOOST_TEST(verdict("type_short") ==
             "plugin_broken: describes node type number 0 with a struct of 104 bytes, and ABI 1.0 has 112\n"
             "type_short.pflow.so");
}

BOOST_AUTO_TEST_CASE(longer_structs_of_a_later_minor_are_accepted) {
  BOOST_TEST(verdict("type_longer") == "accepted: bad.type_longer");
}

BOOST_AUTO_TEST_CASE(missing_functions_are_named) {
  BOOST_TEST(verdict("no_run") ==
             "plugin_broken: offers the node type \"bad.no_run\" without a run function\nno_run.pflow.so");
  BOOST_TEST(verdict("no_factory") == "plugin_broken: has an entry without get_factory\nno_factory.pflow.so");
  BOOST_TEST(verdict("no_nodes") == "plugin_broken: offers no \"pflow.node-factory/1\"\nno_nodes.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_wrong_count_of_types_is_refused) {
  BOOST_TEST(verdict("missing_type") ==
             "plugin_broken: claims to offer 2 node types, but number 1 is NULL\nmissing_type.pflow.so");
  BOOST_TEST(verdict("many_types") ==
             "plugin_broken: claims to offer 18446744073709551615 node types; at most 1024 are read\n"
             "many_types.pflow.so");
  BOOST_TEST(verdict("same_twice") ==
             "plugin_broken: offers the node type \"bad.same_twice\" twice\nsame_twice.pflow.so");
}

BOOST_AUTO_TEST_CASE(an_unusable_type_name_is_shown) {
  BOOST_TEST(verdict("type_name") ==
             "plugin_broken: offers a node type with an unusable name: \"bad name/\xEF\xBF\xBD\"\ntype_name.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_wrong_descriptor_is_told_with_its_place) {
  BOOST_TEST(verdict("json").starts_with(
      "plugin_broken: describes the node type \"bad.json\" wrongly: the descriptor is not valid JSON: "));
  BOOST_TEST(verdict("json_array") ==
             "plugin_broken: describes the node type \"bad.json_array\" wrongly: the descriptor is not a JSON object\n"
             "json_array.pflow.so");
  BOOST_TEST(
      verdict("json_utf8")
          .starts_with(
              "plugin_broken: describes the node type \"bad.json_utf8\" wrongly: the descriptor is not valid JSON: "));
  BOOST_TEST(
      verdict("json_required") ==
      "plugin_broken: describes the node type \"bad.json_required\" wrongly: \"required\" names a parameter that is "
      "not described\njson_required.pflow.so\nPlace in the descriptor: /params/required.");
}

BOOST_AUTO_TEST_CASE(an_init_that_fails_is_told_with_its_reason) {
  BOOST_TEST(verdict("init_fails") ==
             "plugin_broken: could not be initialised: the licence server does not answer\ninit_fails.pflow.so");
  BOOST_TEST(verdict("init_silent") ==
             "plugin_broken: could not be initialised: returned the status -10 and did not say why\n"
             "init_silent.pflow.so");
  BOOST_TEST(verdict("init_throws") == "plugin_broken: threw in init: no configuration\ninit_throws.pflow.so");
}

BOOST_AUTO_TEST_CASE(an_exception_that_leaves_the_factory_is_told) {
  BOOST_TEST(verdict("at_throws") == "plugin_broken: threw in at: no such type\nat_throws.pflow.so");
}

BOOST_AUTO_TEST_CASE(only_what_may_lie_outside_of_the_file_is_worth_another_look) {
  const std::vector<ScanResult> found = scan({"good", "undefined", "init_fails", "init_aborts", "magic", "json"});
  std::vector<bool> may_pass;
  for (const ScanResult& s : found)
    may_pass.push_back(s.may_pass);
  BOOST_TEST(may_pass == (std::vector<bool>{false, true, false, false, false, false}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_child_loads_nothing_that_others_may_write) {
  const test::TempFolder folder;
  const auto file = folder.path() / "x.pflow.so";
  std::filesystem::copy_file(kFolder / "good.pflow.so", file);
  std::filesystem::permissions(file, static_cast<std::filesystem::perms>(0666));
  Scanner::Options options;
  options.program = PFLOW_TEST_PROGRAM;
  const ScanResult found = Scanner(options).scan({file}).front();
  BOOST_REQUIRE(found.error.has_value());
  BOOST_TEST(found.error->message == "may be written by other users");
  BOOST_TEST(found.may_pass);
}

BOOST_AUTO_TEST_CASE(a_library_that_is_no_plugin_says_what_it_lacks) {
  BOOST_TEST(
      verdict("library") ==
      "plugin_refused: is a shared library, but no plugin: it does not export pflow_plugin_v1\nlibrary.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_missing_function_is_a_load_error_that_names_it) {
  BOOST_TEST(verdict("undefined") ==
             "plugin_broken: cannot be loaded: undefined.pflow.so: undefined symbol: bad_nobody_has_this\n"
             "undefined.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_crash_costs_a_process_of_its_own) {
  BOOST_TEST(verdict("init_aborts") ==
             "plugin_broken: crashed while it was being loaded (SIGABRT)\ninit_aborts.pflow.so\n"
             "It was being loaded in a process of its own; nothing else was harmed.");
}

BOOST_AUTO_TEST_CASE(an_exit_costs_a_process_of_its_own) {
  BOOST_TEST(verdict("init_exits") ==
             "plugin_broken: ended the process while it was being loaded (exit code 3)\ninit_exits.pflow.so\n"
             "It was being loaded in a process of its own; nothing else was harmed.");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_hangs_is_stopped) {
  BOOST_TEST(verdict("init_hangs", kShort) == lost("init_hangs", "did not come to an end"));
  BOOST_TEST(verdict("constructor_hangs", kShort) == lost("constructor_hangs", "did not come to an end"));
}

BOOST_AUTO_TEST_CASE(a_plugin_that_closes_all_files_and_hangs_is_stopped) {
  BOOST_TEST(verdict("closes_files") == lost("closes_files", "did not come to an end"));
}

BOOST_AUTO_TEST_CASE(a_plugin_that_writes_into_the_hosts_files_is_stopped) {
  BOOST_TEST(verdict("writes_files") == lost("writes_files", "wrote into a file of the host's"));
  BOOST_TEST(verdict("floods_files") == lost("floods_files", "wrote into a file of the host's"));
}

BOOST_AUTO_TEST_CASE(noise_on_stdout_and_stderr_does_not_matter) {
  BOOST_TEST(verdict("noise") == "accepted: bad.noise");
}

BOOST_AUTO_TEST_CASE(names_exported_besides_the_entry_are_counted) {
  const ScanResult found = scan({"exports"}).front();
  BOOST_TEST(!found.error.has_value());
  std::vector<std::string> names = found.extra_exports;
  std::sort(names.begin(), names.end());
  BOOST_TEST(names == (std::vector<std::string>{"bad_extra_function", "bad_other_function"}),
             boost::test_tools::per_element());
  BOOST_TEST(found.extra_export_count == 2U);
}

BOOST_AUTO_TEST_CASE(the_plugins_beside_a_culprit_are_looked_at_all_the_same) {
  const std::vector<ScanResult> found =
      scan({"good", "init_aborts", "twin_a", "init_hangs", "writes_files", "init_exits", "noise"}, kShort);
  std::vector<std::string> verdicts;
  for (const ScanResult& s : found)
    verdicts.push_back(s.error ? "lost" : s.id);
  BOOST_TEST(
      verdicts == (std::vector<std::string>{"bad.good", "lost", "bad.twin", "lost", "lost", "lost", "bad.noise"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_program_that_cannot_be_started_is_told) {
  Scanner::Options options;
  options.program = "/nowhere/pflow-host";
  const ScanResult found = Scanner(options).scan({kFolder / "good.pflow.so"}).front();
  BOOST_TEST(
      text_of(found).starts_with("plugin_broken: could not be looked at: No such file or directory\ngood.pflow.so\n"));
}

BOOST_AUTO_TEST_CASE(a_program_that_knows_nothing_of_scanning_is_told) {
  Scanner::Options options;
  options.program = "/bin/true";
  const ScanResult found = Scanner(options).scan({kFolder / "good.pflow.so"}).front();
  BOOST_TEST(text_of(found) ==
             "plugin_broken: ended the process while it was being loaded (exit code 0)\ngood.pflow.so\n"
             "It was being loaded in a process of its own; nothing else was harmed.");
}

BOOST_AUTO_TEST_CASE(a_child_whose_host_is_killed_ends_too) {
  std::array<int, 2> results{};
  BOOST_REQUIRE(::pipe(results.data()) == 0);
  // The host: starts a child that hangs, and waits to be killed. The child holds the pipe's other end.
  const pid_t host = ::fork();
  if (host == 0) {
    ::close(results[0]);
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string fd = std::to_string(results[1]);
      const std::string file = (kFolder / "init_hangs.pflow.so").string();
      ::execl(PFLOW_TEST_PROGRAM, PFLOW_TEST_PROGRAM, std::string(kScanCommand).c_str(), fd.c_str(),
              (kFolder / "good.pflow.so").c_str(), file.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(results[1]);
    ::pause();
    ::_exit(0);
  }
  ::close(results[1]);
  char first = 0;
  BOOST_TEST(::read(results[0], &first, 1) == 1);  // it is at work: it has asked to end with its host
  ::kill(host, SIGKILL);
  ::waitpid(host, nullptr, 0);
  std::array<char, 4096> rest{};
  pollfd p{results[0], POLLIN, 0};
  bool ended = false;
  while (!ended && ::poll(&p, 1, 10'000) == 1)
    ended = ::read(results[0], rest.data(), rest.size()) <= 0;
  BOOST_TEST(ended);
  ::close(results[0]);
}

BOOST_AUTO_TEST_CASE(no_paths_start_no_process) {
  Scanner::Options options;
  options.program = "/nowhere/pflow-host";
  BOOST_TEST(Scanner(options).scan({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
