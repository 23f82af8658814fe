#include <boost/test/unit_test.hpp>
BOOST_AUTO_TEST_SUITE(registry)
BOOST_AUTO_TEST_CASE(x) {}
BOOST_AUTO_TEST_SUITE_END()
