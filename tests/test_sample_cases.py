"""The ten cases of the sample company come out as their gold says; case A shows what a sharp colleague would see."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from customer_escalation import resources, settings, workflow
from customer_escalation.brief import Result
from customer_escalation.render import render
from customer_escalation.workflow import Request
from evals.scorers import texts

CASES = Path(__file__).resolve().parents[1] / "evals" / "cases"
NAMES = sorted(path.stem for path in CASES.glob("sample-*.yaml"))
ACME = "sample-a-acme-500"
LIVE_KEY = re.compile(r"sk_live_[^\s\"\\]+")
CHANNEL = re.compile(r"#[\w-]+")


@cache
def gold(name: str) -> dict[str, Any]:
    """What is expected of one case."""
    return cast("dict[str, Any]", yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8")))


_RESULTS: dict[str, Result] = {}


async def result_of(name: str) -> Result:
    """The result of one case, worked out once."""
    if name not in _RESULTS:
        case, setting = gold(name), settings.open_setting(None)
        _RESULTS[name] = await workflow.escalate(Request(case["issue"], case["now"], case["customer"]), setting)
        setting.close()
    return _RESULTS[name]


def test_there_are_ten_cases() -> None:
    assert len(NAMES) == 10


@pytest.mark.parametrize("name", NAMES)
async def test_decision_severity_and_target_are_the_gold_s(name: str) -> None:
    wanted, accepted = gold(name)["expect"], gold(name)["accept"]

    result = await result_of(name)

    assert result.decision == wanted["decision"]
    assert result.severity in [wanted["severity"], *accepted["severity"]]
    assert result.target in [wanted["target"], *accepted["target"]]


@pytest.mark.parametrize("name", NAMES)
async def test_everything_that_must_be_in_the_result_is(name: str) -> None:
    wanted = [[entry] if isinstance(entry, str) else entry for entry in gold(name)["must_contain"]]

    text = "\n".join(texts(json.loads(render(await result_of(name), "json"))))

    assert [forms for forms in wanted if not any(form in text for form in forms)] == []


@pytest.mark.parametrize("name", NAMES)
async def test_every_statement_is_supported(name: str) -> None:
    result = await result_of(name)

    assert result.verification.unsupported == ()
    assert result.verification.statements > 20


@pytest.mark.parametrize("name", NAMES)
async def test_revenue_is_told_for_accounts_with_a_record_and_unknown_for_others(name: str) -> None:
    result = await result_of(name)

    revenue = result.brief.impact.revenue_at_risk
    known = set(revenue.by_account) if revenue is not None else set[str]()
    unknown = [line for line in result.unknown if line.startswith("Revenue")]
    for customer in set(result.brief.impact.customers_affected.names) - known:
        assert any(customer in line for line in unknown), customer


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["json", "markdown", "html", "slack"])
async def test_the_secret_that_was_pasted_appears_in_no_format(name: str, form: str) -> None:
    tickets = (resources.SAMPLE / "tickets.jsonl").read_text(encoding="utf-8")
    ticket = next(line for line in tickets.splitlines() if json.loads(line)["id"] == "51842")
    (secret,) = set(LIVE_KEY.findall(ticket))

    shown = render(await result_of(name), cast("Any", form))

    assert secret not in shown
    assert secret[8:] not in shown


async def test_no_destination_comes_from_what_was_read() -> None:
    configured = yaml.safe_load((resources.SAMPLE / "workspace.yaml").read_text(encoding="utf-8"))
    channels = set(CHANNEL.findall(json.dumps(configured["teams"])))

    results = [await result_of(name) for name in NAMES]

    found = {step.destination for result in results for step in result.next_steps if step.destination[0] == "#"}
    assert found
    assert found <= channels


def cites_of(result: Result, *words: str) -> set[str]:
    """What the insights with all of these words cite; fails where there is none."""
    found = [s for s in result.brief.insights if all(word in s.text for word in words)]
    assert found, words
    return {cite for statement in found for cite in statement.cites}


@pytest.mark.parametrize(
    ("words", "cites"),
    [
        pytest.param(("promised", "noon"), {"T-51842"}, id="the promise for noon that was missed"),
        pytest.param(("for a public answer",), {"T-51842"}, id="the question that nobody answered"),
        pytest.param(("waited for an approval",), {"I-ORD-3310"}, id="the fix that waits for an approval"),
        pytest.param(("documented mitigation",), {"K-kb-secondary-endpoint"}, id="the mitigation nobody tried"),
        pytest.param(("Pellworth", "does not name"), {"I-ORD-3310", "T-51871"}, id="the reporter the tracker lacks"),
        pytest.param(("SLA", "runs out"), {"T-51842"}, id="the clock that is running"),
    ],
)
async def test_case_a_points_out_what_a_sharp_colleague_would_see(words: tuple[str, ...], cites: set[str]) -> None:
    result = await result_of(ACME)

    found = {cite.split("/")[0] for cite in cites_of(result, *words)}
    assert found & cites


async def test_case_a_keeps_both_sides_of_fixed_and_not_fixed() -> None:
    result = await result_of(ACME)

    sides = [conflict.cites for conflict in result.conflicts if "fixed with the 14:05 deploy" in conflict.text]
    assert "M-m-0107" in {cites[0] for cites in sides}
    assert {len(cites) for cites in sides} == {2}


async def test_case_a_asks_to_revoke_the_key() -> None:
    result = await result_of(ACME)

    assert [s.destination for s in result.next_steps if "revoke" in s.title] == ["ticket 51842"]
