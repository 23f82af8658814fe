#!/usr/bin/env python3
"""What a fetch node sends, and where: methods, queries, bodies, headers, credentials, redirects."""

import base64
import json
import unittest

from served import ServedTest, sent_headers

CREDENTIALS = {"auth_token": "token-1234567", "api_key": "key-12345678", "headers": {"Cookie": "id=session-1234"}}


class RequestsTest(ServedTest):
    def sent(self, path="/echo", **params):
        return self.response(path, **params)

    def test_without_a_body_it_is_get_and_with_one_post(self):
        self.assertEqual(self.sent()["method"], "GET")
        self.assertEqual(self.sent(body="")["method"], "GET")
        self.assertEqual(self.sent(body={})["method"], "POST")

    def test_any_method_can_be_asked_for(self):
        for method in ("PUT", "patch", "DELETE", "OPTIONS", "PURGE"):
            echoed = self.sent(method=method)
            self.assertEqual((echoed["method"], echoed["body"]), (method.upper(), ""))
        self.assertEqual(self.sent(method="GET", body="q")["body"], "q")

    def test_params_become_the_query(self):
        params = {"q": "a b&c=d/ä", "n": 1.5, "yes": True, "none": None, "many": [1, "two", None], "filter": {"a": [1]}}
        self.assertEqual(self.sent(params=params)["target"],
                         "/echo?q=a%20b%26c%3Dd%2F%C3%A4&n=1.5&yes=true&many=1&many=two&filter=%7B%22a%22%3A%5B1%5D%7D")

    def test_params_go_behind_a_query_that_is_there(self):
        self.assertEqual(self.sent("/echo?a=%20#top", params={"b": 2})["target"], "/echo?a=%20&b=2")

    def test_a_url_may_hold_what_people_write(self):
        self.assertEqual(self.sent("/echo?q=grüße an|alle ")["target"], "/echo?q=gr%C3%BC%C3%9Fe%20an%7Calle")

    def test_a_value_is_sent_as_json(self):
        echoed = self.sent(body={"a": [1, "ä", None]})
        self.assertEqual(echoed["body"].encode("latin-1").decode(), '{"a":[1,"ä",null]}')
        self.assertEqual(sent_headers(echoed, "content-type"), ["application/json"])
        self.assertEqual(self.sent(body=[1])["body"], "[1]")

    def test_a_string_is_sent_as_it_is(self):
        echoed = self.sent(body='{"a": 1}\r\n')
        self.assertEqual(echoed["body"], '{"a": 1}\r\n')
        self.assertEqual(sent_headers(echoed, "content-type"), ["text/plain; charset=utf-8"])

    def test_bytes_are_sent_as_they_are(self):
        (self.work / "in").write_bytes(bytes(range(256)))
        read = {"id": "r", "type": "read-file", "params": {"file_path": "in"}}
        echoed = self.sent(body="${r.content}", more=[read])
        self.assertEqual(echoed["body"], bytes(range(256)).decode("latin-1"))
        self.assertEqual(sent_headers(echoed, "content-type"), ["application/octet-stream"])

    def test_a_body_of_ten_mebibytes_arrives(self):
        (self.work / "in").write_text("x" * (10 << 20))
        read = {"id": "r", "type": "read-file", "params": {"file_path": "in"}}
        node = self.fetch("/echo", body="${r.content}")
        result = self.run_host("run", self.workflow([read, node, {"id": "e", "type": "echo", "params": {
            "message": "${f.response.body}"}}]))
        self.assertEqual(result.stdout, b"x" * (10 << 20) + b"\n", result.stderr)

    def test_headers_may_say_another_content_type(self):
        echoed = self.sent(body="a=1", headers={"content-type": "application/x-www-form-urlencoded"})
        self.assertEqual(sent_headers(echoed, "content-type"), ["application/x-www-form-urlencoded"])

    def test_headers_are_sent(self):
        echoed = self.sent(headers={"X-One": "1 2", "X-Number": 3, "X-None": None, "X-Many": ["a", True], "X-Empty": "",
                                    "Accept": "text/csv"})
        got = {name: sent_headers(echoed, name) for name in ("x-one", "x-number", "x-none", "x-many", "x-empty", "accept")}
        self.assertEqual(got, {"x-one": ["1 2"], "x-number": ["3"], "x-none": [], "x-many": ["a", "true"],
                               "x-empty": [""], "accept": ["text/csv"]})

    def test_credentials_become_headers(self):
        echoed = self.sent(**CREDENTIALS)
        self.assertEqual(sent_headers(echoed, "authorization"), ["Bearer token-1234567"])
        self.assertEqual(sent_headers(echoed, "x-api-key"), ["key-12345678"])
        self.assertEqual(sent_headers(self.sent(api_key="key-12345678", api_key_header="apikey"), "apikey"), ["key-12345678"])

    def test_empty_credentials_are_none(self):
        echoed = self.sent(auth_token="", api_key="")
        self.assertEqual(sent_headers(echoed, "authorization") + sent_headers(echoed, "x-api-key"), [])

    def test_credentials_of_the_url_become_a_header(self):
        answer = self.answer(self.url("/echo").replace("://", "://me:p%40ss-word@"))
        expected = "Basic " + base64.b64encode(b"me:p@ss-word").decode()
        self.assertEqual(sent_headers(answer["response"], "authorization"), [expected])
        self.assertEqual(answer["url"], self.url("/echo"))

    def test_redirects_are_followed_and_the_last_url_is_told(self):
        answer = self.answer("/redirect/302?to=/text")
        self.assertEqual((answer["status_code"], answer["url"]), (200, self.url("/text")))
        answer = self.answer("/redirect/302?at=other")
        self.assertEqual(answer["url"], self.url("/echo", "other_port"))

    def test_each_redirect_keeps_or_drops_the_body_as_browsers_do(self):
        for code, method in ((301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")):
            echoed = self.sent(f"/redirect/{code}", body={"a": 1})
            self.assertEqual((echoed["method"], echoed["body"]), (method, '{"a":1}' if method == "POST" else ""), code)
        self.assertEqual(self.sent("/redirect/302", method="PUT", body="x")["method"], "PUT")
        self.assertEqual(self.sent("/redirect/303", method="PUT", body="x")["method"], "GET")

    def test_ten_redirects_are_followed_and_no_more(self):
        self.assertEqual(self.response("/hops/10"), "arrived")
        self.failed_with("too_many_redirects", r"GET http://HOST/hops/1: .* more than 10 times", "/hops/11")
        self.failed_with("too_many_redirects", r"GET http://HOST/redirect-loop: .* more than 10 times", "/redirect-loop")

    def test_a_redirect_that_is_not_followed_is_an_answer(self):
        error = self.failed_with(
            "http_status", r"GET http://HOST/redirect/302 was answered with 302 Found \(it leads to http://OTHER_HOST/echo; "
            r"redirects are followed with `follow_redirects`\): elsewhere", "/redirect/302?at=other", follow_redirects=False)
        self.assertEqual(error["origin_code"], 302)

    def test_redirects_out_of_http_are_not_followed(self):
        for place in ("file:///etc/hostname", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "scp://127.0.0.1/x"):
            error = self.failure(f"/redirect/302?url={place}")
            self.assertEqual(error["code"], "bad_response", error)
            self.assertIn("redirected", error["message"])

    def test_redirects_lead_from_tls_to_plain_http_and_back(self):
        self.assertEqual(self.sent("/redirect/302?at=port", at="tls_port", verify_tls=False)["port"], self.places["port"])
        self.assertEqual(self.sent("/redirect/302?at=tls", verify_tls=False)["port"], self.places["tls_port"])

    def test_credentials_go_along_to_the_same_host(self):
        echoed = self.sent("/redirect/307", **CREDENTIALS)
        self.assertEqual(sent_headers(echoed, "authorization"), ["Bearer token-1234567"])
        self.assertEqual(sent_headers(echoed, "x-api-key"), ["key-12345678"])
        self.assertEqual(sent_headers(echoed, "cookie"), ["id=session-1234"])

    def test_credentials_do_not_go_along_to_another_host(self):
        for path, at in (("/redirect/307?at=other", "port"), ("/redirect/302?at=tls", "port"),
                         ("/redirect/307?at=port", "tls_port"), ("/redirect/307?at=other&to=/redirect/307%3Fat%3Dport", "port")):
            echoed = self.response(path, at, verify_tls=False, api_key_header="X-Mine", **CREDENTIALS)
            told = json.dumps(echoed)
            for secret in ("token-1234567", "key-12345678", "session-1234"):
                self.assertNotIn(secret, told, path)

    def test_credentials_of_the_url_do_not_go_along_to_another_host(self):
        url = self.url("/redirect/307?at=other").replace("://", "://me:p4ss-word@")
        self.assertEqual(sent_headers(self.sent(url), "authorization"), [])


if __name__ == "__main__":
    unittest.main()
