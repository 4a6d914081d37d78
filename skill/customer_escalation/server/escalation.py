"""Tools of the workflow: gather, assess, submit, show, status."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from mcp.server.mcpserver.tools import Tool
from pydantic import Field, WithJsonSchema

from customer_escalation.server import digest
from customer_escalation.server.desk import Answer, Call, Desk, Report
from customer_escalation.server.strict import tool

if TYPE_CHECKING:
    from customer_escalation.brief import Result
    from customer_escalation.casebook import Casebook
    from customer_escalation.settings import Setting

CaseId = Annotated[str, Field(min_length=1)]
_SENTENCES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "slot": {
                "type": "string",
                "enum": [
                    "title",
                    "description",
                    "workflow_impact",
                    "expectation",
                    "escalation_risk",
                    "needed",
                    "insights",
                ],
            },
            "text": {"type": "string"},
            "cites": {"type": "array", "items": {"type": "string"}, "description": "evidence ids"},
            "kind": {
                "type": "string",
                "enum": ["observed", "stated_by_customer", "stated_by_staff", "derived", "absence", "hypothesis"],
                "default": "observed",
            },
            "formula": {"type": "string", "description": "for derived: arithmetic over cited figures"},
        },
        "required": ["slot", "text", "cites"],
        "additionalProperties": False,
    },
}


async def escalation_gather(
    call: Call,
    issue: Annotated[str, Field(min_length=1, max_length=20_000, description="what the person typed")],
    customer: str = "",
) -> Answer:
    """Start here: one call reads every connected source, decides by policy and opens a case.

    Gives a case_id, numbered evidence and a complete draft brief.
    """
    from customer_escalation.workflow import Request, escalate

    desk = call.desk
    setting = await call.setting()
    progress = _Progress(call.report)
    async with aclosing(progress):
        result = await escalate(Request(issue=issue, customer=customer, now=desk.now(setting)), setting, progress.note)
    return await call.kept(partial(_opened, result=result, setting=setting, actor=call.model, customer=customer))


def _opened(casebook: Casebook, result: Result, setting: Setting, actor: str, customer: str) -> Answer:
    from customer_escalation.casebook.earlier import answer, earlier
    from customer_escalation.casebook.opening import followed_as, open_case

    known, live = answer(earlier(casebook, result, setting)), followed_as(casebook, result)
    case_id = open_case(casebook, result, setting, actor=actor, customer=customer, follow=live is None)
    gathered = digest.gathered(case_id, result, known)
    if live is None:
        return gathered
    go_on = f"go on with {live.case_id}; {case_id} has no clocks until case_update(what=escalated) opens it as a second"
    return {"case_id": case_id, "already": f"{live.says}: {go_on}", **gathered}


async def escalation_assess(call: Call, case_id: CaseId) -> Answer:
    """Why the case was decided as it was: every criterion with its evidence, the impact, severity and target."""

    def assessed(casebook: Casebook) -> Answer:
        case = casebook.get(case_id)
        return digest.assessed(case.id, case.result)

    return await call.kept(assessed)


async def escalation_submit(
    call: Call, case_id: CaseId, sentences: Annotated[object, WithJsonSchema(_SENTENCES)]
) -> Answer:
    """Put your own sentences into the draft: each is checked against the evidence it cites, refused ones come back
    with the reason. A description is replaced as a whole (3 to 5 sentences), insights are added; figures and the
    decision stay with code.
    """
    from customer_escalation.submit import submit

    def submitted(casebook: Casebook) -> Answer:
        case = casebook.get(case_id)
        submission = submit(case.result, sentences)
        if submission.accepted:
            casebook.change(case, submission.result)
        return digest.submitted(case.id, submission)

    return await call.kept(submitted)


async def escalation_show(
    call: Call,
    case_id: CaseId,
    format: Literal["markdown", "json", "html", "slack"] = "markdown",  # noqa: A002 - the parameter's public name
    evidence_ids: Annotated[
        str, Field(max_length=2000, description="ids, separated by spaces; gives these rows in full")
    ] = "",
) -> Answer:
    """Show the brief of a case, or evidence rows in full."""
    from customer_escalation.render import render

    rendered = call.desk.rendered

    def shown(casebook: Casebook) -> Answer:
        case = casebook.get(case_id)
        if evidence_ids.strip():
            return digest.rows_in_full(case.id, case.result, evidence_ids.replace(",", " ").split())
        key = case.id, case.revision, format
        return {
            "case_id": case.id,
            "format": format,
            "brief": rendered.get(key) or rendered.keep(key, render(case.result, format)),
            "next": digest.SHOWN,
        }

    return await call.kept(shown)


async def escalation_status(call: Call) -> Answer:
    """What is connected and what is not, which workspace, how many cases are kept."""
    return digest.status(await call.setting(), await call.kept(lambda casebook: casebook.count()))


class _Progress:
    """Steps of a run, reported in order while it runs; what is left is reported at the end."""

    def __init__(self, report: Report) -> None:
        self._steps: asyncio.Queue[str | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._forward(report))

    def note(self, step: str, detail: str) -> None:
        """Take one step; never waits."""
        self._steps.put_nowait(f"{step}: {detail}" if detail else step)

    async def aclose(self) -> None:
        """Report what is left."""
        self._steps.put_nowait(None)
        await self._task

    async def _forward(self, report: Report) -> None:
        number = 0
        while (message := await self._steps.get()) is not None:
            number += 1
            await report(number, None, message)


def tools(desk: Desk) -> tuple[Tool, ...]:
    """The tools of this family; the two that begin and end a case are always loaded.

    gather counts as reading: what it keeps is its own note of what it read. submit changes a text that a person will
    read, so it says that it is not read-only, and Codex asks before it runs (`codex exec` without approvals refuses it;
    the draft is complete without it).
    """
    return (
        tool(desk, escalation_gather, "Gather and draft", idempotent=False, always_load=True),
        tool(desk, escalation_assess, "Explain the decision"),
        tool(desk, escalation_submit, "Submit sentences", read_only=False, always_load=True),
        tool(desk, escalation_show, "Show the brief"),
        tool(desk, escalation_status, "Show what is connected"),
    )
