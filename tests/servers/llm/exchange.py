"""HTTP/1.1 as the model server needs it: requests in, answers out in pieces that a test decides."""

import asyncio
import gzip
import json
import socket
import struct
import urllib.parse
import zlib

MAX_HEAD = 64 * 1024
MAX_BODY = 64 * 1024 * 1024


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.body = method, target, headers, body
        path, _, self.query_text = target.partition("?")
        self.path = urllib.parse.unquote(path)
        self.raw_path = path
        self.query = urllib.parse.parse_qs(self.query_text, keep_blank_values=True)

    def json(self):
        return json.loads(self.body)


async def read_request(reader, writer):
    """The next request of a connection; None at its end or when it is no HTTP."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        return None
    first, *lines = head.split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3:
        return None
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    try:
        body = await read_body(reader, headers)
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        return None
    return Request(parts[0], parts[1], headers, body)


async def read_body(reader, headers):
    if headers.get("transfer-encoding", "").lower() != "chunked":
        length = int(headers.get("content-length") or 0)
        if not 0 <= length <= MAX_BODY:
            raise ValueError("body too long")
        return await reader.readexactly(length) if length else b""
    body = b""
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        if size + len(body) > MAX_BODY:
            raise ValueError("body too long")
        piece = await reader.readexactly(size + 2)
        if size == 0:
            return body
        body += piece[:-2]


REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
           408: "Request Timeout", 409: "Conflict", 429: "Too Many Requests", 500: "Internal Server Error",
           502: "Bad Gateway", 503: "Service Unavailable", 529: "Overloaded"}


class Out:
    """One answer on its way. `split`: no TCP segment has more bytes than this, so that characters break between reads."""

    def __init__(self, writer, split=0, zipped=False):
        self.writer, self.split = writer, split
        self.zipper = zlib.compressobj(wbits=31) if zipped else None
        if split:
            writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def head(self, status, headers, length=None):
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Unknown')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.zipper:
            lines.append("content-encoding: gzip")
        lines.append("transfer-encoding: chunked" if length is None else f"content-length: {length}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    async def send(self, data):
        """Raw bytes, in segments."""
        if not self.split:
            self.writer.write(data)
            return
        for at in range(0, len(data), self.split):
            self.writer.write(data[at : at + self.split])
            await self.writer.drain()
            await asyncio.sleep(0.0002)  # else the kernel joins them again

    def zipped(self, body):
        return gzip.compress(body) if self.zipper else body

    async def whole(self, status, headers, body):
        body = self.zipped(body)
        self.head(status, headers, len(body))
        await self.send(body)

    async def chunk(self, data):
        """One piece of a chunked body, handed to the kernel at once."""
        if self.zipper:
            data = self.zipper.compress(data) + self.zipper.flush(zlib.Z_SYNC_FLUSH)
        if data:
            await self.send(b"%x\r\n%b\r\n" % (len(data), data))
            await self.writer.drain()

    async def end(self):
        if self.zipper:
            rest, self.zipper = self.zipper.flush(), None
            await self.chunk(rest)
        self.writer.write(b"0\r\n\r\n")

    def reset(self):
        """Ends the connection with RST: what the client has not read yet is lost."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
