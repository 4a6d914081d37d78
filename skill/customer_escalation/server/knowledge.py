"""Reading tools of the knowledge base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from customer_escalation.server.desk import Answer, Call, Desk
from customer_escalation.server.strict import ForCase, tool
from customer_escalation.server.trimming import THREAD, listed, row, text

if TYPE_CHECKING:
    from escalation_connectors.records import Article


async def knowledge_search_articles(
    call: Call,
    query: Annotated[str, Field(min_length=1)],
    limit: Annotated[int, Field(ge=1, le=20)] = 5,
) -> Answer:
    """Find known issues, workarounds and guides by words, best first."""
    page = await call.answer((await call.knowledge()).search_articles(query, limit=limit))
    return listed("articles", page, [{**_line(article), **row(text=article.body)} for article in page.items])


async def knowledge_get_article(
    call: Call, article_id: Annotated[str, Field(min_length=1)], case_id: ForCase = ""
) -> Answer:
    """Read one article."""
    from customer_escalation import rows

    knowledge = await call.knowledge()
    article = await call.answer(knowledge.get_article(article_id))
    return {
        **_line(article),
        **row(labels=article.labels, url=article.url, body=text(article.body, THREAD)),
        **await call.keep(case_id, [rows.article_row(article, knowledge.name)]),
    }


def _line(article: Article) -> Answer:
    return row(id=article.id, title=article.title, kind=article.kind, updated_at=article.updated_at)


def tools(desk: Desk) -> tuple[Tool, ...]:
    """The tools of this family."""
    return tool(desk, knowledge_search_articles, "Search articles"), tool(
        desk, knowledge_get_article, "Read an article"
    )
