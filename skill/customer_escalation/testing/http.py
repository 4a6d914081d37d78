"""HTTP/1.1 on a stream of bytes: requests in, answers out, and connections that end where HTTP says they must not.

A server made for serving would mend or log the faults that are wanted here, so this one writes the bytes itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus

from msgspec import Struct

LARGEST = 32_000_000
_REASONS = {status.value: status.phrase for status in HTTPStatus} | {529: "Overloaded"}


class Call(Struct, frozen=True):
    """One request; the names of its headers are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Reply(Struct, frozen=True):
    """One answer: a body, or pieces that are sent one by one. Where it is cut, no end is ever sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    pieces: tuple[str, ...] | None = None
    is_cut: bool = False
    is_silent: bool = False
    delay_s: float = 0.0


def json_reply(status: int, value: object, headers: Mapping[str, str], delay_s: float = 0.0) -> Reply:
    """A reply with a JSON body."""
    return Reply(status, {"content-type": "application/json", **headers}, json.dumps(value).encode(), delay_s=delay_s)


async def read_call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Call | None:
    """The next request of a connection, None where the client has left. Raises ValueError for what is no HTTP."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return Call(method, path, headers, await _body(reader, headers))
    except asyncio.IncompleteReadError:
        return None


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(_bounded(int(headers.get("content-length", "0"))))
    parts: list[bytes] = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        parts.append(await reader.readexactly(_bounded(size + sum(map(len, parts))) - sum(map(len, parts))))
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass
    return b"".join(parts)


def _bounded(size: int) -> int:
    if not 0 <= size <= LARGEST:
        raise ValueError(f"a body of {size} bytes")
    return size


async def write_reply(writer: asyncio.StreamWriter, reply: Reply) -> None:
    """Send it, and keep silent for ever where it is a silent one."""
    await asyncio.sleep(reply.delay_s)
    length = {"transfer-encoding": "chunked"} if reply.pieces is not None else {"content-length": str(len(reply.body))}
    lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in {**reply.headers, **length}.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + reply.body)
    for piece in reply.pieces or ():
        raw = piece.encode()
        writer.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
        await writer.drain()
    await writer.drain()
    if reply.is_silent:
        await asyncio.Event().wait()
    if reply.pieces is not None and not reply.is_cut:
        writer.write(b"0\r\n\r\n")
        await writer.drain()
