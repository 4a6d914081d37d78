"""Earlier cases of the same problem: what the casebook knows of it when the next one comes.

A note for people beside the brief, never a line of it. Only cases of this workspace are searched that the casebook
shows to this person, within the policy's window for what recurs; of several cases of one ticket one is named.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Row, false, or_, select

from customer_escalation.brief import Result
from customer_escalation.casebook import codec, trail
from customer_escalation.casebook.events import Event
from customer_escalation.casebook.learnings import learned
from customer_escalation.casebook.problems import Likeness, Problem, Weights, compared, problem_of, raw_words
from customer_escalation.casebook.store import Casebook, number_of
from customer_escalation.casebook.tables import CASES, EVENTS, EVIDENCE
from customer_escalation.casebook.trail import PREFIX
from customer_escalation.evidence import Ledger
from customer_escalation.language import one_line
from customer_escalation.rows import evidence_id
from customer_escalation.safety import safe
from customer_escalation.settings import Setting
from customer_escalation.watching.look import issues_of, tickets_of
from customer_escalation.watching.news import fix_version

SEARCHED = 5000  # the newest cases whose titles are compared
HELD, READ = 150, 40  # those that share a record or words with the new one, and are compared
COLUMNS = ("number", "revision", "title", "issue", "customer", "status", "opened_at")
ALIKE = 2  # look-alikes that are named
WORDS = 2
ORDINALS = ("", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
RANK = {"open": 1, "closed": 2, "de_escalated": 2, "kept": 3}  # what somebody works on stands for others of its ticket


class Earlier(Struct, frozen=True):
    """An earlier case, how it relates to the new one and what shows it; `cause` and `fix_version` as far as known."""

    case_id: str
    status: str
    opened_at: datetime
    likeness: Likeness
    why: str
    fix_version: str = ""
    cause: str = ""


class History(Struct, frozen=True):
    """Earlier cases by what they are: of the same report, of the same problem, and look-alikes; each oldest first."""

    note: str = ""
    same_report: tuple[Earlier, ...] = ()
    again: tuple[Earlier, ...] = ()
    sounds_alike: tuple[Earlier, ...] = ()

    @property
    def cases(self) -> tuple[Earlier, ...]:
        """All of them, in this order."""
        return (*self.same_report, *self.again, *self.sounds_alike)


def earlier(casebook: Casebook, result: Result, setting: Setting, *, but: str = "") -> History:
    """What the casebook knows of the problem of this result; `but` is its own case, of which only older ones count.

    Raises CasebookError.
    """
    rows = _rows(casebook, result, setting, but)
    if not rows:
        return History()
    words = {row.number: raw_words(row.title, row.issue, row.customer) for row in rows}
    new = problem_of(result)
    weights = Weights((new.words, *words.values()))
    chosen = {*_holding(casebook, new, result, words), *_wordy(new, words, weights)}
    near = _once(casebook, [row for row in rows if row.number in chosen])
    near = near[: 2 * READ]
    with casebook.database.reading() as db:
        trails = trail.read_several(db, (row.number for row in near))
    found = (_compared(casebook, row, trails[row.number], new, weights) for row in near)
    return _history([each for each in found if each is not None], setting.profile.timezone, result.now)


def _rows(casebook: Casebook, result: Result, setting: Setting, but: str) -> Sequence[Row[Any]]:
    """The older cases that are seen here, within the window, newest first; without their evidence."""
    columns: list[Column[Any]] = [CASES.c[name] for name in COLUMNS]
    query = casebook.seen(select(*columns)).where(CASES.c.workspace == setting.name)
    if but:
        query = query.where(CASES.c.number < number_of(but))
    with casebook.database.reading() as db:
        rows = db.execute(query.order_by(CASES.c.number.desc()).limit(SEARCHED)).all()
    since = result.now - timedelta(days=setting.policy.thresholds["recurring_window_days"])
    return [row for row in rows if since <= datetime.fromisoformat(row.opened_at) <= result.now]


def _holding(casebook: Casebook, new: Problem, result: Result, known: Iterable[int]) -> tuple[int, ...]:
    """Cases that read a ticket or an issue of this one, or whose recorded cause names one, the newest first."""
    own = {*tickets_of(result), *issues_of(result), *(evidence_id("issue", each) for each in new.linked)}
    read = select(EVIDENCE.c.case_number).where(EVIDENCE.c.id.in_(own)).distinct()
    blamed = select(EVENTS.c.case_number).where(
        EVENTS.c.kind == "learned",
        or_(*(EVENTS.c.data.contains(each, autoescape=True) for each in new.issues), false()),
    )
    with casebook.database.reading() as db:
        numbers = {*db.execute(read).scalars(), *db.execute(blamed).scalars()} & set(known)
    return tuple(sorted(numbers, reverse=True)[:HELD])


def _wordy(new: Problem, words: dict[int, frozenset[str]], weights: Weights) -> tuple[int, ...]:
    """Cases with words of the new one in their titles, the most alike first."""
    shared = [number for number, each in words.items() if len(each & new.words) >= WORDS]
    ranked = sorted(shared, key=lambda number: (-weights.alike(words[number], new.words), -number))
    return tuple(ranked[:READ])


def _compared(
    casebook: Casebook, row: Row[Any], events: Sequence[Event], new: Problem, weights: Weights
) -> Earlier | None:
    """The case, read as far as the comparison needs, if it has to do with the new one."""
    result = _own(casebook, row)
    if result is None:
        return None
    old = problem_of(result, events)
    told = compared(new, old, weights)
    if not told.likeness:
        return None
    known = learned(events)
    version = known["fix_version"].text if "fix_version" in known else _version(result)
    return Earlier(
        case_id=f"{PREFIX}{row.number}",
        status=row.status,
        opened_at=datetime.fromisoformat(row.opened_at),
        likeness=told.likeness,
        why=_short(told.why),
        fix_version=_short(version),
        cause=_short(old.cause),
    )


def _own(casebook: Casebook, row: Row[Any]) -> Result | None:
    """The result with only the rows of its own tickets and issues; None where it cannot be read."""
    own, number = casebook.database.own, row.number
    if known := own.get((number, row.revision)):
        return known
    with casebook.database.reading() as db:
        text = db.execute(select(CASES.c.result).where(CASES.c.number == number)).scalar_one()
        wanted = _wanted(text)
        query = select(EVIDENCE.c.row).where(EVIDENCE.c.case_number == number, EVIDENCE.c.id.in_(wanted))
        rows = db.execute(query.order_by(EVIDENCE.c.position)).scalars().all()
    try:
        return own.keep((number, row.revision), codec.load_result(text, Ledger(map(codec.load_row, rows))))
    except ValueError:
        return None


def _wanted(text: str) -> list[str]:
    """The rows of the tickets and issues that a result names, each with its first comment."""
    supporting = json.loads(text)["brief"]["supporting"]
    refs = [str(ref["id"]) for ref in (*supporting["tickets"], *supporting["issues"])]
    return [row for ref in refs for row in (ref, f"{ref}/1")]


def _version(result: Result) -> str:
    rows = (result.evidence.get(base) for base in issues_of(result))
    return next((version for row in rows if row is not None and (version := fix_version(row))), "")


def _history(found: Sequence[Earlier], zone: tzinfo, now: datetime) -> History:
    ordered = sorted(found, key=lambda each: (each.opened_at, number_of(each.case_id)))
    same, again, alike = (
        tuple(each for each in ordered if each.likeness == kind) for kind in ("same_report", "same", "sounds_alike")
    )
    alike = alike[-ALIKE:]
    return History(" ".join(_notes(same, again, alike, zone, now)), same, again, alike)


def _order(row: Row[Any]) -> tuple[int, int]:
    rank = RANK.get(row.status, 0)
    return rank, row.number if rank < RANK["closed"] else -row.number


def _once(casebook: Casebook, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Of the cases of one ticket the one that somebody works on: the first that is followed up, else the last."""
    tickets = _tickets(casebook, rows)
    taken: set[str] = set()
    kept: list[Row[Any]] = []
    for row in sorted(rows, key=_order):
        if not tickets[row.number] & taken:
            kept.append(row)
        taken |= tickets[row.number]
    return kept


