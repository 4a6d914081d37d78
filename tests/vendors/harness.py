"""Canned vendors behind the contract gate, and what can go wrong on the way to them. Nothing here opens a socket."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from msgspec import Struct, field

from escalation_connectors.http import Wire
from escalation_connectors.options import Fields
from escalation_connectors.tokens import Tokens
from escalation_connectors.vendor import Setup
from tests.vendors.example import Example

SHARED = Path(__file__).parents[3] / "shared" / "contracts"
Answer = Callable[[httpx2.Request], httpx2.Response]


def need_contracts() -> None:
    """Skip where the vendors' contracts are not at hand; fail in the CI run."""
    if not SHARED.is_dir():
        if os.environ.get("CI_STRICT"):
            pytest.fail("the vendors' contracts are missing beside the checkout")
        pytest.skip("needs the vendors' contracts, which have no licence to be kept here")


@cache
def gate() -> Any:
    """The gate of the contracts; it was written for httpx, of which httpx2 is the continuation."""
    need_contracts()
    before = sys.modules.get("httpx")
    sys.modules["httpx"] = httpx2
    sys.path.insert(0, str(SHARED / "gate"))
    try:
        found = tuple(import_module(name) for name in ("contract_gate", "mock_vendor", "overlays"))
    finally:
        sys.path.remove(str(SHARED / "gate"))
        if before is None:
            del sys.modules["httpx"]
        else:
            sys.modules["httpx"] = before
    return found


@cache
def contract(name: str) -> Any:
    """One vendor's contract with its corrections, or ours where the vendor has published none."""
    own = Path(__file__).parent / "derived" / f"{name}.json"
    contract_gate, mock_vendor, overlays = gate()
    if name == "linear":
        return mock_vendor.GraphQLContract("linear", (SHARED / "specs" / "linear.graphql").read_text(encoding="utf-8"))
    path = own if own.exists() else SHARED / "specs" / f"{name}.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    if name in overlays.OVERLAYS:
        overlays.OVERLAYS[name](described)
    return contract_gate.Contract(name, described)


class Store:
    """Tokens in memory."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self.kept = tokens

    def load(self, name: str) -> Tokens | None:
        return self.kept

    def save(self, name: str, tokens: Tokens) -> None:
        self.kept = tokens


class Canned(httpx2.AsyncBaseTransport):
    """Answers each operation with its canned answer; `spoil` may put a trouble in the place of the nth request."""

    def __init__(self, example: Example, spoil: dict[int, Answer] | None = None) -> None:
        self.example, self.spoil = example, spoil or {}
        self.asked: list[str] = []
        self.sent: list[httpx2.Request] = []
        self._times: dict[str, int] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        number = len(self.sent)
        operation = operation_of(self.example, request)
        self.sent.append(request)
        self.asked.append(operation)
        trouble = self.spoil.get(number) or self.spoil.get(-1)
        if trouble is not None:
            response = trouble(request)
            if response.headers.get("x-hang"):
                await asyncio.Event().wait()
            if response.status_code != 599:
                return response
        return self.answer(operation)

    def answer(self, operation: str) -> httpx2.Response:
        given: Any = self.example.answers[operation]
        turn = self._times.get(operation, 0)
        self._times[operation] = turn + 1
        if isinstance(given, list):
            series: list[Any] = given  # pyright: ignore[reportUnknownVariableType]
            given = series[min(turn, len(series) - 1)]
        if isinstance(given, httpx2.Response):
            return httpx2.Response(given.status_code, headers=given.headers, content=given.content)
        if isinstance(given, dict) and {"headers", "json"} == {*given}:  # pyright: ignore[reportUnknownArgumentType]
            headers: Any = given["headers"] if isinstance(given["headers"], dict) else {}  # pyright: ignore[reportUnknownVariableType]
            told = {name: str(value) for name, value in headers.items()}
            return httpx2.Response(self._success(operation), json=given["json"], headers=told)
        return httpx2.Response(self._success(operation), json=given)

    def _success(self, operation: str) -> int:
        """The status that the contract promises for this operation."""
        method, _, path = operation.partition(" ")
        for name in (name for names in self.example.contracts.values() for name in names if name != "linear"):
            for each in contract(name).ops.get(method.lower(), []):
                if each.template == path:
                    codes = sorted(code for code in each.op.get("responses", {}) if code.startswith("2"))
                    return int(codes[0]) if codes and codes[0].isdecimal() else 200
        return 200


def operation_of(example: Example, request: httpx2.Request) -> str:
    """ "GET /api/v2/tickets/{ticket_id}": the operation of the contract that this request is."""
    path = request.url.raw_path.split(b"?")[0].decode()
    errors: list[str] = []
    for name in example.contracts[request.url.host]:
        if name == "linear":
            body = json.loads(request.content)
            return " ".join(body["query"].replace("(", " ").split()[:2])
        try:
            found, _ = contract(name).find(request.method, path)
        except gate()[0].ContractError as error:
            errors.append(str(error))
        else:
            return f"{request.method} {found.template}"
    raise AssertionError(errors)


class Connected(Struct):
    """A connector on canned answers, behind the gate."""

    connector: Any
    canned: Canned
    slept: list[float] = field(default_factory=list[float])
    setup: Any = None


@asynccontextmanager
async def connected(
    example: Example, *, writes: bool = False, spoil: dict[int, Answer] | None = None, strict: bool = True,
    transport: Callable[[Canned], httpx2.AsyncBaseTransport] | None = None, tokens: Tokens | None = None,
) -> AsyncGenerator[Connected]:  # fmt: skip
    """The vendor's connector; `strict` also holds the canned answers to the contract."""
    canned, slept = Canned(example, spoil), list[float]()

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    contracts = {host: [contract(name) for name in names] for host, names in example.contracts.items()}
    through: Any = gate()[0].ContractTransport(canned, contracts, check_responses=strict)
    setup = Setup(
        vendor=example.vendor,
        fields=Fields(
            cast("dict[object, object]", {"vendor": example.vendor.name, **example.settings}), "test: connectors.entry"
        ),
        environment=example.environment,
        store=Store(tokens),
        wire=Wire(transport(canned) if transport else through, sleep),
        clock=lambda: 1_764_000_000.0,
    )
    make = example.vendor.write if writes else example.vendor.read
    assert make is not None
    try:
        yield Connected(make(setup), canned, slept, setup)
    finally:
        for line in setup.opened:
            await line.close()


def replies(*answers: httpx2.Response) -> Callable[[httpx2.Request], httpx2.Response]:
    """These answers, one after the other; then the canned one."""
    left = list(answers)
    return lambda _: left.pop(0) if left else httpx2.Response(599)


def changed(value: Any, change: Callable[[dict[str, Any] | list[Any], Any], None]) -> Sequence[Any]:
    """Copies of a JSON value, each with one place changed."""
    copies: list[Any] = []
    for path in _paths(value):
        copy = json.loads(json.dumps(value))
        inner = copy
        for key in path[:-1]:
            inner = inner[key]
        change(inner, path[-1])
        copies.append(copy)
    return copies


def _paths(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside: list[tuple[Any, Any]] = list(value.items()) if isinstance(value, dict) else []  # pyright: ignore[reportUnknownArgumentType]
    inside += enumerate(value) if isinstance(value, list) else []  # pyright: ignore[reportUnknownArgumentType]
    return [path for key, each in inside for path in ((*above, key), *_paths(each, (*above, key)))]
