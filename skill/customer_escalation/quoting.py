"""A sentence of a row in its own words, with who states it."""

from __future__ import annotations

from customer_escalation.brief import Kind, Statement
from customer_escalation.evidence import Evidence
from customer_escalation.language import one_line

QUOTE = 320


def quote(row: Evidence, sentence: str) -> Statement:
    """ "Dana Whitlock (customer): “…”"."""
    return Statement(f"{speaker(row)}: “{one_line(sentence, QUOTE)}”", (row.id,), kind_of(row))


def speaker(row: Evidence) -> str:
    """Who states the row, with the role."""
    name = row.author.name if row.author else ""
    if row.origin == "stated_by_customer":
        return f"{name or 'The customer'} (customer)"
    if row.origin == "stated_by_staff":
        return f"{name or 'Our staff'} ({row.author.role if row.author else 'staff'})"
    return name or "The record says"


def kind_of(row: Evidence) -> Kind:
    """How a quotation from this row reads: who states it."""
    if row.origin == "stated_by_customer":
        return "stated_by_customer"
    return "stated_by_staff" if row.origin == "stated_by_staff" else "observed"
