"""What the looks at the sources noticed, as reminders tell it: all of it to our own people, little to a customer.

A look keeps its news and suggestions in its event "seen". What became an event of its own is told by that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import cast

from customer_escalation.casebook.events import Event

OWN_EVENTS = frozenset(("joined", "promised", "answered"))
CAUSE = "cause"
# News of the team that works on it. A customer hears that there is some, not what: it is not confirmed yet.
FROM_THE_TEAM = frozenset(("fixed", "fix_coming", "fix_undone", "underway", "fix_version"))
ACTED = ("moved", "severity", "de_escalated", "re_escalated", "closed", "opened")
ANSWERED: Mapping[str, str] = {"confirmed": "confirm", "told": "tell"}
Found = Mapping[str, object]


def news(event: Event) -> Iterator[str]:
    """The news of a look, a line each."""
    for each in _listed(event, "news"):
        if each.get("kind") not in OWN_EVENTS:
            yield str(each.get("text") or "")


def heard(events: Iterable[Event], since: datetime | None) -> frozenset[str]:
    """What looks after this time found that a customer may hear of in general words: "cause", "team", or neither."""
    looks = (event for event in events if event.kind == "seen" and (since is None or event.at > since))
    return frozenset(filter(None, (_general(each) for event in looks for each in _listed(event, "news"))))


def _general(each: Found) -> str:
    kind = str(each.get("kind") or "")
    cites = cast("list[object]", each.get("cites") or [])
    if kind == CAUSE:
        return CAUSE
    of_an_issue = kind == "status" and any(str(cite).startswith("I-") for cite in cites)
    return "team" if kind in FROM_THE_TEAM or of_an_issue else ""


def suggested(events: Sequence[Event]) -> tuple[Found, ...]:
    """What the last whole look suggested, unless somebody acted on it since: kind, to, condition, text, cites."""
    done = set[tuple[str, str]]()
    for event in reversed(events):
        if event.kind in ACTED:
            return ()
        if event.kind in ANSWERED:
            done.add((ANSWERED[event.kind], event.text("customer")))
        elif event.kind == "seen" and event.data.get("read_again"):
            found = tuple(_listed(event, "suggestions"))
            if found or not event.data.get("failed"):
                return tuple(each for each in found if (each.get("kind"), each.get("to")) not in done)
    return ()


def suggestion(each: Found) -> str:
    """A suggestion on a line, with the rows that show it."""
    cites = ", ".join(map(str, cast("list[object]", each.get("cites") or [])))
    said = " ".join(str(each.get("text") or "").split())
    return f"{said} [{cites}]" if cites else said


def _listed(event: Event, key: str) -> Iterator[Found]:
    for each in cast("list[object]", event.data.get(key) or []):
        if isinstance(each, dict):
            yield cast("Found", each)
