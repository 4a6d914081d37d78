"""The command lines by which a person does what a tool could not ask them: where a client shows no form.

What a model gave is quoted for a shell, and options take their value after "=", so that none of it can be an option.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

NAME = "customer-escalation"


def approve(proposal_id: str) -> str:
    """`customer-escalation approve ID`."""
    return _line("approve", proposal_id)


def update(case_id: str, what: str, *, customer: str = "", value: str = "", due: str = "", why: str = "") -> str:
    """`customer-escalation update CASE WHAT --customer=NAME --value=VALUE --due=TIME --why=TEXT`, as far as given."""
    return _line("update", case_id, what, customer=customer, value=value, due=due, why=why)


def de_escalate(case_id: str, condition: str, reason: str, evidence: Sequence[str] = ()) -> str:
    """`customer-escalation de-escalate CASE CONDITION --why=TEXT --evidence="ID ID"`."""
    return _line("de-escalate", case_id, condition, why=reason, evidence=" ".join(evidence))


def close(case_id: str, reason: str = "") -> str:
    """`customer-escalation close CASE --why=TEXT`."""
    return _line("close", case_id, why=reason)


def _line(*words: str, **options: str) -> str:
    given = [f"--{name}={shlex.quote(' '.join(value.split()))}" for name, value in options.items() if value.strip()]
    return " ".join((NAME, *map(shlex.quote, words), *given))
