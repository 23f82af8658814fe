#include "host/loader/registry.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;

const fs::path kPlugins = PFLOW_TEST_BAD_PLUGINS;

// Copies a built plugin into a folder, which tests may then do with what they like.
fs::path copy(const std::string& plugin, const TempFolder& folder, const fs::path& name) {
  const fs::path to = folder.path() / name;
  fs::create_directories(to.parent_path());
  fs::copy_file(kPlugins / (plugin + ".pflow.so"), to);
  fs::permissions(to, static_cast<fs::perms>(0644));
  return to;
}

Registry::Options options_for_dirs(const std::vector<fs::path>& dirs) {
  Registry::Options options = test::options_for({});
  for (const fs::path& dir : dirs)
    options.search.plugin_dirs.push_back(dir.string());
  return options;
}

std::string found_in(Registry& registry, std::string_view type, const fs::path& folder) {
  const Result<const NodeType*> found = registry.find(type);
  if (!found) return test::text_of(found.error(), folder);
  return fs::relative((*found)->plugin_path, folder).string();
}

// "file: error" or "file: types", in the registry's order.
std::vector<std::string> listing(Registry& registry, const fs::path& folder) {
  std::vector<std::string> out;
  for (const PluginRecord& r : registry.plugins()) {
    std::string line = fs::relative(r.path, folder).string() + ":";
    if (r.error) line += " " + r.error->message;
    for (const OfferedType& t : r.types)
      line += " " + t.name;
    for (const std::string& t : r.shadowed)
      line += " (shadowed " + t + ")";
    out.push_back(std::move(line));
  }
  return out;
}

class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }

  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(registry)

