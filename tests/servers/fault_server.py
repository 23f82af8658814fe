#!/usr/bin/env python3
"""An HTTP/1.1 server on 127.0.0.1 that does what servers should not do, each thing at a path of its own.

    fault_server.py            until its stdin is closed

The first line on stdout is JSON: "port"; "other_port", the same server as another host; "tls_port", the same again with
a certificate that nobody signed; "certificate", its file. What is asked for is faults.py's and answers.py's: each
function there whose name begins with "at_" answers the path of that name ("/half-body"), with what follows in the path
as `request.rest` and the query as `request.query`; ?visit=KEY in any of them counts for /visits/KEY.
"""

import asyncio
import json
import pathlib
import ssl
import subprocess
import sys
import tempfile
import threading
import traceback

import answers
import faults
from exchange import NoRequest, read_request, respond, respond_json

HOST = "127.0.0.1"


def routes():
    found = {}
    for module in (answers, faults):
        for name, function in vars(module).items():
            if name.startswith("at_"):
                found["/" + name[3:].replace("_", "-")] = function
    return found


class Server:
    def __init__(self):
        self.routes = routes()
        self.ports = {}
        self.tasks = set()

    async def connection(self, reader, writer):
        task = asyncio.current_task()
        self.tasks.add(task)
        try:
            while await self.one_request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client left, as many tests have it do
        except asyncio.CancelledError:
            pass  # the server ends
        except Exception:  # a defect of the server must not look like a fault it was asked for
            traceback.print_exc()
        finally:
            self.tasks.discard(task)
            writer.close()

    async def one_request(self, reader, writer):
        try:
            request = await read_request(reader)
        except NoRequest:
            await respond(writer, "this is an HTTP server", status=400)
            return False
        if request is None:
            return False
        request.ports = self.ports
        request.local_port = writer.get_extra_info("sockname")[1]
        if "visit" in request.query:
            answers.visits[request.query["visit"]] += 1
        handler = self.routes.get("/" + request.path.split("/")[1])
        if handler is None:
            return await respond_json(writer, {"error": "no such path", "paths": sorted(self.routes)}, status=404)
        return bool(await handler(request, writer)) and request.keeps_open()

    async def listen(self, name, tls=None):
        server = await asyncio.start_server(self.connection, HOST, 0, ssl=tls, limit=1 << 20)
        self.ports[name] = server.sockets[0].getsockname()[1]
        return server

    async def serve(self, folder):
        certificate, tls = self_signed(folder)
        servers = [await self.listen("port"), await self.listen("other_port"), await self.listen("tls_port", tls)]
        print(json.dumps({**self.ports, "certificate": str(certificate)}), flush=True)
        await stdin_closed()
        for server in servers:
            server.close()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def self_signed(folder):
    certificate, key = pathlib.Path(folder) / "server.crt", pathlib.Path(folder) / "server.key"
    command = ["openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-newkey", "ec", "-pkeyopt",
               "ec_paramgen_curve:prime256v1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout",
               str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return certificate, tls


async def stdin_closed():
    closed, loop = asyncio.Event(), asyncio.get_running_loop()

    def wait():
        while sys.stdin.buffer.read(4096):
            pass
        loop.call_soon_threadsafe(closed.set)

    threading.Thread(target=wait, daemon=True).start()
    await closed.wait()


def main():
    with tempfile.TemporaryDirectory(prefix="pflow-fault-server-") as folder:
        asyncio.run(Server().serve(folder))


if __name__ == "__main__":
    main()
