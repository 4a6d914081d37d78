"""What the end of a case asks for: the team is told, each ticket noted, each customer informed, what was learned kept.

Worked out from events alone: which duty is done, and for what is open a draft with its destination. A duty is done when
its write was delivered after the end, or when a person says how they did it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from customer_escalation.casebook import article, duty_texts, updates
from customer_escalation.casebook.events import Event, Value
from customer_escalation.casebook.learnings import learned
from customer_escalation.casebook.nameless import Nameless
from customer_escalation.casebook.proposal import Draft, Kind, Proposal, ProposalState
from customer_escalation.casebook.proposals import proposals, propose
from customer_escalation.casebook.state import NotAllowed, State, is_end, state_of, unfinished
from customer_escalation.casebook.store import Case, Casebook
from customer_escalation.policy import Policy
from customer_escalation.profile import Team
from customer_escalation.safety import safe
from customer_escalation.settings import Setting

if TYPE_CHECKING:
    from customer_escalation.delivery.connected import ConnectedSinks

INFORM = "inform_customer"
OPEN: tuple[ProposalState, ...] = ("pending", "approved", "sending", "unsure", "failed")
POSTS = ("post_to_chat", "inform_team")


class Duty(Struct, frozen=True):
    """One duty of the policy. `open` says what is missing, `drafts` are ready to be proposed for it.

    `waiting` are the ids of proposals that were made for it and are not delivered yet.
    """

    id: str
    text: str
    open: tuple[str, ...] = ()
    drafts: tuple[Draft, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether nothing of it is missing."""
        return not self.open


class _Step(Struct, frozen=True):
    """One write that a duty asks for; `missing` says in words what is so without it, `kinds` also do it."""

    missing: str
    done: bool
    kind: Kind
    to: str
    title: str = ""
    text: str = ""
    kinds: tuple[str, ...] = ()
    trouble: str = ""


class _Facts(Struct, frozen=True):
    case: Case
    events: Sequence[Event]
    state: State
    setting: Setting
    since: int
    now: datetime
    send: bool
    nameless: Callable[[str], str]

    @property
    def policy(self) -> Policy:
        """The rules of the workspace."""
        return self.setting.policy

    def wrote(self, kinds: tuple[str, ...], to: str) -> bool:
        """Whether such a write was delivered there after the end."""
        new = (each for each in self.events[self.since :] if each.kind == "delivered")
        return any(each.text("kind") in kinds and to in (place_of(each), "") for each in new)

    def noted(self, duty: str, to: str) -> bool:
        """Whether a person says since the end that it was done otherwise."""
        new = (each for each in self.events[self.since :] if each.kind == "noted" and each.text("duty") == duty)
        return any(each.text("for") in (to, "") for each in new)


def duties(
    casebook: Casebook, case_id: str, setting: Setting, sinks: ConnectedSinks, now: datetime, *, send: bool = False
) -> tuple[Duty, ...]:
    """The duties of a case that was resolved or de-escalated, in the policy's order; none of one that goes on.

    `send`: the replies to customers go out, instead of staying drafts at the support platform. Raises UnknownCase.
    """
    case, events = casebook.get(case_id), casebook.events(case_id)
    state = state_of(events)
    if state.settled_at is None:
        return ()
    since = max(event.number for event in events if is_end(event))
    nameless = Nameless(case.result, state)
    facts = _Facts(case, events, state, setting, since, now, send, nameless)
    made = [each for each in proposals(casebook, case.id, OPEN) if _is_new(events, since, each)]
    return tuple(
        _duty(facts, sinks, each.id, each.text, made) for each in setting.policy.duties if _asked(facts, each.id)
    )


def propose_open(
    casebook: Casebook,
    case_id: str,
    setting: Setting,
    sinks: ConnectedSinks,
    *,
    actor: str,
    at: datetime,
    send: bool = False,
) -> tuple[Proposal, ...]:
    """Propose every write that an open duty asks for and nobody has proposed yet; each waits for a person's yes.

    Raises UnknownCase, NotAllowed.
    """
    found = duties(casebook, case_id, setting, sinks, at, send=send)
    return tuple(
        propose(casebook, case_id, draft, sinks, actor=actor, at=at) for duty in found for draft in duty.drafts
    )


def by_hand(duty: str, why: str, policy: Policy, place: str = "") -> dict[str, Value]:
    """What the event of a duty that was done by hand says. Raises NotAllowed for no such duty, or no word of it."""
    if duty not in {each.id for each in policy.duties}:
        raise NotAllowed(f"no such duty: {duty[:40]!r}; it is one of {', '.join(each.id for each in policy.duties)}")
    if duty == INFORM:
        raise NotAllowed("say of each customer that they were told, and how")
    if not safe(why).text.strip():
        raise NotAllowed(f"say how it was done: {duty}")
    return {"duty": duty, "for": place}


def remaining(state: State, found: Iterable[Duty]) -> tuple[str, ...]:
    """What is left to do on a case: first what stands against closing it, then the open duties, nothing twice."""
    against = unfinished(state)
    untold = {f"{name} not told of the end" for name in state.untold}
    left = (what for each in found for what in each.open if what.partition(":")[0] not in untold)
    return (*([against] if against else []), *left)


