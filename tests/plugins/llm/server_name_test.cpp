#include "server_name.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow::llm {

BOOST_AUTO_TEST_SUITE(server_name)

BOOST_AUTO_TEST_CASE(a_server_is_the_same_however_its_url_is_spelt) {
  for (const std::string_view url : {"https://api.acme.com", "https://API.acme.com/v1", "https://api.acme.com:443/v1",
                                     "https://u:p@api.acme.com/", "HTTPS://api.acme.com.?x"})
    BOOST_TEST(server_of(url) == "api.acme.com", url);
  BOOST_TEST(server_of("http://api.acme.com:443") == "api.acme.com:443");
  BOOST_TEST(server_of("https://evil.com/api.acme.com") == "evil.com");
  BOOST_TEST(server_of("https://api.acme.com@evil.com") == "evil.com");
  BOOST_TEST(server_of("api.acme.com") == "");
}

BOOST_AUTO_TEST_CASE(a_url_is_shown_without_what_may_be_secret) {
  BOOST_TEST(shown_url("https://u:p@h:8/a/b.png?sig=s#f") == "https://h:8/a/b.png");
  BOOST_TEST(shown_url("a/b?c") == "a/b");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
