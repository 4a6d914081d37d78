"""Proposals of writes: a model may make them, only a person may approve them, and only what a person saw is approved.

Every step is an event in the trail of its case, in the transaction that takes the step. Transactions lock the case
first, so of two who decide at the same time one wins and the other is told.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Row, insert, select, update

from customer_escalation.casebook import trail
from customer_escalation.casebook.events import Kind as EventKind
from customer_escalation.casebook.events import Value, canonical, is_a_person
from customer_escalation.casebook.offers import from_next_steps, left_out
from customer_escalation.casebook.proposal import (
    KINDS,
    LONGEST,
    TO_APPROVE,
    Destination,
    Draft,
    Proposal,
    ProposalState,
    hash_of,
)
from customer_escalation.casebook.state import NotAllowed, UnknownProposal
from customer_escalation.casebook.store import Casebook, number_of
from customer_escalation.casebook.tables import CASES, PROPOSALS
from customer_escalation.casebook.trail import PREFIX
from customer_escalation.safety import clean
from escalation_connectors.writing import Receipt

if TYPE_CHECKING:
    from customer_escalation.delivery import Sinks

__all__ = [
    "Destination",
    "Draft",
    "Proposal",
    "approve",
    "decline",
    "edit",
    "expire",
    "find",
    "from_next_steps",
    "left_out",
    "proposals",
    "propose",
]
SENT = ("sending", "delivered", "unsure")


def propose(
    casebook: Casebook, case_id: str, draft: Draft, sinks: Sinks, *, actor: str, at: datetime, twice: bool = True
) -> Proposal:
    """Keep a write for a person to approve. Raises UnknownCase, NotAllowed where it may not go there.

    Not `twice`: where the very same waits already, that one is given, also to those who propose it at the same time.
    """
    draft = replace(draft, payload=_said(draft.payload))
    if draft.kind not in KINDS:
        raise NotAllowed(f"no such write: {draft.kind[:40]!r}")
    case = casebook.get(case_id)
    sinks.check(case, casebook.state(case_id), draft)
    proposal = Proposal(
        id=uuid.uuid4().hex,
        case_id=case.id,
        kind=draft.kind,
        title=" ".join(clean(draft.title).text.split()),
        destination=draft.destination,
        payload=draft.payload,
        sha256=hash_of(case.id, draft),
        state="pending",
        created_at=at,
        expires_at=at + TO_APPROVE,
    )
    with casebook.database.writing() as db:
        if not twice and (same := _waiting(db, casebook, proposal, at)) is not None:
            return same
        db.execute(insert(PROPOSALS).values(_kept(proposal)))
        note(db, proposal, "proposed", actor=actor, at=at)
    return proposal


def find(casebook: Casebook, proposal_id: str) -> Proposal:
    """The proposal. Raises NotAllowed where there is none, or not for this team."""
    with casebook.database.reading() as db:
        return _read(db, casebook, proposal_id)


def proposals(casebook: Casebook, case_id: str = "", states: Sequence[ProposalState] = ()) -> tuple[Proposal, ...]:
    """The proposals of a case (of all cases where none is named) in these states, oldest first."""
    found = casebook.seen(select(PROPOSALS).join(CASES, CASES.c.number == PROPOSALS.c.case_number))
    if case_id:
        found = found.where(PROPOSALS.c.case_number == number_of(case_id))
    if states:
        found = found.where(PROPOSALS.c.state.in_(states))
    with casebook.database.reading() as db:
        rows = db.execute(found.order_by(PROPOSALS.c.created_at, PROPOSALS.c.id)).all()
    return tuple(map(_proposal, rows))


def edit(casebook: Casebook, proposal_id: str, payload: str, *, actor: str, at: datetime) -> Proposal:
    """Replace the text: what was approved before counts no more, and the hash is another. Raises NotAllowed."""
    payload = _said(payload)
    with casebook.database.writing() as db:
        before = locked(db, casebook, proposal_id)
        if before.state not in ("pending", "approved", "failed"):
            raise NotAllowed(f"{_name(before)} cannot be edited: it is {before.state}")
        if payload == before.payload:
            raise NotAllowed(f"{_name(before)}: nothing was changed")
        sha256 = hash_of(before.case_id, replace(before.draft, payload=payload))
        changed = replace(before, payload=payload, sha256=sha256, state="pending", approved_by="", approved_at=None)
        changed = replace(changed, expires_at=at + TO_APPROVE, error="")
        return step(db, before, changed, "edited", actor=actor, at=at)


def approve(casebook: Casebook, proposal_id: str, sha256: str, *, actor: str, at: datetime) -> Proposal:
    """A person's yes to exactly the text with this hash. Raises NotAllowed for anything else, and nothing changes.

    What failed may be approved again; what was approved once is never approved twice.
    """
    must_be_a_person(actor, "approve")
    with casebook.database.writing() as db:
        before = locked(db, casebook, proposal_id)
        late = before.state in ("pending", "failed", "approved") and before.lapsed(at)
        if late:
            before = step(db, before, replace(before, state="expired"), "expired", actor=actor, at=at)
        else:
            _must_wait(before)
            if sha256 != before.sha256:
                raise NotAllowed(
                    f"{_name(before)} is not the text you saw: it was edited, or is another; read it again"
                )
            yes = replace(before, state="approved", approved_by=actor, approved_at=at, error="")
            return step(db, before, yes, "approved", actor=actor, at=at)
    raise NotAllowed(f"{_name(before)} has expired; propose it again")


def decline(casebook: Casebook, proposal_id: str, *, actor: str, at: datetime, why: str = "") -> Proposal:
    """A person's no, which also takes back a yes that was not acted on yet. Raises NotAllowed."""
    must_be_a_person(actor, "decline")
    with casebook.database.writing() as db:
        before = locked(db, casebook, proposal_id)
        if before.state not in ("pending", "approved", "failed"):
            raise NotAllowed(f"{_name(before)} cannot be declined: it is {before.state}")
        no = replace(before, state="declined", approved_by="", approved_at=None)
        return step(db, before, no, "declined", actor=actor, at=at, why=clean(why).text)


