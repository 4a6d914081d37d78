"""What a client may open beside the tools: briefs, the policy, the prompt; and which case ids there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.types import Annotations, Completion, ResourceTemplateReference
from pydantic import Field

from customer_escalation import resources
from customer_escalation.server.desk import Desk
from escalation_connectors.errors import EscalationError

if TYPE_CHECKING:
    from mcp.types import CompletionArgument, CompletionContext, PromptReference

PROMPT = "customer-escalation"
BRIEF = "escalation://{case_id}/brief"
POLICY = "escalation://policy"
COMPLETIONS = 100


def furnish(server: MCPServer, desk: Desk) -> None:
    """Add the resources, the prompt and the completion to the server."""
    _add_briefs(server, desk)
    _add_policy(server)
    _add_prompt(server)


def _add_briefs(server: MCPServer, desk: Desk) -> None:
    @server.resource(
        BRIEF,
        name="brief",
        title="Escalation brief",
        description="The brief of a case, in Markdown",
        mime_type="text/markdown",
        annotations=Annotations(audience=["user", "assistant"], priority=0.9),
    )
    async def brief(case_id: str) -> str:
        from customer_escalation.casebook import UnknownCase
        from customer_escalation.render import render

        try:
            return await desk.kept(lambda casebook: render(casebook.get(case_id).result, "markdown"))
        except UnknownCase as error:
            raise ResourceNotFoundError(str(error)) from None
        except EscalationError as error:
            raise ResourceError(str(error)) from None

    @server.completion()  # type: ignore[no-untyped-call, untyped-decorator]  # the SDK left it untyped
    async def complete(
        ref: PromptReference | ResourceTemplateReference,
        argument: CompletionArgument,
        context: CompletionContext | None,
    ) -> Completion | None:
        if not isinstance(ref, ResourceTemplateReference) or ref.uri != BRIEF or argument.name != "case_id":
            return None
        ids = await desk.kept(lambda casebook: casebook.ids(argument.value, COMPLETIONS + 1))
        return Completion(values=list(ids[:COMPLETIONS]), has_more=len(ids) > COMPLETIONS)


def _add_policy(server: MCPServer) -> None:
    @server.resource(
        POLICY,
        name="policy",
        title="Escalation policy",
        description="When to escalate, to whom, how severe, how often to follow up; a workspace may override it",
        mime_type="application/yaml",
        annotations=Annotations(audience=["assistant", "user"], priority=0.5),
    )
    async def policy() -> str:
        return (resources.PACKAGE / "policy.yaml").read_text(encoding="utf-8")


def _add_prompt(server: MCPServer) -> None:
    @server.prompt(name=PROMPT, title="Escalate a support issue", description="From a support issue to a brief")
    async def customer_escalation(
        issue: Annotated[str, Field(description="What is wrong, as you would type it")],
        customer: Annotated[str, Field(description="Customer name or account, if known")] = "",
    ) -> str:
        from customer_escalation.safety import safe

        page = resources.text_of("prompts/server/customer-escalation.md")
        return page.replace("{customer}", safe(customer).text or "not given").replace("{issue}", safe(issue).text)
