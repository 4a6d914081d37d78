"""What a run with a model may cost, and what it has cost so far, counted from what the API reports."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from msgspec import Struct

CACHE_READ, CACHE_WRITE = 0.1, 2.0
LEAST_ANSWER = 500  # tokens; in fewer no model submits anything


class Price(Struct, frozen=True):
    """US dollars per million tokens that go in and come out."""

    input: float
    output: float


# List prices of the vendor's pricing page (November 2026); others are named in the configuration.
PRICES: Mapping[str, Price] = {
    "claude-haiku-5-5": Price(0.1, 0.5),
    "claude-sonnet-5-5": Price(2, 10),
    "claude-sonnet-5": Price(2, 10),
    "claude-opus-5-5": Price(4, 20),
    "claude-opus-5": Price(5, 25),
    "claude-fable-5-1": Price(10, 50),
}


class Budget(Struct, frozen=True):
    """The most a run may take: requests, tokens in and out, seconds, and US dollars where the price is known."""

    requests: int = 6
    tokens: int = 400_000
    seconds: float = 180.0
    usd: float = 1.0


class Spent(Struct):
    """What a run has used; cached tokens count as tokens, at their own price (read a tenth, kept for an hour twice)."""

    budget: Budget
    price: Price | None
    clock: Callable[[], float] = time.monotonic
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float = 0.0
    started: float = 0.0

    def __post_init__(self) -> None:
        self.started = self.clock()

    def count(self, fresh: int, output: int, cache_read: int, cache_write: int) -> None:
        """Add one answer's usage."""
        self.input_tokens += fresh + cache_read + cache_write
        self.output_tokens += output
        if self.price:
            billed = fresh + cache_read * CACHE_READ + cache_write * CACHE_WRITE
            self.usd += (billed * self.price.input + output * self.price.output) / 1_000_000

    @property
    def seconds_left(self) -> float:
        """How long the run may still take."""
        return self.budget.seconds - (self.clock() - self.started)

    def room(self, size: int, most: int) -> int:
        """How many tokens, at most this many, an answer may have after a request of about this size."""
        left = [most, self.budget.tokens - self.input_tokens - self.output_tokens - size]
        if self.price and self.price.output:
            usd = self.budget.usd - self.usd - size * self.price.input / 1_000_000
            left.append(int(usd * 1_000_000 / self.price.output))
        return max(min(left), 0)

    def too_small(self, size: int) -> str:
        """Which limit leaves no room for a request of about this size, in words."""
        tokens = self.budget.tokens - self.input_tokens - self.output_tokens - size < LEAST_ANSWER
        return f"{self.budget.tokens:,} tokens" if tokens else f"USD {self.budget.usd:g}"

    def exhausted(self) -> str:
        """Which limit is reached, in words; empty while there is something left."""
        limit = self.budget
        if self.requests >= limit.requests:
            return f"{limit.requests} requests"
        if self.input_tokens + self.output_tokens >= limit.tokens:
            return f"{limit.tokens:,} tokens"
        if self.seconds_left <= 0:
            return f"{limit.seconds:g} seconds"
        if self.price and self.usd >= limit.usd:
            return f"USD {limit.usd:g}"
        return ""
