"""Asks the person through the client's form, in both protocol eras; a client that cannot be asked gets no yes.

The answer is no parameter of a tool, so no model can give it. A yes counts only for the very question that was shown:
the protocol's library compares its text with the one asked last.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from mcp import MCPError
from mcp.server.elicitation import AcceptedElicitation, CancelledElicitation
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve, build_resolver_plans, resolve_arguments
from mcp.types import InputRequiredResult
from mcp_types.version import is_version_at_least
from msgspec import Struct

from customer_escalation.server.desk import Call
from customer_escalation.server.forms import Approval, form_for, ticked

__all__ = ["Approval", "Ask", "Decision", "Question", "can_ask", "client_of", "decide"]
ERA_WITHOUT_BACK_CHANNEL = "2026-07-28"
LONGEST_NAME = 40


class Question(Struct, frozen=True):
    """What is asked, in full; `sha256` is the hash of what a yes sends, `run` the command that does the same.

    `proposal` is the id of what is asked about, where it waits for its answer.
    """

    text: str
    run: str
    sha256: str = ""
    proposal: str = ""


class Decision(Struct, frozen=True):
    """What the person said: "free" where nobody had to be asked, "unasked" where nobody could be, and why."""

    verdict: Literal["free", "yes", "no", "cancelled", "unasked"]
    question: Question | None = None
    why: str = ""


Ask = Callable[..., Awaitable[Question | None]]


def client_of(context: Context[Any, Any]) -> str:
    """The client's name as it gives it, without what a name has no use for."""
    params = context.session.client_params
    return "" if params is None else re.sub(r"[^\w.@/ +-]", "", params.client_info.name)[:LONGEST_NAME].strip()


def can_ask(context: Context[Any, Any]) -> bool:
    """Whether this client can show a form and its answer can come back."""
    capabilities = context.client_capabilities
    form = capabilities.elicitation if capabilities else None
    if form is None or (form.form is None and form.url is not None):
        return False
    if context.protocol_version and is_version_at_least(context.protocol_version, ERA_WITHOUT_BACK_CHANNEL):
        return True
    return bool(context.session.can_send_request)


async def decide(question: Question | None, call: Call, context: Context[Any, Any]) -> Decision | InputRequiredResult:
    """The person's answer, or what the client has to ask before it calls again."""
    if question is None:
        return Decision("free")
    person = call.desk.person()
    if not person.approves:
        return Decision("unasked", question, f"{person.name} may not approve")
    if not can_ask(context):
        return Decision("unasked", question, "this client cannot show a form to the person")

    async def form(ctx: Context[Any, Any]) -> Elicit[Any]:
        del ctx
        return form_for(client_of(context), question.text)

    # The plan is made per call: the question depends on the arguments, its name on the wire does not.
    wanted = {"decision": (Resolve(form), True)}
    try:
        resolved = await resolve_arguments(wanted, build_resolver_plans(wanted, set()), {}, context)
    except (MCPError, ToolError):
        return Decision("unasked", question, "the client gave no answer that could be read")
    if isinstance(resolved, InputRequiredResult):
        return resolved
    return _heard(resolved["decision"], question)


def _heard(outcome: object, question: Question) -> Decision:
    if isinstance(outcome, AcceptedElicitation):
        yes = ticked(outcome.data)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
        return Decision("yes" if yes else "no", question)
    return Decision("cancelled" if isinstance(outcome, CancelledElicitation) else "no", question)
