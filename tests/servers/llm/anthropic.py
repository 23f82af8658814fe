"""Anthropic's shape: /v1/messages."""

import json

from llm import ledger
from llm.call import Call
from llm.frame import END, Frame, retry_headers, sse, told_by

PROVIDER = "anthropic"
PATHS = ("/v1/messages",)
STOPS = {"end": "end_turn", "stop": "stop_sequence", "length": "max_tokens"}
STREAM_TYPE = "text/event-stream; charset=utf-8"
PING = b'event: ping\ndata: {"type": "ping"}\n\n'


def key_of(request):
    return request.headers.get("x-api-key", "")


def read_content(content):
    if isinstance(content, str):
        return content, 0
    images = [part["source"] for part in content if part["type"] == "image"]
    for source in images:
        if source["type"] == "base64" and not (source["media_type"].startswith("image/") and source["data"]):
            raise ValueError("image source lacks its type or data")
        if source["type"] == "url" and not source["url"].startswith(("https://", "http://")):
            raise ValueError("image source is no URL")
    return "\n".join(part["text"] for part in content if part["type"] == "text"), len(images)


def parse(request):
    body = request.json()
    if not request.headers.get("anthropic-version"):
        raise ValueError("anthropic-version: header is required")
    if not isinstance(body.get("max_tokens"), int):
        raise ValueError("max_tokens: Field required")
    prompt, images = [], 0
    for message in body["messages"]:
        if message["role"] not in ("user", "assistant"):
            raise ValueError(f"messages: no role {message['role']}")
        text, count = read_content(message["content"])
        prompt.append(text)
        images += count
    system = body.get("system") or ""
    system = system if isinstance(system, str) else "\n".join(part["text"] for part in system)
    form, tool = (body.get("output_config") or {}).get("format") or {}, ""
    wanted = form.get("schema")
    choice = body.get("tool_choice") or {}
    if choice.get("type") == "tool":
        tool = choice["name"]
        wanted = next(t["input_schema"] for t in body["tools"] if t["name"] == tool)
    return Call(PROVIDER, body["model"], "\n".join(prompt), system, bool(body.get("stream")), images, body["max_tokens"],
                tuple(body.get("stop_sequences") or ()), wanted, tool=tool, api="messages")


def usage_json(told):
    """Exclusive: what was read from or written to a cache is no part of input_tokens."""
    write_1h = told["cache_write_1h_tokens"]
    body = {"input_tokens": told["input_tokens"] - told["cache_read_tokens"] - told["cache_write_tokens"],
            "cache_creation_input_tokens": told["cache_write_tokens"],
            "cache_read_input_tokens": told["cache_read_tokens"],
            "cache_creation": {"ephemeral_5m_input_tokens": told["cache_write_tokens"] - write_1h,
                               "ephemeral_1h_input_tokens": write_1h},
            "output_tokens": told["output_tokens"], "service_tier": "standard"}
    if told["reasoning_tokens"]:
        body["output_tokens_details"] = {"thinking_tokens": told["reasoning_tokens"]}
    return body


def headers_of(answer_id):
    return {"request-id": f"req_{answer_id}", "anthropic-organization-id": "00000000-0000-4000-8000-000000000000",
            "anthropic-ratelimit-requests-limit": "4000", "anthropic-ratelimit-requests-remaining": "3999",
            "anthropic-ratelimit-requests-reset": "2026-10-01T12:00:00Z"}


def blocks(call, answer):
    """What the content is made of: (block, the pieces of its deltas)."""
    if answer.thoughts:
        yield {"type": "thinking", "thinking": answer.thought, "signature": "c2lnbmVk"}, answer.thoughts
    if call.tool:
        block = {"type": "tool_use", "id": f"toolu_{answer.id}", "name": call.tool}
        try:
            block["input"] = json.loads(answer.text)
        except ValueError:
            block["input"] = {}
        yield block, answer.words
    else:
        yield {"type": "text", "text": answer.text}, answer.words


