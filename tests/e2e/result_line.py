"""The line of --output-format json: checked against its schema wherever a test meets it."""

import json
import os
import pathlib

import jsonschema

SCHEMA = json.loads((pathlib.Path(__file__).parents[2] / "docs/envelope.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def is_line(value):
    return isinstance(value, dict) and value.get("type") == "result"


def problem_of(line):
    """None, or what the schema says against a result line."""
    problem = jsonschema.exceptions.best_match(VALIDATOR.iter_errors(line))
    return problem and f"{problem.json_path}: {problem.message}"


def line_of(out):
    """stdout as the one result line that it must be."""
    assert out.count(b"\n") == 1 and out.endswith(b"\n"), out
    line = json.loads(out)
    problem = problem_of(line)
    assert problem is None, f"{problem}\n{out}"
    return line
