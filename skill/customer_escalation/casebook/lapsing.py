"""What waits for a yes and says how a case stands lapses when it ends or is taken up again: it is true no more."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from customer_escalation.casebook.proposal import TURNED, Kind, Proposal, ProposalState
from customer_escalation.casebook.proposals import locked, proposals, step
from customer_escalation.casebook.state import State, Status
from customer_escalation.casebook.store import Casebook

WAITING: tuple[ProposalState, ...] = ("pending", "failed", "approved")
STAYS: frozenset[Kind] = frozenset(("ask_customer", "link_ticket"))  # a question and a link say nothing of it
ENDS: frozenset[Status] = frozenset(("resolved", "confirmed", "de_escalated"))


def lapse(casebook: Casebook, case_id: str, before: State, *, actor: str, at: datetime) -> tuple[Proposal, ...]:
    """Let go of what was proposed while the case stood as `before`, where it stands otherwise now. Raises UnknownCase.

    To be called in the transaction that changed the case.
    """
    now = casebook.state(case_id)
    if not _turned(before.status, now.status):
        return ()
    why = f"{TURNED}{now.status.replace('_', ' ')} since {now.rhythm.local(at)}"
    gone = list[Proposal]()
    for each in proposals(casebook, case_id, WAITING):
        if each.kind in STAYS:
            continue
        with casebook.database.writing() as db:
            mine = locked(db, casebook, each.id)
            if mine.state in WAITING:
                lapsed = replace(mine, state="expired", approved_by="", approved_at=None, error=why)
                gone.append(step(db, mine, lapsed, "expired", actor=actor, at=at, why=why))
    return tuple(gone)


def _turned(before: Status, now: Status) -> bool:
    """Whether it went on and ended, ended otherwise, or ended and goes on; being closed ends nothing that has ended."""
    if before == now or (before in ENDS and now == "closed"):
        return False
    return _phase(before) != _phase(now)


def _phase(status: Status) -> str:
    return "resolved" if status == "confirmed" else status if status in (*ENDS, "kept", "closed") else "open"
