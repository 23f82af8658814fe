"""OpenAI's shape: /v1/chat/completions. The pieces that /v1/responses shares."""

from llm.call import Call
from llm.frame import END, FIRST_CREATED, Frame, retry_headers, sse, told_by

PROVIDER = "openai"
PATHS = ("/v1/chat/completions", "/chat/completions")
STOPS = {"end": "stop", "stop": "stop", "length": "length"}


def key_of(request):
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    return key if kind.lower() == "bearer" else ""


def read_content(content):
    """Text and number of images of a message."""
    if isinstance(content, str):
        return content, 0
    texts = [part["text"] for part in content if part["type"] in ("text", "input_text")]
    images = [part for part in content if part["type"] in ("image_url", "input_image")]
    for image in images:
        url = image["image_url"]["url"] if isinstance(image["image_url"], dict) else image["image_url"]
        if not url.startswith(("data:image/", "https://", "http://")):
            raise ValueError("image_url is neither a URL nor data")
    return "\n".join(texts), len(images)


def parse(request):
    body = request.json()
    system, prompt, images = [], [], 0
    for message in body["messages"]:
        text, count = read_content(message["content"])
        (system if message["role"] in ("system", "developer") else prompt).append(text)
        images += count
    form = body.get("response_format") or {}
    stop = body.get("stop") or []
    return Call(PROVIDER, body["model"], "\n".join(prompt), "\n".join(system), bool(body.get("stream")), images,
                body.get("max_completion_tokens", body.get("max_tokens")), tuple([stop] if isinstance(stop, str) else stop),
                form.get("json_schema", {}).get("schema"), form.get("type") == "json_object",
                wants_usage=bool((body.get("stream_options") or {}).get("include_usage")), api="chat")


def usage_json(told):
    return {"prompt_tokens": told["input_tokens"], "completion_tokens": told["output_tokens"],
            "total_tokens": told["input_tokens"] + told["output_tokens"],
            "prompt_tokens_details": {"cached_tokens": told["cache_read_tokens"], "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": told["reasoning_tokens"], "audio_tokens": 0,
                                          "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}}


def headers_of(answer_id):
    return {"x-request-id": f"req_{answer_id}", "openai-processing-ms": "3", "openai-version": "2020-10-01",
            "x-ratelimit-limit-requests": "10000", "x-ratelimit-remaining-requests": "9999",
            "x-ratelimit-reset-requests": "6ms"}


def frame_of(call, answer, kind):
    return {"id": f"chatcmpl-{answer.id}", "object": kind, "created": FIRST_CREATED, "model": answer.model,
            "service_tier": "default", "system_fingerprint": "fp_44709d6fcb"}


def whole(call, answer):
    message = {"role": "assistant", "content": answer.text, "refusal": None}
    if answer.thoughts:
        message["reasoning_content"] = answer.thought
    body = frame_of(call, answer, "chat.completion")
    body["choices"] = [{"index": 0, "message": message, "logprobs": None,
                        "finish_reason": call.marks.get("stop", STOPS[answer.stop])}]
    told = told_by(call, answer.usage)
    if call.marks.get("usage") != "missing":
        body["usage"] = None if told is None else usage_json(told)
    return body, told


def frames(call, answer):
    continuous = call.marks.get("usage") == "continuous"

    def chunk(delta, words, finish=None):
        body = frame_of(call, answer, "chat.completion.chunk")
        body["choices"] = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        told = answer.usage_after(min(words, len(answer.words))) if continuous else None
        if call.wants_usage or continuous:
            body["usage"] = usage_json(told) if told else None
        return Frame(sse(body), words, told)

    yield chunk({"role": "assistant", "content": ""}, 0)
    for thought in answer.thoughts:
        yield chunk({"reasoning_content": thought}, 0)
    for count, word in enumerate(answer.words, 1):
        yield chunk({"content": word}, count)
    yield chunk({}, END, call.marks.get("stop", STOPS[answer.stop]))
    told = told_by(call, answer.usage)
    if call.wants_usage and call.marks.get("usage") != "missing":
        body = frame_of(call, answer, "chat.completion.chunk")
        body.update(choices=[], usage=None if told is None else usage_json(told))
        yield Frame(sse(body), END, told)
    yield Frame(b"data: [DONE]\n\n", END)


ERRORS = {  # status: type, code, message
    400: ("invalid_request_error", "invalid_value", "This request is not valid."),
    401: ("invalid_request_error", "invalid_api_key", "This API key is not known: {key}"),
    403: ("invalid_request_error", "unsupported_country_region_territory", "Not in this country."),
    404: ("invalid_request_error", "model_not_found", "There is no model `{model}` for this key."),
    408: ("timeout", None, "The request took too long."),
    409: ("conflict", None, "The request clashes with another."),
    429: ("tokens", "rate_limit_exceeded", "Rate limit reached for {model}."),
    500: ("server_error", None, "The server had an error."),
    503: ("server_error", None, "The engine is overloaded."),
    529: ("server_error", None, "The engine is overloaded."),
}


def error_json(status, call, key="", quota=False, message=""):
    kind, code, text = ERRORS.get(status, ERRORS[500])
    if quota:
        kind, code, text = "insufficient_quota", "insufficient_quota", "The quota of this account is used up."
    return {"error": {"message": message or text.format(model=call.model, key=key), "type": kind, "param": None,
                      "code": code}}


def refusal(status, call, answer_id, key="", quota=False, message=""):
    headers = {**headers_of(answer_id), **retry_headers(call.marks)}
    return status, headers, error_json(status, call, key, quota, message)


def error_frame(call):
    return sse(error_json(500, call))


STREAM_TYPE = "text/event-stream; charset=utf-8"
PING = b": keep-alive\n\n"
