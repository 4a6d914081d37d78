"""What a case taught: recorded as events, and drafted as an article of the knowledge base for a person to check.

Each line of the article comes from an event or carries the mark of the evidence that shows it; what nobody recorded is
said as unknown. It names no customer and no person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from customer_escalation.casebook.events import Event, Value
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.evidence import Ledger
from customer_escalation.language import one_line
from customer_escalation.safety import safe

About = Literal["root_cause", "fix", "fix_version", "workaround", "recognise", "article"]
ABOUT: tuple[About, ...] = get_args(About)
LONGEST = 2000
MARK = re.compile(r"\s*\[([ACDIKMPRSTY]-[^\[\]\s]{1,80})\]")


class Learning(Struct, frozen=True):
    """One thing that was learned, by whom and when; `cites` are rows of evidence that show it."""

    about: str
    text: str
    at: datetime
    actor: str
    cites: tuple[str, ...] = ()


def learning(about: str, text: str, cites: Iterable[str], evidence: Ledger) -> dict[str, Value]:
    """What the event says; marks in the text ("[I-ORD-1]") are cites too. Raises NotAllowed where it says nothing.

    Only a person's word becomes such an event; a later one about the same replaces the earlier.
    """
    marks = tuple(dict.fromkeys((*(each.strip("[] ") for each in cites if each.strip("[] ")), *MARK.findall(text))))
    said = one_line(safe(MARK.sub("", text)).text)
    if about not in ABOUT:
        raise NotAllowed(f"no such learning: {about[:40] or 'nothing'!r}; it is one of {', '.join(ABOUT)}")
    if not said or len(said) > LONGEST:
        raise NotAllowed(f"{about}: say it in 1 to {LONGEST:,} characters")
    if unknown := [mark for mark in marks if mark not in evidence]:
        raise NotAllowed(f"{about}: the case holds no evidence {', '.join(unknown)[:100]}")
    return {about: said, "cites": list(marks)}


def learned(events: Iterable[Event]) -> Mapping[str, Learning]:
    """The last of each kind, by what it is about."""
    found: dict[str, Learning] = {}
    for event in events:
        if event.kind != "learned":
            continue
        cites = event.data.get("cites")
        marks = tuple(map(str, cites)) if isinstance(cites, list) else ()
        for about in ABOUT:
            if text := event.text(about):
                found[about] = Learning(about, text, event.at, event.actor, marks)
    return found