def stop_of(call, answer):
    if "stop" in call.marks:
        return call.marks["stop"]
    return "tool_use" if call.tool and answer.stop == "end" else STOPS[answer.stop]


def message(call, answer, told, done):
    body = {"id": f"msg_{answer.id}", "type": "message", "role": "assistant", "model": answer.model,
            "content": [block for block, _ in blocks(call, answer)] if done else [],
            "stop_reason": stop_of(call, answer) if done else None,
            "stop_sequence": call.stop[0] if done and answer.stop == "stop" else None}
    if call.marks.get("usage") != "missing":
        body["usage"] = None if told is None else usage_json(told)
    return body


def whole(call, answer):
    told = told_by(call, answer.usage)
    return message(call, answer, told, True), told


def frames(call, answer):
    first = told_by(call, {**answer.usage, "output_tokens": min(1, answer.usage["output_tokens"]), "reasoning_tokens": 0})
    yield Frame(sse({"type": "message_start", "message": message(call, answer, first, False)}, "message_start"), 0, first)
    words = 0
    for index, (block, pieces) in enumerate(blocks(call, answer)):
        kind = block["type"]
        empty = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}, "tool_use": {"input": {}}}[kind]
        yield Frame(sse({"type": "content_block_start", "index": index, "content_block": {**block, **empty}},
                        "content_block_start"), words)
        if index == 0:
            yield Frame(PING, words)
        for piece in pieces:
            delta = {"text": {"type": "text_delta", "text": piece},
                     "thinking": {"type": "thinking_delta", "thinking": piece},
                     "tool_use": {"type": "input_json_delta", "partial_json": piece}}[kind]
            words += kind != "thinking"
            yield Frame(sse({"type": "content_block_delta", "index": index, "delta": delta}, "content_block_delta"), words)
            if call.marks.get("usage") == "continuous" and kind != "thinking":
                yield delta_frame(answer.usage_after(words), words, {"stop_reason": None, "stop_sequence": None})
        if kind == "thinking":
            delta = {"type": "signature_delta", "signature": block["signature"]}
            yield Frame(sse({"type": "content_block_delta", "index": index, "delta": delta}, "content_block_delta"), words)
        yield Frame(sse({"type": "content_block_stop", "index": index}, "content_block_stop"), words)
    sequence = call.stop[0] if answer.stop == "stop" else None
    yield delta_frame(told_by(call, answer.usage), END, {"stop_reason": stop_of(call, answer), "stop_sequence": sequence})
    yield Frame(sse({"type": "message_stop"}, "message_stop"), END)


def delta_frame(told, words, delta):
    body = {"type": "message_delta", "delta": delta}
    if told is not None:
        body["usage"] = usage_json(told)
        for name in ("cache_creation", "service_tier"):
            del body["usage"][name]
    return Frame(sse(body, "message_delta"), words, told)


ERRORS = {400: ("invalid_request_error", "This request is not valid."), 401: ("authentication_error", "invalid x-api-key {key}"),
          403: ("permission_error", "This key may not use the resource."), 404: ("not_found_error", "model: {model}"),
          408: ("timeout_error", "The request took too long."), 409: ("invalid_request_error", "Conflict"),
          429: ("rate_limit_error", "This would pass the rate limit of your organization."),
          500: ("api_error", "Internal server error"), 503: ("api_error", "Service unavailable"),
          529: ("overloaded_error", "Overloaded")}


def error_json(status, call, key="", quota=False, message="", answer_id=""):
    kind, text = ERRORS.get(status, ERRORS[500])
    if quota:
        kind, text = "billing_error", "The credit balance is too low."
    return {"type": "error", "error": {"type": kind, "message": message or text.format(model=call.model, key=key)},
            "request_id": f"req_{answer_id}"}


def refusal(status, call, answer_id, key="", quota=False, message=""):
    headers = {**headers_of(answer_id), **retry_headers(call.marks)}
    return 400 if quota else status, headers, error_json(status, call, key, quota, message, answer_id)


def error_frame(call):
    return sse(error_json(529, call), "error")