def expire(casebook: Casebook, *, actor: str, at: datetime) -> int:
    """Let go of what nobody approved or sent in time; says how many."""
    count = 0
    for each in proposals(casebook, states=("pending", "failed", "approved")):
        if not each.lapsed(at):
            continue
        with casebook.database.writing() as db:
            now = locked(db, casebook, each.id)
            if now.state in ("pending", "failed", "approved") and now.lapsed(at):
                step(db, now, replace(now, state="expired"), "expired", actor=actor, at=at)
                count += 1
    return count


def must_be_a_person(actor: str, what: str) -> None:
    """Raises NotAllowed for a model or a program."""
    if not is_a_person(actor):
        raise NotAllowed(f"only a person may {what} a write, not {actor[:60] or 'nobody'!r}")


def locked(db: Connection, casebook: Casebook, proposal_id: str) -> Proposal:
    """The proposal as it is, with its case locked until the transaction ends. Raises NotAllowed."""
    _lock(db, _read(db, casebook, proposal_id).case_id)
    return _read(db, casebook, proposal_id)


def _lock(db: Connection, case_id: str) -> None:
    db.execute(select(CASES.c.number).where(CASES.c.number == number_of(case_id)).with_for_update()).one()


def _waiting(db: Connection, casebook: Casebook, proposal: Proposal, at: datetime) -> Proposal | None:
    """The first that waits for a yes to the very same, with its case locked until the transaction ends."""
    _lock(db, proposal.case_id)
    mine = (PROPOSALS.c.case_number == number_of(proposal.case_id)) & (PROPOSALS.c.sha256 == proposal.sha256)
    found = casebook.seen(select(PROPOSALS).join(CASES, CASES.c.number == PROPOSALS.c.case_number))
    found = found.where(mine, PROPOSALS.c.state.in_(("pending", "failed"))).order_by(
        PROPOSALS.c.created_at, PROPOSALS.c.id
    )
    return next((each for each in map(_proposal, db.execute(found)) if not each.lapsed(at)), None)


