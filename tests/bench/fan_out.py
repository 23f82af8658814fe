#!/usr/bin/env python3
"""W3: a thousand chat completions at once, side by side with a bare curl_multi and, on demand, with npm's clients.

    fan_out.py PFLOW_HOST CHAT_SERVER CURL_FLOOR [--short] [--peers] [--calls N] [--rounds N] [--at C,C,...]

One server (chat_server.cpp) answers everybody, in turn, round after round. Prints one JSON object for each program and concurrency, all
numbers medians:
  run_ms      what the program says of itself: from its first act to the last answer; of a workflow, how long its batch took
  process_ms  from before the start of the process to its end
  server_ms   what the server saw: from the first request to the last answer
  cpu_s, us_per_call, peak_mib, threads (the most that were seen)
and, against curl_multi in the same round, `run_ratio` and `process_ratio`. "metrics" is --output-format json, "trace" is --trace besides,
"plain" neither; `added_us_per_call` is the CPU time of either beyond plain (W5). Fails when the tokens that a program summed are not those
that the server counted; no time is asserted.
"""

import argparse
import http.client
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PEERS = {"openai SDK": ("openai_fan_out.mjs", ["openai@6"]),
         "LangGraph": ("langgraph_fan_out.mjs", ["@langchain/langgraph@1", "@langchain/openai@1", "@langchain/core@1"])}
PATIENCE_S = 120
SAMPLE_S = 0.01


