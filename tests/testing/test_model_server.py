"""The scripted models' server: what it keeps, what it streams, what it breaks, and how the real SDK takes it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import anthropic
import httpx2
import pytest
import yaml

from customer_escalation.testing import Answer, ModelServer, Request, Usage, call, hostile, personas, talk, think

pytestmark = pytest.mark.enable_socket

ASK: dict[str, Any] = {"model": "m", "max_tokens": 10, "messages": [{"role": "user", "content": "Hello"}]}
HI = Answer((talk("Hi"),))
HEADERS = {"x-api-key": "k", "anthropic-version": "2026-10-21"}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_01", "content": "ok"}


def says(answer: Answer, **more: Any) -> ModelServer:
    return ModelServer(lambda request: answer, **more)


def client_of(server: ModelServer, key: str = "k", **more: Any) -> anthropic.AsyncAnthropic:
    given: dict[str, Any] = {"max_retries": 0, **more}
    return anthropic.AsyncAnthropic(api_key=key, base_url=server.url, **given)


async def ask(server: ModelServer, key: str = "k", **more: Any) -> anthropic.types.Message:
    """One request of the real SDK, without retries."""
    async with client_of(server, key) as client, client.messages.stream(**{**ASK, **more}) as stream:
        return await stream.get_final_message()


async def test_the_sdk_reads_text_thinking_and_calls() -> None:
    with says(Answer((think("hm"), talk("Hi"), call("find", {"name": "Ö" * 9000})))) as server:
        message = await ask(server)

    assert [block.type for block in message.content] == ["thinking", "text", "tool_use"]
    assert message.content[2].input == {"name": "Ö" * 9000}  # type: ignore[union-attr]
    assert message.stop_reason == "tool_use"
    assert message.usage.output_tokens > 1000


async def test_a_request_without_streaming_gets_the_same_message() -> None:
    answer = Answer((think("hm"), talk("Hi"), call("find", {"name": "x"})), usage=Usage(1, 2, 3, 4))
    with says(answer) as server:
        streamed = await ask(server)
        async with client_of(server) as client:
            whole = cast("anthropic.types.Message", await client.messages.create(**ASK))

    assert [(block.type, getattr(block, "input", None)) for block in whole.content] == [
        (block.type, getattr(block, "input", None)) for block in streamed.content
    ]
    assert (whole.stop_reason, whole.model) == (streamed.stop_reason, streamed.model)
    assert (whole.usage.cache_read_input_tokens, streamed.usage.cache_creation_input_tokens) == (3, 4)


async def test_an_async_test_may_enter_it_as_one() -> None:
    async with says(HI) as server:
        assert (await ask(server)).content


async def test_what_was_asked_is_kept() -> None:
    tools = [{"name": "find", "input_schema": {"type": "object"}}]
    turns = [
        *ASK["messages"],
        {"role": "assistant", "content": [call("find", {})]},
        {"role": "user", "content": [RESULT]},
    ]
    with says(HI) as server:
        await ask(server, system="Be brief")
        await ask(server, messages=turns, tools=tools, system=[{"type": "text", "text": "Be kind"}])

    first, second = server.requests
    assert (first.number, first.system, first.text, first.turns, first.tools) == (1, "Be brief", "Hello", 0, [])
    assert (second.number, second.system, second.text, second.turns) == (2, "Be kind", "Hello\nok", 1)
    assert (second.last_results, second.tools, second.headers["anthropic-version"][:3]) == ([RESULT], ["find"], "202")
    assert '"Hello"' in server.sent[0]


def test_the_text_holds_documents_and_search_results_and_the_system_what_was_said_in_between() -> None:
    content = [
        {"type": "search_result", "source": "https://k.example/1", "title": "One", "content": [talk("Two")]},
        {"type": "document", "title": "Three", "source": {"type": "text", "media_type": "text/plain", "data": "Four"}},
    ]
    asked = Request({"messages": [{"role": "user", "content": content}, {"role": "system", "content": "Five"}]}, {}, 1)

    assert set(asked.text.split("\n")) == {"https://k.example/1", "One", "Two", "Three", "Four"}
    assert asked.system == "Five"


async def test_a_wrong_key_is_refused() -> None:
    with says(HI, key="right") as server:
        with pytest.raises(anthropic.AuthenticationError, match="invalid x-api-key"):
            await ask(server, key="wrong")
        assert (await ask(server, key="right")).content
        async with anthropic.AsyncAnthropic(auth_token="right", base_url=server.url) as client:
            assert await client.models.retrieve("m")
    assert len(server.requests) == 1


async def test_a_model_that_does_not_exist_is_refused() -> None:
    with says(HI, models=("other",)) as server:
        with pytest.raises(anthropic.NotFoundError, match="model: m"):
            await ask(server)
        async with client_of(server) as client:
            with pytest.raises(anthropic.NotFoundError):
                await client.models.retrieve("m")


async def test_models_are_described_and_tokens_counted() -> None:
    with says(HI, window=5000) as server:
        async with client_of(server) as client:
            found = await client.models.retrieve("claude-sonnet-5-5")
            counted = await client.messages.count_tokens(model="m", messages=ASK["messages"])

    assert (found.lifecycle, found.max_input_tokens) == ("active", 5000)
    assert found.capabilities
    assert found.capabilities.structured_outputs.supported
    assert counted.input_tokens > 5


async def test_what_breaks_a_rule_is_refused_and_kept_apart() -> None:
    with says(HI) as server, pytest.raises(anthropic.BadRequestError, match="first message must use"):
        await ask(server, messages=[{"role": "assistant", "content": "Hi"}])

    assert (server.requests, server.refused) == ([], ['messages: first message must use the "user" role'])


async def test_a_prompt_beyond_the_window_is_refused() -> None:
    with says(HI, window=100) as server, pytest.raises(anthropic.BadRequestError, match="prompt is too long: 2"):
        await ask(server, system="x" * 900)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("POST", "/v1/messages", "{", HEADERS, 400),
        ("POST", "/v1/messages", "[" * 20_000, HEADERS, 400),
        ("POST", "/v1/messages", json.dumps(ASK), {"x-api-key": "k"}, 400),
        ("POST", "/v1/messages", json.dumps(ASK), {"anthropic-version": "2026-10-21"}, 401),
        ("POST", "/v1/messages?beta=true", json.dumps(ASK), HEADERS, 200),
        ("GET", "/v1/messages", "", HEADERS, 404),
        ("POST", "/v1/complete", "{}", HEADERS, 404),
    ],
)
async def test_other_clients_are_answered_in_the_shape_of_the_api(
    method: str, path: str, body: str, headers: dict[str, str], status: int
) -> None:
    with says(HI) as server:
        async with httpx2.AsyncClient(base_url=server.url) as http:
            answer = await http.request(method, path, content=body, headers=headers)

    assert answer.status_code == status
    assert answer.json()["type"] == ("message" if status == 200 else "error")
    assert answer.headers["request-id"].startswith("req_")


async def test_a_body_in_pieces_is_read() -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        for piece in (json.dumps(ASK)[:10], json.dumps(ASK)[10:]):
            yield piece.encode()

    with says(HI) as server:
        async with httpx2.AsyncClient(base_url=server.url, headers=HEADERS) as http:
            assert (await http.post("/v1/messages", content=pieces())).status_code == 200


@pytest.mark.parametrize(
    ("sent", "begins"),
    [
        (b"nonsense\r\n\r\n", b""),
        (b"POST /v1/messages HTTP/1.1\r\ncontent-length: -1\r\n\r\n", b""),
        (
            b"POST /v1/messages HTTP/1.1\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n{}",
            b"HTTP/1.1 100 Continue",
        ),
        (b"GET /v1/models/m HTTP/1.1\r\nx-api-key: k\r\nanthropic-version: 2026-10-21\r\n\r\n", b"HTTP/1.1 200 OK"),
    ],
)
async def test_what_is_no_http_ends_the_connection_and_the_rest_is_answered(sent: bytes, begins: bytes) -> None:
    with says(HI) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(server.url.rpartition(":")[2]))
        writer.write(sent)
        writer.write_eof()
        answer = await reader.read()
        writer.close()

    assert answer.startswith(begins) if begins else answer == b""


async def test_a_prefix_up_to_a_mark_is_read_from_the_cache_the_second_time() -> None:
    system = [{"type": "text", "text": "x" * 5000, "cache_control": {"type": "ephemeral"}}]
    with says(HI) as server:
        first, second = [(await ask(server, system=system)).usage for _ in range(2)]

    assert (first.cache_read_input_tokens, second.cache_creation_input_tokens) == (0, 0)
    assert first.cache_creation_input_tokens == second.cache_read_input_tokens
    assert (second.cache_read_input_tokens or 0) > 1000


async def test_an_answer_without_a_reason_to_stop_has_none() -> None:
    with says(Answer((talk("Hi"),), stop_reason=None)) as server:
        assert (await ask(server)).stop_reason is None


async def test_a_refusal_says_so() -> None:
    with says(hostile.refusing(Request(ASK, {}, 1))) as server:
        message = await ask(server)

    assert (message.stop_reason, message.stop_details and message.stop_details.type) == ("refusal", "refusal")


@pytest.mark.parametrize("events", [0, 1, 3, 5])
async def test_a_connection_that_breaks_is_an_error_of_the_transport(events: int) -> None:
    with says(Answer((talk("Hi"),), cut_after=events)) as server, pytest.raises(httpx2.RemoteProtocolError):
        await ask(server)


async def test_a_silent_answer_runs_into_the_client_s_time_limit() -> None:
    with says(Answer((talk("Hi"),), cut_after=3, stalls=True)) as server:
        async with client_of(server, timeout=httpx2.Timeout(0.1, connect=5)) as client:
            with pytest.raises(httpx2.ReadTimeout):
                async with client.messages.stream(**ASK) as stream:
                    await stream.get_final_message()


async def test_a_late_answer_runs_into_the_client_s_time_limit() -> None:
    with says(Answer((talk("Hi"),), delay_s=30)) as server:
        async with client_of(server, timeout=httpx2.Timeout(0.1, connect=5)) as client:
            with pytest.raises(anthropic.APITimeoutError):
                await client.messages.create(**ASK)


async def test_leaving_waits_for_no_answer() -> None:
    started = time.monotonic()
    with says(Answer((talk("Hi"),), cut_after=1, stalls=True)) as server:
        async with client_of(server) as client, client.messages.stream(**ASK) as stream:
            async for _ in stream:
                break
    assert time.monotonic() - started < 5


async def test_an_error_in_the_middle_is_raised() -> None:
    with (
        says(Answer((talk("Hi"),), error="overloaded_error")) as server,
        pytest.raises(anthropic.APIStatusError, match="overloaded_error") as caught,
    ):
        await ask(server)

    assert caught.value.status_code == 200


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, "AuthenticationError"), (403, "PermissionDeniedError"), (429, "RateLimitError"), (529, "OverloadedError"),
     (502, "InternalServerError")],
)  # fmt: skip
async def test_a_status_reaches_the_sdk(status: int, error: str) -> None:
    with says(Answer(status=status)) as server, pytest.raises(anthropic.APIStatusError) as caught:
        await ask(server)

    assert caught.value.status_code == status
    assert error in [kind.__name__ for kind in type(caught.value).__mro__]


async def test_a_limit_that_passes_is_retried_by_the_sdk() -> None:
    busy = Answer(status=429, headers={"retry-after-ms": "1"})
    with ModelServer(personas.after([busy, busy], lambda request: HI)) as server:
        async with client_of(server, max_retries=2) as client:
            assert cast("anthropic.types.Message", await client.messages.create(**ASK)).content

    assert [request.headers["x-stainless-retry-count"] for request in server.requests] == ["0", "1", "2"]


async def test_an_id_is_never_given_out_twice_in_one_conversation() -> None:
    called = {"role": "assistant", "content": [call("find", {})]}
    with says(Answer((call("find", {}), call("find", {}, 2)))) as server:
        message = await ask(server, messages=[*ASK["messages"], called, {"role": "user", "content": [RESULT]}])

    assert [block.id for block in message.content if block.type == "tool_use"] == ["toolu_01_1", "toolu_02"]


def test_what_a_scripted_model_raises_is_raised_when_the_server_is_left() -> None:
    def broken(request: Request) -> Answer:
        raise KeyError("oops")

    def asked() -> None:
        with ModelServer(broken) as server:
            answer = httpx2.post(f"{server.url}/v1/messages", json=ASK, headers=HEADERS)
            assert (answer.status_code, answer.headers["x-should-retry"]) == (500, "false")

    with pytest.raises(KeyError, match="oops"):
        asked()


def test_it_serves_on_loopback_alone_and_frees_its_port() -> None:
    with says(HI) as server:
        port = int(server.url.rpartition(":")[2])
        assert server.url.startswith("http://127.0.0.1:")
        with pytest.raises(OSError, match="in use"), says(HI, port=port):
            pass
    with says(HI, port=port) as server:
        assert server.url.endswith(str(port))


def test_the_module_serves_a_persona_until_it_is_ended(tmp_path: Path) -> None:
    brief = tmp_path / "brief.yaml"
    brief.write_text(yaml.safe_dump({"sentences": [{"id": "a", "slot": "title", "text": "It is broken", "cites": []}]}))
    words = ["-m", "customer_escalation.testing", "well_behaved", "--sentences", str(brief)]
    with subprocess.Popen([sys.executable, *words], stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as served:
        assert served.stderr
        name, _, url = served.stderr.readline().strip().partition("=")
        answer = httpx2.post(f"{url}/v1/messages", json=ASK, headers=HEADERS).json()
        served.send_signal(signal.SIGTERM)
        assert (served.wait(10), served.stderr.read()) == (0, "")

    assert name == "ANTHROPIC_BASE_URL"
    (submitted,) = answer["content"]
    sentence: dict[str, Any] = {"kind": "observed", "formula": "", "cites": [], "slot": "title", "text": "It is broken"}
    assert submitted["input"] == {"sentences": [sentence], "dissent": []}
