#include "core/trace/event_logs.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/core/trace/trace_reading.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(event_logs)

struct Written {
  explicit Written(const std::vector<TraceLog>& logs) {
    Redactor redactor;
    redactor.add("KEY", Value::string("sesame"));
    TracePlaces places;
    TraceText text(redactor, places, 10'000);
    text.start();
    write_logs(logs, text);
    json = text.out();
    truncations = text.truncations();
  }

  std::string json;
  std::uint64_t truncations = 0;
};

BOOST_AUTO_TEST_CASE(a_log_shows_time_level_message_and_fields_without_secrets) {
  BOOST_TEST(Written({}).json == "[]");
  BOOST_TEST(Written({{1.5, "info", "open sesame", R"({"a":"sesame","token":"x"})"}, {2, "warn", "b", ""}}).json ==
             R"([{"ms":1.500,"level":"info","message":"open <redacted:KEY>",)"
             R"("fields":{"a":"<redacted:KEY>","token":"<redacted:token>"}},)"
             R"({"ms":2.000,"level":"warn","message":"b","fields":null}])");
}

BOOST_AUTO_TEST_CASE(fields_that_are_no_json_are_text) {
  BOOST_TEST(Written({{0, "info", "a", "{\"x\":"}}).json ==
             R"([{"ms":0.000,"level":"info","message":"a","fields":"{\"x\":"}])");
  const std::string huge = "[" + std::string(300'000, ' ') + "]";
  BOOST_TEST(Written({{0, "info", "a", huge}}).json.find("[cut: 10000 of 300002 characters]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(beyond_a_thousand_entries_the_rest_is_counted) {
  const std::vector<TraceLog> logs(1500, {1, "info", "m", ""});
  const Written written(logs);
  const test::ReadTrace trace(written.json);
  BOOST_TEST(trace.root().size() == 1001u);
  BOOST_TEST(to_json(trace.root().items()[1000]) ==
             R"({"ms":1.0,"level":"warn","message":" ... [cut: 1000 of 1500 entries]","fields":null})");
  BOOST_TEST(written.truncations == 500u);
  BOOST_TEST(Written(std::vector<TraceLog>(1000, {1, "info", "m", ""})).truncations == 0u);
}

BOOST_AUTO_TEST_CASE(beyond_256_kibibytes_the_rest_is_counted) {
  const std::vector<TraceLog> logs(100, {1, "info", std::string(9000, 'm'), ""});
  const Written written(logs);
  BOOST_TEST(written.json.size() < 256u * 1024 + 10'000);
  BOOST_TEST(written.json.size() > 256u * 1024);
  BOOST_TEST(test::ReadTrace(written.json).root().size() == 30u);
  BOOST_TEST(written.truncations == 71u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
