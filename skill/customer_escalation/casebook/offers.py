"""From the offers of a result to drafts that can be proposed: each with a destination that code worked out.

Every ticket of an affected customer gets the internal note, and every affected customer the update, on the ticket in
which they told of the problem; nobody's own words go to somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast, get_args

from customer_escalation.brief import NextStep, Result
from customer_escalation.casebook.proposal import Draft, Kind
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.next_steps import NOT_SET, REVOKING
from customer_escalation.replies import OWN, opening

if TYPE_CHECKING:
    from customer_escalation.delivery.connected import ConnectedSinks
    from customer_escalation.settings import Setting

TICKET = "ticket "
SAME: dict[str, Kind] = {"draft_update": "reply_to_customer"}  # a status is sent as a reply, too


def from_next_steps(result: Result, setting: Setting) -> tuple[Draft, ...]:
    """What may be proposed, in the order of the offers; a reply stays a draft until a person asks to send it."""
    return tuple(draft for _, draft, _ in _offers(result, setting) if draft is not None)


def left_out(result: Result, setting: Setting) -> tuple[str, ...]:
    """The offers that lead nowhere, with the reason."""
    return tuple(f"{step.title}: {why}" for step, draft, why in _offers(result, setting) if draft is None)


def _offers(result: Result, setting: Setting) -> Iterator[tuple[NextStep, Draft | None, str]]:
    """Each offer for each of its places once, as a draft or with the reason why not."""
    from customer_escalation.delivery import sinks_of

    sinks = sinks_of(setting)
    seen: set[tuple[str, str, str]] = set()
    for step in result.next_steps:
        kind = SAME.get(step.kind, step.kind)
        for to, text in _places(result, step, kind):
            if (kind, to, text) in seen:
                continue
            seen.add((kind, to, text))
            yield _offer(result, sinks, step, cast("Kind", kind), to, text)


def _offer(
    result: Result, sinks: ConnectedSinks, step: NextStep, kind: Kind, to: str, text: str
) -> tuple[NextStep, Draft | None, str]:
    if kind not in get_args(Kind):
        return step, None, f"{kind} is nothing that can be delivered"
    if to == NOT_SET:
        return step, None, "no destination configured"
    try:
        where = sinks.destination(kind, to, result.evidence)
    except NotAllowed as error:
        return step, None, str(error)
    return step, Draft(kind, step.title, where, text), ""


def _places(result: Result, step: NextStep, kind: str) -> Iterator[tuple[str, str]]:
    """Where an offer goes, and with which text."""
    first = step.destination.removeprefix(TICKET) if step.destination.startswith(TICKET) else step.destination
    yield first, step.preview
    others = [reporter.tickets for reporter in result.reporters]
    if kind == "internal_note":
        yield from ((ticket, step.preview) for tickets in others for ticket in tickets if ticket != first)
    if step.kind == "reply_to_customer" and step.title != REVOKING:
        yield from (
            (each.tickets[0], each.update or _to(result, each.tickets[0], step))
            for each in result.reporters
            if each.tickets and first not in each.tickets
        )


def _to(result: Result, ticket: str, step: NextStep) -> str:
    """The update for another customer of a result that holds none: without what somebody else asked."""
    row = result.evidence.get(f"T-{ticket}")
    _, _, rest = step.preview.partition("\n\n")
    _, _, rest = rest.partition("\n")
    lines = [line for line in rest.split("\n") if not line.startswith(OWN)]
    who = next((each.name for each in result.reporters if ticket in each.tickets), "")
    return "\n".join([*opening(who, row.title if row else ""), *lines])
