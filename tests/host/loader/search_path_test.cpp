#include "host/loader/search_path.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

std::vector<std::string> words(const SearchPathOptions& options, std::vector<std::string>& notes) {
  std::vector<std::string> out;
  for (const PluginPlace& p : plugin_places(options, notes))
    out.push_back(p.origin + (p.is_file ? " file " : " folder ") + p.path.string());
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(search_path)

BOOST_AUTO_TEST_CASE(places_come_in_the_order_in_which_they_shadow) {
  SearchPathOptions options;
  options.installed = "/usr/lib/pflow/plugins";
  options.home = "/h/.pflow";
  options.environment_path = "/a:/b";
  options.plugin_dirs = {"/d"};
  options.plugin_files = {"/f/x.pflow.so"};
  std::vector<std::string> notes;
  BOOST_TEST(words(options, notes) ==
                 (std::vector<std::string>{"--plugin file /f/x.pflow.so", "--plugin-dir folder /d",
                                           "PFLOW_PLUGIN_PATH folder /a", "PFLOW_PLUGIN_PATH folder /b",
                                           "home folder /h/.pflow/plugins", "installed folder /usr/lib/pflow/plugins"}),
             boost::test_tools::per_element());
  BOOST_TEST(notes == std::vector<std::string>{"--plugin-dir: there is no folder \"/d\""},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(empty_entries_of_the_environment_are_not_the_current_folder) {
  SearchPathOptions options;
  options.environment_path = "::/a::";
  std::vector<std::string> notes;
  BOOST_TEST(words(options, notes) == std::vector<std::string>{"PFLOW_PLUGIN_PATH folder /a"},
             boost::test_tools::per_element());
  BOOST_TEST(notes.empty());
}

BOOST_AUTO_TEST_CASE(relative_entries_of_the_environment_are_left_out_and_named) {
  SearchPathOptions options;
  options.environment_path = "plugins:/a:.";
  std::vector<std::string> notes;
  BOOST_TEST(words(options, notes) == std::vector<std::string>{"PFLOW_PLUGIN_PATH folder /a"},
             boost::test_tools::per_element());
  BOOST_TEST(notes == (std::vector<std::string>{R"(PFLOW_PLUGIN_PATH: "plugins" is relative and was left out)",
                                                R"(PFLOW_PLUGIN_PATH: "." is relative and was left out)"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_the_command_line_names_is_taken_from_the_current_folder_on_purpose) {
  SearchPathOptions options;
  options.plugin_dirs = {"d"};
  std::vector<std::string> notes;
  BOOST_TEST(words(options, notes) ==
                 std::vector<std::string>{"--plugin-dir folder " + (std::filesystem::current_path() / "d").string()},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_any_option_there_is_no_place) {
  std::vector<std::string> notes;
  BOOST_TEST(words({}, notes).empty());
}

BOOST_AUTO_TEST_CASE(a_folder_gives_its_plugins_sorted_and_nothing_else) {
  const test::TempFolder folder;
  for (const char* name : {"b.pflow.so", "a.pflow.so", "libc.so", "notes.txt", "c.pflow.so.bak", ".pflow.so"})
    static_cast<void>(folder.file(name, "x"));
  std::filesystem::create_directory(folder.path() / "inner.pflow.so");
  std::vector<std::string> names;
  for (const auto& file : plugin_files_in(folder.path()))
    names.push_back(file.filename().string());
  BOOST_TEST(names == (std::vector<std::string>{".pflow.so", "a.pflow.so", "b.pflow.so", "inner.pflow.so"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_gives_nothing) {
  BOOST_TEST(plugin_files_in("/nowhere/at/all").empty());
  const test::TempFolder folder;
  BOOST_TEST(plugin_files_in(folder.file("file", "x")).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
