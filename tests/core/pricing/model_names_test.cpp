#include "core/pricing/model_names.hpp"

#include <boost/test/unit_test.hpp>

namespace pflow {
namespace {

using Names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(model_names)

BOOST_AUTO_TEST_CASE(the_most_exact_name_comes_first) {
  BOOST_TEST((pricing::model_names("anthropic/claude-x-20250929") ==
              Names{"anthropic/claude-x-20250929", "claude-x-20250929", "claude-x", "anthropic/claude-x"}));
}

BOOST_AUTO_TEST_CASE(a_name_without_prefix_and_date_has_one_form) {
  BOOST_TEST((pricing::model_names("gpt-4o-mini") == Names{"gpt-4o-mini"}));
  BOOST_TEST((pricing::model_names("") == Names{""}));
}

BOOST_AUTO_TEST_CASE(both_ways_to_write_a_date_are_known) {
  BOOST_TEST((pricing::model_names("gpt-4o-2024-07-18") == Names{"gpt-4o-2024-07-18", "gpt-4o"}));
  BOOST_TEST((pricing::model_names("m-20240718") == Names{"m-20240718", "m"}));
  BOOST_TEST((pricing::model_names("m-2024071") == Names{"m-2024071"}));
  BOOST_TEST((pricing::model_names("m-2024-7-18") == Names{"m-2024-7-18"}));
  BOOST_TEST((pricing::model_names("-20240718") == Names{"-20240718"}));
}

BOOST_AUTO_TEST_CASE(regions_and_providers_are_prefixes) {
  BOOST_TEST((pricing::model_names("us.anthropic.claude") == Names{"us.anthropic.claude", "anthropic.claude"}));
  BOOST_TEST((pricing::model_names("models/gemini-2.5-pro") == Names{"models/gemini-2.5-pro", "gemini-2.5-pro"}));
  BOOST_TEST((pricing::model_names("meta-llama/llama") == Names{"meta-llama/llama"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow
