"""One statement against the rows it cites: each kind of claim has its own duties, and all share the hard facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from customer_escalation.brief import Statement
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.verify import absence, meaning, names
from customer_escalation.verify.actors import Speaker, rows_by, speakers, without_speakers
from customer_escalation.verify.clauses import HEDGES, Clause, clauses
from customer_escalation.verify.compute import Computed, compute
from customer_escalation.verify.facts import Fact, Reading, read
from customer_escalation.verify.formula import FormulaError
from customer_escalation.verify.moments import Moment, of
from customer_escalation.verify.quantities import Quantity, agrees
from customer_escalation.verify.sources import Source, Sources, plain
from customer_escalation.verify.support import Support
from customer_escalation.verify.words import stem

LONGEST = 4000
KINDS = ("observed", "stated_by_customer", "stated_by_staff", "derived", "absence", "hypothesis")
FLOOR, FLOOR_WITH_FACTS = 0.6, 0.34


@dataclass(frozen=True, slots=True)
class Duty:
    """What is asked of a line beyond its hard facts."""

    origin: bool = True
    overlap: bool = True
    polarity: bool = True
    certainty: bool = True
    relevance: bool = True


STATEMENT = Duty()
ASK = Duty(origin=False, overlap=False, polarity=False, certainty=False, relevance=False)
LINE = Duty(origin=False)
STEP = Duty(origin=False, certainty=False)
TERMS = Duty(origin=False, overlap=False, polarity=False, certainty=False, relevance=False)


class Verifier:
    """Checks statements over one ledger; rows are prepared once, however many statements cite them."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger, self.now = ledger, now
        self.sources = Sources(ledger)
        self._computed: dict[str, tuple[str, ...]] = {}

    def check(
        self,
        statement: Statement,
        duty: Duty = STATEMENT,
        known: Iterable[Quantity] = (),
        times: Iterable[Moment] = (),
    ) -> tuple[str, ...]:
        """The reasons why a statement is refused, in plain words; empty where its evidence supports it. Never raises."""
        refused = self._form(statement)
        if refused:
            return refused
        rows = self.sources.among(self._with_inputs(statement.cites))
        work = _Work(self, statement, duty, rows, list(known), list(times))
        return tuple(dict.fromkeys(work.reasons()))

    def _form(self, statement: Statement) -> tuple[str, ...]:
        if not statement.text.strip():
            return ("the statement is empty",)
        if len(statement.text) > LONGEST:
            return (
                f"the statement has {len(statement.text):,} characters; {LONGEST:,} is the most, one to three sentences is usual",
            )
        if statement.kind not in KINDS:
            return (f"“{statement.kind}” is no kind of statement; use {', '.join(KINDS)}",)
        if not statement.cites:
            return ("it cites nothing: name the rows that say so",)
        unknown = [cite for cite in statement.cites if cite not in self.ledger]
        if unknown:
            return tuple(f"there is no evidence row {cite[:80]}" for cite in unknown[:5])
        return ()

    def _with_inputs(self, cites: Iterable[str]) -> list[str]:
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

    def computed_row(self, row: Evidence) -> tuple[str, ...]:
        """The reasons why a computed row does not hold: its formula, its inputs, its text."""
        known = self._computed.get(row.id)
        if known is None:
            self._computed[row.id] = ()
            known = self._computed[row.id] = self._recompute(row)
        return known

    def _recompute(self, row: Evidence) -> tuple[str, ...]:
        if not row.formula:
            return (f"[{row.id}] is computed and has no formula",)
        inputs = self.sources.among(self._with_inputs(row.inputs))
        try:
            result = compute(row.formula, self.ledger, self.now)
        except FormulaError as error:
            return (f"[{row.id}] {error}",)
        reasons = list(loose(result, inputs, set(row.inputs) | {source.row.id for source in inputs}))
        text = read(row.text)
        if not any(says(fact, result) for fact in text.facts):
            reasons.append(f"[{row.id}] says “{row.text[:60]}”, and its formula gives {result.value.written}")
        for source in inputs:
            if source.row.origin == "computed":
                reasons += self.computed_row(source.row)
        support = Support(inputs, self.now, *_outcome(result))
        wrong = [fact.text for fact in text.facts if not support.holds(fact) and not says(fact, result)]
        return tuple(reasons + [f"[{row.id}] says “{fact}”, which is in none of its inputs" for fact in wrong])


