"""OpenAI's shape: /v1/responses."""

from llm import openai
from llm.call import Call
from llm.frame import END, FIRST_CREATED, Frame, sse, told_by

PROVIDER = openai.PROVIDER
PATHS = ("/v1/responses", "/responses")
STREAM_TYPE, PING = openai.STREAM_TYPE, openai.PING
key_of, headers_of, refusal = openai.key_of, openai.headers_of, openai.refusal


def parse(request):
    body = request.json()
    system, prompt, images = [body["instructions"]] if body.get("instructions") else [], [], 0
    messages = body["input"]
    for message in [{"role": "user", "content": messages}] if isinstance(messages, str) else messages:
        text, count = openai.read_content(message["content"])
        (system if message["role"] in ("system", "developer") else prompt).append(text)
        images += count
    form = (body.get("text") or {}).get("format") or {}
    return Call(PROVIDER, body["model"], "\n".join(prompt), "\n".join(system), bool(body.get("stream")), images,
                body.get("max_output_tokens"), (), form.get("schema"), form.get("type") == "json_object",
                api="responses")


def usage_json(told):
    return {"input_tokens": told["input_tokens"], "input_tokens_details": {"cached_tokens": told["cache_read_tokens"]},
            "output_tokens": told["output_tokens"],
            "output_tokens_details": {"reasoning_tokens": told["reasoning_tokens"]},
            "total_tokens": told["input_tokens"] + told["output_tokens"]}


def response(call, answer, status, told, done):
    cut = answer.stop == "length"
    output = []
    if done and answer.thoughts:
        output.append({"id": f"rs_{answer.id}", "type": "reasoning",
                       "summary": [{"type": "summary_text", "text": answer.thought}]})
    if done:
        part = {"type": "output_text", "annotations": [], "logprobs": [], "text": answer.text}
        output.append({"id": f"msg_{answer.id}", "type": "message", "role": "assistant",
                       "status": "incomplete" if cut else "completed", "content": [part]})
    body = {"id": f"resp_{answer.id}", "object": "response", "created_at": FIRST_CREATED, "status": status, "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if done and cut else None, "model": answer.model,
            "output": output, "service_tier": "default", "store": False}
    if call.marks.get("usage") != "missing":
        body["usage"] = None if told is None else usage_json(told)
    return body


def end_status(answer):
    return "incomplete" if answer.stop == "length" else "completed"


def whole(call, answer):
    told = told_by(call, answer.usage)
    return response(call, answer, end_status(answer), told, True), told


def frames(call, answer):
    number = iter(range(1_000_000))

    def event(name, words, told=None, **more):
        return Frame(sse({"type": name, "sequence_number": next(number), **more}, name), words, told)

    started = response(call, answer, "in_progress", None, False)
    yield event("response.created", 0, response=started)
    yield event("response.in_progress", 0, response=started)
    index = 0
    if answer.thoughts:
        place = {"item_id": f"rs_{answer.id}", "output_index": 0, "summary_index": 0}
        for thought in answer.thoughts:
            yield event("response.reasoning_summary_text.delta", 0, delta=thought, **place)
        yield event("response.reasoning_summary_text.done", 0, text=answer.thought, **place)
        index = 1
    item = {"id": f"msg_{answer.id}", "type": "message", "status": "in_progress", "role": "assistant", "content": []}
    yield event("response.output_item.added", 0, output_index=index, item=item)
    place = {"item_id": f"msg_{answer.id}", "output_index": index, "content_index": 0}
    yield event("response.content_part.added", 0, part={"type": "output_text", "annotations": [], "text": ""}, **place)
    for count, word in enumerate(answer.words, 1):
        yield event("response.output_text.delta", count, delta=word, logprobs=[], **place)
    yield event("response.output_text.done", END, text=answer.text, logprobs=[], **place)
    told = told_by(call, answer.usage)
    yield event(f"response.{end_status(answer)}", END, told, response=response(call, answer, end_status(answer), told, True))


def error_frame(call):
    error = openai.error_json(500, call)["error"]
    return sse({"type": "error", "code": "server_error", "message": error["message"], "param": None,
                "sequence_number": 99}, "error")
