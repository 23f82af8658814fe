#include "host/services/http/body_decoder.hpp"

#include <zlib.h>

#include <array>
#include <string>

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

constexpr int kGzip = MAX_WBITS + 16;
constexpr int kZlib = MAX_WBITS;
constexpr int kBare = -MAX_WBITS;

std::string packed(const std::string& text, int window_bits) {
  z_stream z{};
  BOOST_REQUIRE(deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, text.size()) + 32, '\0');
  z.next_in = reinterpret_cast<const Bytef*>(text.data());
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  BOOST_REQUIRE(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string numbers() {
  std::string text;
  for (int i = 0; i < 5000; ++i)
    text += std::to_string(i * i) + ' ';
  return text;
}

// What comes out of `body`, handed over in pieces of `piece` bytes, decoded into room for `room` bytes.
std::string unpacked(BodyDecoder& decoder, std::string_view body, std::size_t piece, std::size_t room) {
  std::string out;
  std::string space(room, '\0');
  while (!body.empty()) {
    std::string_view input = body.substr(0, piece);
    body.remove_prefix(input.size());
    while (const std::size_t bytes = decoder.next(input, space))
      out.append(space, 0, bytes);
    BOOST_REQUIRE((input.empty() || !decoder.fault().empty()));
    if (!decoder.fault().empty()) break;
  }
  return out;
}

std::string fault_of(std::string_view codings, std::string_view body) {
  BodyDecoder decoder(codings);
  unpacked(decoder, body, 7, 100);
  return decoder.fault();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(body_decoder)

BOOST_AUTO_TEST_CASE(each_form_is_undone_however_it_comes) {
  const std::string text = numbers();
  for (const auto& [coding, bits] : {std::pair("gzip", kGzip), std::pair("X-GZIP", kGzip), std::pair("deflate", kZlib),
                                     std::pair("Deflate", kBare), std::pair(" identity , gzip,", kGzip)}) {
    for (const std::size_t piece : {1U, 13U, 100'000U}) {
      for (const std::size_t room : {1U, 1000U, 100'000U}) {
        BodyDecoder decoder(coding);
        BOOST_TEST(!decoder.idle());
        BOOST_TEST((unpacked(decoder, packed(text, bits), piece, room) == text), coding << ' ' << piece << ' ' << room);
        BOOST_TEST(decoder.may_end());
        BOOST_TEST(decoder.fault() == "");
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_body_may_end_only_where_its_compression_does) {
  for (const auto& [coding, bits] :
       {std::pair("gzip", kGzip), std::pair("deflate", kZlib), std::pair("deflate", kBare)}) {
    const std::string whole = packed("hello", bits);
    for (std::size_t bytes = 0; bytes <= whole.size(); ++bytes) {
      BodyDecoder decoder(coding);
      unpacked(decoder, std::string_view(whole).substr(0, bytes), 3, 100);
      BOOST_TEST(decoder.may_end() == (bytes == 0 || bytes == whole.size()), coding << ' ' << bytes);
      BOOST_TEST(decoder.fault() == "");
    }
  }
}

BOOST_AUTO_TEST_CASE(members_in_a_row_are_one_body) {
  const std::string two = packed("hello ", kGzip) + packed("world", kGzip);
  for (const std::size_t piece : {1U, 1000U}) {
    BodyDecoder decoder("gzip");
    BOOST_TEST(unpacked(decoder, two, piece, 4) == "hello world");
    BOOST_TEST(decoder.may_end());
    BodyDecoder cut("gzip");
    unpacked(cut, std::string_view(two).substr(0, two.size() - 1), piece, 4);
    BOOST_TEST(!cut.may_end());
  }
}

BOOST_AUTO_TEST_CASE(what_else_follows_the_end_is_passed_over) {
  for (const int bits : {kGzip, kZlib}) {
    BodyDecoder decoder(bits == kGzip ? "gzip" : "deflate");
    BOOST_TEST(unpacked(decoder, packed("hello", bits) + std::string(20, '\0') + "rest", 5, 100) == "hello");
    BOOST_TEST(decoder.may_end());
    BOOST_TEST(decoder.fault() == "");
  }
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_told) {
  std::string bad_sum = packed("hello", kGzip);
  bad_sum[bad_sum.size() - 6] ^= 1;
  BOOST_TEST(fault_of("gzip", bad_sum) == "its compression is broken");
  BOOST_TEST(fault_of("gzip", "this is no gzip") == "its compression is broken");
  BOOST_TEST(fault_of("deflate", "\xFF\xFF\xFF") == "its compression is broken");
  BOOST_TEST(fault_of("br", "") == "it is compressed in a way that nobody asked for: br");
  BOOST_TEST(fault_of("gzip, deflate", "") == "it is compressed several times: gzip, deflate");
}

BOOST_AUTO_TEST_CASE(without_a_coding_there_is_nothing_to_do) {
  for (const char* codings : {"", "identity", " , Identity,"})
    BOOST_TEST(BodyDecoder(codings).idle(), codings);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::host
