"""A person's yes or no to one exact text, and what became of it. A yes writes at once, and once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from customer_escalation.casebook import outbox, proposals
from customer_escalation.casebook.follow_ups import time_in, timed, untimed
from customer_escalation.casebook.proposal import Proposal, ProposalState
from customer_escalation.casebook.rhythm import rhythm_of
from customer_escalation.casebook.state import Affected, NotAllowed
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, head, line, one_line
from customer_escalation.follow_up.times import coming

WORKER = "outbox"
MOST = 20  # proposals in one answer
SHORTEST, WHOLE = 8, 32
DONE: tuple[ProposalState, ...] = ("approved", "sending", "delivered", "unsure")
WORDS = {
    "post_to_chat": "Message to the team's channel",
    "inform_team": "Message to the team's channel",
    "file_issue": "New tracker issue",
    "link_ticket": "Comment on the tracker issue",
    "reply_to_customer": "Reply to the customer",
    "ask_customer": "Question to the customer",
    "internal_note": "Internal note on the ticket",
    "update_ticket": "Change of the ticket",
    "draft_article": "Draft of an article",
    "schedule_follow_up": "Reminder in the casebook",
}


def found(office: Office, proposal_id: str) -> Proposal:
    """The proposal by its id, or by eight or more of its first characters. Raises NotAllowed."""
    wanted = one_line(proposal_id, "the id").lower()
    if SHORTEST <= len(wanted) < WHOLE:
        same = [each for each in proposals.proposals(office.casebook) if each.id.startswith(wanted)]
        if len(same) == 1:
            return same[0]
    return proposals.find(office.casebook, wanted)


class _Beside(Struct, frozen=True):
    """What stands beside the proposals of a case: its customers, and what was approved before."""

    customers: tuple[Affected, ...]
    approved: tuple[Proposal, ...]

    def customer_of(self, proposal: Proposal) -> str:
        """Whose ticket it goes to, as far as the case knows."""
        return line(", ".join(each.name for each in self.customers if proposal.destination.to in each.tickets))

    def last(self, proposal: Proposal) -> datetime | None:
        """When the very same text was approved for the same place before; None where it was not."""
        same = (each for each in self.approved if each.sha256 == proposal.sha256 and each.id != proposal.id)
        return max((each.approved_at for each in same if each.approved_at is not None), default=None)


def shown(office: Office, proposal: Proposal, *, whole: bool = True) -> Answer:
    """`{id, case_id, kind, what, to, through, title, state, text, sha256, ...}`; `text` is exact, or its head.

    `what` says it in words ("Reply to the customer, left as a draft"), `for` whose ticket it is, `again` when the same
    text went to the same place before, `receipt` where it is.
    """
    return _several(office, (proposal,), whole=whole)[0]


def _several(office: Office, found: Sequence[Proposal], *, whole: bool) -> list[Answer]:
    """Each as `shown`; what stands beside them is read once for each case."""
    beside = {case_id: _beside(office, case_id) for case_id in {each.case_id for each in found}}
    return [_shown(office, each, beside[each.case_id], whole) for each in found]


def _shown(office: Office, proposal: Proposal, beside: _Beside, whole: bool) -> Answer:
    again = beside.last(proposal)
    receipt, over = proposal.receipt, proposal.state in ("pending", "failed") and proposal.lapsed(office.now)
    return filled(
        id=proposal.id,
        case_id=proposal.case_id,
        kind=proposal.kind,
        what=what(proposal),
        to=proposal.destination.to,
        through=proposal.destination.sink,
        title=line(proposal.title),
        state="expired" if over else proposal.state,
        text=proposal.payload if whole else head(proposal.payload),
        sha256=proposal.sha256,
        **{"for": beside.customer_of(proposal)},
        again="" if again is None else office.local(again),
        expires_at=office.local(proposal.expires_at) if proposal.state in ("pending", "failed") else "",
        approved_by=proposal.approved_by,
        receipt=receipt and filled(id=receipt.id, url=receipt.url),
        error=line(proposal.error),
    )


def what(proposal: Proposal) -> str:
    """The kind of write in words, and whether a reply goes out."""
    words = WORDS[proposal.kind]
    if proposal.kind not in outbox.TOLD:
        return words
    return f"{words}, {'SENT to them at once' if proposal.destination.sends else 'left as a draft'}"


def _beside(office: Office, case_id: str) -> _Beside:
    customers = tuple(office.casebook.state(case_id).customers.values())
    return _Beside(customers, proposals.proposals(office.casebook, case_id, DONE))


def pending(office: Office, case_id: str = "", *, whole: bool = False, limit: int = MOST) -> list[Answer]:
    """What waits for a person (of all cases where none is named), or failed and may be approved again.

    The newest `limit` of them, oldest first.
    """
    waiting = proposals.proposals(office.casebook, case_id, ("pending", "failed"))
    if case_id:  # of several proposed at once the first in the trail
        events = office.casebook.events(case_id)
        order = {each.text("proposal"): each.number for each in events if each.kind == "proposed"}
        waiting = tuple(sorted(waiting, key=lambda each: order.get(each.id, 0)))
    mine = [each for each in waiting if not each.lapsed(office.now)][-limit:]
    return _several(office, mine, whole=whole)


def unsettled(office: Office, case_id: str) -> list[Answer]:
    """What was approved and is not known to be written: being sent, or nobody can tell and a person has to look."""
    found = proposals.proposals(office.casebook, case_id, ("approved", "sending", "unsure"))[-MOST:]
    told = zip(_several(office, found, whole=False), found, strict=True)
    return [{**answer, "says": outcome(each)} for answer, each in told]


def lapsed(office: Office, case_id: str) -> list[str]:
    """What lapsed unanswered because the case ended or was taken up again, a line each with the reason."""
    gone = [each for each in proposals.proposals(office.casebook, case_id, ("expired",)) if each.turned]
    return [f"{each.id[:8]} {each.kind} → {each.destination.to}: {line(each.turned)}" for each in gone[-MOST:]]


def must_wait(office: Office, proposal: Proposal) -> None:
    """Raises NotAllowed where a yes would come too late or twice, so that nobody is asked for nothing."""
    name = f"proposal {proposal.id[:8]}"
    if proposal.turned:
        raise NotAllowed(f"{name} has lapsed: {proposal.turned}; propose it again if it still holds")
    if proposal.state not in ("pending", "failed"):
        raise NotAllowed(f"{name} is {proposal.state} already; nothing more is written")
    if proposal.lapsed(office.now):
        raise NotAllowed(f"{name} has expired; propose it again")


async def approve(office: Office, proposal_id: str, sha256: str) -> Answer:
    """A person's yes to the text with this hash, written at once: `shown` with the receipt, or with what went wrong.

    Raises NotAllowed where it is another text by now, or was approved before; NotTheirs where they may not approve.
    """
    proposal = say_yes(office, proposal_id, sha256)
    return await carry_out(office, proposal.id)


def say_yes(office: Office, proposal_id: str, sha256: str) -> Proposal:
    """The first half of `approve`, which only needs the database. Raises NotAllowed, NotTheirs."""
    office.must_be_a_person("approve a write")
    mine = found(office, proposal_id)
    return proposals.approve(office.casebook, mine.id, sha256, actor=office.actor, at=office.now)


async def carry_out(office: Office, proposal_id: str) -> Answer:
    """The second half: send what was approved, unless a worker was faster, and say what became of it."""
    try:
        done = await outbox.deliver(office.casebook, proposal_id, office.sinks, worker=WORKER, now=office.now)
    except NotAllowed:
        done = proposals.find(office.casebook, proposal_id)
        if done.state not in DONE:
            raise
    return {**shown(office, done, whole=False), "says": outcome(done)}


def outcome(proposal: Proposal) -> str:
    """What became of a write, in one sentence."""
    where = f"{proposal.destination.to} ({proposal.destination.sink})"
    due_at = time_in(proposal.payload) if proposal.kind == "schedule_follow_up" else None
    if proposal.state == "delivered" and due_at is not None:
        return f"The reminder is set: it falls due at {due_at.isoformat(timespec='minutes')}."
    return {
        "delivered": f"Written once to {where}.",
        "failed": f"Not written to {where}: {proposal.error}. It may be approved again.",
        "unsure": f"Nobody can tell whether it was written to {where}; look there and settle it.",
        "expired": "Not written: its approval had run out. Propose it again.",
    }.get(proposal.state, f"Approved; whether it reached {where} is not known yet and will be found out.")


def decline(office: Office, proposal_id: str, why: str = "") -> Answer:
    """A person's no. Raises NotAllowed, NotTheirs."""
    office.must_be_a_person("decline a write")
    mine = found(office, proposal_id)
    done = proposals.decline(office.casebook, mine.id, actor=office.actor, at=office.now, why=why)
    return shown(office, done, whole=False)


