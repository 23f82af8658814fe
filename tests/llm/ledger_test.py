#!/usr/bin/env python3
"""What the program says that its calls cost is what the server billed, to the nano-dollar."""

import unittest

from asking import AskingTest, LIST_PRICES, SHAPES, nano_usd

FREE = "0/0"
RATES = ("--rate-429", "5", "--rate-cut", "2", "--seed", "7")
# The server waits a little, so that calls overlap: what it answers at once it never sees together.
MARKS = "[[slow_head=20]][[retry=ms:2+body:0.002]][[words=12]][[reasoning=3]][[cached=2]]"


class Ledger(AskingTest):
    def batch(self, shape, count, stream, prompt="item ${item}: say something of it in a few words please", **params):
        provider, extra, model = SHAPES[shape]
        node = self.ask(prompt, stream=stream, **extra, **params)
        node["batch"] = {"items": list(range(count)), "parallel": True, "max_concurrent": 50, "error_handling": "continue"}
        # No waits between attempts: what the server says is in the prompt's marks, a broken stream says nothing.
        node["retry"] = {"max_attempts": 3, "wait_ms": 1}
        return [node], "--llm-provider", provider, "--model", model

    def compare(self, shape, count, stream, *args, marks=MARKS, price=None, faults=True):
        """Runs a batch; gives the result line and the ledger, which must agree."""
        model = SHAPES[shape][2]
        price = price or LIST_PRICES.get(model, FREE)
        options = [*RATES] if faults else []
        server = self.serve("--price", f"{model}={price}", "--marks", marks, *options)
        nodes, *chosen = self.batch(shape, count, stream)
        line = self.line(nodes, *chosen, *args)
        ledger = server.ledger()
        self.assertEqual(nano_usd(line), ledger["nano_usd"])
        self.assertEqual(ledger["nano_usd"] > 0, price != FREE)
        billed = ledger["models"][0]
        self.assertEqual(line["metrics"]["total"]["tokens_input"], billed["input_tokens"])
        self.assertEqual(line["metrics"]["total"]["tokens_output"], billed["output_tokens"])
        if faults:
            self.assertEqual(ledger["status_429"], count * 5 // 100)
            self.assertEqual(ledger["broken_streams"], count * 2 // 100)
            self.assertEqual(ledger["requests"], count * 107 // 100)
        self.assertEqual(line["status"], "success")
        self.assertGreater(ledger["max_concurrent"], 10)
        return line, ledger

    def test_a_thousand_calls_of_openai_chat(self):
        line, ledger = self.compare("openai", 1000, True)
        self.assertGreater(nano_usd(line), 0)
        self.assertEqual(ledger["models"][0]["calls"], 1000)  # a stream that broke off had told no usage

    def test_a_thousand_calls_of_openai_with_usage_in_every_chunk(self):
        _, ledger = self.compare("openai", 1000, True, marks=MARKS + "[[usage=continuous]]")
        self.assertEqual(ledger["models"][0]["calls"], 1020)

    def test_a_thousand_calls_of_openai_responses(self):
        self.compare("responses", 1000, True)

    def test_a_thousand_calls_of_anthropic(self):
        _, ledger = self.compare("anthropic", 1000, True, marks=MARKS + "[[write=4]][[write1h=1]]")
        self.assertEqual(ledger["models"][0]["calls"], 1020)  # message_start had told the input of the broken ones

    def test_a_thousand_calls_of_gemini(self):
        _, ledger = self.compare("gemini", 1000, True)
        self.assertEqual(ledger["models"][0]["calls"], 1020)

    def test_a_thousand_calls_of_ollama_at_a_price_of_one_s_own(self):
        line, _ = self.compare("ollama", 1000, True, "--price", "llama3.2=0.01/0.03", price="0.01/0.03",
                               marks=MARKS.replace("[[cached=2]]", ""))
        self.assertGreater(nano_usd(line), 0)

    def test_answers_in_one_piece(self):
        for shape in SHAPES:
            with self.subTest(shape):
                self.compare(shape, 100, False)

    def test_a_price_of_one_s_own(self):
        for shape in ("openai", "anthropic", "gemini"):
            with self.subTest(shape):
                self.compare(shape, 100, True, "--price", f"{SHAPES[shape][2]}=0.123/4.567", price="0.123/4.567")

    def test_usage_that_is_null_or_missing_is_billed_by_nobody(self):
        for usage in ("null", "missing"):
            for shape in SHAPES:
                with self.subTest(f"{usage} {shape}"):
                    server = self.serve("--marks", f"[[usage={usage}]]")
                    nodes, *chosen = self.batch(shape, 20, True)
                    line = self.line(nodes, *chosen)
                    self.assertEqual(line["total_cost_usd"], 0)
                    self.assertEqual(server.ledger()["models"], [])

    def test_usage_of_zero_is_told(self):
        self.serve("--marks", "[[usage=zero]]")
        line = self.line([self.ask()], "--model", "gpt-4o-mini")
        self.assertEqual((line["num_turns"], line["total_cost_usd"]), (1, 0))

    def test_a_prompt_that_ollama_had_cached_as_a_whole_counts_nothing(self):
        self.serve("--marks", "[[cached=1000]][[words=5]]")
        line = self.line([self.ask()], "--model", "ollama/llama3.2", "--price", "llama3.2=1/1")
        self.assertEqual(nano_usd(line), 5000)

    def test_some_items_that_fail_make_a_run_degraded_whose_cost_is_whole(self):
        server = self.serve("--price", "gpt-4o-mini=0.15/0.6/0.075")
        nodes, *chosen = self.batch("openai", 10, False, prompt="${item}")
        nodes[0]["batch"]["items"] = ["hello"] * 7 + ["[[fault=404]]"] * 3
        line = self.line(nodes, *chosen, code=5)
        self.assertEqual(line["status"], "degraded")
        self.assertEqual(nano_usd(line), server.ledger()["nano_usd"])

    def test_all_items_that_fail_make_the_node_fail(self):
        self.serve()
        nodes, *chosen = self.batch("anthropic", 5, False, prompt="[[fault=404]] ${item}")
        line = self.line(nodes, *chosen, code=1)
        self.assertEqual(line["total_cost_usd"], 0)

    def test_a_stream_that_keeps_breaking_costs_what_each_try_had_told(self):
        server = self.serve("--price", "claude-haiku-4-5=1/5/0.1/1.25/2")
        provider, _, model = SHAPES["anthropic"]
        node = self.ask("[[fault=cut]] one two three", stream=True)
        node["retry"] = {"max_attempts": 3, "wait_ms": 1}
        line = self.line([node], "--llm-provider", provider, "--model", model, code=1)
        self.assertEqual(server.ledger()["models"][0]["calls"], 3)
        self.assertEqual(nano_usd(line), server.ledger()["nano_usd"])


if __name__ == "__main__":
    unittest.main()
