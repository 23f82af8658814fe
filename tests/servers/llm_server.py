#!/usr/bin/env python3
"""A server that speaks the wire formats of OpenAI (chat, responses), Anthropic, Gemini and Ollama on one loopback port, each
streamed and whole, for tests. Deterministic: a token is a word, the answer follows from the request.

The first line of stdout is the port; the server ends when stdin closes. Faults are scripted by marks in the prompt
(llm/marks.py), or by rates over prompts that hold "item N". What it bills is in the ledger (llm/ledger.py).

GET /__ledger      the ledger as JSON: counts by model, "nano_usd", "requests", "statuses", "status_429", "broken_streams",
                   "max_concurrent", "connections", "misplaced_keys", ...; DELETE empties it (and answers with it)
GET /__requests    with --record: the last 4,096 requests as they came
A model whose name begins with "missing" does not exist. The text of a 401 quotes the key: a client must not pass it on.
"""

import argparse
import asyncio
import os
import pathlib
import resource
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from llm import ledger, marks, service  # noqa: E402

BACKLOG = 4096


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default="test-key-0123456789abcdef", help="the key of every vendor that has keys")
    parser.add_argument("--price", action="append", default=[], metavar="MODEL=IN/OUT[/READ[/WRITE[/WRITE_1H]]]",
                        help="USD per million tokens")
    parser.add_argument("--models", default="", help="the only models there are, by commas; default: all")
    parser.add_argument("--model-suffix", default="", help="added to the model that answers, such as --model-suffix=-2024-07-18")
    parser.add_argument("--rate-429", type=int, default=0, help="of 100 items so many get a 429 first")
    parser.add_argument("--rate-cut", type=int, default=0, help="of 100 items so many get a broken stream first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--marks", default="", help="marks that every prompt has, unless it says otherwise")
    parser.add_argument("--refuse", action="append", default=[], help="a member of bodies that is answered with 400")
    parser.add_argument("--record", action="store_true")
    options = parser.parse_args(arguments)
    options.prices = dict(price.split("=", 1) for price in options.price)
    options.models = frozenset(filter(None, options.models.split(",")))
    options.marks = marks.read_marks(options.marks, {})
    return options


async def stdin_closed():
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(4096):
        pass


async def main(options):
    served = service.Service(options, ledger.Ledger(options.prices))
    server = await asyncio.start_server(served.connection, "127.0.0.1", options.port, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    await stdin_closed()


if __name__ == "__main__":
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    asyncio.run(main(options_of(sys.argv[1:])))
    os._exit(0)  # calls that still hang must not keep it