class Server:
    def __init__(self, program, delay_ms):
        self.process = subprocess.Popen([program, str(delay_ms)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.base = f"http://127.0.0.1:{self.port}/v1"

    def ask(self, method, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request(method, path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def status_of(pid):
    """Threads and the highest memory so far, in KiB, of a process that may just have ended."""
    try:
        words = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        return int(words["Threads"]), int(words["VmHWM"].split()[0])
    except (OSError, KeyError):
        return 0, 0


def measured(command, env, folder):
    """Runs a program to its end; gives its stdout and what it took."""
    out, err = folder / "out", folder / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        begin = time.monotonic()
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
    threads = peak_kib = 0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - begin > PATIENCE_S:
            process.kill()
        now = status_of(process.pid)
        threads, peak_kib = max(threads, now[0]), max(peak_kib, now[1])
        time.sleep(SAMPLE_S)
    took = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command}: exit code {process.returncode}\n{err.read_text()}\n{out.read_text()[:2000]}")
    # What the kernel says at the end is exact, but includes what this process had when it started the other.
    if usage.ru_maxrss > resource.getrusage(resource.RUSAGE_SELF).ru_maxrss:
        peak_kib = usage.ru_maxrss
    return out.read_text(), {"process_ms": took * 1e3, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mib": peak_kib / 1024,
                             "threads": threads}


def workflow(calls, concurrency):
    return {"name": "fan-out", "nodes": [{
        "id": "ask", "type": "llm",
        "params": {"provider": "openai", "model": "gpt-4o-mini", "prompt": "Say something about item ${item}"},
        "batch": {"items": list(range(calls)), "parallel": True, "max_concurrent": concurrency}}],
        "outputs": {"timing": {"source": "${ask.batch_metadata.timing}"}, "done": {"source": "${ask.success_count}"}}}


class Bench:
    def __init__(self, options, server, folder):
        self.options, self.server, self.folder = options, server, folder
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("PFLOW_")}
        self.env.update(HOME=str(folder), PFLOW_HOME=str(folder / "home"), OPENAI_API_KEY="none", OPENAI_BASE_URL=server.base)
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            self.env.pop(name, None)

    def once(self, command, read):
        self.server.ask("POST", "/reset")
        out, found = measured(command, self.env, self.folder)
        counted = self.server.ask("GET", "/stats")
        found["run_ms"], tokens = read(out)
        found["server_ms"] = counted["busy_ms"]
        found["most_in_flight"] = counted["most_in_flight"]
        expected = counted["prompt_tokens"] + counted["completion_tokens"]
        if tokens not in (None, expected) or counted["answers"] != self.options.calls:
            sys.exit(f"{command}: {tokens} tokens, the server counted {expected} in {counted['answers']} answers")
        return found

    def words(self, out):
        line = json.loads(out)
        return line["run_ms"], line["tokens"]

    def envelope(self, out):
        line = json.loads(out)
        return line["result"]["timing"]["total_ms"], line["metrics"]["total"]["tokens_total"]

    def text(self, out):
        return json.loads(out)["timing"]["total_ms"], None

    def programs(self, concurrency):
        calls = str(self.options.calls)
        document = self.folder / f"fan-out-{concurrency}.json"
        document.write_text(json.dumps(workflow(self.options.calls, concurrency)))
        run = [self.options.host, "run", str(document)]
        programs = {
            "curl_multi": ([self.options.floor, self.server.base + "/chat/completions", calls, str(concurrency)], self.words),
            "pflow-host metrics": ([*run, "--output-format", "json"], self.envelope),
            "pflow-host plain": (run, self.text),
            "pflow-host trace": ([*run, "--output-format", "json", "--trace"], self.envelope),
        }
        for name, (script, _) in PEERS.items():
            if (self.folder / "node_modules").exists():
                programs[name] = (["node", str(self.folder / script), self.server.base, calls, str(concurrency)], self.words)
        return programs

    def compare(self, concurrency):
        programs = self.programs(concurrency)
        rounds = {name: [] for name in programs}
        for _ in range(self.options.rounds):
            for name, (command, read) in programs.items():
                rounds[name].append(self.once(command, read))
        cpu_of = {name: statistics.median(r["cpu_s"] for r in found) for name, found in rounds.items()}
        for name, found in rounds.items():
            line = {key: statistics.median(r[key] for r in found) for key in found[0]}
            line["threads"] = max(r["threads"] for r in found)
            line["us_per_call"] = line["cpu_s"] / self.options.calls * 1e6
            for key in ("run", "process"):
                line[f"{key}_ratio"] = statistics.median(
                    r[f"{key}_ms"] / floor[f"{key}_ms"] for r, floor in zip(found, rounds["curl_multi"]))
            if name in ("pflow-host metrics", "pflow-host trace"):
                line["added_us_per_call"] = (cpu_of[name] - cpu_of["pflow-host plain"]) / self.options.calls * 1e6
            print(json.dumps({"bench": "W3", "program": name, "calls": self.options.calls, "concurrency": concurrency,
                              **{k: round(v, 3) for k, v in line.items()}}), flush=True)


def install_peers(folder):
    """npm's clients, in the folder that goes away; says so where they cannot be had."""
    if not (shutil.which("npm") and shutil.which("node")):
        print("npm is not installed: no peers", file=sys.stderr)
        return
    (folder / "package.json").write_text('{"type": "module"}')
    packages = [package for _, wanted in PEERS.values() for package in wanted]
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *packages], cwd=folder, capture_output=True,
                          text=True, timeout=300, check=False)
    if done.returncode != 0:
        print("no peers, npm has them not:", done.stderr, file=sys.stderr)
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
    for script, _ in PEERS.values():
        shutil.copy(HERE / "peers" / script, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("host")
    parser.add_argument("server")
    parser.add_argument("floor")
    parser.add_argument("--short", action="store_true", help="a quick run that shows that the benchmark still works")
    parser.add_argument("--peers", action="store_true", help="npm's clients too")
    parser.add_argument("--calls", type=int)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--at", type=lambda text: [int(c) for c in text.split(",")], default=[10, 100, 1000])
    options = parser.parse_args()
    options.calls = options.calls or (40 if options.short else 1000)
    options.rounds = options.rounds or (1 if options.short else 5)
    with tempfile.TemporaryDirectory(prefix="pflow-bench-") as name, Server(options.server, 5 if options.short else 50) as server:
        folder = pathlib.Path(name)
        if options.peers:
            install_peers(folder)
        bench = Bench(options, server, folder)
        for concurrency in options.at:
            bench.compare(concurrency)
    return 0


if __name__ == "__main__":
    sys.exit(main())
