"""Step 6 without a model: the brief from what the records say, in their own words, each line with its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from customer_escalation import rows
from customer_escalation.brief import (
    NOT_RECORDED,
    Ask,
    CustomerCommunication,
    Deadline,
    EscalationBrief,
    Handling,
    Impact,
    Need,
    Ref,
    Reproduction,
    Statement,
    Supporting,
    Tried,
)
from customer_escalation.case import Case, talk
from customer_escalation.decision import Verdict
from customer_escalation.ending import Ending
from customer_escalation.evidence import Evidence
from customer_escalation.impact import Assessment
from customer_escalation.language import heard, one_line, sentences
from customer_escalation.material import Found
from customer_escalation.quoting import QUOTE, quote, speaker
from customer_escalation.related import is_done
from customer_escalation.signals import cues_of
from escalation_connectors.records import Ticket

TROUBLE = {"error", "server_fault", "down", "data_loss", "data_incomplete", "security", "core_function", "feature"}
RESULTS = {"solved", "solution_failed", "error", "blocked"}
RATIO = re.compile(r"\b\d[\d,]* (?:of|out of) (?:the )?[\d,]+|\b\d+(?:\.\d+)? ?%")
STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*])\s+")


def write(
    case: Case,
    impact: Assessment,
    verdict: Verdict,
    found: Found,
    reproduction: Reproduction | None,
    insights: tuple[Statement, ...],
) -> EscalationBrief:
    """The whole brief."""
    return EscalationBrief(
        title=_title(case),
        reported_by=case.profile.reporter or "not recorded",
        date=case.now.astimezone(case.profile.timezone).date().isoformat(),
        impact=Impact(
            customers_affected=impact.customers,
            workflow_impact=_workflow_impact(case),
            revenue_at_risk=impact.revenue,
            time_in_queue=impact.queue,
            more=impact.reputation + impact.contract,
        ),
        description=tuple(_description(case)),
        tried=tuple(_tried(case)),
        reproduction=reproduction,
        customer_communication=_communication(case),
        needed=tuple(_needed(case, verdict, found)) if verdict.decision == "escalate" else (),
        deadline=_deadline(case, verdict),
        supporting=_supporting(case),
        insights=insights,
    )


def handling(case: Case, found: Found, ending: Ending) -> Handling:
    """What support can do, and from which article or earlier ticket."""
    how: list[Statement] = []
    for row_id in dict.fromkeys((*ending.settled_by, *ending.answered_by)):
        row = case.ledger[row_id]
        wanted = {"solved", "closed_by_staff", "answer", "fix_available", "configuration"}
        said = [s for s in sentences(heard(row.text)) if cues_of(s) & wanted] or list(sentences(heard(row.text)))[:1]
        how += [quote(row, sentence) for sentence in said[:4] if "/" in row_id]
    for name in ("configuration_cause", "known_workaround", "documented_solution", "known_limitation"):
        for cite in found[name].cites[:2] if name in found else ():
            row = case.ledger[cite]
            if row.category == "knowledge_base":
                how += _from_article(row)
            elif "/" in cite and not how:
                how.append(quote(row, found[name].said or one_line(heard(row.text), QUOTE)))
    for ticket in (*case.gathered.family.earlier, *case.gathered.family.other_cause)[:3]:
        if is_done(ticket):
            how += _from_ticket(case, ticket)
    if not how:
        row_id = case.ticket_row(case.primary) if case.primary else "R-0"
        how.append(Statement(f"Answer what was asked: “{_about(case)}”", (row_id,)))
    articles = tuple(_ref(case, rows.evidence_id("article", article.id)) for article in case.articles[:5])
    return Handling(tuple(dict.fromkeys(how)), articles)


def _from_article(row: Evidence) -> Iterator[Statement]:
    """The article, and its own steps where it lists any."""
    yield Statement(f"Follow the article “{heard(row.title)}”", (row.id,))
    steps = [line for line in heard(row.text).split("\n") if STEP.match(line)]
    for line in steps[:6]:
        yield Statement(f"It says: “{one_line(STEP.sub('', line), QUOTE)}”", (row.id,))


def _from_ticket(case: Case, ticket: Ticket) -> Iterator[Statement]:
    """How an earlier ticket was settled, in the words of whoever answered it."""
    row_id = case.ticket_row(ticket)
    yield Statement(f"Ticket {ticket.id} was settled before: “{heard(case.ledger[row_id].title)}”", (row_id,))
    for row in case.comments(ticket):
        said = [s for s in sentences(heard(row.text)) if cues_of(s) & {"answer", "fix_available", "your_side"}]
        if row.origin == "stated_by_staff" and said:
            yield quote(row, said[0])
            return


def _about(case: Case) -> str:
    row = case.ledger[case.ticket_row(case.primary)] if case.primary else case.ledger["R-0"]
    return one_line(heard(row.title or row.text), 160) or "(no subject)"


def _title(case: Case) -> Statement:
    row_id = case.ticket_row(case.primary) if case.primary else "R-0"
    named = [customer.name for customer in case.customers if not customer.unnamed]
    who = f" ({', '.join(named[:3])}{' and others' if len(named) > 3 else ''})" if named else ""
    shown = [customer for customer in case.customers if not customer.unnamed][:3]
    cites = [case.ticket_row(t) for t in case.tickets if any(t.id in c.tickets for c in shown)]
    about = f"“{_about(case)}”" if "?" in _about(case) else _about(case)
    return Statement(f"{about}{who}", tuple(dict.fromkeys((row_id, *cites))), "observed")


def _spoken(
    case: Case, cues: set[str], origins: tuple[str, ...], *, newest: bool = False
) -> tuple[Evidence, str] | None:
    """The sentence that carries most of these cues, from rows of these origins; the first or the newest of equals."""
    best: tuple[int, int, Evidence, str] | None = None
    own = case.comments(case.primary) if case.primary else ()
    for number, row in enumerate(
        (*(r for r in case.thread_rows() if r not in own), *own) if newest else (*own, *case.thread_rows())
    ):
        if row.origin not in origins:
            continue
        for sentence in sentences(heard(row.text)):
            score = len(cues_of(sentence) & cues)
            order = number if newest else -number
            if score and len(sentence) > 15 and (best is None or (score, order) > best[:2]):
                best = (score, order, row, sentence)
    return (best[2], best[3]) if best else None


def _workflow_impact(case: Case) -> Statement:
    cues = TROUBLE | {"blocked", "billing", "slow"}
    for origins in (("stated_by_customer",), ("stated_by_staff",)):
        found = _spoken(case, cues, origins)
        if found is not None:
            return quote(*found)
    first = next((row for row in case.thread_rows() if row.text.strip()), None)
    if first is not None:
        return quote(first, next(iter(sentences(heard(first.text))), heard(first.text)))
    return Statement(f"As typed: “{one_line(case.ledger['R-0'].text, QUOTE)}”", ("R-0",))


def _description(case: Case) -> Iterator[Statement]:
    """Three to five sentences: what is broken, how much, what we found, how it stands now, where it is tracked."""
    thread = case.thread_rows()
    opening = next((row for row in thread if heard(row.text).strip()), None)
    chosen = [quote(opening, _lead(opening))] if opening is not None else []
    customer, staff = ("stated_by_customer",), ("stated_by_staff",)
    wanted = (
        _counted(case),
        _spoken(case, TROUBLE, (*customer, *staff)),
        _cause(case),
        _spoken(case, {"confirmed", "regression", "infrastructure"}, staff),
        _spoken(case, {"solution_failed", "error", "no_answer", "deadline", "solved"}, customer, newest=True),
    )
    chosen += [quote(*found) for found in wanted if found is not None]
    chosen = list(dict.fromkeys(chosen))[: 4 if case.issues else 5]
    chosen += [_tracked(case, issue.key) for issue in case.issues[:1]]
    rest = (quote(row, sentence) for row in thread for sentence in sentences(heard(row.text)) if len(sentence) > 20)
    for statement in rest:
        if len(chosen) < 3 and statement not in chosen:
            chosen.append(statement)
    yield from chosen or [Statement(f"As typed: “{one_line(case.ledger['R-0'].text, QUOTE)}”", ("R-0",))]


def _counted(case: Case) -> tuple[Evidence, str] | None:
    """The newest sentence of a customer that puts a figure on the failures."""
    for row in reversed(case.thread_rows()):
        for sentence in sentences(heard(row.text)):
            if (
                row.origin == "stated_by_customer"
                and RATIO.search(sentence)
                and cues_of(sentence) & {"blocked", "error", "data_incomplete"}
            ):
                return row, sentence
    return None


def _cause(case: Case) -> tuple[Evidence, str] | None:
    """The newest sentence in which an engineer names a cause or a guess at one."""
    for row in reversed(talk(case)):
        by_engineer = row.author is not None and row.author.role == "engineer"
        for sentence in sentences(heard(row.text)):
            if by_engineer and "cause" in cues_of(sentence) and len(sentence) > 40:
                return row, sentence
    return None


def _lead(row: Evidence) -> str:
    """The opening sentence that says most; greetings are passed over."""
    known = [s for s in sentences(heard(row.text)) if len(s) > 25]
    return next((s for s in known if cues_of(s) - {"maybe", "question"}), known[0] if known else heard(row.text))


def _tracked(case: Case, key: str) -> Statement:
    row_id = rows.evidence_id("issue", key)
    status = case.ledger[row_id].fields.get("status") or "not recorded"
    return Statement(
        f"The tracker has it as {key}, “{heard(case.ledger[row_id].title)}”; its status is {status}", (row_id,)
    )


def _tried(case: Case) -> Iterator[Tried]:
    seen: set[str] = set()
    for row in case.thread_rows():
        said = sentences(heard(row.text))
        for number, sentence in enumerate(said):
            if "tried" not in cues_of(sentence) or sentence in seen or len(sentence) < 12:
                continue
            seen.add(sentence)
            following = said[number + 1] if number + 1 < len(said) else ""
            telling = cues_of(following) & {"solution_failed", "solved", "error", "blocked", "confirmed"}
            step, within = _step_and_result(sentence)
            result = f"“{one_line(following if telling else within, QUOTE)}”" if telling or within else NOT_RECORDED
            yield Tried(f"{speaker(row)}: “{one_line(step, QUOTE)}”", result, (row.id,))
    yield from _suggested(case, seen)


def _step_and_result(sentence: str) -> tuple[str, str]:
    """Many a sentence tells the step and what came of it: cut at the colon, semicolon or "but" between them."""
    if not cues_of(sentence) & {"solution_failed", "solved", "confirmed", "cannot_reproduce", "no_answer"}:
        return sentence, ""
    cut = re.search(r"[:;] |, (?=but |and (?:it|the|still|that) )| - ", sentence)
    return (sentence[: cut.start()], sentence[cut.end() :]) if cut else (sentence, sentence)


def _suggested(case: Case, seen: set[str]) -> Iterator[Tried]:
    """What we advised, with what the customer's next words on that ticket say came of it."""
    for row in case.thread_rows():
        if row.origin != "stated_by_staff" or not row.public:
            continue
        advice = next(
            (s for s in sentences(heard(row.text)) if cues_of(s) & {"advice", "answer"} and s not in seen), ""
        )
        if not advice:
            continue
        base = row.id.rsplit("/", 1)[0]
        reply = next(
            (
                r
                for r in case.thread_rows()
                if r.id.startswith(f"{base}/")
                and r.origin == "stated_by_customer"
                and r.at
                and row.at
                and r.at > row.at
            ),
            None,
        )
        told = [s for s in sentences(heard(reply.text)) if cues_of(s) & RESULTS and s not in seen] if reply else []
        step = f"{speaker(row)} advised: “{one_line(advice, QUOTE)}”"
        if reply is None or not told:
            yield Tried(step, NOT_RECORDED, (row.id,))
        else:
            result = " ".join(f"“{one_line(sentence, QUOTE)}”" for sentence in told[:3])
            yield Tried(step, f"{speaker(reply)}: {result}", (row.id, reply.id))


