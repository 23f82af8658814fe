#!/usr/bin/env python3
"""stdin, stdout and stderr: large data, closed ends, full disks, terminals, and nothing on stdout but the result."""

import json
import os
import pty
import resource
import select
import subprocess
import time
import unittest

from program import ProgramTest
from result_line import line_of

MIB = 1 << 20


class StreamsTest(ProgramTest):
    def test_ten_mebibytes_each_way_at_once(self):
        text = "0123456789abcde\n" * (10 * MIB // 16)
        nodes = [self.shell("tee /dev/stderr", stdin="${text}", strip_newline=False)]
        name = self.workflow(nodes, inputs={"text": {"type": "string", "stdin": True}},
                             outputs={"out": {"source": "${sh.stdout}"}, "err": {"source": "${sh.stderr}"}})
        done = self.run_host("run", name, input=text.encode())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        result = json.loads(done.stdout)
        self.assertEqual((result["out"] == text, result["err"] == text), (True, True))

    def test_a_document_of_ten_mebibytes_on_stdin(self):
        document = json.dumps({"nodes": [{"id": "a", "type": "echo", "params": {"message": "hi"}}]}) + " " * (10 * MIB)
        done = self.run_host("run", "-", input=(document[:-1] + "\n").encode())
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"hi\n", b""))

    def test_a_document_on_stdin_that_goes_on_after_ten_mebibytes(self):
        padding = " " * (10 * MIB)
        document = '{"nodes": [{"id": "a", "type": "echo",' + padding + '"params": {"message": "hi"}}]}'
        done = self.run_host("run", "-", input=document.encode())
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"hi\n", b""))

    def test_a_document_on_stdin_just_within_the_limit(self):
        text = '{"nodes": [{"id": "a", "type": "echo",%s"params": {"message": "hi"}}]}'
        document = (text % (" " * (16 * MIB - 1000 - len(text)))).encode()
        process = self.start("run", "-", stdin=subprocess.PIPE)
        for piece in (document[:-2000], document[-2000:-1000], document[-1000:]):  # the last ones come by themselves
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(0.2)
        out, err = process.communicate(timeout=10)
        self.assertEqual((process.returncode, out, err), (0, b"hi\n", b""))

    def test_a_document_that_comes_in_small_pieces(self):
        process = self.start("run", "-", stdin=subprocess.PIPE)
        for piece in ('{"nodes": [{"id": ', '"a", "type": "echo", ', '"params": {"message": "hi"}}]}'):
            process.stdin.write(piece.encode())
            process.stdin.flush()
            time.sleep(0.05)
        out, err = process.communicate(timeout=10)
        self.assertEqual((process.returncode, out, err), (0, b"hi\n", b""))

    def test_a_reader_that_has_gone_away(self):
        name = self.workflow([{"id": "a", "type": "echo", "params": {"message": "hi"}}])
        for more in ((), ("--output-format", "json")):
            reader, writer = os.pipe()
            os.close(reader)
            done = self.run_host("run", name, *more, stdout=writer)
            os.close(writer)
            self.assertEqual((done.returncode, done.stderr), (141, b""))

    def test_a_full_disk_behind_stdout(self):
        name = self.workflow([{"id": "a", "type": "echo", "params": {"message": "hi"}}])
        with open("/dev/full", "wb") as full:
            done = self.run_host("run", name, stdout=full)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b"error: the result could not be written to stdout: No space left on device\n")

    def test_closed_standard_streams_do_not_reach_files(self):
        # The next files that are opened get the numbers 0, 1 and 2 then; results must not end up in them.
        nodes = [{"id": "w", "type": "write-file", "params": {"file_path": "a.txt", "content": "kept\n"}},
                 {"id": "e", "type": "echo", "params": {"message": "result"}}]
        name = self.workflow(nodes)
        program = [os.environ["PFLOW_HOST"], "run", name]
        for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(closed=closed):
                subprocess.run(["/bin/sh", "-c", f'exec "$@" {closed}', "sh", *program], cwd=self.work, env=self.env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20,
                               check=False)
                self.assertEqual((self.work / "a.txt").read_text(), "kept\n")

    def test_only_the_result_is_on_stdout(self):
        nodes = [self.shell("echo to stdout; echo to stderr >&2; echo to the terminal > /dev/fd/1"),
                 {"id": "e", "type": "echo", "params": {"message": "result"}}]
        done = self.run_host("run", self.workflow(nodes), "-vv", "--output-format", "json")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(done.stdout.count(b"\n"), 1)
        self.assertEqual(line_of(done.stdout)["result"], {"echo": "result"})

    def test_write_file_to_a_full_device_can_be_routed(self):
        nodes = [{"id": "w", "type": "write-file", "params": {"file_path": "/dev/full", "content": "x"}},
                 {"id": "e", "type": "echo", "params": {"message": "${w.error.code}"}}]
        done = self.run_host("run", self.workflow(nodes, edges=[{"from": "w", "to": "e", "action": "error"}]))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"no_space\n", b""))

    def write_under_a_limit(self, **params):
        """Writes 1 MiB where no file may be longer than 64 KiB; gives what the error edge saw."""
        nodes = [self.shell("head -c 1048576 /dev/zero | tr '\\0' x"),
                 {"id": "w", "type": "write-file", "params": {"file_path": "a.txt", "content": "${sh.stdout}", **params}},
                 {"id": "e", "type": "echo", "params": {"message": "${w.error.code}"}}]
        edges = [{"from": "sh", "to": "w"}, {"from": "w", "to": "e", "action": "error"}]
        (self.work / "a.txt").write_text("old\n")
        done = self.run_host("run", self.workflow(nodes, edges=edges),
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536)))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout

    def test_a_write_that_fails_leaves_the_old_file_and_no_temporary_one(self):
        self.assertEqual(self.write_under_a_limit(), b"too_large\n")
        self.assertEqual((self.work / "a.txt").read_text(), "old\n")
        self.assertEqual(sorted(os.listdir(self.work)), ["a.txt", "w.json"])

    def test_an_append_that_fails_is_undone(self):
        self.assertEqual(self.write_under_a_limit(append=True), b"too_large\n")
        self.assertEqual((self.work / "a.txt").read_text(), "old\n")


