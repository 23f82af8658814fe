#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <string>

#include <boost/test/unit_test.hpp>

#include "core/base/json_read.hpp"
#include "core/base/json_write.hpp"
#include "core/ir/keys.hpp"
#include "tests/core/ir/problem_text.hpp"

// workflow.schema.json and the decoder must say the same.
namespace pflow::ir {
namespace {

BOOST_AUTO_TEST_SUITE(schema)

using Names = std::set<std::string, std::less<>>;

Value read_schema() {
  std::ifstream file(PFLOW_SOURCE_DIR "/core/ir/workflow.schema.json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return read_json(text, "workflow.schema.json").value();
}

const Value& root_schema() {
  static const Value document = read_schema();
  return document;
}

const Value& member(const Value& object, std::string_view key) {
  const Value* found = object.find(key);
  BOOST_REQUIRE_MESSAGE(found != nullptr, "the schema has no " << key);
  return *found;
}

// The schema of one kind of object; "" is the document itself.
const Value& schema_of(std::string_view kind) {
  return kind.empty() ? root_schema() : member(member(root_schema(), "definitions"), kind);
}

struct Kind {
  std::string_view name;
  std::span<const std::string_view> keys;
  std::string before;  ///< a document around one object of this kind that lacks nothing
  std::string after;
};

std::vector<Kind> kinds() {
  const std::string node = R"({"nodes":[{"id":"a","type":"t")";
  return {
      {"", keys::kRootKeys, node + "}],", "}"},
      {"node", keys::kNodeKeys, node + ",", "}]}"},
      {"batch", keys::kBatchKeys, node + R"(,"batch":{"items":[],)", "}}]}"},
      {"retry", keys::kRetryKeys, node + R"(,"retry":{)", "}}]}"},
      {"edge", keys::kEdgeKeys, node + R"(}],"edges":[{"from":"a","to":"a",)", "}]}"},
      {"input", keys::kInputKeys, node + R"(}],"inputs":{"x":{)", "}}}"},
      {"output", keys::kOutputKeys, node + R"(}],"outputs":{"x":{"source":"a.b",)", "}}}"},
      {"mapping", keys::kMappingKeys, node + R"(}],"mappings":{"a":{)", "}}}"},
      {"limits", keys::kLimitsKeys, node + R"(}],"limits":{)", "}}"},
  };
}

bool accepts(const Kind& kind, std::string_view key, const Value& value) {
  return problems_of(kind.before + '"' + std::string(key) + "\":" + to_json(value) + kind.after).empty();
}

Names words_in(const Value& array) {
  Names out;
  for (const Value& v : array.items())
    out.emplace(v.text());
  return out;
}

template <typename Words>
Names names(const Words& words) {
  return {words.begin(), words.end()};
}

BOOST_AUTO_TEST_CASE(every_object_has_exactly_the_keys_of_the_decoder) {
  for (const Kind& kind : kinds()) {
    Names in_schema;
    for (const Member& m : member(schema_of(kind.name), "properties").members())
      in_schema.emplace(m.name());
    const Names in_decoder(kind.keys.begin(), kind.keys.end());
    BOOST_TEST_CONTEXT("kind " << kind.name) {
      BOOST_TEST(in_schema == in_decoder, boost::test_tools::per_element());
      BOOST_TEST(!member(schema_of(kind.name), "additionalProperties").as_bool());
    }
  }
}

BOOST_AUTO_TEST_CASE(every_object_and_every_key_is_described) {
  for (const Kind& kind : kinds()) {
    BOOST_TEST(member(schema_of(kind.name), "description").size() != 0u);
    for (const Member& m : member(schema_of(kind.name), "properties").members())
      BOOST_TEST((m.value.find("description") != nullptr || m.value.find("$ref") != nullptr), m.name());
  }
}

BOOST_AUTO_TEST_CASE(every_definition_is_a_kind_of_object_or_used_by_one) {
  Names all{"name", "type"};
  for (const Kind& kind : kinds())
    all.emplace(kind.name);
  for (const Member& m : member(root_schema(), "definitions").members())
    BOOST_TEST(all.contains(m.name()), m.name());
}

BOOST_AUTO_TEST_CASE(words_are_the_same) {
  const Value& root = member(root_schema(), "properties");
  const Value& batch = member(schema_of("batch"), "properties");
  BOOST_TEST(words_in(member(schema_of("type"), "enum")) == names(data_type_words()), boost::test_tools::per_element());
  BOOST_TEST(words_in(member(member(root, keys::kTemplateResolutionMode), "enum")) == names(keys::kTemplateModeWords),
             boost::test_tools::per_element());
  BOOST_TEST(words_in(member(member(batch, keys::kErrorHandling), "enum")) == names(keys::kErrorHandlingWords),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_required_is_missed) {
  BOOST_TEST(words_in(member(root_schema(), "required")) == Names{"nodes"}, boost::test_tools::per_element());
  BOOST_TEST(problems_of("{}").starts_with("missing_key | flow.json | missing key \"nodes\""));
  BOOST_TEST(words_in(member(schema_of("node"), "required")) == (Names{"id", "type"}),
             boost::test_tools::per_element());  // decode_node/a_node_needs_id_and_type
  BOOST_TEST(words_in(member(schema_of("batch"), "required")) == Names{"items"},
             boost::test_tools::per_element());  // decode_node/a_batch_needs_items
  BOOST_TEST(words_in(member(schema_of("output"), "required")) == Names{"source"},
             boost::test_tools::per_element());  // decode_ports/every_wrong_value_in_outputs_is_reported
  for (const std::string_view kind : {"retry", "input", "mapping", "limits"})
    BOOST_TEST(schema_of(kind).find("required") == nullptr, kind);
}

BOOST_AUTO_TEST_CASE(defaults_of_keys_are_what_the_decoder_accepts) {
  for (const Kind& kind : kinds()) {
    for (const Member& m : member(schema_of(kind.name), "properties").members()) {
      const Value* value = m.value.find("default");
      if (value != nullptr) BOOST_TEST(accepts(kind, m.name(), *value), kind.name << "." << m.name());
    }
  }
}

BOOST_AUTO_TEST_CASE(ranges_end_where_those_of_the_decoder_do) {
  int ranges = 0;
  for (const Kind& kind : kinds()) {
    for (const Member& m : member(schema_of(kind.name), "properties").members()) {
      const bool whole = m.value.find("type") != nullptr && *m.value.find("type") == Value::string("integer");
      const auto beside = [whole](const Value& bound, int direction) {
        return whole ? Value::integer(bound.as_int() + direction)
                     : Value::number(std::nextafter(bound.as_double(), direction * INFINITY));
      };
      BOOST_TEST_CONTEXT(kind.name << "." << m.name()) {
        if (const Value* least = m.value.find("minimum")) {
          BOOST_TEST(accepts(kind, m.name(), *least));
          BOOST_TEST(!accepts(kind, m.name(), beside(*least, -1)));
          ++ranges;
        }
        if (const Value* most = m.value.find("maximum")) {
          BOOST_TEST(accepts(kind, m.name(), *most));
          BOOST_TEST(!accepts(kind, m.name(), beside(*most, 1)));
        }
        if (const Value* edge = m.value.find("exclusiveMinimum")) {
          BOOST_TEST(!accepts(kind, m.name(), *edge));
          BOOST_TEST(accepts(kind, m.name(), beside(*edge, 1)));
        }
      }
    }
  }
  BOOST_TEST(ranges == 9);  // timeout_ms, 3 of batch, 4 of retry, max_duration_ms
}

BOOST_AUTO_TEST_CASE(the_limit_of_nodes_is_the_decoders) {
  const Value& nodes = member(member(root_schema(), "properties"), keys::kNodes);
  BOOST_TEST(member(nodes, "maxItems").as_int() == static_cast<std::int64_t>(kMaxNodes));
  BOOST_TEST(member(nodes, "minItems").as_int() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::ir
