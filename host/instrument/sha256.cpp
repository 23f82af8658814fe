#include "host/instrument/sha256.hpp"

#include <fmt/format.h>
#include <mbedtls/sha256.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace pflow::host {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

class Sha256 {
 public:
  Sha256() noexcept {
    mbedtls_sha256_init(&context_);
    good_ = mbedtls_sha256_starts_ret(&context_, 0) == 0;
  }

  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  ~Sha256() { mbedtls_sha256_free(&context_); }

  void add(const unsigned char* data, std::size_t size) noexcept {
    good_ = good_ && mbedtls_sha256_update_ret(&context_, data, size) == 0;
  }

  [[nodiscard]] bool finish(std::array<unsigned char, 32>& digest) noexcept {
    return mbedtls_sha256_finish_ret(&context_, digest.data()) == 0 && good_;
  }

 private:
  mbedtls_sha256_context context_{};
  bool good_ = false;
};

Error unreadable(const std::filesystem::path& path, std::string_view why) {
  Error e;
  e.code = Code::kUnreadable;
  e.message = fmt::format("cannot read the file: {}", why);
  e.where = path.string();
  return e;
}

}  // namespace

Result<std::string> sha256_of_file(const std::filesystem::path& path) {
  std::error_code ec;
  const std::filesystem::file_status status = std::filesystem::status(path, ec);
  if (!std::filesystem::exists(status)) return unreadable(path, ec ? ec.message() : "No such file or directory");
  if (!std::filesystem::is_regular_file(status)) return unreadable(path, "it is no regular file");  // may never end
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return unreadable(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  std::setbuf(file.get(), nullptr);
  Sha256 sha;
  std::vector<unsigned char> piece(kPieceBytes);
  while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), file.get()))
    sha.add(piece.data(), n);
  if (std::ferror(file.get()) != 0) return unreadable(path, std::strerror(errno));  // NOLINT(concurrency-mt-unsafe)
  std::array<unsigned char, 32> digest{};
  if (!sha.finish(digest)) return unreadable(path, "its SHA-256 cannot be computed");
  std::string hex;
  for (const unsigned char byte : digest)
    hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace pflow::host
