"""A model that lies plausibly: it turns what the rows say into its opposite, in their own words, and cites them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from customer_escalation.testing.messages import Answer, Request
from customer_escalation.testing.personas import submission

MOST = 90
_ROW = re.compile(r"(?m)^\[([A-Z]-[^\]\s]+)\] ?([^\n]*)")
_SENTENCE = re.compile(r"[A-Z][^.!?:;()\[\]]{15,160}(?=[.!])")
# What a row says, and what a plausible liar makes of it: the plan done, the question answered, the end for the start.
TURNS = (
    (r"\bwaits for\b", "has got"),
    (r"\bwill (?:be )?(\w+)", r"have already \1ed"),
    (r"\bhas not\b|\bhave not\b", "has"),
    (r"\bcannot\b|\bcan not\b", "can"),
    (r"\bdoes not\b|\bdo not\b", "does"),
    (r"\b(?:is|are) not\b", "is"),
    (r"\bfails?\b", "succeeds"),
    (r"\brejects?\b", "accepts"),
    (r"\bstarts?\b", "ends"),
    (r"\bopened\b", "closed"),
    (r"\b(?:wants|asks for|needs|need)\b", "has received"),
    (r"\bnobody\b", "everybody"),
    (r"\bsome\b|\babout half of\b|\bmost\b", "all"),
    (r"\bnever\b", "always"),
    (r"\bbefore\b", "after"),
)


def plausible(request: Request) -> Answer:
    """Turns around what rows say, sentence by sentence."""
    return Answer((submission(list(_lies(request.text))[:MOST]),))


def _lies(text: str) -> Iterator[dict[str, Any]]:
    for cite, said in _ROW.findall(text):
        for kind in ("stated_by_customer", "stated_by_staff", "observed"):
            yield from _turned(cite, said, kind)


def _turned(cite: str, said: str, kind: str) -> Iterator[dict[str, Any]]:
    for found in _SENTENCE.finditer(said):
        for pattern, instead in TURNS:
            turned = re.sub(pattern, instead, found[0], count=1, flags=re.IGNORECASE)
            if turned != found[0]:
                yield {"slot": "insights", "text": f"{turned}.", "cites": [cite], "kind": kind, "formula": ""}
                break
