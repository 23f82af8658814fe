#include "core/pricing/price_book.hpp"

#include <chrono>
#include <initializer_list>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

const SystemTime kAt = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + std::chrono::hours(12);

constexpr std::string_view kFile = R"([{"id": "mine", "models": [
    {"id": "house-model", "match": {"starts_with": "house-"}, "prices": {"input_mtok": 1, "output_mtok": 2}},
    {"id": "gpt-4o", "prices": {"input_mtok": 7, "output_mtok": 8}, "context_window": 99}]}])";

LlmUsageReport fields(std::string provider, std::string model, std::int64_t input, std::int64_t output) {
  LlmUsageReport r;
  r.provider = std::move(provider);
  r.model = std::move(model);
  r.input_tokens = input;
  r.output_tokens = output;
  return r;
}

LlmUsageReport body(std::string provider, std::string flavor, std::string text) {
  LlmUsageReport r;
  r.provider = std::move(provider);
  r.api_flavor = std::move(flavor);
  r.raw_json = std::move(text);
  return r;
}

Cost cost(const PriceBook& book, const LlmUsageReport& report) {
  return book.meter(report, kAt).cost;
}

Error refused_file(std::string_view text) {
  PriceBook book;
  const Result<void> added = book.add_file(text, "pricing.json");
  BOOST_REQUIRE_MESSAGE(!added.ok(), text);
  return added.error();
}

std::string row_name(std::string_view provider, std::string_view model) {
  static const PriceBook book;
  const auto row = book.find(provider, model, kAt);
  return row ? row->provider + "/" + row->model + (row->source == "genai-prices 0.1.8" ? "" : " of " + row->source)
             : "none";
}

BOOST_AUTO_TEST_SUITE(price_book)

BOOST_AUTO_TEST_CASE(a_known_model_has_its_list_price) {
  const PriceBook book;
  const Cost c = cost(book, fields("anthropic", "claude-sonnet-4-5", 4000, 500));
  BOOST_TEST(c.nano_usd == 19'500'000);
  BOOST_TEST((c.basis == CostBasis::kList));
  BOOST_TEST(c.priced_by == "anthropic");
  BOOST_TEST(c.row->source == "genai-prices 0.1.8");
  BOOST_TEST(c.row->date == "2026-09-23");
  BOOST_TEST(c.problems.empty());
}

BOOST_AUTO_TEST_CASE(an_unknown_model_is_priced_as_gpt_4o_mini_and_says_so) {
  const PriceBook book;
  const MeteredUsage m = book.meter(fields("acme", "who-knows-7b", 1'000'000, 1'000'000), kAt);
  BOOST_TEST((m.cost.basis == CostBasis::kUnknown));
  BOOST_TEST(m.cost.nano_usd == 750'000'000);
  BOOST_TEST(m.cost.row->model == "gpt-4o-mini");
  BOOST_TEST(m.provider == "acme");
  BOOST_TEST(m.model == "who-knows-7b");
  BOOST_TEST((cost(book, fields("", "", 1, 1)).basis == CostBasis::kUnknown));
}

BOOST_AUTO_TEST_CASE(the_data_is_read_when_it_is_needed_and_not_before) {
  PriceBook book;
  BOOST_TEST(book.add_override("m=1/2").ok());
  BOOST_TEST(!book.was_read());
  static_cast<void>(book.meter(fields("", "m", 1, 1), kAt));
  BOOST_TEST(!book.was_read());
  static_cast<void>(book.meter(fields("openai", "gpt-4o", 1, 1), kAt));
  BOOST_TEST(book.was_read());
}

BOOST_AUTO_TEST_CASE(an_override_wins_over_everything_and_the_last_one_counts) {
  PriceBook book;
  BOOST_REQUIRE(book.add_file(kFile, "pricing.json").ok());
  BOOST_REQUIRE(book.add_override("gpt-4o=1/1").ok());
  BOOST_REQUIRE(book.add_override("gpt-4o=10/20").ok());
  LlmUsageReport r = fields("openai", "gpt-4o", 1000, 1000);
  r.cost_nano_usd = 5;
  const Cost c = cost(book, r);
  BOOST_TEST(c.nano_usd == 30'000'000);
  BOOST_TEST((c.basis == CostBasis::kOverride));
  BOOST_TEST(c.row->source == "--price");
  BOOST_TEST(book.find("", "openai/gpt-4o-2024-08-06", kAt)->source == "--price");
}

