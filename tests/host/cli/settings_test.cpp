#include "host/cli/settings.hpp"

#include <fstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;
using test::TempFolder;

// A home with these settings, what was read from them, and all that was told.
struct Reading {
  explicit Reading(std::string_view content, fs::perms perms = static_cast<fs::perms>(0600)) {
    fs::permissions(folder.file("settings.json", content), perms);
    Result<Settings> read = read_settings(folder.path(), warnings);
    if (read) {
      settings = std::move(read).value();
    } else {
      error = test::text_of(read.error(), folder.path());
    }
  }

  [[nodiscard]] std::string warning() const {
    BOOST_REQUIRE(warnings.size() == 1U);
    return test::text_of(warnings.front(), folder.path());
  }

  TempFolder folder;
  Problems warnings;
  Settings settings;
  std::string error;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(settings)

BOOST_AUTO_TEST_CASE(all_that_is_said_is_read) {
  const Reading r(R"({"version": 7, "keys": {"A_KEY": "a-secret"}, "env": {"B_URL": "http://b"},
      "llm": {"default_provider": "offline", "default_model": "m", "keys": {"C_KEY": "c-secret", "A_KEY": "later"}}})");
  BOOST_TEST(r.error == "");
  BOOST_TEST(r.warnings.empty());
  BOOST_TEST(r.settings.default_provider == "offline");
  BOOST_TEST(r.settings.default_model == "m");
  BOOST_REQUIRE(r.settings.keys.size() == 2U);
  BOOST_TEST(*Settings::find(r.settings.keys, "A_KEY") == "a-secret");
  BOOST_TEST(*Settings::find(r.settings.keys, "C_KEY") == "c-secret");
  BOOST_TEST(*Settings::find(r.settings.variables, "B_URL") == "http://b");
  BOOST_TEST(Settings::find(r.settings.keys, "B_URL") == nullptr);
}

BOOST_AUTO_TEST_CASE(no_file_and_no_home_say_nothing) {
  const TempFolder folder;
  Problems warnings;
  for (const fs::path& home : {folder.path(), folder.path() / "not there", fs::path()}) {
    const Result<Settings> read = read_settings(home, warnings);
    BOOST_REQUIRE(read.ok());
    BOOST_TEST(read->default_provider == "");
    BOOST_TEST(read->path == (home.empty() ? "settings.json" : (home / "settings.json").string()));
  }
  BOOST_TEST(warnings.empty());
}

BOOST_AUTO_TEST_CASE(nulls_and_empty_keys_are_not_said) {
  const Reading r(R"({"keys": {"A": "", "B": null}, "env": null, "llm": {"default_model": null}})");
  BOOST_TEST(r.error == "");
  BOOST_TEST(r.settings.keys.empty());
}

BOOST_AUTO_TEST_CASE(malformed_settings_are_told_with_their_place) {
  BOOST_TEST(Reading(R"({"llm": )").error.starts_with("invalid_json: the settings cannot be read: "));
  BOOST_TEST(Reading(R"({"llm": )").error.find("\nsettings.json:1:9") != std::string::npos);
  BOOST_TEST(Reading(R"({"keys": {"A": "x", "A": "y"}})").error.starts_with("duplicate_key: "));
  BOOST_TEST(Reading("[]").error == "wrong_type: \"settings\" must be an object, not an array\nsettings.json");
  BOOST_TEST(Reading(R"({"llm": 1})").error ==
             "wrong_type: \"llm\" must be an object, not an integer\nsettings.json: /llm");
  BOOST_TEST(Reading(R"({"llm": {"default_provider": ["x"]}})").error ==
             "wrong_type: \"default_provider\" must be a string, not an array\nsettings.json: /llm/default_provider");
  BOOST_TEST(Reading(R"({"env": []})").error ==
             "wrong_type: \"env\" must be an object, not an array\nsettings.json: /env");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_no_text_is_named_and_not_shown) {
  BOOST_TEST(Reading(R"({"keys": {"A_KEY": 12345678}})").error ==
             "wrong_type: \"A_KEY\" must be a string, not an integer\nsettings.json: /keys/A_KEY");
}

BOOST_AUTO_TEST_CASE(a_misspelt_setting_is_a_warning) {
  const Reading r(R"({"llm": {"default_provder": "offline"}})");
  BOOST_TEST(r.error == "");
  BOOST_TEST(r.warning() ==
             "unknown_key: \"default_provder\" is no setting of llm\nsettings.json: /llm/default_provder\n"
             "Did you mean \"default_provider\"? Settings: default_provider, default_model, keys.");
}

BOOST_AUTO_TEST_CASE(keys_that_others_can_read_are_a_warning) {
  for (const int mode : {0640, 0604, 0620, 0602}) {
    const Reading r(R"({"keys": {"A": "secret"}})", static_cast<fs::perms>(mode));
    BOOST_TEST(r.warning() ==
               "unsupported: the settings hold keys, and other users may read or change them\nsettings.json\n"
               "chmod 600 'settings.json'");
  }
  BOOST_TEST(Reading(R"({"llm": {"default_model": "m"}})", static_cast<fs::perms>(0644)).warnings.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_file_of_a_human_size_is_refused) {
  const Reading large("\"" + std::string(std::size_t{1} << 20, 'x') + "\"");
  BOOST_TEST(large.error.starts_with("too_large: "));
  const TempFolder folder;
  fs::create_directory(folder.path() / "settings.json");
  Problems warnings;
  const Result<Settings> read = read_settings(folder.path(), warnings);
  BOOST_REQUIRE(!read.ok());
  BOOST_TEST(test::text_of(read.error(), folder.path()) ==
             "unreadable: the settings are no regular file\nsettings.json");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
