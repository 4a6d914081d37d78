"""Delivers what a person approved, once, and keeps the receipt.

A worker claims a proposal in one transaction and sends it under the proposal's id, within a deadline that ends well
before its claim does. Where no answer came, or the worker died, the destination is asked after that whether it is
there: if so the receipt is kept, if surely not it is sent again, and where nobody can tell, a person says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from customer_escalation.casebook import trail
from customer_escalation.casebook.errors import CasebookError
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.events import Kind as EventKind
from customer_escalation.casebook.follow_ups import time_in
from customer_escalation.casebook.proposal import TO_APPROVE, Proposal, hash_of
from customer_escalation.casebook.proposals import find, keep, locked, must_be_a_person, note, step
from customer_escalation.casebook.state import NotAllowed, state_of
from customer_escalation.casebook.store import Casebook, number_of
from customer_escalation.casebook.tables import CASES, PROPOSALS
from customer_escalation.delivery import CannotTell, Sink, Sinks
from escalation_connectors.errors import ConnectorError, PerhapsWritten
from escalation_connectors.writing import Receipt

LEASE = timedelta(seconds=120)
DEADLINE_S = 60.0
ASKED_AT_MOST = 5  # attempts to find out; then a person is asked
AT_ONCE = 100
TOLD = ("reply_to_customer", "ask_customer")
DECIDED = ("proposed", "edited", "approved", "declined", "expired")
CHECKED = ("post_to_chat", "inform_team")


class _Claim(Struct, frozen=True):
    """A proposal that this worker alone may send now; `again` where it may have been sent before."""

    proposal: Proposal
    actor: str
    again: bool


async def deliver(casebook: Casebook, proposal_id: str, sinks: Sinks, *, worker: str, now: datetime) -> Proposal:
    """Send an approved proposal, or find out what became of one whose worker died; gives what it is then.

    Raises NotAllowed where it is not to be sent now. What the sink raises unexpectedly goes through, and is found out
    about later.
    """
    claim = _claim(casebook, proposal_id, worker, now)
    if claim is None:
        return find(casebook, proposal_id)
    try:
        return await _carried_out(casebook, claim, sinks, now)
    except _Lost:
        return find(casebook, proposal_id)


def settle(casebook: Casebook, proposal_id: str, there: bool, *, actor: str, at: datetime) -> Proposal:
    """A person has looked: it is there, or it is to be sent again. Raises NotAllowed.

    What the trail holds no approval of is not sent again: to look for a text is not to approve it.
    """
    must_be_a_person(actor, "settle")
    with casebook.database.writing() as db:
        before = locked(db, casebook, proposal_id)
        if before.state != "unsure":
            raise NotAllowed(f"proposal {before.id[:8]} is {before.state}; there is nothing to settle")
        if there:
            return _delivered(db, before, Receipt(""), actor, at, "a person saw that it is there")
        try:
            _must_have_a_yes(trail.read(db, number_of(before.case_id)), before)
        except NotAllowed as error:
            never = replace(before, state="failed", approved_by="", approved_at=None, expires_at=at + TO_APPROVE)
            return step(db, before, replace(never, error=str(error)), "failed", actor=actor, at=at, why=str(error))
        again = replace(before, state="approved", approved_by=actor, approved_at=at, error="")
        return step(db, before, again, "approved", actor=actor, at=at, why="a person saw that it is not there")


def ready(casebook: Casebook, now: datetime) -> tuple[str, ...]:
    """The proposals that are to be sent, and those whose worker is gone; the oldest approval first, at most 100."""
    gone = (PROPOSALS.c.state == "sending") & (PROPOSALS.c.claimed_until <= now)
    found = casebook.seen(select(PROPOSALS.c.id).join(CASES, CASES.c.number == PROPOSALS.c.case_number))
    found = found.where((PROPOSALS.c.state == "approved") | gone)
    with casebook.database.reading() as db:
        ordered = found.order_by(PROPOSALS.c.approved_at, PROPOSALS.c.id).limit(AT_ONCE)
        return tuple(db.execute(ordered).scalars())


def _claim(casebook: Casebook, proposal_id: str, worker: str, now: datetime) -> _Claim | None:
    """Take it for this worker; None where its approval is over. Raises NotAllowed where it is not to be sent."""
    actor = f"code:{worker}"
    with casebook.database.writing() as db:
        before = locked(db, casebook, proposal_id)
        if before.state == "sending":
            if before.claimed_until is not None and before.claimed_until > now:
                raise NotAllowed(f"proposal {before.id[:8]} is being sent by {before.claimed_by}")
            mine = _claimed(before, worker, now)
            keep(db, before, mine)
            return _Claim(mine, actor, again=True)
        if before.state != "approved":
            raise NotAllowed(f"proposal {before.id[:8]} is {before.state}, not approved; nothing was sent")
        if before.lapsed(now):
            step(db, before, replace(before, state="expired"), "expired", actor=actor, at=now)
            return None
        mine = step(db, before, _claimed(before, worker, now), "sending", actor=actor, at=now)
        return _Claim(mine, actor, again=False)


def _claimed(before: Proposal, worker: str, now: datetime) -> Proposal:
    attempts = before.attempts + 1
    return replace(before, state="sending", claimed_by=worker, claimed_until=now + LEASE, attempts=attempts)


async def _carried_out(casebook: Casebook, claim: _Claim, sinks: Sinks, now: datetime) -> Proposal:
    try:
        _must_be_what_was_approved(casebook, claim.proposal, sinks)
        sink = sinks.of(claim.proposal)
    except NotAllowed as error:
        end = _unsure if claim.again else _failed
        return end(casebook, claim, str(error), now)
    if claim.again:
        settled = await _found_out(casebook, claim, sink, now)
        if settled is not None:
            return settled
    return await _sent(casebook, claim, sink, now)


def _must_be_what_was_approved(casebook: Casebook, proposal: Proposal, sinks: Sinks) -> None:
    """Raises NotAllowed where the trail holds no person's yes to exactly this, or it may not go there any more."""
    events = casebook.events(proposal.case_id)
    _must_have_a_yes(events, proposal)
    sinks.check(casebook.get(proposal.case_id), state_of(events), proposal.draft)


