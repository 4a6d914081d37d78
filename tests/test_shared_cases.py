"""Twelve real cases from the developers' shared folder: the verdict, the facts that must be there, and nothing made up.

They stand beside the repository (or in SHARED_CASES) and are never copied into it.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from customer_escalation import settings, workflow
from customer_escalation.brief import Result
from customer_escalation.render import render
from customer_escalation.workflow import Request
from evals.scorers import texts

FOLDER = Path(os.environ.get("SHARED_CASES") or Path(__file__).resolve().parents[2] / "shared" / "cases")
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/case.json"))
STRICT = os.environ.get("CI_STRICT") == "1"
DECISIONS = {"escalate": "escalate", "handle": "handle_in_support"}
TARGETS = {"L2": "l2_support", "none": None}
RIGHT_VERDICTS, RIGHT_FACTS = 11, 0.95

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not NAMES and not STRICT, reason="the shared cases are not beside this checkout: SHARED_CASES"),
]

_RESULTS: dict[str, Result] = {}


def gold(name: str) -> dict[str, Any]:
    """The whole case file."""
    return cast("dict[str, Any]", json.loads((FOLDER / name / "case.json").read_text(encoding="utf-8")))


async def result_of(name: str) -> Result:
    """The result of one case, worked out once."""
    if name not in _RESULTS:
        case, setting = gold(name), settings.open_setting(FOLDER / name / "workspace")
        now = datetime.fromisoformat(case["now"])
        _RESULTS[name] = await workflow.escalate(Request(case["issue"], now), setting)
        setting.close()
    return _RESULTS[name]


def is_right(result: Result, acceptable: dict[str, list[str]]) -> bool:
    """Whether decision, severity and target are all among what is acceptable."""
    decisions = [DECISIONS[word] for word in acceptable["escalate_or_handle"]]
    severities = [None if word == "none" else word.lower() for word in acceptable["severity"]]
    targets = [TARGETS.get(word, word.lower()) for word in acceptable["target_team"]]
    return result.decision in decisions and result.severity in severities and result.target in targets


def test_the_cases_are_there() -> None:
    assert len(NAMES) == 12


async def test_decision_severity_and_target_are_acceptable_in_eleven_of_twelve() -> None:
    wrong = [name for name in NAMES if not is_right(await result_of(name), gold(name)["gold"]["acceptable"])]

    assert len(NAMES) - len(wrong) >= RIGHT_VERDICTS, wrong


async def test_the_facts_that_must_be_there_are() -> None:
    missing: list[tuple[str, object]] = []
    wanted = 0
    for name in NAMES:
        facts = gold(name)["gold"]["must_contain"]
        text = "\n".join(texts(json.loads(render(await result_of(name), "json")))).lower()
        wanted += len(facts)
        missing += [(name, fact) for fact in facts if not any(form.lower() in text for form in forms(fact))]

    assert wanted - len(missing) >= RIGHT_FACTS * wanted, missing


def forms(fact: str | list[str]) -> list[str]:
    """The forms in which a fact counts as told."""
    return [fact] if isinstance(fact, str) else fact


@pytest.mark.parametrize("name", NAMES)
async def test_no_revenue_is_told_that_no_record_holds(name: str) -> None:
    result = await result_of(name)

    assert result.brief.impact.revenue_at_risk is None
    assert any(line.startswith("Revenue: unknown") for line in result.unknown)


@pytest.mark.parametrize("name", NAMES)
async def test_every_statement_is_supported(name: str) -> None:
    result = await result_of(name)

    assert result.verification.unsupported == ()
