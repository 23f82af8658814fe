#!/usr/bin/env python3
"""Every way in which an exchange goes wrong has a code and a message of its own, and can be routed."""

import os
import signal
import socket
import time
import unittest

from served import SANITIZED, ServedTest


class FaultsTest(ServedTest):
    def test_a_bad_status_is_an_error_whose_body_can_be_read(self):
        nodes = [self.fetch('/status/404?body={"reason":"gone fishing"}'),
                 {"id": "ok", "type": "echo", "params": {"message": "never"}},
                 {"id": "bad", "type": "echo", "params": {
                     "message": "${f.error.code} ${f.error.origin_code} ${f.status_code} ${f.response.reason}"}}]
        edges = [{"from": "f", "to": "ok"}, {"from": "f", "to": "bad", "action": "error"}]
        done = self.run_host("run", self.workflow(nodes, edges=edges))
        self.assertEqual(done.stdout, b"http_status 404 404 gone fishing\n", done.stderr)

    def test_a_bad_status_that_nobody_routes_fails_the_run(self):
        done = self.run_host("run", self.workflow([self.fetch('/status/500?body=broken&type=text/plain')]))
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertEqual(done.stderr.decode(), f'error: node "f": GET {self.url("/status/500")} was answered with 500 '
                         "Internal Server Error: broken (w.json: /nodes/0)\n")

    def test_every_status_that_is_not_2xx_is_an_error(self):
        for status in (200, 201, 204, 206, 299):
            self.assertEqual(self.answer(f"/status/{status}?body=")["status_code"], status)
        for status in (300, 304, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599):
            error = self.failure(f"/status/{status}?body=")
            self.assertEqual((error["code"], error["origin_code"]), ("http_status", status), error)

    def test_of_a_page_of_html_the_message_tells_only_the_size(self):
        self.failed_with("http_status", r"GET http://HOST/status/502 was answered with 502 Bad Gateway: an HTML page of 12 bytes",
                         "/status/502?body=<h1>Oh</h1>x&type=text/html")

    def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # not listening
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/x?key=12345678"
            error = self.failure(url)
        self.assertEqual(error["code"], "connect_failed")
        self.assertEqual(error["message"], f"GET {url.partition('?')[0]}: connection refused")

    def test_a_name_without_an_address(self):
        name = "a" * 64 + ".test"  # longer than a name can be: no server is asked
        self.failed_with("dns_failed", rf'GET http://{name}/: the name "{name}" has no address', f"http://{name}/")

    def test_a_connection_that_breaks(self):
        for path in ("/close/x", "/reset/x", "/reset-in-body", "/half-head", "/half-body", "/half-chunk"):
            self.failed_with("connection_lost", rf"GET http://HOST{path}: .+", path)

    def test_what_is_not_http(self):
        for path in ("/not-http", "/bad-status", "/no-gzip", "/unknown-encoding", "/bad-chunk"):
            error = self.failure(path)
            self.assertIn(error["code"], ("bad_response", "connection_lost"), error)
            self.assertTrue(error["message"].startswith(f"GET http://HOST{path}: "), error)

    def test_compression_that_breaks_off_is_no_success(self):
        self.failed_with("bad_response", "GET http://HOST/half-gzip: the compressed body breaks off", "/half-gzip")

    def test_a_head_that_is_too_large(self):
        self.failed_with("too_large", "GET http://HOST/huge-head: the answer's head is larger than 256 KiB", "/huge-head?bytes=4000000")

    def test_a_broken_body_leaves_head_but_no_response(self):
        nodes = [self.fetch("/half-body"), {"id": "ok", "type": "echo", "params": {"message": "never"}},
                 {"id": "bad", "type": "echo", "params": {"data": "${f}"}}]
        edges = [{"from": "f", "to": "ok"}, {"from": "f", "to": "bad", "action": "error"}]
        done = self.run_host("run", self.workflow(nodes, edges=edges), "-o", "data")
        self.assertIn(b'"status_code":200', done.stdout, done.stderr)
        self.assertNotIn(b'"response":', done.stdout)

    def test_a_server_that_does_not_answer_in_time(self):
        for path in ("/no-end", "/slow-head?ms=5000", "/no-end-of-body", "/drip?count=1000&ms=20"):
            begun = time.monotonic()
            error = self.failure(path, timeout_ms=300)
            self.assertEqual(error["code"], "timeout", error)
            self.assertRegex(error["message"], rf"^GET http://HOST{path.partition('?')[0]}: .*300 ms; `timeout_ms` gives it more time$")
            self.assertLess(time.monotonic() - begun, 20 if SANITIZED else 5)

    def test_a_timeout_may_be_given_in_seconds(self):
        self.assertIn(" 250 ms", self.failure("/no-end", timeout=0.25)["message"])

    def test_a_timeout_of_the_node_counts_too(self):
        node = {**self.fetch("/no-end"), "timeout_ms": 300, "retry": {"max_attempts": 1}}
        self.assertEqual(self.ended(node)["error"]["code"], "timeout")

    def test_a_certificate_that_nobody_signed(self):
        error = self.failed_with("tls_failed", r"GET https://TLS_HOST/text: the server's certificate is not trusted: .*"
                                 r"`verify_tls: false`.*", "/text", "tls_port")
        self.assertIn("self-signed", error["message"].replace("self signed", "self-signed"))
        self.assertEqual(self.answer("/text", "tls_port", verify_tls=False)["status_code"], 200)

    def test_http_where_https_is_spoken_and_the_other_way_round(self):
        plain = self.failure(self.url("/text", "tls_port").replace("https", "http"))
        self.assertIn(plain["code"], ("connection_lost", "bad_response"), plain)
        tls = self.failure(self.url("/text").replace("http", "https"))
        self.assertEqual(tls["code"], "tls_failed", tls)

    def end_of(self, node):
        """The run's code, stderr and the most memory it took, in MiB."""
        with open(self.work / "out", "wb") as out:
            process = self.start("run", self.workflow([node]), stdout=out)
        err = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return process.returncode, err.decode(), usage.ru_maxrss / 1024

    def test_a_gibibyte_is_cut_at_the_limit_and_takes_no_more_memory(self):
        base = self.end_of(self.fetch("/text"))[2]
        limit = 16 << 20
        for path in ("/big", "/big?length=0", "/gzip-bomb?mib=256"):
            code, err, peak = self.end_of(self.fetch(path, max_response_bytes=limit))
            self.assertEqual(code, 1)
            self.assertRegex(err, r"(?:1073741824 bytes, and|more than the) 16777216 .*allowed; `max_response_bytes` is the limit")
            if not SANITIZED:  # a sanitizer keeps freed memory for a while
                self.assertLess(peak - base, 64, path)

    def test_the_limit_is_64_mebibytes_if_nobody_says_another(self):
        error = self.failure("/big?bytes=67108865")
        self.assertEqual(error["code"], "too_large")
        self.assertIn(" 67108864 ", error["message"])
        self.assertEqual(self.failure("/text", max_response_bytes=3)["code"], "too_large")
        self.assertEqual(self.answer("/json?body=123", max_response_bytes=3)["response"], 123)

    def test_an_interrupt_ends_what_waits(self):
        for key, path in enumerate(("/no-end?", "/no-end-of-body?", "/drip?count=1000&ms=50&")):
            process = self.start("run", self.workflow([self.fetch(f"{path}visit={self.marker}{key}")]))
            self.wait_until(lambda key=key: self.visited(f"{self.marker}{key}"), "the server is asked")
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=10)
            self.assertLess(time.monotonic() - begun, 10 if SANITIZED else 2)
            self.assertEqual(process.returncode, 130)
            self.assertEqual(err.decode(), 'error: node "f": the run was cancelled (w.json: /nodes/0)\n')


