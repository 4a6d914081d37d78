"""What the problem does to the customers' work, how deeply, and since when: in their words, with the rows.

Sentences about people, orders, money and work by hand come before the symptom, which the description tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from customer_escalation import rows
from customer_escalation.brief import Depth, Statement
from customer_escalation.case import Case
from customer_escalation.doubts import is_taken_back, retractions
from customer_escalation.evidence import Evidence
from customer_escalation.language import one_line
from customer_escalation.lexicon import marks_of
from customer_escalation.material import Found
from customer_escalation.prose import LOGGED
from customer_escalation.quoting import QUOTE, kind_of, quote, speaker
from customer_escalation.related import is_done
from customer_escalation.signals import cues_of, spoken

STOPS = {"blocked", "core_function", "down"}
TRIES = {"tried", "solution_failed", "advice"}
HARD = re.compile(
    r"\b(?:can.?t|cannot|can not|could(?: not|n.t)|unable|nobody|no ?one|none of|locked out|is down|are down|stopped"
    r"|stands? still)\b",
    re.I,
)
LONGEST = 400


def effect(case: Case) -> Statement | None:
    """The customers' sentence that tells most of what it does to their work; that they took the alarm back, if so."""
    back = retractions(case)
    if back and all(case.ticket_row(ticket) in back for ticket in case.tickets):
        row = next(iter(back.values()))
        return quote(row, next(s for s in spoken(row.text) if "takes_back" in cues_of(s)))
    best: tuple[int, Evidence, str] | None = None
    for row, sentence in _told(case):
        weight = _weight(sentence)
        if weight and not is_taken_back(row, back) and (best is None or weight >= best[0]):
            best = (weight, row, sentence)
    return quote(best[1], best[2]) if best else None


def _told(case: Case, shortest: int = 20) -> Iterator[tuple[Evidence, str]]:
    """What the customers state on the tickets that are still open (on all, where none is), in the order of time."""
    still = [ticket for ticket in case.tickets if not is_done(ticket)] or case.tickets
    threads = tuple(f"{case.ticket_row(ticket)}/" for ticket in still)
    for row in case.thread_rows():
        stated = row.origin == "stated_by_customer" and row.id.startswith(threads)
        for sentence in spoken(row.text) if stated else ():
            if shortest < len(sentence) < LONGEST and not sentence.endswith("?") and not LOGGED.search(sentence):
                yield row, sentence


def _weight(sentence: str) -> int:
    """Work by hand and work held up tell of an effect; how many and how much tell more of it."""
    marks = marks_of(sentence)
    if "asked_for" in marks or not marks & {"by_hand", "held_up"}:
        return 0
    return 2 * len(marks & {"by_hand", "held_up"}) + ("of_work" in marks) + ("deadline" in cues_of(sentence))


def depth(case: Case, found: Found) -> Depth | None:
    """Blocked where a customer says that they cannot work, and no way round is known; else inconvenienced.

    What no row says in so many words is called a conclusion.
    """
    wish = "feature_gap" in found and "defect_reported" not in found
    milder = next(((row, s) for row, s in _told(case) if "lesser" in marks_of(s)), None)
    stopped = [(row, s) for row, s in _told(case, 8) if cues_of(s) & STOPS and not cues_of(s) & TRIES]
    if milder is not None:  # who says that it goes on somehow is not stopped by what merely fails
        stopped = [(row, s) for row, s in stopped if HARD.search(s) and "lesser" not in marks_of(s)]
    told = max(stopped, key=lambda known: len(cues_of(known[1]) & STOPS), default=None)
    if "blocked" in found and "known_workaround" not in found and not wish and told is not None:
        others = tuple(cite for cite in found["blocked"].cites if _by_customer(case, cite))
        return Depth("blocked", tuple(dict.fromkeys((told[0].id, *others))), _said(*told))
    lesser = found.get("known_workaround") or found.get("defect_reported") or found.get("feature_gap")
    if lesser is not None and milder is not None:
        return Depth("inconvenienced", (milder[0].id,), _said(*milder))
    if lesser is None or "security_concern" in found:  # how bad an exposure is depends on no one's work
        return None
    return Depth("inconvenienced", lesser.cites, "a conclusion, none of these rows says that work has stopped")


def _by_customer(case: Case, cite: str) -> bool:
    return case.ledger[cite].origin == "stated_by_customer"


def _said(row: Evidence, sentence: str) -> str:
    return f"{speaker(row)}: “{one_line(sentence, QUOTE)}”"


def began(case: Case) -> Iterator[Statement]:
    """When it began, in the words of whoever said so first, with the day on which they said it."""
    own = case.comments(case.primary) if case.primary else ()
    for row in (*own, *(row for row in case.thread_rows() if row not in own)):
        for sentence in spoken(row.text):
            if "began" in marks_of(sentence) and len(sentence) < LONGEST and row.origin != "stated_by_staff":
                on = f" wrote on {rows.stamp(row.at)}" if row.at else ""
                yield Statement(f"{speaker(row)}{on}: “{one_line(sentence, QUOTE)}”", (row.id,), kind_of(row))
                return
