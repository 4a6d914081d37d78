"""The sample company's cases for the tests of the model writer: each gathered and drafted once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from msgspec.structs import replace

from customer_escalation import settings, workflow
from customer_escalation.brief import Result
from customer_escalation.budget import Budget
from customer_escalation.model_setting import ModelSetting
from customer_escalation.settings import Setting
from customer_escalation.testing import ModelServer
from customer_escalation.workflow import Request
from customer_escalation.writers.model import write

CASES = Path(__file__).resolve().parents[2] / "evals" / "cases"
NAMES = sorted(path.stem for path in CASES.glob("sample-*.yaml"))
ACME = "sample-a-acme-500"
_DRAFTS: dict[str, Result] = {}


@cache
def gold(name: str) -> dict[str, Any]:
    """What is expected of one case."""
    return cast("dict[str, Any]", yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8")))


async def draft(name: str, setting: Setting) -> Result:
    """What the rules make of one case."""
    if name not in _DRAFTS:
        case = gold(name)
        _DRAFTS[name] = await workflow.escalate(Request(case["issue"], case["now"], case["customer"]), setting)
    return _DRAFTS[name]


async def written(
    name: str, server: ModelServer, *, budget: Budget | None = None, steps: list[str] | None = None, **more: Any
) -> Result:
    """The case as the server's model leaves it."""
    setting = settings.open_setting(None)
    model = replace(ModelSetting(base_url=server.url, api_key="k", budget=budget or Budget()), **more)
    noted = [] if steps is None else steps
    try:
        return await write(await draft(name, setting), setting, model, lambda step, detail: noted.append(detail))
    finally:
        setting.close()


def brief(name: str) -> list[dict[str, Any]]:
    """The hand-written excellent brief of a case, as a model would submit it."""
    file = CASES.parent / "briefs" / f"{name}.yaml"
    written = cast("list[dict[str, Any]]", yaml.safe_load(file.read_text(encoding="utf-8"))["sentences"])
    return [{key: value for key, value in each.items() if key != "id"} for each in written]