def place_of(event: Event) -> str:
    """The channel, ticket or issue that an event of a write names."""
    where = event.data.get("destination")
    return str(where.get("to") or "") if isinstance(where, dict) else ""


def _is_new(events: Sequence[Event], since: int, proposal: Proposal) -> bool:
    made = (each.number for each in events if each.kind == "proposed" and each.text("proposal") == proposal.id)
    return max(made, default=0) > since


def _asked(facts: _Facts, duty: str) -> bool:
    """Who solved it knows: the team is told where it is not the team that ends it."""
    return duty != "notify_team" or _last_end(facts).kind == "de_escalated"


def _last_end(facts: _Facts) -> Event:
    return facts.events[facts.since - 1]


def _duty(facts: _Facts, sinks: ConnectedSinks, duty: str, text: str, made: Sequence[Proposal]) -> Duty:
    if duty not in STEPS:  # a company's own; a person says when it is done
        return Duty(duty, text, () if facts.noted(duty, "") else ("nobody has said that it is done",))
    missing: list[str] = []
    drafts: list[Draft] = []
    waiting: list[str] = []
    for step in STEPS[duty](facts):
        if step.done or facts.noted(duty, step.to):
            continue
        mine = [each.id for each in made if each.kind in (step.kind, *step.kinds) and each.destination.to == step.to]
        draft, trouble = _drafted(facts, sinks, step)
        missing.append(f"{step.missing}: {trouble}" if trouble else step.missing)
        waiting += mine
        drafts += [draft] if draft is not None and not mine else []
    return Duty(duty, text, tuple(missing), tuple(drafts), tuple(waiting))


def _drafted(facts: _Facts, sinks: ConnectedSinks, step: _Step) -> tuple[Draft | None, str]:
    if step.trouble:
        return None, step.trouble
    try:
        if step.kind == "draft_article":
            return article.draft(facts.case, facts.events, sinks), ""
        send = facts.send and step.kind == "reply_to_customer"
        where = sinks.destination(step.kind, step.to, facts.case.result.evidence, send=send)
    except NotAllowed as error:
        return None, str(error)
    return Draft(step.kind, step.title, where, step.text), ""


def _notify(facts: _Facts) -> Iterator[_Step]:
    """The team hears of it where the case was posted, else where its work arrives."""
    name, channel = _team(facts)
    text = duty_texts.to_team(facts.case.id, facts.case.result.brief.title.text, facts.events, facts.policy)
    trouble = "" if channel else f"no channel of {name} is configured; tell them otherwise and say so"
    yield _Step(
        missing=f"{name} not notified",
        done=bool(channel) and facts.wrote(POSTS, channel),
        kind="inform_team",
        to=channel,
        title=f"Tell {name} that it is de-escalated",
        text=text,
        kinds=POSTS,
        trouble=trouble,
    )


def _team(facts: _Facts) -> tuple[str, str]:
    """The team that it was escalated to, and its channel: where the brief went, was to go, or the team's own."""
    target = facts.state.target
    name = next((tier.name for tier in facts.policy.tiers if tier.id == target), "the receiving team")
    posted = [each for each in facts.events if each.kind == "delivered" and each.text("kind") == "post_to_chat"]
    if posted:
        return name, place_of(posted[-1])
    offered = [step for step in facts.case.result.next_steps if step.kind == "post_to_chat"]
    if offered and facts.case.result.target == target and offered[0].destination.startswith("#"):
        return name, offered[0].destination
    return name, (facts.setting.profile.teams.get(target, Team()).channel if target else "")


def _note(facts: _Facts) -> Iterator[_Step]:
    """Every ticket of an affected customer gets the note."""
    text = duty_texts.on_ticket(facts.case.id, facts.events, facts.policy, facts.nameless)
    tickets = dict.fromkeys(ticket for each in facts.state.customers.values() for ticket in each.tickets)
    for ticket in tickets:
        yield _Step(
            missing=f"ticket {ticket} not updated",
            done=facts.wrote(("internal_note",), ticket),
            kind="internal_note",
            to=ticket,
            title=f"Note how it ended on ticket {ticket}",
            text=text,
        )


def _inform(facts: _Facts) -> Iterator[_Step]:
    """Every affected customer hears it on their own ticket."""
    for customer in facts.state.customers.values():
        ticket = next(iter(customer.tickets), "")
        yield _Step(
            missing=f"{customer.name} not told of the end",
            done=facts.state.knows(customer),
            kind="reply_to_customer",
            to=ticket,
            title=f"Tell {customer.name} how it ended",
            text=updates.tell(facts.events, customer.name, facts.now),
            trouble="" if ticket else "no ticket of theirs is known; tell them otherwise and say so",
        )


def _document(facts: _Facts) -> Iterator[_Step]:
    """What was learned is kept: an article that was drafted after the end, or one that a person names."""
    linked = learned(each for each in facts.events if facts.state.resumed_at and each.at >= facts.state.resumed_at)
    yield _Step(
        missing="what was learned is not documented",
        done="article" in linked or facts.wrote(("draft_article",), ""),
        kind="draft_article",
        to=article.KNOWLEDGE,
    )


STEPS: Mapping[str, Callable[[_Facts], Iterator[_Step]]] = {
    "notify_team": _notify,
    "update_ticket": _note,
    INFORM: _inform,
    "document": _document,
}
