"""Sentences that a model proposes, read from whatever it sent: cleaned, masked, on one line, of bounded length."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Literal, cast, get_args

from msgspec import Struct

from customer_escalation.brief import Ask, Kind
from customer_escalation.safety import safe

Slot = Literal["title", "description", "workflow_impact", "expectation", "escalation_risk", "needed", "insights"]
SLOTS: tuple[Slot, ...] = get_args(Slot)
KINDS: tuple[Kind, ...] = get_args(Kind)
ASKS: tuple[Ask, ...] = get_args(Ask)
LONGEST: Mapping[Slot, int] = {
    "title": 160,
    "description": 600,
    "workflow_impact": 400,
    "expectation": 400,
    "escalation_risk": 400,
    "needed": 300,
    "insights": 400,
}
ALL_TEXT = 200_000
RAW = 4000
CITES, CITE, FORMULA = 20, 80, 300
_MARK = re.compile(r"\s*\[([A-Z]-[^\[\]\s]{1,79})\]")
_OPENING = re.compile(r"^(?:(?:[#>*+-]+|\d{1,2}[.)])\s+)+")


class Unreadable(Exception):  # noqa: N818 - caught where it is raised for, never shown as an error
    """A proposal that is no sentence; its text is the reason, for whoever proposed it."""


class Sentence(Struct, frozen=True):
    """What a model proposes for one slot of the brief."""

    slot: Slot
    text: str
    cites: tuple[str, ...] = ()
    kind: Kind = "observed"
    formula: str | None = None


FIELDS = Sentence.__struct_fields__


def read_list(proposals: object) -> Sequence[object]:
    """The proposals as a list, from a list or the JSON text of one. Raises Unreadable."""
    if isinstance(proposals, str):
        if len(proposals) > ALL_TEXT:
            raise Unreadable(f"sentences: {len(proposals)} characters, at most {ALL_TEXT} are read")
        try:
            proposals = json.loads(proposals)
        except (ValueError, RecursionError):
            raise Unreadable("sentences is a list of objects, not this text") from None
    if isinstance(proposals, (list, tuple)):
        return cast("Sequence[object]", proposals)
    raise Unreadable("sentences is a list of objects")


def read_sentence(item: object) -> Sentence:
    """One proposal as a sentence. Raises Unreadable with the reason."""
    if isinstance(item, Sentence):
        item = {name: cast("object", getattr(item, name)) for name in FIELDS}
    if not isinstance(item, Mapping):
        raise Unreadable(f"not an object with {', '.join(FIELDS)}")
    given = cast("Mapping[object, object]", item)
    if unknown := [str(name)[:40] for name in given if name not in FIELDS]:
        raise Unreadable(f"unknown field {', '.join(unknown[:5])}; a sentence has {', '.join(FIELDS)}")
    slot = cast("Slot", _choice("slot", given.get("slot"), SLOTS))
    kind = cast("Kind", _choice("kind", given.get("kind", "observed"), KINDS))
    text, marks = _text(given.get("text"), LONGEST[slot])
    if text.endswith("?") and slot != "needed":
        raise Unreadable("text: a question states nothing: say who asked it, and quote it")
    cites = tuple(dict.fromkeys((*_cites(given.get("cites", ())), *marks)))
    return Sentence(slot, text, cites, kind, _formula(given.get("formula")))


def slot_of(item: object) -> str:
    """The slot a broken proposal names, where it names one."""
    slot = cast("Mapping[object, object]", item).get("slot") if isinstance(item, Mapping) else None
    return slot if slot in SLOTS else ""


def asked(text: str) -> Ask | None:
    """What a request begins with: investigate, fix, decide, approve, prioritize or contain."""
    first = text.split(maxsplit=1)[0].strip(",:").lower() if text.split() else ""
    return next((ask for ask in ASKS if first in (ask, ask.replace("prioritize", "prioritise"))), None)


def _choice(name: str, value: object, choices: Sequence[str]) -> str:
    if isinstance(value, str) and value in choices:
        return value
    raise Unreadable(f"{name} is one of {', '.join(choices)}")


def _text(value: object, limit: int) -> tuple[str, tuple[str, ...]]:
    """The text on one line without list marks, and the evidence marks that stood in it."""
    if not isinstance(value, str):
        raise Unreadable("text is missing")
    if len(value) > RAW:
        raise Unreadable(f"text: {len(value)} characters, at most {limit}")
    marks = tuple(_MARK.findall(value))
    line = _OPENING.sub("", " ".join(_MARK.sub("", safe(value).text).split()))
    if not line:
        raise Unreadable("text is empty")
    if len(line) > limit:
        raise Unreadable(f"text: {len(line)} characters, at most {limit}")
    return line, marks


def _cites(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if value is None:
        value = ()
    if not isinstance(value, (list, tuple)):
        raise Unreadable("cites is a list of evidence ids")
    ids = cast("Sequence[object]", value)
    if len(ids) > CITES:
        raise Unreadable(f"cites: {len(ids)} ids, at most {CITES}")
    return tuple(_cite(each) for each in ids)


def _cite(value: object) -> str:
    if not isinstance(value, str) or len(value) > CITE:
        raise Unreadable("cites is a list of evidence ids such as T-51842/3")
    return value.strip().strip("[]")


def _formula(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > FORMULA:
        raise Unreadable(f"formula is a text of at most {FORMULA} characters")
    return safe(value).text.strip()
