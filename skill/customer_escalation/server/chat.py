"""Reading tools of the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from customer_escalation.server.desk import Answer, Call, Desk
from customer_escalation.server.strict import ForCase, tool
from customer_escalation.server.trimming import LINE, THREAD, listed, person, row, text

if TYPE_CHECKING:
    from escalation_connectors.records import Message


async def chat_search_messages(
    call: Call,
    query: Annotated[str, Field(min_length=1)],
    limit: Annotated[int, Field(ge=1, le=50)] = 10,
) -> Answer:
    """Find internal chat messages by words, best first."""
    page = await call.answer((await call.chat()).search_messages(query, limit=limit))
    return listed("messages", page, [_line(message, LINE) for message in page.items])


async def chat_get_thread(
    call: Call,
    channel: Annotated[str, Field(min_length=1)],
    thread: Annotated[str, Field(min_length=1)],
    case_id: ForCase = "",
) -> Answer:
    """Read a whole chat thread, by the channel and thread of a message found."""
    from customer_escalation import rows

    chat = await call.chat()
    page = await call.answer(chat.get_thread(channel, thread))
    limit = max(THREAD // max(page.read, 1), LINE)
    return {
        **listed("messages", page, [_line(message, limit) for message in page.items]),
        **await call.keep(case_id, (rows.message_row(message, chat.name) for message in page.items)),
    }


def _line(message: Message, limit: int) -> Answer:
    return row(
        id=message.id,
        channel=message.channel,
        thread=message.thread or message.id,
        at=message.at,
        author=person(message.author),
        text=text(message.text, limit),
    )


def tools(desk: Desk) -> tuple[Tool, ...]:
    """The tools of this family."""
    return tool(desk, chat_search_messages, "Search messages"), tool(desk, chat_get_thread, "Read a thread")
