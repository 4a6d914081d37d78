"""Who makes the results that are scored: the rules, a scripted model over real HTTP, or the configured model."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from customer_escalation import settings
from customer_escalation.brief import Result
from customer_escalation.model_setting import ModelSetting
from customer_escalation.planner import plan
from customer_escalation.testing import ModelServer, personas
from customer_escalation.workflow import Request
from evals.cases import ROOT, EvalCase

BRIEFS = ROOT / "briefs"
NAMES = ("rules", "scripted", "llm")


class NotWrittenError(Exception):
    """The model wrote nothing, so that the result is the rules' and says nothing of the model."""


class NoModelError(Exception):
    """`llm` was asked for and no model is set."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A result, and how many of the sentences that a model first submitted for it were accepted and refused.

    `usd` is what a model cost, by the tokens that its API reported; None where there is no price, or no model.
    """

    result: Result
    accepted: int = 0
    refused: int = 0
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Planner:
    """A name, what makes a result of a case, and for which cases it can."""

    name: str
    run: Callable[[EvalCase], Awaitable[Planned]]
    covers: Callable[[EvalCase], bool] = lambda _: True


def planner(name: str) -> Planner:
    """The planner of this name. Raises NoModelError."""
    if name == "rules":
        return Planner(name, _planned)
    if name == "scripted":
        return Planner(name, _scripted, lambda case: _brief(case).is_file())
    model = settings.model_setting()
    if model is None:
        raise NoModelError("llm: no model is set; set ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL")
    return Planner(name, lambda case: _planned(case, model))


async def _planned(case: EvalCase, model: ModelSetting | None = None) -> Planned:
    """What the rules make of it, or the model, which must have written something. Raises NotWrittenError."""
    setting = settings.open_setting(case.workspace)
    steps: list[str] = []
    try:
        request = Request(case.issue, case.now, case.customer)
        result = await plan(request, setting, model, lambda _, detail: steps.append(detail))
    finally:
        setting.close()
    if model is not None and result.planner != "llm":
        about = [note for note in result.notes if "model" in note]
        raise NotWrittenError(about[0] if about else "the model wrote nothing")
    return Planned(result, *_submitted(steps), _cost(steps))


def _cost(steps: Sequence[str]) -> float | None:
    """What the run reported that it cost."""
    found = (re.fullmatch(r"cost USD ([\d.]+)", step) for step in steps)
    return next((float(each[1]) for each in found if each), None)


def _submitted(steps: Sequence[str]) -> tuple[int, int]:
    """What became of the sentences of the first submission, as the run reported it."""
    found = (re.fullmatch(r"(\d+) sentences accepted, (\d+) refused", step) for step in steps)
    return next(((int(each[1]), int(each[2])) for each in found if each), (0, 0))


async def _scripted(case: EvalCase) -> Planned:
    """The answer that lies in `briefs/`, as a model would send it."""
    told = cast("dict[str, Any]", yaml.safe_load(_brief(case).read_text(encoding="utf-8")))
    sentences = [{name: value for name, value in each.items() if name != "id"} for each in told["sentences"]]
    with ModelServer(personas.well_behaved(sentences, told.get("dissent", ()))) as server:
        return await _planned(case, ModelSetting(base_url=server.url))


def _brief(case: EvalCase) -> Path:
    return BRIEFS / f"{case.id.removesuffix('-twin')}.yaml"
