#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"
#include "tests/host/loader/plugin_run.hpp"
#include "tests/plugins/llm/replay_http.hpp"

// The flow that all providers share, as the host sees it: the built plugin of one, on a network that is played.
namespace pflow::llm {
namespace {

using test::Played;

const std::filesystem::path kPlugin = std::string(PFLOW_TEST_PLUGINS) + "/llm-openai.pflow.so";
constexpr std::string_view kWhole =
    R"({"id":"c1","model":"m1","choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],
        "usage":{"prompt_tokens":2,"completion_tokens":1}})";
constexpr std::string_view kText = "data: {\"model\":\"m1\",\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n";
constexpr std::string_view kEnd =
    "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":1}}\n\n";
constexpr std::string_view kDone = "data: [DONE]\n\n";
const host::HttpError kReset{PFLOW_E_IO, "connection_lost", "the peer closed", true};

struct Asked {
  host::test::Ran ran;
  std::vector<host::HttpRequest> requests;

  [[nodiscard]] std::string outcome() const {
    if (!ran.problems.empty()) return ran.problems.front().message;
    return ran.result.error ? fmt::format("{}: {}", ran.result.error->code_text(), ran.result.error->message)
                            : "success";
  }

  [[nodiscard]] std::string output(std::string_view name) const {
    const Value all = json(ran.outputs);
    const Value* v = all.find(name);
    return v == nullptr ? "(none)" : to_json(*v);
  }

  [[nodiscard]] Value body(std::size_t index) const { return json(requests.at(index).body); }

  [[nodiscard]] std::string header(std::string_view wanted) const {
    for (const auto& [name, value] : requests.at(0).headers) {
      if (name == wanted) return value;
    }
    return "(none)";
  }

  /// What was told of `kind`, one after the other.
  [[nodiscard]] std::string told(std::string_view kind) const {
    std::string out;
    for (const std::string& word : ran.told->words()) {
      if (word.starts_with(kind)) out += word + "; ";
    }
    return out;
  }
};

Asked ask(std::vector<Played> exchanges, const std::string& more_params = "", const std::string& more_of_node = "",
          bool has_key = true) {
  // Both outlive the run, as the program's own do.
  auto* http = new test::ReplayHttp(std::move(exchanges));
  std::map<std::string, std::string, std::less<>> keys;
  if (has_key) keys.emplace("OPENAI_API_KEY", "k-123");
  auto* settings = new test::MapSettings(std::move(keys));
  host::test::RunSetup setup;
  setup.params = R"({"prompt": "Hi", "model": "m")" + more_params + "}";
  setup.more_of_node = more_of_node;
  setup.services.http = http;
  setup.services.settings = settings;
  Asked asked{host::test::run_plugin(kPlugin, "llm.openai", setup), {}};
  http->join();
  asked.requests = http->requests();
  return asked;
}

Played whole(std::string_view body) {
  return {.headers = {{"content-type", "application/json"}, {"x-request-id", "req_1"}}, .pieces = {std::string(body)}};
}

Played stream(std::vector<std::string> pieces, std::optional<host::HttpError> error = {}) {
  return {.headers = {{"content-type", "text/event-stream"}}, .pieces = std::move(pieces), .error = std::move(error)};
}

Played refusal(std::int32_t status, std::string_view body) {
  return {.status = status, .pieces = {std::string(body)}};
}

const std::string kStreamed = R"(, "stream": true)";
const std::string kOnce = R"(, "retry": {"max_attempts": 1})";

}  // namespace

BOOST_AUTO_TEST_SUITE(llm_flow)

BOOST_AUTO_TEST_CASE(an_answer_is_written_and_its_usage_reported_once) {
  const Asked asked = ask({whole(kWhole)});
  BOOST_TEST(asked.outcome() == "success");
  BOOST_TEST(asked.output("response") == "\"Hello\"");
  BOOST_TEST(asked.output("model") == "\"m1\"");
  BOOST_TEST(asked.output("stop_reason") == "\"end_turn\"");
  BOOST_TEST(asked.told("usage") == "usage n m1 2+1; ");
  BOOST_TEST(asked.header("Authorization") == "Bearer k-123");
  BOOST_TEST(asked.requests.at(0).method == "POST");
  BOOST_TEST(asked.requests.at(0).url == "https://api.openai.com/v1/chat/completions");
}

