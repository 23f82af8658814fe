"""A vendor's plugin, built outside of this tree against the installed SDK: its .so in a folder is all that adds the vendor."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

OPTIONS = argparse.ArgumentParser()
for name in ("source", "build", "prefix", "program", "cmake", "generator"):
    OPTIONS.add_argument("--" + name, required=True)
ARGS = OPTIONS.parse_args()
FLOW = {"nodes": [{"id": "ask", "type": "llm", "params": {"prompt": "tell me", "model": "acme-large"}}]}


class Provider(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        configure = ["-S", ARGS.source, "-B", ARGS.build, "-G", ARGS.generator, f"-DCMAKE_PREFIX_PATH={ARGS.prefix}"]
        for command in (configure, ["--build", ARGS.build]):
            done = subprocess.run([ARGS.cmake, *command], capture_output=True, text=True)
            if done.returncode != 0:
                raise RuntimeError(done.stdout + done.stderr)
        server = [sys.executable, "-B", str(pathlib.Path(ARGS.source, "acme_server.py")), "0"]
        cls.server = subprocess.Popen(server, stdout=subprocess.PIPE, text=True)
        cls.url = f"http://127.0.0.1:{int(cls.server.stdout.readline())}"

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.server.wait()
        cls.server.stdout.close()

    def run_flow(self, *options, key="secret", **params):
        flow = json.loads(json.dumps(FLOW))
        flow["nodes"][0]["params"].update(params)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PFLOW_", "ACME_"))}
        with tempfile.TemporaryDirectory() as home:
            path = pathlib.Path(home, "flow.json")
            path.write_text(json.dumps(flow))
            environment.update(HOME=home, ACME_BASE_URL=self.url)
            if key:
                environment["ACME_API_KEY"] = key
            command = [ARGS.program, "run", str(path), "--plugin-dir", ARGS.build, "--output-format", "json", *options]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        return json.loads(done.stdout), done

    def test_a_workflow_is_answered_by_the_model_it_names_and_metered(self):
        line, done = self.run_flow("--price", "acme-large=1000/2000")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(line["result"], "acme-large heard: tell me")
        self.assertEqual(line["usage"]["input_tokens"], 2)
        self.assertEqual(line["usage"]["output_tokens"], 4)
        self.assertEqual(line["modelUsage"]["acme-large"]["provider"], "acme")
        self.assertEqual(line["total_cost_usd"], 0.01)

    def test_streamed_text_is_shown_as_it_comes(self):
        line, done = self.run_flow("-v", stream=True)
        self.assertEqual(line["result"], "acme-large heard: tell me")
        self.assertIn("heard: tell me", done.stderr)

    def test_a_key_that_is_not_known_is_told_and_not_tried_again(self):
        line, _ = self.run_flow(key="wrong")
        self.assertIn("this key is not known. Check ACME_API_KEY.", line["errors"][0]["message"])
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["ask"]["attempts"], 1)

    def test_a_missing_key_is_named(self):
        line, _ = self.run_flow(key=None)
        self.assertIn("ACME_API_KEY", line["errors"][0]["message"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
