"""What a test asks of the model server, written into the prompt: "[[fault=429:2]] [[retry=ms:20]] [[words=12]]".

fault=KIND[:ARGUMENT]   429 quota 400 401 403 404 408 409 500 503 529 html garbage empty hang half
                        error[:N]  an error event after N words of a stream (default 2)
                        cut[:N]    the connection ends in order after N words, without the end of the answer
                        reset[:N]  the same by RST
times=N                 only the first N requests with this very prompt are so treated (default: all)
retry=FORM:VALUE        how a 429 or 5xx says when to come back: ms seconds date body none; several with "+"
words=N                 length of the answer; reasoning=N words of thought before it
cached=N write=N write1h=N   parts of the input that were read from and written to a cache
usage=null|missing|continuous|zero
stop=WORD               the vendor's own stop reason; block=WORD: Gemini's promptFeedback
slow_head=MS slow_token=MS split=BYTES pings gzip fenced
say=TEXT                the answer itself, "_" for a space
"""

import re

MARK = re.compile(r"\[\[([a-z0-9_]+)(?:=([^\]]*))?\]\]")
ITEM = re.compile(r"\bitem[ #:-]*(\d+)", re.IGNORECASE)


class Marks(dict):
    def number(self, name, default=0):
        return int(self.get(name) or default)

    def fault(self):
        kind, _, argument = self.get("fault", "").partition(":")
        return kind, argument


def read_marks(text, defaults):
    marks = Marks(defaults)
    marks.update({name: value for name, value in MARK.findall(text)})
    return marks


def without_marks(text):
    return MARK.sub("", text).strip()


def item_number(text):
    """The number after the word item; None: there is none."""
    found = ITEM.search(text)
    return int(found.group(1)) if found else None


class Rates:
    """Of any hundred consecutive items exactly rate_429 get a 429 first and rate_cut a broken stream first. Which ones,
    the item's number and the seed decide, never the order of arrival."""

    def __init__(self, rate_429, rate_cut, seed):
        self.rate_429, self.rate_cut, self.seed = rate_429, rate_cut, seed

    def fault_of(self, number):
        place = (number * 37 + self.seed * 11) % 100
        if place < self.rate_429:
            return "429"
        return "cut" if place < self.rate_429 + self.rate_cut else ""
