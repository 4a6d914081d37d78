"""The bridge: a category read through the tools of a vendor's own MCP server, as the configuration names them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from escalation_connectors.bridge.connectors import McpChat, McpCRM, McpKnowledge, McpSupport, McpTracker
from escalation_connectors.records import Category
from escalation_connectors.vendor import Option, Setup, Vendor

_WAY = (
    Option("url", "of the server (streamable HTTP); not with command"),
    Option("token", "is sent as a bearer token", secret=True),
    Option(
        "command", "a server of this machine that is started and spoken to: the program and its arguments", kind="texts"
    ),
    Option("variables", "environment variables of the command, each by where its value is kept", kind="mapping"),
    Option("preset", "what is known of a vendor's server (slack, atlassian_jira, linear ...)"),
)
_READING = (
    Option("arguments", "sent with every call", kind="mapping"),
    Option("search", "tool, query, limit, phrase, items, total, arguments, fields", kind="mapping"),
    Option("fields", "where in an answer each field stands", kind="mapping"),
    Option("roles", "the server's words for customer, agent, engineer and system", kind="mapping"),
    Option("html", "whether its texts are HTML", kind="flag"),
)
_GET = Option("get", "tool, id, item, arguments, fields", kind="mapping")
_COMMENTS = Option("comments", "items, id, body, at, author, public; or tool and of", kind="mapping")
_CALLS: Mapping[Category, tuple[Callable[[Setup], object], tuple[Option, ...]]] = {
    "support_platform": (McpSupport, (_GET, _COMMENTS)),
    "crm": (
        McpCRM,
        (
            _GET,
            Option("contacts", "tool, account, items, fields", kind="mapping"),
            Option("deals", "tool, account, items, fields", kind="mapping"),
        ),
    ),
    "chat": (McpChat, (Option("thread", "tool, channel, thread, limit, items", kind="mapping"),)),
    "project_tracker": (McpTracker, (_GET, _COMMENTS)),
    "knowledge_base": (McpKnowledge, (_GET,)),
}
VENDORS: Mapping[Category, Vendor] = {
    category: Vendor(
        name="mcp",
        title="a vendor's MCP server",
        category=category,
        read=read,
        options=(*_WAY, *_READING, *options),
        rights=("the server's reading tools",),
        contract="none",
        cannot=("more than one page of an answer", "tools that say that they write"),
    )
    for category, (read, options) in _CALLS.items()
}