def step(
    db: Connection, before: Proposal, changed: Proposal, kind: EventKind, *, actor: str, at: datetime, why: str = ""
) -> Proposal:
    """Write the proposal down as it is now, and the event that made it so."""
    keep(db, before, changed)
    note(db, changed, kind, actor=actor, at=at, why=why)
    return changed


def keep(db: Connection, before: Proposal, changed: Proposal) -> Proposal:
    """Write the proposal down as it is now. Raises NotAllowed where somebody was first."""
    mine = (
        (PROPOSALS.c.id == before.id)
        & (PROPOSALS.c.state == before.state)
        & (PROPOSALS.c.sha256 == before.sha256)
        & (PROPOSALS.c.attempts == before.attempts)
    )
    if db.execute(update(PROPOSALS).where(mine).values(_kept(changed))).rowcount != 1:
        raise NotAllowed(f"{_name(before)} was changed by somebody else meanwhile; read it again")
    return changed


def note(
    db: Connection,
    proposal: Proposal,
    kind: EventKind,
    *,
    actor: str,
    at: datetime,
    why: str = "",
    data: Mapping[str, Value] | None = None,
) -> None:
    """Tell the trail of the case; the payload stands in the proposal alone."""
    where = proposal.destination
    said: dict[str, Value] = {
        "proposal": proposal.id,
        "kind": proposal.kind,
        "destination": {"sink": where.sink, "to": where.to, "options": dict(where.options)},
        "sha256": proposal.sha256,
        **(data or {}),
    }
    trail.append(db, number_of(proposal.case_id), kind, actor=actor, at=at, why=why, data=said)


def _must_wait(proposal: Proposal) -> None:
    """Raises NotAllowed where a yes comes too late or twice."""
    if proposal.state in ("pending", "failed"):
        return
    if proposal.turned:
        raise NotAllowed(f"{_name(proposal)} has lapsed: {proposal.turned}; propose it again if it still holds")
    used = "was approved already" if proposal.state in ("approved", *SENT) else f"is {proposal.state}"
    again = "" if proposal.state in ("approved", *SENT) else "; propose it again"
    raise NotAllowed(f"{_name(proposal)} {used}{again}")


def _said(payload: str) -> str:
    """The text without what cannot be seen. Raises NotAllowed where nothing is left, or too much."""
    text = clean(payload).text.strip()
    if not text:
        raise NotAllowed("a write needs a text")
    if len(text) > LONGEST:
        raise NotAllowed(f"a write may have {LONGEST:,} characters, not {len(text):,}")
    return text


def _name(proposal: Proposal) -> str:
    return f"proposal {proposal.id[:8]}"


def _read(db: Connection, casebook: Casebook, proposal_id: str) -> Proposal:
    found = casebook.seen(select(PROPOSALS).join(CASES, CASES.c.number == PROPOSALS.c.case_number))
    row = db.execute(found.where(PROPOSALS.c.id == proposal_id)).one_or_none()
    if row is None:
        raise UnknownProposal(f"no proposal {proposal_id.strip()[:40]!r} in the casebook")
    return _proposal(row)


def _kept(proposal: Proposal) -> dict[str, object]:
    """As a row."""
    row: dict[str, object] = {name: getattr(proposal, name) for name in Proposal.__struct_fields__}
    del row["case_id"]
    receipt = "" if proposal.receipt is None else canonical(msgspec.to_builtins(proposal.receipt))
    return {
        **row,
        "case_number": number_of(proposal.case_id),
        "destination": canonical(proposal.destination.plain()),
        "receipt": receipt,
    }


def _proposal(row: Row[Any]) -> Proposal:
    values: dict[str, Any] = {name: getattr(row, name, None) for name in Proposal.__struct_fields__}
    values["case_id"] = f"{PREFIX}{row.case_number}"
    values["destination"] = msgspec.convert(json.loads(row.destination), Destination)
    values["receipt"] = msgspec.convert(json.loads(row.receipt), Receipt) if row.receipt else None
    return Proposal(**values)