def _communication(case: Case) -> CustomerCommunication:
    public = [r for r in case.thread_rows() if r.public and r.origin == "stated_by_staff"]
    last = None
    if public and public[-1].at is not None:
        row = public[-1]
        text = f"{speaker(row)} wrote on {rows.stamp(row.at)}: “{one_line(heard(row.text), QUOTE)}”"
        last = Statement(text, (row.id,), "stated_by_staff")
    elif case.tickets:
        coverage = case.ledger["S-case"]
        if coverage.complete:
            last = Statement("No public answer to the customer is on record", (coverage.id,), "absence")
    expects = _spoken(case, {"deadline"}, ("stated_by_customer",), newest=True) or _spoken(
        case, {"question", "feature", "refund"}, ("stated_by_customer",), newest=True
    )
    risk = _spoken(case, {"churn", "legal", "public", "executive", "no_answer"}, ("stated_by_customer",), newest=True)
    risk = risk or _spoken(case, {"churn", "legal", "public", "executive"}, ("stated_by_staff",), newest=True)
    return CustomerCommunication(last, quote(*expects) if expects else None, quote(*risk) if risk else None)


ASKS: dict[str, tuple[tuple[Ask, str], ...]] = {
    "engineering": (
        ("investigate", "Find the root cause"),
        ("fix", "Fix it, or give a mitigation that unblocks the customer"),
    ),
    "l2_support": (("investigate", "Diagnose it further and say whether it is a defect"),),
    "product": (
        ("decide", "Decide whether and how the gap will be closed"),
        ("prioritize", "Say what the customer may be told"),
    ),
    "security": (
        ("contain", "Contain it now"),
        ("investigate", "Establish what was exposed, to whom, and since when"),
    ),
    "leadership": (
        ("decide", "Decide what we offer this customer, and who speaks with them"),
        ("approve", "Approve an exception to policy where one is needed"),
    ),
}


