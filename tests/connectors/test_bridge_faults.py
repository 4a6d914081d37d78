"""What a vendor's MCP server may do wrong, and what is said of it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest

from escalation_connectors import deadline
from escalation_connectors.errors import (
    AccessDenied,
    BadAnswer,
    ConnectorError,
    NotFound,
    RateLimited,
    Unavailable,
)
from escalation_connectors.http import Wire
from escalation_connectors.records import Article
from tests.connectors.bridged import HOST, made, over_stdio, vendor


def knowing(tool: str, **more: object) -> dict[str, Any]:
    given = {"tool": tool, "query": "query", "items": "results", **more}
    return {"search": given, "get": {"tool": "notion-fetch", "id": "id"}}


@pytest.mark.parametrize(
    ("entry", "error", "said"),
    [
        (knowing("prose"), BadAnswer, "text for people, not with data"),
        (knowing("failing"), BadAnswer, "the tool answered that it failed"),
        (knowing("save_article"), AccessDenied, "save_article says that it changes something"),
        (knowing("drop_articles"), AccessDenied, "drop_articles says that it changes something"),
        (knowing("no_such"), BadAnswer, "has no tool no_such"),
        (knowing("prose", limit="count"), BadAnswer, "prose takes no argument count"),
        (knowing("search_issues"), BadAnswer, "also wants owner, repo"),
        (knowing("odd"), BadAnswer, "an answer without title, looked for at title"),
        (knowing("odd", items=""), BadAnswer, "no list, or several, to read"),
        (knowing("odd", items="pages"), BadAnswer, "no list at pages"),
    ],
)
async def test_what_a_server_does_wrong_is_told_in_our_words(
    entry: dict[str, Any], error: type[ConnectorError], said: str
) -> None:
    async with vendor("knowledge_base", entry) as used:
        with pytest.raises(error, match=said) as caught:
            await used.sources.knowledge.search_articles("export")

    assert type(caught.value).__mro__[:2].count(error)
    assert used.asked == []
    assert "SECRET" not in str(caught.value)
    assert "\n" not in str(caught.value)


async def test_a_server_that_never_answers_costs_the_deadline() -> None:
    async with vendor("knowledge_base", knowing("hanging")) as used:
        start = asyncio.get_running_loop().time()
        await used.sources.knowledge.get_article("K1")  # the session is open from here on
        with deadline.within(0.05), pytest.raises(Unavailable, match="no answer in time"):
            await used.sources.knowledge.search_articles("export")
        with deadline.within(-1), pytest.raises(Unavailable, match="no time was left"):
            await used.sources.knowledge.search_articles("export")
        assert asyncio.get_running_loop().time() - start < 5
        assert (await used.sources.knowledge.get_article("K1")).id == "K1"


async def test_a_server_that_cannot_be_opened_costs_the_deadline() -> None:
    hang = httpx2.Response(200, headers={"x-hang": "1"})
    async with vendor("knowledge_base", {"preset": "notion"}, lambda _: hang) as used:
        with deadline.within(0.05), pytest.raises(Unavailable, match="did not answer in time"):
            await used.sources.knowledge.search_articles("export")


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, AccessDenied), (403, AccessDenied), (404, NotFound), (429, RateLimited), (500, Unavailable),
     (503, Unavailable), (302, BadAnswer)],
)  # fmt: skip
async def test_a_refusal_is_told_by_its_status(status: int, error: type[ConnectorError]) -> None:
    answer = httpx2.Response(status, headers={"location": "https://evil.example/"}, text="SECRET")
    for after in ("server/discover", "tools/call"):

        def spoil(request: httpx2.Request, after: str = after) -> httpx2.Response | None:
            is_late = after == "server/discover" or after.encode() in request.content
            return httpx2.Response(answer.status_code, headers=answer.headers, text="SECRET") if is_late else None

        async with vendor("knowledge_base", {"preset": "notion"}, spoil) as used:
            with pytest.raises(ConnectorError) as caught:
                await used.sources.knowledge.search_articles("export")
            assert "SECRET" not in str(caught.value)
            assert {request.url.host for request in used.requests} == {HOST}
            if (status, after) != (404, "tools/call"):  # a session that is over is opened again
                assert type(caught.value) is error


@pytest.mark.parametrize("broken", [httpx2.ConnectError, httpx2.ReadTimeout, httpx2.RemoteProtocolError])
async def test_a_request_that_is_lost_ends_the_call_and_not_the_session(broken: type[httpx2.TransportError]) -> None:
    lost: list[int] = []

    def spoil(request: httpx2.Request) -> httpx2.Response | None:
        if b"tools/call" in request.content and not lost:
            lost.append(1)
            raise broken("SECRET")
        return None

    async with vendor("knowledge_base", {"preset": "notion"}, spoil) as used:
        with pytest.raises(Unavailable):
            await used.sources.knowledge.search_articles("export")
        assert (await used.sources.knowledge.search_articles("export")).read == 1
    assert len([request for request in used.requests if b"server/discover" in request.content]) == 1


async def test_many_questions_at_once_open_one_session() -> None:
    async with vendor("knowledge_base", {"preset": "notion"}) as used:
        knowledge = used.sources.knowledge
        pages = await asyncio.gather(*(knowledge.search_articles("export") for _ in range(5)))

    assert [page.read for page in pages] == [1] * 5
    assert len([request for request in used.requests if b"server/discover" in request.content]) == 1
    assert len([request for request in used.requests if b"tools/list" in request.content]) == 1


async def test_a_server_of_the_older_protocol_is_read_and_opened_again_when_it_forgot_us() -> None:
    forgot: list[int] = []

    def spoil(request: httpx2.Request) -> httpx2.Response | None:
        if request.method == "GET":
            return httpx2.Response(405)
        if b"server/discover" in request.content:
            number = json.loads(request.content)["id"]
            error = {"code": -32601, "message": "Method not found"}
            return httpx2.Response(404, json={"jsonrpc": "2.0", "id": number, "error": error})
        if b"tools/call" in request.content and not forgot:
            forgot.append(1)
            return httpx2.Response(404)
        return None

    async with vendor("knowledge_base", {"preset": "notion"}, spoil) as used:
        assert (await used.sources.knowledge.get_article("K1")).id == "K1"

    assert [b'"initialize"' in request.content for request in used.requests].count(True) == 2


async def test_a_body_without_an_end_is_not_read_to_its_end() -> None:
    async def endless() -> AsyncGenerator[bytes]:
        while True:
            yield b" " * 1_000_000

    def spoil(request: httpx2.Request) -> httpx2.Response | None:
        late = b"tools/call" in request.content
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=endless()) if late else None

    async with vendor("knowledge_base", {"preset": "notion"}, spoil) as used:
        with pytest.raises(BadAnswer):
            await used.sources.knowledge.search_articles("export")


async def test_what_a_server_sent_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    def spoil(request: httpx2.Request) -> httpx2.Response | None:
        late = b"tools/call" in request.content
        body = b'{"SECRET": [1,'
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=body) if late else None

    async with vendor("knowledge_base", {"preset": "notion"}, spoil) as used:
        with pytest.raises(BadAnswer):
            await used.sources.knowledge.search_articles("export")

    assert "SECRET" not in caplog.text


async def test_a_program_is_started_with_its_variables_and_ended() -> None:
    entry = {**knowing("token_of"), "variables": {"VENDOR_KEY": "env:TOKEN"}}
    async with over_stdio("knowledge_base", entry) as sources:
        page = await sources.knowledge.search_articles("export")

    assert page.items == (Article(id="K1", title="t0ken"),)


async def test_a_program_that_dies_is_told_and_started_again() -> None:
    async with over_stdio("knowledge_base", knowing("dying")) as sources:
        with pytest.raises(Unavailable, match="ended the connection"):
            await sources.knowledge.search_articles("export")
        assert (await sources.knowledge.get_article("K1")).id == "K1"


@pytest.mark.parametrize(
    ("command", "error", "said"),
    [
        (["/no/such/program"], AccessDenied, "the command /no/such/program cannot be run"),
        ([sys.executable, "-c", "pass"], Unavailable, "ended the connection"),
    ],
)
async def test_a_program_that_is_no_server_is_told(command: list[str], error: type[ConnectorError], said: str) -> None:
    connected = made("knowledge_base", {"preset": "notion"}, Wire(), {"vendor": "mcp", "command": command})
    assert connected.sources.knowledge is not None
    with pytest.raises(error, match=said):
        await connected.sources.knowledge.search_articles("export")
    await connected.close()


async def test_a_name_that_leads_inside_is_not_asked() -> None:
    async def inside(_: str) -> tuple[str, ...]:
        return ("10.0.0.7",)

    connected = made("knowledge_base", {"preset": "notion"}, Wire(resolve=inside))
    assert connected.sources.knowledge is not None
    with pytest.raises(AccessDenied, match="private network"):
        await connected.sources.knowledge.search_articles("export")
    await connected.close()
