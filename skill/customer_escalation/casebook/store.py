"""The casebook: cases with their evidence and their trail of events, which outlive the process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, String, bindparam, delete, func, insert, literal, select, update

from customer_escalation.brief import Result
from customer_escalation.casebook import codec, trail
from customer_escalation.casebook.database import Database
from customer_escalation.casebook.errors import CasebookError, UnknownCase, UnreadableEvent
from customer_escalation.casebook.events import Event, Kind, Value, broken
from customer_escalation.casebook.state import OVER, State, state_of
from customer_escalation.casebook.tables import CASES, CLOCKS, EVIDENCE
from customer_escalation.casebook.trail import PREFIX
from customer_escalation.evidence import Ledger

ANY_TEAM = None
_SHORT = tuple(column for column in CASES.c if column is not CASES.c.result)  # the result is long
Teams = str | tuple[str, ...] | None  # one, several, or all of them


class Case(Struct, frozen=True):
    """A kept case: what was asked, of which workspace, and the result with its evidence."""

    id: str
    revision: int
    workspace: str
    issue: str
    customer: str
    result: Result
    team: str = ""


class Summary(Struct, frozen=True):
    """A case in a list; `due_at` is the next of its clocks."""

    id: str
    title: str
    customer: str
    status: str
    severity: str
    team: str
    opened_at: datetime
    due_at: datetime | None
    workspace: str = ""


class Casebook:
    """Cases by id ("case-7"), in a file, in PostgreSQL (a URL) or in memory. Raises CasebookError wherever that fails.

    `team` limits what is seen: a case of another team is unknown here. None sees all. `workspace` limits it to the
    cases of this workspace, `not_of` to those of the others.
    """

    def __init__(
        self,
        where: Path | str | None,
        *,
        team: Teams = ANY_TEAM,
        workspace: str = "",
        not_of: str = "",
        database: Database | None = None,
    ) -> None:
        self.path = where or ":memory:"
        self.team = team
        self.workspace = workspace
        self.not_of = not_of
        self.database = database or Database(where)

    @property
    def teams(self) -> tuple[str, ...] | None:
        """Whose cases are seen; a new case belongs to the first. None sees all."""
        return (self.team,) if isinstance(self.team, str) else self.team

    def close(self) -> None:
        """Close the database; a closed casebook cannot be used again."""
        self.database.close()

    def of_team(self, team: Teams) -> Casebook:
        """The same casebook, as this team sees it."""
        return Casebook(None, team=team, workspace=self.workspace, not_of=self.not_of, database=self.database)

    def of_workspace(self, name: str = "", *, other_than: str = "") -> Casebook:
        """The same casebook with the cases of this workspace alone, or without those of the other."""
        return Casebook(None, team=self.team, workspace=name, not_of=other_than, database=self.database)

    def add(self, result: Result, *, customer: str, workspace: str, opened_at: datetime) -> str:
        """Keep a new case and give its id."""
        row = {
            "revision": 1,
            "opened_at": opened_at.isoformat(),
            "workspace": workspace,
            "issue": result.issue,
            "customer": customer,
            "result": codec.dump_result(result),
            "team": next(iter(self.teams or ()), ""),
            "title": result.brief.title.text,
        }
        with self.database.writing() as db:
            number = int(db.execute(insert(CASES).values(row).returning(CASES.c.number)).scalar_one())
            _write_evidence(db, number, result.evidence)
        return f"{PREFIX}{number}"

    def get(self, case_id: str) -> Case:
        """The case. Raises UnknownCase."""
        number = number_of(case_id)
        with self.database.reading() as db:
            row = self._row(db, case_id)
            recent, key = self.database.recent, (number, row.revision)
            result = recent.get(key) or recent.keep(key, self._read(db, number))
        return Case(f"{PREFIX}{number}", row.revision, row.workspace, row.issue, row.customer, result, row.team)

    def _read(self, db: Connection, number: int) -> Result:
        texts = select(EVIDENCE.c.row).where(EVIDENCE.c.case_number == number).order_by(EVIDENCE.c.position)
        try:
            ledger = Ledger(codec.load_row(text) for text in db.execute(texts).scalars().all())
            text = db.execute(select(CASES.c.result).where(CASES.c.number == number)).scalar_one()
            return codec.load_result(text, ledger)
        except ValueError as error:
            raise CasebookError(
                f"{self.database.where}: {PREFIX}{number}: cannot be read ({error}); gather the case again"
            ) from None

    def change(self, case: Case, result: Result) -> None:
        """Replace the result of this case, unless somebody else changed it since it was read."""
        number = number_of(case.id)
        mine = (CASES.c.number == number) & (CASES.c.revision == case.revision)
        values = {"result": codec.dump_result(result), "revision": case.revision + 1, "title": result.brief.title.text}
        with self.database.writing() as db:
            if db.execute(update(CASES).where(mine).values(values)).rowcount != 1:
                raise CasebookError(f"{case.id} was changed by somebody else meanwhile; read it again and repeat")
            db.execute(delete(EVIDENCE).where(EVIDENCE.c.case_number == number))
            _write_evidence(db, number, result.evidence)

    def record(
        self,
        case_id: str,
        kind: Kind,
        *,
        actor: str,
        at: datetime,
        why: str = "",
        data: Mapping[str, Value] | None = None,
    ) -> Event:
        """Add an event to a case. Raises UnknownCase, NotAllowed where the case does not stand for it."""
        with self.database.writing() as db:
            self._row(db, case_id)
            return trail.append(db, number_of(case_id), kind, actor=actor, at=at, why=why, data=data or {})

    def events(self, case_id: str) -> tuple[Event, ...]:
        """Everything that happened, oldest first. Raises UnknownCase."""
        with self.database.reading() as db:
            self._row(db, case_id)
            return trail.read(db, number_of(case_id))

    def state(self, case_id: str) -> State:
        """Where the case stands. Raises UnknownCase."""
        return state_of(self.events(case_id))

    def broken(self, case_id: str) -> str:
        """What is wrong with the trail of a case; empty where it is intact. Raises UnknownCase."""
        with self.database.reading() as db:
            row = self._row(db, case_id)
            try:
                events = trail.read(db, row.number)
            except UnreadableEvent as error:
                return f"{PREFIX}{row.number}: event {error.number} was changed"
            return broken(events, f"{PREFIX}{row.number}", row.events, row.head)

    def summaries(self, *, status: str = "", limit: int = 50) -> tuple[Summary, ...]:
        """Cases, newest first; `status` is one of them, "live" for those that are not over, empty for all."""
        due = select(CLOCKS.c.case_number, func.min(CLOCKS.c.due_at).label("due_at")).group_by(CLOCKS.c.case_number)
        next_due = due.subquery()
        found: Select[Any] = select(*_SHORT, next_due.c.due_at).outerjoin(
            next_due, next_due.c.case_number == CASES.c.number
        )
        found = self.seen(found)
        if status == "live":
            found = found.where(CASES.c.status.notin_(OVER))
        elif status:
            found = found.where(CASES.c.status == status)
        with self.database.reading() as db:
            rows = db.execute(found.order_by(CASES.c.number.desc()).limit(limit)).all()
        return tuple(_summary(row) for row in rows)

    def ids(self, prefix: str = "", limit: int = 100) -> tuple[str, ...]:
        """Case ids that begin with this prefix, newest first."""
        name = literal(PREFIX).concat(CASES.c.number.cast(String))
        starts = func.substr(name, 1, len(prefix)) == prefix
        with self.database.reading() as db:
            found = self.seen(select(CASES.c.number)).where(starts).order_by(CASES.c.number.desc()).limit(limit)
            return tuple(f"{PREFIX}{number}" for number in db.execute(found).scalars())

    def count(self) -> int:
        """How many cases are kept."""
        with self.database.reading() as db:
            return int(db.execute(self.seen(select(func.count()).select_from(CASES))).scalar_one())

    def _row(self, db: Connection, case_id: str) -> Row[tuple[object, ...]]:
        found = _one_of(self.teams, self.workspace, self.not_of)
        row = db.execute(found, {"case": number_of(case_id)}).one_or_none()
        if row is None:
            raise unknown(case_id)
        return row

    def seen(self, found: Select[Any]) -> Select[Any]:
        """The selection without the cases that may not be seen here; it must read from the cases."""
        return _limited(found, self.teams, self.workspace, self.not_of)


def _limited(found: Select[Any], teams: tuple[str, ...] | None, workspace: str, not_of: str) -> Select[Any]:
    if teams is not None:
        found = found.where(CASES.c.team.in_(teams))
    if workspace:
        found = found.where(CASES.c.workspace == workspace)
    return found.where(CASES.c.workspace != not_of) if not_of else found


@lru_cache(maxsize=256)
def _one_of(teams: tuple[str, ...] | None, workspace: str, not_of: str) -> Select[Any]:
    """Finds one of the cases that may be seen; kept, as making a statement costs more than running it."""
    return _limited(select(*_SHORT).where(CASES.c.number == bindparam("case")), teams, workspace, not_of)


def number_of(case_id: str) -> int:
    """The number in a case id. Raises UnknownCase."""
    digits = case_id.strip().lower().removeprefix(PREFIX)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise unknown(case_id)
    return int(digits)


def unknown(case_id: str) -> UnknownCase:
    """The error for a case that is not there, or not for this team."""
    return UnknownCase(f"no case {case_id.strip()[:40]!r} in the casebook; escalation_gather opens one")


def _summary(row: Row[tuple[object, ...]]) -> Summary:
    return Summary(
        id=f"{PREFIX}{row.number}",
        title=row.title or row.issue,
        customer=row.customer,
        status=row.status,
        severity=row.severity,
        team=row.team,
        opened_at=datetime.fromisoformat(row.opened_at),
        due_at=row.due_at,
        workspace=row.workspace,
    )


def _write_evidence(db: Connection, number: int, ledger: Ledger) -> None:
    rows = [
        {"case_number": number, "position": position, "id": row.id, "row": codec.dump_row(row)}
        for position, row in enumerate(ledger)
    ]
    if rows:
        db.execute(insert(EVIDENCE), rows)
