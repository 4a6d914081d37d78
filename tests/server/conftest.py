"""Fixtures of the server's tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent

from customer_escalation.server.app import build_server
from customer_escalation.server.desk import Desk
from tests.server import desks

if TYPE_CHECKING:
    from tests.server.people import Team

ERAS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Indexes and cases of the tests go into a folder of theirs; the indexes are made once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTOMER_ESCALATION_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("CUSTOMER_ESCALATION_TOKEN", raising=False)
        yield


@pytest.fixture(params=ERAS)
def era(request: pytest.FixtureRequest) -> str:
    """Each protocol era in turn."""
    return str(request.param)


@asynccontextmanager
async def connected(desk: Desk, mode: str = "auto") -> AsyncGenerator[Client]:
    """A client of a new server over this desk, in process."""
    async with Client(build_server(desk), mode=cast(Any, mode)) as client:
        yield client


Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Calls a tool over the sample company, on a new server each time, and gives its structured answer."""

    async def asked(tool: str, **arguments: object) -> dict[str, Any]:
        async with connected(desks.sample_desk(tmp_path)) as client:
            return answer_of(await client.call_tool(tool, arguments))

    return asked


def answer_of(result: object) -> dict[str, Any]:
    """The structured answer of a call that succeeded."""
    assert isinstance(result, CallToolResult)
    assert not result.is_error, result.content
    return cast("dict[str, Any]", result.structured_content)


def error_of(result: object) -> str:
    """The one line of a call that failed."""
    assert isinstance(result, CallToolResult)
    assert result.is_error, result.structured_content
    assert result.structured_content is None
    (block,) = result.content
    assert isinstance(block, TextContent)
    assert "\n" not in block.text
    return block.text


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """A team with one case, whose writes land in a folder."""
    from tests.server.people import Team

    made = Team(tmp_path)
    made.open()
    yield made
    made.book.close()
