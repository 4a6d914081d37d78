"""Evidence: what was read, from where, when and how completely; with ids that a person can read aloud.

Rows are made here and nowhere else. The text of a row has been cleaned and masked before it becomes one.

    R-0                 what the person typed
    T-51842, T-51842/3  a ticket's own fields, its third comment
    A-.. P-.. D-..      account (its notes: A-../1), contact, deal
    M-..                chat message
    I-ORD-3310, …/2     tracker issue, its second comment
    K-..                article
    S-..                coverage: what one search read, and of how many
    C-1                 a figure that code worked out; it names its inputs
    Y-..                a line of the policy
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field

Origin = Literal["typed", "observed", "stated_by_customer", "stated_by_staff", "computed", "coverage"]
Value = str | float | int | bool | datetime | None


class Author(Struct, frozen=True):
    """Who said it; `role` is customer, agent, engineer, system or empty."""

    name: str
    role: str = ""


class Evidence(Struct, frozen=True, kw_only=True):
    """One row: a piece of one record, as it was read.

    `fields` are the record's own values by name ("arr", "due_at"), which formulas may use; `inputs` are the rows that a
    computed or coverage row rests on; `complete` is False where a search was cut or a source failed.
    """

    id: str
    category: str
    connector: str
    record: str
    text: str
    origin: Origin = "observed"
    url: str = ""
    at: datetime | None = None
    author: Author | None = None
    title: str = ""
    fields: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType[str, Value]({}))
    sha256: str = ""
    inputs: tuple[str, ...] = ()
    formula: str = ""
    complete: bool = True
    public: bool = True


class Ledger:
    """The rows of one case, by id, in the order they came."""

    def __init__(self, rows: Iterable[Evidence] = ()) -> None:
        self._rows: dict[str, Evidence] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Evidence) -> str:
        """Keep the row and give its id; a row with a known id replaces the older one."""
        self._rows[row.id] = row
        return row.id

    def compute(self, text: str, formula: str, inputs: Iterable[str], value: Value = None) -> str:
        """Add a computed row, which `verify.py` works out again, and give its id (an equal one is shared)."""
        names = tuple(dict.fromkeys(inputs))
        for row in self._rows.values():
            if row.origin == "computed" and row.text == text and row.formula == formula and row.inputs == names:
                return row.id
        number = 1 + sum(row.origin == "computed" for row in self._rows.values())
        return self.add(
            Evidence(
                id=f"C-{number}",
                category="computed",
                connector="computed",
                record=f"C-{number}",
                text=text,
                origin="computed",
                fields={"value": value},
                inputs=names,
                formula=formula,
            )
        )

    def get(self, evidence_id: str) -> Evidence | None:
        """The row, or None."""
        return self._rows.get(evidence_id)

    def __getitem__(self, evidence_id: str) -> Evidence:
        return self._rows[evidence_id]

    def __contains__(self, evidence_id: object) -> bool:
        return evidence_id in self._rows

    def __iter__(self) -> Iterator[Evidence]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)
