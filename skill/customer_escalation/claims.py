"""Every line of a result as a claim, in the order of the template: verifying, rendering and counting see the same.

`path` is where the line stands ("brief.description[2]"). Lines that carry no kind of their own (a step that was tried,
an ask, a deadline, a conflict) come as observed statements over their cites.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from customer_escalation.brief import (
    NOT_RECORDED,
    Impact,
    Ref,
    Reproduction,
    Result,
    Revenue,
    Statement,
    Supporting,
)


class Claim(Struct, frozen=True):
    """One line of a result and where it stands."""

    path: str
    statement: Statement


def claims(result: Result) -> Iterator[Claim]:
    """Every line that a reader could doubt; what is missing or unknown is no claim."""
    brief = result.brief
    yield Claim("brief.title", brief.title)
    yield from _impact(brief.impact)
    yield from _statements("brief.description", brief.description)
    for number, tried in enumerate(brief.tried):
        told = "" if tried.result == NOT_RECORDED else f" — {tried.result}"
        yield from _line(f"brief.tried[{number}]", f"{tried.step}{told}", tried.cites)
    if brief.reproduction is not None:
        yield from _reproduction(brief.reproduction)
    talk = brief.customer_communication
    yield from _statement("brief.customer_communication.last_update", talk.last_update)
    yield from _statement("brief.customer_communication.expectation", talk.expectation)
    yield from _statement("brief.customer_communication.escalation_risk", talk.escalation_risk)
    for number, need in enumerate(brief.needed):
        yield from _line(f"brief.needed[{number}]", need.text, need.cites)
    if brief.deadline is not None:
        yield Claim(
            "brief.deadline.at",
            Statement(f"{brief.deadline.at.isoformat()}", brief.deadline.cites),
        )
        yield from _line("brief.deadline.why", brief.deadline.why, brief.deadline.cites)
    yield from _statements("brief.insights", brief.insights)
    yield from _supporting(brief.supporting)
    if result.handling is not None:
        yield from _statements("handling.how", result.handling.how)
        yield from _refs("handling.articles", result.handling.articles)
    for number, reason in enumerate(result.reasons):
        yield Claim(f"reasons[{number}]", Statement(reason.text, reason.cites))
    for number, dissent in enumerate(result.dissent):
        yield Claim(f"dissent[{number}].reason", dissent.reason)
    for number, conflict in enumerate(result.conflicts):
        yield from _line(f"conflicts[{number}]", conflict.text, conflict.cites)
    for number, step in enumerate(result.next_steps):
        yield from _line(f"next_steps[{number}].preview", step.preview, ())


def _impact(impact: Impact) -> Iterator[Claim]:
    affected = impact.customers_affected
    base = "brief.impact.customers_affected"
    yield Claim(
        f"{base}.count",
        Statement(f"{affected.count} customers affected", affected.cites),
    )
    yield from _line(f"{base}.text", affected.text, affected.cites)
    for number, name in enumerate(affected.names):
        yield from _line(f"{base}.names[{number}]", name, affected.cites)
    yield Claim("brief.impact.workflow_impact", impact.workflow_impact)
    if impact.depth is not None:
        yield from _line("brief.impact.depth", impact.depth.said, impact.depth.cites)
    if impact.revenue_at_risk is not None:
        yield from _revenue(impact.revenue_at_risk)
    queue = impact.time_in_queue
    if queue is not None:
        yield Claim(
            "brief.impact.time_in_queue.since",
            Statement(queue.since.isoformat(), queue.cites),
        )
        yield Claim(
            "brief.impact.time_in_queue.hours",
            Statement(f"{queue.hours:g} hours", queue.cites),
        )
        yield from _line("brief.impact.time_in_queue.text", queue.text, queue.cites)
    yield from _statements("brief.impact.more", impact.more)


def _revenue(revenue: Revenue) -> Iterator[Claim]:
    base = "brief.impact.revenue_at_risk"
    for name in ("arr", "pipeline"):
        total: float | None = getattr(revenue, name)
        if total is not None:
            yield Claim(
                f"{base}.{name}",
                Statement(f"{name} {revenue.currency or ''} {total:,.2f}", revenue.cites),
            )
    for account, figures in revenue.by_account.items():
        said = ", ".join(f"{key} {value}" for key, value in figures.items() if key != "cites")
        yield Claim(
            f"{base}.by_account[{account}]",
            Statement(f"{account}: {said}", revenue.cites),
        )
    for currency, figures in revenue.by_currency.items():
        said = ", ".join(f"{key} {currency} {value:,.2f}" for key, value in figures.items())
        yield Claim(f"{base}.by_currency[{currency}]", Statement(said, revenue.cites))
    yield from _line(f"{base}.text", revenue.text, revenue.cites)


def _reproduction(found: Reproduction) -> Iterator[Claim]:
    base = "brief.reproduction"
    yield from _statements(f"{base}.preconditions", found.preconditions)
    yield from _statements(f"{base}.steps", found.steps)
    yield from _statement(f"{base}.expected", found.expected)
    yield from _statement(f"{base}.actual", found.actual)
    for key, value in found.environment.items():
        yield from _line(f"{base}.environment[{key}]", value, found.cites)
    yield from _statement(f"{base}.frequency", found.frequency)
    yield from _statements(f"{base}.ruled_out", found.ruled_out)
    yield from _statements(f"{base}.evidence", found.evidence)
    yield from _statements(f"{base}.notes", found.notes)


def _supporting(supporting: Supporting) -> Iterator[Claim]:
    yield from _refs("brief.supporting.tickets", supporting.tickets)
    yield from _refs("brief.supporting.discussions", supporting.discussions)
    yield from _refs("brief.supporting.issues", supporting.issues)
    yield from _refs("brief.supporting.articles", supporting.articles)


def _refs(path: str, refs: tuple[Ref, ...]) -> Iterator[Claim]:
    for number, ref in enumerate(refs):
        yield Claim(f"{path}[{number}]", Statement(f"{ref.id}: {ref.title}", ref.cites))


def _statements(path: str, statements: tuple[Statement, ...]) -> Iterator[Claim]:
    for number, statement in enumerate(statements):
        yield Claim(f"{path}[{number}]", statement)


def _statement(path: str, statement: Statement | None) -> Iterator[Claim]:
    if statement is not None:
        yield Claim(path, statement)


def _line(path: str, text: str, cites: tuple[str, ...]) -> Iterator[Claim]:
    if text:
        yield Claim(path, Statement(text, cites))
