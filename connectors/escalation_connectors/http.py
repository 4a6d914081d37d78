"""The only way to send HTTP: careful with time, size and rate, and with what a vendor says when it fails.

A source has one `Line`. `Reading` asks over it and cannot change anything; `Writing` changes, and never sends the same
twice where the first may have arrived. Vendor text is never part of an error.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import MappingProxyType
from typing import Literal
from urllib.parse import quote, urlsplit

import httpx2
from aiolimiter import AsyncLimiter
from msgspec import Struct

from escalation_connectors import deadline
from escalation_connectors.address import Resolve, leads_inside, resolved
from escalation_connectors.auth import Auth
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
from escalation_connectors.row import Row
from escalation_connectors.written import as_json, encoded, origin, seconds_of

REQUEST_S = 10.0
MOST_BYTES = 8_000_000
RETRIES = 2
LONGEST_WAIT_S = 20.0
Query = Mapping[str, str | int | Sequence[str] | None]
Fault = Literal["", "expired", "denied", "scope", "missing", "conflict", "limited", "refused", "down"]
NO_CONTENT = 204
SCOPE = re.compile(r"[A-Za-z][\w.:-]{1,60}(?:,[A-Za-z][\w.:-]{1,60}){0,4}", re.A)
NO_QUERY: Query = MappingProxyType({})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})
BY_STATUS: Mapping[int, Fault] = {
    401: "expired",
    402: "denied",
    403: "scope",
    404: "missing",
    408: "down",
    409: "conflict",
    410: "missing",
    412: "conflict",
    425: "down",
    429: "limited",
}


class Answer(Struct, frozen=True):
    """What came back, in whole."""

    source: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def row(self) -> Row:
        """The JSON in it; an empty row where the status says that there is no content. Raises BadAnswer."""
        if self.status == NO_CONTENT:
            return Row({}, self.source)
        if not self.body.strip():
            raise BadAnswer(self.source, "an empty answer")
        if "html" in self.headers.get("content-type", "").lower():
            raise BadAnswer(self.source, "a web page came instead of data (a sign-in page, or a wrong address?)")
        try:
            return Row(json.loads(self.body), self.source)
        except (ValueError, RecursionError):
            raise BadAnswer(self.source, "the answer is not JSON") from None

    def said(self) -> Row:
        """The JSON in it, for telling what went wrong; an empty row where there is none."""
        try:
            return self.row()
        except BadAnswer:
            return Row({}, self.source)

    def until(self, name: str) -> float:
        """Seconds from when it was sent to the moment, in seconds since 1970 or as a date, that a header names.

        0 where that is unknown.
        """
        moment, sent = seconds_of(self.headers.get(name, "")), seconds_of(self.headers.get("date", ""))
        return max(0.0, moment - sent) if moment is not None and sent is not None else 0.0


def no_fault(_answer: Answer) -> Fault:
    """The status says it all."""
    return ""


def no_name(_answer: Answer) -> str:
    """Which right is missing is not told."""
    return ""


def no_wait(_answer: Answer) -> float:
    """The headers say it all."""
    return 0.0


def named(error: str, means: Mapping[Fault, str]) -> Fault:
    """What a vendor's own name of an error means; a name that is not known means that it refused."""
    for fault, errors in means.items():
        if error in errors.split():
            return fault
    return "refused"


class Manners(Struct, frozen=True):
    """How a vendor wants to be asked: `per_second` requests in the long run, `burst` at once, with these headers.

    `fault` tells what an answer means where its status alone does not; `waits` names headers that hold seconds to wait,
    and `wait` tells it of an answer about too many requests that has none of them. `lacks` names the right that is
    missing, where a refusal names it.
    """

    per_second: float = 8.0
    burst: float = 0.0
    headers: Mapping[str, str] = NO_HEADERS
    fault: Callable[[Answer], Fault] = no_fault
    waits: tuple[str, ...] = ("retry-after",)
    wait: Callable[[Answer], float] = no_wait
    lacks: Callable[[Answer], str] = no_name


PLAIN = Manners()


class Wire(Struct, frozen=True):
    """What a test replaces: the transport (None: the network), the sleep between attempts, the resolver of names."""

    transport: httpx2.AsyncBaseTransport | None = None
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    resolve: Resolve = resolved


NETWORK = Wire()


class Counted(Struct):
    """What a source has cost so far."""

    requests: int = 0
    sent: int = 0
    received: int = 0
    retried: int = 0


