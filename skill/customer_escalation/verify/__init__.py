"""The verifier: every statement of a brief against the evidence it cites.

What is looked at: numbers, money, percentages, dates and their arithmetic, versions, ids, error texts, quotations,
names; then who said it, whether the rows affirm or deny it, and how sure they are. Each refusal says how to mend the
statement.
`formula.py` documents the formula language.
"""

from __future__ import annotations

from datetime import datetime

from customer_escalation.brief import Result, Statement, Unsupported, Verification
from customer_escalation.claims import claims
from customer_escalation.evidence import Ledger
from customer_escalation.verify.check import Verifier
from customer_escalation.verify.compute import Computed, compute
from customer_escalation.verify.formula import FormulaError
from customer_escalation.verify.lines import check_line, check_text
from customer_escalation.verify.sources import plain

__all__ = ["Computed", "FormulaError", "Verifier", "check", "compute", "verify", "verify_text"]


def check(statement: Statement, ledger: Ledger, now: datetime) -> tuple[str, ...]:
    """The reasons why a statement is refused, in plain words; empty where its evidence supports it. Never raises."""
    return Verifier(ledger, now).check(statement)


def verify_text(text: str, ledger: Ledger, now: datetime, allowed: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The hard facts of a free text (a preview) that stand nowhere in the evidence and are not among `allowed`."""
    return check_text(text, Verifier(ledger, now), plain("\n".join(allowed)))


def verify(result: Result) -> Verification:
    """How many lines of the result were checked and which failed, with the reasons."""
    verifier = Verifier(result.evidence, result.now)
    failed: list[Unsupported] = []
    lines = list(claims(result))
    for claim in lines:
        reasons = check_line(claim, result, verifier)
        if reasons:
            failed.append(Unsupported(claim.path, claim.statement.text, "; ".join(reasons)))
    return Verification(len(lines), len(lines) - len(failed), tuple(failed))