def _tickets(casebook: Casebook, rows: Sequence[Row[Any]]) -> dict[int, frozenset[str]]:
    """The tickets of each case; those of a revision are the same for ever."""
    known = casebook.database.tickets
    found = {row.number: tickets for row in rows if (tickets := known.get((row.number, row.revision))) is not None}
    revisions = {row.number: row.revision for row in rows if row.number not in found}
    if revisions:
        query = select(CASES.c.number, CASES.c.result).where(CASES.c.number.in_(list(revisions)))
        with casebook.database.reading() as db:
            for number, text in db.execute(query):
                found[number] = known.keep((number, revisions[number]), _tickets_in(text))
    return found


def _tickets_in(result: str) -> frozenset[str]:
    reporters = json.loads(result).get("reporters", ())
    return frozenset(str(ticket) for each in reporters for ticket in each.get("tickets", ()))


def _notes(
    same: Sequence[Earlier], again: Sequence[Earlier], alike: Sequence[Earlier], zone: tzinfo, now: datetime
) -> Iterable[str]:
    if same:
        names = ", ".join(f"{each.case_id} ({_stands(each)}, since {_day(each, zone, now)})" for each in same)
        yield f"The same report is kept already as {names}."
    if again:
        count = len(again) + 1
        ordinal = ORDINALS[count] if count < len(ORDINALS) else f"{count}th"
        names = ", ".join(f"{each.case_id} ({_stands(each)}; {each.why})" for each in again)
        yield f"{ordinal} time since {_day(again[0], zone, now)}: {names}."
    if alike:
        names = "; ".join(f"{each.case_id} ({_stands(each)}): {each.why}" for each in alike)
        yield f"Sounds alike and is not counted: {names}."


def _stands(each: Earlier) -> str:
    status = "handled in support" if each.status == "kept" else each.status.replace("_", " ")
    return f"{status}, fix version {each.fix_version}" if each.fix_version else status


def _day(each: Earlier, zone: tzinfo, now: datetime) -> str:
    day = each.opened_at.astimezone(zone)
    return f"{day.day} {day:%B}" + ("" if day.year == now.astimezone(zone).year else f" {day.year}")


def _short(text: str) -> str:
    return one_line(safe(text).text, 160)


def answer(history: History) -> dict[str, object]:
    """As a tool or the command line gives it: the note, and each case with what is known of it; empty for nothing."""
    if not history.cases:
        return {}
    cases = [
        {
            key: value
            for key, value in (
                ("case_id", each.case_id),
                ("status", each.status),
                ("opened_at", each.opened_at.isoformat(timespec="minutes")),
                ("relation", each.likeness.replace("_", " ")),
                ("why", each.why),
                ("fix_version", each.fix_version),
                ("cause", each.cause),
            )
            if value
        }
        for each in history.cases
    ]
    return {"note": history.note, "cases": cases}
