"""The same result for different readers: Markdown, JSON, HTML and Slack."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from customer_escalation.brief import Result

FORMATS = ("markdown", "json", "html", "slack")


def render(result: Result, format: str) -> str:  # noqa: A002 (the option's name)
    """The result as text in one of `FORMATS`; each renderer is imported when it is asked for. Raises ValueError."""
    if format == "markdown":
        from customer_escalation.render.markdown import render as chosen
    elif format == "json":
        from customer_escalation.render.as_json import render as chosen
    elif format == "html":
        from customer_escalation.render.html import render as chosen
    elif format == "slack":
        from customer_escalation.render.slack import render as chosen
    else:
        raise ValueError(f"unknown format {format!r}: choose {', '.join(FORMATS)}")
    return chosen(result)
