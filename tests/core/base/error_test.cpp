#include "core/base/error.hpp"

#include <set>
#include <string>

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

BOOST_AUTO_TEST_SUITE(error)

BOOST_AUTO_TEST_CASE(the_table_holds_every_code_at_the_place_of_its_number) {
  const std::vector<CodeInfo>& table = all_codes();
  for (std::size_t i = 0; i < table.size(); ++i)
    BOOST_TEST(static_cast<std::size_t>(table[i].code) == i, table[i].name);
  BOOST_TEST(table.size() == static_cast<std::size_t>(Code::kCancelled) + 1);
}

BOOST_AUTO_TEST_CASE(names_are_distinct_words_of_lower_case_letters_and_underscores) {
  std::set<std::string_view> names;
  for (const CodeInfo& info : all_codes()) {
    BOOST_TEST(names.insert(info.name).second, info.name);
    BOOST_TEST(!info.name.empty());
    BOOST_TEST(info.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos, info.name);
  }
}

BOOST_AUTO_TEST_CASE(a_code_is_asked_for_its_name_and_its_blame) {
  for (const CodeInfo& info : all_codes()) {
    BOOST_TEST(code_name(info.code) == info.name);
    BOOST_TEST((blame_of(info.code) == info.blame), info.name);
  }
}

// A switch without a default: the compiler tells when a code is missing here.
Blame expected_blame(Code code) {
  switch (code) {
    case Code::kUsage:
      return Blame::kUsage;
    case Code::kUnreadable:
    case Code::kTooLarge:
    case Code::kInvalidJson:
    case Code::kDuplicateKey:
    case Code::kTooDeep:
    case Code::kUnknownKey:
    case Code::kMissingKey:
    case Code::kWrongType:
    case Code::kInvalidValue:
    case Code::kDuplicateId:
    case Code::kUnknownNode:
    case Code::kNameClash:
    case Code::kUnknownParameter:
    case Code::kMissingParameter:
    case Code::kInvalidParameter:
    case Code::kUnknownReference:
    case Code::kNotUpstream:
    case Code::kUnreachableNode:
    case Code::kUnsafeTemplate:
    case Code::kUnsupported:
    case Code::kMissingInput:
    case Code::kUnknownInput:
    case Code::kInvalidInput:
    case Code::kUnknownOutput:
      return Blame::kDocument;
    case Code::kUnknownNodeType:
    case Code::kAmbiguousNodeType:
    case Code::kUnknownProvider:
    case Code::kMissingSecret:
    case Code::kPluginRefused:
    case Code::kPluginBroken:
      return Blame::kPlugin;
    case Code::kNodeFailed:
    case Code::kItemsFailed:
    case Code::kUnresolvedTemplate:
    case Code::kPluginMisbehaved:
    case Code::kNoEdge:
    case Code::kVisitLimit:
    case Code::kTimeout:
    case Code::kDeadlineExceeded:
    case Code::kBudgetExceeded:
    case Code::kOutputUnavailable:
    case Code::kUnpricedModel:
    case Code::kUnknownUsage:
    case Code::kOldPrices:
    case Code::kUnusedPrice:
    case Code::kIo:
    case Code::kOutOfMemory:
    case Code::kInternal:
      return Blame::kRun;
    case Code::kCancelled:
      return Blame::kUser;
  }
  throw std::logic_error("a code that the enum does not have");
}

BOOST_AUTO_TEST_CASE(exit_codes_rest_on_the_blame_of_every_code) {
  for (const CodeInfo& info : all_codes())
    BOOST_TEST((blame_of(info.code) == expected_blame(info.code)), info.name);
}

BOOST_AUTO_TEST_CASE(a_plugins_own_code_replaces_the_codes_name) {
  Error e{.code = Code::kNodeFailed};
  BOOST_TEST(e.code_text() == "node_failed");
  e.node_code = "exit_status";
  BOOST_TEST(e.code_text() == "exit_status");
}

BOOST_AUTO_TEST_CASE(errors_are_equal_when_all_that_they_say_is) {
  const Error a{.code = Code::kIo, .message = "m", .where = "w", .hint = "h", .node_id = "n", .node_code = "c"};
  Error b = a;
  BOOST_TEST((a == b));
  b.hint = "another way out";
  BOOST_TEST((a != b));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
