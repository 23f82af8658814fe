#include <boost/test/unit_test.hpp>

#include "core/base/json_write.hpp"
#include "tests/core/engine/planning.hpp"
#include "tests/core/json_literal.hpp"

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(plan_selection)

// Nodes of type "any" become what their parameter "as" says; the rest is as FakeNodes has it. Counts questions.
class Choosing final : public NodeFactory {
 public:
  explicit Choosing(FakeNodes& nodes) : nodes_(nodes) {}

  Result<const NodeType*> find(std::string_view name) override { return nodes_.find(name); }

  Result<std::unique_ptr<Node>> create(const NodeType& type, const Value& params) override {
    return nodes_.create(type, params);
  }

  Result<Selection> select(std::string_view name, const Value& params) override {
    ++questions;
    if (name != "any") return NodeFactory::select(name, params);
    const std::string as(params.find("as")->text());
    if (as.starts_with("#") || as.starts_with("/") || as.starts_with("--") || as.empty()) {
      return Error{.code = Code::kUnknownProvider, .message = "nobody", .where = as};
    }
    Result<const NodeType*> type = nodes_.find(as);
    if (!type) return std::move(type).error();
    return Selection{*type, json(R"({"command": "chosen"})"), true};
  }

  int questions = 0;

 private:
  FakeNodes& nodes_;
};

struct PlanningWithChoice : Planning {
  std::string make_chosen(std::string_view nodes_json) {
    workflow = ir::workflow_of("{\"nodes\": [" + std::string(nodes_json) + "]}");
    Problems errors;
    Problems warnings;
    plan = make_plan(workflow, {}, choosing, errors, warnings);
    return ir::text_of(errors);
  }

  Choosing choosing{nodes};
};

BOOST_AUTO_TEST_CASE(a_factory_may_choose_a_nodes_type_and_parameters) {
  PlanningWithChoice p;
  BOOST_TEST(p.make_chosen(R"({"id": "a", "type": "any", "params": {"as": "shell"}},
                              {"id": "b", "type": "any", "params": {"as": "inline"}})") == "");
  BOOST_TEST(p.plan->nodes[0].type->name == "shell");
  BOOST_TEST(to_json(p.plan->nodes[0].params.constant()) == R"({"command":"chosen"})");
  BOOST_TEST(p.plan->nodes[1].type->name == "inline");
  BOOST_TEST(p.choosing.questions == 2);
}

BOOST_AUTO_TEST_CASE(a_type_that_is_the_same_for_all_is_asked_for_once) {
  PlanningWithChoice p;
  BOOST_TEST(p.make_chosen(R"({"id": "a", "type": "inline"}, {"id": "b", "type": "inline"},
                              {"id": "c", "type": "inline"})") == "");
  BOOST_TEST(p.choosing.questions == 1);
}

BOOST_AUTO_TEST_CASE(a_choice_that_fails_is_told_where_its_reason_stands) {
  const auto told = [](std::string_view as) {
    return PlanningWithChoice().make_chosen(R"({"id": "a", "type": "any", "params": {"as": ")" + std::string(as) +
                                            "\"}}");
  };
  BOOST_TEST(told("") == "unknown_provider | flow.json: /nodes/0/type | nobody |  | a\n");
  BOOST_TEST(told("#/as") == "unknown_provider | flow.json: /nodes/0/params/as | nobody |  | a\n");
  BOOST_TEST(told("/a/file") == "unknown_provider | /a/file | nobody |  | \n");
}

BOOST_AUTO_TEST_CASE(one_reason_outside_of_the_document_is_told_once) {
  PlanningWithChoice p;
  BOOST_TEST(p.make_chosen(R"({"id": "a", "type": "any", "params": {"as": "--option"}},
                              {"id": "b", "type": "any", "params": {"as": "--option"}})") ==
             "unknown_provider | --option | nobody |  | \n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
