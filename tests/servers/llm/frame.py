"""Pieces of streams, and what answers to a fault, for all vendors."""

import dataclasses
import email.utils
import json
import time

FIRST_CREATED = 1_790_000_000
END = 1_000_000_000  # words: after all of them


@dataclasses.dataclass
class Frame:
    """One event. `words`: how many of the answer are out once it is sent. `told`: the usage that it carries."""

    data: bytes
    words: int = 0
    told: dict | None = None


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sse(value, event=""):
    return (f"event: {event}\n".encode() if event else b"") + b"data: " + dumps(value) + b"\n\n"


def lines(value):
    return dumps(value) + b"\n"


def retry_headers(marks):
    """From retry=FORM:VALUE. Gemini's body form is its own business."""
    headers = {}
    for part in (marks.get("retry") or "").split("+"):
        form, _, value = part.partition(":")
        if form == "ms":
            headers["retry-after-ms"] = value
        elif form == "seconds":
            headers["retry-after"] = value
        elif form == "date":
            headers["retry-after"] = email.utils.formatdate(time.time() + float(value), usegmt=True)
        elif form == "should":
            headers["x-should-retry"] = value
    return headers


def retry_in_body(marks):
    """Gemini: "0.02s", or None."""
    for part in (marks.get("retry") or "").split("+"):
        form, _, value = part.partition(":")
        if form == "body":
            return value + "s"
    return None


def told_by(call, usage):
    """Which usage an answer carries: none when a mark takes it away."""
    return None if call.marks.get("usage") in ("null", "missing") else usage
