"""Ollama's shape: /api/chat, JSON lines."""

import base64

from llm.call import Call
from llm.frame import END, Frame, lines, retry_headers, told_by

PROVIDER = "ollama"
PATHS = ("/api/chat",)
STOPS = {"end": "stop", "stop": "stop", "length": "length"}
STREAM_TYPE = "application/x-ndjson"
PING = b""


def key_of(request):
    return None  # there are no keys


def parse(request):
    body = request.json()
    system, prompt, images = [], [], 0
    for message in body["messages"]:
        (system if message["role"] == "system" else prompt).append(message["content"])
        for image in message.get("images") or []:
            base64.b64decode(image, validate=True)
            images += 1
    form, options = body.get("format"), body.get("options") or {}
    stop = options.get("stop") or []
    return Call(PROVIDER, body["model"], "\n".join(prompt), "\n".join(system), body.get("stream", True), images,
                options.get("num_predict"), tuple([stop] if isinstance(stop, str) else stop),
                form if isinstance(form, dict) else None, form == "json", api="chat")


def headers_of(answer_id):
    return {}


def line(call, answer, message, more):
    return {"model": answer.model, "created_at": "2026-10-01T12:00:00.123456789Z",
            "message": {"role": "assistant", **message}, **more}


def end(call, answer):
    """Counts of zero are left out, as Go's omitempty does."""
    told = told_by(call, answer.usage)
    more = {"done": True, "done_reason": call.marks.get("stop", STOPS[answer.stop]), "total_duration": 4_883_583_458,
            "load_duration": 1_334_875, "prompt_eval_duration": 342_546_000, "eval_duration": 4_535_599_000}
    if told is not None:
        if call.marks.number("cached") < told["input_tokens"]:
            more["prompt_eval_count"] = told["input_tokens"]
        else:
            told = {**told, "input_tokens": 0, "cache_read_tokens": 0}
        if told["output_tokens"]:
            more["eval_count"] = told["output_tokens"]
    return more, told


def whole(call, answer):
    more, told = end(call, answer)
    message = {"content": answer.text, **({"thinking": answer.thought} if answer.thoughts else {})}
    return line(call, answer, message, more), told


def frames(call, answer):
    for thought in answer.thoughts:
        yield Frame(lines(line(call, answer, {"content": "", "thinking": thought}, {"done": False})))
    for count, word in enumerate(answer.words, 1):
        yield Frame(lines(line(call, answer, {"content": word}, {"done": False})), count)
    more, told = end(call, answer)
    yield Frame(lines(line(call, answer, {"content": ""}, more)), END, told)


ERRORS = {404: "model '{model}' not found", 429: "too many requests", 503: "server busy, please try again"}


def refusal(status, call, answer_id, key="", quota=False, message=""):
    text = message or ERRORS.get(status, "something went wrong in the model runner").format(model=call.model)
    return status, retry_headers(call.marks), {"error": text}


def error_frame(call):
    return lines({"error": "an error was encountered while running the model"})
