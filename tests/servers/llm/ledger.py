"""What the server bills: the usage that it has told, no more and no less.

A call is billed by the last usage that its answer carried, once the bytes that say so were handed to the kernel. So a
stream that breaks off costs what it had told by then: for Anthropic the input and the first output count (message_start)
or the last cumulative one, for Gemini the last cumulative one, for OpenAI and Ollama nothing, unless the usage came with
every chunk (usage=continuous). Refusals (429, 5xx, ...) cost nothing. Usage that is null or missing is billed as nothing:
the vendor's word was never said.
"""

import collections
import decimal
import fractions

CLASSES = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
           "reasoning_tokens")


class Price:
    """IN/OUT[/CACHE_READ[/CACHE_WRITE[/CACHE_WRITE_1H]]] in USD per million tokens. A class that is not given costs what
    the class that holds it costs."""

    def __init__(self, text):
        given = [self.nano_per_token(part) for part in text.split("/")]
        if not 2 <= len(given) <= 5:
            raise ValueError(f"a price is IN/OUT[/CACHE_READ[/CACHE_WRITE[/CACHE_WRITE_1H]]], not {text!r}")
        self.input, self.output = given[:2]
        self.cache_read = given[2] if len(given) > 2 else self.input
        self.cache_write = given[3] if len(given) > 3 else self.input
        self.cache_write_1h = given[4] if len(given) > 4 else self.cache_write

    @staticmethod
    def nano_per_token(usd_per_million):
        return fractions.Fraction(decimal.Decimal(usd_per_million)) * 1000

    def nano_usd(self, usage):
        """Of one call, rounded once, half up."""
        short = usage["cache_write_tokens"] - usage["cache_write_1h_tokens"]
        plain = usage["input_tokens"] - usage["cache_read_tokens"] - usage["cache_write_tokens"]
        exact = (plain * self.input + usage["cache_read_tokens"] * self.cache_read + short * self.cache_write
                 + usage["cache_write_1h_tokens"] * self.cache_write_1h + usage["output_tokens"] * self.output)
        return int(exact + fractions.Fraction(1, 2))


def usage(input_tokens, output_tokens, **more):
    """Inclusive counts; the classes that are not given are 0."""
    counts = dict.fromkeys(CLASSES, 0)
    counts.update(more, input_tokens=input_tokens, output_tokens=output_tokens)
    return counts


class Ledger:
    def __init__(self, prices):
        self.prices = {model: Price(text) for model, text in prices.items()}
        self.reset()

    def reset(self):
        self.rows = {}
        self.counts = collections.Counter()
        self.statuses = collections.Counter()
        self.misplaced = collections.Counter()
        self.concurrent = self.max_concurrent = 0

    def begin(self):
        self.counts["requests"] += 1
        self.concurrent += 1
        self.max_concurrent = max(self.max_concurrent, self.concurrent)

    def end(self):
        self.concurrent -= 1

    def bill(self, provider, model, told):
        row = self.rows.setdefault((provider, model), collections.Counter())
        row["calls"] += 1
        for name in CLASSES:
            row[name] += told[name]
        if model in self.prices:
            row["nano_usd"] += self.prices[model].nano_usd(told)

    def report(self):
        models = []
        for (provider, model), row in sorted(self.rows.items()):
            counts = {name: row[name] for name in ("calls", *CLASSES)}
            nano = row["nano_usd"] if model in self.prices else None
            models.append({"provider": provider, "model": model, **counts, "nano_usd": nano})
        counted = ("requests", "connections", "broken_streams", "auth_failures", "client_left", "faults")
        return {"models": models, "nano_usd": sum(row["nano_usd"] or 0 for row in models),
                "statuses": {str(status): n for status, n in sorted(self.statuses.items())},
                "status_429": self.statuses[429], "max_concurrent": self.max_concurrent,
                "misplaced_keys": dict(self.misplaced), **{name: self.counts[name] for name in counted}}
