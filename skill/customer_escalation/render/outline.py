"""The outline that Markdown and HTML share: the template's sections in its order, then our own, as plain lines.

Texts in it are data: each renderer escapes them for its format. Headings and labels are ours.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from customer_escalation.brief import EscalationBrief, Reason, Ref, Reproduction, Result, Statement
from customer_escalation.render import words

Style = Literal["bullets", "steps", "prose", "facts", "lines"]


class Line(NamedTuple):
    """One line: a label of ours, the words, the kind of claim, its evidence; `said` marks words that are ours."""

    text: str
    label: str = ""
    cites: tuple[str, ...] = ()
    tag: str = ""
    formula: str = ""
    url: str = ""
    code: str = ""
    said: bool = False
    under: tuple[Line, ...] = ()


class Block(NamedTuple):
    """Lines of one shape, below a lead of ours where one is needed."""

    lines: tuple[Line, ...]
    style: Style = "bullets"
    lead: str = ""


class Section(NamedTuple):
    """A heading and what stands under it."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


class Outline(NamedTuple):
    """The head of the brief and its sections, up to the lists of evidence and of proposals."""

    kicker: str
    title: Line
    facts: tuple[Line, ...]
    sections: tuple[Section, ...]


def outline(result: Result) -> Outline:
    """The result as lines under headings, in reading order."""
    brief = result.brief
    escalated = result.decision == "escalate"
    sections = [
        _impact(result),
        _section("description", "Issue Description", _statements(brief.description), style="prose"),
        _tried(brief),
        _reproduction(brief.reproduction),
        _communication(result),
        _needed(result),
        _supporting(result),
        _section(
            "insights", "What a colleague would notice", _statements(brief.insights), "nothing beyond the lines above"
        ),
        _section(
            "conflicts",
            "Where sources disagree",
            tuple(Line(conflict.text, cites=conflict.cites) for conflict in result.conflicts),
            "no disagreement found in what was read",
        ),
        _reasons(result.reasons),
        _section(
            "unknown", "Not known", tuple(map(Line, result.unknown)), "nothing that a reader would look for is missing"
        ),
        _sources(result),
    ]
    if not escalated:
        sections.insert(0, _handling(result))
    return Outline(
        "ESCALATION" if escalated else "HANDLE IN SUPPORT",
        statement(brief.title),
        _facts(result),
        tuple(sections),
    )


def statement(value: Statement, label: str = "") -> Line:
    """A statement as a line."""
    return Line(
        value.text.strip() or words.NOT_RECORDED,
        label,
        value.cites,
        words.KINDS[value.kind],
        value.formula or "",
    )


def said(text: str, label: str = "") -> Line:
    """Words of ours where the records hold nothing."""
    return Line(text, label, said=True)


def _statements(values: tuple[Statement, ...]) -> tuple[Line, ...]:
    return tuple(map(statement, values))


def _or_said(value: Statement | None, label: str, otherwise: str = words.NOT_RECORDED) -> Line:
    return said(otherwise, label) if value is None else statement(value, label)


def _section(
    key: str, heading: str, lines: tuple[Line, ...], otherwise: str = words.NOT_RECORDED, style: Style = "bullets"
) -> Section:
    return Section(key, heading, (Block(lines, style) if lines else _none(otherwise),))


def _none(text: str = words.NOT_RECORDED) -> Block:
    return Block((said(text),), "prose")


def _facts(result: Result) -> tuple[Line, ...]:
    brief = result.brief
    signed = (
        Line(brief.reported_by, "Reported by") if brief.reported_by else said(words.NOT_RECORDED, "Reported by"),
        Line(brief.date, "Date") if brief.date else said(words.NOT_RECORDED, "Date"),
    )
    if result.decision != "escalate":
        return *signed, *_dissent(result)
    severity = words.SEVERITIES[result.severity] if result.severity else words.NOT_KNOWN
    target = words.TARGETS[result.target] if result.target else words.NOT_KNOWN
    if result.also_inform:
        target += f" (also inform: {', '.join(words.TARGETS[name] for name in result.also_inform)})"
    return Line(severity, "Severity"), Line(target, "Target team"), *signed, *_dissent(result)


