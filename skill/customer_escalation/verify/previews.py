"""The texts of the next steps: every hard fact in them must stand in a row that the brief cites, or in a line of it."""

from __future__ import annotations

from collections.abc import Sequence

from customer_escalation.brief import Result
from customer_escalation.claims import claims
from customer_escalation.verify import names
from customer_escalation.verify.check import Known, Verifier
from customer_escalation.verify.facts import read
from customer_escalation.verify.moments import of
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.support import Support


class Previews:
    """What the previews of one result may say, worked out once."""

    def __init__(self, result: Result, verifier: Verifier) -> None:
        cited = (cite for claim in claims(result) for cite in claim.statement.cites)
        policy = (row.id for row in result.evidence if row.origin == "computed" or row.category == "policy")
        self._rows = verifier.sources.among(verifier.with_inputs((*cited, *policy)))
        self._verifier = verifier
        self._allowed = _allowed(result)

    def check(self, text: str) -> tuple[str, ...]:
        """The hard facts of a preview that stand nowhere."""
        return check_text(text, self._verifier, self._rows, self._allowed)


def check_text(text: str, verifier: Verifier, rows: Sequence[Source], allowed: Sequence[str]) -> tuple[str, ...]:
    """The hard facts of a free text that stand in none of the rows and are not among what is allowed."""
    quotes = names.quotes(text)
    reading = read(text)
    support = Support(rows, verifier.now, Known([], [of(verifier.now)]))
    known = plain("\n".join(allowed))
    wrong = [fact.text for fact in reading.facts if not stands(plain(fact.text), known) and not support.holds(fact)]
    wrong += [
        name.text
        for name in names.names(reading.tokens)
        if not stands(plain(name.text), known) and not names.named_in(name, rows)
    ]
    wrong += [
        quote.text for quote in quotes if not names.quoted_in(quote.text, rows) and plain(quote.text) not in known
    ]
    return tuple(f"“{what[:80]}” is nowhere in the evidence" for what in dict.fromkeys(wrong))


def _allowed(result: Result) -> tuple[str, ...]:
    """What a preview may say without a row of its own: destinations, and the lines of the brief it sums up."""
    worked_out = [
        claim.statement.text for claim in claims(result) if claim.path.startswith(("brief.insights", "brief.impact"))
    ]
    asked_for = result.brief.reproduction.missing if result.brief.reproduction is not None else ()
    return (
        result.customer or "",
        result.brief.reported_by,
        "L2 Support",
        *(step.destination for step in result.next_steps),
        *asked_for,
        *worked_out,
    )
