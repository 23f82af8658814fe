"""Answers that are in order, if unusual. See fault_server.py for how a path finds its function."""

import asyncio
import email.utils
import gzip
import time
import urllib.parse
import zlib
from collections import Counter

from exchange import head, respond, respond_json, send

TEXT = "Grüße, 世界 😀\n"
visits = Counter()


async def at_echo(request, writer):
    """What was sent."""
    told = {"method": request.method, "target": request.target, "headers": request.headers,
            "body": request.body.decode("latin-1"), "port": request.local_port}
    return await respond_json(writer, told, method=request.method)


async def at_text(request, writer):
    return await respond(writer, TEXT, method=request.method)


async def at_json(request, writer):
    """?type=: the content type, "" for none; ?body=: the body."""
    body = request.query.get("body", '{"items": [1, 2.5, "three"], "ok": true, "none": null}')
    return await respond(writer, body, content_type=request.query.get("type", "application/json"))


async def at_status(request, writer):
    """/status/404; ?type=, ?body= as for /json."""
    body = request.query.get("body", f'{{"status": {int(request.rest)}}}')
    return await respond(writer, body, status=int(request.rest), method=request.method,
                         content_type=request.query.get("type", "application/json"))


async def at_empty(request, writer):
    await send(writer, head(204))
    return True


async def at_latin1(request, writer):
    """?charset=: what the answer says; the bytes are windows-1252."""
    kind = "text/plain; charset=" + request.query.get("charset", "ISO-8859-1")
    return await respond(writer, "caf\u00e9 \u20ac5".encode("cp1252"), content_type=kind)


async def at_binary(request, writer):
    return await respond(writer, bytes(range(256)), content_type="application/octet-stream")


async def at_bom(request, writer):
    return await respond(writer, b"\xef\xbb\xbf" + b'{"marked": true}', content_type="application/json")


async def at_split_utf8(request, writer):
    """Each byte in a packet of its own."""
    body = TEXT.encode()
    await send(writer, head(200, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", len(body))]))
    for i in range(len(body)):
        await asyncio.sleep(0.005)
        await send(writer, body[i:i + 1])
    return True


async def at_chunked(request, writer):
    await send(writer, head(200, [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]))
    for piece in (b'{"chunk', b'ed": t', b"rue}"):
        await send(writer, b"%x;extension=1\r\n%s\r\n" % (len(piece), piece))
    await send(writer, b"0\r\nTrailer-Header: 1\r\n\r\n")
    return True


async def at_unknown_length(request, writer):
    """Only the end of the connection says that this is all."""
    await send(writer, head(200, [("Content-Type", "text/plain"), ("Connection", "close")]) + TEXT.encode())
    return False


async def at_gzip(request, writer):
    return await respond(writer, gzip.compress(TEXT.encode()), headers=[("Content-Encoding", "gzip")])


async def at_deflate(request, writer):
    return await respond(writer, zlib.compress(TEXT.encode()), headers=[("Content-Encoding", "deflate")])


async def at_duplicate_headers(request, writer):
    return await respond(writer, "twice", headers=[("X-Twice", "one"), ("x-twice", "two"), ("Set-Cookie", "a=1"),
                                                   ("Set-Cookie", "b=2; Path=/")])


async def at_set_cookie(request, writer):
    return await respond(writer, "one cookie", headers=[("Set-Cookie", "only=1; HttpOnly")])


async def at_valueless_header(request, writer):
    return await respond(writer, "fine", headers=[b"X-Nothing:", b"X-Space:   ", ("X-Latin", "caf\u00e9".encode("latin-1"))])


async def at_early(request, writer):
    """Heads that are not the last one."""
    await send(writer, head(100) + head(103, [("Link", "</style.css>; rel=preload")]))
    await asyncio.sleep(0.05)
    return await respond(writer, "at last", headers=[("X-Final", "1")])


async def at_redirect(request, writer):
    """/redirect/302?to=/echo&at=other: `at` is port (the same, by default relative), other or tls; ?url= is any URL."""
    query = request.query
    place = query.get("url", query.get("to", "/echo"))
    if "at" in query:
        scheme = "https" if query["at"] == "tls" else "http"
        name = {"port": "port", "other": "other_port", "tls": "tls_port"}[query["at"]]
        place = f"{scheme}://127.0.0.1:{request.ports[name]}{place}"
    return await respond(writer, "elsewhere", status=int(request.rest), headers=[("Location", place)],
                         method=request.method)


async def at_hops(request, writer):
    """/hops/3: so many redirects before an answer."""
    left = int(request.rest)
    if left == 0:
        return await respond(writer, "arrived")
    return await respond(writer, status=302, headers=[("Location", f"/hops/{left - 1}")])


RETRY_AFTER = {
    "none": lambda: [],
    "seconds": lambda: [("Retry-After", "1")],
    "zero": lambda: [("Retry-After", "0")],
    "ms": lambda: [("Retry-After", "30"), ("retry-after-ms", "50")],
    "date": lambda: [("Retry-After", email.utils.formatdate(time.time() + 1, usegmt=True)),
                     ("Date", email.utils.formatdate(usegmt=True))],
    "past": lambda: [("Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT")],
    "garbage": lambda: [("Retry-After", "in a while")],
}


async def at_flaky(request, writer):
    """/flaky/KEY?fail=2&status=429&retry_after=ms: fails so often for this key, then tells how often it was asked."""
    visits[request.rest] += 1
    if visits[request.rest] > request.number("fail", 1):
        return await respond_json(writer, {"visits": visits[request.rest]})
    wait = RETRY_AFTER[request.query.get("retry_after", "none")]()
    return await respond_json(writer, {"error": {"message": "not now"}}, status=request.number("status", 429), headers=wait)


async def at_visits(request, writer):
    """/visits/KEY: how often /flaky/KEY and the like were asked."""
    return await respond_json(writer, visits[request.rest])


async def at_big(request, writer):
    """?bytes=; ?length=0: not told in the head. The same 64 KiB again and again."""
    total = request.number("bytes", 1 << 30)
    told = [("Content-Length", total)] if request.number("length", 1) else [("Connection", "close")]
    await send(writer, head(200, [("Content-Type", "application/octet-stream"), *told]))
    piece = memoryview(b"0123456789abcdef" * 4096)
    while total > 0:
        await send(writer, piece[:total])
        total -= len(piece)
    return bool(request.number("length", 1))


async def at_drip(request, writer):
    """?count=&ms=: so many bytes, one after each pause."""
    count = request.number("count", 10)
    await send(writer, head(200, [("Content-Type", "text/plain"), ("Content-Length", count)]))
    for _ in range(count):
        await asyncio.sleep(request.number("ms", 100) / 1000)
        await send(writer, b".")
    return True


async def at_slow_head(request, writer):
    """?ms=: silence before the head; ?drip=1: then a byte of it every 20 ms."""
    await asyncio.sleep(request.number("ms", 1000) / 1000)
    if not request.number("drip", 0):
        return await respond(writer, "late")
    for byte in head(200, [("Content-Length", 4)]) + b"late":
        await asyncio.sleep(0.02)
        await send(writer, bytes([byte]))
    return True


async def at_location(request, writer):
    """/location?query: a redirect that carries the query on, to /echo of the other host."""
    query = urllib.parse.quote(request.target.partition("?")[2], safe="=&%")
    place = f"http://127.0.0.1:{request.ports['other_port']}/echo?{query}"
    return await respond(writer, status=307, headers=[("Location", place)])
