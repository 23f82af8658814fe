#!/usr/bin/env python3
"""One workflow, four vendors: only --llm-provider and --model change."""

import base64
import unittest

from asking import AskingTest, SHAPES, nano_usd

ANSWER = "Grüße aus dem Modell 🌊: Why is the sea salty? — fertig 日本語."
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}, "n": {"type": "integer"}},
          "required": ["city", "n"], "additionalProperties": False}


class Providers(AskingTest):
    def each(self, run):
        """Runs `run(provider, extra parameters, model)` for each vendor's shape."""
        for name, shape in SHAPES.items():
            with self.subTest(name):
                run(*shape)

    def test_the_same_workflow_reaches_every_vendor(self):
        server = self.serve("--model-suffix=-2024-07-18")
        for stream in (False, True):
            def run(provider, extra, model):
                nodes = [self.ask(stream=stream, system="Be short.", **extra)]
                line = self.line(nodes, "--llm-provider", provider, "--model", model)
                self.assertEqual(line["result"], {"response": ANSWER})
                self.assertEqual(line["usage"]["input_tokens"], 7)
                self.assertEqual(line["usage"]["output_tokens"], 13)
                self.assertEqual(list(line["modelUsage"]), [model + "-2024-07-18"])
            self.each(run)
        ledger = server.ledger()
        self.assertEqual([row["calls"] for row in ledger["models"]], [2, 2, 2, 4])
        self.assertEqual(ledger["misplaced_keys"], {})

    def test_a_prefix_of_the_model_chooses_too(self):
        self.serve()
        for provider, model in (("anthropic", "claude-x"), ("gemini", "gemini-x"), ("ollama", "x"), ("openai", "gpt-x")):
            line = self.line([self.ask()], "--model", f"{provider}/{model}", "--price", f"{model}=1/1")
            self.assertEqual(line["modelUsage"][model]["provider"], provider)

    def test_a_stream_survives_whatever_the_network_does_to_it(self):
        self.serve("--marks", "[[split=3]][[pings]][[gzip]][[slow_head=20]]")
        self.each(lambda provider, extra, model: self.assertEqual(
            self.line([self.ask(stream=True, **extra)], "--llm-provider", provider, "--model", model)["result"],
            {"response": ANSWER}))

    def test_what_a_model_thinks_is_kept_apart(self):
        self.serve("--marks", "[[reasoning=3]][[words=4]]")
        for stream in (False, True):
            def run(provider, extra, model):
                nodes = [self.ask(stream=stream, **extra),
                         {"id": "e", "type": "echo", "params": {"data": ["${ask.reasoning}", "${ask.response}",
                                                                         "${ask.llm_usage.output_tokens}"]}}]
                line = self.line(nodes, "--llm-provider", provider, "--model", model, "-o", "data")
                self.assertEqual(line["result"]["data"], ["thought0 thought1 thought2 ", "Grüße aus dem Modell", 7])
            self.each(run)

    def test_a_schema_makes_the_answer_a_value(self):
        self.serve("--marks", "[[fenced]]")
        for stream in (False, True):
            self.each(lambda provider, extra, model: self.assertEqual(
                self.line([self.ask(stream=stream, output_schema=SCHEMA, **extra)], "--llm-provider", provider, "--model",
                          model)["result"], {"response": {"city": "Why is the sea salty?", "n": 1}}))

    def test_an_answer_that_does_not_fit_the_schema_is_an_error_with_its_place(self):
        self.serve()

        def run(provider, extra, model):
            error = self.error([self.ask("[[say={\"city\":\"x\",\"n\":\"y\"}]]", output_schema=SCHEMA, **extra)],
                               "--llm-provider", provider, "--model", model)
            self.assertEqual(error["code"], "schema_mismatch")
            self.assertIn("/n", error["message"])
        self.each(run)

    def test_a_server_that_refuses_the_format_of_a_schema_is_asked_otherwise(self):
        server = self.serve("--refuse", "output_config")
        line = self.line([self.ask(output_schema=SCHEMA)], "--model", "claude-sonnet-5", "--llm-provider", "anthropic")
        self.assertEqual(line["result"]["response"]["n"], 1)
        self.assertIn("output_config", server.requests()[0]["body"])
        self.assertEqual(server.requests()[1]["body"]["tool_choice"], {"type": "tool", "name": "answer"})

    def test_images_arrive(self):
        server = self.serve()
        (self.work / "dot.png").write_bytes(PNG)

        def run(provider, extra, model):
            line = self.line([self.ask("[[words=1]] look", images=["dot.png"], **extra)], "--llm-provider", provider,
                             "--model", model)
            self.assertEqual(line["usage"]["input_tokens"], 102)
            self.assertIn(base64.b64encode(PNG).decode(), str(server.requests()[-1]["body"]))
        self.each(run)

    def test_limits_and_stops_are_kept(self):
        self.serve()

        def run(provider, extra, model):
            nodes = [self.ask(max_tokens=3, **extra), {"id": "e", "type": "echo", "params": {"message": "${ask.stop_reason}"}}]
            line = self.line(nodes, "--llm-provider", provider, "--model", model, "-o", "echo")
            self.assertEqual(line["result"]["echo"], "max_tokens")
            if "api" not in extra:  # responses know no stop
                nodes[0] = self.ask(stop="Modell")
                nodes[1]["params"]["message"] = "${ask.response}"
                line = self.line(nodes, "--llm-provider", provider, "--model", model, "-o", "echo")
                self.assertEqual(line["result"]["echo"].strip(), "Grüße aus dem")
        self.each(run)

    def test_extra_reaches_the_server_at_every_depth(self):
        server = self.serve()
        self.line([self.ask(temperature=0.5, extra={"generationConfig": {"topK": 3}})], "--model", "gemini-2.5-flash")
        self.assertEqual(server.requests()[-1]["body"]["generationConfig"], {"temperature": 0.5, "topK": 3})

    def test_ollama_costs_nothing_unless_a_price_is_given(self):
        self.serve()
        free = self.line([self.ask()], "--model", "ollama/llama3.2")
        self.assertEqual(free["total_cost_usd"], 0)
        self.assertFalse(free["cost_incomplete"])
        paid = self.line([self.ask()], "--model", "ollama/llama3.2", "--price", "llama3.2=1/2")
        self.assertEqual(nano_usd(paid), 5 * 1000 + 13 * 2000)


if __name__ == "__main__":
    unittest.main()
