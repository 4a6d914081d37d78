"""The PostgreSQL of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL of this session."""
    with postgresql.for_tests() as started:
        yield started


@pytest.fixture
def url(server: postgresql.Server) -> Iterator[str]:
    """A casebook without cases."""
    with server.database() as address:
        yield address