def loose(result: Computed, rows: Sequence[Source], allowed: set[str]) -> list[str]:
    """What a formula uses without a receipt: rows that are not cited, bare numbers and times that stand in no row."""
    reasons = [f"the formula uses [{row}], which is not cited" for row in result.rows if row not in allowed]
    for number in result.literals:
        said = Quantity(number.value, "", 0.0)
        if not any(
            agrees(said._replace(unit=known.unit), known) or _scaled(number.value, known)
            for row in rows
            for known in row.quantities
        ):
            reasons.append(f"the formula has {number.text}, which stands in no cited row")
    for at in result.times:
        moment = of(at)
        if not Support(rows, at).holds(Fact("moment", "", 0, 0, (), (moment._replace(second=None),))):
            reasons.append(f"the formula has the time {at.isoformat()}, which stands in no cited row")
    return reasons


def _scaled(value: float, known: Quantity) -> bool:
    """A bare 96 in a formula is the 96 of "96 hours"."""
    return (
        any(abs(known.value - value * factor) < 1e-9 for factor in (60.0, 3600.0, 86400.0))
        if known.unit == "s"
        else False
    )


def says(fact: Fact, result: Computed) -> bool:
    """Whether a hard fact of a text is the formula's value, in an accepted rounding."""
    quantity, moment = result.value.quantity, result.value.moment
    if quantity is not None and fact.kind in ("number", "pair"):
        return any(_rounds(said, quantity) for said in fact.quantities)
    if moment is not None and fact.kind == "moment" and isinstance(result.value.is_, datetime):
        return Support((), result.value.is_, (), (moment,)).holds(fact)
    return isinstance(result.value.is_, str) and plain(fact.text) == plain(result.value.is_)


def _rounds(said: Quantity, known: Quantity) -> bool:
    if agrees(said, known):
        return True
    return not said.unit and known.unit == "%" and agrees(said._replace(unit="%"), known)


def _outcome(result: Computed) -> tuple[list[Quantity], list[Moment]]:
    quantity, moment = result.value.quantity, result.value.moment
    times = [of(at) for at in result.times] + ([moment] if moment is not None else [])
    return ([quantity] if quantity is not None else []), times


