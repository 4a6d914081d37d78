"""Both databases: what is tested with `casebook` or `where` is tested on a SQLite file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from customer_escalation.casebook import Casebook
from tests import postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL of this session."""
    with postgresql.for_tests() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """Where a casebook without cases is, or will be once it is opened."""
    if request.param == "sqlite":
        yield tmp_path / "data" / "casebook.sqlite3"
        return
    server: postgresql.Server = request.getfixturevalue("server")
    with server.database() as url:
        yield url


@pytest.fixture
def casebook(where: Path | str) -> Iterator[Casebook]:
    """A casebook without cases."""
    opened = Casebook(where)
    yield opened
    opened.close()
