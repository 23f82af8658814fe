#!/usr/bin/env python3
"""The JSON line as Claude Code's own SDK reads it: npm's @anthropic-ai/claude-agent-sdk, run on what this program prints.

The SDK wants the texts of errors and calls a function of strings on each; ours are objects, so that the stand-in hands on their
messages. Everything else is handed on as it is. Skipped where npm, or the package, is not to be had.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "telemetry"))

from measured import HOST, METER, SONNET, MeasuredTest  # noqa: E402

SKIPPED = 77
PACKAGE = "@anthropic-ai/claude-agent-sdk@0.3"
FOLDER = None


class ClaudeAgentSdk(MeasuredTest):
    def read(self, nodes, *args, **more):
        name = self.workflow(nodes, **more)
        command = [HOST, "run", str(self.work / name), "--plugin", METER, "--output-format", "json", *args]
        done = subprocess.run(["node", FOLDER / "read_result.mjs", FOLDER / "stand_in.mjs"], capture_output=True, text=True,
                              env={**self.env, "PFLOW_COMMAND": json.dumps(command)}, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        result, = json.loads(done.stdout)
        return result

    def test_a_success_is_read_with_its_cost_and_usage(self):
        result = self.read([self.meter(reports=[SONNET], response="hello")])
        self.assertEqual((result["type"], result["subtype"], result["is_error"]), ("result", "success", False))
        self.assertEqual((result["total_cost_usd"], result["num_turns"]), (0.0195, 1))
        self.assertEqual(result["modelUsage"]["claude-sonnet-4-5"]["costUSD"], 0.0195)
        self.assertEqual(result["structured_output"], {"response": "hello"})

    def test_a_failure_is_read_as_one(self):
        result = self.read([self.meter(reports=[SONNET], fail_times=9)])
        self.assertEqual((result["subtype"], result["is_error"]), ("error_during_execution", True))
        self.assertEqual(result["errors"], ['node "m": it was told to fail'])
        self.assertEqual(result["total_cost_usd"], 0.0195)

    def test_a_budget_that_was_exceeded_is_read_as_one(self):
        result = self.read([self.meter(reports=[SONNET]), self.echo()], "--max-cost-usd", "0.01")
        self.assertEqual((result["subtype"], result["terminal_reason"]), ("error_max_budget_usd", "budget_exhausted"))


def main():
    global FOLDER
    if not (shutil.which("npm") and shutil.which("node")):
        print("npm is not installed")
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        FOLDER = pathlib.Path(folder)
        (FOLDER / "package.json").write_text('{"type": "module"}')
        for script in ("stand_in.mjs", "read_result.mjs"):
            shutil.copy(HERE / script, FOLDER)
            os.chmod(FOLDER / script, 0o755)
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", PACKAGE],
                              cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode != 0:
            print("the package is not to be had:", done.stderr)
            return SKIPPED
        return 0 if unittest.main(exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
