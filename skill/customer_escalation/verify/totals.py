"""The figures of a result: counts, sums, clocks and deadlines, each worked out again from the rows it cites."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from customer_escalation.brief import CustomersAffected, Result, Revenue
from customer_escalation.claims import Claim
from customer_escalation.evidence import Evidence
from customer_escalation.verify import names
from customer_escalation.verify.check import Known, Verifier
from customer_escalation.verify.facts import read
from customer_escalation.verify.joining import Fact
from customer_escalation.verify.moments import Moment, of
from customer_escalation.verify.quantities import Quantity
from customer_escalation.verify.sources import Source, plain, stands
from customer_escalation.verify.support import Support

AMOUNTS = ("arr", "pipeline", "renewals")


class Line(NamedTuple):
    """A claim in its result, and the verifier of its evidence."""

    claim: Claim
    result: Result
    verifier: Verifier


def out_of_place(line: Line) -> tuple[str, ...]:
    """What the texts of counts, sums and clocks must keep to beside their hard facts."""
    path, cites = line.claim.path, line.claim.statement.cites
    impact, deadline = line.result.brief.impact, line.result.brief.deadline
    if path.startswith("brief.impact.customers_affected"):
        return _strangers(cites, line.verifier, _reports) or _customers(
            line.claim, impact.customers_affected, line.verifier
        )
    if path == "brief.impact.revenue_at_risk.text":
        if re.search(r"(?<!not )\badded up\b", line.claim.statement.text):
            return ("different currencies are not added up",)
        return _strangers(cites, line.verifier, _is_money)
    if path == "brief.impact.time_in_queue.text" and impact.time_in_queue is not None:
        since = impact.time_in_queue.since
        return _strangers(cites, line.verifier, lambda row: _has_time(row, since, line.verifier))
    if path == "brief.deadline.why" and deadline is not None:
        return _strangers(
            cites, line.verifier, lambda row: _is_policy(row) or _has_time(row, deadline.at, line.verifier)
        )
    return ()


def _strangers(cites: Sequence[str], verifier: Verifier, fits: Callable[[Source], bool]) -> tuple[str, ...]:
    """Cited rows that have nothing to do with the line; computed and coverage rows always have."""
    return tuple(
        f"[{row.row.id}] has nothing to do with this line"
        for row in verifier.sources.among(cites)
        if row.row.origin not in ("computed", "coverage", "typed") and not fits(row)
    )


def _reports(row: Source) -> bool:
    """Whether a customer shows in the row: its own ticket, its own words, its account."""
    return row.row.category == "support_platform" or (row.row.category == "crm" and bool(row.row.fields.get("name")))


def _is_policy(row: Source) -> bool:
    return row.row.category == "policy"


def _is_money(row: Source) -> bool:
    return bool({"arr", "amount"} & row.row.fields.keys())


def _has_time(row: Source, at: datetime, verifier: Verifier) -> bool:
    fact = Fact("moment", "", 0, 0, (), (of(at)._replace(second=None),))
    return Support([row], verifier.now).holds(fact)


def _customers(claim: Claim, affected: CustomersAffected, verifier: Verifier) -> tuple[str, ...]:
    """Only customers of the cited rows are named, and a figure is their number, or that of those not named."""
    rows = verifier.sources.among(claim.statement.cites)
    known = {plain(row.context_customer) for row in rows if row.context_customer}
    text = claim.statement.text
    named = [text] if ".names" in claim.path else [name.text for name in names.names(read(text).tokens)]
    counted = {plain(name) for name in affected.names}
    others = [
        row.row.id for row in rows if counted and row.context_customer and plain(row.context_customer) not in counted
    ]
    if others:
        return (f"[{others[0]}] belongs to a customer who is not counted",)
    wrong = [name for name in named if known and not _among(plain(name), known) and not _speaks(name, rows)]
    if wrong:
        return (f"“{wrong[0]}” is no customer of the cited rows",)
    if claim.path.endswith(".text"):
        if not affected.names and re.search(r"(?<!not )\bnamed\b", text):
            return ("no customer is named",)
        figures = [fact for fact in read(text).facts if fact.kind == "number" and not fact.quantities[0].unit]
        fitting = (affected.count, affected.count - len(affected.names))
        off = [fact.text for fact in figures if fact.quantities[0].value not in fitting]
        if off:
            return (f"“{off[0]}”, and {affected.count} customers were counted",)
    return ()


def _among(name: str, known: set[str]) -> bool:
    return any(stands(name, one) for one in known)


def _speaks(name: str, rows: Sequence[Source]) -> bool:
    """Whether a customer without an account is named by the words it wrote itself."""
    return any(
        row.row.author is not None and plain(row.row.author.name) == plain(name) and "customer" in row.roles
        for row in rows
    )


def worked_out(path: str, result: Result) -> tuple[list[Quantity], list[Moment]]:
    """Figures that code works out for a line's text."""
    impact = result.brief.impact
    if path == "brief.impact.customers_affected.text":
        return [Quantity(float(impact.customers_affected.count), "", 0.0)], []
    if path == "brief.impact.time_in_queue.text" and impact.time_in_queue is not None:
        return [Quantity(_hours(impact.time_in_queue.since, result.now) * 3600.0, "s", 0.0)], []
    if path == "brief.impact.revenue_at_risk.text" and impact.revenue_at_risk is not None:
        return _totals(impact.revenue_at_risk), []
    return [], []


