#!/usr/bin/env python3
"""Writes what the program does now into cases, in the place of what they expected. Read the difference afterwards.

    accept.py --host PROGRAM --plugins DIRECTORY CASE...

Only exit, stdout and stderr are written, and only where the case fails; the form of a section (json, contains, ...)
becomes exact or bytes unless the output is still one line of JSON. Of a result line the measured members are left out.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

import result_line
import runner

# What a result line says of itself and not of this run's time and cost.
STABLE = ("type", "subtype", "is_error", "result", "structured_output", "status", "errors", "warnings")


def rendered(name, data, places, was_json):
    for place, value in places.items():
        data = data.replace(value.encode(), ("{" + place + "}").encode())
    if not data:
        return ""
    text = data.decode(errors="replace")
    if was_json and result_line.is_line(json.loads(text)):
        text = json.dumps({k: v for k, v in json.loads(text).items() if k in STABLE}, separators=(",", ":"),
                          ensure_ascii=False) + "\n"
        data = text.encode()
    if data != text.encode() or not text.endswith("\n") or "\n--- " in "\n" + text or "\r" in text or "\x1b" in text:
        literal = repr(data)[2:-1]
        if repr(data)[1] == "'":
            literal = literal.replace("\\'", "'").replace('"', '\\"')
        return f'--- {name} bytes\n"{literal}"\n'
    return f"--- {name}{' json' if was_json and text.count(chr(10)) == 1 else ''}\n{text}"


def accept(path, host, plugins):
    text = path.read_text()
    _, sections = runner.parse(text)
    by_name = {s.name: s for s in sections}
    seen = {}

    def keep(command, **options):
        done = run(command, **options)
        seen.update(code=done.returncode, out=done.stdout, err=done.stderr, dir=options["cwd"],
                    home=options["env"].get("HOME", ""))
        return done

    run, subprocess.run = subprocess.run, keep
    try:
        problems = runner.run_case(path, host, plugins)
    finally:
        subprocess.run = run
    if not problems:
        return False
    work = os.path.dirname(seen["dir"])
    places = {"DIR": work + "/work", "HOME": work + "/home", **runner.plugin_places(plugins)}
    kept, skipping = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("--- "):
            skipping = line.split()[1] in ("exit", "stdout", "stderr")
        if not skipping:
            kept.append(line)
    out = "".join(kept)
    if seen["code"] != 0:
        out += f"--- exit {seen['code']}\n"
    for name, data in (("stdout", seen["out"]), ("stderr", seen["err"])):
        out += rendered(name, data, places, name in by_name and by_name[name].form == "json")
    path.write_text(out)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True)
    parser.add_argument("--plugins", required=True)
    parser.add_argument("cases", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    for case in options.cases:
        if accept(case, os.path.abspath(options.host), options.plugins):
            print(f"rewritten {case}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
