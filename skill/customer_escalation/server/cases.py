"""Tools of follow-through: list, show, update, approve, due, de-escalate, close.

A tool that needs a person's yes shows them a form with the exact text; where that gives no yes, nothing is done and the
answer names the command by which a person does it. No argument of a tool is an approval.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from customer_escalation.render.exact import marked
from customer_escalation.server.asking import Decision, Question
from customer_escalation.server.desk import Answer, Call, Desk
from customer_escalation.server.strict import tool

if TYPE_CHECKING:
    from customer_escalation.casebook import Casebook
    from customer_escalation.follow_up import Office

T = TypeVar("T")
CaseId = Annotated[str, Field(min_length=1)]
Text = Annotated[str, Field(max_length=2000)]
What = Literal[
    "note", "acknowledged", "in_progress", "fix_pending", "resolved", "told", "confirmed", "joined", "promised", "kept",
    "checked", "severity", "attend", "snooze", "disagree", "learned", "done", "escalated",
]  # fmt: skip
UNSAID = {"no": "the person said no", "cancelled": "the person closed the form"}
SAID_NO = "no in the form"
WAITS = "case_approve(case_id, write=id) asks again; a person can also run the command"


async def case_list(
    call: Call,
    status: Annotated[str, Field(description="live, all, or one status")] = "live",
    limit: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Answer:
    """List the kept cases, newest first, with what is due next."""
    from customer_escalation.follow_up import listing

    return await _do(call, lambda office: listing.cases(office, status, limit))


async def case_show(call: Call, case_id: CaseId, events: Annotated[int, Field(ge=0, le=200)] = 10) -> Answer:
    """How a case stands: customers, clocks, promises, proposals that wait, what happened, what can be written next."""
    from customer_escalation.follow_up import showing

    return await _do(call, lambda office: showing.show(office, case_id, events=events))


async def case_due(
    call: Call,
    hours: Annotated[int, Field(ge=0, le=336, description="how far ahead")] = 2,
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
) -> Answer:
    """What is due in all cases, each with a drafted update, and which proposals wait for a person."""
    from customer_escalation.follow_up import dueing

    answer = await _do(call, lambda office: dueing.due(office, hours, limit))
    if answer["due"]:
        answer["next"] = (
            "propose a draft by case_approve (a customer: write=reply_to_customer, to=the customer; "
            "internal: write=post_to_chat); what happened elsewhere goes into case_update"
        )
    return answer


async def case_update(
    call: Call,
    case_id: CaseId,
    what: What,
    customer: str = "",
    value: Annotated[
        str,
        Field(
            description="severity; joined: tickets; kept: promise; attend, snooze, disagree: clock; "
            "learned: root_cause, fix, fix_version, workaround or recognise; done: duty, perhaps its place"
        ),
    ] = "",
    due: Annotated[str, Field(description="promised, snooze: RFC 3339")] = "",
    why: Text = "",
    *,
    decision: Decision,
) -> Answer:
    """Record what happened to a case. All but a note asks the person first."""
    from customer_escalation.follow_up import updating

    work = partial(
        updating.update, case_id=case_id, what=what, customer=customer, value=value, due=due, why=why
    )  # fmt: skip
    return await _once_said(call, decision, work)


async def _ask_update(
    call: Call, case_id: str, what: str, customer: str, value: str, due: str, why: str
) -> Question | None:
    from customer_escalation.follow_up import by_hand, updating

    def asked(office: Office) -> Question | None:
        fact = updating.stated(office, case_id, what, customer=customer, value=value, due=due, why=why)
        if not updating.needs_a_person(what):
            return None
        run = by_hand.update(case_id, what, customer=customer, value=value, due=due, why=why)
        return _fact(f"Record this in {_id(case_id)}?", fact.says, fact.why, run)

    return await _do(call, asked)


async def case_approve(
    call: Call,
    case_id: CaseId,
    write: Annotated[
        str,
        Field(min_length=1, description="id of a next step (n1), a proposal or a duty, or with text a kind of write"),
    ],
    to: Annotated[str, Field(description="where, if several: ticket, customer, channel")] = "",
    text: Annotated[str, Field(max_length=60_000, description="your own text")] = "",
    send: Annotated[bool, Field(description="send a reply, not leave a draft")] = False,
    *,
    decision: Decision,
) -> Answer:
    """Propose a write (chat post, ticket reply or note, tracker issue) and show the person its exact text; their yes in
    the form writes it at once, and nothing else does.
    """
    from customer_escalation.follow_up import approving

    del case_id, write, to, text, send
    question = decision.question
    if question is not None and decision.verdict == "no":
        no = await _do(call, lambda office: approving.decline(office.by_the_person(), question.proposal, SAID_NO))
        return {**_unsaid(call, decision), "declined": no["id"], "state": no["state"]}
    if question is None or decision.verdict != "yes":
        return _unsaid(call, decision)

    def said_yes(office: Office) -> Office:
        mine = office.by_the_person()
        approving.say_yes(mine, question.proposal, question.sha256)
        return mine

    return await approving.carry_out(await _do(call, said_yes), question.proposal)


async def _ask_approve(call: Call, case_id: str, write: str, to: str, text: str, send: bool) -> Question:
    from customer_escalation.follow_up import approving, by_hand, proposing

    def asked(office: Office) -> Question:
        mine = proposing.proposed(office, case_id, write, to=to, text=text, send=send)
        approving.must_wait(office, mine)
        shown = approving.shown(office, mine)
        whose = f", {shown['for']}" if "for" in shown else ""
        again = f"\nThe very same text was approved for this place at {shown['again']}." if "again" in shown else ""
        where = marked(f"{mine.destination.to}{whose} ({mine.destination.sink}), {mine.case_id}")
        words = f"{shown['what']}: write it, once?\n{where}{again}\nText:\n{marked(mine.payload)}"
        return Question(words, by_hand.approve(mine.id), mine.sha256, mine.id)

    return await _do(call, asked)


async def case_de_escalate(
    call: Call,
    case_id: CaseId,
    condition: Annotated[str, Field(description="a condition of the policy, as root_cause or workaround")],
    reason: Text,
    evidence_ids: Annotated[str, Field(max_length=500)] = "",
    *,
    decision: Decision,
) -> Answer:
    """Step a case down, by a condition of the policy; asks the person first."""
    from customer_escalation.follow_up import ending

    cites = evidence_ids.replace(",", " ").split()
    return await _once_said(
        call, decision, lambda office: ending.de_escalate(office, case_id, condition, reason, cites)
    )


async def _ask_de_escalate(call: Call, case_id: str, condition: str, reason: str, evidence_ids: str) -> Question:
    from customer_escalation.follow_up import by_hand, ending

    cites = evidence_ids.replace(",", " ").split()

    def asked(office: Office) -> Question:
        end = ending.stepping_down(office, case_id, condition, reason, cites)
        says = f"{end.says}{f' [{chr(44).join(cites)}]' if cites else ''}"
        says += f"\nThe rows may not say so: {end.doubt}" if end.doubt else ""
        run = by_hand.de_escalate(case_id, condition, reason, cites)
        return _fact(f"De-escalate {_id(case_id)}?", says, end.why, run)

    return await _do(call, asked)


async def case_close(call: Call, case_id: CaseId, reason: Text = "", *, decision: Decision) -> Answer:
    """Close a case whose customers were all told and have confirmed, or for the person's reason; asks them first."""
    from customer_escalation.follow_up import ending

    return await _once_said(call, decision, lambda office: ending.close(office, case_id, reason))


