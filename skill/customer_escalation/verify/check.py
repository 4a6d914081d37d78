"""Statements against one ledger: rows are prepared once, computed rows are worked out again once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from customer_escalation.brief import Result, Statement
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.verify.compute import Computed, compute
from customer_escalation.verify.facts import read
from customer_escalation.verify.formula import FormulaError
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import Moment, of
from customer_escalation.verify.quantities import CURRENCIES, Quantity, agrees
from customer_escalation.verify.quotation import is_quotation
from customer_escalation.verify.sources import Source, Sources, plain
from customer_escalation.verify.support import Support
from customer_escalation.verify.verbatim import altered

LONGEST = 4000
KINDS = ("observed", "stated_by_customer", "stated_by_staff", "derived", "absence", "hypothesis")


class Duty(NamedTuple):
    """What is asked of a line beyond its hard facts."""

    origin: bool = True
    overlap: bool = True
    polarity: bool = True
    certainty: bool = True
    relevance: bool = True
    speakers: bool = True
    beyond: bool = True


STATEMENT = Duty()
NEEDED = Duty(origin=False, overlap=False, polarity=False, certainty=False, relevance=False, speakers=False)
FACTS = NEEDED._replace(beyond=False)
QUOTED = Duty(origin=False, polarity=False, certainty=False, relevance=False, beyond=False)
STEP = Duty(origin=False, certainty=False, relevance=False, beyond=False)
ADVICE = Duty(overlap=False, certainty=False, beyond=False)


class Verifier:
    """Checks statements over one ledger at one moment."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger, self.now = ledger, now
        self.sources = Sources(ledger)
        self.summed_up: tuple[Result, str] | None = None  # what the previews of a result may say, by result
        self._computed: dict[str, tuple[str, ...]] = {}
        self._results: dict[str, Computed | None] = {}

    def check(
        self, statement: Statement, duty: Duty = STATEMENT, known: Iterable[Quantity] = (), times: Iterable[Moment] = ()
    ) -> tuple[str, ...]:
        """The reasons why a statement is refused, in plain words; empty where its evidence supports it. Never raises.

        `known` and `times` are what code worked out for the line beside what its rows hold.
        """
        from customer_escalation.verify.judgement import Judgement

        refused = self._form(statement)
        if refused or is_quotation(statement, self.ledger):
            return refused
        rows = self.sources.among(self.with_inputs(statement.cites))
        judgement = Judgement(self, statement, duty, rows, Known(list(known), list(times)))
        changed = () if statement.formula else altered(statement.text, rows)
        return tuple(dict.fromkeys((*judgement.reasons(), *changed)))

    def _form(self, statement: Statement) -> tuple[str, ...]:
        if not statement.text.strip():
            return ("the statement is empty",)
        if len(statement.text) > LONGEST:
            return (f"the statement has {len(statement.text):,} characters; one to three sentences are enough",)
        if statement.kind not in KINDS:
            return (f"“{statement.kind}” is no kind of statement; use {', '.join(KINDS)}",)
        if not statement.cites:
            return ("it cites nothing: name the rows that say so",)
        unknown = [cite for cite in statement.cites if cite not in self.ledger]
        return tuple(f"there is no evidence row {cite[:80]}" for cite in unknown[:5])

    def with_inputs(self, cites: Iterable[str]) -> list[str]:
        """The cited rows and, below computed ones, the rows these were worked out from."""
        found: dict[str, None] = {}
        waiting = list(reversed(list(cites)))
        while waiting:
            row_id = waiting.pop()
            row = self.ledger.get(row_id)
            if row is None or row_id in found:
                continue
            found[row_id] = None
            if row.origin == "computed":
                waiting.extend(reversed(row.inputs))
        return list(found)

    def result(self, row: Evidence) -> Computed | None:
        """What the formula of a computed row gives; None where it gives nothing."""
        if row.id not in self._results:
            try:
                self._results[row.id] = compute(row.formula, self.ledger, self.now) if row.formula else None
            except FormulaError:
                self._results[row.id] = None
        return self._results[row.id]

    def computed_row(self, row: Evidence) -> tuple[str, ...]:
        """The reasons why a computed row does not hold: its formula, its inputs, its text."""
        known = self._computed.get(row.id)
        if known is None:
            self._computed[row.id] = ()
            known = self._computed[row.id] = tuple(f"[{row.id}] {why}" for why in self._recompute(row))
        return known

    def _recompute(self, row: Evidence) -> list[str]:
        if not row.formula:
            return ["is computed and has no formula"]
        try:
            result = compute(row.formula, self.ledger, self.now)
        except FormulaError as error:
            return [str(error)]
        inputs = self.sources.among(self.with_inputs(row.inputs))
        reasons = loose(result, inputs)
        facts = read(row.text).facts
        if not any(says(fact, result, inputs) for fact in facts) and not says_text(row.text, result):
            reasons.append(f"says “{row.text[:60]}”, and its formula gives {result.value.written}")
        support = Support(inputs, self.now, Known.of(result))
        wrong = [fact.text for fact in facts if not support.holds(fact) and not says(fact, result, inputs)]
        reasons += [f"says “{fact}”, which is in none of its inputs" for fact in wrong]
        for source in inputs:
            if source.row.origin == "computed":
                reasons += self.computed_row(source.row)
        return reasons


