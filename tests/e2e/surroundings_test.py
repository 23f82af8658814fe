#!/usr/bin/env python3
"""What surrounds a run: caches, runs beside each other, descriptors, the umask, other writers, locales, the
home directory."""

import contextlib
import json
import os
import resource
import signal
import subprocess
import unittest

from program import HOST, ProgramTest

HELLO = [{"id": "a", "type": "echo", "params": {"message": "hello"}}]


class SurroundingsTest(ProgramTest):
    COLD = True

    def home(self, *names):
        return self.folder.joinpath("home", ".pflow", *names)

    def test_the_cache_is_the_only_thing_made_in_the_home_directory(self):
        done = self.run_host("run", self.workflow(HELLO))
        self.assertEqual((done.returncode, done.stdout), (0, b"hello\n"))
        made = sorted(str(p.relative_to(self.folder / "home")) for p in (self.folder / "home").rglob("*"))
        self.assertEqual(made, [".pflow", ".pflow/cache", ".pflow/cache/plugins.json"])

    def test_a_corrupt_cache_is_rebuilt(self):
        name = self.workflow(HELLO)
        self.run_host("run", name)
        cache = self.home("cache", "plugins.json")
        good = cache.read_bytes()
        for bad in (b"", b"{", b"[]", b"null", good[: len(good) // 2], good.replace(b"echo", b"ohce"), b"\xff" * 100):
            with self.subTest(bad=bad[:20]):
                cache.write_bytes(bad)
                done = self.run_host("run", name)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"hello\n", b""))

    def test_a_cache_of_another_place_is_not_believed(self):
        name = self.workflow(HELLO)
        self.run_host("run", name)
        cache = self.home("cache", "plugins.json")
        cache.write_bytes(cache.read_bytes().replace(b"echo.pflow.so", b"none.pflow.so"))
        self.assertEqual(self.run_host("run", name).stdout, b"hello\n")

    def test_a_cache_that_cannot_be_written_is_done_without(self):
        self.home().mkdir(parents=True)
        self.home("cache").write_text("a file in the place of the folder")
        done = self.run_host("run", self.workflow(HELLO))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"hello\n", b""))

    def test_runs_at_once_with_a_cold_cache(self):
        name = self.workflow(HELLO)
        processes = [self.start("run", name) for _ in range(8)]
        for process in processes:
            out, err = process.communicate(timeout=30)
            self.assertEqual((process.returncode, out, err), (0, b"hello\n", b""))
        self.assertEqual(sorted(os.listdir(self.home("cache"))), ["plugins.json"])

    def test_three_hundred_commands_within_sixty_four_descriptors(self):
        # Counts in a file: 300 visits of a loop, which a leak of one descriptor a command would not survive.
        count = self.shell("n=$(cat n 2>/dev/null || echo 0); n=$((n+1)); echo $n > n; echo x >&2; test $n -lt 300",
                           stdin="some text")
        nodes = [count, {"id": "again", "type": "echo"}, {"id": "done", "type": "read-file", "params": {"file_path": "n"}}]
        edges = [{"from": "sh", "to": "again"}, {"from": "again", "to": "sh"}, {"from": "sh", "to": "done", "action": "error"}]
        self.env["PFLOW_MAX_NODE_VISITS"] = "400"
        done = self.run_host("run", self.workflow(nodes, edges=edges),
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"300\n", b""))

    def test_a_command_inherits_no_descriptor(self):
        reader, writer = os.pipe()
        os.set_inheritable(writer, True)
        done = self.run_host("run", self.workflow([self.shell("ls /proc/$$/fd; true")]), close_fds=False)
        os.close(reader)
        os.close(writer)
        numbers = set(done.stdout.split())
        self.assertTrue(numbers <= {b"0", b"1", b"2", b"255"}, numbers)

    def watch_temporary(self, process, total):
        """The modes of the temporary file of write-file or copy-file while only a part of the content is in it."""
        modes = set()
        while process.poll() is None:
            for entry in self.work.glob(".pflow-*.tmp"):
                with contextlib.suppress(OSError):
                    info = entry.stat()
                    if 0 < info.st_size < total:
                        modes.add(oct(info.st_mode & 0o7777))
        return modes

    def assert_private_until_complete(self, name, total, result, mode):
        for _ in range(20):  # a fast disk may be faster than a look
            process = self.start("run", name, umask=0o022)
            modes = self.watch_temporary(process, total)
            self.assertEqual(process.returncode, 0)
            self.assertEqual(oct((self.work / result).stat().st_mode & 0o7777), oct(mode))
            self.assertEqual((self.work / result).stat().st_size, total)
            if modes:
                break
            (self.work / result).unlink()
        self.assertEqual(modes, {"0o600"})
        self.assertEqual(list(self.work.glob(".pflow-*")), [])

    def test_nobody_else_reads_a_copy_before_it_has_its_mode(self):
        total = 200 << 20
        with open(self.work / "a", "wb") as file:
            file.truncate(total)
        (self.work / "a").chmod(0o640)
        nodes = [{"id": "c", "type": "copy-file", "params": {"source_path": "a", "dest_path": "b"}}]
        self.assert_private_until_complete(self.workflow(nodes), total, "b", 0o640)

    def test_nobody_else_reads_a_new_file_before_it_is_complete(self):
        total = 60 << 20
        nodes = [self.shell(f"head -c {total} /dev/zero"),
                 {"id": "w", "type": "write-file", "params": {"file_path": "b", "content": "${sh.stdout}"}}]
        self.assert_private_until_complete(self.workflow(nodes), total, "b", 0o644)

    def test_a_new_file_gets_the_mode_of_the_umask(self):
        nodes = [{"id": "w", "type": "write-file", "params": {"file_path": "b", "content": "x"}}]
        name = self.workflow(nodes)
        for umask in (0o000, 0o022, 0o027, 0o077, 0o277):
            with self.subTest(umask=oct(umask)):
                (self.work / "b").unlink(missing_ok=True)
                done = self.run_host("run", name, umask=umask)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.assertEqual(oct((self.work / "b").stat().st_mode & 0o7777), oct(0o666 & ~umask))

    def append_60_mib(self, limit):
        """Begins to append to the file "log", which a limit on the length of files will stop."""
        (self.work / "log").write_text("old\n")
        nodes = [self.shell(f"head -c {60 << 20} /dev/zero"),
                 {"id": "w", "type": "write-file", "params": {"file_path": "log", "content": "${sh.stdout}", "append": True}}]
        return self.start("run", self.workflow(nodes),
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    def test_an_append_that_does_not_fit_is_taken_back(self):
        process = self.append_60_mib(10 << 20)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        self.assertIn(b'cannot write "log": File too large;', err)
        self.assertEqual((self.work / "log").read_text(), "old\n")

    def test_an_append_that_does_not_fit_leaves_what_others_appended(self):
        process = self.append_60_mib(50 << 20)
        while (self.work / "log").stat().st_size == 4 and process.poll() is None:
            pass
        process.send_signal(signal.SIGSTOP)
        with open(self.work / "log", "ab") as log:
            log.write(b"theirs\n")
        process.send_signal(signal.SIGCONT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        log = (self.work / "log").read_bytes()
        self.assertTrue(log.startswith(b"old\n"))
        self.assertEqual(log.count(b"theirs\n"), 1)

    def test_numbers_look_the_same_in_every_locale(self):
        available = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
        names = [n for n in available if n.lower().replace("-", "") in ("de_de.utf8", "fr_fr.utf8", "de_de", "fr_fr")]
        if not names:
            self.skipTest("no locale with a decimal comma is installed")
        nodes = [{"id": "a", "type": "echo", "params": {"data": [1.5, 1234567.25]}},
                 {"id": "b", "type": "echo", "params": {"message": "${n} ${a.data}"}}]
        self.env.update(LC_ALL=names[0], LANG=names[0])
        done = self.run_host("run", self.workflow(nodes, inputs={"n": {"type": "number"}}), "n=2.5")
        self.assertEqual((done.returncode, done.stdout), (0, b"2.5 [1.5,1234567.25]\n"))

    def test_a_working_directory_that_is_gone(self):
        name = self.workflow(HELLO)
        gone = self.folder / "gone"
        gone.mkdir()
        command = f'cd "{gone}" && rmdir "{gone}" && exec "{HOST}" run "{self.work / name}"'
        done = subprocess.run(["/bin/sh", "-c", command], env=self.env, capture_output=True, timeout=20, check=False,
                              stdin=subprocess.DEVNULL)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"hello\n", b""))

    def test_plugins_are_found_beside_the_program_called_through_a_link(self):
        (self.work / "link").symlink_to(HOST)
        done = subprocess.run([str(self.work / "link"), "run", self.workflow(HELLO)], cwd=self.work, env=self.env,
                              capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"hello\n", b""))

    def test_text_and_json_select_the_same_data(self):
        for outputs in ({}, {"outputs": {"e": {"source": "${a.echo}"}}}):
            name = self.workflow(HELLO, **outputs)
            text = self.run_host("run", name).stdout.decode()
            line = json.loads(self.run_host("run", name, "--output-format", "json").stdout)
            self.assertEqual([v + "\n" for v in line["result"].values()], [text])
            self.assertEqual(line["structured_output"], line["result"])


if __name__ == "__main__":
    unittest.main()
