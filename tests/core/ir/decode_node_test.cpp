#include "core/ir/decode_node.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/ir/problem_text.hpp"

namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(decode_node)

std::string document(std::string_view node) {
  return R"({"nodes": [)" + std::string(node) + "]}";
}

// A correct node and whatever else a case is about.
std::string with(std::string_view members) {
  return document(R"({"id": "a", "type": "t", )" + std::string(members) + "}");
}

std::string with_id(std::string_view id) {
  return document("{\"id\": \"" + std::string(id) + "\", \"type\": \"t\"}");
}

BOOST_AUTO_TEST_CASE(a_node_of_id_and_type_has_nothing_else) {
  const Node node = workflow_of(with_id("get-page_2")).nodes.at(0);
  BOOST_TEST(node.id == "get-page_2");
  BOOST_TEST(node.type == "t");
  BOOST_TEST(node.purpose.empty());
  BOOST_TEST(node.params.is_null());
  BOOST_TEST(node.params_key == "params");
  BOOST_TEST(!node.batch.has_value());
  BOOST_TEST(!node.retry.has_value());
  BOOST_TEST(!node.timeout_ms.has_value());
}

BOOST_AUTO_TEST_CASE(every_key_of_a_node_is_read) {
  const Node node = workflow_of(with(R"("purpose": "p", "params": {"x": [1, "${b.c}"]}, "timeout_ms": 1,
      "retry": {"max_attempts": 3, "wait_ms": 200, "backoff": 1.5, "max_wait_ms": 1000},
      "batch": {"items": "${in}", "as": "city", "parallel": true, "max_concurrent": 7, "error_handling": "continue",
                "max_retries": 2, "retry_wait": 0.25})"))
                        .nodes.at(0);
  BOOST_TEST(node.purpose == "p");
  BOOST_TEST(to_json(node.params) == R"({"x":[1,"${b.c}"]})");
  BOOST_TEST(node.timeout_ms.value() == 1);
  const RetryPolicy retry = node.retry.value();
  BOOST_TEST(retry.max_attempts == 3u);
  BOOST_TEST(retry.wait_ms == 200);
  BOOST_TEST(retry.backoff == 1.5);
  BOOST_TEST(retry.max_wait_ms == 1000);
  const Batch batch = node.batch.value();
  BOOST_TEST(batch.items.text() == "${in}");
  BOOST_TEST(batch.as == "city");
  BOOST_TEST(batch.parallel);
  BOOST_TEST(batch.max_concurrent == 7u);
  BOOST_TEST(!batch.fail_fast);
  BOOST_TEST(batch.max_retries.value_or(0) == 2u);
  BOOST_TEST(batch.retry_wait_ms == 250);
}

BOOST_AUTO_TEST_CASE(an_empty_retry_and_a_batch_of_items_only_get_every_default) {
  const Node node = workflow_of(with(R"("retry": {}, "batch": {"items": [1, 2]})")).nodes.at(0);
  const RetryPolicy retry = node.retry.value();
  BOOST_TEST(retry.max_attempts == 1u);
  BOOST_TEST(retry.wait_ms == 0);
  BOOST_TEST(retry.backoff == 1.0);
  BOOST_TEST(retry.max_wait_ms == 300'000);
  const Batch batch = node.batch.value();
  BOOST_TEST(to_json(batch.items) == "[1,2]");
  BOOST_TEST(batch.as == "item");
  BOOST_TEST(!batch.parallel);
  BOOST_TEST(batch.max_concurrent == 10u);
  BOOST_TEST(batch.fail_fast);
  BOOST_TEST(!batch.max_retries.has_value());
  BOOST_TEST(batch.retry_wait_ms == 0);
}

BOOST_AUTO_TEST_CASE(fail_fast_may_be_written_out) {
  const Node node = workflow_of(with(R"("batch": {"items": [], "error_handling": "fail_fast"})")).nodes.at(0);
  BOOST_TEST(node.batch.value().fail_fast);
}

BOOST_AUTO_TEST_CASE(parameters_is_params_and_the_node_remembers_which_was_written) {
  const Node node = workflow_of(with(R"("parameters": {"x": 1})")).nodes.at(0);
  BOOST_TEST(to_json(node.params) == R"({"x":1})");
  BOOST_TEST(node.params_key == "parameters");
}

BOOST_AUTO_TEST_CASE(params_and_its_alias_at_once_are_refused) {
  BOOST_TEST(
      problems_of(with(R"("params": {}, "parameters": {})")) ==
      "duplicate_key | flow.json: /nodes/0/parameters | \"params\" and its alias \"parameters\" are both given | "
      "Keep \"params\". | a\n");
}

BOOST_AUTO_TEST_CASE(keys_of_params_are_open) {
  BOOST_TEST(problems_of(with(R"("params": {"anything": {"goes": null}, "": 1})")) == "");
}

BOOST_AUTO_TEST_CASE(a_node_that_is_no_object_is_told_so) {
  BOOST_TEST(problems_of(document("\"shell\"")) ==
             "wrong_type | flow.json: /nodes/0 | a node must be an object, not a string |  | \n");
}

BOOST_AUTO_TEST_CASE(a_node_needs_id_and_type) {
  BOOST_TEST(problems_of(document("{}")) ==
             "missing_key | flow.json: /nodes/0 | missing key \"id\" | A node needs \"id\" and \"type\". | \n"
             "missing_key | flow.json: /nodes/0 | missing key \"type\" | A node needs \"id\" and \"type\". | \n");
}

BOOST_AUTO_TEST_CASE(a_problem_of_a_node_names_the_node) {
  BOOST_TEST(
      problems_of(document(R"({"id": "a", "typ": "t"})")) ==
      "unknown_key | flow.json: /nodes/0/typ | unknown key \"typ\" | Did you mean \"type\"? Known keys: id, type, "
      "purpose, params, batch, retry, timeout_ms, parameters. | a\n"
      "missing_key | flow.json: /nodes/0 | missing key \"type\" | A node needs \"id\" and \"type\". | a\n");
}

BOOST_AUTO_TEST_CASE(an_empty_type_is_none) {
  BOOST_TEST(problems_of(document(R"({"id": "a", "type": ""})")) ==
             "invalid_value | flow.json: /nodes/0/type | \"type\" is empty |  | a\n");
}

BOOST_AUTO_TEST_CASE(an_id_that_no_template_can_say_is_refused) {
  BOOST_TEST(problems_of(with_id("get page")) ==
             "invalid_value | flow.json: /nodes/0/id | the node id \"get page\" cannot be used in a template | A name "
             "begins with a letter or \"_\" and goes on with letters, digits, \"_\" and \"-\". | get page\n");
}

BOOST_AUTO_TEST_CASE(a_reserved_id_is_refused) {
  BOOST_TEST(problems_of(with_id("__metrics__")) ==
             "invalid_value | flow.json: /nodes/0/id | the node id \"__metrics__\" is reserved | "
             "Names that begin with \"__\" belong to pflow-host. | __metrics__\n");
}

BOOST_AUTO_TEST_CASE(two_nodes_with_one_id_are_both_named) {
  BOOST_TEST(
      problems_of(document(R"({"id": "a", "type": "t"}, {"id": "b", "type": "t"}, {"id": "a", "type": "t"})")) ==
      "duplicate_id | flow.json: /nodes/2/id | two nodes have the id \"a\" | The other one is /nodes/0. Give each "
      "an id of its own. | a\n");
}

BOOST_AUTO_TEST_CASE(every_wrong_type_in_a_node_is_reported) {
  BOOST_TEST(problems_of(document(R"({"id": 1, "type": [], "purpose": {}, "params": [], "batch": "x", "retry": 3,
                                      "timeout_ms": 1.5})")) ==
             "wrong_type | flow.json: /nodes/0/id | \"id\" must be a string, not an integer |  | \n"
             "wrong_type | flow.json: /nodes/0/type | \"type\" must be a string, not an array |  | \n"
             "wrong_type | flow.json: /nodes/0/purpose | \"purpose\" must be a string, not an object |  | \n"
             "wrong_type | flow.json: /nodes/0/params | \"params\" must be an object, not an array |  | \n"
             "wrong_type | flow.json: /nodes/0/batch | \"batch\" must be an object, not a string |  | \n"
             "wrong_type | flow.json: /nodes/0/retry | \"retry\" must be an object, not an integer |  | \n"
             "wrong_type | flow.json: /nodes/0/timeout_ms | \"timeout_ms\" must be an integer, not a number with a "
             "fraction or exponent |  | \n");
}

BOOST_AUTO_TEST_CASE(a_timeout_is_at_least_a_millisecond_and_at_most_a_year) {
  BOOST_TEST(problems_of(with(R"("timeout_ms": 31536000000)")) == "");
  BOOST_TEST(
      problems_of(with(R"("timeout_ms": 0)")) ==
      "invalid_value | flow.json: /nodes/0/timeout_ms | \"timeout_ms\" must be from 1 to 31536000000, not 0 |  | "
      "a\n");
  BOOST_TEST(problems_of(with(R"("timeout_ms": 18446744073709551615)")) ==
             "invalid_value | flow.json: /nodes/0/timeout_ms | \"timeout_ms\" must be from 1 to 31536000000, not "
             "18446744073709551615 |  | a\n");
}

BOOST_AUTO_TEST_CASE(numbers_of_retry_stay_in_their_ranges) {
  BOOST_TEST(
      problems_of(with(R"("retry": {"max_attempts": 0, "wait_ms": -1, "backoff": 0.5, "max_wait_ms": 3600001,
                                           "tries": 2})")) ==
      "unknown_key | flow.json: /nodes/0/retry/tries | unknown key \"tries\" | Known keys: max_attempts, wait_ms, "
      "backoff, max_wait_ms. | a\n"
      "invalid_value | flow.json: /nodes/0/retry/max_attempts | \"max_attempts\" must be from 1 to 100, not 0 |  "
      "| a\n"
      "invalid_value | flow.json: /nodes/0/retry/wait_ms | \"wait_ms\" must be from 0 to 3600000, not -1 |  | a\n"
      "invalid_value | flow.json: /nodes/0/retry/backoff | \"backoff\" must be from 1 to 10, not 0.5 |  | a\n"
      "invalid_value | flow.json: /nodes/0/retry/max_wait_ms | \"max_wait_ms\" must be from 0 to 3600000, not "
      "3600001 |  | a\n");
}

BOOST_AUTO_TEST_CASE(every_wrong_value_in_a_batch_is_reported) {
  BOOST_TEST(
      problems_of(with(R"("batch": {"items": 3, "as": "my item", "parallel": 1, "max_concurrent": 10001,
                                           "error_handling": "continu", "max_retries": 101, "retry_wait": -1,
                                           "item": 1})")) ==
      "unknown_key | flow.json: /nodes/0/batch/item | unknown key \"item\" | Did you mean \"items\"? Known keys: "
      "items, as, parallel, max_concurrent, error_handling, max_retries, retry_wait. | a\n"
      "wrong_type | flow.json: /nodes/0/batch/items | \"items\" must be an array or a template, not an integer |  "
      "| a\n"
      "invalid_value | flow.json: /nodes/0/batch/as | the item name \"my item\" cannot be used in a template | A "
      "name begins with a letter or \"_\" and goes on with letters, digits, \"_\" and \"-\". | a\n"
      "wrong_type | flow.json: /nodes/0/batch/parallel | \"parallel\" must be a boolean, not an integer |  | a\n"
      "invalid_value | flow.json: /nodes/0/batch/max_concurrent | \"max_concurrent\" must be from 1 to 10000, not "
      "10001 |  | a\n"
      "invalid_value | flow.json: /nodes/0/batch/error_handling | unknown error_handling \"continu\" | Did you "
      "mean \"continue\"? Known values: fail_fast, continue. | a\n"
      "invalid_value | flow.json: /nodes/0/batch/max_retries | \"max_retries\" must be from 1 to 100, not 101 |  "
      "| a\n"
      "invalid_value | flow.json: /nodes/0/batch/retry_wait | \"retry_wait\" must be from 0 to 3600, not -1 |  | "
      "a\n");
}

BOOST_AUTO_TEST_CASE(a_batch_needs_items) {
  BOOST_TEST(
      problems_of(with(R"("batch": {"as": "__x"})")) ==
      "missing_key | flow.json: /nodes/0/batch | missing key \"items\" | A batch needs the items that the node is "
      "called with. | a\n"
      "invalid_value | flow.json: /nodes/0/batch/as | the item name \"__x\" is reserved | Names that begin with "
      "\"__\" belong to pflow-host. | a\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