class _Work:
    """One statement being checked."""

    def __init__(
        self,
        verifier: Verifier,
        statement: Statement,
        duty: Duty,
        rows: list[Source],
        known: list[Quantity],
        times: list[Moment],
    ) -> None:
        self.verifier, self.statement, self.duty, self.rows = verifier, statement, duty, rows
        self.known, self.times = known, times
        self.quotes = names.quotes(statement.text)
        self.reading: Reading = read(names.without(statement.text, self.quotes))
        self.stems = frozenset(stem(t.text.lower()) for t in self.reading.tokens if t.kind == "word")
        self.speakers: list[Speaker] = speakers(self.reading.tokens)
        self.clauses: list[Clause] = without_speakers(clauses(self.reading.tokens, self.reading.facts), self.speakers)

    def reasons(self) -> list[str]:
        """Every reason for refusing it."""
        found = self._computed_rows() + self._formula()
        found += self._facts() + self._names() + self._quoted()
        if self.duty.origin:
            found += self._kind()
        found += self._speakers()
        if not found:
            found += self._meaning()
        return found

    def _computed_rows(self) -> list[str]:
        return [why for row in self.rows if row.row.origin == "computed" for why in self.verifier.computed_row(row.row)]

    def _formula(self) -> list[str]:
        statement = self.statement
        if not statement.formula:
            if statement.kind != "derived" or self.known or not self.duty.origin:
                return []
            if any(row.row.origin == "computed" for row in self.rows):
                return []
            return ["a derived statement needs a formula over the cited rows, or a computed row to cite"]
        try:
            result = compute(statement.formula, self.verifier.ledger, self.verifier.now)
        except FormulaError as error:
            return [str(error)]
        reasons = loose(result, self.rows, {row.row.id for row in self.rows})
        if statement.kind == "absence":
            if result.value.is_ != 0.0:
                reasons.append(f"the formula of an absence must give 0, and it gives {result.value.written}")
            return reasons
        if not any(says(fact, result) for fact in self.reading.facts) and not self._says_one(result):
            reasons.append(f"the text does not say what the formula gives: {result.value.written}")
        quantities, times = _outcome(result)
        self.known += quantities
        self.times += times
        return reasons

    def _says_one(self, result: Computed) -> bool:
        text = plain(self.statement.text)
        if isinstance(result.value.is_, str):
            return plain(result.value.is_) in text
        return result.value.is_ == 1.0 and any(
            t.text.lower() in ("one", "single", "only", "a") for t in self.reading.tokens
        )

    def _facts(self) -> list[str]:
        computed = [row for row in self.rows if row.row.origin == "computed"]
        known = list(self.known)
        for row in computed:
            try:
                value = compute(row.row.formula, self.verifier.ledger, self.verifier.now).value
            except FormulaError:
                continue
            known += [value.quantity] if value.quantity is not None else []
            self.times += [value.moment] if value.moment is not None else []
        if "now" in (self.statement.formula or "") or any("now" in row.row.formula for row in computed):
            self.times.append(of(self.verifier.now))
        support = Support(self.rows, self.verifier.now, known, self.times)
        wrong = [fact.text for fact in self.reading.facts if not support.holds(fact)]
        return [f"“{text}” is in none of the cited rows" for text in dict.fromkeys(wrong)]

    def _names(self) -> list[str]:
        found = dict.fromkeys(
            name.text for name in names.names(self.reading.tokens) if not names.named_in(name, self.rows)
        )
        return [f"the name “{name}” is in none of the cited rows" for name in found]

    def _quoted(self) -> list[str]:
        return [
            f"the quotation “{quote.text[:80]}” does not stand so in any cited row"
            for quote in self.quotes
            if not names.quoted_in(quote.text, self.rows)
        ]

    def _kind(self) -> list[str]:
        kind = self.statement.kind
        roles = {row.role for row in self.rows}
        if kind == "stated_by_customer" and not roles & {"customer", "typed"}:
            return ["no cited row is by a customer: cite the customer's own words, or change the kind"]
        if kind == "stated_by_staff" and not roles & {"staff", "typed"}:
            return ["no cited row is by an agent or engineer: cite their own words, or change the kind"]
        if kind == "observed" and not roles & {"system", "typed"} and not self._verbatim():
            return ["no cited row is a system record: quote the row word for word, or say who stated it (stated_by_…)"]
        if kind == "hypothesis" and not self.stems & HEDGES and not {"hypothesi", "suspic"} & self.stems:
            return ["a hypothesis must read as one: may, might, possibly, suspected, likely"]
        if kind == "absence":
            return absence.refused(self.statement.text, self.reading, self.clauses, self.rows, self.verifier.sources)
        return []

    def _verbatim(self) -> bool:
        text = plain(self.statement.text).strip(" .\"'")
        return bool(self.quotes) or any(text in row.said for row in self.rows)

    def _speakers(self) -> list[str]:
        for speaker in self.speakers:
            if not rows_by(speaker, self.rows):
                who = speaker.name or ("a customer" if speaker.role == "customer" else "an agent or engineer")
                return [f"no cited row is by {who}: cite the words of who said it, or name who did"]
        return []

    def _meaning(self) -> list[str]:
        kind, duty = self.statement.kind, self.duty
        found: list[str] = []
        if duty.overlap and kind not in ("absence", "derived"):
            found += self._overlap()
        if duty.relevance:
            found += self._relevance()
        if found:
            return found
        for clause, rows in self._spoken():
            spoken = meaning.Spoken(clause, rows)
            if duty.polarity and kind not in ("absence", "hypothesis"):
                found += meaning.contradicted(spoken)
            if duty.certainty and kind not in ("absence", "hypothesis", "derived"):
                why = meaning.too_sure(spoken, self.stems)
                found += [why] if why else []
        return found

    def _spoken(self) -> list[tuple[Clause, Sequence[Source]]]:
        """Each clause with the rows of whoever speaks in it."""
        spoken: list[tuple[Clause, Sequence[Source]]] = []
        for clause in self.clauses:
            speaker = next((s for s in self.speakers if clause.start <= s.start < clause.end), None)
            rows = rows_by(speaker, self.rows) if speaker is not None else []
            spoken.append((clause, rows or self.rows))
        return spoken

    def _overlap(self) -> list[str]:
        share, missing = meaning.coverage(self.clauses, self.rows)
        hard = bool(self.reading.facts or self.quotes)
        floor = FLOOR_WITH_FACTS if hard else FLOOR
        if self.statement.kind == "hypothesis":
            floor /= 2
        if share >= floor:
            return []
        return [
            f"the cited rows do not speak of this ({', '.join(missing[:6])} are not in them): cite the rows that do"
        ]

    def _relevance(self) -> list[str]:
        """Rows that share nothing with the statement."""
        if len(self.rows) < 2:
            return []
        formula = self.statement.formula or ""
        return [
            f"[{row.row.id}] has nothing to do with the statement: leave it out or cite the right row"
            for row in self.rows
            if row.row.id in self.statement.cites
            and row.row.origin not in ("coverage", "computed", "typed")
            and f"[{row.row.id}]" not in formula
            and not self._relevant(row)
        ]

    def _relevant(self, row: Source) -> bool:
        alone = Support([row], self.verifier.now)
        if any(alone.holds(fact) for fact in self.reading.facts):
            return True
        if any(names.quoted_in(quote.text, [row]) for quote in self.quotes):
            return True
        if any(names.named_in(name, [row]) for name in names.names(self.reading.tokens)):
            return True
        wanted = {word.stem for clause in self.clauses for word in meaning.weighty(clause)}
        vocabulary = meaning.Vocabulary([row])
        shared = sum(vocabulary.covers(word) for word in wanted)
        return shared >= 2 or shared >= len(wanted) / 2