BOOST_AUTO_TEST_CASE(a_stream_is_shown_as_it_comes) {
  const Asked asked = ask({stream({std::string(kText), std::string(kEnd) + std::string(kDone)})}, kStreamed);
  BOOST_TEST(asked.outcome() == "success");
  BOOST_TEST(asked.output("response") == "\"Hello\"");
  BOOST_TEST(asked.told("chunk") == "chunk text 3 bytes; chunk text 2 bytes; ");
  BOOST_TEST(asked.told("usage") == "usage n m1 2+1; ");
}

BOOST_AUTO_TEST_CASE(without_a_key_the_providers_own_server_is_not_asked) {
  const Asked asked = ask({whole(kWhole)}, "", "", false);
  BOOST_TEST(asked.outcome().starts_with("missing_key: "), asked.outcome());
  BOOST_TEST(asked.outcome().find("OPENAI_API_KEY") != std::string::npos);
  BOOST_TEST(asked.requests.empty());
}

BOOST_AUTO_TEST_CASE(the_providers_own_server_is_known_however_it_is_spelt) {
  for (const char* url : {"https://api.openai.com", "https://API.openai.com:443/v1/", "https://api.openai.com/v1"}) {
    const Asked asked = ask({whole(kWhole)}, fmt::format(R"(, "base_url": "{}")", url), "", false);
    BOOST_TEST(asked.outcome().starts_with("missing_key: "), asked.outcome());
    BOOST_TEST(asked.requests.empty());
  }
}