class RetriesTest(ServedTest):
    def test_a_status_is_not_tried_again_by_itself(self):
        key = self.fresh_key()
        self.assertEqual(self.ended(self.fetch(f"/flaky/{key}?fail=1"))["error"]["origin_code"], 429)
        self.assertEqual(self.visits(key), 1)

    def test_a_status_that_is_listed_is_tried_again(self):
        key = self.fresh_key()
        self.assertEqual(self.response(f"/flaky/{key}?fail=2&status=503&retry_after=ms", retry_on_status=[429, 503]), {"visits": 3})

    def test_it_is_tried_three_times_and_then_routed(self):
        key = self.fresh_key()
        error = self.ended(self.fetch(f"/flaky/{key}?fail=9&retry_after=zero", retry_on_status=[429]))["error"]
        self.assertEqual((error["code"], error["origin_code"], error["retryable"]), ("http_status", 429, True))
        self.assertEqual(self.visits(key), 3)

    def test_a_success_that_is_listed_is_tried_again_too(self):
        key = self.fresh_key()
        self.assertEqual(self.response(f"/flaky/{key}?fail=1&status=202&retry_after=zero", retry_on_status=[202]), {"visits": 2})

    def test_the_server_says_how_long_to_wait(self):
        for form, least_ms, most_ms in (("seconds", 1000, 3000), ("ms", 50, 900), ("zero", 0, 900), ("past", 0, 900),
                                        ("date", 900, 3000)):
            key = self.fresh_key() + form
            node = {**self.fetch(f"/flaky/{key}?fail=1&retry_after={form}", retry_on_status=[429]),
                    "retry": {"max_attempts": 2, "wait_ms": 60000}}
            begun = time.monotonic()
            self.assertEqual(self.ended(node)["answer"]["response"], {"visits": 2}, form)
            self.assertGreaterEqual((time.monotonic() - begun) * 1000, least_ms, form)
            self.assertLess((time.monotonic() - begun) * 1000, most_ms + 3000, form)

    def test_what_cannot_be_told_leaves_the_nodes_own_wait(self):
        key = self.fresh_key()
        node = {**self.fetch(f"/flaky/{key}?fail=1&retry_after=garbage"), "retry": {"max_attempts": 2, "wait_ms": 10}}
        self.assertEqual(self.ended(node)["answer"]["response"], {"visits": 2})

    def test_a_broken_connection_is_tried_again_only_where_that_does_no_harm(self):
        for method, times in (("GET", 3), ("PUT", 3), ("POST", 1), ("PATCH", 1)):
            for path in ("close", "reset"):
                key = self.fresh_key() + method + path
                error = self.ended(self.fetch(f"/{path}/{key}", method=method))["error"]
                self.assertEqual((error["code"], error["retryable"]), ("connection_lost", times > 1))
                self.assertEqual(self.visits(key), times, method)

    def test_a_retry_of_the_node_repeats_a_post(self):
        key = self.fresh_key()
        node = {**self.fetch(f"/reset/{key}", method="POST"), "retry": {"max_attempts": 2, "wait_ms": 1}}
        self.assertEqual(self.ended(node)["error"]["code"], "connection_lost")
        self.assertEqual(self.visits(key), 2)

    def test_an_error_of_credentials_is_never_repeated_unless_listed(self):
        for listed, times in (([], 1), ([401], 2)):
            key = self.fresh_key() + str(times)
            node = {**self.fetch(f"/flaky/{key}?fail=9&status=401&retry_after=zero", retry_on_status=listed),
                    "retry": {"max_attempts": 2, "wait_ms": 1}}
            self.assertEqual(self.ended(node)["error"]["origin_code"], 401)
            self.assertEqual(self.visits(key), times)


if __name__ == "__main__":
    unittest.main()
