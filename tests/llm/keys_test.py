#!/usr/bin/env python3
"""A key goes to its vendor in a header and is nowhere else: no URL, no argument, no trace, no log, no error."""

import base64
import json
import pathlib
import unittest
import urllib.parse

from asking import AskingTest, KEY, SHAPES


def forms():
    raw = KEY.encode()
    yield raw
    escaped = json.dumps(KEY)[1:-1]
    yield escaped.encode()
    yield json.dumps(escaped)[1:-1].encode()
    yield urllib.parse.quote(KEY, safe="").encode()
    for before in range(3):  # whatever stands before it in what is encoded
        whole = base64.b64encode(b"x" * before + raw)
        yield whole[4 if before else 0:-4]


class Keys(AskingTest):
    def assert_kept(self, done):
        texts = [("stdout", done.stdout), ("stderr", done.stderr)]
        texts += [(str(p), p.read_bytes()) for p in (self.folder / "home").rglob("*") if p.is_file()]
        for where, text in texts:
            for form in forms():
                self.assertNotIn(form, text, f"{where} has the key as {form!r}")

    def runs(self, prompt, code, **params):
        for provider, extra, model in SHAPES.values():
            nodes = [self.ask(prompt, **extra, **params)]
            self.assert_kept(self.run_flow(nodes, "--llm-provider", provider, "--model", model, "--trace", "-vv",
                                           "--output-format", "json", code=code))

    def test_an_answer_that_repeats_the_key_does_not_bring_it_into_the_trace(self):
        server = self.serve("--marks", f"[[say={base64.b64encode(KEY.encode()).decode()}]]")
        for provider, extra, model in list(SHAPES.values())[:4]:
            done = self.run_flow([self.ask("hello", **extra)], "--llm-provider", provider, "--model", model, "--trace")
            for path in self.debug.glob("*.json"):
                for form in forms():
                    self.assertNotIn(form, path.read_bytes())
            self.assertIn(base64.b64encode(KEY.encode()), done.stdout)  # the result is the user's own
        self.assertEqual(server.ledger()["misplaced_keys"], {})

    def test_calls_that_go_well_keep_it(self):
        server = self.serve()
        self.runs("hello", 0)
        self.runs("hello", 0, stream=True)
        ledger = server.ledger()
        self.assertEqual((ledger["misplaced_keys"], ledger["auth_failures"]), ({}, 0))
        for request in server.requests():
            self.assertNotIn("key=", request["target"])

    def test_calls_that_fail_keep_it(self):
        server = self.serve("--marks", "[[retry=ms:1]]")
        for fault in ("429", "quota", "404", "garbage", "html"):
            self.runs(f"[[fault={fault}]]", 1)
        self.runs("[[fault=cut]]", 1, stream=True)
        self.assertEqual(server.ledger()["misplaced_keys"], {})

    def test_an_error_that_quotes_it_is_told_without(self):
        self.serve("--key", "another-key-0123456789")  # the last one given counts
        for provider, extra, model in list(SHAPES.values())[:4]:
            done = self.run_flow([self.ask("hello", **extra)], "--llm-provider", provider, "--model", model, "--trace",
                                 "-vv", code=1)
            self.assert_kept(done)
            self.assertIn(b"<redacted:", done.stderr)

    def test_it_is_no_argument_of_a_process(self):
        self.serve("--marks", "[[slow_head=1000]]")
        self.workflow([self.ask("hello")])
        process = self.start("run", "w.json", "--model", "gpt-4o-mini")
        self.wait_until(lambda: self.marked(), "the program runs")
        for pid in self.marked():
            self.assertNotIn(KEY.encode(), pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
        self.assertEqual(process.wait(30), 0)

    def test_the_trace_tells_of_the_calls_without_it(self):
        self.serve()
        provider, _, model = SHAPES["gemini"]
        self.run_flow([self.ask("hello")], "--llm-provider", provider, "--model", model, "--trace")
        (event,) = self.trace()["nodes"]
        (call,) = event["http_calls"]
        self.assertEqual(call["status"], 200)
        self.assertTrue(call["url"].endswith("/v1beta/models/gemini-2.5-flash:generateContent"), call["url"])


if __name__ == "__main__":
    unittest.main()
