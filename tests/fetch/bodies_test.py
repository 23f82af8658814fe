#!/usr/bin/env python3
"""What a body becomes: JSON a value, else text, else bytes, whatever way it took."""

import unittest

from served import ServedTest

TEXT = "Grüße, 世界 😀\n"
ITEMS = {"items": [1, 2.5, "three"], "ok": True, "none": None}


class BodiesTest(ServedTest):
    def saved(self, path, **params):
        """What write-file makes of the response."""
        nodes = [self.fetch(path, **params),
                 {"id": "w", "type": "write-file", "params": {"file_path": "out", "content": "${f.response}"}}]
        done = self.run_host("run", self.workflow(nodes))
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.work / "out").read_bytes()

    def test_json_is_a_value(self):
        self.assertEqual(self.response("/json"), ITEMS)

    def test_json_keeps_its_types_in_templates(self):
        nodes = [self.fetch("/json"), {"id": "e", "type": "echo", "params": {
            "message": "${f.response.items[2]}", "data": ["${f.response.items[0]}", "${f.response.ok}", "${f.status_code}"]}}]
        done = self.run_host("run", self.workflow(nodes), "-o", "data")
        self.assertEqual(done.stdout, b"[1,true,200]\n", done.stderr)

    def test_json_is_known_by_its_content_type(self):
        for kind in ("application/json;charset=utf-8", "Application/Problem%2Bjson", "text/json"):
            self.assertEqual(self.response(f"/json?type={kind}"), ITEMS, kind)
        self.assertEqual(self.response("/json?type=application/json&body=12"), 12)

    def test_json_that_says_it_is_text_stays_text(self):
        self.assertEqual(self.response("/json?type=text/plain&body=[1]"), "[1]")

    def test_without_a_content_type_what_looks_like_json_is_json(self):
        self.assertEqual(self.response("/json?type=&body=[1]"), [1])
        self.assertEqual(self.response("/json?type=&body=12"), "12")
        self.assertEqual(self.response("/json?type=&body={no}"), "{no}")

    def test_json_that_is_cut_is_text_and_a_warning(self):
        node = self.fetch("/bad-json")
        done = self.run_host("run", self.workflow([node]), "-v")
        self.assertEqual(done.stdout, b'{"cut": [1, 2\n')
        self.assertIn(b"the server says that its answer is JSON, but it is not", done.stderr)

    def test_a_byte_order_mark_is_passed_over(self):
        self.assertEqual(self.response("/bom"), {"marked": True})

    def test_text_is_text(self):
        self.assertEqual(self.response("/text"), TEXT)

    def test_utf_8_may_come_byte_by_byte(self):
        self.assertEqual(self.response("/split-utf8"), TEXT)

    def test_a_declared_windows_1252_is_decoded(self):
        for name in ("ISO-8859-1", "windows-1252", "latin1", "us-ascii"):
            self.assertEqual(self.response(f"/latin1?charset={name}"), "café €5")

    def test_another_charset_stays_bytes(self):
        self.assertEqual(self.saved("/latin1?charset=utf-8"), "café €5".encode("cp1252"))
        self.assertEqual(self.saved("/latin1?charset=x-unknown"), "café €5".encode("cp1252"))

    def test_bytes_arrive_in_a_file_as_they_were(self):
        self.assertEqual(self.saved("/binary"), bytes(range(256)))

    def test_ten_mebibytes_arrive_whole(self):
        for length in (0, 1):
            content = self.saved(f"/big?bytes=10485760&length={length}")
            self.assertTrue(content == b"0123456789abcdef" * 655360, length)

    def test_an_empty_answer_is_an_empty_text(self):
        answer = self.answer("/empty")
        self.assertEqual((answer["response"], answer["status_code"]), ("", 204))
        self.assertEqual(self.response("/json?body="), "")

    def test_compression_is_undone(self):
        for path in ("/gzip", "/deflate"):
            self.assertEqual(self.response(path), TEXT, path)

    def test_chunks_and_open_ends_are_whole_answers(self):
        self.assertEqual(self.response("/chunked"), {"chunked": True})
        self.assertEqual(self.response("/unknown-length"), TEXT)

    def test_an_odd_content_type_does_no_harm(self):
        self.assertEqual(self.response("/bad-content-type"), "what?")

    def test_heads_before_the_last_one_are_passed_over(self):
        answer = self.answer("/early")
        self.assertEqual((answer["response"], answer["status_code"]), ("at last", 200))
        self.assertEqual(answer["response_headers"]["x-final"], "1")
        self.assertNotIn("link", answer["response_headers"])

    def test_headers_are_in_lower_case_and_joined(self):
        headers = self.answer("/duplicate-headers")["response_headers"]
        self.assertEqual(headers["x-twice"], "one, two")
        self.assertEqual(headers["set-cookie"], ["a=1", "b=2; Path=/"])
        self.assertEqual(headers["content-type"], "text/plain; charset=utf-8")
        self.assertEqual(self.answer("/set-cookie")["response_headers"]["set-cookie"], ["only=1; HttpOnly"])

    def test_headers_without_a_value_and_of_old_encodings_are_kept(self):
        headers = self.answer("/valueless-header")["response_headers"]
        self.assertEqual((headers["x-nothing"], headers["x-space"], headers["x-latin"]), ("", "", "café"))

    def test_head_has_headers_and_no_body(self):
        answer = self.answer("/text", method="head")
        self.assertEqual((answer["response"], answer["status_code"]), ("", 200))
        self.assertEqual(answer["response_headers"]["content-length"], str(len(TEXT.encode())))

    def test_the_time_is_that_of_the_whole_exchange(self):
        answer = self.answer("/slow-head?ms=300&drip=1")
        self.assertEqual(answer["response"], "late")
        self.assertGreater(answer["response_time_ms"], 300)

    def test_the_name_http_does_the_same(self):
        result = self.ended({**self.fetch("/json"), "type": "http"})
        self.assertEqual(result["answer"]["response"], ITEMS)


if __name__ == "__main__":
    unittest.main()