def _totals(revenue: Revenue) -> list[Quantity]:
    found = [
        Quantity(total, revenue.currency or "", 0.0) for total in (revenue.arr, revenue.pipeline) if total is not None
    ]
    for currency, figures in revenue.by_currency.items():
        found += [Quantity(value, currency, 0.0) for value in figures.values()]
    return found


def _hours(since: datetime, now: datetime) -> float:
    return (now - since).total_seconds() / 3600.0


def cited_rows(cites: Sequence[str], verifier: Verifier) -> tuple[list[Source], tuple[str, ...]]:
    """The cited rows, computed ones checked, or why they cannot be used."""
    unknown = tuple(f"there is no evidence row {cite}" for cite in cites if cite not in verifier.ledger)
    if unknown or not cites:
        return [], unknown or ("it cites nothing: name the rows that say so",)
    rows = verifier.sources.among(cites)
    wrong = [why for row in rows if row.row.origin == "computed" for why in verifier.computed_row(row.row)]
    return rows, tuple(wrong)


def _value(row: Evidence, verifier: Verifier) -> float | None:
    result = verifier.result(row)
    return result.value.is_ if result is not None and isinstance(result.value.is_, float) else None


def _count(line: Line) -> tuple[str, ...]:
    """The number of customers: what a cited computed row gives, else the distinct customers of the cited rows."""
    affected = line.result.brief.impact.customers_affected
    if affected.count == 0 and not affected.names and not affected.cites:
        return ()
    rows, wrong = cited_rows(affected.cites, line.verifier)
    if wrong:
        return wrong
    values = [_value(row.row, line.verifier) for row in rows if row.row.origin == "computed"]
    whole = [value for value in values if value is not None and value.is_integer()]
    if whole:
        return (
            ()
            if float(affected.count) in whole
            else (f"{affected.count} customers, and the cited figure is {whole[0]:g}",)
        )
    named = {plain(str(row.row.fields["customer"])) for row in rows if row.row.fields.get("customer")}
    expected = max(len(named), len(set(affected.names)))
    if affected.count != expected and not (affected.count == 1 and not expected):
        return (f"{affected.count} customers, and the cited rows name {expected}",)
    return ()


def _arr(line: Line) -> tuple[str, ...]:
    revenue = line.result.brief.impact.revenue_at_risk
    return () if revenue is None else _total(revenue, "arr", revenue.arr, line.verifier)


def _pipeline(line: Line) -> tuple[str, ...]:
    revenue = line.result.brief.impact.revenue_at_risk
    return () if revenue is None else _total(revenue, "pipeline", revenue.pipeline, line.verifier)


def _total(revenue: Revenue, name: str, total: float | None, verifier: Verifier) -> tuple[str, ...]:
    rows, wrong = cited_rows(revenue.cites, verifier)
    if wrong:
        return wrong
    if total == 0:
        return ()
    figures = _figures(rows, name)
    if len({currency for _, currency in figures}) > 1:
        return ("the cited rows are in several currencies, which are not added up",)
    if any(currency != (revenue.currency or "") for _, currency in figures):
        return (f"the cited rows are in {figures[0][1] or 'no currency'}, not {revenue.currency}",)
    expected = sum(value for value, _ in figures)
    if total is None or abs(expected - total) > 0.005:
        return (f"{name} is {total or 0:,.2f}, and the cited rows add up to {expected:,.2f}",)
    return ()


def _figures(rows: Sequence[Source], name: str) -> list[tuple[float, str]]:
    """The amounts of this name in the rows: a deal that renews is no pipeline, and the other way round."""
    key = "arr" if name == "arr" else "amount"
    found: list[tuple[float, str]] = []
    for row in rows:
        if name != "arr" and bool(row.row.fields.get("renewal")) != (name == "renewals"):
            continue
        value = row.row.fields.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found.append((float(value), str(row.row.fields.get("currency") or "")))
    return found