def _needed(case: Case, verdict: Verdict, found: Found) -> Iterator[Need]:
    row_id = case.ticket_row(case.primary) if case.primary else "R-0"
    about = f": “{_about(case)}”"
    asks = ASKS[verdict.target or "engineering"]
    tracked = found.get("tracked_defect")
    for number, (ask, text) in enumerate(asks):
        yield Need(ask, text + (about if number == 0 else ""), (row_id,))
    if tracked is not None and verdict.target == "engineering":
        key = case.ledger[tracked.cites[0]].record
        yield Need("prioritize", f"Carry {key} to its end and say when", (tracked.cites[0],))


def _deadline(case: Case, verdict: Verdict) -> Deadline | None:
    """The next SLA clock; else the next customer update by the cadence of the severity."""
    due = sorted(
        (t.sla.due_at, t.id)
        for t in case.tickets
        if t.sla and t.sla.due_at and t.sla.due_at >= case.now and not is_done(t)
    )
    if due:
        ticket = next(t for t in case.tickets if t.id == due[0][1])
        row = case.ticket_row(ticket)
        name = case.ledger[row].text and ticket.sla.name if ticket.sla else ""
        return Deadline(
            due[0][0], f"The SLA of ticket {ticket.id} runs out{f' ({heard(name)})' if name else ''}", (row,)
        )
    if verdict.severity is None:
        return None
    cadence = case.policy.cadence[verdict.severity]
    policy = rows.cadence_row(cadence, verdict.severity)
    case.ledger.add(policy)
    at = case.now + timedelta(hours=cadence.longest_customer_hours)
    figure = case.ledger.compute(
        f"The next customer update is due at {rows.stamp(at)}",
        f"add_hours(now, [{policy.id}].customer_hours)",
        (policy.id,),
        at,
    )
    return Deadline(at, f"The policy's cadence: {policy.text}", (figure, policy.id))


