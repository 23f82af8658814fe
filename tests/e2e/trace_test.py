#!/usr/bin/env python3
"""Traces read back where a case file does not reach: modes, links, pipes, terminals, large and hostile files."""

import json
import os
import pty
import select
import signal
import stat
import time
import unittest

from program import ProgramTest

HEAD = ('{"format":"pflow-trace","format_version":"1.0.0","kind":"workflow","workflow_id":"w","workflow_name":"W",'
        '"inputs":{},"nodes":[')
NAME = "pflow-trace-workflow-20261002-140305.json"


def event(seq, node="n", **more):
    return json.dumps({"seq": seq, "node_id": node, "node_type": "echo", "success": True, "action": "default", **more})


class TraceTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.debug = self.folder / "debug"
        self.debug.mkdir()
        self.env["PFLOW_DEBUG_DIR"] = str(self.debug)

    def write(self, text, name=NAME):
        path = self.debug / name
        path.write_text(text)
        return path

    def trace(self, *args, code=0, **options):
        done = self.run_host("trace", *args, **options)
        self.assertEqual(done.returncode, code, done.stdout[:2000] + done.stderr)
        return done

    def test_a_mended_trace_is_private_and_leaves_no_other_file(self):
        path = self.write(HEAD + "\n" + event(1) + ",\n{")
        path.chmod(0o600)
        self.trace("repair", "latest")
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.assertEqual(len(json.loads(path.read_text())["nodes"]), 1)
        self.assertEqual(os.listdir(self.debug), [NAME])

    def test_a_valid_trace_is_not_even_touched(self):
        path = self.write(HEAD + "\n]}\n")
        before = path.stat()
        self.trace("repair", str(path))
        self.assertEqual((path.stat().st_ino, path.stat().st_mtime_ns), (before.st_ino, before.st_mtime_ns))

    def test_mending_through_a_link_mends_the_file_and_keeps_the_link(self):
        path = self.write(HEAD + "\n" + event(1) + ",\n{", "real.json")
        link = self.work / "link.json"
        link.symlink_to(path)
        self.trace("repair", "link.json")
        self.assertTrue(link.is_symlink())
        self.assertEqual(len(json.loads(path.read_text())["nodes"]), 1)

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_trace_that_cannot_be_rewritten_is_told_and_kept(self):
        torn = HEAD + "\n" + event(1) + ",\n{"
        path = self.write(torn)
        self.debug.chmod(0o500)
        self.addCleanup(self.debug.chmod, 0o700)
        done = self.trace("repair", "latest", code=1)
        self.assertIn(b"cannot write the file: Permission denied", done.stderr)
        self.assertEqual(path.read_text(), torn)

    def test_a_pipe_in_the_folder_is_never_waited_for(self):
        os.mkfifo(self.debug / NAME)
        self.assertEqual(self.trace("list", timeout=10).stdout, b"")
        self.assertIn(b"no regular file", self.trace("show", NAME, code=3, timeout=10).stderr)

    def test_prune_leaves_links_and_folders_alone(self):
        for stamp in ("140305", "140306"):
            self.write(HEAD + "]}", f"pflow-trace-workflow-20261002-{stamp}.json")
        (self.debug / "pflow-trace-workflow-20200101-000000.json").symlink_to(self.debug / NAME)
        (self.debug / "pflow-trace-workflow-20200101-000001.json").mkdir()
        self.trace("prune", "--keep", "1")
        self.assertEqual(sorted(os.listdir(self.debug)),
                         ["pflow-trace-workflow-20200101-000000.json", "pflow-trace-workflow-20200101-000001.json",
                          "pflow-trace-workflow-20261002-140306.json"])

    def test_a_file_name_that_is_not_utf8_is_listed(self):
        with open(os.fsencode(self.debug) + b"/b\xffd\x1b.json", "w") as f:
            f.write("{}")
        self.assertEqual(json.loads(self.trace("list", "--output-format", "json").stdout)[0]["status"], "no trace")
        self.assertIn("b\ufffdd\\x1b.json", self.trace("list").stdout.decode())

    def on_terminal(self, *args, **env):
        """What the program writes to a terminal that is its stdout."""
        ours, theirs = pty.openpty()
        process = self.start("trace", *args, stdout=theirs, env={**self.env, **env})
        os.close(theirs)
        out = b""
        while select.select([ours], [], [], 10)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
        os.close(ours)
        process.wait(timeout=10)
        return out

    def test_colours_only_on_a_terminal_and_only_when_wanted(self):
        self.write(HEAD + event(1, "good") + "," + event(2, "bad\x1b[5m", success=False) + "]}")
        shown = self.on_terminal("show", "latest")
        self.assertIn(b"\x1b[32mok\x1b[0m", shown)
        self.assertIn(b"\x1b[1;31mFAIL\x1b[0m", shown)
        self.assertNotIn(b"\x1b[5m", shown)
        self.assertNotIn(b"\x1b", self.on_terminal("show", "latest", NO_COLOR="1"))
        self.assertNotIn(b"\x1b", self.on_terminal("show", "latest", "--no-color"))
        self.assertNotIn(b"\x1b", self.trace("show", "latest").stdout)

    def test_events_in_full_are_harmless_on_a_terminal(self):
        self.write(HEAD + event(1, "n", params={"x": "\u009b31m"}).replace("\\u009b", "\u009b") + "]}")
        self.assertNotIn("\u009b".encode(), self.on_terminal("show", "latest", "--event", "1"))

    def test_ten_thousand_events_of_one_node_are_shown_in_full(self):
        lines = [event(1, shared_before={}, shared_after={"n": {"out": 0}})]
        for i in range(1, 10_000):
            after = {"$base": f"/nodes/{i}/shared_before", "set": {"/n/out": i}, "remove": []}
            lines.append(event(i + 1, shared_before={"$ref": f"/nodes/{i - 1}/shared_after"}, shared_after=after))
        self.write(HEAD + ",\n".join(lines) + "]}")
        events = json.loads(self.trace("show", "latest", "--node", "n", "--output-format", "json").stdout)
        self.assertEqual([e["shared_after"]["n"]["out"] for e in events], list(range(10_000)))
        self.assertEqual(events[-1]["shared_before"], {"n": {"out": 9_998}})

    def test_a_trace_that_refers_in_circles_or_multiplies_is_shown_with_marks(self):
        lines = [event(1, params={"x": {"$ref": "/nodes/0"}, "y": ["ten bytes."]})]
        for i in range(1, 50):
            lines.append(event(i + 1, params={"y": [{"$ref": f"/nodes/{i - 1}/params/y"}] * 10}))
        self.write(HEAD + ",".join(lines) + "]}")
        for seq in ("1", "50"):
            done = self.trace("show", "latest", "--event", seq, "--output-format", "json", timeout=60)
            self.assertIn(b"could not be filled in", done.stderr)
            self.assertIn("$unresolved", json.dumps(json.loads(done.stdout)))

    def test_parents_that_go_in_circles_are_all_shown(self):
        self.write(HEAD + event(1, "a", parent=2) + "," + event(2, "b", parent=1) + "," + event(3, "c", parent=3) + "]}")
        shown = self.trace("show", "latest").stdout.decode()
        for node in "abc":
            self.assertEqual(shown.count(f" {node} "), 1, shown)

    def test_a_reader_that_goes_away_ends_it_quietly(self):
        self.write(HEAD + ",".join(event(i + 1, params={"x": "y" * 10_000}) for i in range(200)) + "]}")
        process = self.start("trace", "show", "latest", "--node", "n")
        process.stdout.read(10)
        process.stdout.close()
        self.assertIn(process.wait(timeout=10), (141, -signal.SIGPIPE))
        self.assertEqual(process.stderr.read(), b"")

    def test_mending_and_listing_take_time_in_proportion_to_the_file(self):
        def seconds(events, *args):
            self.write(HEAD + ",\n".join(event(i + 1, params={"x": "y" * 100}) for i in range(events)) + ",\n{")
            start = time.monotonic()
            self.trace(*args)
            return time.monotonic() - start
        for args in (("repair", "latest"), ("list",)):
            small, large = (min(seconds(n, *args) for _ in range(2)) for n in (5_000, 50_000))
            self.assertLess(large, 30 * small + 0.5, args)


if __name__ == "__main__":
    unittest.main()
