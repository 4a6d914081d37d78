"""The durable side: cases and their evidence, what happened to them, what is due, what was approved and sent."""

from __future__ import annotations

from customer_escalation.casebook.errors import CasebookError, UnknownCase
from customer_escalation.casebook.store import Case, Casebook

__all__ = ["Case", "Casebook", "CasebookError", "UnknownCase"]
