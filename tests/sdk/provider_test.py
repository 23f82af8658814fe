"""A vendor's plugin, built outside of this tree against the installed SDK: its .so in a folder is all that adds the vendor."""
import argparse
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest

OPTIONS = argparse.ArgumentParser()
for name in ("source", "build", "prefix", "program", "cmake", "generator"):
    OPTIONS.add_argument("--" + name, required=True)
ARGS = OPTIONS.parse_args()
FLOW = {"nodes": [{"id": "ask", "type": "llm", "params": {"prompt": "tell me", "model": "acme-large"}}]}


class Scripted(http.server.ThreadingHTTPServer):
    """Answers its nth request with the nth of `answers`, (status, body), and the last one from then on."""

    daemon_threads = True

    def __init__(self, *answers):
        super().__init__(("127.0.0.1", 0), ScriptedHandler)
        self.answers, self.asked = answers, []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.thread.join()
        self.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class ScriptedHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            self.answer()
        except BrokenPipeError:
            pass  # it wanted no more of it

    def answer(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        status, text = self.server.answers[min(len(self.server.asked), len(self.server.answers)) - 1]
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


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

    def run_flow(self, *options, key="secret", url=None, more=None, **params):
        flow = {**json.loads(json.dumps(FLOW)), **(more or {})}
        flow["nodes"][0]["params"].update(params)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("PFLOW_", "ACME_"))}
        with tempfile.TemporaryDirectory() as home:
            path = pathlib.Path(home, "flow.json")
            path.write_text(json.dumps(flow))
            environment.update(HOME=home, ACME_BASE_URL=url or self.url)
            if key:
                environment["ACME_API_KEY"] = key
            command = [ARGS.program, "run", str(path), "--plugin-dir", ARGS.build, "--output-format", "json", *options]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        return json.loads(done.stdout), done

    def test_a_workflow_is_answered_by_the_model_it_names_and_metered(self):
        line, done = self.run_flow("--price", "acme-large=1000/2000")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(line["result"]["response"], "acme-large heard: tell me")
        self.assertEqual(line["usage"]["input_tokens"], 2)
        self.assertEqual(line["usage"]["output_tokens"], 4)
        self.assertEqual(line["modelUsage"]["acme-large"]["provider"], "acme")
        self.assertEqual(line["total_cost_usd"], 0.01)

    def test_streamed_text_is_shown_as_it_comes(self):
        line, done = self.run_flow("-v", stream=True)
        self.assertEqual(line["result"]["response"], "acme-large heard: tell me")
        self.assertIn("heard: tell me", done.stderr)

    def test_a_key_that_is_not_known_is_told_and_not_tried_again(self):
        line, _ = self.run_flow(key="wrong")
        self.assertIn("this key is not known. Check ACME_API_KEY.", line["errors"][0]["message"])
        self.assertEqual(line["metrics"]["workflow"]["nodes"]["ask"]["attempts"], 1)

    def test_a_missing_key_is_named(self):
        line, _ = self.run_flow(key=None)
        self.assertEqual(line["errors"][0]["code"], "missing_key")
        for word in ("ACME_API_KEY", "settings.json", "--llm-provider offline"):
            self.assertIn(word, line["errors"][0]["message"])

    def answered(self, *answers, **options):
        """The JSON line of a run against these answers, and what was asked for."""
        with Scripted(*answers) as server:
            line, _ = self.run_flow(url=server.url + options.pop("under", ""), **options)
        return line, server.asked

    def test_a_busy_server_is_asked_again_whatever_it_says(self):
        for body in ("<h1>Busy</h1>", "{no JSON", "", '{"error": "busy"}'):
            line, asked = self.answered((503, body), (200, '{"text": "at last"}\n{"done": "end_turn"}\n'))
            self.assertEqual(line["result"]["response"], "at last", body)
            self.assertEqual(len(asked), 2)

    def test_what_stands_between_is_quoted(self):
        line, asked = self.answered((502, "<h1>Bad gateway</h1>"))
        self.assertEqual(line["errors"][0]["code"], "server_error")
        self.assertIn("<h1>Bad gateway</h1>", line["errors"][0]["message"])
        self.assertEqual(len(asked), 3)

    def test_an_answer_without_usage_is_an_answer_without_usage(self):
        line, _ = self.answered((200, '{"text": "hello"}\n{"done": "end_turn"}\n'))
        self.assertEqual((line["errors"], line["result"]["response"]), ([], "hello"))
        self.assertTrue(line["cost_incomplete"])
        self.assertEqual([warning["code"] for warning in line["warnings"]], ["unknown_usage"])

    def test_blank_lines_and_a_last_line_without_its_end_do_no_harm(self):
        line, _ = self.answered((200, '\r\n{"text": "hello"}\n\n \n{"done": "end_turn", "usage": {"input": 1, "output": 2}}'))
        self.assertEqual((line["errors"], line["result"]["response"]), ([], "hello"))
        self.assertEqual(line["usage"]["output_tokens"], 2)

    def test_an_answer_that_breaks_off_or_is_no_json_is_an_error(self):
        for body, code, times in (('{"text": "hel"}\n', "stream_broken", 3), ("hello", "malformed_answer", 1)):
            line, asked = self.answered((200, body))
            self.assertEqual(line["errors"][0]["code"], code)
            self.assertEqual(len(asked), times)

    def test_an_answer_has_a_largest_size(self):
        line, asked = self.answered((200, '{"text": "' + "x" * 4_000_000 + '"}\n{"done": "end_turn"}\n'))
        self.assertEqual((line["errors"][0]["code"], len(asked)), ("too_large", 1))

    def test_a_base_url_may_end_in_a_slash(self):
        _, asked = self.answered((200, '{"done": "end_turn"}'), under="/v1//")
        self.assertEqual(asked[0][0], "/v1/answer")

    def test_the_usage_can_be_used_in_the_workflow(self):
        outputs = {name: {"source": "${ask.llm_usage." + name + "}"} for name in ("input_tokens", "output_tokens", "total_tokens")}
        line, done = self.run_flow(more={"outputs": outputs})
        self.assertEqual(line["result"], {"input_tokens": 2, "output_tokens": 4, "total_tokens": 6}, done.stderr)

    def test_what_acme_can_do_is_sent(self):
        wanted = {"system": "be brief", "temperature": 0.5, "max_tokens": 7, "stop": ["a", "b"]}
        _, asked = self.answered((200, '{"done": "end_turn"}'), **wanted, images=[], json=False, extra={}, timeout_ms=9000)
        self.assertEqual(asked[0][1], {"model": "acme-large", "prompt": "tell me", **wanted})

    def test_what_acme_cannot_do_is_refused_and_not_left_out(self):
        for name, value in (("images", ["a.png"]), ("output_schema", {"type": "object"}), ("json", True), ("extra", {"a": 1})):
            line, asked = self.answered((200, '{"done": "end_turn"}'), **{name: value})
            self.assertEqual((line["errors"][0]["code"], asked), ("unsupported_parameter", []))
            self.assertIn(f'"{name}"', line["errors"][0]["message"])

    def test_a_stop_ends_the_answer(self):
        outputs = {"why": {"source": "${ask.stop_reason}"}, "text": {"source": "${ask.response}"}}
        line, _ = self.run_flow(stop=" tell", more={"outputs": outputs})
        self.assertEqual(line["result"], {"why": "stop_sequence", "text": "acme-large heard:"})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
