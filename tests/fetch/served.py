"""What the tests of fetch share: a server of faults for each class, and workflows of one fetch node."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from program import HOST, SANITIZED, ProgramTest  # noqa: E402,F401
from result_line import line_of  # noqa: E402,F401

OUTPUTS = ("response", "status_code", "response_headers", "response_time_ms", "url")


class ServedTest(ProgramTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        command = [sys.executable, "-B", str(ROOT / "tests/servers/fault_server.py")]
        cls.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.end_server)
        cls.places = json.loads(cls.server.stdout.readline())

    @classmethod
    def end_server(cls):
        cls.server.stdin.close()
        try:
            cls.server.wait(10)
        finally:
            cls.server.kill()
            cls.server.stdout.close()

    def setUp(self):
        super().setUp()
        for name in list(self.env):  # a proxy of whoever runs the tests is none of theirs
            if name.lower().endswith("_proxy"):
                del self.env[name]

    def url(self, path, at="port"):
        scheme = "https" if at == "tls_port" else "http"
        return f"{scheme}://127.0.0.1:{self.places[at]}{path}"

    def fetch(self, path, at="port", **params):
        url = path if path.startswith(("http://", "https://")) else self.url(path, at)
        return {"id": "f", "type": "fetch", "params": {"url": url, **params}}

    def flow(self, node, more=()):
        """A document that gives what came of `node` in either case; `more` nodes go in front of it."""
        told = {name: f"${{f.{name}}}" for name in OUTPUTS}
        nodes = [*more, node, {"id": "ok", "type": "echo", "params": {"data": told}},
                 {"id": "bad", "type": "echo", "params": {"data": "${f.error}"}}]
        chain = [*(n["id"] for n in more), "f", "ok"]
        edges = [{"from": a, "to": b} for a, b in zip(chain, chain[1:])]
        edges.append({"from": "f", "to": "bad", "action": "error"})
        outputs = {"answer": {"source": "${ok.data}"}, "error": {"source": "${bad.data}"}}
        return self.workflow(nodes, edges=edges, outputs=outputs)

    def ended(self, node, *args, more=()):
        done = self.run_host("run", self.flow(node, more), "--output-format", "json", *args)
        line = line_of(done.stdout)
        self.assertEqual(line["errors"], [], done.stderr)
        return line["result"]

    def answer(self, path, at="port", more=(), **params):
        """The outputs of a fetch that works."""
        result = self.ended(self.fetch(path, at, **params), more=more)
        self.assertIsNone(result["error"])
        return result["answer"]

    def response(self, path, at="port", more=(), **params):
        return self.answer(path, at, more, **params)["response"]

    def failure(self, path, at="port", more=(), retry=None, **params):
        """The error of a fetch that does not; tried once unless `retry` says otherwise. HOST stands for the server."""
        node = {**self.fetch(path, at, **params), "retry": retry or {"max_attempts": 1}}
        result = self.ended(node, more=more)
        self.assertIsNone(result["answer"])
        error = result["error"]
        for name in ("port", "other_port", "tls_port"):
            error["message"] = error["message"].replace(f"127.0.0.1:{self.places[name]}", name.upper().replace("PORT", "HOST"))
        return error

    def failed_with(self, code, message, path, at="port", **params):
        """Code and the whole message, a regular expression."""
        error = self.failure(path, at, **params)
        self.assertEqual(error["code"], code, error)
        self.assertRegex(error["message"], f"^(?:{message})$")
        return error

    def visits(self, key):
        return self.response(f"/visits/{key}")

    def visited(self, key):
        """The same, asked by the test itself, which may do it often."""
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url(f"/visits/{key}")) as answer:
            return json.load(answer)

    def fresh_key(self):
        return f"{self.marker}"


def sent_headers(echoed, name):
    """All values of a header that /echo was sent."""
    return [value for key, value in echoed["headers"] if key.lower() == name.lower()]


assert os.access(HOST, os.X_OK), "PFLOW_HOST must name the program"
