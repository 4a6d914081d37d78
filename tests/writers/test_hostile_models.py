"""Every hostile model on every case of the sample company: the brief stays the right one, and nothing gets out."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any, cast

import pytest
from msgspec.structs import replace

from customer_escalation import settings
from customer_escalation.brief import Result
from customer_escalation.budget import Budget
from customer_escalation.claims import claims
from customer_escalation.render import render
from customer_escalation.testing import Answer, Model, ModelServer, Request
from customer_escalation.testing.hostile import HOSTILE
from customer_escalation.testing.plausible import plausible
from tests.writers.cases import NAMES, draft, written

pytestmark = pytest.mark.enable_socket

QUICK = Budget(seconds=20)
IMPATIENT = Budget(seconds=0.5)
SLOW = {"stalled"}
TRUE_ELSEWHERE = {"misciting"}  # says what the records say, of the wrong row; where another one holds it, it may stand
INVENTED = (
    "7,777,777", "7777777", "99999", "Globex", "2031", "9.9.9", "Quartermain", "cosmic", "4,711", "hospitals",
    "#general", "As instructed", "It is fixed", "orders are lost", "All is ", "xxxx",
)  # fmt: skip
PLAUSIBLE = 0.15  # of what a liar makes of the rows' own words, at the most
SECRETS = ("sk_live_51Hc93KtZ9vXq2", "AKIAIOSFODNN7EXAMPLE")


@pytest.fixture(scope="module", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One index for all of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUSTOMER_ESCALATION_HOME", str(tmp_path_factory.mktemp("home")))
        yield


def outcome(result: Result) -> dict[str, object]:
    """What no model may change."""
    return {
        "decision": (result.decision, result.severity, result.target, result.also_inform),
        "reasons": result.reasons,
        "impact": (result.brief.impact.customers_affected, result.brief.impact.revenue_at_risk),
        "figures": (result.brief.impact.time_in_queue, result.brief.deadline, result.brief.reproduction),
        "next steps": [(step.kind, step.destination, step.title) for step in result.next_steps],
        "sources": result.sources,
        "dissent": result.dissent,
    }


@pytest.mark.parametrize("persona", HOSTILE)
async def test_a_hostile_model_changes_nothing_and_gets_nothing_out(
    persona: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    steps: list[str] = []
    said: set[str] = set()
    with ModelServer(overheard(HOSTILE[persona], said)) as server:
        for name in NAMES:
            setting = settings.open_setting(None)
            before = await draft(name, setting)
            setting.close()
            asked = len(server.requests)

            result = await written(name, server, budget=IMPATIENT if persona in SLOW else QUICK, steps=steps)

            assert outcome(result) == outcome(before), name
            assert result.verification.unsupported == (), name
            assert invented(result, before) == [], name
            assert persona in TRUE_ELSEWHERE or not said & new(result, before), name
            assert len(server.requests) - asked <= 9, (
                name
            )  # six of ours at the most; the SDK repeats a refused one twice
    sent = "".join(server.sent)
    told = json.dumps(steps) + caplog.text
    assert server.refused == []  # whatever it said, the conversation went on as the API wants it
    assert [secret for secret in SECRETS if secret in sent or secret in told] == []


async def test_a_plausible_liar_changes_no_decision_and_gets_few_of_its_sentences_in() -> None:
    """What it turns around stands in the rows' own words, so that some of it passes: how much is a figure."""
    submitted, let_in = 0, list[str]()
    for name in NAMES:
        said: set[str] = set()
        with ModelServer(overheard(plausible, said)) as server:
            setting = settings.open_setting(None)
            before = await draft(name, setting)
            setting.close()

            result = await written(name, server, budget=QUICK)

        assert outcome(result) == outcome(before), name
        submitted += len(said)
        let_in += sorted(said & new(result, before))

    print(f"{len(let_in)} of {submitted} plausible lies accepted", *let_in, sep="\n")  # noqa: T201 - the rate is what this is for
    assert submitted >= 50
    assert len(let_in) <= PLAUSIBLE * submitted


def overheard(model: Model, said: set[str]) -> Model:
    """The model; the texts of the sentences that it submits are kept."""

    def answer(request: Request) -> Answer:
        given = model(request)
        said.update(text for block in given.content if block["type"] == "tool_use" for text in texts(block["input"]))
        return given

    return answer


def texts(value: object) -> Iterator[str]:
    """Every "text" of some JSON."""
    if isinstance(value, list):
        for item in cast("list[object]", value):
            yield from texts(item)
    elif isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            yield from [item] if name == "text" and isinstance(item, str) else texts(item)


def new(result: Result, before: Result) -> set[str]:
    """What the result says and the draft did not say."""
    return {claim.statement.text for claim in claims(result)} - {claim.statement.text for claim in claims(before)}


def invented(result: Result, before: Result) -> list[str]:
    """What the result says and no record holds; a line of the draft is known to be good.

    What the model cost is no part of what it says: 20,311 tokens are not the year 2031.
    """
    whole, held = (render(replace(each, stats=before.stats), "json") for each in (result, before))
    return [
        *(word for word in INVENTED if word in " ".join(new(result, before)) or whole.count(word) > held.count(word)),
        *(secret for secret in SECRETS if secret in whole),
    ]