def _supporting(case: Case) -> Supporting:
    threads: dict[tuple[str, str], list[str]] = {}
    for message in case.messages:
        threads.setdefault((message.channel, message.thread or message.id), []).append(
            rows.evidence_id("message", message.id)
        )
    family = case.gathered.family
    return Supporting(
        tickets=tuple(_ref(case, case.ticket_row(t), _thread(case, t)) for t in case.tickets)
        + tuple(_ref(case, case.ticket_row(t)) for t in (*family.earlier, *family.other_cause)[:5]),
        discussions=tuple(
            Ref(cites[0], heard(case.ledger[cites[0]].title), case.ledger[cites[0]].url or None, tuple(cites))
            for cites in threads.values()
        ),
        issues=tuple(
            _ref(case, rows.evidence_id("issue", i.key), tuple(_issue_rows(case, i.key))) for i in case.issues
        ),
        articles=tuple(_ref(case, rows.evidence_id("article", a.id)) for a in case.articles[:5]),
    )


def _thread(case: Case, ticket: Ticket) -> tuple[str, ...]:
    return tuple(row.id for row in case.comments(ticket))


def _issue_rows(case: Case, key: str) -> Iterable[str]:
    base = rows.evidence_id("issue", key)
    return (row.id for row in case.ledger if row.id.startswith(f"{base}/"))


def _ref(case: Case, row_id: str, more: tuple[str, ...] = ()) -> Ref:
    row = case.ledger[row_id]
    return Ref(row_id, heard(row.title), row.url or None, (row_id, *more))
