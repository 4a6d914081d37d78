"""Reading tools of the support platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from customer_escalation.server.desk import Answer, Call, Desk
from customer_escalation.server.strict import ForCase, tool
from customer_escalation.server.trimming import listed, person, row, thread

if TYPE_CHECKING:
    from escalation_connectors.records import Ticket


async def support_search_tickets(
    call: Call,
    query: Annotated[str, Field(min_length=1)],
    account: Annotated[str, Field(description="account id or name")] = "",
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
) -> Answer:
    """Find support tickets by words, best first. Use it to look for similar reports."""
    page = await call.answer((await call.support()).search_tickets(query, account=account, limit=limit))
    return listed("tickets", page, [_line(ticket) for ticket in page.items])


async def support_get_ticket(
    call: Call, ticket_id: Annotated[str, Field(min_length=1)], case_id: ForCase = ""
) -> Answer:
    """Read one ticket with its thread."""
    from customer_escalation import rows

    support = await call.support()
    ticket = await call.answer(support.get_ticket(ticket_id))
    sla = ticket.sla
    return {
        **_line(ticket),
        **row(
            requester=person(ticket.requester),
            assignee=ticket.assignee,
            channel=ticket.channel,
            tags=ticket.tags,
            links=ticket.links,
            url=ticket.url,
            sla=sla and row(name=sla.name, due_at=sla.due_at, breached=sla.breached, target=sla.target),
            satisfaction=ticket.satisfaction,
        ),
        **thread(ticket.comments),
        **await call.keep(case_id, rows.ticket_rows(ticket, support.name, ticket.account)),
    }


def _line(ticket: Ticket) -> Answer:
    return row(
        id=ticket.id,
        subject=ticket.subject,
        status=ticket.status,
        priority=ticket.priority,
        account=ticket.account,
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
    )


def tools(desk: Desk) -> tuple[Tool, ...]:
    """The tools of this family."""
    return (
        tool(desk, support_search_tickets, "Search tickets"),
        tool(desk, support_get_ticket, "Read a ticket"),
    )
