"""The Acme Corp case of the sample company in a casebook, as a model and as a person find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.opening import open_case
from customer_escalation.follow_up import Office
from customer_escalation.follow_up.office import office_of
from customer_escalation.people import Person
from tests.casebook.office import MODEL, NOW, setting
from tests.server import results

ANNA = Person("anna")
CASE = "case-1"


@pytest.fixture
def model(tmp_path: Path) -> Iterator[Office]:
    """What a model does in anna's name; case-1 is open, its outbox is a folder."""
    where = setting(folder=tmp_path, is_sample=True)
    book = Casebook(tmp_path / "casebook.sqlite3")
    open_case(book, results.acme(), where, actor=MODEL, customer="Acme")
    yield office_of(book, where, ANNA, NOW, model=MODEL)
    book.close()


@pytest.fixture
def anna(model: Office) -> Office:
    """What anna does herself."""
    return office_of(model.casebook, model.setting, ANNA, NOW)


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    """Where writes land."""
    return tmp_path / "outbox"


def kinds(office: Office, case_id: str = CASE) -> Sequence[str]:
    """What happened since the case was opened; the seals are intact."""
    assert office.casebook.broken(case_id) == ""
    return [event.kind for event in office.casebook.events(case_id)][1:]


def files(folder: Path) -> list[str]:
    """The texts that were written."""
    return [path.read_text("utf-8") for path in sorted(folder.glob("*.md"))]
