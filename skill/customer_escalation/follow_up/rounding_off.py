"""What the end of a case asks for, as answers: open duties, what waits for a yes, and the one draft that is meant."""

from __future__ import annotations

from collections.abc import Iterable

from customer_escalation.casebook import duties
from customer_escalation.casebook.duties import Duty
from customer_escalation.casebook.proposal import Draft, Proposal
from customer_escalation.casebook.proposals import find
from customer_escalation.casebook.state import NotAllowed
from customer_escalation.follow_up.office import Office
from customer_escalation.follow_up.saying import Answer, filled, line

DRAFTED_BY = "code:duties"


def asked(office: Office, case_id: str, *, send: bool = False) -> tuple[Duty, ...]:
    """The duties of a case that was resolved or de-escalated; none of one that goes on. Raises UnknownCase."""
    return duties.duties(office.casebook, case_id, office.setting, office.sinks, office.now, send=send)


def told(found: Iterable[Duty]) -> list[Answer]:
    """`[{id, text, done, open: [line], writes: ["notify_team → #eng-orders"], waiting: [proposal id]}]`.

    A line of `writes` is what `case_approve` takes: the duty as `write`, the place as `to`.
    """
    return [
        filled(
            id=each.id,
            text=line(each.text),
            done=True if each.done else None,
            open=[line(what) for what in each.open],
            writes=[f"{each.id} → {draft.destination.to}" for draft in each.drafts],
            waiting=list(each.waiting),
        )
        for each in found
    ]


def left(office: Office, case_id: str) -> tuple[str, ...]:
    """What is left to do before the end of a case is a good one. Raises UnknownCase."""
    return duties.remaining(office.casebook.state(case_id), asked(office, case_id))


def proposed(office: Office, case_id: str) -> tuple[Proposal, ...]:
    """Every open duty as a proposal that waits for a person's yes; replies stay drafts. Raises UnknownCase."""
    return duties.propose_open(office.casebook, case_id, office.setting, office.sinks, actor=DRAFTED_BY, at=office.now)


def is_duty(office: Office, name: str) -> bool:
    """Whether the policy has a duty of this id."""
    return any(each.id == name for each in office.setting.policy.duties)


def meant(office: Office, case_id: str, duty: str, *, to: str = "", send: bool = False) -> Draft | Proposal:
    """The one write of this duty that is open, or the proposal that waits for it. `to`: a place or a customer.

    Raises NotAllowed where there is none, or several and `to` does not say which.
    """
    found = next((each for each in asked(office, case_id, send=send) if each.id == duty), None)
    if found is None or found.done:
        raise NotAllowed(f"{duty}: {'done already' if found else f'{case_id} asks for nothing of it now'}")
    waiting = [find(office.casebook, each) for each in found.waiting]
    choices: list[Draft | Proposal] = [*found.drafts, *waiting]
    customers = office.casebook.state(case_id).customers.values()
    places = {to, *(ticket for each in customers if each.name.casefold() == to.casefold() for ticket in each.tickets)}
    chosen = [each for each in choices if not to or each.destination.to in places]
    chosen = [each for each in chosen if each.destination.sends == send] or chosen
    if len(chosen) == 1:
        return chosen[0]
    told_where = ", ".join(each.destination.to for each in choices) or "; ".join(found.open)
    raise NotAllowed(f"{duty}: {'say which by `to`' if choices else 'nothing can be written'}: {told_where}")
