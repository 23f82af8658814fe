#include "answer_intake.hpp"

#include <boost/test/unit_test.hpp>

#include "gemini_wire.hpp"
#include "ollama_wire.hpp"
#include "openai_wire.hpp"
#include "tests/plugins/llm/golden.hpp"

namespace pflow::llm {
namespace {

const openai::OpenAiWire kWire(openai::Api::kChat);

constexpr std::string_view kStream =
    ": ping\n\n"
    "data: {\"model\":\"m1\",\"choices\":[{\"delta\":{\"content\":\"\xC3\xA4\"}}],\"usage\":null}\r\n\r\n"
    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":1}}\n\n";

const sdk::Failure kReset{.status = PFLOW_E_IO, .code = "connection_lost", .message = "peer closed", .retryable = true};

struct Took {
  Reply reply;
  AnswerIntake::Outcome outcome;
  bool timed = false;
};

Took take(bool stream, std::int32_t status, test::Heads heads, std::string_view bytes,
          const std::optional<sdk::Failure>& broken = {}, std::size_t piece = 7, const Wire& wire = kWire) {
  Question q = test::question("Hi");
  q.stream = stream;
  AnswerIntake intake(wire, q, "https://api.openai.com/v1/chat/completions", AnswerIntake::Clock::now());
  if (status != 0) intake.head(status, test::header_of(heads));
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    intake.data(bytes.substr(at, piece));
  Took took;
  took.outcome = intake.finish(broken);
  took.reply = intake.reply();
  took.timed = intake.time_to_first_token().has_value();
  return took;
}

std::string code(const Took& took) {
  if (!took.outcome.failure) return "none";
  return took.outcome.failure->code + (took.outcome.failure->retryable ? " retryable" : "") +
         (took.outcome.partial ? " partial" : "");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(answer_intake)

BOOST_AUTO_TEST_CASE(a_stream_is_the_same_however_it_is_split) {
  const std::string bytes = std::string(kStream) + "data: [DONE]\n\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    const Took t = take(true, 200, {{"content-type", "text/event-stream"}}, bytes, {}, piece);
    BOOST_TEST(code(t) == "none");
    BOOST_TEST(t.reply.text == "\xC3\xA4");
    BOOST_TEST(t.reply.usage->output == 1);
    BOOST_TEST(t.timed);
  }
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_off_is_an_error_with_what_is_known) {
  const Took t = take(true, 200, {{"x-request-id", "req_7"}}, kStream.substr(0, 60), kReset);
  BOOST_TEST(code(t) == "stream_broken retryable partial");
  BOOST_TEST(t.outcome.failure->message.find("req_7") != std::string::npos);
  BOOST_TEST(t.outcome.failure->message.find("peer closed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(usage_that_came_before_a_break_is_kept) {
  const Took t = take(true, 200, {}, kStream, kReset);
  BOOST_TEST(code(t) == "stream_broken retryable partial");
  BOOST_TEST(t.reply.usage->input == 2);
}

BOOST_AUTO_TEST_CASE(a_stream_that_ends_without_a_word_broke_off_too) {
  BOOST_TEST(code(take(true, 200, {}, "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n")) ==
             "stream_broken retryable partial");
  BOOST_TEST(code(take(true, 200, {}, "")) == "stream_broken retryable partial");
  BOOST_TEST(code(take(true, 200, {}, "data: {\"choices\":[{\"del")) == "stream_broken retryable partial");
}

BOOST_AUTO_TEST_CASE(an_end_that_was_announced_needs_no_done) {
  BOOST_TEST(code(take(true, 200, {}, kStream)) == "none");
}

BOOST_AUTO_TEST_CASE(a_break_after_done_does_no_harm) {
  BOOST_TEST(code(take(true, 200, {}, std::string(kStream) + "data: [DONE]\n\n", kReset)) == "none");
}

BOOST_AUTO_TEST_CASE(an_error_inside_a_stream_ends_it) {
  const Took t = take(true, 200, {}, "data: {\"error\":{\"message\":\"busy\",\"type\":\"server_error\"}}\n\n");
  BOOST_TEST(code(t) == "server_error retryable partial");
}

BOOST_AUTO_TEST_CASE(nonsense_in_a_stream_is_refused_at_once) {
  BOOST_CHECK_EXCEPTION(static_cast<void>(take(true, 200, {}, "data: nonsense\n\n")), sdk::Failure,
                        [](const sdk::Failure& f) { return f.code == "malformed_answer" && !f.retryable; });
}

BOOST_AUTO_TEST_CASE(a_server_may_answer_in_one_piece_although_a_stream_was_asked_for) {
  const Took t = take(true, 200, {{"content-type", "application/json; charset=utf-8"}},
                      R"({"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]})");
  BOOST_TEST(code(t) == "none");
  BOOST_TEST(t.reply.text == "Hi");
}

BOOST_AUTO_TEST_CASE(an_answer_in_one_piece_must_be_whole) {
  BOOST_TEST(code(take(false, 200, {}, R"({"choices":[{"mess)", kReset)) == "stream_broken retryable partial");
  BOOST_TEST(code(take(false, 200, {}, "<html>")) == "malformed_answer");
  BOOST_TEST(code(take(false, 200, {}, "{}")) == "malformed_answer");
}

BOOST_AUTO_TEST_CASE(a_connection_that_never_came_keeps_its_code) {
  const Took t = take(
      false, 0, {}, "",
      sdk::Failure{.status = PFLOW_E_UNAVAILABLE, .code = "connect_failed", .message = "refused", .retryable = true});
  BOOST_TEST(code(t) == "connect_failed retryable");
  BOOST_TEST(t.outcome.failure->status == PFLOW_E_UNAVAILABLE);
  BOOST_TEST(t.outcome.failure->message == "OpenAI, model \"m\": refused");
}

BOOST_AUTO_TEST_CASE(a_timeout_stays_one_even_inside_a_stream) {
  const sdk::Failure late{.status = PFLOW_E_TIMEOUT, .code = "timeout", .message = "too late", .retryable = true};
  BOOST_TEST(code(take(true, 200, {}, kStream, late)) == "timeout retryable partial");
}

BOOST_AUTO_TEST_CASE(what_a_second_try_would_not_mend_keeps_the_hosts_word) {
  for (const std::string host_code : {"too_large", "bad_response"}) {
    const sdk::Failure f{.status = PFLOW_E_IO, .code = host_code, .message = "as told", .retryable = false};
    BOOST_TEST(code(take(true, 200, {}, kStream, f)) == host_code + " partial");
    BOOST_TEST(code(take(false, 200, {}, "{", f)) == host_code + " partial");
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_say_how_it_ended_is_none) {
  const gemini::GeminiWire gemini;
  const ollama::OllamaWire ollama;
  const auto whole = [](const Wire& wire, std::string_view body) {
    return code(take(false, 200, {}, body, {}, 7, wire));
  };
  const auto stream = [](const Wire& wire, std::string_view body) {
    return code(take(true, 200, {}, body, {}, 7, wire));
  };
  BOOST_TEST(whole(gemini, "{}") == "malformed_answer");
  BOOST_TEST(whole(gemini, R"({"candidates":[]})") == "malformed_answer");
  BOOST_TEST(whole(gemini, R"({"candidates":[{"content":{"parts":[{"text":"S"}]}}]})") == "malformed_answer");
  BOOST_TEST(whole(gemini, R"({"candidates":[{"finishReason":"STOP"}]})") == "none");
  BOOST_TEST(stream(gemini, "data: {}\n\n") == "stream_broken retryable partial");
  BOOST_TEST(stream(gemini, "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"S\"}]}}]}\n\n") ==
             "stream_broken retryable partial");
  BOOST_TEST(whole(ollama, R"({"message":{"content":"x"}})") == "malformed_answer");
  BOOST_TEST(whole(ollama, R"({"message":{"content":"x"},"done":false})") == "malformed_answer");
  BOOST_TEST(whole(ollama, R"({"message":{"content":"x"},"done":true})") == "none");
  BOOST_TEST(stream(ollama, "{\"message\":{\"content\":\"x\"}}\n") == "stream_broken retryable partial");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_nested_too_deeply_is_said_to_be) {
  const Took t = take(false, 200, {}, std::string(100, '[') + std::string(100, ']'));
  BOOST_TEST(code(t) == "malformed_answer");
  BOOST_TEST(t.outcome.failure->message.find("nested too deeply") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_errors_body_is_read_up_to_a_limit) {
  std::string body = R"({"error":{"message":"m","code":"rate_limit_exceeded"}})";
  const Took t = take(true, 429, {{"retry-after", "3"}, {"x-should-retry", "true"}}, body);
  BOOST_TEST(code(t) == "rate_limited retryable");
  BOOST_TEST(t.outcome.failure->retry_after_ms == 3000);
  BOOST_TEST(t.outcome.refusal->message == "m");
  const Took large = take(false, 500, {}, std::string(std::size_t{1} << 20, 'x'), {}, 4096);
  BOOST_TEST(code(large) == "server_error retryable");
  BOOST_TEST(large.outcome.failure->message.size() < 3000U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
