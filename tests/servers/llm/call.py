"""A request as all vendors mean it, and the answer that it gets, before either has a vendor's shape."""

import dataclasses
import hashlib
import json
import re

from llm import ledger, marks, schema

IMAGE_TOKENS = 100


@dataclasses.dataclass
class Call:
    provider: str
    model: str
    prompt: str  # the user's text alone
    system: str = ""
    stream: bool = False
    images: int = 0
    max_tokens: int | None = None
    stop: tuple = ()
    schema: dict | None = None
    json: bool = False
    tool: str = ""  # Anthropic: the tool that was forced
    wants_usage: bool = True  # OpenAI: stream_options.include_usage
    api: str = ""
    marks: dict = dataclasses.field(default_factory=dict)

    def digest(self):
        return hashlib.sha256(f"{self.provider}\n{self.model}\n{self.prompt}".encode()).hexdigest()


@dataclasses.dataclass
class Answer:
    words: list  # of the text, each with its white space
    thoughts: list
    stop: str  # end, length or stop
    usage: dict  # ledger.usage of the whole answer
    id: str
    model: str

    @property
    def text(self):
        return "".join(self.words)

    @property
    def thought(self):
        return "".join(self.thoughts)

    def usage_after(self, words):
        """Told when so many words of the answer are out: input in full, thoughts, these words."""
        return {**self.usage, "output_tokens": len(self.thoughts) + words}


def split_words(text):
    return re.findall(r"\s*\S+\s*?(?=\s|$)", text)


def answer_text(call):
    plain = marks.without_marks(call.prompt)
    if "say" in call.marks:
        return call.marks["say"].replace("_", " ")
    if call.schema is not None or call.json:
        value = schema.value_for(call.schema or {"type": "object", "properties": {"answer": {}}}, plain[:60])
        text = json.dumps(value, ensure_ascii=False)
        return f"```json\n{text}\n```" if "fenced" in call.marks else text
    words = ["Grüße", "aus", "dem", "Modell", "🌊:", *plain.split()[:8], "—", "fertig", "日本語."]
    wanted = call.marks.number("words", len(words))
    return " ".join((words * (wanted // len(words) + 1))[:wanted])


def answer(call, suffix=""):
    """Always the same to the same request. A token is a word; an image is 100."""
    words = split_words(answer_text(call))
    stop = "end"
    for text in call.stop:
        before = "".join(words).partition(text)
        if before[1]:
            words, stop = split_words(before[0]), "stop"
    if call.max_tokens is not None and len(words) > call.max_tokens:
        words, stop = words[: call.max_tokens], "length"
    thoughts = [f"thought{n} " for n in range(call.marks.number("reasoning"))]
    count = len(call.prompt.split()) + len(call.system.split()) + IMAGE_TOKENS * call.images
    write = call.marks.number("write") + call.marks.number("write1h")
    count = max(count, call.marks.number("cached") + write)
    told = ledger.usage(count, len(words) + len(thoughts), reasoning_tokens=len(thoughts),
                        cache_read_tokens=call.marks.number("cached"), cache_write_tokens=write,
                        cache_write_1h_tokens=call.marks.number("write1h"))
    if call.marks.get("usage") == "zero":
        told = ledger.usage(0, 0)
    return Answer(words, thoughts, stop, told, call.digest()[:24], call.model + suffix)
