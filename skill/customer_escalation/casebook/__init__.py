"""The durable side: cases and their evidence, in one SQLite file in the user's data folder."""

from __future__ import annotations

from customer_escalation.casebook.store import Case, Casebook, CasebookError, UnknownCase

__all__ = ["Case", "Casebook", "CasebookError", "UnknownCase"]
