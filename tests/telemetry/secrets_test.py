#!/usr/bin/env python3
"""A key, wherever it comes from and whatever it went through, is in no trace, no log and no message."""

import base64
import json
import unittest
import urllib.parse

from measured import MeasuredTest

KEY = 'sk-live-"Q8"\\7/Zx+9kPq?w=='  # quotes, a backslash and all that URLs change


class Secrets(MeasuredTest):
    def forms(self):
        raw = KEY.encode()
        yield raw
        escaped = json.dumps(KEY)[1:-1]
        yield escaped.encode()
        yield json.dumps(escaped)[1:-1].encode()
        yield urllib.parse.quote(KEY, safe="").encode()
        for before in range(3):  # whatever stands before it in what is encoded
            whole = base64.b64encode(b"x" * before + raw)
            yield whole[4 if before else 0:-4]

    def assert_kept(self, done, result=b""):
        """`done` ran with --trace: the key is nowhere but in the user's own result."""
        paths = self.traces()
        self.assertEqual(len(paths), 1)
        self.trace()
        for where, text in (("stderr", done.stderr), ("trace", paths[0].read_bytes())):
            for form in self.forms():
                self.assertNotIn(form, text, f"{where} has the key as {form!r}")
        paths[0].unlink()

    def test_a_secret_parameter_stays_out(self):
        nodes = [self.meter("a", api_key=KEY, log=f"calling with {KEY}", response=f"you sent {KEY}"),
                 self.echo(message="${a.response}")]
        done = self.run_flow(nodes, "--trace", "-vv")
        self.assert_kept(done)
        self.assertIn(b"<redacted:", done.stderr)

    def test_a_secret_parameter_that_a_template_fills_stays_out(self):
        nodes = [self.shell("printf %s \"$VALUE\"", env={"VALUE": KEY}), self.meter("a", api_key="${sh.stdout}", log=KEY),
                 {"id": "b", "type": "test.meter", "params": {"log": "then ${sh.stdout}", "fail_times": 1,
                                                              "fail_with": "refused: ${sh.stdout}"}}]
        # The shell itself does not know that its output is a key; from the second node on everybody does.
        done = self.run_flow(nodes, "--trace", "-vv", code=1)
        for form in self.forms():
            self.assertNotIn(form, done.stderr)
        events = self.trace()["nodes"]
        for event in events[1:]:
            for form in self.forms():
                self.assertNotIn(form, json.dumps(event).encode())

    def test_an_input_that_is_declared_secret_stays_out(self):
        nodes = [self.echo(message="${token} and ${token}", data={"deep": [{"t": "${token}"}]})]
        done = self.run_flow(nodes, "--trace", "-vv", "token=" + KEY, inputs={"token": {"secret": True}})
        self.assert_kept(done)
        self.assertIn(KEY.encode(), done.stdout)  # the result is the user's own

    def test_an_error_text_stays_clean(self):
        node = {**self.meter("a", api_key=KEY, fail_times=9, fail_with=f"401: key {KEY} is wrong"),
                "retry": {"max_attempts": 3, "wait_ms": 1}}
        done = self.run_flow([node], "--trace", "-v", code=1)
        self.assert_kept(done)
        done = self.run_flow([node], "--trace", "--output-format", "json", code=1)
        for form in self.forms():
            self.assertNotIn(form, done.stdout)
        self.assert_kept(done)

    def test_a_shells_environment_stays_out(self):
        node = self.shell('printf %s "$API_KEY" | tee /dev/stderr; printf %s "$API_KEY" | base64 -w0; exit 3',
                          env={"API_KEY": KEY})
        self.assert_kept(self.run_flow([node], "--trace", "-vv", code=1))

    def test_a_key_in_the_programs_own_environment_stays_out(self):
        self.env["ACME_API_KEY"] = KEY
        for padding in ("", "x", "xx"):
            node = self.shell(f'printf %s "{padding}$ACME_API_KEY" | base64 -w0; echo; printf %s "$ACME_API_KEY"; exit 3')
            self.assert_kept(self.run_flow([node], "--trace", "-v", code=1))

    def test_headers_and_keys_that_are_named_like_secrets_stay_out(self):
        headers = {"Authorization": "Bearer " + KEY, "X-Api-Key": KEY, "Accept": "text/plain"}
        done = self.run_flow([self.echo(data={"headers": headers, "password": KEY, "url": "https://x.test/?a=1&key=" +
                                              urllib.parse.quote(KEY, safe="")})], "--trace", "-o", "echo")
        params = self.trace()["nodes"][0]["params"]
        self.assertEqual(params["data"]["headers"]["Accept"], "text/plain")
        self.assertTrue(params["data"]["url"].startswith("https://x.test/?a=1&key=<redacted"), params)
        self.assert_kept(done)

    def test_redactions_are_counted_and_named(self):
        trace = self.traced([self.meter("a", api_key=KEY)])
        self.assertGreater(trace["redactions"], 0)
        self.assertEqual(trace["nodes"][0]["params"]["api_key"], "<redacted:api_key>")

    def test_a_secret_that_is_cut_leaves_no_half(self):
        self.env["PFLOW_TRACE_STORE_MAX"] = "20"
        nodes = [self.meter("a", api_key=KEY, response="0123456789" + KEY)]
        done = self.run_flow(nodes, "--trace")
        text = self.traces()[0].read_text()
        self.assertNotIn(KEY[:6], text)
        self.assert_kept(done)

    def test_a_number_that_is_secret_leaves_valid_json(self):
        nodes = [self.echo(data={"pin": "${pin}", "same": 12345678})]
        done = self.run_flow(nodes, "--trace", "pin=12345678", inputs={"pin": {"secret": True, "type": "integer"}})
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("12345678", self.traces()[0].read_text())
        self.trace()


if __name__ == "__main__":
    unittest.main()
