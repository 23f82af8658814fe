#!/usr/bin/env python3
"""A run that is interrupted with a thousand calls in flight ends at once, and what is known of it is right."""

import signal
import time
import unittest

from asking import AskingTest, nano_usd
from program import SANITIZED
from result_line import line_of

ANSWERED, HANGING = 50, 1000
SOON_S = 10 if SANITIZED else 1  # a run whose calls are waited for would take as long as its timeouts: two minutes


class Interrupt(AskingTest):
    def interrupted(self, provider, model, stream):
        server = self.serve("--price", f"{model}={'0.15/0.6' if provider == 'openai' else '1/5'}")
        node = self.ask("item ${item.n}: say something [[words=9]]${item.mark}", stream=stream)
        items = [{"n": n, "mark": "" if n < ANSWERED else "[[fault=hang]]"} for n in range(ANSWERED + HANGING)]
        node["batch"] = {"items": items, "parallel": True, "max_concurrent": ANSWERED + HANGING, "error_handling": "continue"}
        process = self.start("run", self.workflow([node]), "--llm-provider", provider, "--model", model, "--trace",
                             "--output-format", "json")
        patience = time.monotonic() + 60
        while server.ledger()["requests"] < ANSWERED + HANGING and time.monotonic() < patience:
            time.sleep(0.05)
        time.sleep(0.3)  # the answers of those that are answered are on their way
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        took = time.monotonic() - began
        self.assertEqual(process.returncode, 130, err[-2000:])
        self.assertLess(took, SOON_S)
        line, ledger = line_of(out), server.ledger()
        self.assertEqual((line["status"], line["terminal_reason"]), ("cancelled", "aborted_streaming"))
        self.assertEqual(line["num_turns"], ANSWERED)
        self.assertEqual(nano_usd(line), ledger["nano_usd"])
        self.assertGreater(nano_usd(line), 0)
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["ask"]["calls"], ANSWERED + HANGING)
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["ask"]["failures"], HANGING)
        trace = self.trace()
        self.assertEqual(trace["final_status"], "cancelled")
        self.assertEqual(len(trace["nodes"]), ANSWERED + HANGING)
        aborted = [c for event in trace["nodes"] for c in event["http_calls"] if c["error"] == "cancelled"]
        self.assertEqual(len(aborted), HANGING)

    def test_whole_answers(self):
        self.interrupted("openai", "gpt-4o-mini", False)

    def test_streams(self):
        self.interrupted("anthropic", "claude-haiku-4-5", True)


if __name__ == "__main__":
    unittest.main()
