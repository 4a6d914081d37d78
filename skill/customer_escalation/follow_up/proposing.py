"""Writes that a person may approve: the offers of the brief, or a text of somebody's own. Destinations come from code.

Proposing writes nothing outside. The same text for the same place is one proposal, however often and by however many
at once it is proposed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from customer_escalation.casebook.offers import SAME, TICKET, from_next_steps, left_out
from customer_escalation.casebook.proposal import KINDS, Destination, Draft, Kind, Proposal
from customer_escalation.casebook.proposals import edit, propose
from customer_escalation.casebook.state import NotAllowed, UnknownProposal
from customer_escalation.follow_up import rounding_off
from customer_escalation.follow_up.approving import found, with_time
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import line, one_line
from customer_escalation.next_steps import REVOKING
from customer_escalation.safety import clean

if TYPE_CHECKING:
    from customer_escalation.brief import Result
    from customer_escalation.casebook.store import Case

ON_TICKETS = ("reply_to_customer", "ask_customer", "internal_note", "update_ticket")
REPLIES = ("reply_to_customer", "ask_customer")
TEAMS_OWN = ("post_to_chat", "inform_team", "file_issue")
FOLLOW_UP = "schedule_follow_up"


def proposed(
    office: Office, case_id: str, write: str, *, to: str = "", text: str = "", send: bool = False, due: str = ""
) -> Proposal:
    """The proposal that is meant, kept where it is new.

    `write` is one of
    - a proposal's id (8 characters are enough); with `text` it is edited, which voids what was approved before,
    - the id of a next step of the brief ("n1"), or a kind of write ("post_to_chat") that stands there once,
    - a duty of a case that has ended ("inform_customer"),
    - a kind of write with a `text` of one's own.
    `to` says which place where there are several: a channel, project, ticket or issue of the case, or a customer of it.
    `send` sends a reply that would else be left as a draft, `due` is the time of a follow-up of one's own.
    Raises NotAllowed, UnknownCase.
    """
    write, to = one_line(write, "the write"), one_line(to, "the destination")
    case = office.casebook.get(case_id)
    if due.strip() and _kind(case, write) != FOLLOW_UP:
        raise NotAllowed(f"{write[:40]}: only a follow-up has a time of its own ({FOLLOW_UP})")
    draft = _drafted(office, case, write, to, text or due, send, due)
    mine = _waiting(office, case, write) if draft is None else draft
    if isinstance(mine, Proposal) and mine.case_id != case.id:
        raise NotAllowed(f"proposal {mine.id[:8]} belongs to {mine.case_id}, not to {case.id}")
    if send and not mine.destination.sends:
        said = mine if isinstance(mine, Draft) else mine.draft
        mine = _sending(office, case, replace(said, payload=text.strip() or said.payload))
    if isinstance(mine, Draft):
        return propose(office.casebook, case.id, mine, office.sinks, actor=office.actor, at=office.now, twice=False)
    if text.strip() and clean(text).text.strip() != mine.payload:
        if mine.kind == FOLLOW_UP:
            text = with_time(office, case.id, clean(text).text.strip(), "")
        return edit(office.casebook, mine.id, text, actor=office.actor, at=office.now)
    return mine


def _drafted(
    office: Office, case: Case, write: str, to: str, text: str, send: bool, due: str
) -> Draft | Proposal | None:
    """What is meant by a duty, a step or a kind; None for anything else, which can be the id of a proposal."""
    if rounding_off.is_duty(office, write) and not text.strip():
        return rounding_off.meant(office, case.id, write, to=to, send=send)
    if write in KINDS or _is_step(case, write):
        if text.strip() and _kind(case, write) == FOLLOW_UP:
            text = with_time(office, case.id, clean(text).text.strip(), due)
        return _own(office, case, write, to, text) if text.strip() else _offered(office, case, write, to)
    return None


def _waiting(office: Office, case: Case, write: str) -> Proposal:
    """The proposal of this id. Raises NotAllowed, which names the steps of the brief where it is none."""
    try:
        return found(office, write)
    except UnknownProposal:
        steps = ", ".join(f"{step.id} ({step.kind})" for step in case.result.next_steps) or "none"
        what = f"no step, proposal or kind of write {write[:40]!r} in {case.id}" if write else "say what to write"
        raise NotAllowed(f"{what}; the brief has these steps: {steps}") from None


def all_offered(office: Office, case_id: str) -> tuple[Proposal, ...]:
    """Everything that the brief offers and that can be written here, proposed. Raises NotAllowed, UnknownCase."""
    case = office.casebook.get(case_id)
    drafts, book, actor, at = _one_reply_each(case.result, office), office.casebook, office.actor, office.now
    return tuple(propose(book, case.id, each, office.sinks, actor=actor, at=at, twice=False) for each in drafts)


def _one_reply_each(result: Result, office: Office) -> tuple[Draft, ...]:
    """Of an interim answer and a status for the same ticket the first; nobody is told the same in two messages."""
    drafts, told = list[Draft](), set[str]()
    for each in from_next_steps(result, office.setting):
        update = each.kind == "reply_to_customer" and each.title != REVOKING
        if not update or each.destination.to not in told:
            drafts.append(each)
        if update:
            told.add(each.destination.to)
    return tuple(drafts)


def offered(office: Office, case_id: str) -> list[str]:
    """What the brief offers to write, a line each: "n1 post_to_chat → #eng-orders: Post the brief ..."."""
    case = office.casebook.get(case_id)
    drafts = from_next_steps(case.result, office.setting)
    return [
        f"{step.id} {kind} → {', '.join(places)}: {line(step.title, 120)}"
        for step in case.result.next_steps
        for kind in [SAME.get(step.kind, step.kind)]
        if (places := [each.destination.to for each in drafts if each.kind == kind and each.title == step.title])
    ]


def not_offered(office: Office, case_id: str) -> list[str]:
    """What the brief offers and nobody can write here, with the reason."""
    return [line(each) for each in left_out(office.casebook.get(case_id).result, office.setting)]


def places(office: Office, case: Case, kind: Kind) -> tuple[str, ...]:
    """Where a write of this kind may go in this case, the most likely first."""
    return tuple(dict.fromkeys(_places(office, case, kind)))


def _places(office: Office, case: Case, kind: Kind) -> Iterator[str]:
    yield from (each.destination.to for each in from_next_steps(case.result, office.setting) if each.kind == kind)
    if kind in ON_TICKETS:
        yield from (ticket for tickets in _tickets(office, case).values() for ticket in tickets)
    elif kind in ("post_to_chat", "inform_team"):
        yield from sorted(office.sinks.channels)
    elif kind == "file_issue":
        yield from sorted(office.sinks.projects)
    elif kind == "link_ticket":
        yield from (row.record for row in case.result.evidence if row.id == f"I-{row.record}")
    elif kind in ("draft_article", "schedule_follow_up"):
        yield case.id


def _tickets(office: Office, case: Case) -> dict[str, tuple[str, ...]]:
    """The tickets of each customer of the case."""
    customers = office.casebook.state(case.id).customers
    return {each.name: each.tickets for each in customers.values()} or {
        each.name: each.tickets for each in case.result.reporters
    }


def _is_step(case: Case, write: str) -> bool:
    return any(write in (step.id, step.kind) for step in case.result.next_steps)


def _offered(office: Office, case: Case, write: str, to: str) -> Draft:
    """The one draft that is meant. Raises NotAllowed where it is none or several."""
    steps = [step for step in case.result.next_steps if write in (step.id, step.kind)]
    names = {SAME.get(step.kind, step.kind) for step in steps} | {SAME.get(write, write)}
    texts = {step.title for step in steps} | {step.preview for step in steps}
    drafts = [
        each
        for each in from_next_steps(case.result, office.setting)
        if each.kind in names and (each.title in texts or each.payload in texts)
    ]
    if not drafts:
        why = next((each for each in left_out(case.result, office.setting) if each.startswith(tuple(texts))), "")
        raise NotAllowed(line(why) or f"the brief of {case.id} offers no {write[:40]}; give a text of your own")
    wanted = _tickets(office, case).get(_customer(office, case, to), (to,))
    chosen = [each for each in drafts if each.destination.to in wanted] if to else drafts
    if len(chosen) == 1 or (not to and len({each.title for each in drafts}) == 1 and len(steps) == 1):
        return chosen[0]
    raise NotAllowed(f"{write[:40]}: say which by `to` or the step: {'; '.join(offered(office, case.id))}")


def _own(office: Office, case: Case, write: str, to: str, text: str) -> Draft:
    """A text of somebody's own for one of the places of the case. Raises NotAllowed."""
    step = next((step for step in case.result.next_steps if write == step.id), None)
    kind = _kind(case, write)
    known = places(office, case, kind)
    where = _place(office, case, kind, to or ("" if step is None else step.destination.removeprefix(TICKET)))
    if where not in known:
        told = f"{kind} does not go to {where[:60]!r} in {case.id}" if where else f"{kind}: say where it goes"
        raise NotAllowed(f"{told}; it may go to {', '.join(known[:20]) or 'nothing here: nothing is connected for it'}")
    title = f"{kind.replace('_', ' ').capitalize()}: {where}"
    return Draft(kind, title, _destination(office, case, kind, where, send=False), text)


