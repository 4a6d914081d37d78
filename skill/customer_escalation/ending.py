"""How far the conversation has come: whether it was answered, whether the answer held, whether it is settled.

Read in the order of time, since the last word counts: "works now" after "still broken" settles it, not the other way round.
"""

from __future__ import annotations

from dataclasses import dataclass

from customer_escalation.case import Case
from customer_escalation.evidence import Evidence
from customer_escalation.language import heard, sentences
from customer_escalation.related import is_done
from customer_escalation.signals import cues_of

REOPENS = {"solution_failed", "no_answer", "recurring"}
TROUBLE = {"error", "server_fault", "down", "data_loss", "data_incomplete"}


@dataclass(frozen=True, slots=True)
class Ending:
    """Rows that answer, that say the answer failed, and that settle the matter; with the sentence of the first."""

    answered_by: tuple[str, ...] = ()
    answer: str = ""
    failed_by: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()
    settled: str = ""


def ending(case: Case) -> Ending:
    """What the threads of the problem have come to. Several reporters are settled only when none is left open."""
    answered, failed, settled = list[str](), list[str](), dict[str, str]()
    answer, words = "", ""
    open_reporters: set[str] = set()
    for row in case.thread_rows():
        who = row.author.name if row.author else ""
        if row.origin == "stated_by_customer":
            verdict, sentence = _customers_verdict(row, bool(answered))
            if verdict == "settled" and row.id.endswith("/1"):
                verdict = ""  # a first message can hardly settle what it opens
            if verdict == "settled":
                settled[row.id], words = sentence, words or sentence
                open_reporters.discard(who)
            elif verdict == "failed":
                failed.append(row.id)
                settled.clear()
                open_reporters.add(who)
            elif not settled:
                open_reporters.add(who)
        elif row.origin == "stated_by_staff" and not row.id.endswith("/1"):  # who opens a ticket does not answer it
            if settled and _asks_again(row):
                settled.clear()
            sentence = _says(row, "closed_by_staff")
            if sentence and "false alarm, right?" not in sentence.lower():
                settled[row.id], words = sentence, words or sentence
            elif (_says(row, "answer", "fix_available")) and row.public:
                answered.append(row.id)
                answer = answer or _says(row, "answer", "fix_available")
                failed.clear()
    if not settled and case.primary is not None and is_done(case.primary) and not failed:
        settled[case.ticket_row(case.primary)] = ""
    if len(open_reporters) > 0 and len(case.customers) > 1 and not _by_customer(case, settled):
        settled.clear()
    return Ending(tuple(answered), answer, tuple(failed), tuple(settled), words if settled else "")


def _asks_again(row: Evidence) -> bool:
    """Whether our own later note brings the matter up once more."""
    return any(cues_of(s) & {"recurring", "request_again"} for s in sentences(heard(row.text)))


def _customers_verdict(row: Evidence, answered: bool) -> tuple[str, str]:
    """What the customer's message means for the answer so far; the last clear sentence counts."""
    verdict = ("", "")
    for sentence in sentences(heard(row.text)):
        cues = cues_of(sentence)
        if "solved" in cues and not cues & {"solution_failed"}:
            verdict = ("settled", sentence)
        elif cues & REOPENS or (answered and cues & TROUBLE):
            verdict = ("failed", sentence)
    return verdict


def _says(row: Evidence, *cues: str) -> str:
    return next((s for s in sentences(heard(row.text)) if cues_of(s) & set(cues)), "")


def _by_customer(case: Case, settled: dict[str, str]) -> bool:
    return any(case.ledger[row].origin == "stated_by_customer" for row in settled)
