"""Who writes: the rules always, then a language model where one is set; every sentence verified either way."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from customer_escalation import tracing
from customer_escalation.brief import Result
from customer_escalation.settings import Setting
from customer_escalation.workflow import Report, Request, escalate, quiet

if TYPE_CHECKING:
    from customer_escalation.model_setting import ModelSetting


async def plan(request: Request, setting: Setting, model: ModelSetting | None = None, report: Report = quiet) -> Result:
    """The verified result, by the rules or with this model over their draft. Raises InputError and NothingRead."""
    started = time.monotonic()

    def noted(step: str, detail: str) -> None:
        tracing.step(step, detail)
        report(step, detail)

    with tracing.span("invoke_agent", tracing.AGENT):
        draft = await escalate(request, setting, noted)
        if model is None:
            return draft
        from customer_escalation.writers.model import write

        result = await write(draft, setting, model, report)
    return replace(result, stats=replace(result.stats, wall_ms=int((time.monotonic() - started) * 1000)))
