"""The program under test, for the end-to-end tests that need a script: a fresh folder, a fresh HOME, and how to run."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import uuid

import known_plugins

HOST = os.environ.get("PFLOW_HOST", "")
PATIENCE_S = 60
SANITIZED = any(mark in pathlib.Path(HOST).read_bytes() for mark in (b"__asan_init", b"__tsan_init")) if HOST else False


class ProgramTest(unittest.TestCase):
    """A folder of its own for each test; nothing of the caller's PFLOW_* reaches the program."""

    COLD = False  # True: the program has yet to find out about its plugins

    def setUp(self):
        self.assertTrue(os.access(HOST, os.X_OK), "PFLOW_HOST must name the program")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pflow-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.work = self.folder / "work"
        self.work.mkdir()
        (self.folder / "home").mkdir()
        if not self.COLD:
            known_plugins.remember_in(self.folder / "home/.pflow")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("PFLOW_")}
        self.env.update(HOME=str(self.folder / "home"), PFLOW_HOME=str(self.folder / "home/.pflow"), LC_ALL="C.UTF-8")
        self.marker = uuid.uuid4().hex
        self.env["PFLOW_TEST_MARKER"] = self.marker  # every process of this test carries it

    def workflow(self, nodes, **more):
        """Writes a document and gives its name."""
        (self.work / "w.json").write_text(json.dumps({"nodes": nodes, **more}))
        return "w.json"

    def shell(self, command, **params):
        return {"id": "sh", "type": "shell", "params": {"command": command, **params}}

    def start(self, *args, **options):
        settings = dict(cwd=self.work, env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE)
        settings.update(options)
        process = subprocess.Popen([HOST, *args], **settings)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()
        for pid in self.marked():
            os.kill(pid, signal.SIGKILL)

    def run_host(self, *args, **options):
        settings = dict(cwd=self.work, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE_S,
                        check=False)
        if "input" not in options:
            settings["stdin"] = subprocess.DEVNULL
        settings.update(options)
        return subprocess.run([HOST, *args], **settings)

    def marked(self):
        """The processes of this test that still live, the test itself left out."""
        needle, pids = ("PFLOW_TEST_MARKER=" + self.marker).encode(), []
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) == os.getpid():
                continue
            try:
                alive = pathlib.Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
                if alive and needle in pathlib.Path(f"/proc/{entry}/environ").read_bytes():
                    pids.append(int(entry))
            except OSError:
                pass
        return pids

    def wait_until(self, condition, what, seconds=10.0):
        until = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), until, f"not within {seconds} s: {what}")
            time.sleep(0.01)

    def assert_nothing_left(self, seconds=2.0):
        self.wait_until(lambda: not self.marked(), "all processes are gone", seconds)
