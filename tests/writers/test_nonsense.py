"""Answers and settings that are nonsense in some way: the brief comes all the same, with one line that says why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from customer_escalation import settings
from customer_escalation.model_setting import ModelSetting, Provider
from customer_escalation.settings import Setting
from customer_escalation.testing import Answer, ModelServer, Request, call, talk
from customer_escalation.testing.personas import submission
from customer_escalation.writers import model
from tests.writers.cases import ACME, draft, written
from tests.writers.test_command import escalate, run

pytestmark = pytest.mark.enable_socket

NOTHING = '{"sentences": [], "dissent": []}'


def event(kind: str, **fields: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n"


def stream(block: dict[str, Any], raw: str | None = None, stop: Any = "tool_use", usage: Any = None) -> str:
    """One answer with this block, event by event, as a server may send it."""
    start: dict[str, Any] = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "x",
        "content": [],
        "stop_reason": None,
    }
    used = usage or {"input_tokens": 1, "output_tokens": 1}
    delta = {"type": "input_json_delta", "partial_json": raw}
    return "".join(
        (
            event("message_start", message={**start, "stop_sequence": None, "usage": used}),
            event("content_block_start", index=0, content_block=block),
            event("content_block_delta", index=0, delta=delta) if raw is not None else "",
            event("content_block_stop", index=0),
            event("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage={"output_tokens": 5}),
            event("message_stop"),
        )
    )


def tool(**fields: Any) -> dict[str, Any]:
    return {"type": "tool_use", "id": "toolu_1", "name": "submit_brief", "input": {}, **fields}


def without(block: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in block.items() if key != name}


BROKEN = {
    "no name": stream(without(tool(), "name"), NOTHING),
    "a null for a name": stream(tool(name=None), NOTHING),
    "a number for a name": stream(tool(name=7), NOTHING),
    "a list for a name": stream(tool(name=["submit_brief"]), NOTHING),
    "an empty name": stream(tool(name=""), NOTHING),
    "no id": stream(without(tool(), "id"), NOTHING),
    "a list for an id": stream(tool(id=["a"]), NOTHING),
    "an id that nothing can answer": stream(tool(id="a b/ü\n"), NOTHING),
    "a list for a stop reason": stream(tool(), NOTHING, ["x"]),
    "a number beyond all numbers": stream(tool(), '{"sentences": ' + "9" * 5000 + "}"),
}


@pytest.mark.parametrize("fault", BROKEN)
async def test_an_answer_that_breaks_the_protocol_leaves_the_rules_brief(fault: str) -> None:
    with ModelServer(lambda request: Answer(body=BROKEN[fault], headers=SSE)) as server:
        result = await written(ACME, server)

    assert result.planner == "rules"
    assert result.notes[-1] == (
        f"The model claude-sonnet-5-5 stopped early: what came from {server.url} is no answer of the Messages API; "
        "the rules wrote this brief"
    )


SSE = {"content-type": "text/event-stream"}
ODD = {
    "usage in words": stream(tool(), NOTHING, usage={"input_tokens": "12", "output_tokens": "x"}),
    "usage below nothing": stream(tool(), NOTHING, usage={"input_tokens": -5, "output_tokens": None}),
    "usage in fractions": stream(tool(), NOTHING, usage={"input_tokens": 1.5, "output_tokens": 0}),
    "a block of no known type": stream({"type": "hologram", "x": 1}),
    "a text that is null": stream({"type": "text", "text": None}),
    "arguments that are null": stream(tool(), "null"),
    "arguments that are a number": stream(tool(), "5"),
    "no arguments at all": stream(tool(input=None)),
}


@pytest.mark.parametrize("oddity", ODD)
async def test_an_odd_answer_is_no_end_of_the_conversation(oddity: str, recwarn: pytest.WarningsRecorder) -> None:
    def answers(request: Request) -> Answer:
        if request.number == 1:
            return Answer(body=ODD[oddity], headers=SSE)
        return Answer(body=stream(tool(id="toolu_2"), NOTHING), headers=SSE)

    with ModelServer(answers) as server:
        result = await written(ACME, server)

    assert result.planner == "llm"
    assert [str(each.message) for each in recwarn] == []
    assert result.stats.input_tokens >= 0


async def test_escapes_in_a_name_or_a_citation_reach_no_terminal() -> None:
    steps: list[str] = []
    wrong = {"slot": "insights", "text": "\x1b]0;pwn\x07 9.9 %", "cites": ["T-1\x1b]0;pwn"], "kind": "\x1b]0;pwn"}

    def answers(request: Request) -> Answer:
        if request.number == 1:
            return Answer(body=stream(tool(name="x\x1b]0;pwn"), "{}"), headers=SSE)
        return Answer((submission([wrong, {**wrong, "kind": "observed"}, {**wrong, "\x1b]0;pwn": 1}]),))

    with ModelServer(answers) as server:
        await written(ACME, server, steps=steps)

    assert "reads x_0_pwn" in steps
    assert [step for step in steps if not step.isprintable()] == []


async def test_an_accepted_submission_beside_a_failed_read_is_the_end() -> None:
    def answers(request: Request) -> Answer:
        return Answer((call("support_get_ticket", {"ticket_id": "nope"}), submission([])))

    with ModelServer(answers) as server:
        result = await written(ACME, server)

    assert (len(server.requests), result.planner) == (1, "llm")


async def test_a_model_that_submits_and_then_talks_leaves_the_rest_as_it_is() -> None:
    wrong = {"slot": "insights", "text": "It has grown to 9.9 %.", "cites": ["T-51842/3"], "kind": "observed"}

    def answers(request: Request) -> Answer:
        return Answer((submission([wrong]),)) if request.turns == 0 else Answer((talk("I leave that out."),))

    with ModelServer(answers) as server:
        result = await written(ACME, server)

    assert (len(server.requests), [note for note in result.notes if "stopped early" in note]) == (2, [])


async def test_an_answer_cut_inside_a_call_is_told_as_too_long_and_counted() -> None:
    body = stream(tool(), '{"sentences": [{"slot": "ti', "max_tokens", {"input_tokens": 900, "output_tokens": 1})
    with ModelServer(lambda request: Answer(body=body, headers=SSE)) as server:
        result = await written(ACME, server)

    assert "stopped early: its answer was longer than allowed" in result.notes[-1]
    assert (result.stats.input_tokens, result.stats.output_tokens) == (900, 5)


async def test_an_empty_account_is_told_and_not_asked_twice() -> None:
    said = '{"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}'
    poor = Answer(status=400, body=said, headers={"content-type": "application/json"})
    with ModelServer(lambda request: poor) as server:
        result = await written(ACME, server)

    assert len(server.requests) == 1
    assert "asks for payment first; check the account's balance (HTTP 400)" in result.notes[-1]


async def test_a_redirect_is_told_and_not_followed() -> None:
    with ModelServer(lambda request: Answer()) as other:
        away = Answer(status=307, body="x", headers={"location": f"{other.url}/v1/messages"})
        with ModelServer(lambda request: away) as server:
            result = await written(ACME, server)

    assert other.requests == []
    assert f"{server.url} points to another address, which is not followed; check the base URL" in result.notes[-1]


class Surprise(Exception):  # noqa: N818 - something of no known kind
    """What no module foresees."""


async def test_whatever_is_raised_leaves_the_rules_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    def raises(*_: object) -> None:
        raise Surprise("with words that nobody should see")

    monkeypatch.setattr(model, "case_text", raises)
    setting = settings.open_setting(None)

    result = await _written(setting, ModelSetting(base_url="http://127.0.0.1:9"))

    assert result.notes[-1] == (
        "The model claude-sonnet-5-5 stopped early: an unexpected Surprise ended its work; please report it; "
        "the rules wrote this brief"
    )


@pytest.mark.parametrize("provider", ["bedrock", "vertex"])
async def test_a_provider_that_finds_no_credentials_leaves_the_rules_brief(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (("AWS_REGION", "eu-west-1"), ("CLOUD_ML_REGION", "europe-west1"), ("HOME", str(tmp_path))):
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "GOOGLE_APPLICATION_CREDENTIALS", "ANTHROPIC_VERTEX_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)

    result = await _written(settings.open_setting(None), ModelSetting(provider=provider))

    assert result.planner == "rules"
    assert f"{provider} is not set up: set its own variables for credentials and region" in result.notes[-1]


async def _written(setting: Setting, chosen: ModelSetting) -> Any:
    try:
        return await model.write(await draft(ACME, setting), setting, chosen, lambda step, detail: None)
    finally:
        setting.close()


CERTIFICATES = "the certificates to trust cannot be read; check SSL_CERT_FILE and SSL_CERT_DIR"
PROXY = "the proxy to go through is no address that can be used; check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("SSL_CERT_FILE", "/nonexistent", CERTIFICATES), ("ALL_PROXY", "socks9://x", PROXY)],
)
def test_what_keeps_every_request_from_being_sent_is_named(tmp_path: Path, name: str, value: str, said: str) -> None:
    setting = {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9", name: value}

    done, doctor = escalate(tmp_path, **setting), run(tmp_path, "doctor", **setting)

    assert done.stderr == (
        f"customer-escalation: The model claude-sonnet-5-5 stopped early: {said}; the rules wrote this brief\n"
    )
    assert (done.returncode, json.loads(done.stdout)["planner"]) == (0, "rules")
    assert f"  model             {said}\n" in doctor.stdout


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("ANTHROPIC_BASE_URL", "http://localhost:abc", "not an address like https://host:port/path"),
        ("ANTHROPIC_BASE_URL", "http://localhost:99999", "not an address like https://host:port/path"),
        ("ANTHROPIC_BASE_URL", "http://[::1", "not an address like https://host:port/path"),
        ("ANTHROPIC_BASE_URL", "https://exa mple.com", "holds a space or a letter that no address has"),
        ("ANTHROPIC_BASE_URL", "https://example.com?x=1", "ends in ?... or #..., which no base URL has"),
        ("ANTHROPIC_API_KEY", "sk-a\nb", "holds a space, a line break or a letter that no key has"),
        ("ANTHROPIC_AUTH_TOKEN", "ключ", "holds a space, a line break or a letter that no key has"),
        ("CUSTOMER_ESCALATION_MODEL", "x\x1b]0;y", "no model has a name like 'x\\x1b]0;y'"),
    ],
)
def test_a_setting_that_could_never_work_is_named_before_anything_is_read(
    tmp_path: Path, name: str, value: str, line: str
) -> None:
    done = escalate(tmp_path, **{"ANTHROPIC_API_KEY": "k", name: value})

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"customer-escalation: {name}: {line}\n")


@pytest.mark.parametrize(
    ("arguments", "left_out"),
    [
        ('{"sentences": 7}', "what the model submitted (3)"),
        ('{"sentences": "I have nothing to say"}', "what the model submitted (3)"),
        ('{"dissent": "no"}', "sentences of the model for dissent (1)"),
        ("[1, 2]", "sentences of the model for no slot (2)"),
    ],
)
async def test_nonsense_sent_three_times_is_not_told_as_written_by_the_model(arguments: str, left_out: str) -> None:
    def answers(request: Request) -> Answer:
        return Answer(body=stream(tool(id=f"toolu_{request.number}"), arguments), headers=SSE)

    with ModelServer(answers) as server:
        result = await written(ACME, server)

    assert (len(server.requests), result.planner, result.model) == (3, "rules", None)
    assert result.notes[-1].endswith(f": {left_out}")


async def test_nonsense_and_then_an_error_says_one_thing() -> None:
    def answers(request: Request) -> Answer:
        body = stream(tool(), '{"sentences": 7}')
        return Answer(body=body, headers=SSE) if request.number == 1 else Answer(status=400)

    with ModelServer(answers) as server:
        result = await written(ACME, server)

    assert result.planner == "rules"
    assert result.notes[-2].endswith("(HTTP 400); the rules wrote this brief")


async def test_nonsense_that_is_mended_is_forgotten() -> None:
    def answers(request: Request) -> Answer:
        arguments = '{"sentences": 7}' if request.number == 1 else NOTHING
        return Answer(body=stream(tool(id=f"toolu_{request.number}"), arguments), headers=SSE)

    with ModelServer(answers) as server:
        result = await written(ACME, server)

    assert (result.planner, [note for note in result.notes if "model" in note]) == ("llm", [])


def test_the_command_says_why_the_model_stopped_before_what_it_left_out(tmp_path: Path) -> None:
    wrong = {"slot": "insights", "text": "It has grown to 9.9 %.", "cites": ["T-51842/3"], "kind": "observed"}

    def answers(request: Request) -> Answer:
        return Answer((submission([wrong]),)) if request.number == 1 else Answer(status=400)

    with ModelServer(answers) as server:
        done = escalate(tmp_path, ANTHROPIC_BASE_URL=server.url)

    assert done.stderr.startswith("customer-escalation: The model claude-sonnet-5-5 stopped early: ")