def _dissent(result: Result) -> tuple[Line, ...]:
    """What the model would have chosen instead, and why; the policy's choice stands."""
    return tuple(
        Line(
            f"{words.choice(each.choice)}: {each.reason.text}",
            f"The model argues for another {each.about}",
            each.reason.cites,
            words.KINDS[each.reason.kind],
            each.reason.formula or "",
        )
        for each in result.dissent
    )


def _impact(result: Result) -> Section:
    impact = result.brief.impact
    affected, revenue, queue = impact.customers_affected, impact.revenue_at_risk, impact.time_in_queue
    if revenue is None:
        money = _missing(result, "Revenue at risk")
    else:
        accounts = tuple(
            Line(words.account_amounts(dict(values), revenue.currency or ""), name)
            for name, values in revenue.by_account.items()
        )
        money = Line(words.revenue(revenue), "Revenue at risk", revenue.cites, under=accounts)
    lines = (
        Line(words.customers(affected), "Customers affected", affected.cites),
        statement(impact.workflow_impact, "Workflow impact"),
        Line(words.depth(impact.depth), "Depth", impact.depth.cites) if impact.depth else said("not known", "Depth"),
        money,
        _missing(result, "Time in queue")
        if queue is None
        else Line(words.waiting(queue), "Time in queue", queue.cites),
        *_statements(impact.more),
    )
    return Section("impact", "Impact", (Block(lines, "facts"),))


def _missing(result: Result, label: str) -> Line:
    """ "not known", with the reason where the list of unknowns names it ("Revenue: no CRM record for ...")."""
    first = label.split()[0].casefold()
    for entry in result.unknown:
        subject, colon, reason = entry.partition(":")
        if colon and subject.casefold().startswith(first) and reason.strip():
            return said(f"{words.NOT_KNOWN} ({reason.strip().rstrip('.')})", label)
    return said(words.NOT_KNOWN, label)


def _tried(brief: EscalationBrief) -> Section:
    lines = tuple(
        Line(f"{item.step.strip().rstrip('.')} — {item.result.strip() or 'result not recorded'}", cites=item.cites)
        for item in brief.tried
    )
    return _section("tried", "What's Been Tried", lines, "no troubleshooting is recorded")


def _reproduction(found: Reproduction | None) -> Section:
    heading = "Reproduction Steps"
    if found is None:
        return _section("reproduction", heading, (), "not applicable: this is not treated as a bug")
    blocks: list[Block] = []
    if found.preconditions:
        blocks.append(Block(_statements(found.preconditions), lead="Starting point"))
    blocks.append(Block(_statements(found.steps), "steps") if found.steps else _none("steps not recorded"))
    environment = "; ".join(f"{name}: {value}" for name, value in found.environment.items())
    facts = [
        _or_said(found.expected, "Expected"),
        _or_said(found.actual, "Actual"),
        Line(environment, "Environment", found.cites) if environment else said(words.NOT_RECORDED, "Environment"),
        _or_said(found.frequency, "Frequency"),
    ]
    blocks.append(Block(tuple(facts), "lines"))
    rest = (("Ruled out", found.ruled_out), ("Error texts and logs", found.evidence), ("Notes", found.notes))
    blocks.extend(Block(_statements(values), lead=lead) for lead, values in rest if values)
    if found.missing:
        blocks.append(Block(tuple(map(Line, found.missing)), lead="Missing, to be asked for"))
    return Section("reproduction", heading, tuple(blocks))


def _communication(result: Result) -> Section:
    talk = result.brief.customer_communication
    lines = (
        _or_said(talk.last_update, "Last update to customer", "no update to the customer is recorded"),
        _or_said(talk.expectation, "Customer expectation"),
        _or_said(talk.escalation_risk, "Escalation risk", words.NOT_KNOWN),
    )
    return Section("communication", "Customer Communication", (Block(lines, "facts"),))


