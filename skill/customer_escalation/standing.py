"""How a case stands towards one customer: what they asked, what we promised, what they were told, all on their ticket.

Only their own ticket is read for it, and of ours only what was said in public; so nobody reads what concerns another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from customer_escalation import rows
from customer_escalation.brief import Severity
from customer_escalation.case import Case
from customer_escalation.evidence import Evidence
from customer_escalation.insights import false_all_clears, missed_promises, open_questions, untried
from customer_escalation.language import heard, one_line, sentences, terms
from customer_escalation.promises import WORDS
from customer_escalation.related import whole_text
from customer_escalation.signals import cues_of
from customer_escalation.workdays import follow_up
from escalation_connectors.records import Article, Ticket

TEAM = r"(?:team|engineering|engineers?|developers?|specialists?)"
WITH_TEAM = re.compile(
    rf"\b{TEAM}\b[^.]{{0,20}}\b(?:is|are|has|have)\b[^.]{{0,15}}\b(?:on (?:it|this)|work\w*|look\w*|investigat\w*)\b"
    rf"|\b(?:is|it.s) (?:now )?with (?:the |our )?(?:[\w-]+ ){{0,3}}{TEAM}\b"
    rf"|\b(?:report\w*|added|passed|forwarded|handed|escalated|filed)\b[^.]{{0,60}}\b(?:for|to|with)"
    rf" (?:the |our )?(?:[\w-]+ ){{0,3}}{TEAM}\b"
    r"|\b(?:same|known|opened an|the|this|an) incident\b|, incident\b",
    re.I,
)
NO_NEWS = re.compile(r"\?\s*$|\b(?:please|could you|can you|not|once|if|will)\b|n['’]t\b", re.I)
EVERY = re.compile(r"\bevery (\d{1,2}|an|one|two|three|four|six|eight)?\s*hours?\b", re.I)
UPDATE = re.compile(r"\b(?:update|keep you posted|inform|write|report|get back)\b", re.I)
TALK = re.compile(
    r"\b(?:call|talk|speak|meet|meeting|conversation)\b[^.]{0,15}\b(?:with|to)\b[^.]{0,15}\b(?:you|your|somebody|someone)\b",
    re.I,
)
NO_USE = re.compile(r"\b(?:does|do|will) not (?:work|help|apply)\b|\bnot (?:possible|available|supported)\b", re.I)
TITLE = re.compile(r"(?:dr|prof|mr|mrs|ms|mx|herr|frau|mme|m)\.?", re.I)
HOURS = {**WORDS, "four": 4, "six": 6, "eight": 8}


class Standing(Struct, frozen=True):
    """What a text to one customer may say, beside how the case itself stands."""

    name: str = ""
    subject: str = ""
    since: datetime | None = None
    heard_at: datetime | None = None
    told_at: datetime | None = None
    with_team: datetime | None = None
    broken: tuple[datetime, str] | None = None
    all_clear: tuple[datetime, str] | None = None
    complains: bool = False
    question: str = ""
    deadline: str = ""
    wants_talk: str = ""
    own_side: str = ""
    way: Article | None = None
    next_by: datetime | None = None


def standing(case: Case, severity: Severity | None, ticket: Ticket | None) -> Standing:
    """How the case stands towards the customer of this ticket; without one, only what was typed is known."""
    if ticket is None:
        return Standing(subject=case.understood.text, next_by=_next_by(case, severity, ()))
    thread = case.comments(ticket)
    theirs = tuple(row for row in thread if row.origin == "stated_by_customer" and row.public)
    ours = tuple(row for row in thread if row.origin != "stated_by_customer" and row.public)
    ids = {row.id for row in thread}
    return Standing(
        name=_name(case, ticket, theirs),
        subject=heard(case.ledger[case.ticket_row(ticket)].title),
        since=ticket.created_at,
        heard_at=theirs[-1].at if theirs else None,
        told_at=ours[-1].at if ours else None,
        with_team=next((row.at for row in reversed(ours) if any(map(_has_it, sentences(heard(row.text))))), None),
        broken=_broken(case, ids, ours),
        all_clear=_all_clear(case, ours),
        complains=any("no_answer" in cues_of(s) for s in _said(theirs) if not ours or _after(theirs, ours)),
        question=_question(case, ids),
        deadline=_deadline(theirs),
        wants_talk=next((s for s in _said(theirs) if "executive" in cues_of(s) and TALK.search(s)), ""),
        own_side=next((s.sentence for s in case.signals.sure("own_side", roles=("customer",)) if s.row in ids), ""),
        way=_way(case, ticket),
        next_by=_next_by(case, severity, ours),
    )


def _said(said: tuple[Evidence, ...]) -> Iterator[str]:
    """The sentences of these rows, the newest row first."""
    return (sentence for row in reversed(said) for sentence in sentences(heard(row.text)))


def _after(theirs: tuple[Evidence, ...], ours: tuple[Evidence, ...]) -> bool:
    """Whether the customer spoke last."""
    one, other = theirs[-1].at, ours[-1].at
    return one is not None and other is not None and one > other


def _has_it(sentence: str) -> bool:
    """Whether it tells that the team has it; a question, a request or a no does not."""
    return bool(WITH_TEAM.search(sentence)) and not NO_NEWS.search(sentence)


def _name(case: Case, ticket: Ticket, theirs: tuple[Evidence, ...]) -> str:
    """Whom to greet: who wrote last for the customer, else who opened the ticket, else the company."""
    wrote = next((row.author.name for row in reversed(theirs) if row.author is not None and row.author.name), "")
    person = wrote or heard(str(ticket.requester.name))
    if person:
        first = person.split(" ")[0]
        return person if TITLE.fullmatch(first) else first
    return next((c.name for c in case.customers if ticket.id in c.tickets and not c.unnamed), "")


def _broken(case: Case, ids: set[str], ours: tuple[Evidence, ...]) -> tuple[datetime, str] | None:
    """The newest promise to this customer that was missed and that nothing of ours followed."""
    for row, sentence, _, later in reversed(tuple(missed_promises(case))):
        if row.id in ids and later is None and row.at is not None:
            return row.at, sentence
    rhythm, last = _promised_rhythm(ours), ours[-1].at if ours else None
    if rhythm is not None and last is not None and case.now - last > rhythm[0]:
        return rhythm[1], rhythm[2]
    return None


def _all_clear(case: Case, ours: tuple[Evidence, ...]) -> tuple[datetime, str] | None:
    """What we told this customer last, where it was that it works again and it does not."""
    for row, claim, _, _ in false_all_clears(case):
        if ours and row.id == ours[-1].id and row.at is not None:
            return row.at, claim
    return None


def _promised_rhythm(ours: tuple[Evidence, ...]) -> tuple[timedelta, datetime, str] | None:
    """ "We will update you every two hours": how often, when that was said, and the sentence."""
    for row in reversed(ours):
        for sentence in sentences(heard(row.text)):
            found = EVERY.search(sentence)
            if found and UPDATE.search(sentence) and row.at is not None:
                amount = (found[1] or "one").lower()
                return timedelta(hours=HOURS.get(amount) or max(1, int(amount))), row.at, sentence
    return None


def _question(case: Case, ids: set[str]) -> str:
    """Their newest open question; one that only asks for news is answered by writing at all."""
    asked = (said for row, said in reversed(tuple(open_questions(case))) if row.id in ids)
    return next((said for said in asked if "no_answer" not in cues_of(said)), "")


def _deadline(theirs: tuple[Evidence, ...]) -> str:
    """By when they need it, in their words; a threat is no deadline that we would read back to them."""
    unwanted = {"churn", "executive", "legal", "public", "solution_failed"}
    wanted = (s for s in _said(theirs) if "deadline" in cues_of(s) and not cues_of(s) & unwanted)
    return next((one_line(sentence, 240) for sentence in wanted), "")


def _way(case: Case, ticket: Ticket) -> Article | None:
    """A documented way around that nobody has tried yet, and that does not say itself that it fails for them."""
    said = terms(whole_text(ticket))
    for article in untried(case):
        body = heard(case.ledger[rows.evidence_id("article", article.id)].text)
        condition = re.compile(r"\b(?:if|when|where|unless|for)\b", re.I)
        lines = [line for line in body.split("\n") if NO_USE.search(line) and condition.search(line)]
        if article.kind.lower() == "workaround" and not any(_rare(case, line) & said for line in lines):
            return article
    return None


def _rare(case: Case, line: str) -> frozenset[str]:
    return terms(line) - terms(case.about) - terms(case.understood.text)


def _next_by(case: Case, severity: Severity | None, ours: tuple[Evidence, ...]) -> datetime | None:
    """When they hear from us at the latest: by the policy's cadence, or sooner where we promised them that."""
    if severity is None:
        return None
    cadence = case.policy.cadence[severity]
    due_in = follow_up(cadence, case.now, case.profile)
    row = rows.cadence_row(cadence, severity, due_in)
    case.ledger.add(row)
    rhythm, hours = _promised_rhythm(ours), f"[{row.id}].customer_hours"
    at = case.now + timedelta(hours=due_in.customer_hours)
    if rhythm is not None and case.now + rhythm[0] < at:
        at, hours = case.now + rhythm[0], f"{rhythm[0].total_seconds() / 3600:g}"
    formula = f"add_hours(now, {hours})"
    case.ledger.compute(f"The next customer update is due at {rows.stamp(at)}", formula, (row.id,), at)
    return at
