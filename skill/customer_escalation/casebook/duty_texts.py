"""What the team and the tickets read when a case ends: how, why, and what was learned, as far as it was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from customer_escalation.casebook.events import Event
from customer_escalation.casebook.learnings import learned
from customer_escalation.casebook.state import is_end, state_of
from customer_escalation.language import one_line
from customer_escalation.policy import Policy
from customer_escalation.safety import safe

TAKEN_OVER = "It is no longer escalated to you; support follows it up with the customers."
LEARNED = (("root_cause", "Cause"), ("fix", "Fix"), ("fix_version", "Fix version"), ("workaround", "Workaround"))


def to_team(case_id: str, title: str, events: Sequence[Event], policy: Policy) -> str:
    """For the channel of the team that it was escalated to."""
    severity = state_of(events).severity
    head = f"{case_id} ({severity}): {one_line(title, 200)}" if severity else f"{case_id}: {one_line(title, 200)}"
    return safe("\n".join((head, *_end(events, policy), *_known(events), TAKEN_OVER))).text


def on_ticket(case_id: str, events: Sequence[Event], policy: Policy, nameless: Callable[[str], str]) -> str:
    """For the inside of each ticket; it names nobody, since each ticket is one customer's."""
    lines = (*_end(events, policy), *_known(events))
    return "\n".join((*map(nameless, lines), f"Case: {case_id}"))


def _end(events: Sequence[Event], policy: Policy) -> Iterator[str]:
    """How and when it ended, under which condition, and the reason that was given."""
    state = state_of(events)
    last = next(each for each in reversed(events) if is_end(each))
    how = "De-escalated" if last.kind == "de_escalated" else "Resolved"
    condition = next((each.text for each in policy.de_escalation if each.id == last.text("condition")), "")
    yield f"{how} {state.rhythm.local(last.at)}{f': {condition}' if condition else ''}."
    if last.why.strip():
        yield f"Reason: {one_line(last.why, 600)}"


def _known(events: Sequence[Event]) -> Iterator[str]:
    known = learned(events)
    for about, label in LEARNED:
        if about in known:
            yield f"{label}: {known[about].text}"
        elif about == "root_cause":
            yield "Cause: not recorded."
