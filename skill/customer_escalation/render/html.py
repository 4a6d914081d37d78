"""The brief as one HTML file."""

from __future__ import annotations

from customer_escalation.brief import Result


def render(result: Result) -> str:
    """The whole page."""
    raise NotImplementedError(result.issue)
