"""Ways to make a true statement false: one fact is changed, everything else stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from msgspec.structs import replace

from customer_escalation.brief import Statement

MONTHS: Sequence[str] = "January February March April May June July August September October November December".split()
_DATE = re.compile(r"\b(\d{1,2}) (" + "|".join(MONTHS) + r")\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")
_NUMBER = re.compile(r"(?<![\w.,:/#-])\d[\d,]*(?:\.\d+)?(?![\w:/-]|[.,]\d)")
_VERSION = re.compile(r"(?<![\w.])\d+\.\d+(?:\.\d+)+(?![\w.])")
_ID = re.compile(
    r"(?<![\w/])(?:[A-Z]{2,5}-\d+(?:-\d+)?|#\d{3,}|\d{5}|[a-z]+_[0-9a-f]{8,}|[A-Z]+_[A-Z_]+|[a-z]+_[a-z_]+)(?![\w/])"
)
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|can|could|will|does|do|did|would|(?:has|have|had)(?= (?:been|\w+ed|\w+en)\b))\b"
    r"(?! not|n't| never| no\b)"
)
_DENIAL = re.compile(
    r"\b(?:not|never) |\bno longer |\bcannot\b|\bno (?=[a-z])|\bwithout\b|\b[Nn]obody\b|\bnothing\b|\bnone\b"
    r"|\b(?:does|do|did|is|are|was|were)n['’]t\b"
)
_HEDGES = (
    (r"\bmay be\b", "is"),
    (r"\bmight be\b", "is"),
    (r"\bshould be\b", "is"),
    (r"\bcould be\b", "is"),
    (r"\bmight ", "does "),
    (r"\bmay ", "does "),
    (r"\b[Pp]ossibly |\b[Pp]robably |\b[Pp]erhaps |\b[Ll]ikely ", ""),
    (r"\bsuspects, not proven yet,", "has proven"),
    (r"\bsuspects\b", "has proven"),
    (r"\bthinks\b", "knows"),
    (r"\bthe suspected\b", "the proven"),
    (r"\basks whether\b", "says that"),
    (r"\bor whether\b", "and that"),
    (r"\bpromised (?=\w+ an? |an? )", "gave "),
    (r"\bHypothesis, not proven yet: |\bHypothesis: ", ""),
)
_UNITS = (
    (r"\bhours?\b", "days"),
    (r"(?<=\d )h\b", "d"),
    (r"\bminutes?\b", "hours"),
    (r"\bseconds?\b", "minutes"),
    (r"(?<=\d )s\b", "min"),
    (r"(?<=\d )ms\b", "s"),
    (r"\bdays?\b(?! (?:up|of))", "weeks"),
    (r"(?<=\d) ?%", " hours"),
    (r"\bweeks?\b", "months"),
)
_CURRENCIES = ("USD", "EUR", "GBP", "SEK")
_WORDS: Sequence[str] = "one two three four five six seven eight nine ten eleven twelve".split()
_QUOTE = re.compile(r"[“\"]([^”\"\n]+)[”\"]")
_SAID_BY = re.compile(
    r"\b([Tt]he customer|Customer|[Ss]upport|[Tt]he engineer)(?= (?:says|states|asks|promised|wants|told|wrote))"
)


@dataclass(frozen=True, slots=True)
class World:
    """What a mutation may draw from: names of people, names of companies, and the ids of rows by record."""

    people: Sequence[str]
    companies: Sequence[str]
    rows: Mapping[str, Sequence[str]]


Mutation = Callable[[Statement, Random, World], "Statement | None"]


def _said(statement: Statement, text: str) -> Statement | None:
    return replace(statement, text=text) if text != statement.text else None


def _swap(text: str, found: Sequence[re.Match[str]], random: Random, change: Callable[[re.Match[str]], str]) -> str:
    if not found:
        return text
    match = random.choice(found)
    return text[: match.start()] + change(match) + text[match.end() :]


def digit(statement: Statement, random: Random, world: World) -> Statement | None:
    """One digit of a figure."""
    return _said(statement, _swap(statement.text, _figures(statement.text), random, lambda m: _other(m[0], random)))


def _figures(text: str) -> list[re.Match[str]]:
    taken = [m.span() for pattern in (_DATE, _TIME, _VERSION, _ID) for m in pattern.finditer(text)]
    return [m for m in _NUMBER.finditer(text) if not any(a <= m.start() < b for a, b in taken)]


def _other(text: str, random: Random) -> str:
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    at = random.choice(places)
    digits = [d for d in "0123456789" if d != text[at] and not (d == "0" and at == places[0])]
    return text[:at] + random.choice(digits) + text[at + 1 :]


def count(statement: Statement, random: Random, world: World) -> Statement | None:
    """A count that is off by one."""
    words = list(re.finditer(r"\b(?:" + "|".join(_WORDS[1:]) + r")\b", statement.text, re.IGNORECASE))
    if words:
        return _said(statement, _swap(statement.text, words, random, lambda m: _next_word(m[0])))
    whole = [m for m in _figures(statement.text) if m[0].isdigit() and int(m[0]) < 1000]
    return _said(statement, _swap(statement.text, whole, random, lambda m: str(int(m[0]) + 1)))


def _next_word(word: str) -> str:
    after = [*_WORDS, "thirteen"][_WORDS.index(word.lower()) + 1]
    return after.capitalize() if word[0].isupper() else after


def date(statement: Statement, random: Random, world: World) -> Statement | None:
    """Another day, month or time of day."""
    found = [*_DATE.finditer(statement.text), *_TIME.finditer(statement.text)]
    return _said(statement, _swap(statement.text, found, random, lambda m: _other_date(m[0], random)))


def _other_date(text: str, random: Random) -> str:
    if ":" in text:
        hour, minute = text.split(":")
        return f"{(int(hour) + random.randint(1, 22)) % 24:02}:{minute}"
    if "-" in text:
        year, month, day = text.split("-")
        return f"{year}-{month}-{(int(day) + random.randint(2, 20)) % 28 + 1:02}"
    day, month = text.split()
    if random.random() < 0.5:
        return f"{day} {MONTHS[(MONTHS.index(month) + random.randint(2, 9)) % 12]}"
    return f"{(int(day) + random.randint(3, 20)) % 28 + 1} {month}"


def version(statement: Statement, random: Random, world: World) -> Statement | None:
    """Another version."""
    return _said(
        statement,
        _swap(statement.text, list(_VERSION.finditer(statement.text)), random, lambda m: _other(m[0], random)),
    )


def identifier(statement: Statement, random: Random, world: World) -> Statement | None:
    """One character of an id, code or error text."""
    found = list(_ID.finditer(statement.text))
    return _said(statement, _swap(statement.text, found, random, lambda m: _other_id(m[0], random)))


def _other_id(text: str, random: Random) -> str:
    if any(letter.isdigit() for letter in text):
        return _other(text, random)
    at = random.randrange(1, len(text) - 1)
    while text[at] == "_":
        at = random.randrange(1, len(text) - 1)
    letters = "BCDFGHJKLMNPQRSTVWXZ" if text[at].isupper() else "bcdfghjklmnpqrstvwxz"
    return text[:at] + random.choice([x for x in letters if x != text[at]]) + text[at + 1 :]


def name(statement: Statement, random: Random, world: World) -> Statement | None:
    """Another person or company."""
    for names in random.sample((world.people, world.companies), 2):
        here = [known for known in names if re.search(rf"\b{re.escape(known)}\b", statement.text)]
        if here:
            others = [known for known in names if known not in statement.text]
            return (
                _said(statement, statement.text.replace(random.choice(here), random.choice(others))) if others else None
            )
    return None


def negation(statement: Statement, random: Random, world: World) -> Statement | None:
    """A "not" too many or too few, outside of quotations."""
    text = statement.text
    quoted = [m.span() for m in _QUOTE.finditer(text)]

    def free(match: re.Match[str]) -> bool:
        return not any(start <= match.start() < end for start, end in quoted)

    denials = [m for m in _DENIAL.finditer(text) if free(m)]
    if denials:
        return _said(statement, _swap(text, denials, random, lambda m: _affirmed(m[0])))
    return _said(
        statement, _swap(text, [m for m in _AUXILIARY.finditer(text) if free(m)], random, lambda m: f"{m[0]} not")
    )


def _affirmed(word: str) -> str:
    low = word.lower().strip()
    if low.endswith(("n't", "n’t")):
        return word[:-3]
    changed = {
        "cannot": "can",
        "without": "with",
        "nobody": "somebody",
        "nothing": "everything",
        "none": "all",
        "no": "a ",
    }
    after = changed.get(low, "")
    return after.capitalize() if word[0].isupper() else after


def money(statement: Statement, random: Random, world: World) -> Statement | None:
    """Revenue that nobody named."""
    amount = random.choice(("USD 1.37M", "EUR 930,000", "GBP 77k", "SEK 5,100,000"))
    return _said(statement, f"{statement.text.rstrip('.')}; {amount} ARR is at risk.")


def citation(statement: Statement, random: Random, world: World) -> Statement | None:
    """A row of some other record in the place of a cited one."""
    if not statement.cites:
        return None
    others = [record for record, ids in world.rows.items() if not any(cite in ids for cite in statement.cites)]
    if not others:
        return None
    record = random.choice(others)
    at = random.randrange(len(statement.cites))
    other = random.choice(world.rows[record])
    return replace(statement, cites=(*statement.cites[:at], other, *statement.cites[at + 1 :]))


def certainty(statement: Statement, random: Random, world: World) -> Statement | None:
    """What was a guess, a question or a promise becomes a fact."""
    text = statement.text
    if "contradict" in text:  # says already that it is not so
        return None
    for pattern, instead in _HEDGES:
        text = re.sub(pattern, instead, text)
    if text == statement.text:
        return None
    return replace(statement, text=text[:1].upper() + text[1:])


def actor(statement: Statement, random: Random, world: World) -> Statement | None:
    """Somebody else said it."""
    found = list(_SAID_BY.finditer(statement.text))
    if found:
        customer = "ustomer" in found[0][0]
        return _said(
            statement,
            _swap(statement.text, found[:1], random, lambda m: "The engineer" if customer else "The customer"),
        )
    kinds = {"stated_by_customer": "stated_by_staff", "stated_by_staff": "stated_by_customer"}
    if statement.kind not in kinds or len(statement.cites) > 1:  # rows of both may be cited for a disagreement
        return None
    return replace(statement, kind=kinds[statement.kind])


def unit(statement: Statement, random: Random, world: World) -> Statement | None:
    """Another unit."""
    known = [(re.compile(rf"(?<=\d){p}|(?<=\d[ -]){p}" if p[0] != "(" else p), to) for p, to in _UNITS]
    found = [(m, to) for pattern, to in known for m in pattern.finditer(statement.text)]
    if not found:
        return None
    match, to = random.choice(found)
    return _said(statement, statement.text[: match.start()] + to + statement.text[match.end() :])


def currency(statement: Statement, random: Random, world: World) -> Statement | None:
    """Another currency."""
    here = [code for code in _CURRENCIES if code in statement.text]
    if not here:
        return None
    return _said(statement, statement.text.replace(here[0], random.choice([c for c in _CURRENCIES if c != here[0]])))


def quote(statement: Statement, random: Random, world: World) -> Statement | None:
    """One word of a quotation."""
    found = [m for m in _QUOTE.finditer(statement.text) if len(m[1].split()) > 1]
    if not found:
        return None
    match = random.choice(found)
    words = match[1].split(" ")
    at = random.choice([n for n, word in enumerate(words) if any(letter.isalnum() for letter in word)])
    words[at] = random.choice(
        [word for word in ("never", "twice", "Vienna", "quickly", "invoice") if word not in match[1]]
    )
    return _said(statement, statement.text[: match.start(1)] + " ".join(words) + statement.text[match.end(1) :])


MUTATIONS: Mapping[str, Mutation] = {
    "digit": digit,
    "count": count,
    "date": date,
    "version": version,
    "id": identifier,
    "name": name,
    "negation": negation,
    "money": money,
    "citation": citation,
    "certainty": certainty,
    "actor": actor,
    "unit": unit,
    "currency": currency,
    "quote": quote,
}
