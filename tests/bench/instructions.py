#!/usr/bin/env python3
"""Counts the instructions that a node takes with nothing, with metrics and with a trace.

    instructions.py BENCH_TELEMETRY

Two runs of different length; their difference is what the nodes took, start-up cancels out. Prints one line of JSON a mode. Fails when
a run without telemetry executes any function of it.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
NODES = 200
TELEMETRY = re.compile(r"MetricsCollector|Instrumentation|InstrumentedNodeWrapper|WorkflowTraceCollector|start_clock|clock_gettime")


def counted(bench, mode, rounds, folder):
    """Instructions inside Engine::run, by function."""
    out = pathlib.Path(folder) / f"{mode}-{rounds}"
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--compress-strings=no", "--compress-pos=no", "--toggle-collect=*pflow::Engine::run*",
         f"--callgrind-out-file={out}", bench, "--once", mode, str(NODES), str(rounds)], capture_output=True, text=True, check=False)
    if "anitizer" in done.stderr:
        print("valgrind does not run what a sanitizer has built")
        sys.exit(SKIPPED)
    if done.returncode != 0:
        sys.exit(done.stderr)
    text = out.read_text(errors="replace")
    total = int(re.search(r"^(?:summary|totals): (\d+)", text, re.M)[1])
    return total, set(re.findall(r"^fn=(.*)$", text, re.M))


def main():
    if not shutil.which("valgrind"):
        print("valgrind is not installed")
        return SKIPPED
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for mode in ("default", "metrics", "trace"):
            short, _ = counted(sys.argv[1], mode, 1, folder)
            long, functions = counted(sys.argv[1], mode, 3, folder)
            found[mode] = (long - short) / (2 * NODES)
            print(json.dumps({"bench": "W5", "mode": mode, "instructions_per_node": round(found[mode], 1)}))
            if mode == "default":
                telemetry = sorted(f for f in functions if TELEMETRY.search(f))
                if telemetry or not functions:
                    sys.exit(f"a run without telemetry executes {telemetry}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
