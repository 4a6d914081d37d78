"""The HTTP client of a session: what fails on the way becomes an answer, so that it ends a call, not the session."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import httpx2
from msgspec import Struct

from escalation_connectors.http import MOST_BYTES, Wire

READ_S, CONNECT_S = 30.0, 5.0


class Heard(Struct):
    """How the last request of a call fared: a refusing status, seconds to wait, or lost on the way."""

    status: int = 0
    wait: float = 0.0
    lost: bool = False


_HEARD: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def hearing() -> Generator[Heard]:
    """What the requests that are made inside fare."""
    heard = Heard()
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


class Careful(httpx2.AsyncBaseTransport):
    """Sends for the protocol's library, which ends the whole session where a request raises."""

    def __init__(self, wire: Wire, *, trust_env: bool) -> None:
        self._inner = httpx2.AsyncClient(transport=wire.transport, trust_env=trust_env)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer; one of ours where none came."""
        heard = _HEARD.get() or Heard()
        heard.status, heard.lost = 0, False
        try:
            response = await self._inner.send(request, stream=True)
        except httpx2.TransportError:
            heard.lost = True
            return httpx2.Response(599)
        heard.status = response.status_code if response.status_code >= 300 else 0
        heard.wait = _seconds(response.headers.get("retry-after", ""))
        return httpx2.Response(response.status_code, headers=response.headers, stream=_Counted(response))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _Counted(httpx2.AsyncByteStream):
    """A body that ends early, instead of raising, where it breaks off or is too large."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        read = 0
        try:
            async for chunk in self._response.aiter_raw():
                read += len(chunk)
                if read > MOST_BYTES:
                    return
                yield chunk
        except (httpx2.TransportError, httpx2.StreamError):
            return

    async def aclose(self) -> None:
        await self._response.aclose()


def client(wire: Wire, headers: Mapping[str, str], *, trust_env: bool) -> httpx2.AsyncClient:
    """The client of one session. Answers come as they are, so that what is counted is what is read."""
    return httpx2.AsyncClient(
        transport=Careful(wire, trust_env=trust_env),
        headers={**headers, "accept-encoding": "identity"},
        timeout=httpx2.Timeout(READ_S, connect=CONNECT_S),
        trust_env=False,
    )


def _seconds(text: str) -> float:
    try:
        return max(0.0, float(text))
    except ValueError:
        return 0.0