BOOST_AUTO_TEST_CASE(another_server_may_need_no_key) {
  const Asked asked = ask({whole(kWhole)}, R"(, "base_url": "http://localhost:8080/")", "", false);
  BOOST_TEST(asked.outcome() == "success");
  BOOST_TEST(asked.header("Authorization") == "(none)");
  BOOST_TEST(asked.requests.at(0).url == "http://localhost:8080/v1/chat/completions");
}

BOOST_AUTO_TEST_CASE(what_a_server_refuses_is_left_out_within_the_same_attempt) {
  const Asked asked = ask({refusal(400, R"({"error":{"message":"unknown field stream_options"}})"),
                           stream({std::string(kText) + std::string(kEnd) + std::string(kDone)})},
                          kStreamed, kOnce);
  BOOST_TEST(asked.outcome() == "success");
  BOOST_REQUIRE(asked.requests.size() == 2U);
  BOOST_TEST((asked.body(0).find("stream_options") != nullptr));
  BOOST_TEST((asked.body(1).find("stream_options") == nullptr));
  BOOST_TEST(asked.told("usage") == "usage n m1 2+1; ");
}

BOOST_AUTO_TEST_CASE(a_stream_that_breaks_off_fails_and_reports_what_it_used) {
  const Asked asked = ask({stream({std::string(kText), std::string(kEnd)}, kReset)}, kStreamed, kOnce);
  BOOST_TEST(asked.outcome().starts_with("stream_broken: "), asked.outcome());
  BOOST_TEST(asked.told("usage") == "usage n m1 2+1; ");
}

BOOST_AUTO_TEST_CASE(each_attempt_reports_its_own_usage) {
  const Asked asked = ask({stream({std::string(kText), std::string(kEnd)}, kReset), whole(kWhole)}, kStreamed,
                          R"(, "retry": {"max_attempts": 2})");
  BOOST_TEST(asked.outcome() == "success");
  BOOST_TEST(asked.told("usage") == "usage n m1 2+1; usage n m1 2+1; ");
}

BOOST_AUTO_TEST_CASE(a_refused_request_reports_no_usage_and_says_whose_words_they_are) {
  const Asked asked = ask({refusal(401, R"({"error":{"message":"Incorrect API key"}})")});
  BOOST_TEST(asked.outcome().find("auth_failed: ") == 0U, asked.outcome());
  BOOST_TEST(asked.outcome().find("OpenAI, model \"m\", HTTP 401: Incorrect API key.") != std::string::npos);
  BOOST_TEST(asked.told("usage").empty());
  BOOST_TEST(asked.requests.size() == 1U);
}

BOOST_AUTO_TEST_CASE(nonsense_aborts_the_exchange) {
  const Asked asked = ask({stream({"data: nonsense\n\n", std::string(kText)})}, kStreamed, kOnce);
  BOOST_TEST(asked.outcome().starts_with("malformed_answer: "), asked.outcome());
}

BOOST_AUTO_TEST_CASE(a_connection_that_fails_keeps_the_hosts_code) {
  const Asked asked =
      ask({{.status = 0, .error = host::HttpError{PFLOW_E_UNAVAILABLE, "connect_failed", "refused", true}}}, "", kOnce);
  BOOST_TEST(asked.outcome().starts_with("connect_failed: "), asked.outcome());
}

BOOST_AUTO_TEST_CASE(extra_is_merged_into_the_body_and_wins) {
  const Asked asked = ask({whole(kWhole)}, R"(, "temperature": 0.5, "extra": {"temperature": 0.25, "seed": 7})");
  BOOST_TEST(to_json(*asked.body(0).find("temperature")) == "0.25");
  BOOST_TEST(to_json(*asked.body(0).find("seed")) == "7");
}

BOOST_AUTO_TEST_CASE(extra_cannot_change_how_the_answer_comes) {
  const Asked asked = ask({whole(kWhole)}, R"(, "extra": {"stream": true})");
  BOOST_TEST(asked.outcome().find("use the parameter \"stream\"") != std::string::npos, asked.outcome());
  BOOST_TEST(asked.requests.empty());
}

BOOST_AUTO_TEST_CASE(a_schema_that_cannot_be_checked_is_refused_before_anything_is_sent) {
  const std::pair<const char*, const char*> schemas[] = {
      {R"({"properties": {"a": {"pattern": "(?=x)y"}}})", "at /output_schema/properties/a/pattern: "},
      {R"({"properties": {"a": {"$ref": "#/nowhere"}}})", "at /output_schema/properties/a/$ref: "},
      {R"({"$ref": "#"})", "it refers to itself without end"}};

  for (const auto& [schema, said] : schemas) {
    const Asked asked = ask({whole(kWhole)}, fmt::format(R"(, "output_schema": {})", schema));
    BOOST_TEST(asked.outcome().starts_with("invalid_parameter: "), asked.outcome());
    BOOST_TEST(asked.outcome().find(said) != std::string::npos, asked.outcome());
    BOOST_TEST(asked.requests.empty());
  }
}

BOOST_AUTO_TEST_CASE(all_images_together_have_a_limit) {
  const std::filesystem::path image =
      std::filesystem::temp_directory_path() / fmt::format("pflow-llm-flow-{}.png", ::getpid());
  std::ofstream(image, std::ios::binary) << "\x89PNG\r\n\x1a\n";
  std::filesystem::resize_file(image, std::size_t{18} << 20U);
  const std::string quoted = to_json(Value::string(image.string()));
  const auto ask_with = [&](std::size_t count) {
    std::string images = quoted;
    for (std::size_t i = 1; i < count; ++i)
      images += "," + quoted;
    return ask({whole(kWhole)}, R"(, "images": [)" + images + "]");
  };
  BOOST_TEST(ask_with(3).outcome() == "success");
  const Asked asked = ask_with(4);
  std::filesystem::remove(image);
  BOOST_TEST(asked.outcome().find("64 MiB") != std::string::npos, asked.outcome().substr(0, 500));
  BOOST_TEST(asked.requests.empty());
}

BOOST_AUTO_TEST_CASE(a_structured_answer_is_a_value_and_a_wrong_one_fails_with_its_text_kept) {
  const std::string schema = R"(, "output_schema": {"type": "object", "properties": {"n": {"type": "integer"}}})";
  const auto answer = [](std::string_view content) {
    return whole(fmt::format(R"({{"choices":[{{"message":{{"content":{}}},"finish_reason":"stop"}}]}})",
                             to_json(Value::string(content))));
  };
  BOOST_TEST(ask({answer(R"({"n": 12345678901234567})")}, schema).output("response") == R"({"n":12345678901234567})");
  const Asked wrong = ask({answer(R"({"n": "x"})")}, schema);
  BOOST_TEST(wrong.outcome().find("at /n: expected integer, got a string") != std::string::npos, wrong.outcome());
  BOOST_TEST(wrong.output("response") == R"("{\"n\": \"x\"}")");
}

BOOST_AUTO_TEST_CASE(an_answer_of_which_nothing_fitted_fails_and_reports_what_it_used) {
  const Asked asked = ask({whole(R"({"model":"m1","choices":[{"message":{"content":""},"finish_reason":"length"}],
      "usage":{"prompt_tokens":2,"completion_tokens":60}})")},
                          R"(, "max_tokens": 60)");
  BOOST_TEST(asked.outcome().starts_with("truncated_output: "), asked.outcome());
  BOOST_TEST(asked.output("stop_reason") == "\"max_tokens\"");
  BOOST_TEST(asked.told("usage") == "usage n m1 2+60; ");
}

BOOST_AUTO_TEST_CASE(a_base_url_must_be_one) {
  BOOST_TEST(ask({}, R"(, "base_url": "localhost:8080")").outcome().find("base_url") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace pflow::llm
