#!/usr/bin/env python3
"""The runner of the end-to-end cases notices what it should: a case that cannot fail would prove nothing."""

import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import runner  # noqa: E402

# A stand-in for the program: says OUT, ERR, ends with CODE, and writes FILE when it is given one.
STAND_IN = """#!/bin/sh
printf "$OUT"; printf "$ERR" >&2
[ -n "$FILE" ] && printf 'written\\n' > "$FILE"
[ -n "$SHOW" ] && eval "printf '%s\\n' \\"$SHOW\\""
[ -n "$READ" ] && cat
exit ${CODE:-0}
"""


class RunnerTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.host = os.path.join(self.folder.name, "host")
        pathlib.Path(self.host).write_text(STAND_IN)
        os.chmod(self.host, 0o755)

    def tearDown(self):
        self.folder.cleanup()

    def problems(self, text):
        case = os.path.join(self.folder.name, "a.case")
        pathlib.Path(case).write_text("# A sentence.\n" + text)
        return runner.run_case(case, self.host, self.folder.name)

    def notices(self, text, word):
        problems = self.problems(text)
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(word, problems[0])

    def passes(self, text):
        self.assertEqual(self.problems(text), [])

    def test_silence_and_exit_0_are_what_is_expected_when_nothing_is_said(self):
        self.passes("--- args\n")
        self.notices("--- env\nCODE=1\n--- args\n", "exit code 1, expected 0")
        self.notices("--- env\nOUT=x\n--- args\n", "stdout differs")
        self.notices("--- env\nERR=x\n--- args\n", "stderr differs")

    def test_a_wrong_exit_code_is_noticed(self):
        self.passes("--- env\nCODE=3\n--- args\n--- exit 3\n")
        self.notices("--- env\nCODE=3\n--- args\n--- exit 4\n", "exit code 3, expected 4")

    def test_death_by_a_signal_is_no_exit_code(self):
        self.notices("--- env\nSHOW=$(kill -9 $$)\n--- args\n", "exit code -9")

    def test_texts_are_compared_to_the_last_line_feed(self):
        self.passes("--- env\nOUT=a\\nb\\n\n--- args\n--- stdout\na\nb\n")
        self.notices("--- env\nOUT=a\\nb\n--- args\n--- stdout\na\nb\n", "stdout differs")
        self.notices("--- env\nERR=a\\n\\n\n--- args\n--- stderr\na\n", "stderr differs")
        self.passes("--- env\nOUT=a\n--- args\n--- stdout bytes\n\"a\"\n")
        self.passes("--- env\nOUT=\\377aaa\n--- args\n--- stdout bytes\n\"\\xff\"\n\"a\" * 3\n")

    def test_json_is_compared_as_a_value_on_one_line(self):
        self.passes('--- env\nOUT={"a": [1, true]}\\n\n--- args\n--- stdout json\n{"a":[1,true]}\n')
        for other in ('{"a":[1,1]}', '{"a":{"1":true}}', '{"a":[1.0,true]}', '{"a":[true,1]}', '{"b":[1,true]}'):
            self.notices('--- env\nOUT={"a": [1, true]}\\n\n--- args\n--- stdout json\n' + other + "\n", "differs")
        self.notices("--- env\nOUT={}\\n{}\\n\n--- args\n--- stdout json\n{}\n", "stdout")
        self.notices("--- env\nOUT=no\\n\n--- args\n--- stdout json\n{}\n", "is no JSON")
        self.notices("--- env\nOUT={}\n--- args\n--- stdout json\n{}\n", "differs")

    def test_contains_and_regex_can_fail(self):
        self.passes("--- env\nERR=one two\\n\n--- args\n--- stderr contains\ntwo\none\n")
        self.notices("--- env\nERR=one two\\n\n--- args\n--- stderr contains\none\nthree\n", "three")
        self.passes("--- env\nOUT=took 12 ms\\n\n--- args\n--- stdout regex\ntook \\d+ ms\n")
        self.notices("--- env\nOUT=took 12 msx\\n\n--- args\n--- stdout regex\ntook \\d+ ms\n", "stdout differs")

    def test_files_are_laid_out_and_compared_afterwards(self):
        self.passes("--- file in.txt\nhello\n--- env\nSHOW=$(cat in.txt)\n--- args\n--- stdout\nhello\n")
        self.passes("--- env\nFILE=o\n--- args\n--- after o\nwritten\n")
        self.notices("--- env\nFILE=o\n--- args\n--- after o\nother\n", "o differs")
        self.notices("--- args\n--- after o\nother\n", "o does not exist")
        self.notices("--- env\nFILE=o\n--- args\n--- absent o\n", "o exists")

    def test_stdin_is_given_or_empty(self):
        self.passes("--- env\nREAD=1\n--- args\n--- stdin\nhello\n--- stdout\nhello\n")
        self.passes("--- env\nREAD=1\n--- args\n")

    def test_home_is_fresh_and_no_variable_of_pflow_is_inherited(self):
        os.environ["PFLOW_SOMETHING"] = "1"
        self.addCleanup(os.environ.pop, "PFLOW_SOMETHING")
        self.passes("--- env\nSHOW=$PFLOW_SOMETHING:$HOME:$PFLOW_HOME\n--- args\n--- stdout\n:{HOME}:{HOME}/.pflow\n")

    def test_a_case_that_is_wrong_itself_is_refused(self):
        for text, word in (
            ("--- args\n--- stdut\nx\n", "unknown section"),
            ("--- exit 0\n", "no section 'args'"),
            ("--- args\n--- stdout\n--- stdout\n", "two sections"),
            ("--- args\n--- stdout bytes\nplain\n", "not a literal"),
        ):
            with self.assertRaisesRegex(runner.BadCase, word):
                self.problems(text)


if __name__ == "__main__":
    unittest.main()
