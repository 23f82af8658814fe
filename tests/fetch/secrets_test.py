#!/usr/bin/env python3
"""A key that a fetch node sends is in no trace, no log and no message, even if the server sends it back."""

import base64
import json
import unittest
import urllib.parse

from served import ServedTest

KEY = 'sk-live-"Q8"\\7/Zx+9kPq?w=='  # quotes, a backslash and all that URLs change


class SecretsTest(ServedTest):
    def forms(self):
        raw = KEY.encode()
        yield raw
        yield json.dumps(KEY)[1:-1].encode()
        yield urllib.parse.quote(KEY, safe="").encode()
        for before in range(3):
            whole = base64.b64encode(b"x" * before + raw)
            yield whole[4 if before else 0:-4]

    def assert_kept(self, node, code, inputs=None, words=()):
        """Runs a workflow of the node, traced and with all logs on."""
        debug = self.folder / "home/.pflow/debug"
        for output in ("json", "text"):
            name = self.workflow([node], **({"inputs": inputs} if inputs else {}))
            done = self.run_host("run", name, *words, "--trace", "-vv", "--output-format", output)
            self.assertEqual(done.returncode, code, done.stderr)
            traces = list(debug.glob("*.json"))
            self.assertEqual(len(traces), 1)
            trace = traces[0].read_bytes()
            self.assertGreater(json.loads(trace)["redactions"], 0)
            places = [("stderr", done.stderr), ("trace", trace)]
            if code != 0:
                places.append(("stdout", done.stdout))  # of a success it is the user's own result
            for where, text in places:
                for form in self.forms():
                    self.assertNotIn(form, text, f"{where} has the key as {form!r}")
            traces[0].unlink()

    def paths(self):
        """A path and how a run of it ends."""
        return (("/echo", 0), ("/status/401", 1), ("/half-body", 1), ("/redirect/307?at=other", 0), ("/redirect/302?url=file:///x", 1))

    def test_a_token_stays_out(self):
        for path, code in self.paths():
            self.assert_kept({**self.fetch(path, auth_token=KEY), "retry": {"max_attempts": 1}}, code)

    def test_an_api_key_stays_out(self):
        for path, code in self.paths():
            node = self.fetch(path, api_key=KEY, api_key_header="X-Own")
            self.assert_kept({**node, "retry": {"max_attempts": 1}}, code)

    def test_a_header_named_like_a_secret_stays_out(self):
        for path, code in self.paths():
            node = self.fetch(path, headers={"Authorization": "Token " + KEY})
            self.assert_kept({**node, "retry": {"max_attempts": 1}}, code)

    def test_a_secret_input_in_the_query_stays_out(self):
        inputs = {"k": {"secret": True}}
        for path, code in (("/echo", 0), ("/status/500", 1), ("/half-body", 1), ("/location", 0)):
            node = {**self.fetch(path, params={"key": "${k}"}), "retry": {"max_attempts": 1}}
            self.assert_kept(node, code, inputs, ["k=" + KEY])

    def test_a_query_parameter_named_like_a_secret_stays_out(self):
        for name in ("api_key", "token", "key"):
            node = self.fetch("/echo?a=1&" + name + "=" + urllib.parse.quote(KEY, safe=""))
            self.assert_kept(node, 0)

    def test_a_password_in_the_url_stays_out(self):
        url = self.url("/echo").replace("://", "://me:" + urllib.parse.quote(KEY, safe="") + "@")
        self.assert_kept(self.fetch(url), 0)

    def test_a_key_in_the_location_of_a_redirect_stays_out(self):
        node = self.fetch("/location?api_key=" + urllib.parse.quote(KEY, safe=""), follow_redirects=False)
        self.assert_kept(node, 1)

    def test_a_key_that_cannot_be_sent_is_not_told(self):
        self.assert_kept(self.fetch("/echo", auth_token=KEY + "\n"), 1)


if __name__ == "__main__":
    unittest.main()
