#!/usr/bin/env python3
"""Every token once, every cost once: loops, retries, failures, namespacing off, bodies, budgets."""

import json
import unittest

from measured import METER, SONNET, SONNET_USD, MeasuredTest

MINI = {"provider": "openai", "model": "gpt-4o-mini", "input_tokens": 1000, "output_tokens": 100}
MINI_USD = 0.00021


class Usage(MeasuredTest):
    def assert_adds_up(self, line, calls):
        """Sum of nodes = sum of models = sum of entries = total, to the nano-dollar."""
        nano = lambda usd: round(usd * 1e9)  # noqa: E731
        total = nano(line["total_cost_usd"])
        self.assertEqual(sum(nano(c["cost_usd"]) for c in calls), total)
        self.assertEqual(sum(nano(n["cost_usd"]) for n in line["metrics"]["workflow"]["nodes"].values()), total)
        self.assertEqual(sum(nano(m["costUSD"]) for m in line["modelUsage"].values()), total)
        usage = line["usage"]
        cached = usage["cache_creation_input_tokens"] + usage["cache_read_input_tokens"]
        self.assertEqual(usage["input_tokens"] + cached, sum(c["input_tokens"] for c in calls))
        self.assertEqual(usage["output_tokens"], sum(c["output_tokens"] for c in calls))
        self.assertEqual(line["num_turns"], len(calls))

    def calls_of(self, nodes, *args, **more):
        last = {"id": "all", "type": "echo", "params": {"data": "${__llm_calls__}"}}
        line = self.line([*nodes, last], *args, outputs={"calls": {"source": "${__llm_calls__}"}}, **more)
        self.assert_adds_up(line, line["result"]["calls"])
        return line, line["result"]["calls"]

    def test_each_visit_of_a_loop_counts(self):
        nodes = [self.meter("a", reports=[MINI]), self.meter("b", output=MINI, fail_times=0)]
        loop = {"edges": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]}
        self.env["PFLOW_MAX_NODE_VISITS"] = "5"
        line = self.line(nodes, code=1, **loop)
        self.assertEqual(line["errors"][0]["code"], "visit_limit")
        self.assertEqual(line["num_turns"], 10)
        self.assertAlmostEqual(line["total_cost_usd"], 10 * MINI_USD, 12)
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["a"]["calls"], 5)

    def test_a_failed_attempt_that_was_billed_counts_once(self):
        for how in ({"reports": [MINI]}, {"output": MINI}):
            with self.subTest(how=list(how)):
                node = {**self.meter("a", fail_times=2, **how), "retry": {"max_attempts": 3, "wait_ms": 1}}
                line, calls = self.calls_of([node])
                self.assertEqual([c["attempt"] for c in calls], [1, 2, 3])
                self.assertEqual(line["metrics"]["workflow"]["nodes"]["a"]["attempts"], 3)
                self.assertAlmostEqual(line["total_cost_usd"], 3 * MINI_USD, 12)

    def test_a_report_and_an_output_of_the_same_call_are_one_usage(self):
        line, calls = self.calls_of([self.meter("a", reports=[MINI], output={**MINI, "input_tokens": 999_999})])
        self.assertEqual([(c["usage_source"], c["input_tokens"]) for c in calls], [("reported", 1000)])

    def test_with_namespacing_off_an_old_usage_at_the_root_is_not_counted_again(self):
        nodes = [self.meter("a", output=MINI), self.meter("b"), self.echo("c"), self.meter("d")]
        line = self.line(nodes, enable_namespacing=False)
        self.assertEqual((line["num_turns"], line["total_cost_usd"]), (1, MINI_USD))

    def test_a_call_with_several_usages_books_its_time_on_the_first(self):
        _, calls = self.calls_of([self.meter("a", reports=[MINI, SONNET, MINI], sleep_ms=20)])
        self.assertGreaterEqual(calls[0]["duration_ms"], 20)
        self.assertEqual([c["duration_ms"] for c in calls[1:]], [0, 0])

    def test_cached_and_reasoning_tokens_are_parts_and_never_added(self):
        report = {"provider": "anthropic", "model": "claude-sonnet-4-5", "input_tokens": 10_000, "output_tokens": 1000,
                  "cache_read_tokens": 6000, "cache_write_tokens": 1000, "reasoning_tokens": 400}
        line, calls = self.calls_of([self.meter("a", reports=[report])])
        self.assertEqual(calls[0]["total_tokens"], 11_000)
        self.assertEqual(line["usage"], {"input_tokens": 3000, "cache_creation_input_tokens": 1000,
                                         "cache_read_input_tokens": 6000, "output_tokens": 1000})
        expected = (3000 * 3 + 6000 * 0.3 + 1000 * 3.75 + 1000 * 15) / 1e6
        self.assertAlmostEqual(line["total_cost_usd"], expected, 12)

    def test_a_providers_own_body_is_read(self):
        body = {"model": "claude-sonnet-4-5", "usage": {"input_tokens": 100, "cache_read_input_tokens": 900,
                "cache_creation_input_tokens": 0, "output_tokens": 10, "server_tool_use": {"web_search_requests": 2}}}
        line, calls = self.calls_of([self.meter("a", reports=[{"provider": "anthropic", "raw": body}])])
        self.assertEqual((calls[0]["model"], calls[0]["input_tokens"]), ("claude-sonnet-4-5", 1000))
        self.assertEqual(line["modelUsage"]["claude-sonnet-4-5"]["webSearchRequests"], 2)
        self.assertAlmostEqual(line["total_cost_usd"], (100 * 3 + 900 * 0.3 + 10 * 15) / 1e6 + 2 * 0.01, 12)

    def test_units_weigh_more_than_a_body_and_a_body_more_than_fields(self):
        body = {"model": "claude-sonnet-4-5", "usage": {"input_tokens": 20, "output_tokens": 2}}
        report = {"provider": "anthropic", "model": "claude-sonnet-4-5", "input_tokens": 1, "output_tokens": 1}
        _, calls = self.calls_of([self.meter("a", reports=[{**report, "raw": body}])])
        self.assertEqual(calls[0]["input_tokens"], 20)
        units = {"input_tokens": 300, "output_tokens": 3}
        _, calls = self.calls_of([self.meter("a", reports=[{**report, "raw": body, "units": units}])])
        self.assertEqual(calls[0]["input_tokens"], 300)

    def test_a_cost_of_the_providers_own_counts_and_a_users_price_weighs_more(self):
        report = {**MINI, "cost_nano_usd": 123}
        line, calls = self.calls_of([self.meter("a", reports=[report])])
        self.assertEqual((calls[0]["cost_basis"], line["total_cost_usd"]), ("provider", 1.23e-7))
        line, calls = self.calls_of([self.meter("a", reports=[report])], "--price", "gpt-4o-mini=1/2")
        self.assertEqual((calls[0]["cost_basis"], line["total_cost_usd"]), ("override", 0.0012))

    def test_many_tiny_calls_do_not_vanish(self):
        report = {"provider": "openai", "model": "gpt-5-nano", "input_tokens": 1, "output_tokens": 0}  # 50 nano-dollars
        line, _ = self.calls_of([self.meter("a", reports=[report] * 1000)])
        self.assertEqual(line["total_cost_usd"], 5e-5)

    def test_plugins_cannot_write_what_the_host_measures(self):
        # A key of the host's is refused at the ABI; the tests of the loader have that. Reading is allowed.
        nodes = [self.meter("a", reports=[MINI]), self.meter("b", read="__metrics__.total.cost_usd")]
        line = self.line(nodes, outputs={"found": {"source": "b.found"}})
        self.assertEqual(line["result"]["found"], MINI_USD)

    def test_a_workflow_that_asks_for_its_cost_is_measured_in_text_mode_too(self):
        nodes = [self.meter("a", reports=[MINI]), self.echo(message="so far ${__metrics__.total.cost_usd}")]
        self.assertEqual(self.run_flow(nodes).stdout, b"so far 0.00021\n")
        done = self.run_flow([self.meter("a", output=MINI), self.echo(message="cost ${a.llm_usage.cost_usd}")])
        self.assertEqual(done.stdout, b"cost 0.00021\n")
        done = self.run_flow([self.meter("a", reports=[MINI])], outputs={"usd": {"source": "${__metrics__.total.cost_usd}"}})
        self.assertEqual(done.stdout, b"0.00021\n")

    def test_the_summary_for_people_is_one_line_on_stderr(self):
        done = self.run_flow([self.meter("a", reports=[SONNET], response="x")], "-v")
        self.assertEqual(done.stdout, b"x\n")
        self.assertRegex(done.stderr.decode(), r"(?m)^\d+\.\d\d s, 1 node, 4,000 \+ 500 tokens, \$0\.020$")
        self.assertEqual(self.run_flow([self.echo()]).stderr, b"")
        self.assertRegex(self.run_flow([self.echo()], "-v").stderr.decode(), r"(?m)^\d+\.\d\d s, 1 node, no LLM calls$")

    def test_a_budget_that_is_passed_starts_no_further_node(self):
        nodes = [self.meter(f"n{i}", reports=[SONNET]) for i in range(4)]
        for args, more in ((("--max-cost-usd", "0.03"), {}), ((), {"limits": {"max_cost_usd": 0.03}}),
                           (("--max-cost-usd", "5"), {"limits": {"max_cost_usd": 0.03}})):
            with self.subTest(args=args):
                line = self.line(nodes, *args, code=1, **more)
                self.assertEqual((line["subtype"], line["terminal_reason"], line["status"]),
                                 ("error_max_budget_usd", "budget_exhausted", "failed"))
                self.assertEqual((line["num_nodes"], line["total_cost_usd"]), (2, 2 * SONNET_USD))
                self.assertEqual((line["errors"][0]["code"], line["errors"][0]["node_id"]), ("budget_exceeded", "n2"))

    def test_a_budget_is_watched_in_text_mode_too(self):
        done = self.run_flow([self.meter("a", reports=[SONNET]), self.echo()], "--max-cost-usd", "0.01", code=1)
        self.assertEqual(done.stdout, b"")
        self.assertIn("$0.0195", done.stderr.decode())

    def test_a_budget_ends_retries_and_no_error_edge_goes_round_it(self):
        node = {**self.meter("a", reports=[SONNET], fail_times=9), "retry": {"max_attempts": 9, "wait_ms": 0}}
        line = self.line([node, self.echo()], "--max-cost-usd", "0.03", code=1,
                         edges=[{"from": "a", "to": "e", "action": "error"}])
        self.assertEqual((line["subtype"], line["num_turns"]), ("error_max_budget_usd", 2))

    def test_the_failure_before_an_exceeded_budget_is_told_too(self):
        node = {**self.meter("a", reports=[SONNET], fail_times=9, fail_with="no luck"), "retry": {"max_attempts": 9, "wait_ms": 0}}
        error, = self.line([node], "--max-cost-usd", "0.03", code=1)["errors"]
        self.assertEqual(error["message"], 'node "a": it is not tried again: the run has cost $0.039, and its limit is $0.03; '
                                           'attempt 2 failed: no luck')

    def test_a_price_that_no_call_used_is_said(self):
        line = self.line([self.meter("a", reports=[SONNET])], "--price", "claude-sonet=1/1")
        self.assertEqual([w["code"] for w in line["warnings"]], ["unused_price"])

    def test_a_price_and_a_model_may_be_spelt_as_people_do(self):
        for price, model in (("openai/gpt-4o-mini=1/2", "gpt-4o-mini"), ("GPT-4o-mini=1/2", "gpt-4o-mini"),
                             ("gpt-4o-mini=1/2", "GPT-4o-mini"), ("gpt-4o-mini=1/2", "gpt-4o-mini-2024-07-18")):
            with self.subTest(price=price, model=model):
                line = self.line([self.meter("a", reports=[{**MINI, "model": model}])], "--price", price)
                self.assertEqual((line["total_cost_usd"], line["warnings"]), (0.0012, []))
        self.assertEqual(self.line([self.meter("a", reports=[{**MINI, "model": "GPT-4o-Mini"}])])["total_cost_usd"], MINI_USD)

    def test_a_report_that_tells_nothing_is_no_call(self):
        line = self.line([self.meter("a", reports=[{}, {"model": "gpt-4o"}])])
        self.assertEqual((line["num_turns"], line["cost_incomplete"]), (0, False))

    def test_a_node_that_only_reports_has_a_usage_to_read(self):
        nodes = [self.meter("a", reports=[MINI, MINI]), self.echo(message="${a.llm_usage.cost_usd} ${a.llm_usage.input_tokens}")]
        self.assertEqual(self.run_flow(nodes).stdout, b"0.00042 2000\n")

    def test_thousands_of_usages_in_one_call_all_count(self):
        self.assertEqual(self.line([self.meter("a", reports=[MINI] * 12_000)])["num_turns"], 12_000)

    def test_a_budget_that_is_reached_and_not_passed_is_kept(self):
        line = self.line([self.meter("a", reports=[SONNET]), self.echo()], "--max-cost-usd", str(SONNET_USD))
        self.assertEqual(line["status"], "success")

    def test_a_budget_must_be_an_amount(self):
        for text in ("-1", "x", "nan", "1e400", ""):
            with self.subTest(text=text):
                done = self.run_host("run", self.workflow([self.echo()]), "--max-cost-usd", text)
                self.assertEqual(done.returncode, 2, done.stderr)

    def test_a_budget_that_only_the_last_node_passes_is_said(self):
        line = self.line([self.meter("a", reports=[SONNET])], "--max-cost-usd", "0.001")
        self.assertEqual((line["status"], [w["code"] for w in line["warnings"]]), ("success", ["budget_exceeded"]))

    def test_counts_that_are_none_are_told_and_not_guessed(self):
        line = self.line([self.meter("a", output={"model": "gpt-4o", "input_tokens": "1000", "output_tokens": 2})])
        self.assertEqual((line["warnings"][0]["node_id"], line["usage"]["input_tokens"]), ("a", 0))

    def test_an_unknown_models_stand_in_is_not_its_provider(self):
        line = self.line([self.meter("a", reports=[{"model": "home-grown", "input_tokens": 1, "output_tokens": 1}])])
        self.assertEqual(line["modelUsage"]["home-grown"]["provider"], "unknown")

    def test_contradictory_counts_are_told_and_not_hidden(self):
        report = {"provider": "anthropic", "model": "claude-sonnet-4-5", "input_tokens": 10, "output_tokens": 1,
                  "cache_read_tokens": 500}
        line = self.line([self.meter("a", reports=[report])])
        self.assertTrue(line["warnings"], line)

    def test_absurd_and_hostile_reports_do_not_break_a_run(self):
        for report in ({"model": "m" * 5000, "input_tokens": 2**63 - 1, "output_tokens": 2**63 - 1}, {},
                       {"raw": {"usage": "no object"}, "provider": "anthropic"}, {"units": {"no_such_unit": 4}},
                       {"units": {"input_tokens": -5, "output_tokens": 1e300}}, {"provider": "\u0000\u001b[31m", "model": ""},
                       {"model": "__proto__", "input_tokens": 0, "output_tokens": 0}):
            with self.subTest(report=str(report)[:60]):
                line = self.line([self.meter("a", reports=[report])])
                self.assertGreaterEqual(line["total_cost_usd"], 0)


if __name__ == "__main__":
    unittest.main()