BOOST_AUTO_TEST_CASE(an_override_of_the_requested_name_counts_when_another_one_answered) {
  PriceBook book;
  BOOST_REQUIRE(book.add_override("best=1/1").ok());
  LlmUsageReport r = fields("openai", "gpt-4o", 1000, 0);
  r.requested_model = "best";
  BOOST_TEST(cost(book, r).nano_usd == 1'000'000);
}

BOOST_AUTO_TEST_CASE(a_users_file_wins_over_the_responses_own_cost_and_the_table) {
  PriceBook book;
  BOOST_REQUIRE(book.add_file(kFile, "pricing.json").ok());
  LlmUsageReport r = fields("openai", "gpt-4o", 1000, 0);
  r.cost_nano_usd = 5;
  const Cost c = cost(book, r);
  BOOST_TEST(c.nano_usd == 7'000'000);
  BOOST_TEST((c.basis == CostBasis::kOverride));
  BOOST_TEST(c.priced_by == "mine");
  BOOST_TEST(c.row->source == "pricing.json");
  BOOST_TEST(c.row->context_window == 99);
  BOOST_TEST((cost(book, fields("", "house-13b", 1000, 0)).basis == CostBasis::kOverride));
  BOOST_TEST((cost(book, fields("openai", "gpt-5", 1000, 0)).basis == CostBasis::kList));
}

BOOST_AUTO_TEST_CASE(a_provider_of_one_language_is_read_by_its_only_extractor) {
  const PriceBook book;
  LlmUsageReport r = body("perplexity", "chat", R"({"usage": {"prompt_tokens": 33, "completion_tokens": 7000,
      "citation_tokens": 20000, "num_search_queries": 30, "reasoning_tokens": 90000}})");
  r.model = "sonar-deep-research";
  BOOST_TEST(cost(book, r).nano_usd == 66'000 + 56'000'000 + 40'000'000 + 150'000'000 + 270'000'000);
}

BOOST_AUTO_TEST_CASE(a_cost_that_the_provider_told_wins_over_the_table) {
  const PriceBook book;
  LlmUsageReport r = fields("openrouter", "openai/gpt-4o", 1000, 1000);
  r.cost_nano_usd = 42;
  const Cost c = cost(book, r);
  BOOST_TEST(c.nano_usd == 42);
  BOOST_TEST((c.basis == CostBasis::kProvider));
  BOOST_TEST(c.priced_by.empty());
  r.cost_nano_usd = -42;
  BOOST_TEST(cost(book, r).nano_usd == 0);
}

BOOST_AUTO_TEST_CASE(a_cost_inside_a_raw_body_is_not_used) {
  const PriceBook book;
  const Cost c = cost(book, body("openrouter", "", R"({"model": "anthropic/claude-sonnet-4.5",
      "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "cost": 0.5}})"));
  BOOST_TEST((c.basis == CostBasis::kList));
  BOOST_TEST(c.nano_usd == 3'000'000);
}

BOOST_AUTO_TEST_CASE(an_override_that_is_none_is_refused_with_an_example) {
  for (const std::string_view text : {"", "m", "m=", "m=1", "=1/2", "m=1/", "m=/2", "m=a/b", "m=-1/2", "m=1/nan",
                                      "m=1/inf", "m=1/2/3", "m=1e10/2", "m= 1/2", "m=1/2x"}) {
    PriceBook book;
    const Result<void> added = book.add_override(text);
    BOOST_REQUIRE_MESSAGE(!added.ok(), text);
    BOOST_TEST((added.error().code == Code::kUsage));
    BOOST_TEST(added.error().hint == "Example: --price gpt-4o-mini=0.15/0.60");
  }
  PriceBook book;
  BOOST_TEST(book.add_override("org/model=x=0/0.5").ok());
  BOOST_TEST(book.find("", "org/model=x", kAt)->source == "--price");
}

