"""A case on its clock: its sources are read again, what is new is told, and what to do about it is suggested."""

from __future__ import annotations

from customer_escalation.watching.news import News
from customer_escalation.watching.suggesting import Suggestion
from customer_escalation.watching.watch import Seen, watch

__all__ = ["News", "Seen", "Suggestion", "watch"]