class Known:
    """Figures and times that code worked out, beside those that the rows hold."""

    def __init__(self, quantities: list[Quantity], times: list[Moment]) -> None:
        self.quantities, self.times = quantities, times

    @classmethod
    def of(cls, result: Computed) -> Known:
        """The value of a formula, and the times written in it."""
        known = cls([], [of(at) for at in result.times])
        known.take(result)
        return known

    def take(self, result: Computed) -> None:
        """Add the value of a formula."""
        quantity, moment = result.value.quantity, result.value.moment
        if quantity is not None:
            self.quantities.append(quantity)
        if moment is not None:
            self.times.append(moment)


def loose(result: Computed, rows: Sequence[Source]) -> list[str]:
    """What a formula uses without a receipt: rows that are not cited, bare numbers and times that stand in no row."""
    allowed = {row.row.id for row in rows}
    reasons = [f"the formula uses [{row}], which is not cited" for row in result.rows if row not in allowed]
    known = [quantity for row in rows for quantity in row.quantities]
    bare = [number for number in result.literals if not any(is_literal(number.value, one) for one in known)]
    reasons += [f"the formula has {number.text}, which stands in no cited row" for number in bare]
    strange = [at for at in result.times if not Support(rows, at).holds_time(at)]
    return reasons + [f"the formula has the time {at.isoformat()}, which stands in no cited row" for at in strange]


def is_literal(value: float, known: Quantity) -> bool:
    """Whether a bare number of a formula is this figure: 96 is the 96 of "96 hours"."""
    factors = (1e-3, 1.0, 60.0, 3600.0, 86400.0) if known.unit == "s" else (1.0,)
    return any(abs(known.value - value * factor) < 1e-9 * max(1.0, abs(known.value)) for factor in factors)


def says(fact: Fact, result: Computed, rows: Sequence[Source] = ()) -> bool:
    """Whether a hard fact of a text is the formula's value, in an accepted rounding."""
    quantity, moment = result.value.quantity, result.value.moment
    if quantity is not None and fact.kind in ("number", "pair"):
        return any(rounds(said, result, rows) for said in fact.quantities)
    if moment is not None and fact.kind == "moment" and isinstance(result.value.is_, datetime):
        return Support((), result.value.is_, Known([], [moment])).holds(fact)
    return isinstance(result.value.is_, str) and plain(fact.text) == plain(result.value.is_)


def rounds(said: Quantity, result: Computed, rows: Sequence[Source] = ()) -> bool:
    """Whether a figure is the formula's value, rounded as it is written."""
    known = result.value.quantity
    if known is None:
        return False
    if agrees(said, known):
        return True
    if said.unit in CURRENCIES and not known.unit and result.literals:
        return agrees(said._replace(unit=""), known) and _in_currency(said.unit, result, rows)
    return not said.unit and known.unit == "%" and agrees(said._replace(unit="%"), known)


def _in_currency(currency: str, result: Computed, rows: Sequence[Source]) -> bool:
    """Whether a bare number of the formula stands as money of this currency in a row."""
    return any(
        known.unit == currency and is_literal(number.value, known)
        for number in result.literals
        for row in rows
        for known in row.quantities
    )


def says_text(text: str, result: Computed) -> bool:
    """Whether a text says a value that is no figure, or says one as a word."""
    words = plain(text)
    if isinstance(result.value.is_, str):
        return plain(result.value.is_) in words
    return result.value.is_ == 1.0 and not {"one", "single", "only", "a", "an", "1"}.isdisjoint(words.split())
