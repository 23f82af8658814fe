#include "host/services/http/name_gate.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

namespace pflow::host {
namespace {

using Verdict = NameGate::Verdict;
using Outcome = NameGate::Outcome;
using Ids = std::vector<NameGate::Id>;

struct Gate {
  std::set<NameGate::Id> ended;
  NameGate gate{[this](NameGate::Id id) { return ended.count(id) == 0; }};
  NameGate::Time now{};
};

BOOST_AUTO_TEST_SUITE(name_gate)

BOOST_AUTO_TEST_CASE(the_first_goes_ahead_and_the_others_wait_until_it_has_an_address) {
  Gate g;
  BOOST_TEST((g.gate.enter("h:1", 1, g.now) == Verdict::kGoAhead));
  BOOST_TEST((g.gate.enter("h:1", 2, g.now) == Verdict::kWait));
  BOOST_TEST((g.gate.enter("h:1", 3, g.now) == Verdict::kWait));
  BOOST_TEST((g.gate.enter("other:1", 4, g.now) == Verdict::kGoAhead));
  BOOST_TEST((g.gate.passed("h:1", Outcome::kAddressKnown, g.now) == Ids{2, 3}));
  BOOST_TEST((g.gate.enter("h:1", 2, g.now) == Verdict::kGo));
}

BOOST_AUTO_TEST_CASE(an_address_is_looked_up_again_before_it_is_forgotten) {
  Gate g;
  static_cast<void>(g.gate.enter("h:1", 1, g.now));
  static_cast<void>(g.gate.passed("h:1", Outcome::kAddressKnown, g.now));
  BOOST_TEST((g.gate.enter("h:1", 2, g.now + NameGate::kFreshFor - std::chrono::seconds(1)) == Verdict::kGo));
  BOOST_TEST((g.gate.enter("h:1", 3, g.now + NameGate::kFreshFor) == Verdict::kGoAhead));
  BOOST_TEST((NameGate::kFreshFor < NameGate::kRememberedFor));
}

BOOST_AUTO_TEST_CASE(when_nothing_was_learned_the_next_who_still_waits_goes_ahead) {
  Gate g;
  for (const NameGate::Id id : {1, 2, 3, 4})
    static_cast<void>(g.gate.enter("h:1", id, g.now));
  g.ended = {2};
  BOOST_TEST((g.gate.passed("h:1", Outcome::kNothingLearned, g.now) == Ids{3}));
  BOOST_TEST((g.gate.enter("h:1", 3, g.now) == Verdict::kGoAhead));
  BOOST_TEST((g.gate.passed("h:1", Outcome::kAddressKnown, g.now) == Ids{4}));
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_name_without_address_is_told) {
  Gate g;
  for (const NameGate::Id id : {1, 2, 3})
    static_cast<void>(g.gate.enter("h:1", id, g.now));
  BOOST_TEST((g.gate.failed("h:1") == Ids{2, 3}));
  BOOST_TEST((g.gate.enter("h:1", 4, g.now) == Verdict::kGoAhead));
}

BOOST_AUTO_TEST_CASE(only_so_many_go_ahead_at_once) {
  Gate g;
  NameGate::Id id = 0;
  for (; id < NameGate::kMostLookUps; ++id)
    BOOST_TEST((g.gate.enter("h" + std::to_string(id), id, g.now) == Verdict::kGoAhead));
  BOOST_TEST((g.gate.enter("a", 100, g.now) == Verdict::kWait));
  BOOST_TEST((g.gate.enter("b", 101, g.now) == Verdict::kWait));
  BOOST_TEST((g.gate.enter("c", 102, g.now) == Verdict::kWait));
  BOOST_TEST(!g.gate.next_turn());
  static_cast<void>(g.gate.passed("h0", Outcome::kAddressKnown, g.now));
  g.ended = {100};
  BOOST_TEST(g.gate.next_turn().value_or(0) == 101U);
  BOOST_TEST((g.gate.enter("b", 101, g.now) == Verdict::kGoAhead));
  BOOST_TEST(!g.gate.next_turn());
}

BOOST_AUTO_TEST_CASE(an_outcome_that_nobody_waits_for_changes_nothing) {
  Gate g;
  BOOST_TEST(g.gate.passed("h:1", Outcome::kAddressKnown, g.now).empty());
  BOOST_TEST((g.gate.enter("h:1", 1, g.now) == Verdict::kGoAhead));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace pflow::host