class Line:
    """The connection to one source, at one base URL. Used within one event loop; `close` ends it."""

    def __init__(
        self, source: str, base: str, auth: Auth, manners: Manners, wire: Wire, *, private: bool = False
    ) -> None:
        self.source, self.base, self.counted = source, base, Counted()
        self._auth, self._manners, self._wire, self._private = auth, manners, wire, private
        self._limiter: AsyncLimiter | None = None
        self._client: httpx2.AsyncClient | None = None
        self._asking = set[asyncio.Task[object]]()
        self._known = private or wire.transport is not None

    async def close(self) -> None:
        """Call off what is still being asked and close what is open; may be called twice.

        Of questions that were asked together one may have failed, and nobody waits for the others any more.
        """
        asking = [task for task in self._asking if task is not asyncio.current_task()]
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def url(self, path: str, ids: Sequence[str]) -> str:
        """The address of a path whose `{}` are filled with ids, each within its segment. Raises NotFound."""
        parts = path.split("{}")
        for each in ids:
            if each in {"", ".", ".."} or len(each) > 500 or not each.isprintable():
                raise NotFound(self.source, "no record can have such an id")
        filled = "".join(part + quote(each, safe="") for part, each in zip(parts, [*ids, ""], strict=True))
        return self.base + filled

    def own(self, link: str) -> str:
        """A link that the vendor gave, which must lead back to the vendor. Raises BadAnswer."""
        url = link if "://" in link else f"{origin(self.base)}/{link.lstrip('/')}"
        if origin(url) != origin(self.base):
            raise BadAnswer(self.source, "a next page at another address")
        return url

    async def exchange(self, request: Request) -> Answer:
        """Send it, as often as is safe and there is time for. Raises the ConnectorError family."""
        task = asyncio.current_task()
        if task is None or task in self._asking:  # credentials are asked for within a question
            return await self._exchange(request)
        self._asking.add(task)
        try:
            return await self._exchange(request)
        finally:
            self._asking.discard(task)

    async def _exchange(self, request: Request) -> Answer:
        renewed, attempt = False, 0
        while True:
            fault, wait, answer = await self._once(request)
            if answer is not None and not fault:
                return answer
            if fault == "expired" and not (renewed or request.signs_in) and await self._auth.renew():
                renewed = True
                continue
            attempt += 1
            wait = max(wait, 0.25 * 3**attempt if fault == "down" else 1.0)
            again = fault == "limited" or (fault == "down" and not request.writes)
            if not again or attempt > RETRIES or wait > min(LONGEST_WAIT_S, deadline.left(REQUEST_S * 3)):
                if fault == "down" and request.writes and answer is not None:
                    raise PerhapsWritten(self.source, f"it failed while writing (HTTP {answer.status})")
                raise self._error(fault, wait, answer)
            self.counted.retried += 1
            await self._wire.sleep(wait)

    async def _once(self, request: Request) -> tuple[Fault, float, Answer | None]:
        """What came of one attempt, how long the vendor asks to wait, and the answer where there is one."""
        seconds = deadline.left(REQUEST_S)
        if seconds <= 0:
            raise Unavailable(self.source, "no time was left to ask")
        sent = False
        try:
            async with asyncio.timeout(seconds), AsyncExitStack() as stack:
                await self._admit()
                ours = NO_HEADERS if request.signs_in else await self._auth.headers()
                headers = {**self._manners.headers, **request.headers, **ours}
                client = self._open()
                self.counted.requests += 1
                self.counted.sent += len(request.body)
                sent = True
                response = await stack.enter_async_context(
                    client.stream(request.method, request.url, params=None, content=request.body, headers=headers)
                )
                answer = Answer(self.source, response.status_code, response.headers, await self._read(response))
        except (TimeoutError, httpx2.TransportError, httpx2.StreamError) as error:
            if sent and request.writes and not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
                raise PerhapsWritten(self.source, "no answer came to a write") from None
            if isinstance(error, TimeoutError | httpx2.TimeoutException):
                raise Unavailable(self.source, "no answer in time") from None
            return "down", 0.0, None
        except (httpx2.InvalidURL, httpx2.TooManyRedirects):
            raise BadAnswer(self.source, "the answer could not be read") from None
        except (httpx2.DecodingError, BadAnswer) as error:
            what = error.what if isinstance(error, BadAnswer) else "the answer could not be read"
            kind = PerhapsWritten if sent and request.writes else BadAnswer
            raise kind(self.source, what) from None
        fault = self._fault(answer)
        return fault, self._asked_to_wait(fault, answer), answer

    async def _admit(self) -> None:
        """Wait for a turn, and make sure once that the host is not inside the own network."""
        if self._limiter is None:
            per_second = self._manners.per_second
            burst = self._manners.burst or max(1.0, per_second)
            self._limiter = AsyncLimiter(burst, burst / per_second)
        await self._limiter.acquire()
        if not self._known:
            if await leads_inside(self.base, self._wire.resolve):
                raise AccessDenied(
                    self.source, "its name leads into a private network, which allow_private: true allows"
                )
            self._known = True

    def _open(self) -> httpx2.AsyncClient:
        if self._client is None:
            timeout = httpx2.Timeout(REQUEST_S, connect=5.0)
            self._client = httpx2.AsyncClient(
                transport=self._wire.transport, timeout=timeout, trust_env=not self._private
            )
        return self._client

    async def _read(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            self.counted.received += len(chunk)
            if len(body) > MOST_BYTES:
                raise BadAnswer(self.source, f"an answer larger than {MOST_BYTES:,} bytes")
        return bytes(body)

    def _fault(self, answer: Answer) -> Fault:
        special = self._manners.fault(answer)
        if special or answer.status < 300:
            return special
        return BY_STATUS.get(answer.status, "down" if answer.status >= 500 else "refused")

    def _asked_to_wait(self, fault: Fault, answer: Answer) -> float:
        for name in self._manners.waits:
            written = answer.headers.get(name, "").strip()
            asked = seconds_of(written)
            if asked is not None:
                return max(0.0, asked) if written[0].isdecimal() else answer.until(name)
        return self._manners.wait(answer) if fault == "limited" else 0.0

    def _error(self, fault: Fault, wait: float, answer: Answer | None) -> ConnectorError:
        status = f" (HTTP {answer.status})" if answer is not None and answer.status >= 300 else ""
        match fault:
            case "denied" if answer is not None and answer.status == 402:
                return AccessDenied(self.source, f"the plan that is paid for does not include this{status}")
            case "expired" | "denied":
                refused = f"the credentials were refused{status}"
                return AccessDenied(self.source, refused, advice="check the credentials", known=False)
            case "scope":
                lacks = self._manners.lacks(answer) if answer is not None else ""
                which = f"the right {lacks}" if SCOPE.fullmatch(lacks) else "a right for this"
                return AccessDenied(self.source, f"the credentials lack {which}{status}")
            case "missing":
                advice = "check the id, and the address if nothing can be read"
                return NotFound(self.source, f"no such record, or no right to see it{status}", advice=advice)
            case "conflict":
                return Conflict(self.source, f"the record changed in between{status}")
            case "limited":
                return RateLimited(self.source, f"too many requests{status}", wait)
            case "refused":
                return BadAnswer(self.source, f"it did not accept the question{status}")
            case _ if answer is None:
                host = urlsplit(self.base).netloc
                advice = "check the address and the network, or try again later"
                return Unavailable(self.source, f"{host} cannot be reached, or ended the connection", advice=advice)
            case _:
                return Unavailable(self.source, f"the service is not available{status}")


class Request(Struct, frozen=True, kw_only=True):
    """One request, ready to send; `writes` says that it must not be sent again once it may have arrived.

    `signs_in` says that it gets the credentials: it carries none, and a refusal of it is final.
    """

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = NO_HEADERS
    writes: bool = False
    signs_in: bool = False


class Reading:
    """Asks over a line. Nothing here can change anything at the vendor."""

    def __init__(self, line: Line) -> None:
        self.line = line

    async def get(self, path: str, *ids: str, query: Query = NO_QUERY) -> Row:
        """The JSON at a path. Raises the ConnectorError family."""
        return (await self.fetch(path, *ids, query=query)).row()

    async def fetch(self, path: str, *ids: str, query: Query = NO_QUERY) -> Answer:
        """The whole answer, for vendors that page by headers."""
        url = self.line.url(path, ids) + encoded(query)
        return await self.line.exchange(Request(method="GET", url=url))

    async def follow(self, link: str) -> Answer:
        """The page behind a link that the vendor gave."""
        return await self.line.exchange(Request(method="GET", url=self.line.own(link)))

    async def ask(self, path: str, *ids: str, question: object, query: Query = NO_QUERY) -> Row:
        """A search that the vendor takes as a POST; it changes nothing and may be sent again."""
        url, (body, headers) = self.line.url(path, ids) + encoded(query), as_json(question)
        return (await self.line.exchange(Request(method="POST", url=url, body=body, headers=headers))).row()


class Writing:
    """Changes something at the vendor, once. Only what delivers approved writes may hold one."""

    def __init__(self, line: Line) -> None:
        self.line = line

    async def send(
        self, method: str, path: str, *ids: str, value: object, key: str = "", query: Query = NO_QUERY
    ) -> Row:
        """Write, with the idempotency key for vendors that heed it. Raises PerhapsWritten where no answer came."""
        url, (body, headers) = self.line.url(path, ids) + encoded(query), as_json(value)
        named = {**headers, "Idempotency-Key": key} if key else headers
        request = Request(method=method, url=url, body=body, headers=named, writes=True)
        answer = await self.line.exchange(request)
        try:
            return answer.row() if answer.body.strip() else Row({}, self.line.source)
        except BadAnswer:
            raise PerhapsWritten(self.line.source, "the answer to a write could not be read") from None
