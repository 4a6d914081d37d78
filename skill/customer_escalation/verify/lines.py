"""The lines of a result, each with its own duties: statements, steps, asks, references, previews."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from customer_escalation.brief import NOT_RECORDED, Ref, Result
from customer_escalation.claims import Claim, claims
from customer_escalation.verify import names, totals
from customer_escalation.verify.check import ADVICE, FACTS, NEEDED, QUOTED, STEP, Duty, Known, Verifier
from customer_escalation.verify.facts import read
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import of
from customer_escalation.verify.quotation import is_title
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.support import Support

_INDEX = re.compile(r"\[(\d+)\]")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DUTIES: tuple[tuple[str, Duty], ...] = (
    ("brief.tried", STEP),
    ("brief.needed", NEEDED),
    ("brief.deadline.why", FACTS),
    ("brief.reproduction.environment", FACTS),
    ("brief.impact.depth", FACTS),
    ("brief.impact.customers_affected.names", FACTS),
    ("brief.impact.customers_affected.text", FACTS),
    ("brief.impact.revenue_at_risk.text", FACTS),
    ("brief.impact.time_in_queue.text", FACTS),
    ("conflicts", QUOTED),
    ("reasons", FACTS),
    ("handling.how", ADVICE),
)


def check_line(claim: Claim, result: Result, verifier: Verifier) -> tuple[str, ...]:
    """The reasons why one line of a result is refused."""
    path, statement = claim.path, claim.statement
    if path.startswith("next_steps"):
        return check_text(statement.text, verifier, _summed_up(result, verifier))
    if path == "brief.title" and is_title(statement, verifier.ledger):
        return ()
    plainly = _INDEX.sub("", path)
    own = totals.CHECKS.get(plainly.partition("[")[0])
    if own is not None:
        return own(totals.Line(claim, result, verifier))
    if path.startswith("reasons"):
        return _reason(claim, result, verifier)
    if ".supporting." in path or path.startswith("handling.articles"):
        return _ref(_ref_of(path, result), verifier)
    wrong = totals.out_of_place(totals.Line(claim, result, verifier)) or _told_after_all(claim, result)
    if wrong:
        return wrong
    known, times = totals.worked_out(path, result)
    duty = next((duty for start, duty in _DUTIES if path.startswith(start)), None)
    if duty is None:
        return verifier.check(statement, known=known, times=times)
    return verifier.check(statement, duty, known, times)


def _told_after_all(claim: Claim, result: Result) -> tuple[str, ...]:
    """Why a step's result cannot be said to be not recorded: a customer speaks after it on the same ticket."""
    if not claim.path.startswith("brief.tried"):
        return ()
    step = result.brief.tried[int(_INDEX.findall(claim.path)[0])]
    cited = [row for row in map(result.evidence.get, step.cites) if row is not None and "/" in row.id]
    if step.result != NOT_RECORDED or not cited:
        return ()
    last = max(cited, key=lambda row: (row.at is not None, row.at))
    thread = f"{last.id.rsplit('/', 1)[0]}/"
    later = (
        row.id
        for row in result.evidence
        if row.id.startswith(thread) and row.origin == "stated_by_customer" and row.text.strip()
        and last.at is not None and row.at is not None and row.at > last.at
    )  # fmt: skip
    return tuple(f"[{row}] follows in that thread: give its words as the result" for row in list(later)[:1])


def _summed_up(result: Result, verifier: Verifier) -> str:
    """What a preview may say without a row of its own: destinations, and the lines of the brief it sums up."""
    if verifier.summed_up is None or verifier.summed_up[0] is not result:
        said = [claim.statement.text for claim in claims(result) if not claim.path.startswith("next_steps")]
        said += [step.destination for step in result.next_steps]
        if result.brief.reproduction is not None:
            said += result.brief.reproduction.missing
        whole = plain("\n".join([result.customer or "", result.brief.reported_by, "L2 Support", *said]))
        verifier.summed_up = (result, whole)
    return verifier.summed_up[1]


def _reason(claim: Claim, result: Result, verifier: Verifier) -> tuple[str, ...]:
    number = int(_INDEX.findall(claim.path)[0])
    reason = result.reasons[number]
    if reason.holds:  # the criterion's own words are the policy's; what follows the colon is the case's
        shown = replace(claim.statement, text=reason.text.partition(": ")[2] or reason.text)
        return verifier.check(shown, FACTS)
    wrong = totals.cited_rows(reason.cites, verifier)[1]
    if wrong or reason.text.endswith("not found in what was read"):
        return wrong
    return verifier.check(replace(claim.statement, text=reason.text.partition(": ")[2] or reason.text), FACTS)


def _ref_of(path: str, result: Result) -> Ref:
    number = int(_INDEX.findall(path)[0])
    name = path.partition("[")[0].rpartition(".")[2]
    if path.startswith("handling"):
        return result.handling.articles[number] if result.handling is not None else Ref("", "")
    refs: tuple[Ref, ...] = getattr(result.brief.supporting, name)
    return refs[number]


def _ref(ref: Ref, verifier: Verifier) -> tuple[str, ...]:
    """A reference must be to a cited record, under its own id and title."""
    rows, wrong = totals.cited_rows(ref.cites, verifier)
    if wrong:
        return wrong
    wanted = plain(ref.id)
    own = [row for row in rows if wanted in (plain(row.row.id), plain(row.row.record)) or stands(wanted, row.blob)]
    if not own:
        return (f"{ref.id} is not the record that is cited",)
    title = plain(ref.title).strip(" .…")
    if title and not any(title in row.blob for row in own):
        return (f"“{ref.title}” is not the title of {ref.id}",)
    return ()


def _holding(fact: Fact, rows: list[Source]) -> list[Source]:
    """The rows worth taking apart for a fact: for a time of day, those that write it."""
    clock = _CLOCK.search(fact.text)
    return rows if clock is None else [row for row in rows if clock[0] in row.written]


def _hold(fact: Fact, rows: list[Source], now: datetime, known: Known) -> bool:
    """Whether a row has the fact, else all of them together; the first one often does, and the others stay unread."""
    alone = any(Support([row], now, known).holds(fact) for row in rows)
    return alone or Support(rows, now, known).holds(fact)


def check_text(text: str, verifier: Verifier, allowed: str = "") -> tuple[str, ...]:
    """The hard facts of a free text that stand nowhere in the evidence, nor in the `plain` text allowed beside it."""
    reading = read(text)
    now = Known([], [of(verifier.now)])

    def stands_nowhere(said: str) -> bool:
        return not stands(plain(said), allowed)

    facts = [fact for fact in reading.facts if stands_nowhere(fact.text)]
    found = [name for name in names.names(reading.tokens) if stands_nowhere(name.text)]
    quotes = [quote.text for quote in names.quotes(text) if stands_nowhere(quote.text)]
    if not (facts or found or quotes):
        return ()
    rows = verifier.sources.everything()
    wrong = [fact.text for fact in facts if not _hold(fact, _holding(fact, rows), verifier.now, now)]
    wrong += [name.text for name in found if not names.named_in(name, rows)]
    wrong += [quote for quote in quotes if not names.quoted_in(quote, rows)]
    return tuple(f"“{what[:80]}” is nowhere in the evidence" for what in dict.fromkeys(wrong))