def edit(office: Office, proposal_id: str, text: str) -> Answer:
    """Another text for the same place: it waits for a new yes, with another hash. Raises NotAllowed."""
    mine = found(office, proposal_id)
    if mine.kind == "schedule_follow_up":
        text = with_time(office, mine.case_id, text, "")
    return shown(office, proposals.edit(office.casebook, mine.id, text, actor=office.actor, at=office.now))


def with_time(office: Office, case_id: str, text: str, due: str) -> str:
    """The text of a follow-up with its time: in front of it where it stands in words or beside it. Raises NotAllowed.

    What waits with the same words keeps its time, so that "in 2 hours" said again is the same reminder.
    """
    if time_in(text) is not None and not due.strip():
        return text
    if not due.strip():
        waiting = proposals.proposals(office.casebook, case_id, ("pending",))
        same = (each.payload for each in waiting if untimed(each.payload) == text and not each.lapsed(office.now))
        if (known := next(same, "")) and time_in(known) is not None:
            return known
    rhythm = rhythm_of(office.setting.policy, office.setting.profile)
    at = coming(due.strip() or text, rhythm, office.now)
    return timed(untimed(text), at.astimezone(rhythm.timezone))


def settle(office: Office, proposal_id: str, *, there: bool) -> Answer:
    """A person has looked whether an unsure write is there; if not it is sent again. Raises NotAllowed, NotTheirs."""
    office.must_be_a_person("settle a write")
    mine = found(office, proposal_id)
    done = outbox.settle(office.casebook, mine.id, there, actor=office.actor, at=office.now)
    return shown(office, done, whole=False)
