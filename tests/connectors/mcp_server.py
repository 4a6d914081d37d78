"""A vendor's MCP server for tests: five kinds of records, tools that behave and tools that do not.

`python -m tests.connectors.mcp_server` serves it over standard input and output.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations

Calls = list[tuple[str, dict[str, Any]]]
READS = ToolAnnotations(read_only_hint=True)
CONVERSATION = {
    "id": 51842,
    "title": None,
    "source": {
        "subject": "Export misses rows",
        "body": "Rows 900 to 1,000 are missing.",
        "author": {"type": "user", "name": "Ines Okafor", "email": "ines@acme.example", "id": "11"},
    },
    "created_at": 1762160400,
    "company": {"name": "Acme Corp"},
    "state": "open",
    "tags": {"tags": [{"name": "export"}]},
}
PARTS = [
    {
        "id": 2, "part_type": "note", "body": "Seen in export_job_77.", "created_at": 1762164000,
        "author": {"type": "admin", "name": "Bo Lind"},
    },
    {"id": 3, "part_type": "comment", "body": "Thanks!", "created_at": 1762167600, "author": {"type": "user"}},
]  # fmt: skip
COMPANY = {
    "id": "A1",
    "properties": {"name": "Acme Corp", "domain": "ACME.example", "plan": "Enterprise", "arr": "210000"},
}
PERSON = {"id": "P1", "properties": {"firstname": "Ines", "lastname": "Okafor", "email": "ines@acme.example"}}
MESSAGES = [
    {"ts": "1762164000.5", "text": "I saw it too", "channel": {"id": "C1"}, "user": "Bo Lind"},
    {"ts": "1762160400", "text": "Is export slow for anyone?", "channel": {"id": "C1"}, "user": "Ada"},
]
ISSUE = {
    "number": 7, "title": "Export drops rows", "state": "open", "created_at": "2026-11-03T09:00:00Z",
    "labels": ["bug", "export"], "user": {"login": "ada"}, "assignees": ["bo"], "type": {"name": "Bug"},
    "html_url": "https://git.example/7", "body": "See ENG-12", "assignee": None,
}  # fmt: skip
REMARK = {"id": 1, "body": "Fixed in 4.2", "created_at": "2026-11-04T09:00:00Z", "user": {"login": "bo"}}
PAGE = {"id": "K1", "title": "Known issue: export", "url": "https://kb.example/K1", "highlight": "drops rows"}


def _tickets(server: MCPServer, calls: Calls) -> None:
    @server.tool(annotations=READS)
    async def search_conversations(query: dict[str, Any], per_page: int = 20) -> dict[str, Any]:
        calls.append(("search_conversations", {"query": query, "per_page": per_page}))
        found = [] if "nothing" in str(query) else [CONVERSATION]
        return {"conversations": found, "total_count": len(found)}

    @server.tool(annotations=READS)
    async def get_conversation(id: int) -> dict[str, Any]:  # noqa: A002 - the vendor's own name
        calls.append(("get_conversation", {"id": id}))
        if id != 51842:
            raise ToolError("no such conversation, says the vendor")
        return {**CONVERSATION, "conversation_parts": {"conversation_parts": PARTS}}


def _companies(server: MCPServer, calls: Calls) -> None:
    @server.tool(annotations=READS)
    async def search_crm_objects(
        objectType: str,  # noqa: N803 - the vendor's own name
        query: str = "",
        filterGroups: list[Any] | None = None,  # noqa: N803
        limit: int = 10,
    ) -> dict[str, Any]:
        calls.append(("search_crm_objects", {"type": objectType, "query": query, "groups": filterGroups}))
        found = {"companies": [COMPANY], "contacts": [PERSON]}.get(objectType, [])
        unknown = filterGroups and "A1" not in str(filterGroups)
        return {"results": [] if unknown else found, "total": 0 if unknown else len(found)}


def _messages(server: MCPServer, calls: Calls) -> None:
    @server.tool(annotations=READS, structured_output=False)
    async def find_messages(query: str, count: int = 20) -> list[dict[str, Any]]:
        calls.append(("find_messages", {"query": query, "count": count}))
        return MESSAGES[:1]

    @server.tool(annotations=READS)
    async def read_thread(channel_id: str, message_ts: str) -> list[dict[str, Any]]:
        calls.append(("read_thread", {"channel_id": channel_id, "message_ts": message_ts}))
        return MESSAGES


def _issues(server: MCPServer, calls: Calls) -> None:
    @server.tool(annotations=READS)
    async def search_issues(query: str, owner: str, repo: str, perPage: int = 30) -> str:  # noqa: N803
        calls.append(("search_issues", {"query": query, "owner": owner, "repo": repo, "perPage": perPage}))
        return json.dumps({"items": [ISSUE], "total_count": 40})

    @server.tool(annotations=READS)
    async def issue_read(method: str, owner: str, repo: str, issue_number: int) -> str:
        calls.append(("issue_read", {"method": method, "issue_number": issue_number}))
        return json.dumps([REMARK] if method == "get_comments" else ISSUE)


def _articles(server: MCPServer, calls: Calls) -> None:
    @server.tool(name="notion-search", annotations=READS)
    async def notion_search(query: str, query_type: str) -> dict[str, Any]:
        calls.append(("notion-search", {"query": query}))
        return {"results": [PAGE], "type": query_type}

    @server.tool(name="notion-fetch", annotations=READS)
    async def notion_fetch(id: str) -> dict[str, Any]:  # noqa: A002
        calls.append(("notion-fetch", {"id": id}))
        return {"title": PAGE["title"], "url": PAGE["url"], "text": "The export drops rows above 900."}


def _faulty(server: MCPServer, calls: Calls) -> None:
    @server.tool(annotations=READS)
    async def prose(query: str) -> CallToolResult:
        return CallToolResult(content=[TextContent(type="text", text="I found 3 pages, ask me for more!")])

    @server.tool(annotations=READS)
    async def failing(query: str) -> CallToolResult:
        return CallToolResult(content=[TextContent(type="text", text="SECRET stack of the vendor")], is_error=True)

    @server.tool(annotations=READS)
    async def hanging(query: str) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    @server.tool(annotations=READS)
    async def odd(query: str) -> dict[str, Any]:
        return {"results": [{"id": "K1"}], "others": []}

    @server.tool(annotations=READS)
    async def dying(query: str) -> dict[str, Any]:
        os._exit(3)

    @server.tool(annotations=ToolAnnotations(read_only_hint=False))
    async def save_article(query: str) -> dict[str, Any]:
        calls.append(("save_article", {"query": query}))
        return {"results": []}

    @server.tool(annotations=ToolAnnotations(destructive_hint=True))
    async def drop_articles(query: str) -> dict[str, Any]:
        calls.append(("drop_articles", {"query": query}))
        return {"results": []}

    @server.tool()
    async def token_of(query: str) -> dict[str, Any]:
        return {"results": [{"id": "K1", "title": os.environ.get("VENDOR_KEY", "none")}]}


def build(asked: Calls | None = None) -> MCPServer:
    """The server; `asked` takes what was called with what."""
    server = MCPServer("vendor", log_level="ERROR")
    for add in (_tickets, _companies, _messages, _issues, _articles, _faulty):
        add(server, [] if asked is None else asked)
    return server


if __name__ == "__main__":
    build().run("stdio")
    sys.exit(0)