def _needed(result: Result) -> Section:
    brief = result.brief
    asks = [
        Line(need.text, "" if need.text.casefold().startswith(need.ask) else words.title_case(need.ask), need.cites)
        for need in brief.needed
    ]
    if not asks:
        asks = [said("nothing is asked of another team" if result.handling else "no ask is recorded")]
    if brief.deadline is None:
        deadline = _missing(result, "Deadline")
    else:
        due = brief.deadline
        deadline = Line(f"{words.moment(due.at)} — {due.why}".rstrip(" —"), "Deadline", due.cites)
    return Section("needed", "What's Needed", (Block((*asks, deadline)),))


def _supporting(result: Result) -> Section:
    found = result.brief.supporting
    groups = (
        ("Related tickets", found.tickets, "support_platform"),
        ("Internal discussions", found.discussions, "chat"),
        ("Tracker issues", found.issues, "project_tracker"),
        ("Documentation and logs", found.articles, "knowledge_base"),
    )
    lines = tuple(
        Line("", label, under=_refs(refs)) if refs else said(_why_none(result, category), label)
        for label, refs, category in groups
    )
    return Section("supporting", "Supporting Context", (Block(lines),))


def _refs(refs: tuple[Ref, ...]) -> tuple[Line, ...]:
    """The records by title; one that cites no evidence shows its id instead."""
    return tuple(
        Line(
            f"{ref.title or ref.id}{f' ({ref.note})' if ref.note else ''}",
            cites=ref.cites,
            url=ref.url or "",
            code="" if ref.cites else ref.id,
        )
        for ref in refs
    )


def _why_none(result: Result, category: str) -> str:
    """An empty list is not the same as a source that was not read."""
    states = {source.status for source in result.sources if source.category == category}
    if "failed" in states:
        return "not read: the source failed"
    return "not connected" if states == {"not_connected"} else "none found"


def _reasons(reasons: tuple[Reason, ...]) -> Section:
    holding = tuple(_reason(reason) for reason in reasons if reason.holds)
    blocks = [Block(holding) if holding else _none("no criterion holds")]
    others = _grouped([reason for reason in reasons if not reason.holds])
    if others:
        blocks.append(Block(others, lead="Does not hold"))
    return Section("reasons", "Why this decision", tuple(blocks))


def _reason(reason: Reason) -> Line:
    tag = "derived" if reason.formula else ""
    return Line(reason.text, cites=reason.cites, tag=tag, formula=reason.formula or "", code=reason.criterion)


def _grouped(reasons: list[Reason]) -> tuple[Line, ...]:
    """The reasons as lines; those that end alike over the same evidence ("...: not found") share one."""
    groups: dict[tuple[str, tuple[str, ...]], list[Reason]] = {}
    for reason in reasons:
        ending = reason.criterion if reason.formula or ": " not in reason.text else reason.text.rpartition(": ")[2]
        groups.setdefault((ending, reason.cites), []).append(reason)
    return tuple(
        _reason(group[0])
        if len(group) == 1
        else Line("; ".join(reason.text.rpartition(": ")[0] for reason in group), _sentence(ending), cites)
        for (ending, cites), group in groups.items()
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sources(result: Result) -> Section:
    lines = tuple(
        Line(words.source_state(source), f"{words.category(source.category)} ({source.connector})".replace(" ()", ""))
        for source in result.sources
    )
    return _section("sources", "Sources read", lines, "no source was asked")


def _handling(result: Result) -> Section:
    handling = result.handling
    heading = "How to handle it"
    if handling is None:
        return _section("handling", heading, (), "no way to handle it is recorded")
    blocks = [Block(_statements(handling.how), "steps") if handling.how else _none()]
    if handling.articles:
        blocks.append(Block(_refs(handling.articles), lead="From"))
    return Section("handling", heading, tuple(blocks))
