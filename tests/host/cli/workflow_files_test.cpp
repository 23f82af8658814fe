#include "host/cli/workflow_files.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "tests/host/instrument/scratch_folder.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;
using test::ScratchFolder;

void write(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

BOOST_AUTO_TEST_SUITE(workflow_files)

BOOST_AUTO_TEST_CASE(two_names_of_one_file_have_one_path) {
  const ScratchFolder folder;
  Redactor redactor;
  WorkflowFiles files("", redactor);
  write(folder.path() / "sub/a.json", "{}");
  fs::create_symlink(folder.path() / "sub/a.json", folder.path() / "link.json");
  const std::string dir = folder.path().string();
  const auto one = files.by_ref("sub/a.json", dir);
  const auto two = files.by_ref("./sub/../link.json", dir);
  BOOST_REQUIRE(one.ok());
  BOOST_REQUIRE(two.ok());
  BOOST_TEST(one->path == two->path);
}

BOOST_AUTO_TEST_CASE(a_folder_and_what_is_not_there_are_no_workflows) {
  const ScratchFolder folder;
  Redactor redactor;
  WorkflowFiles files("", redactor);
  const std::string dir = folder.path().string();
  BOOST_TEST(files.by_ref("gone.json", dir).error().message == "there is no workflow " + dir + "/gone.json");
  BOOST_TEST(files.by_ref(".", dir).error().message.starts_with("a workflow is a file, and "));
  BOOST_TEST(files.by_ref("", dir).error().message == "it names no file");
}

BOOST_AUTO_TEST_CASE(a_pipe_is_not_waited_for) {
  const ScratchFolder folder;
  Redactor redactor;
  WorkflowFiles files(folder.path(), redactor);
  fs::create_directories(folder.path() / "workflows");
  BOOST_REQUIRE(::mkfifo((folder.path() / "pipe.json").c_str(), 0600) == 0);
  BOOST_REQUIRE(::mkfifo((folder.path() / "workflows/pipe.json").c_str(), 0600) == 0);
  const std::string dir = folder.path().string();
  BOOST_TEST(files.by_ref("pipe.json", dir).error().message ==
             "a workflow is a file, and " + dir + "/pipe.json is no regular one");
  BOOST_TEST(files.by_name("pipe").error().message == "there is no saved workflow \"pipe\"");
}

BOOST_AUTO_TEST_CASE(a_saved_name_leads_nowhere_but_to_the_folder_of_saved_ones) {
  const ScratchFolder folder;
  Redactor redactor;
  WorkflowFiles files(folder.path(), redactor);
  write(folder.path() / "workflows/kept.json", "{}");
  write(folder.path() / "outside.json", "{}");
  BOOST_TEST(files.by_name("kept").ok());
  for (const std::string_view name : {"../outside", "/etc/passwd", "", ".hidden", "a/b"})
    BOOST_TEST((files.by_name(name).error().code == Code::kInvalidValue), name);
  BOOST_TEST(files.by_name("kep").error().hint ==
             "Did you mean \"kept\"? Saved: kept. They are in " + (folder.path() / "workflows").string() + ".");
  WorkflowFiles homeless("", redactor);
  BOOST_TEST(homeless.by_name("kept").error().message == "there is no home folder, and so no saved workflows");
}

BOOST_AUTO_TEST_CASE(what_is_secret_in_a_document_is_known_once_it_is_read) {
  const ScratchFolder folder;
  Redactor redactor;
  WorkflowFiles files("", redactor);
  write(folder.path() / "a.json",
        R"({"nodes": [{"id": "n", "type": "fetch", "params": {"headers": {"Authorization": "Bearer abcdefgh"}}}]})");
  Problems problems;
  const auto place = files.by_ref("a.json", folder.path().string());
  BOOST_REQUIRE(place.ok());
  BOOST_TEST(files.read(*place, problems).has_value());
  BOOST_TEST(redactor.redact("Bearer abcdefgh").find("abcdefgh") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_secret_in_items_and_in_defaults_of_inputs_is_known_once_it_is_read) {
  const ScratchFolder folder;
  Redactor redactor;
  WorkflowFiles files("", redactor);
  write(folder.path() / "a.json",
        R"({"inputs": {"plain": {"type": "string", "default": "plain-default"},
                       "mine": {"type": "string", "secret": true, "default": "declared-secret"},
                       "api_key": {"type": "string", "default": "named-secret"}},
            "nodes": [{"id": "n", "type": "echo", "batch": {"items": [{"user": "user-of-item", "password": "item-secret"}]}},
                      {"id": "w", "type": "workflow", "params": {"workflow_ir": {
                        "inputs": {"his": {"type": "string", "secret": true, "default": "inner-secret"}},
                        "nodes": [{"id": "n", "type": "echo"}]}}}]})");
  Problems problems;
  const auto place = files.by_ref("a.json", folder.path().string());
  BOOST_REQUIRE(place.ok());
  BOOST_TEST(files.read(*place, problems).has_value());
  for (const std::string_view secret : {"declared-secret", "named-secret", "item-secret", "inner-secret"})
    BOOST_TEST(redactor.redact(secret).find(secret) == std::string::npos, secret);
  for (const std::string_view plain : {"plain-default", "user-of-item"})
    BOOST_TEST(redactor.redact(plain) == plain);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
