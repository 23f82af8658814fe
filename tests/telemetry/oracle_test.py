#!/usr/bin/env python3
"""1,016 real response bodies through `pflow-host pricing cost`: the usage and the price of the data's own reference.

The file stands beside the project; without it the test is skipped, exit code 77.
"""

import json
import os
import pathlib
import subprocess
import sys

HOST = os.environ["PFLOW_HOST"]
ORACLE = pathlib.Path(__file__).resolve().parents[2].parent / "shared/data/pricing/oracle.jsonl"
BODIES, PRICED = 1016, 992
TOLERANCE_USD = 1e-9


def difference(row, answer):
    """What is wrong with an answer, or None."""
    if "error" in answer:
        return answer["error"]["message"]
    expected_usage = {unit: count for unit, count in row["expect_usage"].items() if count}
    if answer["usage"] != expected_usage:
        return f"usage {answer['usage']}, expected {expected_usage}"
    if answer["model"] != row["model"]:
        return f"model {answer['model']}, expected {row['model']}"
    price = row["expect_price"]
    if price is None:
        return None
    if (answer["basis"], answer["priced_by"]) != ("list", price["priced_by"]):
        return f"priced by {answer['basis']} {answer['priced_by']}, expected list {price['priced_by']}"
    if abs(answer["cost_usd"] - price["total_usd"]) > TOLERANCE_USD:
        return f"cost {answer['cost_usd']}, expected {price['total_usd']}"
    return None


def main():
    if not ORACLE.is_file():
        print(f"SKIPPED: {ORACLE} is not there")
        return 77
    rows = [json.loads(line) for line in ORACLE.read_text().splitlines()]
    command = [HOST, "pricing", "cost", str(ORACLE), "--at", "2026-10-01T12:00:00Z"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = []
    if done.returncode != 0:
        wrong.append(f"exit code {done.returncode}: {done.stderr.decode()}")
    if len(rows) != BODIES or sum(row["expect_price"] is not None for row in rows) != PRICED:
        wrong.append(f"the file has {len(rows)} bodies: not the one that this test was written for")
    if len(answers) != len(rows):
        wrong.append(f"{len(answers)} answers to {len(rows)} bodies")
    for number, (row, answer) in enumerate(zip(rows, answers), start=1):
        problem = difference(row, answer)
        if problem:
            wrong.append(f"line {number}: {problem}")
    print(*wrong[:20], f"{len(answers)} answers, {len(wrong)} problems", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
