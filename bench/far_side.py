"""A chat's server on loopback, as the Matrix connector speaks to it: it answers late and counts what it was sent."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

WRONG = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
SENDING = "/send/m.room.message/"


class FarSide:
    """Every message counts, also one whose key came before, which a real server would pass over."""

    def __init__(self, latency_s: float) -> None:
        self.latency_s = latency_s
        self.keys: Counter[str] = Counter()
        self.texts: Counter[str] = Counter()
        self.at: list[float] = []
        self.port = 0
        self.most_at_once = 0
        self._now = 0
        self._open: dict[asyncio.Task[object], asyncio.StreamWriter] = {}

    @property
    def doubles(self) -> int:
        """How many messages came that had come before, by key or by text."""
        return max(each.total() - len(each) for each in (self.keys, self.texts))

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None]:
        """Listen until the end of the block."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            server.close()
            for writer in self._open.values():
                writer.close()
            await asyncio.gather(*self._open)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                lines = head.lower().split("\r\n")
                size = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")), 0)
                answer = await self._answer(head.split(" ", 2)[1], await reader.readexactly(size))
                writer.write(answer)
        except (EOFError, ConnectionError):
            pass
        finally:
            writer.close()
            del self._open[task]

    async def _answer(self, path: str, body: bytes) -> bytes:
        if SENDING not in path:
            return WRONG
        self._now += 1
        self.most_at_once = max(self._now, self.most_at_once)
        key = path.rpartition("/")[2]
        await asyncio.sleep(self.latency_s)
        self._now -= 1
        self.keys[key] += 1
        self.texts[str(json.loads(body)["body"])] += 1
        self.at.append(time.monotonic())
        said = json.dumps({"event_id": f"$event-{len(self.at)}"}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
        return head.encode() + said
