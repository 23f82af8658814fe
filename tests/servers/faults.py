"""Answers that are not in order. See fault_server.py for how a path finds its function."""

import asyncio
import gzip
import socket
import struct
import zlib

from answers import visits
from exchange import head, respond, send


async def reset(writer):
    """Lets the connection end with RST instead of FIN."""
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def at_close(request, writer):
    """No answer at all; counted for /visits/KEY."""
    visits[request.rest] += 1
    return False


async def at_reset(request, writer):
    """/reset/KEY, counted as well."""
    visits[request.rest] += 1
    await reset(writer)


async def at_reset_in_body(request, writer):
    await send(writer, head(200, [("Content-Length", 1000)]) + b"x" * 100)
    await asyncio.sleep(0.1)
    await reset(writer)


async def at_half_head(request, writer):
    await send(writer, b"HTTP/1.1 200 OK\r\nContent-Ty")


async def at_half_body(request, writer):
    await send(writer, head(200, [("Content-Type", "text/plain"), ("Content-Length", 1000)]) + b"x" * 100)


async def at_half_chunk(request, writer):
    """Breaks off between two chunks: without a last one."""
    await send(writer, head(200, [("Transfer-Encoding", "chunked")]) + b"5\r\nhello\r\n")


async def at_bad_chunk(request, writer):
    await send(writer, head(200, [("Transfer-Encoding", "chunked")]) + b"5\r\nhello\r\nzz\r\nworld\r\n0\r\n\r\n")
    return True


async def at_not_http(request, writer):
    await send(writer, b"SSH-2.0-OpenSSH_9.2\r\n")


async def at_bad_status(request, writer):
    await send(writer, b"HTTP/1.1 abc Nothing\r\nContent-Length: 0\r\n\r\n")


async def at_no_end(request, writer):
    """Never an answer, never an end."""
    await asyncio.Event().wait()


async def at_no_end_of_body(request, writer):
    await send(writer, head(200, [("Content-Length", 1000)]) + b"x" * 100)
    await asyncio.Event().wait()


async def at_redirect_loop(request, writer):
    return await respond(writer, status=302, headers=[("Location", request.target)])


async def at_huge_head(request, writer):
    """?bytes= of headers."""
    line = b"X-Filler: " + b"f" * 1000
    return await respond(writer, "heavy", headers=[line] * (request.number("bytes", 1 << 20) // len(line)))


async def at_bad_json(request, writer):
    return await respond(writer, '{"cut": [1, 2', content_type="application/json")


async def at_bad_content_type(request, writer):
    return await respond(writer, "what?", content_type=";;charset=;")


async def at_no_gzip(request, writer):
    """Says that it is compressed, but is not."""
    return await respond(writer, "plain as day", headers=[("Content-Encoding", "gzip")])


async def at_half_gzip(request, writer):
    whole = gzip.compress(b"".join(b"%d " % i for i in range(1000)))
    return await respond(writer, whole[:len(whole) // 2], headers=[("Content-Encoding", "gzip")])


async def at_unknown_encoding(request, writer):
    return await respond(writer, "what?", headers=[("Content-Encoding", "x-secret")])


async def at_gzip_bomb(request, writer):
    """?mib= of zeros, which are a thousandth of it on the way."""
    packer = zlib.compressobj(9, wbits=31)
    zeros, packed = bytes(1 << 20), b""
    for _ in range(request.number("mib", 256)):
        packed += packer.compress(zeros)
    packed += packer.flush()
    return await respond(writer, packed, headers=[("Content-Encoding", "gzip")])
