"""Many MCP clients over streamable HTTP in one process, each with a connection and a session of its own.

    python bench/clients.py PLAN.json

They speak the protocol on a bare socket, since the SDK's own client costs more processor time than an answer does and
would be what is measured. Each asks, waits for the whole answer and asks again until the time is up.
"""

from __future__ import annotations

import asyncio
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

VERSION = "2025-11-25"
PATIENCE_S = 60.0
AT_ONCE = 20  # that many open their sessions at a time
SHOWN = 5
HELLO = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}


class Calls(msgspec.Struct, frozen=True):
    """One sort of call: how often it comes among the others, its tool, and the arguments it may have."""

    sort: str
    weight: int
    tool: str
    arguments: list[dict[str, Any]]


class Plan(msgspec.Struct, frozen=True):
    """What the clients do, for how long, after how long a warm-up that is not counted."""

    port: int
    clients: int
    seconds: float
    warm_s: float
    calls: list[Calls]


class Outcome(msgspec.Struct, frozen=True):
    """Calls answered within the time, by sort, with their milliseconds in order; what went wrong; the time itself."""

    seconds: float
    bytes_read: int
    errors: int
    shown: list[str]
    ms: dict[str, list[float]]

    @property
    def every(self) -> list[float]:
        """Milliseconds of all calls, in order."""
        return sorted(each for times in self.ms.values() for each in times)

    @property
    def per_second(self) -> float:
        """Calls a second."""
        return len(self.every) / self.seconds


def p95(times: Sequence[float]) -> float:
    """What nineteen in twenty stay under."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else sum(times)


class Wrong(Exception):  # noqa: N818 - named by what it is
    """An answer that is none, or that tells of a failure."""


class Session:
    """One client's connection and session."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._head = (
            f"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: {VERSION}\r\n"
        )
        self._numbers = 0
        self.bytes_read = 0

    async def open(self) -> None:
        """Connect, and the protocol's handshake."""
        await self._connect()
        headers, _ = await self._exchange({"method": "initialize", "params": HELLO})
        for line in headers.split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "mcp-session-id":
                self._head += f"Mcp-Session-Id: {value.strip()}\r\n"
        await self._exchange({"method": "notifications/initialized"}, answered=False)

    def close(self) -> None:
        """Leave."""
        self._writer.close()

    async def _connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=2**22)

    async def call(self, tool: str, arguments: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        """A tool's structured answer. Raises Wrong."""
        _, message = await self._exchange({"method": "tools/call", "params": {"name": tool, "arguments": arguments}})
        result = message.get("result")
        if not result or result.get("isError"):
            raise Wrong(f"{tool}: {json.dumps(message.get('error') or result)[:300]}")
        return result.get("structuredContent")

    async def _exchange(self, message: dict[str, Any], *, answered: bool = True) -> tuple[str, Any]:
        self._numbers += 1
        number = {"id": self._numbers} if answered else {}
        body = msgspec.json.encode({"jsonrpc": "2.0", **number, **message})
        if self._reader.at_eof():  # the server closes a connection that was idle for some seconds
            self.close()
            await self._connect()
        self._writer.write(f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        headers = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, lower = headers.split(" ", 2)[1], headers.lower()
        body = await (self._chunks() if "transfer-encoding: chunked" in lower else self._sized(lower))
        self.bytes_read += len(body)
        if status not in ("200", "202"):
            raise Wrong(f"HTTP {status}: {body[:200].decode(errors='replace')}")
        return headers, _answer_in(body, self._numbers) if answered else None

    async def _sized(self, headers: str) -> bytes:
        size = next((line.split(":")[1] for line in headers.split("\r\n") if line.startswith("content-length:")), "0")
        return await self._reader.readexactly(int(size))

    async def _chunks(self) -> bytes:
        parts: list[bytes] = []
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            parts.append((await self._reader.readexactly(size + 2))[:-2])
        await self._reader.readexactly(2)
        return b"".join(parts)


def _answer_in(body: bytes, number: int) -> Any:  # noqa: ANN401 - JSON
    """The answer with this number among the events of a stream, or as the body itself."""
    lines = [line[5:] for line in body.splitlines() if line.startswith(b"data:")] or [body]
    for line in lines:
        if line.strip():
            message = msgspec.json.decode(line)
            if message.get("id") == number:
                return message
    raise Wrong(f"no answer in {body[:200]!r}")


@asynccontextmanager
async def session(port: int) -> AsyncGenerator[Session]:
    """A session of its own."""
    opened = Session(port)
    await opened.open()
    try:
        yield opened
    finally:
        opened.close()


def _drawn(plan: Plan, seed: int) -> Iterator[tuple[Calls, dict[str, Any]]]:
    dice = random.Random(seed)
    weights = [each.weight for each in plan.calls]
    while True:
        (chosen,) = dice.choices(plan.calls, weights)
        yield chosen, dice.choice(chosen.arguments)


class Run:
    """All clients of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.ms: dict[str, list[float]] = {each.sort: [] for each in plan.calls}
        self.errors: list[str] = []
        self.bytes_read = 0
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._opened = 0
        self.began = math.inf

    async def outcome(self) -> Outcome:
        """Let them all work."""
        await asyncio.gather(*(self._client(number) for number in range(self.plan.clients)))
        return Outcome(self.plan.seconds, self.bytes_read, len(self.errors), self.errors[:SHOWN], self.ms)

    async def _client(self, number: int) -> None:
        async with self._gate:
            opened = Session(self.plan.port)
            await opened.open()
        self._opened += 1
        if self._opened == self.plan.clients:  # until all are there, the calls of the others only warm up
            self.began = time.perf_counter() + self.plan.warm_s
        try:
            await self._work(opened, number)
        except (Wrong, OSError, EOFError, TimeoutError, ValueError) as error:  # the connection is of no more use
            self.errors.append(f"client {number} stopped: {type(error).__name__} {error}")
        finally:
            opened.close()

    async def _work(self, opened: Session, number: int) -> None:
        for calls, arguments in _drawn(self.plan, number):
            before, read = time.perf_counter(), opened.bytes_read
            if before >= self.began + self.plan.seconds:
                return
            try:
                await asyncio.wait_for(opened.call(calls.tool, arguments), PATIENCE_S)
            except Wrong as error:
                self.errors.append(str(error))
                continue
            after = time.perf_counter()
            if self.began <= after < self.began + self.plan.seconds:
                self.ms[calls.sort].append((after - before) * 1000)
                self.bytes_read += opened.bytes_read - read


def main() -> None:
    """Do what the plan says and print the outcome as JSON."""
    plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)

    async def run() -> Outcome:
        return await Run(plan).outcome()

    print(msgspec.json.encode(asyncio.run(run())).decode())


if __name__ == "__main__":
    main()
