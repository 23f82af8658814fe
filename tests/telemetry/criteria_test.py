#!/usr/bin/env python3
"""The criteria of telemetry, one test each: what is measured, what it costs, what is on disk. 4, 22 and 31 are the planner's."""

import datetime
import json
import re
import shutil
import subprocess
import unittest
import uuid

from measured import HOST, METER, SANITIZED, SONNET, SONNET_USD, MeasuredTest


class Criteria(MeasuredTest):
    def functions_run(self, *args):
        """Names of the program's functions of which at least one instruction ran."""
        if SANITIZED or not shutil.which("valgrind"):
            self.skipTest("needs valgrind, which does not run what a sanitizer has built")
        name = self.workflow([self.echo(), self.meter(reports=[SONNET])])
        file = self.work / "callgrind.out"
        self.run_host("run", name, "--plugin", METER)  # plugins are looked at in another process, once: valgrind cannot
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--compress-strings=no", f"--callgrind-out-file={file}", HOST, "run", name,
             "--plugin", METER, *args], cwd=self.work, env=self.env, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        functions = set(re.findall(r"^fn=(.*)$", file.read_text(errors="replace"), re.M))
        self.assertTrue(any("pflow::Engine::run" in f for f in functions), "the program has no symbols")
        return functions

    TELEMETRY = ("MetricsCollector", "Instrumentation", "InstrumentedNodeWrapper", "WorkflowTraceCollector", "PriceBook::",
                 "pflow::Call::start_clock")

    def test_c01_text_output_builds_no_collector(self):
        ran = self.functions_run()
        self.assertEqual([f for f in ran if any(word in f for word in self.TELEMETRY)], [])

    def test_c02_json_output_builds_the_metrics_collector(self):
        ran = self.functions_run("--output-format", "json")
        self.assertTrue(any("MetricsCollector::MetricsCollector" in f for f in ran))
        self.assertTrue(any("InstrumentedNodeWrapper::run" in f for f in ran))
        self.assertFalse(any("WorkflowTraceCollector::WorkflowTraceCollector" in f for f in ran))

    def test_c03_trace_builds_the_trace_collector(self):
        ran = self.functions_run("--trace")
        self.assertTrue(any("WorkflowTraceCollector::WorkflowTraceCollector" in f for f in ran))
        self.assertEqual(self.trace()["kind"], "workflow")

    def test_c05_nodes_are_timed_by_a_clock_that_nobody_sets(self):
        # The wall clock of the process jumps by a year between any two looks; steady_clock does not see it.
        if SANITIZED or not shutil.which("cc"):
            self.skipTest("needs a compiler, and a program whose sanitizer need not be loaded first")
        source = self.work / "jump.c"
        source.write_text("""
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <time.h>
            #include <sys/time.h>
            static long jumps;
            int clock_gettime(clockid_t id, struct timespec *t) {
              static int (*real)(clockid_t, struct timespec *);
              if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
              int r = real(id, t);
              if (id == CLOCK_REALTIME) t->tv_sec += 31536000L * (++jumps % 7);
              return r;
            }""")
        subprocess.run(["cc", "-shared", "-fPIC", "-o", self.work / "jump.so", source, "-ldl"], check=True)
        preload = {**self.env, "LD_PRELOAD": str(self.work / "jump.so")}
        name = self.workflow([self.meter(sleep_ms=50)])
        done = self.run_host("run", name, "--plugin", METER, "--output-format", "json", env=preload)
        took = json.loads(done.stdout)["metrics"]["workflow"]["node_timings"]["m"]
        self.assertGreaterEqual(took, 50)
        self.assertLess(took, 60_000)

    def test_c06_a_nodes_usage_is_seen(self):
        line = self.line([self.meter(reports=[SONNET])])
        self.assertEqual(line["usage"], {"input_tokens": 4000, "cache_creation_input_tokens": 0,
                                         "cache_read_input_tokens": 0, "output_tokens": 500})
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["m"]["tokens_input"], 4000)

    def test_c07_usage_is_appended_to_the_list_of_llm_calls(self):
        nodes = [self.meter(reports=[SONNET]), {"id": "e", "type": "echo", "params": {"data": "${__llm_calls__}"}}]
        entry, = self.line(nodes, outputs={"calls": {"source": "e.data"}})["result"]["calls"]
        took = entry.pop("duration_ms")
        self.assertGreaterEqual(took, 0)
        self.assertRegex(entry.pop("call_id"), r"^[0-9a-f-]{36}-1$")
        self.assertEqual(entry, {
            "node_id": "m", "provider": "anthropic", "model": "claude-sonnet-4-5", "requested_model": "claude-sonnet-4-5",
            "input_tokens": 4000, "output_tokens": 500, "total_tokens": 4500, "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0, "reasoning_tokens": 0, "cost_usd": SONNET_USD, "cost_basis": "list",
            "is_planner": False, "attempt": 1, "batch_index": None, "usage_source": "reported"})

    def test_c08_several_calls_are_several_entries(self):
        nodes = [self.meter("one", reports=[SONNET, SONNET]), self.meter("two", output={
            "model": "gpt-4o-mini", "input_tokens": 10, "output_tokens": 5}), self.echo(data="${__llm_calls__}")]
        line = self.line(nodes, outputs={"calls": {"source": "e.data"}})
        self.assertEqual([(c["node_id"], c["usage_source"]) for c in line["result"]["calls"]],
                         [("one", "reported"), ("one", "reported"), ("two", "output")])
        self.assertEqual(line["num_turns"], 3)

    def test_c09_metrics_are_the_sums_of_that_list(self):
        nodes = [self.meter("one", reports=[SONNET, SONNET]), self.meter("two", reports=[SONNET]),
                 self.echo(data="${__llm_calls__}")]
        line = self.line(nodes, outputs={"calls": {"source": "e.data"}})
        calls, total = line["result"]["calls"], line["metrics"]["total"]
        self.assertEqual(total["tokens_input"], sum(c["input_tokens"] for c in calls))
        self.assertEqual(total["tokens_output"], sum(c["output_tokens"] for c in calls))
        self.assertAlmostEqual(line["total_cost_usd"], sum(c["cost_usd"] for c in calls), 12)
        nodes = line["metrics"]["workflow"]["nodes"]
        self.assertAlmostEqual(line["total_cost_usd"], sum(n["cost_usd"] for n in nodes.values()), 12)

    def test_c10_a_known_model_has_its_price(self):
        line = self.line([self.meter(reports=[SONNET])])
        self.assertEqual(line["total_cost_usd"], SONNET_USD)
        self.assertEqual(line["modelUsage"]["claude-sonnet-4-5"]["costBasis"], "list")
        self.assertIs(line["cost_incomplete"], False)

    def test_c11_is_error_is_at_the_root(self):
        self.assertIs(self.line([self.echo()])["is_error"], False)
        self.assertIs(self.line([self.echo(fail=True)], code=1)["is_error"], True)

    def test_c12_duration_ms_is_at_the_root(self):
        self.assertGreaterEqual(self.line([self.meter(sleep_ms=30)])["duration_ms"], 30)

    def test_c13_duration_planner_ms_is_at_the_root(self):
        line = self.line([self.echo()])
        self.assertIn("duration_planner_ms", line)
        self.assertIsNone(line["duration_planner_ms"])

    def test_c14_total_cost_usd_is_at_the_root(self):
        self.assertEqual(self.line([self.meter(reports=[SONNET])])["total_cost_usd"], SONNET_USD)

    def test_c15_num_nodes_is_at_the_root(self):
        nodes = [self.echo("a"), self.echo("b"), self.echo("c")]
        self.assertEqual(self.line(nodes)["num_nodes"], 3)
        only_two = {"edges": [{"from": "a", "to": "c"}, {"from": "c", "to": "b", "action": "error"}]}
        self.assertEqual(self.line(nodes, **only_two)["num_nodes"], 2)

    def test_c16_a_trace_has_the_store_before_each_node(self):
        events = self.traced([self.echo("a"), self.echo("b")], "city=Oslo", inputs={"city": {}})["nodes"]
        self.assertEqual(events[0]["shared_before"], {"city": "Oslo"})
        self.assertEqual(events[1]["shared_before"], {"city": "Oslo", "a": {"echo": "hi"}})

    def test_c17_a_trace_has_the_store_after_each_node(self):
        events = self.traced([self.echo("a"), self.echo("b", data=[1])])["nodes"]
        self.assertEqual(events[0]["shared_after"], {"a": {"echo": "hi"}})
        self.assertEqual(events[1]["shared_after"], {"a": {"echo": "hi"}, "b": {"echo": "hi", "data": [1]}})
        self.assertEqual(events[1]["mutations"], {"added": ["/b/data", "/b/echo"], "removed": [], "modified": []})

    def test_c18_a_trace_has_what_templates_became(self):
        nodes = [self.echo("a"), self.echo("b", message="say ${a.echo}!", data="${a.echo}", suffix="x")]
        event = self.traced(nodes)["nodes"][1]
        self.assertEqual(event["template_resolutions"], {
            "message": {"template": "say ${a.echo}!", "value": "say hi!"}, "data": {"template": "${a.echo}", "value": "hi"}})
        self.assertEqual(event["params"], {"message": "say hi!", "data": "hi", "suffix": "x"})

    def test_c19_a_trace_has_the_error_of_a_node_that_failed(self):
        trace = self.traced([self.echo("a"), self.echo("b", fail="it hurts")], code=1)
        event = trace["nodes"][1]
        self.assertEqual((event["success"], event["action"]), (False, "error"))
        self.assertEqual((event["error"]["code"], event["error"]["message"]), ("echo_failed", "it hurts"))
        self.assertEqual((trace["final_status"], trace["nodes_executed"], trace["nodes_failed"]), ("failed", 2, 1))

    def test_c20_a_trace_has_all_nodes_before_a_failure(self):
        nodes = [self.echo(f"n{i}") for i in range(5)] + [self.echo("bad", fail=True), self.echo("never")]
        events = self.traced(nodes, code=1)["nodes"]
        self.assertEqual([e["node_id"] for e in events], ["n0", "n1", "n2", "n3", "n4", "bad"])
        self.assertEqual([e["seq"] for e in events], [1, 2, 3, 4, 5, 6])

    def test_c21_a_workflow_traces_file_is_named_for_its_kind_and_time(self):
        done = self.run_flow([self.echo()], "--trace")
        path, = self.traces()
        self.assertRegex(path.name, r"^pflow-trace-workflow-\d{8}-\d{6}\.json$")
        self.assertIn(str(path), done.stderr.decode())

    def test_c23_a_trace_has_the_runs_uuid(self):
        line = self.line([self.echo()], "--trace")
        trace = self.trace()
        self.assertEqual(uuid.UUID(trace["execution_id"]).version, 4)
        self.assertEqual(trace["execution_id"], line["session_id"])
        self.assertEqual(line["trace_file"], str(self.traces()[0]))

    def test_c24_the_name_tells_the_local_time_at_which_the_run_began(self):
        self.env["TZ"] = "XYZ-5"  # five hours east of Greenwich
        self.run_flow([self.echo()], "--trace")
        name = self.traces()[0].name
        told = datetime.datetime.strptime(re.search(r"\d{8}-\d{6}", name)[0], "%Y%m%d-%H%M%S")
        now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=5))).replace(tzinfo=None)
        self.assertLess(abs((now - told).total_seconds()), 60)
        self.assertTrue(self.trace()["start_time"].endswith("+05:00"))

    def test_c25_a_run_without_llm_calls_costs_nothing(self):
        done = self.run_flow([self.echo()], "--output-format", "json")
        self.assertIn(b'"total_cost_usd":0.0,', done.stdout)
        self.assertIn(b'"modelUsage":{}', done.stdout)

    def test_c26_an_unknown_model_is_priced_as_gpt_4o_mini_and_said_so(self):
        report = {"provider": "acme", "model": "home-grown", "input_tokens": 1_000_000, "output_tokens": 1_000_000}
        done = self.run_flow([self.meter(reports=[report])], "--output-format", "json")
        line = json.loads(done.stdout)
        self.assertEqual(line["total_cost_usd"], 0.75)  # 0.15 + 0.6
        self.assertEqual((line["cost_incomplete"], line["unpriced_models"]), (True, ["home-grown"]))
        self.assertEqual(line["modelUsage"]["home-grown"]["costBasis"], "unknown")
        self.assertEqual(len([e for e in done.stderr.decode().splitlines() if "home-grown" in e and "warning" in e]), 1)

    def test_c27_a_node_without_usage_is_left_out_of_the_sums(self):
        nodes = [self.meter("a", output="no usage"), self.meter("b", reports=[SONNET]), self.meter("c", output={}),
                 self.meter("d", output={"model": "gpt-4o"})]
        line = self.line(nodes)
        self.assertEqual((line["num_turns"], line["num_nodes"]), (1, 4))
        self.assertEqual(line["total_cost_usd"], SONNET_USD)

    def test_c28_a_failed_node_has_its_time(self):
        line = self.line([self.meter(sleep_ms=25, fail_times=9)], code=1)
        self.assertGreaterEqual(line["metrics"]["workflow"]["node_timings"]["m"], 25)
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["m"]["failures"], 1)

    def test_c29_a_trace_that_cannot_be_written_is_a_warning_and_the_run_goes_on(self):
        (self.folder / "home/.pflow").mkdir(exist_ok=True)
        self.debug.write_text("a file in its place")
        done = self.run_flow([self.echo()], "--trace")
        self.assertEqual(done.stdout, b"hi\n")
        warnings = [l for l in done.stderr.decode().splitlines() if l.startswith("warning: ")]
        self.assertEqual(len(warnings), 1, done.stderr.decode())
        self.assertIn("not traced", warnings[0])

    def test_c30_the_line_of_a_failure_has_the_metrics_so_far(self):
        line = self.line([self.meter("a", reports=[SONNET]), self.meter("b", reports=[SONNET], fail_times=1)], code=1)
        self.assertEqual((line["is_error"], line["result"], line["subtype"]), (True, None, "error_during_execution"))
        self.assertEqual(line["total_cost_usd"], 2 * SONNET_USD)
        self.assertEqual(set(line["metrics"]["workflow"]["node_timings"]), {"a", "b"})


if __name__ == "__main__":
    unittest.main()
