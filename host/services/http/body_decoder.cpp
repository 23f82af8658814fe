#include "host/services/http/body_decoder.hpp"

#include <new>

#include "host/services/http/header_words.hpp"

namespace pflow::host {
namespace {

constexpr char kGzipMark = '\x1f';

bool is_gzip(std::string_view coding) noexcept {
  return same_word(coding, "gzip") || same_word(coding, "x-gzip");
}

}  // namespace

void BodyDecoder::End::operator()(z_stream* stream) const noexcept {
  static_cast<void>(inflateEnd(stream));
  delete stream;
}

BodyDecoder::BodyDecoder(std::string_view codings) {
  bool several = false;
  for (std::string_view rest = codings; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view coding = trimmed(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    if (coding.empty() || same_word(coding, "identity")) continue;
    several = several || !coding_.empty();
    coding_ = coding;
  }
  if (several) {
    fault_ = "it is compressed several times: " + std::string(trimmed(codings));
  } else if (!idle() && !is_gzip(coding_) && !same_word(coding_, "deflate")) {
    fault_ = "it is compressed in a way that nobody asked for: " + coding_;
  }
}

// Servers send "deflate" with the header of zlib, as they should, or without. In a block without compression, the only
// one that could be taken for that header, the bits that differ are padding, which is zero.
void BodyDecoder::begin(unsigned char first) {
  constexpr int kEitherHeader = MAX_WBITS + 32;
  constexpr unsigned char kZlibMark = 8;
  const bool bare = !is_gzip(coding_) && (first & 15U) != kZlibMark;
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), bare ? -MAX_WBITS : kEitherHeader) != Z_OK) throw std::bad_alloc();
  stream_.reset(stream.release());
  begun_ = true;
}

bool BodyDecoder::goes_on(std::string_view& input) {
  if (!is_gzip(coding_) || input.front() != kGzipMark) {
    input = {};
    return false;
  }
  ended_ = false;
  if (inflateReset(stream_.get()) != Z_OK) fault_ = "its compression is broken";
  return fault_.empty();
}

std::size_t BodyDecoder::next(std::string_view& input, std::span<char> room) {
  std::size_t written = 0;
  filled_ = false;
  while (fault_.empty() && written < room.size()) {
    if (!begun_ && !input.empty()) begin(static_cast<unsigned char>(input.front()));
    if (!begun_ || (ended_ && (input.empty() || !goes_on(input)))) return written;
    z_stream& z = *stream_;
    z.next_in = reinterpret_cast<const Bytef*>(input.data());
    z.avail_in = static_cast<uInt>(input.size());
    z.next_out = reinterpret_cast<Bytef*>(room.data() + written);
    z.avail_out = static_cast<uInt>(room.size() - written);
    const int rc = inflate(&z, Z_NO_FLUSH);
    input.remove_prefix(input.size() - z.avail_in);
    written = room.size() - z.avail_out;
    if (rc == Z_MEM_ERROR) throw std::bad_alloc();
    ended_ = rc == Z_STREAM_END;
    if (rc == Z_BUF_ERROR || (rc == Z_OK && input.empty() && z.avail_out != 0)) return written;  // no more for now
    if (rc != Z_OK && !ended_) fault_ = "its compression is broken";
  }
  filled_ = fault_.empty();
  return fault_.empty() ? written : 0;
}

}  // namespace pflow::host
