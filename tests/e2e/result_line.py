"""The line of --output-format json: checked against its schema wherever a test meets it."""

import functools
import json
import pathlib


@functools.cache
def validator():
    """Gives what the schema says against a line. Made when a line is met: most cases print none and end sooner."""
    import jsonschema

    schema = json.loads((pathlib.Path(__file__).parents[2] / "docs/envelope.schema.json").read_text())
    against = jsonschema.Draft202012Validator(schema)
    return lambda line: jsonschema.exceptions.best_match(against.iter_errors(line))


def is_line(value):
    return isinstance(value, dict) and value.get("type") == "result"


def problem_of(line):
    """None, or what the schema says against a result line."""
    problem = validator()(line)
    return problem and f"{problem.json_path}: {problem.message}"


def line_of(out):
    """stdout as the one result line that it must be."""
    assert out.count(b"\n") == 1 and out.endswith(b"\n"), out
    line = json.loads(out)
    problem = problem_of(line)
    assert problem is None, f"{problem}\n{out}"
    return line
