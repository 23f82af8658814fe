"""Runs every workflow of examples/ as its README says: offline, and with a key against servers that speak the vendors' protocols."""
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(os.environ["PFLOW_SOURCE_DIR"])
HOST = pathlib.Path(os.environ["PFLOW_HOST"])
KEY = "a-key-of-the-examples-test"
PARTS = re.split(r"^With a key:$", (ROOT / "examples/README.md").read_text(), flags=re.M)
LINE = re.compile(r"^pflow-host run .*$", re.M)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class Examples(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "examples", self.folder / "examples")
        for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
            shutil.copy(ROOT / name, self.folder)
        (self.folder / "docs").mkdir()
        (self.folder / "docs/a-file").write_text("of the newest\n")

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if not re.search("PFLOW|API_KEY|BASE_URL|OLLAMA|proxy", k, re.I)}
        return {**kept, "HOME": str(self.folder), "PATH": f"{HOST.parent}:{kept['PATH']}", **more}

    def serve(self):
        """The folder over HTTP; gives its address."""
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *a: Quiet(*a, directory=self.folder))
        threading.Thread(target=server.serve_forever).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}"

    def vendors(self):
        """A server that speaks the protocols of all vendors, as environment."""
        server = subprocess.Popen([sys.executable, ROOT / "tests/servers/llm_server.py", "--key", KEY], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.stdin.close)
        address = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        return {f"{name}_{what}": value for name in ("OPENAI", "ANTHROPIC", "GEMINI")
                for what, value in (("API_KEY", KEY), ("BASE_URL", address))}

    def run_line(self, line, **more):
        line = line.replace("http://127.0.0.1:8000", self.serve())
        done = subprocess.run(["sh", "-c", line], cwd=self.folder, env=self.environment(**more), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}{done.stderr}")
        self.assertNotEqual(done.stdout, "", line)
        return done.stdout

    def test_every_workflow_is_in_the_readme(self):
        told = set(re.findall(r"examples/(\S+\.json)", PARTS[0]))
        self.assertEqual(told, {p.name for p in (ROOT / "examples").glob("*.json")})

    def test_each_line_runs_without_a_key(self):
        for line in LINE.findall(PARTS[0]):
            with self.subTest(line):
                self.run_line(line)

    def test_each_line_runs_with_a_key(self):
        vendors = self.vendors()
        lines = LINE.findall(PARTS[1])
        self.assertTrue(lines)
        lines += [line.replace("--llm-provider offline", "--llm-provider gemini --model gemini-2.5-flash")
                  for line in LINE.findall(PARTS[0]) if "offline" in line and "first=" not in line]
        for line in lines:
            with self.subTest(line):
                self.run_line(line, **vendors)

    def test_all_rows_are_classified(self):
        line = "pflow-host run examples/classify-rows.json --llm-provider anthropic --model claude-haiku-4-5 --output-format json"
        said = json.loads(self.run_line(line, **self.vendors()))
        self.assertEqual(said["result"]["classified"], 200)
        self.assertEqual(said["num_turns"], 200)
        self.assertGreater(said["total_cost_usd"], 0)

    def test_two_providers_are_compared_by_cost(self):
        said = self.run_line("pflow-host run examples/compare-providers.json -o comparison", **self.vendors())
        self.assertRegex(said, r"^gpt-4o-mini: \d+ tokens, \S+ USD\nclaude-haiku-4-5: \d+ tokens, \S+ USD\n$")


if __name__ == "__main__":
    unittest.main()