def _since(line: Line) -> tuple[str, ...]:
    queue = line.result.brief.impact.time_in_queue
    if queue is None:
        return ()
    rows, wrong = cited_rows(queue.cites, line.verifier)
    return wrong or _time_stands(queue.since, rows, line.verifier)


def _queue_hours(line: Line) -> tuple[str, ...]:
    queue = line.result.brief.impact.time_in_queue
    if queue is None:
        return ()
    hours = _hours(queue.since, line.result.now)
    return () if abs(hours - queue.hours) <= 0.051 else (f"it says {queue.hours:g} h, and it is {hours:.1f} h",)


def _deadline(line: Line) -> tuple[str, ...]:
    deadline = line.result.brief.deadline
    if deadline is None:
        return ()
    rows, wrong = cited_rows(deadline.cites, line.verifier)
    return wrong or _time_stands(deadline.at, rows, line.verifier)


def _time_stands(at: datetime, rows: Sequence[Source], verifier: Verifier) -> tuple[str, ...]:
    worked_out = [moment for row in rows if (moment := _moment(row.row, verifier)) is not None]
    fact = Fact("moment", at.isoformat(), 0, 0, (), (of(at)._replace(second=None),))
    if Support(rows, verifier.now, Known([], worked_out)).holds(fact):
        return ()
    return (f"{at.isoformat()} is in none of the cited rows; cite the row, or a computed one (add_hours)",)


def _moment(row: Evidence, verifier: Verifier) -> Moment | None:
    result = verifier.result(row) if row.origin == "computed" else None
    return result.value.moment if result is not None else None


def _by_account(line: Line) -> tuple[str, ...]:
    """Each account's figures stand in a cited row of that account, in its own currency."""
    revenue = line.result.brief.impact.revenue_at_risk
    account = line.claim.path.partition("[")[2].rstrip("]")
    if revenue is None or account not in revenue.by_account:
        return ()
    rows, wrong = cited_rows(revenue.cites, line.verifier)
    if wrong:
        return wrong
    named = [row for row in rows if stands(plain(account), row.blob)]
    if not named:
        return (f"no cited row is about {account}",)
    records = {row.row.record for row in named}
    own = named + [row for row in rows if row not in named and row.row.fields.get("account") in records]
    figures = revenue.by_account[account]
    known = [Quantity(value, currency, 0.0) for name in AMOUNTS for value, currency in _figures(own, name)]
    known += [number for row in own for number in row.quantities]
    known += [Quantity(sum(value for value, _ in _figures(own, name)), "", 0.0) for name in AMOUNTS[1:]]
    deals = [*_figures(own, "pipeline"), *_figures(own, "renewals")]
    for unit, total in _foreign(figures).items():
        if abs(sum(value for value, currency in deals if currency == unit) - total) > 0.005:
            return (f"{unit} {total:,.2f} of {account} is not the sum of the cited deals in {unit}",)
    for name, value in figures.items():
        if isinstance(value, (int, float)) and value and not any(abs(value - number.value) < 0.005 for number in known):
            return (f"{name} {value:,.2f} of {account} is in none of the cited rows",)
        if name == "currency" and value and not any(stands(plain(str(value)), row.blob) for row in own):
            return (f"the rows of {account} are not in {value}",)
    return ()


def _foreign(figures: Mapping[str, object]) -> Mapping[str, float]:
    """The account's deals in other currencies than its own, by currency."""
    return cast("Mapping[str, float]", figures.get("other_currencies") or {})


def _by_currency(line: Line) -> tuple[str, ...]:
    """Each currency's totals are the sums of the cited rows in that currency."""
    revenue = line.result.brief.impact.revenue_at_risk
    currency = line.claim.path.partition("[")[2].rstrip("]")
    if revenue is None or currency not in revenue.by_currency:
        return ()
    rows, wrong = cited_rows(revenue.cites, line.verifier)
    if wrong:
        return wrong
    for name, total in revenue.by_currency[currency].items():
        expected = sum(value for value, unit in _figures(rows, name) if unit == currency)
        if abs(expected - total) > 0.005:
            return (f"{name} in {currency} is {total:,.2f}, and the cited rows add up to {expected:,.2f}",)
    return ()


CHECKS: dict[str, Callable[[Line], tuple[str, ...]]] = {
    "brief.impact.customers_affected.count": _count,
    "brief.impact.revenue_at_risk.arr": _arr,
    "brief.impact.revenue_at_risk.pipeline": _pipeline,
    "brief.impact.revenue_at_risk.by_account": _by_account,
    "brief.impact.revenue_at_risk.by_currency": _by_currency,
    "brief.impact.time_in_queue.since": _since,
    "brief.impact.time_in_queue.hours": _queue_hours,
    "brief.deadline.at": _deadline,
}
