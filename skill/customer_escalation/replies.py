"""Step 7, what a customer reads: an interim answer, where it stands, an answer of support, a request to revoke a key.

True to what their own ticket holds, nothing internal; the only time to come is the one that our cadence gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from customer_escalation import rows
from customer_escalation.brief import NOT_RECORDED, EscalationBrief, Handling, Statement
from customer_escalation.case import Case
from customer_escalation.decision import Verdict
from customer_escalation.language import heard, one_line, without_marks
from customer_escalation.moments import day, moment
from customer_escalation.render.words import safe_link
from customer_escalation.safety import safe
from customer_escalation.standing import Standing
from escalation_connectors.records import Article

ASKED = "You asked: "
# How lines begin that only the customer of that ticket may read.
OWN = (ASKED, "You wrote: ", "You have waited ", "On ", "As we wrote ", "We understand ")
FOLLOW, SAYS = "Follow the article ", "It says: "
INTERNAL = frozenset({"policy"})  # articles that tell support what to do, not customers
PASSING = "We take it seriously and are passing it on to the team that can resolve it, with everything you sent us."
NO_CAUSE = "We are still investigating; we do not have a confirmed cause or date to give you yet, and will not guess."
NO_DECISION = "We do not have a decision or a date to give you yet, and will not guess."
SECURITY = (
    "We take it seriously and are passing it on to our security team at once, with what you have told us.",
    "If you still see anything that is not yours, please do not open it again, and do not send it to us or to anybody"
    " else. Keep what you already have to yourself until we tell you what to do with it.",
)
SETTLED = (
    "As far as we can see this is settled. If anything is still open for you, please tell us and we take it up again."
)
SUGGEST = "Here is how we suggest to go on; please tell us whether it settles the matter for you."
OURSELVES = "We have read what you wrote, and someone of our support team will answer it here in person."
# How a customer calls what was pasted, and what they should do about it.
REVOKE = "revoke it and create a new one"
PASTED = {
    "API key": ("an API key", REVOKE),
    "password": ("a password", "change it"),
    "access token": ("an access token", REVOKE),
    "private key": ("a private key", REVOKE),
    "secret": ("a secret", REVOKE),
    "authorization credentials": ("the credentials of a request", REVOKE),
    "session cookie": ("a session cookie", "end that session by signing out"),
}


def opening(who: str, subject: str) -> list[str]:
    """How an update begins; without a name or a subject where there is none."""
    return [*greeting(who), f"this is an update {_on(subject)}."]


def greeting(who: str) -> list[str]:
    """Whom a message is for."""
    return [f"Hello {who}," if who else "Hello,", ""]


def _on(subject: str) -> str:
    return f"on “{one_line(subject, 160)}”" if subject else "on what you told us"


def _signed(brief: EscalationBrief, lines: Sequence[str]) -> str:
    ours = "" if brief.reported_by == NOT_RECORDED else f", {brief.reported_by}"
    return safe("\n".join([*lines, "", f"Kind regards{ours}"])).text


def interim(verdict: Verdict, brief: EscalationBrief, known: Standing) -> str:
    """A true interim answer: that it is in work, what was missed, what can be done meanwhile, when we write again."""
    lines = [*opening(known.name, known.subject), *_sorry(known), *_in_work(verdict, known)]
    lines += _meanwhile(verdict, known)
    if known.question:
        lines.append(
            f"{ASKED}“{one_line(known.question, 320)}” We owe you an answer to that and are passing the question on."
        )
    return _signed(brief, [*lines, *_again(known)])


def status(verdict: Verdict, brief: EscalationBrief, known: Standing) -> str:
    """Where it stands, point by point: since when, what the team knows from them, what is open, what comes next."""
    points = [
        *(f"You reported it on {moment(at)}." for at in [known.since] if at),
        *(f"Everything up to your message of {moment(at)} goes into our report." for at in [known.heard_at] if at),
        *(f"We last wrote to you on {moment(at)}." for at in [known.told_at] if at),
        *(f"By when you need it: “{known.deadline}”" for _ in [0] if known.deadline),
        *_sorry(known), *_in_work(verdict, known), *_meanwhile(verdict, known),
        *(f"Your question is still open with us: “{one_line(q, 320)}”" for q in [known.question] if q),
        *_again(known),
    ]  # fmt: skip
    head = f"here is where {f'“{one_line(known.subject, 160)}”' if known.subject else 'it'} stands for you:"
    return _signed(brief, [*greeting(known.name), head, *(f"- {point}" for point in points)])


def _sorry(known: Standing) -> Iterator[str]:
    if known.all_clear is not None:
        at, sentence = known.all_clear
        yield f"On {day(at)} we wrote: “{one_line(sentence, 240)}” That was too early, and we are sorry."
    if known.broken is not None:
        at, sentence = known.broken
        yield f"On {day(at)} we wrote: “{one_line(sentence, 240)}” We did not keep that, and we are sorry."
    elif known.complains and known.all_clear is None:
        yield "You have waited for an answer from us, and we are sorry for that."


def _in_work(verdict: Verdict, known: Standing) -> Iterator[str]:
    """What happens now, in words that fit who has it."""
    if verdict.target == "security":
        yield SECURITY[0]
        yield "We are still looking into it and will not guess at its cause."
        yield SECURITY[1]
        return
    if is_gap(verdict):
        when = f", and by when you need an answer: “{known.deadline}”" if known.deadline else ""
        yield f"We understand what you are missing{when}{'' if when else '.'}"
        yield "Whether and when it comes has to be decided here; we are bringing it to those who decide about it."
        yield NO_DECISION
    elif verdict.target == "leadership":
        yield "We take it seriously and are bringing it to those who can decide about it, with everything you sent us."
        yield NO_DECISION
    else:
        told = known.with_team
        yield (
            f"As we wrote on {day(told)}, it is with the team that can resolve it; it is still open."
            if told
            else PASSING
        )
        yield NO_CAUSE
    if known.wants_talk:
        yield f"You wrote: “{one_line(known.wants_talk, 240)}” We are passing that on and will come back to you on it."


def is_gap(verdict: Verdict) -> bool:
    """Whether the product lacks something, which is to be decided and not to be repaired."""
    held = {reason.criterion for reason in verdict.reasons if reason.holds}
    broken = {"technical.bug_confirmed", "technical.infrastructure", "technical.data_loss"} & held
    return verdict.target in ("product", "leadership") and "complexity.product_decision" in held and not broken


def _meanwhile(verdict: Verdict, known: Standing) -> Iterator[str]:
    """A way around, of which we say only that it is documented."""
    if known.way is not None and verdict.target in ("engineering", "l2_support"):
        named = _named(heard(known.way.title), known.way.url)
        yield f"Until then, {named} describes a way around it that may help; tell us if you want help with it."


def _again(known: Standing) -> Iterator[str]:
    if known.next_by is not None:
        yield f"You hear from us again by {moment(known.next_by)} at the latest, also if there is nothing new by then."


def _named(title: str, url: str) -> str:
    link = safe_link(url)
    return f"our article “{title}” ({link})" if link else f"our article “{title}”"


def answer(case: Case, brief: EscalationBrief, handling: Handling | None, known: Standing, *, settled: bool) -> str:
    """What support answers where it can handle the matter itself; no article where none fits."""
    lines = opening(known.name, known.subject)
    advice = [] if settled or known.own_side else list(_advice(case, handling))
    if known.own_side:
        lines.append(f"You wrote: “{one_line(known.own_side, 240)}” {SETTLED}")
    elif settled:
        lines.append(SETTLED)
    elif advice:
        lines += [SUGGEST, *advice]
    else:
        lines += [*(f"{ASKED}“{one_line(q, 320)}”" for q in [known.question] if q), OURSELVES]
    return _signed(brief, lines)


def _advice(case: Case, handling: Handling | None) -> Iterator[str]:
    """What the public articles say, with where they stand; what we write to each other stays inside."""
    for statement in handling.how if handling is not None else ():
        article = _article(case, statement)
        if article is None or article.kind.lower() in INTERNAL:
            continue
        if statement.text.startswith(FOLLOW):
            named = _named(without_marks(heard(article.title)), article.url)
            yield f"- {named[0].upper()}{named[1:]}"
        else:
            yield f"- {without_marks(statement.text.removeprefix(SAYS))}"


def _article(case: Case, statement: Statement) -> Article | None:
    """The one article that a statement cites, and nothing else."""
    known = {rows.evidence_id("article", article.id): article for article in case.gathered.found.articles.values()}
    return known.get(statement.cites[0]) if len(statement.cites) == 1 else None


def ask(brief: EscalationBrief, known: Standing, missing: Sequence[str]) -> str:
    """What the customer alone can still tell us."""
    head = f"thank you for your report {_on(known.subject)}. To take this further we still need:"
    return _signed(brief, [*greeting(known.name), head, *(f"- {what}" for what in missing)])


def revoke(case: Case, brief: EscalationBrief, known: Standing, kinds: Sequence[str]) -> str:
    """What was pasted by its kind, what to do about it, and our article on that where one was read."""
    names = " and ".join(dict.fromkeys(PASTED[kind][0] for kind in kinds))
    do = " and ".join(dict.fromkeys(PASTED[kind][1] for kind in kinds))
    lines = [
        *greeting(known.name),
        f"a message in your ticket {_on(known.subject)} contains {names}. Anyone who can read the ticket can read it.",
        f"Please {do} now, and do not send us the new one.",
    ]
    article = _on_revoking(case, kinds)
    if article is not None:
        named = _named(heard(article.title), article.url)
        lines.append(f"{named[0].upper()}{named[1:]} says how.")
    return _signed(brief, lines)


def _on_revoking(case: Case, kinds: Sequence[str]) -> Article | None:
    """The article that was read on revoking what was pasted: its head names the kind, its text how to be rid of it."""
    for article in case.gathered.found.articles.values():
        head, whole = (
            f"{article.title} {' '.join(article.labels)}".lower().replace("-", " "),
            heard(article.body).lower(),
        )
        named = any(kind.lower() in head for kind in kinds)
        if named and article.kind.lower() not in INTERNAL and re.search(r"\b(?:revok|rotat|reset|chang)", head + whole):
            return article
    return None
