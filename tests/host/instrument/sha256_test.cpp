#include "host/instrument/sha256.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "tests/host/instrument/scratch_folder.hpp"

namespace pflow::host {
namespace {

BOOST_AUTO_TEST_SUITE(sha256)

// The examples of FIPS 180-2.
BOOST_AUTO_TEST_CASE(it_is_the_one_that_the_standard_says) {
  const test::ScratchFolder folder;
  BOOST_TEST(sha256_of_file(folder.file("empty", "")).value() ==
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(sha256_of_file(folder.file("abc", "abc")).value() ==
             "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  BOOST_TEST(sha256_of_file(folder.file("million", std::string(1'000'000, 'a'))).value() ==
             "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_an_error_that_names_it) {
  const test::ScratchFolder folder;
  const Result<std::string> missing = sha256_of_file(folder.path() / "missing");
  BOOST_REQUIRE(!missing);
  BOOST_TEST((missing.error().code == Code::kUnreadable));
  BOOST_TEST(missing.error().message == "cannot read the file: No such file or directory");
  BOOST_TEST(missing.error().where == (folder.path() / "missing").string());
  BOOST_TEST(sha256_of_file(folder.path()).error().message == "cannot read the file: it is no regular file");
  const std::filesystem::path fifo = folder.path() / "fifo";
  BOOST_REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  BOOST_TEST(sha256_of_file(fifo).error().message == "cannot read the file: it is no regular file");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
