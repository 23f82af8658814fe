#include "ollama_wire.hpp"

#include <boost/test/unit_test.hpp>

#include "ollama_host.hpp"
#include "tests/plugins/llm/wire_reading.hpp"

namespace pflow::llm::ollama {
namespace {

const OllamaWire kWire;

Question plain() {
  return test::question(kWire, "llama3.2");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ollama_wire)

BOOST_AUTO_TEST_CASE(a_plain_question_says_that_it_wants_no_stream) {
  BOOST_TEST(test::body(kWire, plain()) ==
             R"({"model":"llama3.2","messages":[{"role":"user","content":"Why?"}],"stream":false})");
  BOOST_TEST(kWire.request(plain()).url == "http://127.0.0.1:11434/api/chat");
  BOOST_TEST(kWire.request(plain()).headers.empty());
}

BOOST_AUTO_TEST_CASE(everything_that_a_node_may_say_has_its_place) {
  Question q = plain();
  q.system = "Be short.";
  q.temperature = 0.5;
  q.max_tokens = 100;
  q.stop = {"END"};
  q.stream = true;
  q.images = {{"", "image/png", "AAAA"}};
  q.schema = test::object(R"({"type":"object"})");
  q.wants_json = true;
  BOOST_TEST(test::body(kWire, q) ==
             R"({"model":"llama3.2","messages":[{"role":"system","content":"Be short."},)"
             R"({"role":"user","content":"Why?","images":["AAAA"]}],"stream":true,"format":{"type":"object"},)"
             R"("options":{"temperature":5E-1,"num_predict":100,"stop":["END"]}})");
}

BOOST_AUTO_TEST_CASE(an_empty_system_text_is_not_sent) {
  Question q = plain();
  q.system = "";
  BOOST_TEST(test::body(kWire, q) == test::body(kWire, plain()));
}

BOOST_AUTO_TEST_CASE(json_without_a_schema_is_a_format) {
  Question q = plain();
  q.wants_json = true;
  BOOST_TEST(test::body(kWire, q).find(R"("format":"json")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_url_of_an_image_is_refused) {
  Question q = plain();
  q.images = {{"https://u:p@example.org/a.png?sig=secret", "", ""}};
  BOOST_CHECK_EXCEPTION(static_cast<void>(kWire.request(q)), sdk::Failure, [](const sdk::Failure& f) {
    return f.code == "unsupported_image" &&
           f.message == "Ollama fetches no images: give a path instead of https://example.org/a.png";
  });
}

BOOST_AUTO_TEST_CASE(it_costs_nothing) {
  BOOST_TEST(kWire.cost_nano_usd(plain(), Reply{}).value_or(-1) == 0);
}

BOOST_AUTO_TEST_CASE(the_host_is_read_as_ollama_reads_it) {
  BOOST_TEST(base_url_of("") == "http://127.0.0.1:11434");
  BOOST_TEST(base_url_of("box") == "http://box:11434");
  BOOST_TEST(base_url_of(" \"box:80\" ") == "http://box:80");
  BOOST_TEST(base_url_of(":8080") == "http://127.0.0.1:8080");
  BOOST_TEST(base_url_of("0.0.0.0") == "http://127.0.0.1:11434");
  BOOST_TEST(base_url_of("0.0.0.0:1234") == "http://127.0.0.1:1234");
  BOOST_TEST(base_url_of("::1") == "http://[::1]:11434");
  BOOST_TEST(base_url_of("[::]:99") == "http://[::1]:99");
  BOOST_TEST(base_url_of("http://box") == "http://box");
  BOOST_TEST(base_url_of("https://box/path/") == "https://box/path");
  BOOST_TEST(base_url_of("box/path") == "http://box:11434/path");
  BOOST_TEST(base_url_of("http://127.0.0.1:11434/") == "http://127.0.0.1:11434");
}

BOOST_AUTO_TEST_CASE(a_stream_counts_when_it_is_done) {
  const Reply reply = test::read_events(
      kWire, plain(),
      {R"({"model":"llama3.2","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false})",
       R"({"model":"llama3.2","message":{"role":"assistant","content":"S"},"done":false})",
       R"({"model":"llama3.2","message":{"role":"assistant","content":"o"},"done":true,"done_reason":"length",
          "total_duration":1,"prompt_eval_count":10,"eval_count":2})"});
  BOOST_TEST(reply.text == "So");
  BOOST_TEST(reply.reasoning == "Hm");
  BOOST_TEST(reply.model == "llama3.2");
  BOOST_TEST(reply.stop_reason == "max_tokens");
  BOOST_TEST(reply.finished);
  BOOST_TEST(test::counts(reply) == "in 10 (read 0, write 0), out 2 (reasoning ?)");
}

BOOST_AUTO_TEST_CASE(a_prompt_that_was_cached_as_a_whole_counts_nothing) {
  const Reply reply =
      test::read_body(kWire, plain(), R"({"message":{"content":"x"},"done":true,"done_reason":"stop","eval_count":1})");
  BOOST_TEST(test::counts(reply) == "in 0 (read 0, write 0), out 1 (reasoning ?)");
  BOOST_TEST(reply.stop_reason == "end_turn");
}

BOOST_AUTO_TEST_CASE(without_any_count_usage_is_unknown) {
  BOOST_TEST(test::counts(test::read_body(kWire, plain(), R"({"message":{"content":"x"},"done":true})")) == "unknown");
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_off_is_not_finished) {
  const Reply reply = test::read_events(kWire, plain(), {R"({"message":{"content":"x"},"done":false})"});
  BOOST_TEST(!reply.finished);
  BOOST_TEST(test::counts(reply) == "unknown");
}

BOOST_AUTO_TEST_CASE(an_error_may_stand_in_a_line) {
  const Reply reply = test::read_events(kWire, plain(), {R"({"error":"the runner crashed"})"});
  BOOST_REQUIRE(reply.error.has_value());
  BOOST_TEST(reply.error->message == "the runner crashed");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_refused) {
  const auto reader = kWire.reader(plain());
  Reply reply;
  BOOST_TEST(!reader->read_event({}, "{", reply));
  BOOST_TEST(!reader->read_event({}, "{}", reply));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm::ollama
