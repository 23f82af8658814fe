#!/usr/bin/env python3
"""Runs end-to-end cases: text files that say how pflow-host is called and everything that must come of it.

    runner.py --host PROGRAM --plugins DIRECTORY CASE...

A case begins with a comment that says the sentence it proves. Then come sections; "--- NAME ARGUMENT" begins one.

    --- file NAME          a file in the fresh directory that the program runs in
    --- folder NAME        a directory there
    --- mode NAME 0444     its mode
    --- env                NAME=VALUE lines; a line with NAME alone removes it
    --- args               one argument a line
    --- stdin              without it, /dev/null
    --- exit 3             without it, 0
    --- stdout             exact; without the section, nothing may come
    --- stderr             the same
    --- after NAME         content of that file afterwards
    --- absent NAME        no such file afterwards
    --- skip root          the case makes no sense for root

How a body is meant, as the header's last word: nothing = the lines as they are; "bytes" = Python string literals with
escapes, one a line, "..." * 1000 repeated, no line feed added; for what is expected also "json" (compared as a value;
one line; of a result line, which must fit its schema, only the members given), "contains" (each line occurs) and
"regex" (the whole). No line of a body may begin with "--- ".
{DIR}, {HOME} and {PLUGINS} stand for the fresh directory, the fresh HOME and the plugins that ship; {TEST_PLUGINS} has
strangers' plugins, each in a folder of its own.
"""

import argparse
import ast
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

import known_plugins
import result_line

