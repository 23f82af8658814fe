#!/usr/bin/env python3
"""What ends a run from outside leaves nothing behind: signals, timeouts, the death of the program itself."""

import json
import signal
import sys
import time
import unittest

from program import ProgramTest
from result_line import line_of

DEAF = "trap '' TERM INT HUP; touch begun; while :; do sleep 0.05; done"


class SignalsTest(ProgramTest):
    def begin(self, command, *args):
        name = self.workflow([self.shell(command)])
        process = self.start("run", name, *args)
        self.wait_until((self.work / "begun").exists, "the command has begun")
        return process

    def ended_within(self, process, seconds):
        begun = time.monotonic()
        out, err = process.communicate(timeout=30)
        self.assertLess(time.monotonic() - begun, seconds)
        return process.returncode, out, err.decode()

    def test_the_tests_own_look_at_processes_finds_a_running_one(self):
        process = self.begin("touch begun; sleep 60")
        self.assertGreaterEqual(len(self.marked()), 2)
        process.kill()

    def test_an_interrupt_ends_the_run_and_all_it_started(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(signal=number):
                (self.work / "begun").unlink(missing_ok=True)
                process = self.begin("touch begun; sleep 60 & sleep 60; wait")
                process.send_signal(number)
                got, out, err = self.ended_within(process, 3)
                self.assertEqual((got, out), (code, b""))
                self.assertEqual(err, 'error: node "sh": the run was cancelled (w.json: /nodes/0)\n')
                self.assert_nothing_left()

    def test_an_interrupt_prints_the_line_of_json(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(signal=number):
                (self.work / "begun").unlink(missing_ok=True)
                process = self.begin("touch begun; sleep 60", "--output-format", "json")
                process.send_signal(number)
                got, out, _ = self.ended_within(process, 3)
                self.assertEqual(got, code)
                self.assertEqual(out.count(b"\n"), 1)
                line = line_of(out)
                self.assertEqual((line["status"], line["is_error"], line["result"]), ("cancelled", True, None))
                self.assertEqual(line["errors"][0]["code"], "cancelled")

    def test_an_error_edge_does_not_catch_an_interrupt(self):
        nodes = [self.shell("touch begun; sleep 60"), {"id": "mend", "type": "shell", "params": {"command": "touch mended"}}]
        name = self.workflow(nodes, edges=[{"from": "sh", "to": "mend", "action": "error"}])
        process = self.start("run", name)
        self.wait_until((self.work / "begun").exists, "the command has begun")
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 3)[0], 130)
        self.assertFalse((self.work / "mended").exists())

    def test_a_command_that_ignores_term_is_killed_after_two_seconds(self):
        process = self.begin(DEAF)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 3)[0], 130)
        self.assertGreater(time.monotonic() - begun, 1.9)
        self.assert_nothing_left()

    def test_an_interrupt_leaves_grandchildren_time_to_clean_up(self):
        clean = "(trap 'sleep 0.3; echo cleaned > state; exit' TERM; touch begun; while :; do sleep 0.05; done)"
        process = self.begin(clean + " & sleep 60")
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 1.5)[0], 130)
        self.assertEqual((self.work / "state").read_text(), "cleaned\n")
        self.assert_nothing_left()

    def test_grandchildren_that_ignore_term_are_killed_after_two_seconds(self):
        process = self.begin("(" + DEAF + ") & sleep 60")
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 2.5)[0], 130)
        self.assertGreater(time.monotonic() - begun, 1.9)
        self.assert_nothing_left()

    def test_an_interrupt_does_not_wait_for_a_group_of_zombies(self):
        # The parent of the zombies has left the group and never reaps.
        inner = "import os, time; os.setpgid(0, 0); open('begun', 'w'); time.sleep(60)"
        outer = ("import os, sys, time\n"
                 "if os.fork() == 0: os._exit(0)\n"
                 "os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])")
        (self.work / "outer.py").write_text(outer)
        (self.work / "inner.py").write_text(inner)
        command = f'"{sys.executable}" outer.py "$(cat inner.py)" > out 2>&1 & sleep 60'
        process = self.begin(command)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 1.5)[0], 130)

    def test_who_left_the_group_and_holds_the_outputs_delays_an_interrupt_a_little(self):
        process = self.begin("setsid sleep 60 & " + DEAF)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 2.5)[0], 130)

    def test_a_second_interrupt_leaves_at_once(self):
        process = self.begin(DEAF)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 1.5)[0], 130)
        self.assert_nothing_left()

    def test_the_death_of_the_program_takes_the_command_with_it(self):
        process = self.begin("touch begun; exec sleep 60")
        process.send_signal(signal.SIGKILL)
        self.assertEqual(self.ended_within(process, 3)[0], -signal.SIGKILL)
        self.assert_nothing_left()

    def test_a_timeout_leaves_no_grandchild(self):
        name = self.workflow([self.shell("(sleep 60 & sleep 60 &) ; sleep 60 & sleep 60", timeout_ms=200)])
        done = self.run_host("run", name)
        self.assertEqual(done.returncode, 1)
        self.assert_nothing_left()

    def test_a_timeout_kills_what_ignores_term(self):
        name = self.workflow([self.shell(DEAF + " & " + DEAF, timeout_ms=200)])
        begun = time.monotonic()
        done = self.run_host("run", name)
        self.assertEqual(done.returncode, 1)
        self.assertLess(time.monotonic() - begun, 4)
        self.assert_nothing_left()

    def test_an_interrupt_during_a_pause_between_attempts(self):
        node = self.shell("touch begun; exit 1")
        node["retry"] = {"max_attempts": 5, "wait_ms": 60000}
        process = self.start("run", self.workflow([node]))
        self.wait_until((self.work / "begun").exists, "the first attempt has begun")
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.ended_within(process, 1)[0], 130)

    def test_a_hangup_is_ignored_under_nohup(self):
        self.workflow([self.shell("touch begun; sleep 0.4; echo done")])
        process = self.start("run", "w.json", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        self.wait_until((self.work / "begun").exists, "the command has begun")
        process.send_signal(signal.SIGHUP)
        self.assertEqual(self.ended_within(process, 3)[:2], (0, b"done\n"))


if __name__ == "__main__":
    unittest.main()
