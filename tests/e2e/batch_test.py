#!/usr/bin/env python3
"""Batches and nested workflows where a case file does not reach: terminals, interrupts, traces, many calls in flight."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
import unittest

from program import HOST, SANITIZED, ProgramTest
from result_line import line_of

CHILD = {"inputs": {"n": {"type": "integer"}},
         "nodes": [{"id": "ask", "type": "llm.offline",
                    "params": {"prompt": "n ${n}", "extra": {"usage": {"input_tokens": 10, "output_tokens": 2}}}},
                   {"id": "say", "type": "echo", "params": {"message": "${ask.response}"}}],
         "outputs": {"text": {"source": "${say.echo}"}}}


class BatchTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.debug = self.folder / "debug"
        self.debug.mkdir()
        self.env["PFLOW_DEBUG_DIR"] = str(self.debug)

    def the_trace(self):
        (path,) = self.debug.iterdir()
        return json.loads(path.read_text())

    def calls_that_take(self, delay_ms, items, at_once):
        return [{"id": "ask", "type": "llm.offline",
                 "params": {"prompt": "n ${item}", "extra": {"delay_ms": delay_ms, "usage": {"input_tokens": 10, "output_tokens": 2}}},
                 "batch": {"items": items, "parallel": True, "max_concurrent": at_once, "error_handling": "continue"}}]

    def test_an_interrupt_ends_a_thousand_calls_in_flight_and_keeps_what_is_known(self):
        # The last five are answered at once: then all others are in flight.
        nodes = self.calls_that_take("${item}", [50_000] * 1000 + [0] * 5, 1005)
        name = self.workflow(nodes)
        process = self.start("run", name, "--output-format", "json", "--trace")

        def five_are_written():
            return any(p.read_text(errors="replace").count('"batch_index"') >= 5 for p in self.debug.iterdir())

        self.wait_until(five_are_written, "five calls have ended")
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        self.assertLess(time.monotonic() - begun, 20 if SANITIZED else 5)  # it must be soon; a machine may be busy
        self.assertEqual(process.returncode, 130)
        line = line_of(out)
        self.assertEqual((line["status"], line["is_error"], line["terminal_reason"]), ("cancelled", True, "aborted_streaming"))
        self.assertEqual(line["metrics"]["workflow"]["tokens_input"], 50)
        node = line["metrics"]["workflow"]["nodes"]["ask"]
        self.assertEqual((node["calls"], node["failures"]), (1005, 1000))
        trace = self.the_trace()
        self.assertEqual(trace["final_status"], "cancelled")
        self.assertEqual(len(trace["nodes"]), 1005)
        self.assertEqual(sum(e["success"] for e in trace["nodes"]), 5)
        self.assertEqual({e["error"]["code"] for e in trace["nodes"] if not e["success"]}, {"cancelled"})

    def test_many_calls_in_flight_need_no_thread_each(self):
        name = self.workflow(self.calls_that_take(50_000, list(range(500)), 500))
        process = self.start("run", name, "--trace")
        self.wait_until(lambda: list(self.debug.iterdir()), "the run has begun")
        time.sleep(0.3)
        threads = len(os.listdir(f"/proc/{process.pid}/task"))
        self.assertLess(threads, 20)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)

    def test_each_item_is_metered_and_named_by_its_index(self):
        name = self.workflow(self.calls_that_take(0, [1, 2, 3], 3),
                             outputs={"calls": {"source": "${__llm_calls__}"}})
        done = self.run_host("run", name, "--output-format", "json", "--trace")
        line = line_of(done.stdout)
        self.assertEqual(sorted(c["batch_index"] for c in line["result"]["calls"]), [0, 1, 2])
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["ask"]["calls"], 3)
        events = self.the_trace()["nodes"]
        self.assertEqual(sorted(e["batch_index"] for e in events), [0, 1, 2])
        self.assertEqual(sorted(e["seq"] for e in events), [1, 2, 3])
        for e in events:
            self.assertEqual(e["params"]["prompt"], f"n {e['batch_index'] + 1}")
            self.assertEqual(e["template_resolutions"]["prompt"]["template"], "n ${item}")

    def test_a_trace_grows_with_the_items_and_no_faster(self):
        sizes = []
        for items in (2000, 4000):
            name = self.workflow([{"id": "b", "type": "echo", "params": {"message": "x" * 200 + "${item}"},
                                   "batch": {"items": list(range(items)), "parallel": True}}])
            self.assertEqual(self.run_host("run", name, "--trace").returncode, 0)
            (path,) = self.debug.iterdir()
            json.loads(path.read_text())
            sizes.append(path.stat().st_size)
            path.unlink()
        # The first MiB has whole snapshots, which counts against the smaller one.
        self.assertLess(sizes[1], 2.2 * sizes[0])

    def test_a_nested_run_is_measured_as_a_part_of_its_parent(self):
        (self.work / "child.json").write_text(json.dumps(CHILD))
        name = self.workflow([{"id": "sub", "type": "workflow",
                               "params": {"workflow_ref": "child.json", "param_mapping": {"n": 7}}}])
        line = line_of(self.run_host("run", name, "--output-format", "json", "--trace").stdout)
        workflow = line["metrics"]["workflow"]
        self.assertEqual(set(workflow["node_timings"]), {"sub", "sub/ask", "sub/say"})
        self.assertEqual((line["num_nodes"], line["num_turns"]), (3, 1))
        self.assertEqual((workflow["tokens_input"], workflow["tokens_output"]), (10, 2))
        self.assertEqual(workflow["nodes"]["sub"]["tokens_input"], 0)
        self.assertEqual(workflow["nodes"]["sub/ask"]["tokens_input"], 10)
        self.assertEqual(workflow["nodes"]["sub"]["cost_usd"] + workflow["nodes"]["sub/ask"]["cost_usd"], line["total_cost_usd"])
        events = {e["node_id"]: e for e in self.the_trace()["nodes"]}
        self.assertEqual(list(events), ["sub/ask", "sub/say", "sub"])
        self.assertEqual(events["sub/ask"]["parent"], events["sub"]["seq"])
        self.assertEqual(events["sub/say"]["parent"], events["sub"]["seq"])
        self.assertIsNone(events["sub"]["parent"])
        # What the child's calls saw is the child's store.
        self.assertEqual(events["sub/ask"]["shared_before"], {"n": 7})
        self.assertEqual(set(events["sub/say"]["shared_before"]), {"n", "ask"})
        self.assertEqual(set(events["sub/say"]["shared_after"]), {"n", "ask", "say"})
        self.assertEqual(events["sub"]["shared_before"], {})
        self.assertEqual(set(events["sub"]["shared_after"]), {"sub"})

    def test_usage_that_a_nested_workflow_hands_out_is_not_counted_again(self):
        child = dict(CHILD, outputs={"llm_usage": {"source": "${ask.llm_usage}"}, "text": {"source": "${say.echo}"}})
        (self.work / "child.json").write_text(json.dumps(child))
        name = self.workflow([{"id": "sub", "type": "workflow",
                               "params": {"workflow_ref": "child.json", "param_mapping": {"n": 7}}}])
        line = line_of(self.run_host("run", name, "--output-format", "json").stdout)
        self.assertEqual((line["num_turns"], line["metrics"]["workflow"]["tokens_input"]), (1, 10))

    def test_nested_runs_of_a_batch_have_their_own_events_and_stores(self):
        (self.work / "child.json").write_text(json.dumps(CHILD))
        name = self.workflow([{"id": "sub", "type": "workflow", "batch": {"items": list(range(20)), "parallel": True},
                               "params": {"workflow_ref": "child.json", "param_mapping": {"n": "${item}"}}}])
        line = line_of(self.run_host("run", name, "--output-format", "json", "--trace").stdout)
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["sub/ask"]["calls"], 20)
        self.assertEqual(line["metrics"]["workflow"]["tokens_input"], 200)
        events = self.the_trace()["nodes"]
        items = {e["seq"]: e["batch_index"] for e in events if e["node_id"] == "sub"}
        self.assertEqual(sorted(items.values()), list(range(20)))
        for e in events:
            if e["node_id"] == "sub/ask":
                self.assertEqual(e["shared_before"], {"n": items[e["parent"]]})
        shown = self.run_host("trace", "show", "latest")
        self.assertEqual(shown.returncode, 0)

    def test_a_limit_of_a_nested_workflow_s_cost_ends_the_run(self):
        child = dict(CHILD, limits={"max_cost_usd": 0.000001})
        child["nodes"] = [dict(CHILD["nodes"][0], params={"prompt": "x", "model": "gpt-4o", "extra": {
            "usage": {"input_tokens": 100000, "output_tokens": 2}}}), CHILD["nodes"][1]]
        (self.work / "child.json").write_text(json.dumps(child))
        name = self.workflow([{"id": "sub", "type": "workflow",
                               "params": {"workflow_ref": "child.json", "param_mapping": {"n": 7}}}])
        done = self.run_host("run", name, "--price", "gpt-4o=10/10")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b'the nested workflow of node "sub" has cost ', done.stderr)
        self.assertIn(b"Raise limits.max_cost_usd of that workflow", done.stderr)

    def on_a_terminal(self, *args, env=None):
        ours, theirs = pty.openpty()
        process = subprocess.Popen([HOST, *args], cwd=self.work, env=env or self.env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs)
        os.close(theirs)
        self.addCleanup(self.end, process)
        seen = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                more = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not more:
                break
            seen += more
        os.close(ours)
        self.assertEqual(process.wait(60), 0, seen)
        return seen.decode()

    def bar_workflow(self):
        return self.workflow([{"id": "slow", "type": "echo", "params": {"message": "no ${item}", "delay_ms": 150},
                               "batch": {"items": [1, 2, 3, 4]}}])

    def test_a_batch_shows_a_bar_on_a_terminal(self):
        seen = self.on_a_terminal("run", self.bar_workflow())
        frames = re.findall(r"[|/\\-] slow  \[(#*) *\]  (\d)/4", seen)
        self.assertTrue(frames, seen)
        self.assertTrue(any(marks == "#" * (5 * int(done)) for marks, done in frames), seen)
        lines = [line.rpartition("\x1b[K")[2] for line in seen.replace("\r\n", "\n").split("\n") if line]
        self.assertRegex(lines[-1], r"^\* slow  \[#{20}\]  4/4  [0-9.]+/s  [0-9.]+ s$")
        self.assertEqual(sum("4/4" in line for line in lines), 1)

    def test_no_color_is_honoured_by_the_bar(self):
        seen = self.on_a_terminal("run", self.bar_workflow(), env=dict(self.env, NO_COLOR="1"))
        self.assertEqual(set(re.findall(r"\x1b\[[0-9;]*[A-Za-z]", seen)) - {"\x1b[K"}, set())

    def test_nothing_of_the_bar_reaches_a_pipe(self):
        done = self.run_host("run", self.bar_workflow())
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_verbose_tells_a_batch_in_one_line_and_without_a_bar(self):
        done = self.run_host("run", self.bar_workflow(), "-v")
        self.assertRegex(done.stderr.decode(), r"(?m)^\* slow  4/4  [0-9.]+/s  [0-9.]+ s$")
        self.assertNotIn(b"\x1b", done.stderr)
        self.assertNotIn(b"#", done.stderr)

    def test_verbose_tells_nested_nodes_before_the_node_they_belong_to(self):
        (self.work / "child.json").write_text(json.dumps(CHILD))
        name = self.workflow([{"id": "sub", "type": "workflow",
                               "params": {"workflow_ref": "child.json", "param_mapping": {"n": 7}}}])
        told = self.run_host("run", name, "-v").stderr.decode()
        self.assertRegex(told, r"(?m)^\* sub/ask  [0-9.]+ s\n(.*\n)*\* sub/say  [0-9.]+ s\n(.*\n)*\* sub  [0-9.]+ s$")


if __name__ == "__main__":
    unittest.main()
