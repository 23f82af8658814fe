"""Serves the vendors' shapes on one port: chooses the answer, plays the faults, keeps the ledger."""

import asyncio
import base64
import collections

from llm import anthropic, call as calls, exchange, gemini, marks, ollama, openai, openai_responses
from llm.frame import END, dumps

SHAPES = (openai, openai_responses, anthropic, ollama)
RECORDED = 4096
KEY_HEADERS = {"openai": "authorization", "anthropic": "x-api-key", "gemini": "x-goog-api-key"}


def shape_of(path):
    if gemini.PATH.match(path):
        return gemini
    return next((shape for shape in SHAPES if path in shape.PATHS), None)


class Broken(Exception):
    """The connection must not be used again."""


class Service:
    def __init__(self, options, ledger):
        self.options, self.ledger = options, ledger
        self.attempts = collections.Counter()
        self.recorded = collections.deque(maxlen=RECORDED)
        self.rates = marks.Rates(options.rate_429, options.rate_cut, options.seed)

    async def connection(self, reader, writer):
        self.ledger.counts["connections"] += 1
        try:
            while True:
                request = await exchange.read_request(reader, writer)
                if request is None or not await self.serve(request, writer):
                    return
        except (Broken, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def serve(self, request, writer):
        """False: the connection ends."""
        if request.path.startswith("/__"):
            await self.inspect(request, writer)
        else:
            self.ledger.begin()
            try:
                await self.model_call(request, writer)
            except ConnectionError:
                self.ledger.counts["client_left"] += 1
                raise
            finally:
                self.ledger.end()
        await writer.drain()
        return request.headers.get("connection", "").lower() != "close"

    async def inspect(self, request, writer):
        out, body = exchange.Out(writer), {}
        if request.path == "/__ledger":
            body = self.ledger.report()
            if request.method == "DELETE":
                self.ledger.reset()
                self.attempts.clear()
                self.recorded.clear()
        elif request.path == "/__requests":
            body = list(self.recorded)
        await out.whole(200, {"content-type": "application/json"}, dumps(body))

    async def refuse(self, out, shape, call, status, **more):
        status, headers, body = shape.refusal(status, call, call.digest()[:24], **more)
        self.ledger.statuses[status] += 1
        await out.whole(status, {"content-type": "application/json", **headers}, dumps(body))

    async def model_call(self, request, writer):
        shape = shape_of(request.path)
        if self.options.record:
            self.record(request)
        self.look_for_keys(shape, request)
        if shape is None or request.method != "POST":
            self.ledger.statuses[404] += 1
            await exchange.Out(writer).whole(404, {"content-type": "text/plain"}, b"404 page not found")
            return
        try:
            call = shape.parse(request)
            problem = self.refused_field(request)
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            call, problem = calls.Call(shape.PROVIDER, "?", ""), f"{type(error).__name__}: {error}"
        call.marks = marks.read_marks(call.prompt, self.options.marks)
        zipped = "gzip" in call.marks and "gzip" in request.headers.get("accept-encoding", "")
        out = exchange.Out(writer, call.marks.number("split"), zipped)
        if call.marks.number("slow_head"):
            await asyncio.sleep(call.marks.number("slow_head") / 1000)
        key = shape.key_of(request)
        if key is not None and key != self.options.key:
            self.ledger.counts["auth_failures"] += 1
            await self.refuse(out, shape, call, 401, key=key)
        elif problem:
            await self.refuse(out, shape, call, 400, message=problem)
        elif call.model.startswith("missing") or (self.options.models and call.model not in self.options.models):
            await self.refuse(out, shape, call, 404)
        else:
            await self.answer(out, shape, call)

    def refused_field(self, request):
        body = request.json()
        for name in self.options.refuse:
            if name in body:
                return f"Unrecognized request argument supplied: {name}"
        return ""

    def fault(self, call):
        """(kind, argument), "" for none. A prompt's own mark wins over the rates."""
        kind, argument = call.marks.fault()
        number = marks.item_number(call.prompt)
        times = call.marks.number("times", END)
        if not kind and number is not None:
            kind, times = self.rates.fault_of(number), 1
        self.attempts[call.digest()] += 1
        if self.attempts[call.digest()] > times:
            return "", ""
        if kind:
            self.ledger.counts["faults"] += 1
        return kind, argument

    async def answer(self, out, shape, call):
        kind, argument = self.fault(call)
        answer = calls.answer(call, self.options.model_suffix)
        headers = shape.headers_of(answer.id)
        if kind == "quota":
            await self.refuse(out, shape, call, 429, quota=True)
        elif kind.isdigit():
            await self.refuse(out, shape, call, int(kind))
        elif kind == "html":
            self.ledger.statuses[502] += 1
            await out.whole(502, {"content-type": "text/html"}, b"<html><body><h1>502 Bad Gateway</h1></body></html>")
        elif kind == "hang":
            await asyncio.sleep(600)
        elif kind in ("garbage", "empty"):
            self.ledger.statuses[200] += 1
            await out.whole(200, headers, b"" if kind == "empty" else b'{"this is: no JSON')
        elif call.stream:
            await self.stream(out, shape, call, answer, kind, argument)
        else:
            await self.whole(out, shape, call, answer, kind)

    async def whole(self, out, shape, call, answer, kind):
        body, told = shape.whole(call, answer)
        data = dumps(body)
        headers = {"content-type": "application/json", **shape.headers_of(answer.id)}
        self.ledger.statuses[200] += 1
        if kind in ("half", "cut", "reset"):
            self.ledger.counts["broken_streams"] += 1
            data = out.zipped(data)
            out.head(200, headers, len(data))
            await out.send(data[: len(data) // 2])
            await self.break_off(out, kind)
        await out.whole(200, headers, data)
        if told is not None:
            self.ledger.bill(shape.PROVIDER, call.model, told)

    async def stream(self, out, shape, call, answer, kind, argument):
        self.ledger.statuses[200] += 1
        out.head(200, {"content-type": shape.STREAM_TYPE, "cache-control": "no-cache", **shape.headers_of(answer.id)})
        last = END if argument == "end" else int(argument or 2)
        told, pings = None, "pings" in call.marks
        frames = list(shape.frames(call, answer))
        if kind in ("cut", "reset", "half", "error"):
            frames = frames[:-1] if argument == "end" else [frame for frame in frames if frame.words <= last]
        try:
            for frame in frames:
                if pings and shape.PING:
                    await out.chunk(shape.PING)
                await out.chunk(frame.data)
                told = frame.told or told
                if call.marks.number("slow_token"):
                    await asyncio.sleep(call.marks.number("slow_token") / 1000)
            if kind == "error":
                self.ledger.counts["broken_streams"] += 1
                await out.chunk(shape.error_frame(call))
            elif kind in ("cut", "reset", "half"):
                self.ledger.counts["broken_streams"] += 1
                await self.break_off(out, kind)
            await out.end()
        finally:
            if told is not None:
                self.ledger.bill(shape.PROVIDER, call.model, told)

    async def break_off(self, out, kind):
        await out.writer.drain()
        if kind == "reset":
            out.reset()
        raise Broken

    def record(self, request):
        try:
            body = request.json()
        except ValueError:
            body = request.body.decode("utf-8", "replace")
        self.recorded.append({"method": request.method, "target": request.target, "headers": request.headers, "body": body})

    def look_for_keys(self, shape, request):
        """A key may stand in its vendor's header and nowhere else; a parameter named like one counts whatever it says."""
        forms = {self.options.key, base64.b64encode(self.options.key.encode()).decode().rstrip("=")}
        found = self.ledger.misplaced
        if any(form in request.target for form in forms) or {"key", "api_key", "apikey"} & set(request.query):
            found["url"] += 1
        if any(form.encode() in request.body for form in forms):
            found["body"] += 1
        right = KEY_HEADERS.get(shape.PROVIDER) if shape else None
        for name, value in request.headers.items():
            if name != right and any(form in value for form in forms):
                found[f"header {name}"] += 1
