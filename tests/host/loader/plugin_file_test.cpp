#include "host/loader/plugin_file.hpp"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <functional>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/host/loader/plugin_run.hpp"

namespace pflow::host {
namespace {

namespace fs = std::filesystem;

const fs::path kGood = fs::path(PFLOW_TEST_BAD_PLUGINS) / "good.pflow.so";

std::string trust(const fs::path& path, const fs::path& folder) {
  const Result<FileIdentity> id = check_trust(path);
  return id ? "trusted" : test::text_of(id.error(), folder);
}

// An image that a test may spoil.
class Image {
 public:
  Image() : bytes_(test::content_of(kGood)) {}

  std::string& bytes() { return bytes_; }

  Elf64_Ehdr& header() { return *at<Elf64_Ehdr>(0); }

  Elf64_Phdr& segment(std::uint32_t type) {
    for (unsigned i = 0; i < header().e_phnum; ++i) {
      auto* s = at<Elf64_Phdr>(header().e_phoff + i * sizeof(Elf64_Phdr));
      if (s->p_type == type) return *s;
    }
    throw std::runtime_error("no such segment");
  }

  // The note of the plugin: its header begins before the name.
  Elf64_Nhdr& note() { return *at<Elf64_Nhdr>(bytes_.find(std::string("pflow\0\0\0", 8)) - sizeof(Elf64_Nhdr)); }

  // The whole error, or "usable".
  std::string verdict() const {
    const test::TempFolder folder;
    const Result<void> r = check_image(folder.file("x.pflow.so", bytes_));
    return r ? "usable" : test::text_of(r.error(), folder.path());
  }

 private:
  template <typename T>
  T* at(std::size_t offset) {
    return reinterpret_cast<T*>(bytes_.data() + offset);
  }