class TerminalTest(ProgramTest):
    def on_a_terminal(self, *args, env=None):
        """Runs with a terminal as stderr; gives exit code, stdout and what the terminal got."""
        ours, theirs = pty.openpty()
        process = self.start(*args, stderr=theirs, env={**self.env, "TERM": "xterm", **(env or {})})
        os.close(theirs)
        seen = b""
        while True:
            ready, _, _ = select.select([ours], [], [], 20)
            try:
                piece = os.read(ours, 65536) if ready else b""
            except OSError:  # the other end is closed
                piece = b""
            if not piece:
                break
            seen += piece
        os.close(ours)
        out, _ = process.communicate(timeout=20)
        return process.returncode, out, seen.decode()

    def test_a_terminal_sees_progress_and_stdout_only_the_result(self):
        name = self.workflow([self.shell("sleep 0.4; echo done")])
        code, out, seen = self.on_a_terminal("run", name)
        self.assertEqual((code, out), (0, b"done\n"))
        self.assertRegex(seen, r"[|/\\-] sh  0\.\d s")
        self.assertRegex(seen, r"\* sh  0\.\d s\r\n$")

    def test_piped_stderr_has_no_progress_and_no_control_characters(self):
        name = self.workflow([self.shell("sleep 0.3; echo done"), {"id": "bad", "type": "echo", "params": {"fail": True}}])
        done = self.run_host("run", name)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, b'error: node "bad": failed as asked (w.json: /nodes/1)\n')

    def test_quiet_on_a_terminal(self):
        name = self.workflow([self.shell("sleep 0.3; echo done")])
        self.assertEqual(self.on_a_terminal("run", "-q", name), (0, b"done\n", ""))

    def test_colour_only_on_a_terminal_and_not_with_no_color(self):
        self.assertIn("\x1b[1;31merror\x1b[0m: ", self.on_a_terminal("run", "nothing.json")[2])
        for args, env in ((("--no-color",), {}), ((), {"NO_COLOR": "1"})):
            self.assertNotIn("\x1b", self.on_a_terminal("run", "nothing.json", *args, env=env)[2])
        self.assertNotIn(b"\x1b", self.run_host("run", "nothing.json").stderr)

    def test_what_a_command_writes_cannot_command_the_terminal(self):
        name = self.workflow([self.shell("printf 'a\\033[2Jb\\007' >&2; exit 1")])
        _, _, seen = self.on_a_terminal("run", name, "--no-color")
        self.assertIn("a\\x1b[2Jb\\x07", seen)
        self.assertNotIn("\x1b[2J", seen)

    def test_a_terminal_as_stdin_is_not_read(self):
        name = self.workflow([{"id": "a", "type": "echo", "params": {"message": "${t}"}}],
                             inputs={"t": {"stdin": True, "default": "default"}})
        ours, theirs = pty.openpty()
        try:
            done = self.run_host("run", name, stdin=theirs, timeout=10)
        finally:
            os.close(ours)
            os.close(theirs)
        self.assertEqual((done.returncode, done.stdout), (0, b"default\n"))


if __name__ == "__main__":
    unittest.main()
