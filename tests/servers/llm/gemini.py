"""Gemini's shape: /v1beta/models/MODEL:generateContent and :streamGenerateContent?alt=sse."""

import base64
import re

from llm.call import Call
from llm.frame import END, Frame, retry_headers, retry_in_body, sse, told_by

PROVIDER = "gemini"
PATH = re.compile(r"^(?:/v1beta|/v1)?/models/(.+):(generateContent|streamGenerateContent)$")
STOPS = {"end": "STOP", "stop": "STOP", "length": "MAX_TOKENS"}
STREAM_TYPE = "text/event-stream"
PING = b": ping\n\n"


def key_of(request):
    return request.headers.get("x-goog-api-key", "")


def read_parts(parts):
    texts, images = [], 0
    for part in parts:
        if "text" in part:
            texts.append(part["text"])
        elif "inlineData" in part:
            if not part["inlineData"]["mimeType"].startswith("image/"):
                raise ValueError("inlineData is no image")
            base64.b64decode(part["inlineData"]["data"], validate=True)
            images += 1
        elif "fileData" in part:
            images += bool(part["fileData"]["fileUri"])
        else:
            raise ValueError(f"a part of an unknown kind: {sorted(part)}")
    return "\n".join(texts), images


def parse(request):
    model, method = PATH.match(request.path).groups()
    stream = method == "streamGenerateContent"
    if stream and request.query.get("alt") != ["sse"]:
        raise ValueError("this server streams with alt=sse only")
    body = request.json()
    prompt, images = [], 0
    for content in body["contents"]:
        text, count = read_parts(content["parts"])
        prompt.append(text)
        images += count
    system = read_parts((body.get("systemInstruction") or {}).get("parts", []))[0]
    config = body.get("generationConfig") or {}
    form = config.get("responseJsonSchema") or config.get("responseSchema")
    is_json = config.get("responseMimeType") == "application/json"
    if form is not None and not is_json:
        raise ValueError("a response schema needs responseMimeType application/json")
    return Call(PROVIDER, model, "\n".join(prompt), system, stream, images, config.get("maxOutputTokens"),
                tuple(config.get("stopSequences") or ()), form, is_json, api="generateContent")


def usage_json(told):
    """candidatesTokenCount leaves thoughts out; promptTokenCount holds what came from a cache."""
    candidates = told["output_tokens"] - told["reasoning_tokens"]
    body = {"promptTokenCount": told["input_tokens"], "candidatesTokenCount": candidates,
            "totalTokenCount": told["input_tokens"] + told["output_tokens"],
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": told["input_tokens"]}],
            "trafficType": "ON_DEMAND"}
    if told["reasoning_tokens"]:
        body["thoughtsTokenCount"] = told["reasoning_tokens"]
    if told["cache_read_tokens"]:
        body["cachedContentTokenCount"] = told["cache_read_tokens"]
        body["cacheTokensDetails"] = [{"modality": "TEXT", "tokenCount": told["cache_read_tokens"]}]
    return body


def headers_of(answer_id):
    return {"server": "scaffolding on HTTPServer2", "server-timing": "gfet4t7; dur=3", "x-goog-request-id": answer_id}


def body_of(call, answer, parts, told, finish=None):
    candidate = {"content": {"parts": parts, "role": "model"}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    body = {"candidates": [candidate], "modelVersion": answer.model, "responseId": answer.id}
    if "block" in call.marks:
        body["promptFeedback"] = {"blockReason": call.marks["block"]}
        del body["candidates"]
    if told is not None:
        body["usageMetadata"] = usage_json(told)
    elif call.marks.get("usage") == "null":
        body["usageMetadata"] = None
    return body


def finish_of(call, answer):
    return call.marks.get("stop", STOPS[answer.stop])


def whole(call, answer):
    parts = [{"text": answer.thought, "thought": True}] if answer.thoughts else []
    told = told_by(call, answer.usage)
    return body_of(call, answer, [*parts, {"text": answer.text}], told, finish_of(call, answer)), told


def frames(call, answer):
    """Usage in every chunk, cumulative."""
    for count, thought in enumerate(answer.thoughts, 1):
        told = told_by(call, {**answer.usage, "output_tokens": count, "reasoning_tokens": count})
        yield Frame(sse(body_of(call, answer, [{"text": thought, "thought": True}], told)), 0, told)
    for count, word in enumerate(answer.words, 1):
        told = told_by(call, answer.usage_after(count))
        yield Frame(sse(body_of(call, answer, [{"text": word}], told)), count, told)
    told = told_by(call, answer.usage)
    yield Frame(sse(body_of(call, answer, [{"text": ""}], told, finish_of(call, answer))), END, told)


ERRORS = {400: ("INVALID_ARGUMENT", "This request is not valid."), 401: ("UNAUTHENTICATED", "These credentials are not valid: {key}"),
          403: ("PERMISSION_DENIED", "The caller may not do this."),
          404: ("NOT_FOUND", "models/{model} is not found for API version v1beta."),
          408: ("DEADLINE_EXCEEDED", "Too late."), 409: ("ABORTED", "Conflict."),
          429: ("RESOURCE_EXHAUSTED", "You exceeded your current quota."),
          500: ("INTERNAL", "An internal error has occurred."), 503: ("UNAVAILABLE", "The model is overloaded."),
          529: ("UNAVAILABLE", "The model is overloaded.")}
GOOGLE = "type.googleapis.com/google.rpc."


def error_json(status, call, key="", quota=False, message=""):
    """A key that is not known is a 400 here, one that is missing a 403."""
    word, text = ERRORS.get(status, ERRORS[500])
    details = []
    if status == 401:
        status, word = (400, "INVALID_ARGUMENT") if key else (403, "PERMISSION_DENIED")
        text = "API key not valid: {key}" if key else "The request has no API key."
        if key:
            details.append({"@type": GOOGLE + "ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"})
    if status == 429:
        violation = {"quotaMetric": "generate_content_requests", "quotaId": "PerDay" if quota else "PerMinute"}
        details.append({"@type": GOOGLE + "QuotaFailure", "violations": [violation]})
        if retry_in_body(call.marks) and not quota:
            details.append({"@type": GOOGLE + "RetryInfo", "retryDelay": retry_in_body(call.marks)})
    error = {"code": 503 if status == 529 else status, "message": message or text.format(model=call.model, key=key),
             "status": word}
    return {"error": {**error, "details": details} if details else error}


def refusal(status, call, answer_id, key="", quota=False, message=""):
    body = error_json(status, call, key, quota, message)
    return body["error"]["code"], {**headers_of(answer_id), **retry_headers(call.marks)}, body


def error_frame(call):
    return sse(error_json(503, call))
