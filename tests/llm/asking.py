"""What the tests of providers share: the model server of tests/servers, and a program that is pointed at it."""

import json
import pathlib
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import jsonschema  # noqa: E402
from program import ProgramTest  # noqa: E402
from result_line import line_of  # noqa: E402

SERVER = ROOT / "tests/servers/llm_server.py"
TRACE_SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/trace.schema.json").read_text()))
KEY = 'sk-live-"Q8"\\7/Zx+9kPq?w=='  # quotes, a backslash and all that URLs change
KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY")
# provider, further parameters of the node, a model with a list price (but for ollama's, which is free)
SHAPES = {"openai": ("openai", {}, "gpt-4o-mini"),
          "responses": ("openai", {"api": "responses"}, "gpt-4o-mini"),
          "anthropic": ("anthropic", {}, "claude-haiku-4-5"),
          "gemini": ("gemini", {}, "gemini-2.5-flash"),
          "ollama": ("ollama", {}, "llama3.2")}
LIST_PRICES = {"gpt-4o-mini": "0.15/0.6/0.075", "claude-haiku-4-5": "1/5/0.1/1.25/2", "gemini-2.5-flash": "0.3/2.5/0.03"}


class Server:
    """A model server that runs until the test ends."""

    def __init__(self, test, *options):
        command = [sys.executable, "-B", str(SERVER), "--key", KEY, "--record", *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        test.addCleanup(self.stop)
        port = self.process.stdout.readline().strip()
        test.assertTrue(port.isdigit(), "the model server did not start")
        self.authority = "127.0.0.1:" + port
        self.url = "http://" + self.authority

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        finally:
            self.process.kill()
            self.process.stdout.close()

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def ledger(self):
        return self.get("/__ledger")

    def requests(self):
        return self.get("/__requests")


class AskingTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.debug = self.folder / "home/.pflow/debug"
        for name in (*KEYS, "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GEMINI_BASE_URL", "OLLAMA_HOST", "http_proxy",
                     "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            self.env.pop(name, None)

    def serve(self, *options):
        """Starts a server and points every provider at it."""
        server = Server(self, *options)
        self.env.update(OPENAI_BASE_URL=server.url + "/v1", ANTHROPIC_BASE_URL=server.url, GEMINI_BASE_URL=server.url,
                        OLLAMA_HOST=server.authority, **dict.fromkeys(KEYS, KEY))
        return server

    def ask(self, prompt="Why is the sea salty?", id="ask", **params):
        return {"id": id, "type": "llm", "params": {"prompt": prompt, **params}}

    def run_flow(self, nodes, *args, code=0, **more):
        done = self.run_host("run", self.workflow(nodes, **more), *args)
        self.assertEqual(done.returncode, code, done.stdout.decode()[-4000:] + done.stderr.decode()[-4000:])
        return done

    def line(self, nodes, *args, code=0, **more):
        """The result line."""
        return line_of(self.run_flow(nodes, "--output-format", "json", *args, code=code, **more).stdout)

    def error(self, nodes, *args, code=1, **more):
        """The one error of the result line."""
        errors = self.line(nodes, *args, code=code, **more)["errors"]
        self.assertEqual(len(errors), 1, errors)
        return errors[0]

    def trace(self):
        paths = sorted(self.debug.glob("*.json"))
        self.assertEqual(len(paths), 1, paths)
        document = json.loads(paths[0].read_text())
        problem = jsonschema.exceptions.best_match(TRACE_SCHEMA.iter_errors(document))
        self.assertIsNone(problem, problem and f"{problem.json_path}: {problem.message}")
        return document


def nano_usd(line):
    """The total of a result line, exactly: it has at most nine decimals."""
    return round(line["total_cost_usd"] * 1e9)
