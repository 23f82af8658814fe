#include "core/engine/failure.hpp"

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(failure)

BOOST_AUTO_TEST_CASE(a_failure_reads_as_its_code_its_message_and_whether_to_try_again) {
  const Failure f{.message = "no route"};
  BOOST_TEST(to_json(failure_value(f)) == R"({"code":"node_failed","message":"no route","retryable":false})");
}

BOOST_AUTO_TEST_CASE(a_plugins_own_code_its_origin_and_detail_are_readable) {
  const Failure f{.code = Code::kTimeout,
                  .node_code = "http_status",
                  .message = "HTTP 503",
                  .detail = json(R"({"url": "http://x"})"),
                  .retryable = true,
                  .origin_code = 503};
  BOOST_TEST(
      to_json(failure_value(f)) ==
      R"({"code":"http_status","message":"HTTP 503","retryable":true,"origin_code":503,"detail":{"url":"http://x"}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
