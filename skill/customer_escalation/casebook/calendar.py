"""What is due as a calendar (iCalendar, RFC 5545): an event for each running clock, for any calendar program.

A clock keeps its UID for ever, and its SEQUENCE counts how often its time was moved (RFC 5546, 2.1.4), so whoever reads
the feed again moves the event that it has. It is a snapshot, no invitation: there is no METHOD (3.7.2), and so DTSTAMP
says when the case was last changed (3.8.7.2), and the same casebook gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from sqlalchemy import select

from customer_escalation.casebook import trail
from customer_escalation.casebook.clocks import Clock, ClockKind, clocks
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.state import State, after
from customer_escalation.casebook.store import Casebook
from customer_escalation.casebook.tables import CASES, CLOCKS
from customer_escalation.casebook.trail import PREFIX
from customer_escalation.casebook.updates import draft
from customer_escalation.safety import safe
from escalation_connectors.writing import uuid_of

LONGEST_LINE = 75  # octets, without the line's end (3.1)
LONGEST_SUMMARY, LONGEST_TEXT = 200, 4000
REFRESH, ALARM, LENGTH = "PT15M", timedelta(minutes=15), "PT15M"
PRIORITY: Mapping[str, int] = {"critical": 1, "high": 3, "medium": 5}  # 1 is the highest, 5 the middle (3.8.1.9)
TO_DO: Mapping[ClockKind, str] = {
    "internal": "ask the team",
    "customer": "update",
    "promise": "keep the promise to",
}
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class Entry(Struct, frozen=True):
    """One clock as an event of a calendar; `sequence` counts how often its time was moved."""

    uid: str
    case_id: str
    severity: str
    clock: Clock
    sequence: int
    changed_at: datetime
    about: str


def feed(casebook: Casebook, name: str, now: datetime) -> str:
    """The calendar of the cases that this casebook shows, the next first; `name` is how it calls itself."""
    return calendar(f"Follow-up: {name}", entries(casebook, now))


def entries(casebook: Casebook, now: datetime) -> tuple[Entry, ...]:
    """The running clocks with their events; the drafts are those for a reminder at this time."""
    columns = [CASES.c[name] for name in ("number", "title", "workspace", "opened_at")]
    running = select(CLOCKS.c.case_number)
    found = casebook.seen(select(*columns).where(CASES.c.number.in_(running))).order_by(CASES.c.number)
    entered: list[Entry] = []
    with casebook.database.reading() as db:
        rows = db.execute(found).all()
        trails = trail.read_several(db, (row.number for row in rows))
        for row in rows:
            case_id, events = f"{PREFIX}{row.number}", trails[row.number]
            key = f"clock {row.workspace} {case_id} {row.opened_at}"
            entered += _entries(case_id, row.title, key, events, now)
    return tuple(sorted(entered, key=lambda entry: (entry.clock.due_at, entry.case_id, entry.clock.name)))


def _entries(case_id: str, title: str, key: str, events: Sequence[Event], now: datetime) -> Iterator[Entry]:
    state, moved, running = State(), dict[str, int](), dict[str, Clock]()
    for event in events:
        state = after(state, event)
        for clock in clocks(state):
            before = running.get(clock.name)
            if before is None or before.due_at != clock.due_at:
                moved[clock.name] = moved.get(clock.name, -1) + 1
            running[clock.name] = clock
    changed_at = max(event.at for event in events)
    for clock in clocks(state):
        said = (f"{clock.why[:1].upper()}{clock.why[1:]}.", title, draft(case_id, title, events, clock, now))
        about = "\n\n".join((*said, f"customer-escalation show {case_id}"))
        uid = uuid_of(f"{key} {clock.name}")
        yield Entry(uid, case_id, state.severity or "", clock, moved[clock.name], changed_at, about)


def calendar(name: str, entered: Iterable[Entry]) -> str:
    """The text of the calendar, with its line ends."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//customer-escalation//follow-up//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{text(name, LONGEST_SUMMARY)}",
        f"X-WR-CALNAME:{text(name, LONGEST_SUMMARY)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *(line for entry in entered for line in _event(entry)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(entry: Entry) -> Iterator[str]:
    """The lines of one event: transparent, since nobody is busy while something falls due."""
    clock = entry.clock
    whom = f" {clock.customer}" if clock.customer else ""
    to_do = f"{entry.case_id} ({entry.severity}): {TO_DO[clock.kind]}{whom}"
    summary = text(" ".join(to_do.split()), LONGEST_SUMMARY)
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_moment(entry.changed_at)}"
    yield f"LAST-MODIFIED:{_moment(entry.changed_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART:{_moment(clock.due_at)}"
    yield f"DURATION:{LENGTH}"
    yield f"SUMMARY:{summary}"
    yield f"DESCRIPTION:{text(entry.about, LONGEST_TEXT)}"
    yield f"PRIORITY:{PRIORITY.get(entry.severity, 0)}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"TRIGGER:{_alarm(clock)}"
    yield f"DESCRIPTION:{summary}"
    yield "END:VALARM"
    yield "END:VEVENT"


def _alarm(clock: Clock) -> str:
    """How long before it the calendar rings: when its reminder goes out, at the latest a quarter of an hour before."""
    ahead = ALARM if clock.remind_at is None else max(ALARM, clock.due_at - clock.remind_at)
    return f"-PT{ahead // timedelta(minutes=1)}M"


def text(said: str, longest: int) -> str:
    """A TEXT value (3.3.11): cleaned of what cannot be seen, masked, cut and escaped, so that it ends no line."""
    shown = safe(said).text
    shown = shown if len(shown) <= longest else f"{shown[:longest].rstrip()} …"
    return shown.translate(ESCAPED)


def folded(line: str) -> str:
    """The line in pieces of at most 75 octets, each but the first begun by a space; no character is cut (3.1)."""
    pieces, piece, room = list[str](), "", LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST_LINE - 1
        piece, room = piece + character, room - size
    return "\r\n ".join((*pieces, piece))


def _moment(at: datetime) -> str:
    """A time in UTC (3.3.5), to the second that has begun; a part of one counts as whole, so no alarm comes early."""
    at = at.astimezone(UTC)
    whole = at.replace(microsecond=0)
    return f"{whole if whole == at else whole + timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
