#!/usr/bin/env python3
"""A trace is on disk whatever ends the run, and never ends one."""

import json
import os
import random
import resource
import signal
import stat
import subprocess
import time
import unittest

from measured import HOST, METER, SANITIZED, SONNET, MeasuredTest, line_of


def limit_files(size):
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and what it starts would too
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class Durability(MeasuredTest):
    def many(self, count, **params):
        return [self.echo(f"n{i}", **params) for i in range(count)]

    def test_every_finished_event_survives_kill_9_at_50_random_moments(self):
        random.seed(20261124)
        nodes = [self.shell("echo $((N=N+1)) >> done; echo x") | {"id": f"n{i}"} for i in range(400)]
        name = self.workflow(nodes)
        most = 0
        for attempt in range(50):
            folder = self.folder / f"debug{attempt}"
            (self.work / "done").write_text("")
            process = self.start("run", name, "--trace", env={**self.env, "PFLOW_DEBUG_DIR": str(folder)})
            if attempt % 2:  # in the middle of it, however slow its beginning was
                self.wait_until(lambda: (self.work / "done").read_text(), "the first command is done")
            time.sleep(0.01 + random.random() * 0.25)
            process.kill()
            process.communicate()
            # The last command may have run without its event: it had not finished when the kill came.
            finished = (self.work / "done").read_text().count("\n") - 1
            paths = list(folder.glob("*.json")) if folder.exists() else []
            if not paths:
                self.assertLessEqual(finished, 0)
                continue
            repaired = self.run_host("trace", "repair", str(paths[0]))
            self.assertEqual(repaired.returncode, 0, repaired.stderr)
            events = json.loads(paths[0].read_text())["nodes"]
            self.assertGreaterEqual(len(events), finished)
            self.assertEqual([e["node_id"] for e in events], [f"n{i}" for i in range(len(events))])
            most = max(most, len(events))
        self.assertGreater(most, 5, "no run was killed in its middle")

    def test_an_interrupt_ends_the_trace_and_prints_the_line(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=number):
                for path in self.traces():
                    path.unlink()
                (self.work / "begun").unlink(missing_ok=True)
                nodes = [self.meter("paid", reports=[SONNET]), self.shell("touch begun; sleep 60")]
                process = self.start("run", self.workflow(nodes), "--plugin", METER, "--trace", "--output-format", "json")
                self.wait_until((self.work / "begun").exists, "the command has begun")
                process.send_signal(number)
                out, _ = process.communicate(timeout=30)
                self.assertEqual(process.returncode, code)
                line = line_of(out)
                self.assertEqual((line["status"], line["terminal_reason"]), ("cancelled", "aborted_streaming"))
                self.assertEqual((line["total_cost_usd"], line["num_nodes"]), (0.0195, 2))
                trace = self.trace()
                self.assertEqual(trace["final_status"], "cancelled")
                self.assertEqual([e["success"] for e in trace["nodes"]], [True, False])

    def test_two_runs_in_one_second_are_two_files(self):
        name = self.workflow([self.echo()])
        runs = [self.start("run", name, "--trace") for _ in range(6)]
        for process in runs:
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, 0)
        self.assertEqual(len(self.traces()), 6)
        ids = {json.loads(path.read_text())["execution_id"] for path in self.traces()}
        self.assertEqual(len(ids), 6)

    def test_a_trace_that_is_being_written_is_not_pruned(self):
        process = self.start("run", self.workflow([self.shell("touch begun; sleep 60")]), "--trace")
        self.wait_until((self.work / "begun").exists, "the command has begun")
        done = self.run_host("trace", "prune", "--keep", "0")
        self.assertEqual((done.returncode, len(self.traces())), (0, 1), done.stderr)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.run_host("trace", "prune", "--keep", "0")
        self.assertEqual(self.traces(), [])

    def test_a_trace_is_for_its_owner_alone(self):
        os.umask(0)
        self.run_flow([self.echo()], "--trace")
        self.assertEqual(stat.S_IMODE(self.traces()[0].stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(self.debug.stat().st_mode), 0o700)

    def assert_unharmed(self, done):
        self.assertEqual((done.returncode, done.stdout), (0, b"hi\n"), done.stderr)
        warnings = [line for line in done.stderr.decode().splitlines() if line.startswith("warning: ")]
        self.assertEqual(len(warnings), 1, done.stderr.decode())

    def test_a_folder_that_cannot_be_made_harms_no_run(self):
        name = self.workflow([self.echo()])
        for place in ("/proc/no/such", "/dev/null", "/dev/full/x", str(self.work / name)):
            with self.subTest(place=place):
                self.assert_unharmed(self.run_host("run", name, "--trace", env={**self.env, "PFLOW_DEBUG_DIR": place}))

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_folder_that_is_read_only_harms_no_run(self):
        self.debug.mkdir(parents=True)
        self.debug.chmod(0o500)
        self.assert_unharmed(self.run_host("run", self.workflow([self.echo()]), "--trace"))

    def test_a_full_disk_harms_no_run_and_leaves_what_fitted(self):
        name = self.workflow(self.many(200, data="x" * 300))
        # Without any room a sanitizer's own runtime does not live.
        for limit in (100, 5_000, 40_000) if SANITIZED else (0, 100, 5_000, 40_000):
            with self.subTest(limit=limit):
                for path in self.traces():
                    path.unlink()
                done = self.run_host("run", name, "--trace",
                                     preexec_fn=lambda: limit_files(limit))
                self.assert_unharmed(done)
                if limit >= 5_000:
                    path, = self.traces()
                    self.assertLessEqual(path.stat().st_size, limit)
                    events = json.loads(path.read_text())["nodes"]
                    self.assertGreater(len(events), 2)

    def test_a_full_small_filesystem_harms_no_run(self):
        place = self.folder / "small"
        place.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", place], capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", place], check=False)
        name = self.workflow(self.many(400, data="y" * 500))
        self.assert_unharmed(self.run_host("run", name, "--trace", env={**self.env, "PFLOW_DEBUG_DIR": str(place)}))
        path, = place.glob("*.json")
        self.assertGreater(len(json.loads(path.read_text())["nodes"]), 2)

    def test_the_end_of_a_reader_of_stdout_does_not_cut_the_trace(self):
        process = self.start("run", self.workflow([self.echo(message="x" * 1_000_000)]), "--trace")
        process.stdout.close()
        process.stdout = None
        process.wait(timeout=30)
        process.stderr.close()
        process.stderr = None
        self.assertEqual(process.returncode, 141)
        self.assertEqual(self.trace()["final_status"], "success")

    def test_500_nodes_of_1_kib_are_under_3_mb(self):
        nodes = [self.echo(f"n{i}", message=f"{i:04d}" + "k" * 1020) for i in range(500)]
        trace = self.traced(nodes)
        self.assertEqual(len(trace["nodes"]), 500)
        self.assertLess(self.traces()[0].stat().st_size, 3_000_000)

    def test_a_chain_of_500_that_hands_1_kib_on_is_under_3_mb(self):
        nodes = [self.echo("n0", message="k" * 1024)]
        nodes += [self.echo(f"n{i}", message="${n%d.echo}" % (i - 1)) for i in range(1, 500)]
        self.traced(nodes)
        self.assertLess(self.traces()[0].stat().st_size, 3_000_000)

    def test_10000_nodes_are_under_10_mb(self):
        self.run_flow(self.many(10_000), "--trace")
        self.assertLess(self.traces()[0].stat().st_size, 10_000_000)
        self.assertEqual(len(json.loads(self.traces()[0].read_text())["nodes"]), 10_000)

    def peak_kib(self, visits):
        nodes = [self.echo("a", message="m" * 2000, data="${b.echo}"), self.echo("b", message="${a.echo}")]
        name = self.workflow(nodes, template_resolution_mode="permissive",
                             edges=[{"from": "a", "to": "b"}, {"from": "b", "to": "a"}])
        script = ("import os, resource, subprocess, sys\n"
                  "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
                  "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        done = subprocess.run(["python3", "-c", script, HOST, "run", name, "--trace"], cwd=self.work, capture_output=True,
                              env={**self.env, "PFLOW_MAX_NODE_VISITS": str(visits)}, check=True)
        return int(done.stdout)

    @unittest.skipIf(SANITIZED, "a sanitizer keeps freed memory for a while")
    def test_the_memory_of_a_traced_run_does_not_grow_with_its_length(self):
        short, long = self.peak_kib(500), self.peak_kib(20_000)
        self.assertLess(long - short, 4_000, f"{short} KiB for 1,000 calls, {long} KiB for 40,000")


if __name__ == "__main__":
    unittest.main()
