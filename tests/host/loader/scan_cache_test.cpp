#include "host/loader/scan_cache.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

ScanResult scan_of(std::string id) {
  ScanResult scan;
  scan.id = std::move(id);
  scan.version = "1.2.3";
  scan.abi_minor = 4;
  scan.types.push_back({"acme.x", "2.0.0", 5, 6, R"({"description": "with \"quotes\""})"});
  scan.extra_exports = {"a", "b"};
  scan.extra_export_count = 12;
  return scan;
}

constexpr FileIdentity kFile{1, ~std::uint64_t{0}, 3, -4, 5};

}  // namespace

BOOST_AUTO_TEST_SUITE(scan_cache)

BOOST_AUTO_TEST_CASE(what_was_saved_is_found_by_the_next_process_whole) {
  const test::TempFolder folder;
  ScanCache writer(folder.path() / "made" / "by it");
  writer.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
  writer.save();
  const std::optional<ScanResult> found = ScanCache(folder.path() / "made" / "by it").find("/p/x.pflow.so", kFile);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(!found->error.has_value());
  BOOST_TEST(found->id == "com.acme");
  BOOST_TEST(found->version == "1.2.3");
  BOOST_TEST(found->abi_minor == 4U);
  BOOST_REQUIRE(found->types.size() == 1U);
  BOOST_TEST(found->types[0].name == "acme.x");
  BOOST_TEST(found->types[0].version == "2.0.0");
  BOOST_TEST(found->types[0].flags == 5U);
  BOOST_TEST(found->types[0].max_concurrency == 6U);
  BOOST_TEST(found->types[0].descriptor_json == R"({"description": "with \"quotes\""})");
  BOOST_TEST(found->extra_exports == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(found->extra_export_count == 12U);
}

BOOST_AUTO_TEST_CASE(each_part_of_the_files_identity_counts) {
  const test::TempFolder folder;
  ScanCache cache(folder.path());
  cache.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
  BOOST_TEST(cache.find("/p/x.pflow.so", kFile).has_value());
  BOOST_TEST(!cache.find("/p/y.pflow.so", kFile).has_value());
  for (int part = 0; part < 5; ++part) {
    FileIdentity other = kFile;
    if (part == 0) ++other.device;
    if (part == 1) --other.inode;
    if (part == 2) ++other.size;
    if (part == 3) ++other.modified_ns;
    if (part == 4) ++other.changed_ns;
    BOOST_TEST(!cache.find("/p/x.pflow.so", other).has_value(), "part " << part);
  }
}

BOOST_AUTO_TEST_CASE(without_a_folder_nothing_is_remembered) {
  ScanCache cache("");
  cache.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
  cache.save();
  BOOST_TEST(!cache.find("/p/x.pflow.so", kFile).has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_good_is_done_without_and_replaced) {
  for (const char* content : {"", "{", "[]", "null", "7", R"({"written_by": 1, "plugins": []})",
                              R"({"written_by": "pflow-host 0.0.0 abi 0.0", "plugins": []})",
                              R"({"written_by": "x", "plugins": {}})", "\xff\xfe"}) {
    const test::TempFolder folder;
    static_cast<void>(folder.file("plugins.json", content));
    ScanCache cache(folder.path());
    BOOST_TEST(!cache.find("/p/x.pflow.so", kFile).has_value());
    cache.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
    cache.save();
    BOOST_TEST(ScanCache(folder.path()).find("/p/x.pflow.so", kFile).has_value());
  }
}

BOOST_AUTO_TEST_CASE(entries_that_are_not_good_do_not_hide_the_others) {
  const test::TempFolder folder;
  ScanCache writer(folder.path());
  writer.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
  writer.save();
  std::string text = test::content_of(folder.path() / "plugins.json");
  const std::string start = "\"plugins\":[";
  text.insert(
      text.find(start) + start.size(),
      R"(7,null,{},{"path":1},{"path":"/p/q.pflow.so","file":[1,2],"scan":{}},)"
      R"({"path":"/p/r.pflow.so","file":["a",2,3,4,5],"scan":{}},{"path":"/p/s.pflow.so","file":[1,2,3,4,5],"scan":7},)");
  static_cast<void>(folder.file("plugins.json", text));
  const ScanCache cache(folder.path());
  BOOST_TEST(cache.find("/p/x.pflow.so", kFile).has_value());
  BOOST_TEST(!cache.find("/p/s.pflow.so", {1, 2, 3, 4, 5}).has_value());
}

BOOST_AUTO_TEST_CASE(a_failure_is_found_again_with_its_words) {
  const test::TempFolder folder;
  ScanResult failed;
  failed.error = Error{.code = Code::kPluginBroken, .message = "crashed", .where = "/p/x.pflow.so", .hint = "h"};
  ScanCache writer(folder.path());
  writer.remember("/p/x.pflow.so", kFile, failed);
  writer.save();
  const std::optional<ScanResult> found = ScanCache(folder.path()).find("/p/x.pflow.so", kFile);
  BOOST_REQUIRE(found.has_value());
  BOOST_REQUIRE(found->error.has_value());
  BOOST_TEST(test::text_of(*found->error, "") == "plugin_broken: crashed\n/p/x.pflow.so\nh");
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_is_not_found_by_the_next_process) {
  const test::TempFolder folder;
  ScanCache writer(folder.path());
  writer.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
  writer.save();
  ScanCache other(folder.path());
  other.forget("/p/x.pflow.so");
  other.save();
  BOOST_TEST(!ScanCache(folder.path()).find("/p/x.pflow.so", kFile).has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_or_that_is_a_link_is_not_believed) {
  const test::TempFolder folder;
  const std::filesystem::path file = folder.path() / "plugins.json";
  ScanCache writer(folder.path());
  writer.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
  writer.save();
  const auto believed = [&] { return ScanCache(folder.path()).find("/p/x.pflow.so", kFile).has_value(); };
  for (const auto& [mode, expected] : {std::pair{0600, true}, std::pair{0644, true}, std::pair{0620, false},
                                       std::pair{0602, false}, std::pair{0600, true}}) {
    std::filesystem::permissions(file, static_cast<std::filesystem::perms>(mode));
    BOOST_TEST(believed() == expected, "mode " << std::oct << mode);
  }
  std::filesystem::rename(file, folder.path() / "elsewhere.json");
  std::filesystem::create_symlink("elsewhere.json", file);
  BOOST_TEST(!believed());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_done_without) {
  const test::TempFolder folder;
  ScanCache cache(folder.file("file", "x") / "below a file");
  cache.remember("/p/x.pflow.so", kFile, scan_of("com.acme"));
  cache.save();
  BOOST_TEST(test::content_of(folder.path() / "file") == "x");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