TIMEOUT_S = 60
SKIPPED = 77
FORMS = {"bytes", "json", "contains", "regex"}
KEPT = ("ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "LLVM_PROFILE_FILE", "GCOV_PREFIX")


class BadCase(Exception):
    """The case file itself is wrong."""


@dataclass
class Section:
    name: str
    argument: str
    form: str
    lines: list = field(default_factory=list)

    def content(self, places):
        if self.form == "bytes":
            return b"".join(literal(line, places) for line in self.lines)
        text = "".join(line + "\n" for line in self.lines)
        return filled(text, places).encode()


def filled(text, places):
    for name, value in places.items():
        text = text.replace("{" + name + "}", value)
    return text


def literal(line, places):
    match = re.fullmatch(r'\s*(".*")(?:\s*\*\s*(\d+))?\s*', line)
    if not match:
        raise BadCase(f'not a literal: {line!r}; write "..." or "..." * 1000')
    one = ast.literal_eval("b" + filled(match[1], places))
    return one * int(match[2] or 1)


def parse(text):
    """The sentence and the sections of a case."""
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    sentence, sections = "", []
    for line in lines:
        if line.startswith("--- "):
            words = line[4:].split()
            form = words.pop() if len(words) > 1 and words[-1] in FORMS else ""
            sections.append(Section(words[0], " ".join(words[1:]), form))
        elif sections:
            sections[-1].lines.append(line)
        elif line.startswith("#"):
            sentence = (sentence + " " + line.lstrip("# ")).strip()
    known = {"file", "folder", "mode", "env", "args", "stdin", "exit", "stdout", "stderr", "after", "absent", "skip"}
    for section in sections:
        if section.name not in known:
            raise BadCase(f"unknown section {section.name!r}")
    for name in ("args", "stdin", "exit", "stdout", "stderr", "env"):
        if sum(s.name == name for s in sections) > 1:
            raise BadCase(f"two sections {name!r}")
    if not sentence:
        raise BadCase("no comment says what it proves")
    if not any(s.name == "args" for s in sections):
        raise BadCase("no section 'args'")
    return sentence, sections


def shown(data):
    text = data.decode(errors="backslashreplace")
    return text if len(text) < 4000 else text[:2000] + f"\n... {len(text)} characters ...\n" + text[-1000:]


def compare(what, expected, got, form):
    """None, or how they differ."""
    if form == "json":
        try:
            problem = line_problem(got)
            if problem:
                return f"{what} does not fit the schema of the result line: {problem}\n{shown(got)}"
            if got.count(b"\n") == 1 and got.endswith(b"\n") and exact_json(expected) == given_members(expected, got):
                return None
        except ValueError as error:
            return f"{what} is no JSON ({error}):\n{shown(got)}"
    elif form == "contains":
        missing = [line for line in expected.decode().splitlines() if line.encode() not in got]
        if not missing:
            return None
        return f"{what} does not contain {missing!r}:\n{shown(got)}"
    elif form == "regex":
        if re.fullmatch(expected.rstrip(b"\n"), got.rstrip(b"\n"), re.DOTALL):
            return None
    elif expected == got:
        return None
    return f"{what} differs. Expected {form or 'exactly'}:\n{shown(expected)}\nGot:\n{shown(got)}"


def exact_json(text):
    """A JSON text in a form that tells 1 from 1.0 and true, and keeps the order of members."""
    return repr(json.loads(text, object_pairs_hook=lambda members: ("object", members),
                           parse_float=lambda digits: ("float", digits)))


def line_problem(text):
    line = json.loads(text)
    return result_line.problem_of(line) if result_line.is_line(line) else None


def given_members(expected, got):
    """Like exact_json; of a result line only what the case expects: the rest was measured."""
    wanted = json.loads(expected)
    if not result_line.is_line(wanted):
        return exact_json(got)
    line = json.loads(got, object_pairs_hook=lambda members: ("object", members), parse_float=lambda d: ("float", d))
    return repr(("object", [member for member in line[1] if member[0] in wanted]))


def environment(places, section):
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    env.update(PATH=os.environ.get("PATH", "/usr/bin:/bin"), LC_ALL="C.UTF-8", HOME=places["HOME"],
               PFLOW_HOME=places["HOME"] + "/.pflow", TMPDIR=places["DIR"])
    for line in section.lines if section else []:
        name, equals, value = filled(line, places).partition("=")
        env.pop(name, None)
        if equals:
            env[name] = value
    return env


def lay_out(sections, places):
    folder = pathlib.Path(places["DIR"])
    for s in sections:
        path = folder / s.argument.split(" ")[0]
        if s.name == "file":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(s.content(places))
        elif s.name == "folder":
            path.mkdir(parents=True, exist_ok=True)
        elif s.name == "mode":
            path.chmod(int(s.argument.split(" ")[1], 8))


def plugin_places(plugins):
    shipped = os.path.realpath(plugins)
    return {"PLUGINS": shipped, "TEST_PLUGINS": os.path.realpath(shipped + "/../../../tests/plugins")}


def problems_of(sections, places, code, out, err):
    by_name = {s.name: s for s in sections}
    found = []
    expected_code = int(by_name["exit"].argument) if "exit" in by_name else 0
    if code != expected_code:
        found.append(f"exit code {code}, expected {expected_code}")
    for name, got in (("stdout", out), ("stderr", err)):
        section = by_name.get(name, Section(name, "", ""))
        found.append(compare(name, section.content(places), got, section.form))
    for s in sections:
        path = pathlib.Path(places["DIR"]) / s.argument
        if s.name == "absent" and os.path.lexists(path):
            found.append(f"{s.argument} exists")
        elif s.name == "after":
            if path.is_file():
                found.append(compare(s.argument, s.content(places), path.read_bytes(), s.form))
            else:
                found.append(f"{s.argument} does not exist")
    return [f for f in found if f]


def run_case(path, host, plugins):
    """What is wrong, a list; None if the case was skipped."""
    _, sections = parse(pathlib.Path(path).read_text())
    by_name = {s.name: s for s in sections}
    if "skip" in by_name and by_name["skip"].argument == "root" and os.geteuid() == 0:
        return None
    with tempfile.TemporaryDirectory(prefix="pflow-e2e-") as root:
        root = os.path.realpath(root)
        places = {"DIR": root + "/work", "HOME": root + "/home", **plugin_places(plugins)}
        os.mkdir(places["DIR"])
        os.mkdir(places["HOME"])
        known_plugins.remember_in(places["HOME"] + "/.pflow")
        lay_out(sections, places)
        args = [filled(line, places) for line in by_name["args"].lines]
        stdin = {"input": by_name["stdin"].content(places)} if "stdin" in by_name else {"stdin": subprocess.DEVNULL}
        env = environment(places, by_name.get("env"))
        try:
            done = subprocess.run([host, *args], cwd=places["DIR"], env=env, capture_output=True, timeout=TIMEOUT_S,
                                  check=False, **stdin)
        except subprocess.TimeoutExpired:
            return [f"still running after {TIMEOUT_S} s"]
        return problems_of(sections, places, done.returncode, done.stdout, done.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True)
    parser.add_argument("--plugins", required=True)
    parser.add_argument("cases", nargs="+")
    options = parser.parse_args()
    host = os.path.abspath(options.host)
    failed = skipped = 0
    for case in options.cases:
        try:
            problems = run_case(case, host, options.plugins)
        except BadCase as error:
            problems = [f"bad case: {error}"]
        if problems is None:
            skipped += 1
            print(f"SKIPPED {case}")
        elif problems:
            failed += 1
            print(f"FAILED  {case}", *problems, sep="\n")
        else:
            print(f"ok      {case}")
    return 1 if failed else SKIPPED if skipped == len(options.cases) else 0


if __name__ == "__main__":
    sys.exit(main())