  std::string bytes_;
};

std::string spoiled(const std::function<void(Image&)>& spoil) {
  Image image;
  spoil(image);
  return image.verdict();
}

const std::string kCutShort =
    "plugin_refused: is cut short: its headers point beyond its end\nx.pflow.so\nCopy it again.";
const std::string kNoHeaders = "plugin_refused: has no usable program headers\nx.pflow.so";

}  // namespace

BOOST_AUTO_TEST_SUITE(plugin_file)

BOOST_AUTO_TEST_CASE(a_file_and_folder_that_only_the_user_may_write_are_trusted) {
  const test::TempFolder folder;
  const fs::path file = folder.file("x.pflow.so", "content");
  const Result<FileIdentity> id = check_trust(file);
  BOOST_REQUIRE(id.ok());
  BOOST_TEST(id->size == 7U);
  BOOST_TEST(id->inode != 0U);
  BOOST_TEST(id->modified_ns > 0);
}

BOOST_AUTO_TEST_CASE(the_identity_changes_with_the_content) {
  const test::TempFolder folder;
  const fs::path file = folder.file("x.pflow.so", "content");
  const FileIdentity before = *check_trust(file);
  BOOST_CHECK(before == *check_trust(file));
  ::usleep(20'000);  // a file system's clock ticks every few milliseconds
  static_cast<void>(folder.file("x.pflow.so", "CONTENT"));
  const FileIdentity after = *check_trust(file);
  BOOST_TEST(before.same_file(after));
  BOOST_CHECK(!(before == after));
  fs::remove(file);
  static_cast<void>(folder.file("y", "so that the number is taken"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_told) {
  const test::TempFolder folder;
  BOOST_TEST(trust(folder.path() / "x.pflow.so", folder.path()) ==
             "plugin_refused: cannot be read: No such file or directory\nx.pflow.so");
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_refused_without_opening_it) {
  const test::TempFolder folder;
  fs::create_directory(folder.path() / "folder.pflow.so");
  BOOST_REQUIRE(::mkfifo((folder.path() / "fifo.pflow.so").c_str(), 0600) == 0);
  BOOST_TEST(trust(folder.path() / "folder.pflow.so", folder.path()) ==
             "plugin_refused: is not a regular file\nfolder.pflow.so\nA plugin is a shared library.");
  BOOST_TEST(trust(folder.path() / "fifo.pflow.so", folder.path()) ==
             "plugin_refused: is not a regular file\nfifo.pflow.so\nA plugin is a shared library.");
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_is_refused_with_the_command_that_mends_it) {
  for (const mode_t mode : {0664U, 0646U, 0666U}) {
    const test::TempFolder folder;
    const fs::path file = folder.file("x.pflow.so", "content");
    ::chmod(file.c_str(), mode);
    BOOST_TEST(trust(file, folder.path()) ==
               "plugin_refused: may be written by other users\nx.pflow.so\nchmod go-w 'x.pflow.so'");
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_may_write_is_refused_sticky_or_not) {
  for (const mode_t mode : {0770U, 0777U, 01777U}) {
    const test::TempFolder folder;
    const fs::path inner = folder.path() / "inner";
    fs::create_directory(inner);
    const fs::path file = folder.file("inner/x.pflow.so", "content");
    ::chmod(inner.c_str(), mode);
    BOOST_TEST(trust(file, folder.path()) ==
               "plugin_refused: is in a folder that other users may write\ninner/x.pflow.so\nchmod go-w 'inner'");
  }
}

BOOST_AUTO_TEST_CASE(a_file_or_folder_of_another_user_is_refused, *boost::unit_test::precondition([](auto) {
                       return ::geteuid() == 0;  // only root can make one
                     })) {
  const test::TempFolder folder;
  const fs::path file = folder.file("x.pflow.so", "content");
  BOOST_REQUIRE(::chown(file.c_str(), 12345, 0) == 0);
  BOOST_TEST(trust(file, folder.path()) ==
             "plugin_refused: belongs to neither root nor you\nx.pflow.so\nIf you trust it: chown 0 'x.pflow.so'");
  BOOST_REQUIRE(::chown(file.c_str(), 0, 0) == 0);
  BOOST_REQUIRE(::chown(folder.path().c_str(), 12345, 0) == 0);
  BOOST_TEST(trust(file, folder.path()) ==
             "plugin_refused: is in a folder that belongs to neither root nor you\nx.pflow.so\n"
             "Move it to a folder of your own.");
}

BOOST_AUTO_TEST_CASE(a_plugin_is_usable) {
  BOOST_TEST(Image().verdict() == "usable");
}

BOOST_AUTO_TEST_CASE(what_is_no_elf_file_is_refused) {
  BOOST_TEST(spoiled([](Image& i) { i.bytes().clear(); }) == "plugin_refused: is empty\nx.pflow.so");
  const std::string no_elf = "plugin_refused: is no shared library (it does not begin like an ELF file)\nx.pflow.so";
  BOOST_TEST(spoiled([](Image& i) { i.bytes() = "#!/bin/sh\necho I am a text\n"; }) == no_elf);
  BOOST_TEST(spoiled([](Image& i) { i.bytes() = "\x7f"; }) == no_elf);
  BOOST_TEST(spoiled([](Image& i) { i.bytes().resize(3); }) == no_elf);
}

BOOST_AUTO_TEST_CASE(an_elf_file_of_another_machine_is_refused) {
  BOOST_TEST(spoiled([](Image& i) { i.bytes()[EI_CLASS] = ELFCLASS32; }) ==
             "plugin_refused: is built for another kind of machine (not 64-bit little-endian)\nx.pflow.so");
  BOOST_TEST(spoiled([](Image& i) { i.bytes()[EI_DATA] = ELFDATA2MSB; }) ==
             "plugin_refused: is built for another kind of machine (not 64-bit little-endian)\nx.pflow.so");
  BOOST_TEST(spoiled([](Image& i) { i.header().e_machine = EM_S390; }) ==
             "plugin_refused: is built for another kind of machine (ELF machine 22)\nx.pflow.so");
}

BOOST_AUTO_TEST_CASE(an_elf_file_that_is_no_library_is_refused) {
  BOOST_TEST(spoiled([](Image& i) { i.header().e_type = ET_REL; }) ==
             "plugin_refused: is an ELF file but no shared library\nx.pflow.so");
}

BOOST_AUTO_TEST_CASE(a_file_that_was_cut_is_refused_wherever_it_was_cut) {
  for (const std::size_t bytes : {6U, 63U, 64U, 100U, 300U}) {
    BOOST_TEST(spoiled([&](Image& i) { i.bytes().resize(bytes); }) == kCutShort, "cut to " << bytes);
  }
  const Elf64_Phdr dynamic = Image().segment(PT_DYNAMIC);  // lies in the last segment that is loaded
  BOOST_TEST(spoiled([&](Image& i) { i.bytes().resize(dynamic.p_offset + 8); }) == kCutShort);
}

BOOST_AUTO_TEST_CASE(headers_that_lie_are_refused) {
  BOOST_TEST(spoiled([](Image& i) { i.segment(PT_LOAD).p_filesz = ~Elf64_Xword{0}; }) == kCutShort);
  BOOST_TEST(spoiled([](Image& i) { i.segment(PT_LOAD).p_offset = ~Elf64_Off{0} - 8; }) == kCutShort);
  BOOST_TEST(spoiled([](Image& i) { i.header().e_phoff = ~Elf64_Off{0}; }) == kCutShort);
  BOOST_TEST(spoiled([](Image& i) { i.header().e_phoff = i.bytes().size(); }) == kCutShort);
  BOOST_TEST(spoiled([](Image& i) { i.header().e_phnum = 0; }) == kNoHeaders);
  BOOST_TEST(spoiled([](Image& i) { i.header().e_phnum = 0xffff; }) == kNoHeaders);
  BOOST_TEST(spoiled([](Image& i) { i.header().e_phnum = 129; }) == kNoHeaders);
  BOOST_TEST(spoiled([](Image& i) { i.header().e_phentsize = 8; }) == kNoHeaders);
}

BOOST_AUTO_TEST_CASE(notes_that_lie_are_left_to_the_entrys_check) {
  BOOST_TEST(spoiled([](Image& i) { i.note().n_namesz = 0xffffffff; }) == "usable");
  BOOST_TEST(spoiled([](Image& i) { i.note().n_descsz = 0xffffffff; }) == "usable");
  BOOST_TEST(spoiled([](Image& i) { i.note().n_namesz = 0xfffffffe; }) == "usable");
  BOOST_TEST(spoiled([](Image& i) { i.note().n_descsz = 2; }) == "usable");
  BOOST_TEST(spoiled([](Image& i) { i.segment(PT_NOTE).p_filesz = ~Elf64_Xword{0}; }) == "usable");
  BOOST_TEST(spoiled([](Image& i) { i.segment(PT_NOTE).p_offset = ~Elf64_Off{0}; }) == "usable");
  BOOST_TEST(spoiled([](Image& i) { i.segment(PT_NOTE).p_align = 3; }) == "usable");
}

// Every header byte at every extreme: bounded reads, bounded memory, no crash.
BOOST_AUTO_TEST_CASE(no_header_byte_makes_the_reader_misbehave) {
  const Image good;
  const std::size_t headers = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr) * Image().header().e_phnum;
  const test::TempFolder folder;
  std::size_t refused = 0;
  for (std::size_t at = 0; at < headers; ++at) {
    for (const char byte : {'\x00', '\x7f', '\xff'}) {
      Image image;
      image.bytes()[at] = byte;
      image.bytes().resize(4096);
      if (!check_image(folder.file("x.pflow.so", image.bytes()))) ++refused;
    }
  }
  BOOST_TEST(refused > 100U);
}

BOOST_AUTO_TEST_CASE(a_major_that_is_not_this_hosts_is_refused_with_both_versions) {
  const auto verdict = [](unsigned major, unsigned minor, unsigned needs) {
    const Result<void> r = check_abi("x.pflow.so", major, minor, needs);
    return r ? "fits" : test::text_of(r.error(), "");
  };
  BOOST_TEST(verdict(1, 0, 0) == "fits");
  BOOST_TEST(verdict(1, 99, 0) == "fits");
  BOOST_TEST(verdict(2, 3, 0) ==
             "plugin_refused: is built for plugin ABI 2.3, and this host offers 1.0\nx.pflow.so\n"
             "Use a newer pflow-host, or a build of the plugin for this one.");
  BOOST_TEST(verdict(0, 9, 0) ==
             "plugin_refused: is built for plugin ABI 0.9, and this host offers 1.0\nx.pflow.so\n"
             "Build the plugin again with this host's SDK.");
  BOOST_TEST(verdict(1, 5, 4) ==
             "plugin_refused: needs plugin ABI 1.4, and this host offers 1.0\nx.pflow.so\n"
             "Use a newer pflow-host, or build the plugin with a lower PFLOW_TARGET_MINOR.");
}

BOOST_AUTO_TEST_CASE(the_note_is_checked_before_any_code_of_the_plugin_runs) {
  const fs::path folder = PFLOW_TEST_BAD_PLUGINS;
  const Result<void> major = check_image(folder / "note_major.pflow.so");
  BOOST_REQUIRE(!major.ok());
  BOOST_TEST(test::text_of(major.error(), folder) ==
             "plugin_refused: is built for plugin ABI 2.0, and this host offers 1.0\nnote_major.pflow.so\n"
             "Use a newer pflow-host, or a build of the plugin for this one.");
  const Result<void> minor = check_image(folder / "minor.pflow.so");
  BOOST_REQUIRE(!minor.ok());
  BOOST_TEST(test::text_of(minor.error(), folder) ==
             "plugin_refused: needs plugin ABI 1.77, and this host offers 1.0\nminor.pflow.so\n"
             "Use a newer pflow-host, or build the plugin with a lower PFLOW_TARGET_MINOR.");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
