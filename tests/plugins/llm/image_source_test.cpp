#include "image_source.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "base64.hpp"

namespace pflow::llm {
namespace {

/// A folder that goes with the test.
struct Folder {
  Folder() { std::filesystem::create_directories(path); }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  ~Folder() { std::filesystem::remove_all(path); }

  [[nodiscard]] std::string file(const std::string& name, std::string_view bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return (path / name).string();
  }

  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("pflow-image-source-" + std::to_string(::getpid()));
};

std::string code(std::string_view source) {
  try {
    static_cast<void>(read_image(source));
  } catch (const sdk::Failure& f) {
    return f.code;
  }
  return "none";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(image_source)

BOOST_AUTO_TEST_CASE(a_url_stays_one) {
  const Image image = read_image("https://example.org/a.png");
  BOOST_TEST(image.url == "https://example.org/a.png");
  BOOST_TEST(image.base64.empty());
}

BOOST_AUTO_TEST_CASE(a_data_url_is_taken_apart) {
  const Image image = read_image("data:image/webp;base64,QUJD");
  BOOST_TEST(image.media_type == "image/webp");
  BOOST_TEST(image.base64 == "QUJD");
  BOOST_TEST(code("data:image/png,QUJD") == "unknown_image");
  BOOST_TEST(code("data:text/plain;base64,QUJD") == "unknown_image");
  BOOST_TEST(code("data:image/png;base64,?") == "unknown_image");
  BOOST_TEST(code("data:") == "unknown_image");
}

BOOST_AUTO_TEST_CASE(a_file_is_what_its_bytes_say) {
  const Folder folder;
  const std::string png = "\x89PNG\r\n\x1a\n rest";
  BOOST_TEST(read_image(folder.file("a.jpg", png)).media_type == "image/png");
  BOOST_TEST(read_image(folder.file("a.jpg", png)).base64 == base64::encode(png));
  BOOST_TEST(read_image(folder.file("b", "\xFF\xD8\xFF\xE0")).media_type == "image/jpeg");
  BOOST_TEST(read_image(folder.file("c", "GIF89a..")).media_type == "image/gif");
  BOOST_TEST(read_image(folder.file("d", "RIFF1234WEBPVP8 ")).media_type == "image/webp");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_sent_is_told_apart) {
  const Folder folder;
  BOOST_TEST(code("") == "unknown_image");
  BOOST_TEST(code(folder.path.string()) == "unknown_image");
  BOOST_TEST(code(folder.path.string() + "/none.png") == "file_not_found");
  BOOST_TEST(code(folder.file("e.png", "no image")) == "unknown_image");
  BOOST_TEST(code(folder.file("f.png", "")) == "unknown_image");
  const std::string large = folder.file("g.png", "\x89PNG\r\n\x1a\n");
  std::filesystem::resize_file(large, kMaxImageBytes + 1);
  BOOST_TEST(code(large) == "image_too_large");
}

BOOST_AUTO_TEST_CASE(a_data_url_has_the_limit_of_a_file) {
  const std::string head = "data:image/png;base64,";
  BOOST_TEST(code(head + std::string((kMaxImageBytes / 3 + 1) * 4, 'A')) == "image_too_large");
  BOOST_TEST(code(head + std::string(kMaxImageBytes / 3 * 4, 'A')) == "none");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_reached_says_why) {
  const Folder folder;
  const std::filesystem::path loop = folder.path / "loop.png";
  std::filesystem::create_symlink(loop, loop);
  BOOST_TEST(code(loop.string()) == "read_failed");
  if (::geteuid() == 0) return;  // who may do everything is never refused
  std::filesystem::create_directories(folder.path / "locked");
  const std::string inside = folder.file("locked/a.png", "\x89PNG\r\n\x1a\n");
  std::filesystem::permissions(folder.path / "locked", std::filesystem::perms::none);
  BOOST_TEST(code(inside) == "permission_denied");
  std::filesystem::permissions(folder.path / "locked", std::filesystem::perms::owner_all);
}

BOOST_AUTO_TEST_CASE(base64_is_padded) {
  BOOST_TEST(base64::encode("") == "");
  BOOST_TEST(base64::encode("A") == "QQ==");
  BOOST_TEST(base64::encode("AB") == "QUI=");
  BOOST_TEST(base64::encode("ABC") == "QUJD");
  BOOST_TEST(base64::encode(std::string_view("\x00\xFF\xFE", 3)) == "AP/+");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
