#!/usr/bin/env python3
"""The providers against a server that others wrote: npm's @copilotkit/aimock, which speaks OpenAI's, Anthropic's and Gemini's wire formats
and keeps a journal of what it was sent. Skipped where npm, or the package, is not to be had.

Where it differs from the vendors, as of 1.43: without `usage` in a fixture it counts 0 tokens for Anthropic and Gemini (Ollama: always);
Anthropic's message_start has the final output count already, and request ids come as x-request-id; Gemini's answers have no modelVersion
and no responseId, counts come in the last chunk only, and an error's status is the fixture's word, without details; each 429 has a
Retry-After header, 1 s unless a fixture says otherwise.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from program import ProgramTest  # noqa: E402
from result_line import line_of  # noqa: E402

SKIPPED = 77
PACKAGE = "@copilotkit/aimock@1"
KEY = "key-of-the-test-0123456789"
TEXT = "A plain answer: ünïcode ✓ and more words, so that it comes in pieces."
USAGE = {"prompt_tokens": 1000, "completion_tokens": 200, "input_tokens": 1000, "output_tokens": 200, "promptTokenCount": 1000,
         "candidatesTokenCount": 200}
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name", "age"],
          "additionalProperties": False}


def fixtures():
    def answer(message, content=TEXT, match=None, **more):
        return {"match": {"userMessage": message, **(match or {})}, "response": {"content": content, "usage": USAGE}, **more}

    def error(message, status, text, **more):
        return {"match": {"userMessage": message, "sequenceIndex": 0} if more.pop("once", False) else {"userMessage": message},
                "response": {"error": {"message": text, "type": "some_error", **more}, "status": status, "retryAfter": 0}}

    found = [answer("tell me", match={"systemMessage": "You are terse"}), answer("as data", content='{"name": "Ada", "age": 36}'),
             answer("wrong data", content='{"name": "Ada"}'), answer("cut it", truncateAfterChunks=3),
             error("always broken", 500, "it broke for good"), error("no such thing", 404, "that model is not here")]
    found.append(answer("think", content="Thought through."))
    found[-1]["response"]["reasoning"] = "Let me see."
    for provider in ("openai", "anthropic", "gemini"):  # each has its own turn
        found += [error(f"limited {provider}", 429, "slow down", once=True), answer(f"limited {provider}")]
    return {"fixtures": found}


class Aimock:
    """The server, which wants this key, or none."""

    folder = None

    def __init__(self, key=KEY):
        self.process = subprocess.Popen(
            ["node", self.folder / "node_modules/@copilotkit/aimock/dist/cli.js", "--port", "0", "--fixtures",
             self.folder / "fixtures.json", "--strict", "--latency", "5"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | ({"AIMOCK_API_KEYS": key} if key else {}))
        self.url = None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "listening on " in line:
                self.url = line.split("listening on ")[1].strip()
                break
        if self.url is None:
            raise RuntimeError("aimock does not start: " + "".join(said))
        self.reader = threading.Thread(target=self.process.stdout.read, daemon=True)  # so that it never waits
        self.reader.start()

    def ask(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method, data=body and json.dumps(body).encode(),
                                         headers={"Authorization": "Bearer " + KEY, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def journal(self):
        return json.loads(self.ask("GET", "/__aimock/journal"))

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.reader.join(timeout=10)


class AimockTest(ProgramTest):
    server = None

    def setUp(self):
        super().setUp()
        for name in [n for n in self.env if n.lower().endswith("_proxy")]:
            del self.env[name]
        self.env.update(OPENAI_BASE_URL=self.server.url + "/v1", ANTHROPIC_BASE_URL=self.server.url, GEMINI_BASE_URL=self.server.url,
                        OLLAMA_HOST=self.server.url)
        for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"):
            self.env[name] = KEY

    def asked(self, provider, model, prompt, *args, code=0, node=None, **params):
        """Runs one llm node, which does not say who answers; gives the result line."""
        document = self.workflow([{"id": "ask", "type": "llm", "params": {"prompt": prompt, **params}, **(node or {})}])
        done = self.run_host("run", document, "--llm-provider", provider, "--model", model, "--output-format", "json", "--trace", *args)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        traces = b"".join(p.read_bytes() for p in (self.folder / "home/.pflow/debug").glob("*.json"))
        self.assertNotIn(KEY.encode(), done.stdout + done.stderr + traces)
        return line_of(done.stdout)

    def assert_metered(self, line, model, cost, calls=1):
        self.assertEqual((line["usage"]["input_tokens"], line["usage"]["output_tokens"]), (1000 * calls, 200 * calls))
        self.assertAlmostEqual(line["total_cost_usd"], cost * calls, places=12)
        used = line["modelUsage"][model]
        self.assertEqual((used["costBasis"], line["cost_incomplete"]), ("list", False))

    def assert_attempts(self, line, attempts):
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["ask"]["attempts"], attempts)


class Provider:
    """What holds for each of them. `cost`: of 1,000 tokens in and 200 out, by the price list."""

    def ask(self, prompt, *args, **more):
        return self.asked(self.provider, self.model, prompt, *args, **more)

    def test_a_workflow_is_answered_metered_and_priced(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                line = self.ask("tell me", system="You are terse.", stream=stream)
                self.assertEqual(line["result"], {"response": TEXT})
                self.assert_metered(line, self.model, self.cost)
                self.assertEqual(line["modelUsage"][self.model]["provider"], self.provider)

    def test_what_is_sent_is_what_was_asked(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                self.ask("tell me", system="You are terse.", stream=stream, temperature=0.25, max_tokens=77)
                sent = self.server.journal()[-1]
                self.assertEqual(sent["path"].partition("?")[0], self.stream_path if stream else self.path)
                self.assertNotIn(KEY, sent["path"])
                body = sent["body"]  # as aimock reads it: in OpenAI's form, whoever's it was
                self.assertEqual((body["model"], body.get("stream", False), body["temperature"]), (self.model, stream, 0.25))
                self.assertEqual(body.get("max_tokens", body.get("max_completion_tokens")), 77)
                self.assertEqual([(m["role"], m["content"]) for m in body["messages"]],
                                 [("system", "You are terse."), ("user", "tell me")])

    def test_a_limited_call_is_asked_again_and_paid_once(self):
        line = self.ask(f"limited {self.provider}")
        self.assertEqual(line["result"], {"response": TEXT})
        self.assert_attempts(line, 2)
        self.assert_metered(line, self.model, self.cost)

    def test_a_server_that_stays_broken_fails_the_node_with_its_own_words(self):
        line = self.ask("always broken", code=1, node={"retry": {"max_attempts": 2, "wait_ms": 1}})
        error, = line["errors"]
        for word in (self.provider, self.model, "500", "it broke for good"):
            self.assertIn(word, error["message"].lower())
        self.assert_attempts(line, 2)
        self.assertEqual(line["total_cost_usd"], 0)

    def test_what_is_not_there_is_not_asked_for_twice(self):
        line = self.ask("no such thing", code=1)
        self.assertIn("that model is not here", line["errors"][0]["message"])
        self.assert_attempts(line, 1)

    def test_a_wrong_key_is_named_by_its_variable_and_not_tried_twice(self):
        name = f"{self.provider.upper()}_API_KEY"
        self.env[name] = "wrong-" + KEY
        line = self.ask("tell me", code=1)
        error, = line["errors"]
        self.assertIn(name, error["message"] + str(error["hint"]))
        self.assert_attempts(line, 1)

    def test_a_stream_that_is_cut_is_an_error_not_half_an_answer(self):
        line = self.ask("cut it", code=1, stream=True, node={"retry": {"max_attempts": 1}})
        self.assertEqual((line["is_error"], line["result"]), (True, None))
        self.assertEqual(line["usage"]["input_tokens"], self.tokens_of_cut)

    def test_data_is_parsed_and_checked(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                line = self.ask("as data", output_schema=SCHEMA, stream=stream)
                self.assertEqual(line["result"], {"response": {"name": "Ada", "age": 36}})
        line = self.ask("wrong data", code=1, output_schema=SCHEMA, node={"retry": {"max_attempts": 1}})
        self.assertIn("age", line["errors"][0]["message"])

    def test_a_batch_with_limits_and_lost_connections_costs_what_its_answers_do(self):
        self.server.ask("POST", "/__aimock/chaos", {"rateLimitRate": 0.1, "disconnectRate": 0.05})
        self.addCleanup(self.server.ask, "DELETE", "/__aimock/chaos")
        line = self.ask("tell me ${item}", system="You are terse.", node={
            "batch": {"items": list(range(60)), "parallel": True, "max_concurrent": 20, "max_retries": 12, "retry_wait": 1}})
        self.assertEqual(line["status"], "success")
        self.assert_metered(line, self.model, self.cost, calls=60)


class OpenAi(Provider, AimockTest):
    provider, model, cost = "openai", "gpt-4o-mini", 0.00027
    path = stream_path = "/v1/chat/completions"
    tokens_of_cut = 0  # told at the end of a stream

    def test_usage_of_a_stream_is_asked_for(self):
        self.ask("tell me", system="You are terse.", stream=True)
        self.assertEqual(self.server.journal()[-1]["body"]["stream_options"], {"include_usage": True})

    def test_the_responses_api_is_read_too(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                line = self.ask("tell me", system="You are terse.", stream=stream, api="responses")
                self.assertEqual(line["result"], {"response": TEXT})
                self.assert_metered(line, self.model, self.cost)
                self.assertEqual(self.server.journal()[-1]["path"], "/v1/responses")


class Reasoning:
    def test_reasoning_is_kept_apart_from_the_answer(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                self.assertEqual(self.ask("think", stream=stream)["result"], {"response": "Thought through."})
                line = self.ask("think", "-o", "reasoning", stream=stream)
                self.assertEqual(line["result"], {"reasoning": "Let me see."})


class Anthropic(Provider, Reasoning, AimockTest):
    provider, model, cost = "anthropic", "claude-sonnet-4-5", 0.006
    path = stream_path = "/v1/messages"
    tokens_of_cut = 1000  # told at its start


class Gemini(Provider, Reasoning, AimockTest):
    provider, model, cost = "gemini", "gemini-2.5-flash", 0.0008
    path = "/v1beta/models/gemini-2.5-flash:generateContent"
    stream_path = "/v1beta/models/gemini-2.5-flash:streamGenerateContent"
    tokens_of_cut = 0


class Ollama(AimockTest):
    @classmethod
    def setUpClass(cls):
        cls.server = Aimock(key=None)  # nobody has a key for it
        cls.addClassCleanup(cls.server.end)

    def test_it_answers_for_nothing(self):
        for stream in (False, True):
            with self.subTest(stream=stream):
                line = self.asked("ollama", "llama3.2", "tell me", system="You are terse.", stream=stream)
                self.assertEqual((line["result"], line["total_cost_usd"]), ({"response": TEXT}, 0))


def main():
    if not (shutil.which("npm") and shutil.which("node")):
        print("npm is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory() as name:
        folder = Aimock.folder = pathlib.Path(name)
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", PACKAGE], cwd=folder,
                              capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            print("the package is not to be had:", done.stderr)
            return SKIPPED
        (folder / "fixtures.json").write_text(json.dumps(fixtures()))
        AimockTest.server = Aimock()
        try:
            return 0 if unittest.main(exit=False).result.wasSuccessful() else 1
        finally:
            AimockTest.server.end()


if __name__ == "__main__":
    sys.exit(main())
