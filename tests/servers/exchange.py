"""Reading requests and writing answers, byte by byte: nothing here mends what a test wants broken."""

import http
import json
import urllib.parse
from dataclasses import dataclass, field


@dataclass
class Request:
    method: str
    target: str
    version: str
    headers: list  # [name, value] as they came
    body: bytes = b""
    ports: dict = field(default_factory=dict)
    local_port: int = 0

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def rest(self):
        """What follows the first part of the path."""
        return self.path.partition("/")[2].partition("/")[2]

    @property
    def query(self):
        return dict(urllib.parse.parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    def number(self, name, default):
        return int(self.query.get(name, default))

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name), "")

    def keeps_open(self):
        return self.version == "HTTP/1.1" and self.header("connection").lower() != "close"


class NoRequest(Exception):
    """What came is not HTTP."""


async def read_request(reader):
    """None: the client has nothing more to ask. Raises NoRequest."""
    first = await reader.readline()
    if not first:
        return None
    words = first.decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        raise NoRequest
    method, target, version = words
    headers = []
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode("latin-1").partition(":")
        headers.append([name, value.strip()])
    request = Request(method, target, version, headers)
    if "chunked" in request.header("transfer-encoding").lower():
        while size := int(await reader.readline(), 16):
            request.body += await reader.readexactly(size + 2)
            request.body = request.body[:-2]
        await reader.readline()
    elif length := request.header("content-length"):
        request.body = await reader.readexactly(int(length))
    return request


def head(status, headers=()):
    """The bytes of a head. A header may be (name, value) or bytes, a line as it is."""
    try:
        phrase = http.HTTPStatus(status).phrase
    except ValueError:
        phrase = "Whatever"
    lines = [f"HTTP/1.1 {status} {phrase}".encode()]
    for header in headers:
        if isinstance(header, bytes):
            lines.append(header)
        else:
            value = header[1] if isinstance(header[1], bytes) else str(header[1]).encode()
            lines.append(header[0].encode() + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def send(writer, data):
    writer.write(data)
    await writer.drain()


async def respond(writer, body=b"", status=200, headers=(), content_type="text/plain; charset=utf-8", method="GET"):
    """A whole answer, in order; the connection may be used again."""
    if isinstance(body, str):
        body = body.encode()
    described = [("Content-Type", content_type)] if content_type else []
    await send(writer, head(status, [*described, ("Content-Length", len(body)), *headers]) +
               (b"" if method == "HEAD" else body))
    return True


async def respond_json(writer, value, **options):
    return await respond(writer, json.dumps(value), content_type="application/json", **options)
