"""One statement against the rows it cites: each kind of claim has its own duties, and all share the hard facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from customer_escalation.brief import Statement
from customer_escalation.verify import (
    absence,
    attributes,
    bald,
    beside,
    coming,
    deeds,
    direction,
    further,
    implied,
    meaning,
    money,
    names,
    parties,
    sequence,
    shares,
    swapped,
    together,
    whose,
    wider,
)
from customer_escalation.verify.actors import Speaker, names_author, rows_by, speakers, without_speakers
from customer_escalation.verify.check import Duty, Known, Verifier, is_literal, loose, rounds, says, says_text
from customer_escalation.verify.claim import Claim
from customer_escalation.verify.clauses import Clause, clauses
from customer_escalation.verify.compute import Computed, compute
from customer_escalation.verify.facts import read
from customer_escalation.verify.formula import FormulaError, formulas
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import of
from customer_escalation.verify.sources import Source, plain
from customer_escalation.verify.support import Support
from customer_escalation.verify.vocabulary import HEDGES

FLOOR, FLOOR_WITH_FACTS = 0.4, 0.2
_LEADING = frozenset(("from", "on", "at", "in", "until", "by", "since", "of", "the", "$", "€", "£"))


class Judgement:
    """A statement, taken apart, before the rows it cites."""

    def __init__(self, verifier: Verifier, statement: Statement, duty: Duty, rows: list[Source], known: Known) -> None:
        self.verifier, self.statement, self.duty, self.rows, self.known = (verifier, statement, duty, rows, known)
        self.quotes = names.quotes(statement.text)
        self.reading = read(names.without(statement.text, self.quotes))
        self.results: list[Computed] = []
        self.names = list(names.names(self.reading.tokens))
        self.lows = meaning.words_of(self.reading.tokens)
        self.speakers: list[Speaker] = speakers(self.reading.tokens) if duty.speakers else []

    @cached_property
    def unquoted(self) -> list[Clause]:
        """The clauses outside quotations."""
        return clauses(self.reading.tokens, self.reading.facts)

    @cached_property
    def clauses(self) -> list[Clause]:
        """All clauses, without the words that say who speaks, the words of names and dates marked."""
        whole = read(self.statement.text) if self.quotes else None
        stated = self.unquoted if whole is None else clauses(whole.tokens, whole.facts)
        stated = without_speakers(stated, self.speakers)
        spans = [(name.start, name.end) for name in self.names if not names.is_acronym(name)]
        spans += [(fact.start, fact.end) for fact in self.reading.facts if fact.kind in ("moment", "id")]
        return names.marked(stated, spans)

    def reasons(self) -> list[str]:
        """Every reason for refusing it."""
        found = self._computed_rows() + self._formula()
        found += self._facts() + self._names() + self._quoted()
        if self.duty.polarity:
            found += (
                attributes.wrong_labels(self.reading.tokens, self.rows)
                + attributes.wrong_values(self.statement.text, self.rows)
                + direction.wrong_way(self.reading, self.clauses)
            )
        if self.duty.origin:
            found += self._kind()
        found += self._speakers()
        return found or self._meaning()

    @property
    def kind(self) -> str:
        """The kind of the statement."""
        return self.statement.kind

    def _computed_rows(self) -> list[str]:
        found: list[str] = []
        for row in self.rows:
            if row.row.origin == "computed":
                found += self.verifier.computed_row(row.row)
                result = self.verifier.result(row.row)
                if result is not None:
                    self.known.take(result)
                    self._take_now(row.row.formula)
        return found

    def _take_now(self, formula: str) -> None:
        if "now" in formula:
            self.known.times.append(of(self.verifier.now))

    def _formula(self) -> list[str]:
        if not self.statement.formula:
            if self.kind != "derived" or not self.duty.origin or any(r.row.origin == "computed" for r in self.rows):
                return []
            return ["a derived statement needs a formula over the cited rows, or a computed row to cite"]
        return [why for formula in formulas(self.statement.formula) for why in self._one_formula(formula)]

    def _one_formula(self, formula: str) -> list[str]:
        try:
            result = compute(formula, self.verifier.ledger, self.verifier.now)
        except FormulaError as error:
            return [str(error)]
        self.results.append(result)
        reasons = loose(result, self.rows) + direction.before_or_after(formula, self.reading, self.rows)
        facts = self.reading.facts
        said = any(says(fact, result, self.rows) for fact in facts) or says_text(self.statement.text, result)
        if self.kind == "absence" and not said:
            wrong = f"an absence must give 0 or say the figure, and its formula gives {result.value.written}"
            return reasons + ([wrong] if result.value.is_ != 0.0 else [])
        reasons += shares.not_more(formula, self.reading, [fact for fact in facts if says(fact, result)], self.rows)
        if not said:
            reasons.append(f"the text does not say what the formula gives: {result.value.written}")
        self.known.take(result)
        self.known.quantities += [said for fact in facts for said in fact.quantities if rounds(said, result, self.rows)]
        self.known.times += [of(at) for at in result.times]
        self._take_now(formula)
        return reasons

    def _facts(self) -> list[str]:
        support = Support(self.rows, self.verifier.now, self.known)
        wrong = [fact.text for fact in self.reading.facts if not support.holds(fact) and not self._follows(fact)]
        found = [f"“{text}” is in none of the cited rows" for text in dict.fromkeys(wrong)]
        return found or self._money() + self._by_speaker() + self._together()

    def _money(self) -> list[str]:
        held = [*self.known.quantities, *(known for row in self.rows for known in row.quantities)]
        return money.mistaken(self.reading.facts, self.lows, held) if self.duty.overlap else []

    def _follows(self, fact: Fact) -> bool:
        if self.kind == "derived" and not fact.text.isalpha():
            return False
        return implied.follows(fact, self.reading, self.rows, self.verifier.now)

    def _by_speaker(self) -> list[str]:
        """Figures and ids that somebody is said to say must be in that somebody's rows."""
        if not self.speakers:
            return []
        for clause, rows in self._spoken():
            if rows is self.rows or len(rows) == len(self.rows):
                continue
            support = Support([*rows, *self._parents(rows)], self.verifier.now, self.known)
            for fact in self._facts_in(clause):
                if fact.kind != "moment" and not support.holds(fact) and not self._follows(fact):
                    return [f"“{fact.text}” is in no row of who is said to say it"]
        return []

    def _parents(self, rows: Sequence[Source]) -> list[Source]:
        records = {row.row.record for row in rows}
        return [row for row in self.rows if row.row.record in records and "/" not in row.row.id]

    def _facts_in(self, clause: Clause) -> Iterator[Fact]:
        return (fact for fact in self.reading.facts if clause.start <= fact.start < clause.end)

    def _together(self) -> list[str]:
        if not self.duty.overlap or self.kind in ("absence", "derived"):
            return []
        return together.apart(self.reading.facts, self.names, self.clauses, self.rows)

    def _names(self) -> list[str]:
        rows = self.rows
        wrong = [name.text for name in self.names if not names.named_in(name, rows)]
        wrong += [word for word in names.compounds(self.reading.tokens) if not names.compound_in(word, rows)]
        return [f"the name “{name}” is in none of the cited rows" for name in dict.fromkeys(wrong)]

    def _quoted(self) -> list[str]:
        return [
            f"the quotation “{quote.text[:80]}” does not stand so in any cited row"
            for quote in self.quotes
            if not names.quoted_in(quote.text, self.rows)
        ]

    def _kind(self) -> list[str]:
        kind, roles = (self.kind, frozenset[str]().union(*(row.roles for row in self.rows)))
        if self.speakers and kind in ("stated_by_customer", "stated_by_staff"):
            first = frozenset[str]().union(*(row.roles for row in rows_by(self.speakers[0], self.rows)))
            wanted = "customer" if kind == "stated_by_customer" else "staff"
            if first and not first & {wanted, "typed"}:
                return [f"it begins with the words of somebody else than {wanted}: change the kind ({kind})"]
        if kind == "stated_by_customer" and not roles & {"customer", "typed"}:
            return ["no cited row is by a customer: cite the customer's own words, or change the kind"]
        if kind == "stated_by_staff" and not roles & {"staff", "typed"}:
            return ["no cited row is by an agent or engineer: cite their own words, or change the kind"]
        if kind == "observed" and not roles & {"system", "typed"} and not self._verbatim() and not self._ascribed():
            return ["no cited row is a system record: quote the row word for word, or say who stated it (stated_by_…)"]
        if kind == "hypothesis" and not any(clause.hedged for clause in self.clauses) and not self._doubts():
            return ["a hypothesis must read as one: may, might, possibly, suspected, likely"]
        if kind == "absence":
            return self._denied_twice() + absence.refused(
                absence.Absence(self.reading, self.clauses, self.names), self.rows, self.verifier.sources
            )
        return []

    def _doubts(self) -> bool:
        return not self.lows.isdisjoint(HEDGES)

    def _verbatim(self) -> bool:
        text = plain(self.statement.text).strip(" .\"'")
        return bool(self.quotes) or any(text in row.said for row in self.rows)

    def _ascribed(self) -> bool:
        """Whether the statement names everybody whose words it cites."""
        return all(names_author(self.statement.text, row) for row in self.rows if row.row.author is not None)

    def _speakers(self) -> list[str]:
        for speaker in self.speakers:
            if not rows_by(speaker, self.rows):
                who = speaker.name or ("a customer" if speaker.role == "customer" else "an agent or engineer")
                return [f"no cited row is by {who}: cite the words of who said it, or name who did"]
        return []

    def _meaning(self) -> list[str]:
        kind, duty = self.kind, self.duty
        found = self._overlap() if duty.overlap and kind not in ("absence", "derived") else []
        if duty.relevance:
            found += self._irrelevant()
        if duty.polarity and kind != "absence":
            found += self._denied_twice() or self._polarity()
        if duty.certainty and kind not in ("absence", "hypothesis", "derived"):
            found += self._certainty()
        if duty.beyond:
            found += self._beyond() if kind not in ("absence", "hypothesis") else []
            told = (self.reading, self.clauses, self.names, self.speakers, self.rows)
            found = found or further.wrong(Claim(kind, self.statement.formula or "", *told))
        return found

    def _beyond(self) -> list[str]:
        """What a statement adds to rows that hold its figures and words: deeds, and whose case it is."""
        support = Support(self.rows, self.verifier.now, self.known)
        found = deeds.untold(self.reading.tokens, self.clauses, [row.deeds for row in self.rows])
        found = found or whose.mixed_up(self.reading, self.clauses, self.names, support)
        found = found or beside.misplaced(self.reading, self.clauses, self.rows, self.known.quantities)
        found = found or wider.wider(self.reading, self.clauses, self.rows, self.statement.text)
        found = found or swapped.swapped(self.reading, self.clauses, self.rows)
        found = found or parties.elsewhere(self.reading.tokens, self.names, self.rows)
        found = found or shares.shared_out(self.reading.tokens, self.rows)
        found = found or sequence.out_of_order(self.reading, self.clauses, self.speakers, self.rows)
        if self.kind == "derived":
            return found
        if self.duty.overlap and self.duty.certainty:
            found = found or bald.bald(self.reading, self.clauses, self.rows)
        found = found or coming.ahead(self.reading, self.clauses, self.rows)
        return found or coming.due(self.reading, self.clauses, self.rows, self.verifier.now)

    def _denied_twice(self) -> list[str]:
        """ "Has not been unanswered", "no record says that it was not tried": what would that mean?"""
        doubled = any(clause.doubled for clause in self.unquoted)
        if doubled or (self.kind == "absence" and self._no_record_that_not()):
            return ["the statement denies twice: say it in the affirmative"]
        for fact in self.reading.facts:
            if self._is_denied(fact):
                return [f"the statement denies “{fact.text}”: say what it is instead"]
        if not self.results:
            return []
        formula = self.statement.formula or ""
        if absence.tells_of_motion(self.lows, formula):
            return ["the formula counts how long nothing happened: say so"]
        denied = any(self._denies_a_value(clause) for clause in self.unquoted)
        if denied and not absence.tells_of_silence(self.lows, formula):
            return ["a figure that was worked out cannot be denied: say what it is"]
        return []

    def _is_denied(self, fact: Fact) -> bool:
        """Whether "not" stands right before a figure, date or id: "is not EUR 310,000", "not from 17 November"."""
        before = [token.text.lower() for token in self.reading.tokens if token.end <= fact.start][-3:]
        while before and before[-1] in _LEADING:
            before.pop()
        if not before or before[-1] not in ("not", "never") or (len(before) > 1 and before[-2] in (",", "and", "but")):
            return False
        denial = plain(f"{before[-1]} {self.statement.text[fact.start : fact.end]}")
        return not any(denial in row.blob for row in self.rows)

    def _no_record_that_not(self) -> bool:
        """ "No record says that it was not tried": a second denial within what is said to be absent."""
        for number in {clause.sentence for clause in self.unquoted}:
            inside = [clause for clause in self.unquoted if clause.sentence == number]
            opens = self.statement.text[inside[0].start :].lower().startswith(("no ", "nobody ", "nothing ", "none "))
            if opens and sum(clause.denials for clause in inside) > 1:
                return True
        return False

    def _denies_a_value(self, clause: Clause) -> bool:
        """Whether the clause denies what it says of the formula's value: "was not due 3 hours ago"."""
        lead = next((word for word in clause.words if word.leads and word.sign < 0), None)
        if lead is None:
            denies = clause.denials > 0 and any(word.lexical and word.stem for word in clause.words)
        else:
            denies = not lead.lexical
        values = [fact for fact in self._facts_in(clause) if any(says(fact, one, self.rows) for one in self.results)]
        return denies and bool(values)

    def _polarity(self) -> list[str]:
        silence = absence.silence(self.lows, self.statement.formula or "", self.rows, self.verifier.sources)
        if silence is not None:
            return silence
        found = [why for spoken in self._clauses_spoken() for why in meaning.contradicted(spoken)]
        if self.kind != "derived":
            wide = meaning.too_wide(self.lows, self.rows)
            uncaused = "" if self.kind == "hypothesis" else meaning.uncaused(self.lows, self.rows)
            found += [why for why in (wide, uncaused) if why]
        return found

    def _certainty(self) -> list[str]:
        if "?" in self.statement.text:
            return []
        return [why for spoken in self._clauses_spoken() if (why := meaning.too_sure(spoken))]

    def _clauses_spoken(self) -> Iterator[meaning.Spoken]:
        for clause, rows in self._spoken():
            around = [other for other in self.clauses if other.sentence == clause.sentence]
            yield meaning.Spoken(clause, around, rows)

    def _spoken(self) -> Iterator[tuple[Clause, Sequence[Source]]]:
        """Each clause with the rows of whoever speaks in it; who speaks goes on speaking to the end of the sentence."""
        rows: Sequence[Source] = self.rows
        sentence = -1
        for clause in self.clauses:
            if clause.sentence != sentence:
                rows, sentence = self.rows, clause.sentence
            speaker = next((s for s in self.speakers if clause.start <= s.verb < clause.end), None)
            if speaker is not None:
                rows = rows_by(speaker, self.rows) or self.rows
            elif rows is not self.rows:
                rows = [*rows, *self._owned(clause, rows)]
            yield clause, rows

    def _owned(self, clause: Clause, known: Sequence[Source]) -> list[Source]:
        """The rows of others whom a clause names after somebody has spoken: "..., and Dana Whitlock's log shows"."""
        inside = [name.text for name in self.names if clause.start <= name.start < clause.end]
        others = [row for row in self.rows if row not in known]
        return [row for row in others if any(names_author(name, row) for name in inside)]

    def _overlap(self) -> list[str]:
        """Words of their own that the rows lack. A short line needs none where it has a name, a quotation, a date."""
        held, missing = meaning.coverage(self.clauses, self.rows)
        total = len(held) + len(missing)
        hard = bool(self.reading.facts or self.quotes or self.names) or self.kind == "hypothesis"
        counts = bool(self.reading.facts) and all(fact.kind == "number" for fact in self.reading.facts)
        brief = hard and total <= 2 and bool(held or self.names or self.quotes or not counts)
        floor = FLOOR_WITH_FACTS if hard else FLOOR
        if not total or brief or 1.0 - len(missing) / total >= floor:
            return []
        return [f"the cited rows do not speak of this ({', '.join(missing[:6])}…): cite the rows that do"]

    def _irrelevant(self) -> list[str]:
        """Rows that share nothing with the statement."""
        cited = [row for row in self.rows if row.row.id in self.statement.cites]
        sources = [row for row in cited if row.row.origin not in ("coverage", "computed", "typed")]
        says_something = self.reading.facts or self.names or any(meaning.weighty(clause) for clause in self.clauses)
        strange = [row.row.id for row in sources if says_something and len(cited) > 1 and not self._relevant(row)]
        if self.kind in ("absence", "hypothesis") and (len(strange) < len(sources) or len(sources) < 2):
            return []
        return [f"[{row}] has nothing to do with the statement: leave it out or cite the right row" for row in strange]

    def _feeds(self, row: Source) -> bool:
        """Whether a bare number or time of a formula stands in the row."""
        support = Support([row], self.verifier.now)
        for result in self.results:
            if any(is_literal(number.value, known) for number in result.literals for known in row.quantities):
                return True
            if any(support.holds_time(at) for at in result.times):
                return True
        return False

    def _relevant(self, row: Source) -> bool:
        if f"[{row.row.id}]" in (self.statement.formula or "") or self._feeds(row):
            return True
        alone = Support([row], self.verifier.now)
        if any(alone.holds(fact) for fact in self.reading.facts):
            return True
        if any(names.quoted_in(quote.text, [row]) for quote in self.quotes):
            return True
        if any(names.named_in(name, [row]) for name in self.names):
            return True
        wanted = {word.stem for clause in self.clauses for word in meaning.weighty(clause)}
        vocabulary = meaning.Vocabulary([row])
        shared = sum(vocabulary.covers(word) for word in wanted)
        return 0 < min(2, len(wanted)) <= shared or self._is_linked(row)

    def _is_linked(self, row: Source) -> bool:
        """Whether the row belongs with another cited one: one record, customer or thread, or one names the other."""
        others = [other for other in self.rows if other is not row and other.row.origin not in ("coverage", "computed")]
        return any(row.belongs_with(other) for other in others)
