"""Whatever a vendor answers, a call gives the right error or an honest list, within the deadline, in our own words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import httpx2
import pytest

from escalation_connectors import deadline
from escalation_connectors.errors import (
    AccessDenied,
    BadAnswer,
    Conflict,
    ConnectorError,
    NotFound,
    PerhapsWritten,
    RateLimited,
    Unavailable,
)
from escalation_connectors.records import Issue, Page, Ticket
from tests.vendors.example import Call, Example, changes, examples
from tests.vendors.harness import changed, connected, gate, need_contracts, replies
from tests.virtual_time import in_no_time

EXAMPLES = examples()
THEIR_WORDS = "Ihr Schluessel sk_live_9 ist falsch"
PAGE = "<!doctype html><title>Sign in</title>"


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


def said(status: int, **headers: str) -> httpx2.Response:
    body = {"error": THEIR_WORDS, "message": THEIR_WORDS, "errors": [{"message": THEIR_WORDS}]}
    return httpx2.Response(status, json=body, headers=headers)


def fails(error: type[Exception]) -> Callable[[httpx2.Request], httpx2.Response]:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise error(THEIR_WORDS)

    return answer


def always(response: Callable[[], httpx2.Response]) -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda _: response()


Trouble = Callable[[], Callable[[httpx2.Request], httpx2.Response]]
FAULTS: Mapping[str, tuple[Trouble, type[ConnectorError]]] = {
    "401": (lambda: always(lambda: said(401)), AccessDenied),
    "403": (lambda: always(lambda: said(403)), AccessDenied),
    "404": (lambda: always(lambda: said(404)), NotFound),
    "409": (lambda: always(lambda: said(409)), Conflict),
    "400": (lambda: always(lambda: said(400)), BadAnswer),
    "429": (lambda: always(lambda: said(429)), RateLimited),
    "429, wait an hour": (lambda: always(lambda: said(429, **{"retry-after": "3600"})), RateLimited),
    "500": (lambda: always(lambda: said(500)), Unavailable),
    "503 as a page": (lambda: always(lambda: httpx2.Response(503, html=PAGE)), Unavailable),
    "302": (lambda: always(lambda: httpx2.Response(302, headers={"location": "https://evil.example/"})), BadAnswer),
    "timeout": (lambda: fails(httpx2.ReadTimeout), Unavailable),
    "no connection": (lambda: fails(httpx2.ConnectError), Unavailable),
    "cut body": (lambda: fails(httpx2.RemoteProtocolError), Unavailable),
    "half of it": (lambda: always(lambda: httpx2.Response(200, content=b'{"a": [1, ')), BadAnswer),
    "a web page": (lambda: always(lambda: httpx2.Response(200, html=PAGE)), BadAnswer),
    "no text": (lambda: always(lambda: httpx2.Response(200, content=b"\xff\xfe\x00")), BadAnswer),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_a_fault_at_any_request_of_a_call_is_told_by_its_name(example: Example, fault: str) -> None:
    make, expected = FAULTS[fault]
    for call in example.calls:
        for number in range(await requests_of(example, call)):
            async with connected(
                example, spoil={number: make(), -1: make()} if not number else {number: make()}, strict=False
            ) as used:
                got = await outcome(call, used.connector)

            later = bool(number) and (is_cut(got) or got == call.gives)
            assert type(got) is expected or later, (call.name, number, got)
            assert not isinstance(got, ConnectorError) or THEIR_WORDS not in str(got)


@pytest.mark.parametrize("what", ["429", "500", "503 with a wait", "no connection"])
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_what_passes_is_waited_for(example: Example, what: str) -> None:
    answers = {
        "429": lambda: replies(said(429, **{"retry-after": "2"})),
        "500": lambda: replies(said(500)),
        "503 with a wait": lambda: replies(said(503, **{"retry-after": "3"}), said(503)),
        "no connection": lambda: fails(httpx2.ConnectError),
    }
    for call in example.calls:
        async with connected(example, spoil={0: answers[what]()}, strict=False) as used:
            assert await call.run(used.connector) == call.gives
            assert used.slept
            assert sum(used.slept) < 10


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_a_vendor_that_never_answers_costs_the_deadline(example: Example) -> None:
    hang = always(lambda: httpx2.Response(200, headers={"x-hang": "1"}))
    call = example.calls[0]
    async with connected(example, spoil={0: hang, -1: hang}) as used:
        loop = asyncio.get_running_loop()
        start = loop.time()
        with deadline.within(0.05):
            got = await outcome(call, used.connector)
        assert loop.time() - start < 5

    assert type(got) is Unavailable


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_the_vendors_own_way_to_say_no_is_understood(example: Example) -> None:
    meant = {
        "expired": AccessDenied, "scope": AccessDenied, "limited": RateLimited, "missing": NotFound,
        "down": Unavailable, "refused": BadAnswer,
    }  # fmt: skip
    for kind, (status, headers, body) in example.faults.items():
        answer = always(partial(httpx2.Response, status, headers=headers, json=body))
        for call in example.calls[:1]:
            async with connected(example, spoil={0: answer, -1: answer}, strict=False) as used:
                assert type(await outcome(call, used.connector)) is meant[kind.split()[0]], kind


@pytest.mark.parametrize("change", ["null", "gone", "another type"])
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_a_field_that_is_not_as_promised_breaks_nothing(example: Example, change: str) -> None:
    for operation, answer in example.answers.items():
        for broken in changed(answer, CHANGES[change]) if not isinstance(answer, httpx2.Response) else ():
            other = _with(example, operation, broken)
            for call in example.calls:
                async with connected(other, strict=False) as used:
                    with suppress(gate()[0].ContractError):  # a link that has become another path of the same vendor
                        await outcome(call, used.connector)  # raises what is no ConnectorError


def _null(inner: dict[str, Any] | list[Any], key: Any) -> None:
    inner[key] = None


def _gone(inner: dict[str, Any] | list[Any], key: Any) -> None:
    del inner[key]


def _another(inner: dict[str, Any] | list[Any], key: Any) -> None:
    inner[key] = {"unexpected": []} if isinstance(inner[key], str | int | float | list) else "unexpected"


CHANGES: Mapping[str, Callable[[dict[str, Any] | list[Any], Any], None]] = {
    "null": _null, "gone": _gone, "another type": _another,
}  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_pages_that_repeat_or_are_empty_end(example: Example) -> None:
    for operation, more in example.more.items():
        answer: Any = example.answers[operation]
        again = more(answer)
        emptied = json.loads(json.dumps(again), object_hook=_emptied)
        series: list[list[Any]] = [[again], [answer, again], [emptied, more(emptied)]]
        for given in series:
            cut = False
            for call in example.calls:
                async with connected(_with(example, operation, given), strict=False) as used:
                    got = await outcome(call, used.connector)
                    assert len(used.canned.sent) <= 12, (operation, call.name)
                    cut = cut or is_cut(got)
            assert cut or given[0] is not again, operation


def _emptied(row: dict[str, Any]) -> dict[str, Any]:
    return {key: [] if isinstance(value, list) else value for key, value in row.items()}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_a_write_that_may_have_happened_is_never_sent_again(example: Example) -> None:
    for call in example.writes:
        for trouble in (fails(httpx2.ReadTimeout), fails(httpx2.RemoteProtocolError), always(lambda: said(500)),
                        always(lambda: httpx2.Response(200, html=PAGE))):  # fmt: skip
            async with connected(example, writes=True, spoil={0: trouble}, strict=False) as used:
                got = await outcome(call, used.connector)
                assert type(got) is PerhapsWritten or not changes(used.canned.asked[0])
                assert len(used.canned.sent) == 1 or type(got) is not PerhapsWritten


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_a_write_that_cannot_have_happened_is_sent_again(example: Example) -> None:
    for call in example.writes:
        limited = replies(said(429, **{"retry-after": "1"}))
        async with connected(example, writes=True, spoil={0: limited}, strict=False) as used:
            assert await call.run(used.connector) == call.gives


def _with(example: Example, operation: str, answer: object) -> Example:
    from msgspec.structs import replace

    return replace(example, answers={**example.answers, operation: answer})


def is_cut(got: object) -> bool:
    """Whether the answer says that it is not whole."""
    pages = (got.comments if isinstance(got, Ticket | Issue) else got,)
    return any(isinstance(page, Page) and page.cut for page in pages)


async def outcome(call: Call, connector: object) -> object:
    """What a call gives, its error included."""
    try:
        return await call.run(connector)
    except ConnectorError as error:
        return error


async def requests_of(example: Example, call: Call) -> int:
    """How many requests this call makes."""
    async with connected(example) as used:
        await call.run(used.connector)
        return len(used.canned.sent)
