"""What the first event of a case says, with the cadence of the policy that comes with the program."""

from __future__ import annotations

from functools import cache

from customer_escalation import policy as policies
from customer_escalation.casebook.events import Value
from customer_escalation.casebook.rhythm import dumped, rhythm_of
from customer_escalation.findings import NAMES
from customer_escalation.profile import Profile


@cache
def rhythm() -> dict[str, Value]:
    """The cadence, round the clock where it says so, and the hours of a company that says nothing."""
    return dumped(rhythm_of(policies.load(None, NAMES), Profile()))


def opened(*customers: str, severity: str = "high") -> dict[str, Value]:
    """A case of these customers for Engineering."""
    named: list[Value] = [{"name": name, "tickets": [f"T-{number}"]} for number, name in enumerate(customers, 1)]
    return {"severity": severity, "target": "Engineering", "rhythm": rhythm(), "customers": named}