BOOST_AUTO_TEST_CASE(a_type_is_described_with_its_plugin) {
  const TempFolder folder;
  copy("good", folder, "good.pflow.so");
  Registry registry(options_for_dirs({folder.path()}));
  const Result<const NodeType*> type = registry.find("bad.good");
  BOOST_REQUIRE(type.ok());
  BOOST_TEST((*type)->name == "bad.good");
  BOOST_TEST((*type)->version == "1.0.0");
  BOOST_TEST((*type)->description == "A test plugin.");
  BOOST_TEST((*type)->plugin_path == (folder.path() / "good.pflow.so").string());
  BOOST_TEST(!(*type)->concurrent);
  BOOST_TEST(*registry.find("bad.good") == *type);
  BOOST_TEST(registry.type_names() == (std::vector<std::string_view>{"bad.good", "workflow"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_plugin_that_was_renamed_is_the_same_plugin) {
  const TempFolder folder;
  copy("good", folder, "whatever you like.pflow.so");
  Registry registry(options_for_dirs({folder.path()}));
  BOOST_TEST(found_in(registry, "bad.good", folder.path()) == "whatever you like.pflow.so");
}

BOOST_AUTO_TEST_CASE(an_earlier_place_shadows_a_later_one) {
  const TempFolder folder;
  copy("twin_a", folder, "first/a.pflow.so");
  copy("twin_b", folder, "second/b.pflow.so");
  Registry registry(options_for_dirs({folder.path() / "first", folder.path() / "second"}));
  BOOST_TEST(found_in(registry, "bad.twin", folder.path()) == "first/a.pflow.so");
  BOOST_TEST(
      listing(registry, folder.path()) ==
          (std::vector<std::string>{"first/a.pflow.so: bad.twin", "second/b.pflow.so: bad.twin (shadowed bad.twin)"}),
      boost::test_tools::per_element());
  Registry other(options_for_dirs({folder.path() / "second", folder.path() / "first"}));
  BOOST_TEST(found_in(other, "bad.twin", folder.path()) == "second/b.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_file_named_by_the_user_shadows_every_folder) {
  const TempFolder folder;
  copy("twin_a", folder, "first/a.pflow.so");
  const fs::path named = copy("twin_b", folder, "b.pflow.so");
  Registry::Options options = options_for_dirs({folder.path() / "first"});
  options.search.plugin_files.push_back(named.string());
  Registry registry(options);
  BOOST_TEST(found_in(registry, "bad.twin", folder.path()) == "b.pflow.so");
}

BOOST_AUTO_TEST_CASE(two_files_in_one_place_with_one_type_make_only_that_type_unusable) {
  const TempFolder folder;
  copy("twin_a", folder, "a.pflow.so");
  copy("twin_b", folder, "b.pflow.so");
  copy("good", folder, "good.pflow.so");
  Registry registry(options_for_dirs({folder.path()}));
  BOOST_TEST(found_in(registry, "bad.twin", folder.path()) ==
             "ambiguous_node_type: node type \"bad.twin\" is offered by two plugins in one place\n"
             "a.pflow.so\nb.pflow.so\nRemove one of them, or name the one you want with --plugin.");
  BOOST_TEST(found_in(registry, "bad.good", folder.path()) == "good.pflow.so");
}

BOOST_AUTO_TEST_CASE(two_files_named_by_the_user_with_one_type_are_ambiguous_too) {
  const TempFolder folder;
  const fs::path a = copy("twin_a", folder, "a.pflow.so");
  const fs::path b = copy("twin_b", folder, "b.pflow.so");
  Registry registry(test::options_for({a, b}));
  BOOST_TEST(found_in(registry, "bad.twin", folder.path()).starts_with("ambiguous_node_type: "));
}

BOOST_AUTO_TEST_CASE(one_file_by_several_paths_is_one_plugin) {
  const TempFolder folder;
  const fs::path file = copy("good", folder, "good.pflow.so");
  fs::create_symlink("good.pflow.so", folder.path() / "link.pflow.so");
  fs::create_hard_link(file, folder.path() / "same.pflow.so");
  fs::create_directory_symlink(folder.path(), folder.path() / "again");
  Registry registry(options_for_dirs({folder.path(), folder.path() / "again"}));
  BOOST_TEST(listing(registry, folder.path()) == std::vector<std::string>{"good.pflow.so: bad.good"},
             boost::test_tools::per_element());
  BOOST_TEST(found_in(registry, "bad.good", folder.path()) == "good.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_link_into_a_folder_that_others_may_write_is_refused) {
  const TempFolder folder;
  const fs::path target = copy("good", folder, "open/good.pflow.so");
  ::chmod((folder.path() / "open").c_str(), 0777);
  fs::create_directory(folder.path() / "plugins");
  fs::create_symlink(target, folder.path() / "plugins" / "good.pflow.so");
  Registry registry(options_for_dirs({folder.path() / "plugins"}));
  BOOST_TEST(listing(registry, folder.path()) ==
                 std::vector<std::string>{"open/good.pflow.so: is in a folder that other users may write"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(everything_that_is_no_plugin_is_listed_with_its_reason) {
  const TempFolder folder;
  copy("good", folder, "good.pflow.so");
  copy("library", folder, "library.pflow.so");
  copy("note_major", folder, "major.pflow.so");
  static_cast<void>(folder.file("empty.pflow.so", ""));
  static_cast<void>(folder.file("text.pflow.so", "not a library"));
  static_cast<void>(folder.file("cut.pflow.so", test::content_of(kPlugins / "good.pflow.so").substr(0, 300)));
  ::chmod(folder.file("open.pflow.so", "x").c_str(), 0666);
  fs::create_directory(folder.path() / "folder.pflow.so");
  fs::create_symlink("nowhere", folder.path() / "dangling.pflow.so");
  BOOST_REQUIRE(::mkfifo((folder.path() / "fifo.pflow.so").c_str(), 0600) == 0);
  Registry registry(options_for_dirs({folder.path()}));
  const std::vector<std::string> lines = listing(registry, folder.path());
  // A link that leads nowhere keeps its own name.
  BOOST_TEST(
      lines == (std::vector<std::string>{
                   "cut.pflow.so: is cut short: its headers point beyond its end", "dangling.pflow.so: does not exist",
                   "empty.pflow.so: is empty", "fifo.pflow.so: is not a regular file",
                   "folder.pflow.so: is not a regular file", "good.pflow.so: bad.good",
                   "library.pflow.so: is a shared library, but no plugin: it does not export pflow_plugin_v1",
                   "major.pflow.so: is built for plugin ABI 2.0, and this host offers 1.0",
                   "open.pflow.so: may be written by other users",
                   "text.pflow.so: is no shared library (it does not begin like an ELF file)"}),
      boost::test_tools::per_element());
  BOOST_TEST(found_in(registry, "bad.good", folder.path()) == "good.pflow.so");
}

BOOST_AUTO_TEST_CASE(an_unknown_type_names_near_ones_and_the_files_that_were_not_used) {
  const TempFolder folder;
  copy("good", folder, "good.pflow.so");
  static_cast<void>(folder.file("text.pflow.so", "not a library"));
  Registry registry(options_for_dirs({folder.path()}));
  BOOST_TEST(found_in(registry, "bad.goot", folder.path()) ==
             "unknown_node_type: unknown node type \"bad.goot\"\nDid you mean \"bad.good\"? Node types: bad.good, workflow.\n"
             "Not used: text.pflow.so is no shared library (it does not begin like an ELF file).");
}

BOOST_AUTO_TEST_CASE(extra_exports_are_noted_and_do_no_harm) {
  const TempFolder folder;
  copy("exports", folder, "x.pflow.so");
  Registry registry(options_for_dirs({folder.path()}));
  BOOST_TEST(found_in(registry, "bad.exports", folder.path()) == "x.pflow.so");
  BOOST_REQUIRE(registry.plugins().front().notes.size() == 1U);
  const std::string& note = registry.plugins().front().notes.front();
  BOOST_TEST(note.starts_with("exports 2 more names than pflow_plugin_v1 (bad_"));
  BOOST_TEST(note.ends_with("_function): link it with the SDK's version script"));
}

BOOST_AUTO_TEST_CASE(a_second_process_opens_nothing_to_know_what_is_there) {
  const TempFolder folder;
  const TempFolder home;
  copy("counts_inits", folder, "x.pflow.so");
  const Variable count("BAD_INIT_COUNT", (home.path() / "count").string());
  const auto look = [&] {
    Registry::Options options = options_for_dirs({folder.path()});
    options.cache_folder = home.path() / "cache";
    Registry registry(options);
    BOOST_TEST(found_in(registry, "bad.counts_inits", folder.path()) == "x.pflow.so");
  };
  look();
  BOOST_TEST(test::content_of(home.path() / "count") == "i");
  look();
  BOOST_TEST(test::content_of(home.path() / "count") == "i");
  ::usleep(20'000);
  fs::last_write_time(folder.path() / "x.pflow.so", fs::file_time_type::clock::now());
  look();
  BOOST_TEST(test::content_of(home.path() / "count") == "ii");
}

BOOST_AUTO_TEST_CASE(a_failure_of_the_file_is_remembered_until_it_is_asked_for_again) {
  const TempFolder folder;
  const TempFolder home;
  copy("depends", folder, "x.pflow.so");
  const Variable depends("BAD_DEPENDS_ON", (home.path() / "model").string());
  const auto look = [&](bool rescan_failed) {
    Registry::Options options = options_for_dirs({folder.path()});
    options.cache_folder = home.path() / "cache";
    options.rescan_failed = rescan_failed;
    Registry registry(options);
    return listing(registry, folder.path()).front();
  };
  const std::string failed = "x.pflow.so: could not be initialised: its model is not installed";
  BOOST_TEST(look(false) == failed);
  static_cast<void>(home.file("model", "here"));
  BOOST_TEST(look(false) == failed);
  BOOST_TEST(look(true) == "x.pflow.so: bad.depends");
  BOOST_TEST(look(false) == "x.pflow.so: bad.depends");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_hangs_costs_its_time_once) {
  const TempFolder folder;
  const TempFolder home;
  copy("init_hangs", folder, "x.pflow.so");
  const auto look = [&](std::string program) {
    Registry::Options options = options_for_dirs({folder.path()});
    options.cache_folder = home.path() / "cache";
    options.scanner.plugin_timeout = std::chrono::milliseconds(300);
    if (!program.empty()) options.scanner.program = program;
    Registry registry(options);
    return listing(registry, folder.path()).front();
  };
  const std::string failed = "x.pflow.so: did not come to an end while it was being loaded";
  BOOST_TEST(look("") == failed);
  BOOST_TEST(look("/nowhere/pflow-host") == failed);  // no process is started for it
}

BOOST_AUTO_TEST_CASE(a_library_that_cannot_be_loaded_here_is_looked_at_each_time) {
  const TempFolder folder;
  const TempFolder home;
  copy("undefined", folder, "x.pflow.so");
  const auto look = [&](std::string program) {
    Registry::Options options = options_for_dirs({folder.path()});
    options.cache_folder = home.path() / "cache";
    if (!program.empty()) options.scanner.program = program;
    Registry registry(options);
    return listing(registry, folder.path()).front();
  };
  BOOST_TEST(look("").starts_with("x.pflow.so: cannot be loaded: "));
  const std::string not_started = "x.pflow.so: could not be looked at: No such file or directory";
  BOOST_TEST(look("/nowhere/pflow-host") == not_started);
  BOOST_TEST(look("").starts_with("x.pflow.so: cannot be loaded: "));
}

BOOST_AUTO_TEST_CASE(an_unknown_type_says_that_failures_are_remembered) {
  const TempFolder folder;
  const TempFolder home;
  copy("init_fails", folder, "x.pflow.so");
  const auto look = [&] {
    Registry::Options options = options_for_dirs({folder.path()});
    options.cache_folder = home.path() / "cache";
    Registry registry(options);
    return found_in(registry, "bad.none", folder.path());
  };
  const std::string text =
      "unknown_node_type: unknown node type \"bad.none\"\nNode types: workflow.\n"
      "Not used: x.pflow.so could not be initialised: the licence server does not answer.";
  BOOST_TEST(look() == text);
  BOOST_TEST(look() == text + "\nSome of this is remembered from an earlier look: pflow-host plugins looks again.");
}

BOOST_AUTO_TEST_CASE(a_cache_that_describes_a_plugin_wrongly_is_refused_and_mended) {
  const TempFolder folder;
  const TempFolder home;
  copy("good", folder, "x.pflow.so");
  Registry::Options options = options_for_dirs({folder.path()});
  options.cache_folder = home.path() / "cache";
  const auto make = [&] {
    Registry registry(options);
    const Result<const NodeType*> type = registry.find("bad.good");
    BOOST_REQUIRE(type.ok());
    const Result<std::unique_ptr<Node>> node = registry.create(**type, Value());
    return node ? std::string("made") : test::text_of(node.error(), folder.path());
  };
  BOOST_TEST(make() == "made");
  const fs::path cache = options.cache_folder / "plugins.json";
  std::string text = test::content_of(cache);
  const std::string flags = "\"flags\":0";
  BOOST_REQUIRE(text.find(flags) != std::string::npos);
  std::ofstream(cache) << text.replace(text.find(flags), flags.size(), "\"flags\":1");
  BOOST_TEST(make() ==
             "plugin_refused: plugin x.pflow.so was described differently in the cache\nx.pflow.so\n"
             "It is looked at again by the next run.");
  BOOST_TEST(make() == "made");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_describes_itself_differently_each_time_is_refused) {
  const TempFolder folder;
  copy("lies", folder, "x.pflow.so");
  Registry registry(options_for_dirs({folder.path()}));
  const Result<const NodeType*> type = registry.find("bad.lies");
  BOOST_REQUIRE(type.ok());
  const Result<std::unique_ptr<Node>> node = registry.create(**type, Value());
  BOOST_REQUIRE(!node.ok());
  BOOST_TEST(test::text_of(node.error(), folder.path()) ==
             "plugin_refused: plugin x.pflow.so described itself differently when it was looked at\nx.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_plugin_is_opened_when_its_first_node_is_made_and_once) {
  const TempFolder folder;
  const fs::path file = copy("counts_inits", folder, "x.pflow.so");
  Registry registry(test::options_for({file}));
  const Result<const NodeType*> type = registry.find("bad.counts_inits");  // scanned in another process
  BOOST_REQUIRE(type.ok());
  const Variable count("BAD_INIT_COUNT", (folder.path() / "count").string());
  BOOST_TEST(!fs::exists(folder.path() / "count"));
  BOOST_TEST(registry.create(**type, Value()).ok());
  BOOST_TEST(registry.create(**type, Value()).ok());
  BOOST_TEST(test::content_of(folder.path() / "count") == "i");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_replaced_since_it_was_looked_at_is_refused) {
  const TempFolder folder;
  const fs::path file = copy("good", folder, "x.pflow.so");
  Registry registry(test::options_for({file}));
  const Result<const NodeType*> type = registry.find("bad.good");
  BOOST_REQUIRE(type.ok());
  const fs::path other = copy("twin_a", folder, "other");
  fs::rename(other, file);
  const Result<std::unique_ptr<Node>> node = registry.create(**type, Value());
  BOOST_REQUIRE(!node.ok());
  BOOST_TEST(test::text_of(node.error(), folder.path()) ==
             "plugin_refused: plugin x.pflow.so was replaced while it was being loaded\nx.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_plugin_that_fails_only_here_and_not_when_it_was_looked_at_is_told) {
  const TempFolder folder;
  const fs::path file = copy("depends", folder, "x.pflow.so");
  static_cast<void>(folder.file("model", "here"));
  const Variable depends("BAD_DEPENDS_ON", (folder.path() / "model").string());
  Registry registry(test::options_for({file}));
  const Result<const NodeType*> type = registry.find("bad.depends");
  BOOST_REQUIRE(type.ok());
  fs::remove(folder.path() / "model");
  const Result<std::unique_ptr<Node>> node = registry.create(**type, Value());
  BOOST_REQUIRE(!node.ok());
  BOOST_TEST(test::text_of(node.error(), folder.path()) ==
             "plugin_broken: plugin x.pflow.so could not be initialised: its model is not installed\nx.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_type_of_another_registry_makes_no_node) {
  const TempFolder folder;
  copy("good", folder, "x.pflow.so");
  Registry one(options_for_dirs({folder.path()}));
  Registry two(options_for_dirs({folder.path()}));
  const Result<const NodeType*> type = one.find("bad.good");
  BOOST_REQUIRE(type.ok());
  static_cast<void>(two.find("bad.good"));
  BOOST_TEST(!two.create(**type, Value()).ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
