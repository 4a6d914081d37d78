"""What has been tried, by whom, and what came of it, in the words of the records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from customer_escalation.brief import NOT_RECORDED, Tried
from customer_escalation.case import Case
from customer_escalation.language import one_line
from customer_escalation.quoting import QUOTE, speaker
from customer_escalation.signals import cues_of, spoken

RESULTS = {"solved", "solution_failed", "error", "blocked"}


def tried(case: Case) -> Iterator[Tried]:
    """Each troubleshooting step with its result; what the records leave out is said to be not recorded."""
    seen: set[str] = set()
    for row in case.thread_rows():
        said = spoken(row.text)
        for number, sentence in enumerate(said):
            if "tried" not in cues_of(sentence) or sentence in seen or len(sentence) < 12:
                continue
            seen.add(sentence)
            following = said[number + 1] if number + 1 < len(said) else ""
            telling = cues_of(following) & {"solution_failed", "solved", "error", "blocked", "confirmed"}
            step, within = _step_and_result(sentence)
            result = f"“{one_line(following if telling else within, QUOTE)}”" if telling or within else NOT_RECORDED
            yield Tried(f"{speaker(row)}: “{one_line(step, QUOTE)}”", result, (row.id,))
    yield from _suggested(case, seen)


def _step_and_result(sentence: str) -> tuple[str, str]:
    """Many a sentence tells the step and what came of it: cut at the colon, semicolon or "but" between them."""
    if not cues_of(sentence) & {"solution_failed", "solved", "confirmed", "cannot_reproduce", "no_answer"}:
        return sentence, ""
    cut = re.search(r"[:;] |, (?=but |and (?:it|the|still|that) )| - ", sentence)
    return (sentence[: cut.start()], sentence[cut.end() :]) if cut else (sentence, sentence)


def _suggested(case: Case, seen: set[str]) -> Iterator[Tried]:
    """What we advised, with what the customer's next words on that ticket say came of it."""
    for row in case.thread_rows():
        if row.origin != "stated_by_staff" or not row.public:
            continue
        advice = next((s for s in spoken(row.text) if cues_of(s) & {"advice", "answer"} and s not in seen), "")
        if not advice:
            continue
        base = row.id.rsplit("/", 1)[0]
        reply = next(
            (
                r
                for r in case.thread_rows()
                if r.id.startswith(f"{base}/")
                and r.origin == "stated_by_customer"
                and r.at
                and row.at
                and r.at > row.at
            ),
            None,
        )
        told = [s for s in spoken(reply.text) if cues_of(s) & RESULTS and s not in seen] if reply else []
        step = f"{speaker(row)} advised: “{one_line(advice, QUOTE)}”"
        if reply is None or not told:
            yield Tried(step, NOT_RECORDED, (row.id,))
        else:
            result = " ".join(f"“{one_line(sentence, QUOTE)}”" for sentence in told[:3])
            yield Tried(step, f"{speaker(reply)}: {result}", (row.id, reply.id))