async def _ask_close(call: Call, case_id: str, reason: str) -> Question:
    from customer_escalation.follow_up import by_hand, ending

    def asked(office: Office) -> Question:
        end = ending.closing(office, case_id, reason)
        says = f"{end.says}, although {end.unfinished}" if end.unfinished else end.says
        return _fact(f"Close {_id(case_id)}?", says, end.why, by_hand.close(case_id, reason))

    return await _do(call, asked)


async def _do(call: Call, work: Callable[[Office], T]) -> T:
    """Do this with what the caller may see, as the model that called. Raises CasebookError, InputError."""
    setting, person = await call.setting(), call.desk.person()

    def done(casebook: Casebook) -> T:
        from customer_escalation.delivery import sinks_of
        from customer_escalation.follow_up import Office

        now = call.desk.now(setting)
        return work(Office(casebook, setting, sinks_of(setting), call.model, person, now))

    return await call.kept(done)


async def _once_said(call: Call, decision: Decision, work: Callable[[Office], Answer]) -> Answer:
    """Do this as the person who said yes, as the model where nobody has to; else say what a person can do."""
    if decision.verdict == "yes":
        return await _do(call, lambda office: work(office.by_the_person()))
    return await _do(call, work) if decision.verdict == "free" else _unsaid(call, decision)


def _unsaid(call: Call, decision: Decision) -> Answer:
    """Nothing was done, why, and the command by which a person does it; what was declined is not asked about again."""
    answer: Answer = {"done": False, "because": UNSAID.get(decision.verdict, decision.why)}
    question = decision.question
    if question is not None and not (question.proposal and decision.verdict == "no"):
        answer |= {"pending": question.proposal, "next": WAITS} if question.proposal else {}
        answer["a_person_runs"] = f"{question.run}{call.desk.options}"
    return answer


def _fact(question: str, says: str, why: str, run: str) -> Question:
    reason = f"\nReason:\n{marked(why)}" if why else ""
    return Question(f"{question}\n{marked(says)}{reason}", run)


def _id(case_id: str) -> str:
    return " ".join(case_id.split())[:40]


def tools(desk: Desk) -> tuple[Tool, ...]:
    """The tools of this family; approving is always loaded, since people ask for it right after the brief."""
    return (
        tool(desk, case_list, "List cases"),
        tool(desk, case_show, "Show a case"),
        tool(desk, case_due, "Show what is due"),
        tool(desk, case_update, "Update a case", read_only=False, idempotent=False, ask=_ask_update),
        tool(
            desk, case_approve, "Write with approval", read_only=False, idempotent=False, open_world=True,
            always_load=True, ask=_ask_approve,
        ),
        tool(desk, case_de_escalate, "De-escalate a case", read_only=False, ask=_ask_de_escalate),
        tool(desk, case_close, "Close a case", read_only=False, ask=_ask_close),
    )  # fmt: skip
