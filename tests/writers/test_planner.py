"""Who writes, and what is told of it: the planner, the trace, and the words for each fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from customer_escalation import settings, tracing
from customer_escalation.model_setting import PROVIDERS, ModelSetting
from customer_escalation.planner import plan
from customer_escalation.testing import Answer, ModelServer, personas
from customer_escalation.workflow import Request
from customer_escalation.writers import faults, model
from tests.writers.cases import ACME, gold

pytestmark = pytest.mark.enable_socket

REQUEST = Request(gold(ACME)["issue"], gold(ACME)["now"])


async def planned(chosen: ModelSetting | None, steps: list[str]) -> Any:
    setting = settings.open_setting(None)
    try:
        return await plan(REQUEST, setting, chosen, lambda step, detail: steps.append(f"{step}: {detail}"))
    finally:
        setting.close()


async def test_without_a_model_the_rules_write() -> None:
    steps: list[str] = []

    result = await planned(None, steps)

    assert (result.planner, result.model, result.stats.model_turns) == ("rules", None, 0)
    assert not [step for step in steps if step.startswith("model")]


async def test_a_trace_holds_steps_and_calls_and_no_content(tmp_path: Path) -> None:
    file, steps = tmp_path / "trace.jsonl", list[str]()
    reads = [("support_get_ticket", {"ticket_id": "51655"})]
    with ModelServer(personas.well_behaved([], first=reads)) as server, tracing.written_to(file):
        result = await planned(ModelSetting(base_url=server.url, api_key="k"), steps)

    spans = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    kinds = [span["attributes"].get("gen_ai.operation.name") for span in spans]
    assert result.planner == "llm"
    assert sorted(kinds) == ["chat", "chat", "execute_tool", "invoke_agent"]
    assert "Dana" not in file.read_text("utf-8")
    assert steps[-1] == "model: 0 sentences accepted"


async def test_a_trace_of_refusals_holds_counts_and_slots(tmp_path: Path) -> None:
    file, told = tmp_path / "trace.jsonl", "Dana Whitlock of Acme says that 9.9 % fail"
    wrong = {"slot": "insights", "text": told, "cites": ["T-51842/3"], "kind": "stated_by_customer"}
    with ModelServer(personas.improving([[wrong]])) as server, tracing.written_to(file):
        await planned(ModelSetting(base_url=server.url, api_key="k"), [])

    written = file.read_text("utf-8")
    events = [event["attributes"]["detail"] for line in written.splitlines() for event in json.loads(line)["events"]]
    assert "0 sentences accepted, 1 refused; insights (1) out" in events
    assert "support_platform: 2" in events
    assert [word for word in ("Dana", "9.9", "Acme") if word in written] == []
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_trace_of_a_failed_run_repeats_nothing_that_the_server_said(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"
    body = '{"type": "error", "error": {"type": "api_error", "message": "you sent: Dana Whitlock"}}'
    fails = Answer(status=418, body=body, headers={"content-type": "application/json"})
    with ModelServer(lambda request: fails) as server, tracing.written_to(file):
        result = await planned(ModelSetting(base_url=server.url, api_key="k"), [])

    assert result.planner == "rules"
    assert "(HTTP 418)" in file.read_text("utf-8")
    assert "Dana" not in file.read_text("utf-8")


def test_without_a_trace_spans_and_events_cost_nothing() -> None:
    with tracing.span("invoke_agent", "x"):
        tracing.event("gather", "5 sources")

    assert tracing.sdk_option() == {"traces": False, "propagation": False}


def test_a_secret_in_a_step_is_masked_in_the_trace(tmp_path: Path) -> None:
    file, secret = tmp_path / "trace.jsonl", "sk_live_" + "51Hc93KtZ9vXq2Pp7"
    with tracing.written_to(file), tracing.span("execute_tool", f"find {secret}"):
        tracing.event("model", f"reads {secret}")

    assert secret not in file.read_text("utf-8")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "the key was refused by the Claude API; check ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN (HTTP 401)"),
        (403, "the key may not use claude-sonnet-5-5 at the Claude API (HTTP 403)"),
        (413, "the case is too large for the Claude API (HTTP 413)"),
        (418, "the Claude API refused the request (HTTP 418)"),
        (503, "the Claude API failed; try again later (HTTP 503)"),
        (200, "an error of the Claude API broke its answer off; try again later"),
    ],
)
def test_a_status_is_told_by_what_to_do(status: int, said: str) -> None:
    error = httpx2.HTTPError("the words of the other side")
    error.status_code = status  # type: ignore[attr-defined]  # as the SDK's errors have it

    assert faults.told(error, ModelSetting()) == said


def test_what_never_answers_is_told_apart_from_what_cannot_be_reached() -> None:
    assert faults.told(httpx2.ReadTimeout("x"), ModelSetting()) == "no answer from the Claude API in time"
    assert faults.told(httpx2.ConnectError("x"), ModelSetting()).startswith("the Claude API cannot be reached")


@pytest.mark.parametrize(("reason", "said"), [("tool_use", ""), ("end_turn", ""), (None, "its answer broke off")])
def test_an_answer_is_whole_or_says_why_not(reason: str | None, said: str) -> None:
    assert faults.unfinished(reason) == said


@pytest.mark.parametrize("provider", ["bedrock", "vertex", "foundry"])
async def test_a_provider_without_its_settings_leaves_the_rules_brief(
    provider: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "CLOUD_ML_REGION", "ANTHROPIC_FOUNDRY_RESOURCE"):
        monkeypatch.delenv(name, raising=False)

    result = await planned(ModelSetting(provider=provider), [])

    assert result.planner == "rules"
    assert f"{provider} is not set up" in result.notes[-1]
    assert "has no list of models" in await model.capabilities(ModelSetting(provider=provider))


async def test_a_provider_with_its_settings_has_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_FOUNDRY_API_KEY", "k")

    client = model.client_of(ModelSetting(provider="foundry", base_url="https://foundry.example/anthropic"))

    assert str(client.base_url).startswith("https://foundry.example/anthropic")
    await client.close()


async def test_bedrock_and_vertex_have_clients_with_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    dummies = {
        "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
        "CLOUD_ML_REGION": "europe-west1", "ANTHROPIC_VERTEX_PROJECT_ID": "p",
    }  # fmt: skip
    for name, value in dummies.items():
        monkeypatch.setenv(name, value)

    bedrock, vertex = (model.client_of(ModelSetting(provider=each)) for each in PROVIDERS[1:3])

    assert "eu-west-1" in str(bedrock.base_url)
    assert "europe-west1" in str(vertex.base_url)
    for client in (bedrock, vertex):
        assert callable(client.messages.stream)
        await client.close()