def _kind(case: Case, write: str) -> Kind:
    """The kind of write of a step, or that was named."""
    name = next((step.kind for step in case.result.next_steps if write == step.id), write)
    return cast("Kind", SAME.get(name, name))


def _place(office: Office, case: Case, kind: Kind, to: str) -> str:
    """The place that is meant, empty where it has to be said."""
    known = places(office, case, kind)
    if not to and kind in TEAMS_OWN:
        return known[0] if len(known) == 1 else next(_of_the_team(office, case, kind), "")
    if not to:
        one_of_many = kind in ON_TICKETS or kind == "link_ticket"
        return known[0] if len(known) == 1 or (known and not one_of_many) else ""
    tickets = _tickets(office, case).get(_customer(office, case, to), ()) if kind in ON_TICKETS else ()
    return tickets[0] if tickets else to


def _of_the_team(office: Office, case: Case, kind: Kind) -> Iterator[str]:
    """Where the brief offers it, else where the work of its target team arrives; a product area's place first."""
    yield from (each.destination.to for each in from_next_steps(case.result, office.setting) if each.kind == kind)
    profile, target = office.setting.profile, case.result.target
    if target is None:
        return
    posts = [step.title for step in case.result.next_steps if step.kind == "post_to_chat"]  # "... (orders-api)"
    areas = profile.areas.get(target, ())
    named = [area.team for area in areas if any(title.endswith(f"({area.name})") for title in posts)]
    for team in (*named, profile.teams.get(target)):
        place = "" if team is None else team.tracker_project if kind == "file_issue" else team.channel
        if place:
            yield place


def _customer(office: Office, case: Case, name: str) -> str:
    return next((each for each in _tickets(office, case) if each.casefold() == name.casefold()), name)


def _sending(office: Office, case: Case, draft: Draft) -> Draft:
    if draft.kind not in REPLIES:
        raise NotAllowed(f"{draft.kind} is no reply: it is written as soon as it is approved")
    return replace(draft, destination=_destination(office, case, draft.kind, draft.destination.to, send=True))


def _destination(office: Office, case: Case, kind: Kind, to: str, *, send: bool) -> Destination:
    return office.sinks.destination(kind, to, case.result.evidence, send=send)
