"""What the telemetry tests share: the test's own metering plugin, workflows, traces."""

import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import jsonschema  # noqa: E402
from program import HOST, SANITIZED, ProgramTest  # noqa: E402,F401
from result_line import line_of  # noqa: E402

METER = os.environ.get("PFLOW_METER", "")
TRACE_SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "docs/trace.schema.json").read_text()))
SONNET = {"provider": "anthropic", "model": "claude-sonnet-4-5", "input_tokens": 4000, "output_tokens": 500}
SONNET_USD = 0.0195  # 4,000 at 3 and 500 at 15 USD a million


class MeasuredTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.assertTrue(os.access(METER, os.R_OK), "PFLOW_METER must name the test plugin")
        self.debug = self.folder / "home/.pflow/debug"

    def meter(self, id="m", **params):
        return {"id": id, "type": "test.meter", "params": params}

    def echo(self, id="e", **params):
        return {"id": id, "type": "echo", "params": {"message": "hi", **params}}

    def run_flow(self, nodes, *args, code=0, **more):
        """Runs a document; gives what subprocess.run gives."""
        done = self.run_host("run", self.workflow(nodes, **more), "--plugin", METER, *args)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        return done

    def line(self, nodes, *args, code=0, **more):
        """The same as JSON: the result line."""
        return line_of(self.run_flow(nodes, "--output-format", "json", *args, code=code, **more).stdout)

    def traces(self):
        return sorted(self.debug.glob("*.json"))

    def trace(self, path=None):
        """A trace as it stands in its file, checked against its schema."""
        if path is None:
            paths = self.traces()
            self.assertEqual(len(paths), 1, paths)
            path = paths[0]
        document = json.loads(path.read_text())
        problem = jsonschema.exceptions.best_match(TRACE_SCHEMA.iter_errors(document))
        self.assertIsNone(problem, problem and f"{problem.json_path}: {problem.message}")
        return document

    def traced(self, nodes, *args, code=0, **more):
        self.run_flow(nodes, "--trace", *args, code=code, **more)
        return self.trace()