def _must_have_a_yes(events: Sequence[Event], proposal: Proposal) -> None:
    """Raises NotAllowed where a person's yes to exactly this is not the last decision."""
    steps = [each for each in events if each.text("proposal") == proposal.id and each.kind in DECIDED]
    sha256 = hash_of(proposal.case_id, proposal.draft)
    if not steps or steps[-1].kind != "approved" or steps[-1].text("sha256") != sha256:
        raise NotAllowed("it is not the text that was approved; nothing was sent")
    must_be_a_person(steps[-1].actor, "approve")


async def _found_out(casebook: Casebook, claim: _Claim, sink: Sink, now: datetime) -> Proposal | None:
    """What became of an earlier attempt; None where it is surely not there and may be sent again."""
    proposal = claim.proposal
    try:
        async with asyncio.timeout(DEADLINE_S / 2):
            receipt = await sink.find(proposal.id)
    except CannotTell as error:
        return _unsure(casebook, claim, str(error), now)
    except (ConnectorError, TimeoutError) as error:
        what = str(error) or "no answer in time when asked whether it is there"
        if proposal.attempts >= ASKED_AT_MOST:
            return _unsure(casebook, claim, what, now)
        return _later(casebook, claim, what)
    with casebook.database.writing() as db:
        before = _still_mine(db, casebook, claim)
        if receipt is not None:
            return _delivered(db, before, receipt, claim.actor, now, "found there")
        if before.lapsed(now):
            return step(db, before, replace(before, state="expired"), "expired", actor=claim.actor, at=now)
        note(db, before, "sending", actor=claim.actor, at=now, why="an earlier attempt did not arrive")
    return None


