"""How far the conversation has come: whether it was answered, whether the answer held, whether it is settled.

Read in the order of time, since the last word counts: "works now" after "still broken" settles it, not the other way.
"""

from __future__ import annotations

from msgspec import Struct

from customer_escalation.case import Case
from customer_escalation.evidence import Evidence
from customer_escalation.language import heard, sentences
from customer_escalation.related import is_done
from customer_escalation.signals import cues_of

REOPENS = {"solution_failed", "no_answer", "recurring"}
TROUBLE = {"error", "server_fault", "down", "data_loss", "data_incomplete"}


class Ending(Struct, frozen=True):
    """Rows that answer, that say the answer failed, and that settle the matter; with the sentence of the first."""

    answered_by: tuple[str, ...] = ()
    answer: str = ""
    failed_by: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()
    settled: str = ""


def ending(case: Case) -> Ending:
    """What the threads of the problem have come to. Several reporters are settled only when none is left open."""
    state = _State()
    for row in case.thread_rows():
        if row.origin == "stated_by_customer":
            state.customer_speaks(row)
        elif row.origin == "stated_by_staff" and not row.id.endswith("/1"):  # who opens a ticket does not answer it
            state.staff_speaks(row)
    settled, primary = dict(state.settled), case.primary
    if not settled and not state.failed and primary is not None and is_done(primary):
        settled[case.ticket_row(primary)] = ""
    by_customer = any(case.ledger[row].origin == "stated_by_customer" for row in settled)
    if state.open_reporters and len(case.customers) > 1 and not by_customer:
        settled.clear()
    words = next(iter(settled.values()), "")
    return Ending(tuple(state.answered), state.answer, tuple(state.failed), tuple(settled), words)


class _State:
    """How far the conversation has come, message by message."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self.answer = ""
        self.failed: list[str] = []
        self.settled: dict[str, str] = {}
        self.open_reporters: set[str] = set()

    def customer_speaks(self, row: Evidence) -> None:
        """A customer's words settle the matter, reopen it, or leave the reporter waiting."""
        who = row.author.name if row.author else ""
        verdict, sentence = _customers_verdict(row, bool(self.answered))
        if verdict == "settled" and not row.id.endswith("/1"):  # a first message can hardly settle what it opens
            self.settled[row.id] = sentence
            self.open_reporters.discard(who)
        elif verdict == "failed":
            if self.answered or not row.id.endswith("/1"):  # what opens a ticket tells of no answer yet
                self.failed.append(row.id)
            self.settled.clear()
            self.open_reporters.add(who)
        elif not self.settled:
            self.open_reporters.add(who)

    def staff_speaks(self, row: Evidence) -> None:
        """Our words close the matter, answer it, or bring it up again."""
        if self.settled and _asks_again(row):
            self.settled.clear()
        closing, answer = _says(row, "closed_by_staff"), _says(row, "answer", "fix_available")
        if closing:
            self.settled[row.id] = closing
        elif answer and row.public:
            self.answered.append(row.id)
            self.answer = self.answer or answer
            self.failed.clear()


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
