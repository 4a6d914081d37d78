"""The Messages API on loopback, answered by a scripted model; runs in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from customer_escalation.testing import http, stream
from customer_escalation.testing.catalogue import WINDOW, card
from customer_escalation.testing.checks import wrong
from customer_escalation.testing.counting import LEAST, PrefixCache, asked_for
from customer_escalation.testing.messages import Answer, Model, Request

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
POSTS = ("/v1/messages", "/v1/messages/count_tokens")
Running = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class ModelServer:
    """`with ModelServer(model) as server`, or `async with`; `url` is its base address.

    `requests` is what the model was asked, `refused` why other requests were refused, `sent` every body as it came.
    With a `key`, other keys are refused; only `models` exist where any are named; `window` is the longest prompt and
    `least_cached` the shortest cached prefix, in tokens. What the model raises is raised when the server is left.
    """

    def __init__(
        self,
        model: Model,
        *,
        key: str = "",
        models: Iterable[str] = (),
        window: int = WINDOW,
        least_cached: int = LEAST,
        port: int = 0,
    ) -> None:
        self.model = model
        self.requests: list[Request] = []
        self.refused: list[str] = []
        self.sent: list[str] = []
        self.url = ""
        self._key, self._models, self._window, self._port = key, frozenset(models), window, port
        self._cache = PrefixCache(least_cached)
        self._error: Exception | None = None
        self._calls = 0

    def __enter__(self) -> Self:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", self._port))
        except OSError:
            listening.close()
            raise
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        started: Future[Running] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(listening, started)), daemon=True)
        self._thread.start()
        self._loop, self._stop = started.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        if kind is None and self._error is not None:
            raise self._error

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    async def _serve(self, listening: socket.socket, started: Future[Running]) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        talking: set[asyncio.Task[None]] = set()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = loop.create_task(self._talk(reader, writer))
            talking.add(task)
            task.add_done_callback(talking.discard)

        server = await asyncio.start_server(connected, sock=listening)
        started.set_result((loop, stop))
        await stop.wait()
        server.close()
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while call := await http.read_call(reader, writer):
                self._calls += 1
                reply = self._answer(call, {"request-id": f"req_{self._calls:012d}"})
                await http.write_reply(writer, reply)
                if reply.is_cut:
                    break
        except (ConnectionError, ValueError, asyncio.LimitOverrunError):
            pass  # the client left, or speaks something else
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    def _answer(self, call: http.Call, headers: Mapping[str, str]) -> http.Reply:
        path = call.path.partition("?")[0]
        if call.body:
            self.sent.append(call.body.decode("utf-8", "replace"))
        if said := self._unknown(call.headers):
            return _error(401, said, headers)
        if "anthropic-version" not in call.headers:
            return self._refuse("anthropic-version: header is required", headers)
        if call.method == "GET" and path.startswith("/v1/models/"):
            return self._describe(path.removeprefix("/v1/models/"), headers)
        if call.method == "POST" and path in POSTS:
            return self._post(call, path, headers)
        return _error(404, f"Not Found: {path}", headers)

    def _unknown(self, headers: Mapping[str, str]) -> str:
        given = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        if not given:
            return "x-api-key header is required"
        return "invalid x-api-key" if self._key and given != self._key else ""

    def _describe(self, name: str, headers: Mapping[str, str]) -> http.Reply:
        if self._models and name not in self._models:
            return _error(404, f"model: {name}", headers)
        return http.json_reply(200, card(name, self._window), headers)

    def _post(self, call: http.Call, path: str, headers: Mapping[str, str]) -> http.Reply:
        counting = path != POSTS[0]
        try:
            body = json.loads(call.body)
        except (ValueError, RecursionError):
            return self._refuse("The request body is not valid JSON", headers)
        if reason := wrong(body, counting=counting):
            return self._refuse(reason, headers)
        if self._models and body["model"] not in self._models:
            return _error(404, f"model: {body['model']}", headers)
        tokens = asked_for(body)
        if counting:
            return http.json_reply(200, {"input_tokens": tokens}, headers)
        if tokens > self._window:
            return self._refuse(f"prompt is too long: {tokens} tokens > {self._window} maximum", headers)
        request = Request(body, call.headers, len(self.requests) + 1)
        self.requests.append(request)
        try:
            answer = self.model(request)
        except Exception as error:  # noqa: BLE001 - whatever a test's model raises is raised again on leaving
            self._error = self._error or error
            said = f"the scripted model raised {type(error).__name__}"
            return _error(500, said, {**headers, "x-should-retry": "false"})
        return self._reply(request, answer, {**headers, **answer.headers})

    def _reply(self, request: Request, answer: Answer, headers: Mapping[str, str]) -> http.Reply:
        if answer.body:
            typed = {"content-type": "application/json", **headers}
            return http.Reply(answer.status, typed, answer.body.encode(), delay_s=answer.delay_s)
        if answer.status != 200:
            return _error(answer.status, "the scripted model answers so", headers, answer.delay_s)
        usage = answer.usage or self._cache.usage(request.body, answer)
        if not request.body.get("stream"):
            return http.json_reply(200, stream.message(answer, usage, request), headers, answer.delay_s)
        streamed = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache", **headers}
        return http.Reply(
            200,
            streamed,
            pieces=tuple(stream.events(answer, usage, request)[: answer.cut_after]),
            is_cut=answer.cut_after is not None and not answer.stalls,
            is_silent=answer.stalls,
            delay_s=answer.delay_s,
        )

    def _refuse(self, reason: str, headers: Mapping[str, str]) -> http.Reply:
        self.refused.append(reason)
        return _error(400, reason, headers)


def _error(status: int, message: str, headers: Mapping[str, str], delay_s: float = 0.0) -> http.Reply:
    error = {"type": KINDS.get(status, "api_error"), "message": message}
    body = {"type": "error", "error": error, "request_id": headers.get("request-id")}
    return http.json_reply(status, body, headers, delay_s)