async def _sent(casebook: Casebook, claim: _Claim, sink: Sink, now: datetime) -> Proposal:
    """Send it and keep what came of it. A write without an answer stays claimed until it can be found out."""
    try:
        async with asyncio.timeout(DEADLINE_S / 2 if claim.again else DEADLINE_S):
            receipt = await sink.send(claim.proposal, claim.proposal.id)
    except (PerhapsWritten, TimeoutError) as error:
        return _later(casebook, claim, str(error) or "no answer came in time")
    except ConnectorError as error:
        return _failed(casebook, claim, f"{error}; {error.advice}", now)
    with casebook.database.writing() as db:
        return _delivered(db, _still_mine(db, casebook, claim), receipt, claim.actor, now, "")


def _still_mine(db: Connection, casebook: Casebook, claim: _Claim) -> Proposal:
    """Raises NotAllowed where the claim ran out and another worker took it over."""
    before = locked(db, casebook, claim.proposal.id)
    if before.state != "sending" or before.attempts != claim.proposal.attempts:
        raise _Lost(f"proposal {before.id[:8]} was taken over by {before.claimed_by}")
    return before


class _Lost(CasebookError):  # noqa: N818 - named by what happened
    """Another worker has it."""


def _delivered(db: Connection, before: Proposal, receipt: Receipt, actor: str, at: datetime, why: str) -> Proposal:
    """Keep the receipt, and tell the case what it means."""
    done = replace(before, state="delivered", receipt=receipt, claimed_until=None, error="")
    where = {"receipt": receipt.id, "url": receipt.url}
    keep(db, before, done)
    note(db, done, "delivered", actor=actor, at=at, why=why, data=where)
    _learn(db, done, actor, at)
    return done


def _learn(db: Connection, done: Proposal, actor: str, at: datetime) -> None:
    """A reply that went out reached the customer, a post asked the team, a reminder falls due; a draft is nothing."""
    if done.kind in CHECKED:
        note(db, done, "checked", actor=actor, at=at, why=done.title)
    elif done.kind == "schedule_follow_up":
        due_at = time_in(done.payload)
        if due_at is None:
            note(db, done, "noted", actor=actor, at=at, why=done.payload)
        else:
            note(db, done, "follow_up", actor=actor, at=at, why=done.payload, data={"due_at": due_at.isoformat()})
    elif done.kind in TOLD and done.destination.sends:
        state = state_of(trail.read(db, number_of(done.case_id)))
        for customer in state.customers.values():
            if done.destination.to in customer.tickets:
                note(db, done, "told", actor=actor, at=at, why=done.title, data={"customer": customer.name})


def _failed(casebook: Casebook, claim: _Claim, error: str, at: datetime) -> Proposal:
    """It was surely not written; a person may approve it again."""
    failed = replace(claim.proposal, state="failed", error=error, approved_by="", approved_at=None)
    return _ended(casebook, claim, replace(failed, expires_at=at + TO_APPROVE), "failed", at)


def _unsure(casebook: Casebook, claim: _Claim, error: str, at: datetime) -> Proposal:
    return _ended(casebook, claim, replace(claim.proposal, state="unsure", error=error), "unsure", at)


def _ended(casebook: Casebook, claim: _Claim, ended: Proposal, kind: EventKind, at: datetime) -> Proposal:
    with casebook.database.writing() as db:
        before = _still_mine(db, casebook, claim)
        ended = replace(ended, claimed_until=None)
        return step(db, before, ended, kind, actor=claim.actor, at=at, why=ended.error)


def _later(casebook: Casebook, claim: _Claim, error: str) -> Proposal:
    """It stays claimed: whoever looks when the claim is over finds out."""
    with casebook.database.writing() as db:
        before = _still_mine(db, casebook, claim)
        return keep(db, before, replace(before, error=error))