BOOST_AUTO_TEST_CASE(a_wrong_price_file_says_what_and_where) {
  BOOST_TEST((refused_file("[").code == Code::kInvalidJson));
  BOOST_TEST(refused_file("{}").message == "a price file must be a list of providers");
  BOOST_TEST(refused_file(R"([{"models": []}])").message == "a provider needs an \"id\"");
  BOOST_TEST(refused_file(R"([{"models": []}])").where == "pricing.json: /0/id");
  BOOST_TEST(refused_file(R"([{"id": "p"}])").message == "the provider \"p\" needs a list of \"models\"");
  const Error e = refused_file(R"([{"id": "p", "models": [{"id": "m"}]}])");
  BOOST_TEST(e.message == "the model \"m\" needs \"prices\"");
  BOOST_TEST(e.where == "pricing.json: /0/models/0/prices");
  const Error r = refused_file(R"([{"id": "p", "models": [{"id": "m", "prices": {}, "match": {"regex": "("}}]}])");
  BOOST_TEST(r.message == "\"(\" is no regular expression");
  BOOST_TEST(r.where == "pricing.json: /0/models/0/match");
}

BOOST_AUTO_TEST_CASE(items_that_are_no_providers_are_refused) {
  BOOST_TEST(!refused_file("[3]").message.empty());
  BOOST_TEST(!refused_file(R"(["mine", null])").message.empty());
  BOOST_TEST(refused_file(R"([{"id": "p", "models": [5]}])").where == "pricing.json: /0/models/0/id");
}

BOOST_AUTO_TEST_CASE(a_provider_that_stands_in_a_file_twice_is_refused) {
  const Error e = refused_file(R"([{"id": "p", "models": []}, {"id": "p", "models": []}])");
  BOOST_TEST(e.message == "a provider is listed twice");
  BOOST_TEST(e.where == "pricing.json: /1/id");
}

BOOST_AUTO_TEST_CASE(a_price_that_is_no_price_is_refused_in_a_users_file) {
  for (const std::string_view prices :
       {R"({"input_mtok": "3"})", R"({"input_mtok": -1})", R"({"input_mtok": {"tiers": []}})",
        R"({"input_mtok": 1e10})", R"([{"prices": {"output_mtok": null}}])",
        R"({"input_mtok": {"base": 1, "tiers": [{"start": 5}]}})"}) {
    const Error e = refused_file(R"([{"id": "p", "models": [{"id": "m", "prices": )" + std::string(prices) + "}]}]");
    BOOST_TEST((e.code == Code::kInvalidValue), prices);
    BOOST_TEST(e.where.starts_with("pricing.json: /0/models/0/prices"), e.where);
  }
}

BOOST_AUTO_TEST_CASE(a_price_key_that_nothing_counts_is_refused_in_a_users_file) {
  const Error e = refused_file(R"([{"id": "p", "models": [{"id": "m", "prices": {"input_tokens": 1}}]}])");
  BOOST_TEST(e.message == "nothing is priced by \"input_tokens\"");
  BOOST_TEST(e.hint == "Did you mean \"input_mtok\"?");
}

BOOST_AUTO_TEST_CASE(a_provider_is_known_by_other_names) {
  BOOST_TEST(row_name("gemini", "gemini-2.5-pro") == "google/gemini-2.5-pro");
  BOOST_TEST(row_name("Google", "gemini-2.5-pro") == "google/gemini-2.5-pro");
  BOOST_TEST(row_name("vertex", "gemini-2.5-pro") == "google/gemini-2.5-pro");
  BOOST_TEST(row_name("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0") ==
             "aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0");
  BOOST_TEST(row_name("xai", "grok-4.5") == "x-ai/grok-4.5");
  const PriceBook book;
  BOOST_TEST(book.knows_provider("gemini"));
  BOOST_TEST(book.knows_provider("jina_ai"));  // of the extra set alone
  BOOST_TEST(!book.knows_provider("acme"));
  BOOST_TEST(!book.knows_provider(""));
}

BOOST_AUTO_TEST_CASE(a_provider_may_fall_back_on_the_lists_of_others) {
  BOOST_TEST(row_name("azure", "gpt-4o") == "openai/gpt-4o");
  BOOST_TEST(row_name("azure", "claude-opus-4-5") == "anthropic/claude-opus-4-5");
}

BOOST_AUTO_TEST_CASE(without_a_provider_the_models_name_tells_it) {
  BOOST_TEST(row_name("", "claude-sonnet-4-5") == "anthropic/claude-sonnet-4-5");
  BOOST_TEST(row_name("", "gemini/gemini-2.5-pro") == "google/gemini-2.5-pro");
  BOOST_TEST(row_name("", "anthropic/claude-sonnet-4-5-20250929") == "anthropic/claude-sonnet-4-5");
  BOOST_TEST(row_name("", "nobodys-model") == "none");
  BOOST_TEST(row_name("", "") == "none");
  BOOST_TEST(row_name("", std::string(100'000, 'a')) == "none");
}

BOOST_AUTO_TEST_CASE(what_the_table_lacks_may_be_in_the_extra_set) {
  const PriceBook book;
  const auto row = book.find("jina_ai", "jina-reranker-v2-base-multilingual", kAt);
  BOOST_REQUIRE(row.has_value());
  BOOST_TEST(row->source == "litellm 2026-08-01");
  BOOST_TEST(row->date == "2026-08-01");
}

BOOST_AUTO_TEST_CASE(units_json_wins_over_a_body_and_a_body_over_fields) {
  const PriceBook book;
  LlmUsageReport r =
      body("anthropic", "", R"({"model": "claude-sonnet-4-5", "usage": {"input_tokens": 200, "output_tokens": 2}})");
  r.input_tokens = 100;
  BOOST_TEST(book.meter(r, kAt).usage.count("input_tokens") == 200);
  r.units_json = R"({"input_tokens": 300, "cache_write_1h_tokens": 100, "web_searches": 1})";
  const MeteredUsage m = book.meter(r, kAt);
  BOOST_TEST(m.usage.count("input_tokens") == 300);
  BOOST_TEST(m.cost.nano_usd == 200 * 3000 + 100 * 6000 + 10'000'000);
  BOOST_TEST(m.model == "claude-sonnet-4-5");
  r.units_json.clear();
  r.raw_json = R"({"no": "usage"})";
  BOOST_TEST(book.meter(r, kAt).usage.count("input_tokens") == 100);
}

BOOST_AUTO_TEST_CASE(whether_usage_was_told_is_known_even_when_it_is_zero) {
  const PriceBook book;
  BOOST_TEST(book.meter(body("anthropic", "", R"({"usage": {"input_tokens": 0, "output_tokens": 0}})"), kAt).told);
  BOOST_TEST(!book.meter(body("anthropic", "", R"({"content": []})"), kAt).told);
  BOOST_TEST(book.meter(fields("a", "b", 0, 0), kAt).told);
  BOOST_TEST(!book.meter(LlmUsageReport(), kAt).told);
}

BOOST_AUTO_TEST_CASE(units_json_that_cannot_be_used_is_told) {
  const PriceBook book;
  LlmUsageReport r = fields("anthropic", "claude-sonnet-4-5", 10, 1);
  for (const std::string_view text :
       {"[", "[]", R"({"tokens": 1})", R"({"input_tokens": -1})", R"({"input_tokens": "1"})"}) {
    r.units_json = text;
    const MeteredUsage m = book.meter(r, kAt);
    BOOST_TEST(m.problems.size() == 1U, text);
    BOOST_TEST(m.usage.count("input_tokens") == 10, text);
  }
  BOOST_TEST(book.meter(r, kAt).problems.front().message ==
             "a node reported usage whose units_json cannot be used: \"input_tokens\" is no count");
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_anothers_language_is_understood) {
  const PriceBook book;
  const MeteredUsage m = book.meter(
      body("my-gateway", "chat", R"({"model": "gpt-4o", "usage": {"prompt_tokens": 1000, "completion_tokens": 0}})"),
      kAt);
  BOOST_TEST(m.usage.count("input_tokens") == 1000);
  BOOST_TEST(m.cost.nano_usd == 2'500'000);
  BOOST_TEST(
      book.meter(body("anthropic", "messages", R"({"usage": {"input_tokens": 1, "output_tokens": 1}})"), kAt).told);
}

BOOST_AUTO_TEST_CASE(a_list_has_overrides_first_then_the_users_file) {
  PriceBook book;
  BOOST_REQUIRE(book.add_file(kFile, "pricing.json").ok());
  BOOST_REQUIRE(book.add_override("gpt-4o=1/1").ok());
  const auto rows = book.list("gpt-4o", kAt);
  BOOST_REQUIRE(rows.size() > 2U);
  BOOST_TEST(rows[0].source == "--price");
  BOOST_TEST(rows[1].source == "pricing.json");
  BOOST_TEST(rows[2].source == "genai-prices 0.1.8");
  for (const PriceRow& row : rows)
    BOOST_TEST((row.provider + "/" + row.model).find("gpt-4o") != std::string::npos);
  BOOST_TEST(PriceBook().list("", kAt).size() == 3033U);
  BOOST_TEST(book.list("no such model", kAt).empty());
}

BOOST_AUTO_TEST_CASE(each_basis_has_its_name) {
  BOOST_TEST(cost_basis_name(CostBasis::kList) == "list");
  BOOST_TEST(cost_basis_name(CostBasis::kProvider) == "provider");
  BOOST_TEST(cost_basis_name(CostBasis::kOverride) == "override");
  BOOST_TEST(cost_basis_name(CostBasis::kUnknown) == "unknown");
}

BOOST_AUTO_TEST_CASE(dollars_have_up_to_nine_decimals) {
  BOOST_TEST(to_json(usd_value(19'500'000)) == "0.0195");
  BOOST_TEST(to_json(usd_value(1'000'000'001)) == "1.000000001");
  BOOST_TEST(to_json(usd_value(123'456'789'123'456)) == "123456.789123456");
  BOOST_TEST(to_json(usd_value(0)) == "0.0");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
