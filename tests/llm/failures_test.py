#!/usr/bin/env python3
"""What goes wrong between a workflow and a vendor: what is tried again, and what is said."""

import json
import unittest

from asking import AskingTest, KEY, KEYS, SHAPES

# How a 429 says when to come back, and the least and the most that is waited then, in ms. None of them is what is waited
# without a word: 375 to 500 ms. A date has no fractions of a second, so it may be nearer than it says.
MS, SECONDS = ("ms:30", 30, 30), ("seconds:0.03", 30, 30)
FORMS = {"openai": (MS, SECONDS, ("seconds:1", 1000, 1000), ("date:3", 1000, 3000), ("should:true+ms:1", 1, 1)),
         "responses": (MS,), "anthropic": (SECONDS, MS), "gemini": (("body:0.03", 30, 30),), "ollama": (SECONDS,)}


class Failures(AskingTest):
    def flow(self, shape, prompt, **params):
        provider, extra, model = SHAPES[shape]
        return [self.ask(prompt, **extra, **params)], "--llm-provider", provider, "--model", model

    def each(self, prompt, check, shapes=tuple(SHAPES), **params):
        for shape in shapes:
            with self.subTest(shape):
                check(shape, self.error(*self.flow(shape, prompt, **params)))

    def waited_ms(self, shape, form):
        """What the trace says that the program waited after a 429 that says when to come back in that form."""
        nodes, *args = self.flow(shape, f"{shape} {form} [[fault=429]] [[times=1]] [[retry={form}]]")
        for path in self.debug.glob("*.json"):
            path.unlink()
        self.line(nodes, "--trace", *args)
        return [retry["wait_ms"] for node in self.trace()["nodes"] for retry in node["retries"]]

    def test_a_429_is_waited_for_as_the_server_says(self):
        server = self.serve()
        for shape, forms in FORMS.items():
            for form, least, most in forms:
                with self.subTest(f"{shape} {form}"):
                    before = server.ledger()["status_429"]
                    waits = self.waited_ms(shape, form)
                    self.assertEqual(server.ledger()["status_429"], before + 1)
                    self.assertEqual(len(waits), 1)
                    self.assertTrue(least <= waits[0] <= most, waits)

    def test_what_is_worth_it_is_tried_three_times(self):
        server = self.serve("--marks", "[[retry=ms:5]]")
        overload = ("overloaded", "server_error")  # not every vendor has a word for it
        for status, codes in ((429, ("rate_limited",)), (500, ("server_error",)), (503, overload), (529, overload),
                              (408, ("timeout",)), (409, ("conflict",))):
            for shape in ("openai", "anthropic", "gemini", "ollama"):
                with self.subTest(f"{status} {shape}"):
                    before = server.ledger()["requests"]
                    error = self.error(*self.flow(shape, f"{status} {shape} [[fault={status}]]"))
                    self.assertIn(error["code"], codes)
                    self.assertEqual(server.ledger()["requests"], before + 3)

    def test_what_is_not_worth_it_is_tried_once(self):
        server = self.serve("--marks", "[[retry=ms:5]]")
        for fault, code in (("quota", "insufficient_quota"), ("404", "model_not_found"), ("403", "permission_denied"),
                            ("400", "bad_request")):
            for shape in ("openai", "anthropic"):
                with self.subTest(f"{fault} {shape}"):
                    before = server.ledger()["requests"]
                    error = self.error(*self.flow(shape, f"once {shape} [[fault={fault}]]"))
                    self.assertEqual(error["code"], code)
                    self.assertEqual(server.ledger()["requests"], before + 1)

    def test_an_error_says_who_what_and_which_request(self):
        self.serve()

        def check(shape, error):
            title = {"openai": "OpenAI", "responses": "OpenAI", "anthropic": "Anthropic", "gemini": "Gemini",
                     "ollama": "Ollama"}[shape]
            self.assertIn(f'{title}, model "{SHAPES[shape][2]}", HTTP 400', error["message"])
            if shape != "ollama" and shape != "gemini":  # these send no request id
                self.assertIn("request req_", error["message"])
        self.each("[[fault=400]]", check)

    def test_a_wrong_key_is_not_tried_again_and_names_its_variable(self):
        server = self.serve()
        self.env.update(dict.fromkeys(KEYS, "wrong-key-0123456789"))

        def check(shape, error):
            self.assertEqual(error["code"], "auth_failed")
            self.assertIn(f"{SHAPES[shape][0].upper()}_API_KEY", error["message"])
            self.assertNotIn("wrong-key-0123456789", error["message"])
        self.each("hello", check, ("openai", "responses", "anthropic", "gemini"))
        self.assertEqual(server.ledger()["requests"], 4)

    def test_a_missing_key_names_its_variable_and_a_way_without_one(self):
        for shape in ("openai", "anthropic", "gemini"):
            error = self.error(*self.flow(shape, "hello"))
            self.assertEqual(error["code"], "missing_key")
            self.assertIn(f"{shape.upper()}_API_KEY", error["message"])
            self.assertIn("--llm-provider offline", error["message"])

    def test_an_unknown_provider_or_model_lists_what_there_is(self):
        for args in (("--llm-provider", "acme"), ("--model", "no-such-model")):
            done = self.run_flow([self.ask()], *args, code=4)
            for provider in ("openai", "anthropic", "gemini", "ollama", "offline"):
                self.assertIn(provider, done.stderr.decode())
            self.assertIn("GEMINI_API_KEY", done.stderr.decode())

    def test_ollama_that_does_not_run_says_how_to_start_it(self):
        self.env["OLLAMA_HOST"] = "127.0.0.1:1"
        error = self.error([self.ask(), ], "--model", "ollama/x", code=1)
        self.assertEqual(error["code"], "connect_failed")
        self.assertIn("ollama serve", error["message"])

    def test_a_model_that_ollama_lacks_says_how_to_fetch_it(self):
        self.serve()
        error = self.error([self.ask()], "--model", "ollama/missing-one")
        self.assertEqual(error["code"], "model_not_found")
        self.assertIn("`ollama pull missing-one`", error["message"])

    def test_a_stream_that_breaks_off_is_tried_again(self):
        server = self.serve("--marks", "[[retry=ms:5]]")
        for fault in ("cut", "reset", "half"):
            for shape in SHAPES:
                with self.subTest(f"{fault} {shape}"):
                    before = server.ledger()["requests"]
                    self.line(*self.flow(shape, f"{shape} [[fault={fault}]] [[times=1]]", stream=True))
                    self.assertEqual(server.ledger()["requests"], before + 2)

    def test_a_body_that_breaks_off_is_tried_again(self):
        server = self.serve()
        for shape in SHAPES:
            with self.subTest(shape):
                before = server.ledger()["requests"]
                self.line(*self.flow(shape, f"{shape} [[fault=half]] [[times=1]]"))
                self.assertEqual(server.ledger()["requests"], before + 2)

    def test_an_error_inside_a_stream_is_the_failure(self):
        self.serve()
        self.each("[[fault=error]]", lambda shape, error: self.assertIn(
            error["code"], ("server_error", "overloaded", "stream_error")), stream=True, timeout_ms=20000)

    def test_nonsense_and_pages_of_proxies_are_said_to_be_that(self):
        self.serve()
        for fault in ("garbage", "empty"):
            self.each(f"[[fault={fault}]]", lambda shape, error: self.assertEqual(error["code"], "malformed_answer"))
        self.each("[[fault=html]]", lambda shape, error: self.assertIn("502 Bad Gateway", error["message"]), ("openai",))

    def test_a_server_that_is_slow_runs_into_the_timeout(self):
        self.serve()
        for nodes, *args in (self.flow(shape, "[[fault=hang]]", timeout_ms=200) for shape in ("anthropic", "gemini")):
            nodes[0]["retry"] = {"max_attempts": 1}
            self.assertEqual(self.error(nodes, *args)["code"], "timeout")

    def test_a_blocked_prompt_is_said_to_be_withheld(self):
        self.serve()
        error = self.error(*self.flow("gemini", "[[block=SAFETY]]"))
        self.assertEqual(error["code"], "content_filtered")
        self.assertIn("SAFETY", error["message"])

    def test_a_key_may_stand_in_the_settings(self):
        self.serve()
        for name in KEYS:
            del self.env[name]
        settings = self.folder / "home/.pflow/settings.json"
        settings.parent.mkdir(exist_ok=True)
        settings.touch(0o600)
        settings.write_text(json.dumps({"keys": dict.fromkeys(KEYS, KEY)}))
        for shape in ("openai", "anthropic", "gemini"):
            self.line(*self.flow(shape, "hello"))


if __name__ == "__main__":
    unittest.main()
