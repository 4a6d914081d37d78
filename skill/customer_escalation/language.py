"""Plain text, taken apart: sentences, content words, error signatures; without what is addressed to a machine.

No model and no dictionary: only what punctuation, common words and the shape of tokens tell.
"""

from __future__ import annotations

import re
from functools import lru_cache

from customer_escalation.addressed import heard, heard_field, heard_name, orders_a_machine
from customer_escalation.memory import MEMORY

__all__ = [
    "heard",
    "heard_field",
    "heard_name",
    "one_line",
    "orders_a_machine",
    "sentences",
    "signatures",
    "stem",
    "terms",
    "without_marks",
]

STOPWORDS = frozenset(
    "a about above after again all also am an and any anyone are as at be because been before being below between "
    "both but by can could did do does doing done down during each either else even ever every few for from further "
    "get gets got had has have having he her here hers him his how i if in into is it its itself just like made "
    "make many may me might more most much must my need needs new no nor not now of off on once one only or other "
    "our out over own please put same say says see seem seems she should since so some still such than that the "
    "their them then there these they thing this those through to too two under until up us use used user users "
    "using very was we were what when where which while who whole why will with within without would yes yet you "
    "your customer customers support ticket tickets issue issues problem problems affecting reported report reports "
    "week today yesterday hi hello thanks thank regards dear team".split()
)
WORD = re.compile(r"[^\W_]+(?:[.'’_-][^\W_]+)*", re.UNICODE)
SIGN_IN = re.compile(r"\b(?:log|sign)(?:s|ged|ging|ed|ing)?[ -]in(?:to)?\b|\blogon\b", re.I)  # to log in is no log
BREAK = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9¿¡`])|\n+")
BULLET = re.compile(r"^\s*(?:[-*•–>]+|\d{1,2}[.)]|\[[ xX]\]|#{1,6})\s+")
MARKS = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|`([^`\n]+)`|!?\[([^\]\n]*)\]\((\S+?)\)")
SIGNATURE = re.compile(
    r"\b(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z][A-Za-z]*(?:Error|Exception|Timeout)"
    r"|(?:HTTP[ /]?)?[45]\d\d(?=\b)(?!\s*(?:seats|users|rows|USD|EUR))|0x[0-9A-Fa-f]{4,}|E[A-Z]{3,}\d*)\b"
    r"|(?<![\w.])/(?:[\w{}.-]+/)+[\w{}.-]*"
)


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences and list items of a text, in order, without their bullets."""
    parts = (BULLET.sub("", part).strip() for part in BREAK.split(text))
    return tuple(part for part in parts if part)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its commonest English endings, so that "exports" and "exporting" meet."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ies")):
        word = word.removesuffix("es" if word.endswith(("ses", "xes", "zes", "ches", "shes")) else "s")
    for ending in ("ation", "ing", "ies", "ied", "ion", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 - (ending in {"s", "ed"}):
            base = word[: -len(ending)]
            return base + "y" if ending in {"ies", "ied"} else base.rstrip("e") if len(base) > 4 else base
    return word.rstrip("e") if len(word) > 4 else word


@lru_cache(maxsize=4096)
def terms(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return MEMORY.recall("terms", text, _terms, frozenset[str])


def _terms(text: str) -> frozenset[str]:
    words = (found.group().lower() for found in WORD.finditer(SIGN_IN.sub("login", text)))
    return frozenset(stem(word) for word in words if word not in STOPWORDS and (len(word) > 2 or word.isdigit()))


@lru_cache(maxsize=4096)
def signatures(text: str) -> frozenset[str]:
    """Error codes, exception names, HTTP statuses and paths: what makes two reports the same problem."""
    return frozenset(
        found.group().removeprefix("HTTP").lstrip(" /") if found.group()[0] == "H" else found.group()
        for found in SIGNATURE.finditer(text)
    )


def one_line(text: str, limit: int = 0) -> str:
    """The text on one line; cut at a word with an ellipsis where longer than `limit` characters."""
    flat = " ".join(text.split())
    if not limit or len(flat) <= limit:
        return flat
    return flat[:limit].rsplit(" ", 1)[0].rstrip(",;:. ") + " …"


def without_marks(text: str) -> str:
    """Text of an article without the signs of Markdown, for a message in plain text."""
    bare = MARKS.sub(lambda found: found[1] or found[2] or f"{found[3]} ({found[4]})", text)
    return bare if bare == text else without_marks(bare)
