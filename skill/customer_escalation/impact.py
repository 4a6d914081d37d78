"""Step 3, business impact: breadth, depth, duration, revenue, reputation, contract. Figures are computed rows.

Distinct customers are counted by account identity; currencies are never added up silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from customer_escalation import rows
from customer_escalation.brief import CustomersAffected, Revenue, Statement, TimeInQueue
from customer_escalation.case import Case, Customer
from customer_escalation.durations import in_hours
from customer_escalation.related import is_done
from escalation_connectors.records import Account, Deal, Ticket

LABELS = {
    "arr": "ARR",
    "renewals": "in open renewals, which renew ARR and do not add to it",
    "pipeline": "in open deals",
}
GROWS_WITHIN = timedelta(days=3)  # a new customer in these days means that the problem still spreads
ONE_WAVE = timedelta(days=365)  # reports further apart are hardly of one spreading problem


class Assessment(Struct, frozen=True):
    """What step 3 works out, each part with its evidence."""

    customers: CustomersAffected
    recent: int
    revenue: Revenue | None
    queue: TimeInQueue | None
    high_value: tuple[Customer, ...]
    breached: tuple[Ticket, ...]
    imminent: tuple[Ticket, ...]
    reputation: tuple[Statement, ...]
    contract: tuple[Statement, ...]
    unknown: tuple[str, ...]


def assess(case: Case) -> Assessment:
    """All six dimensions."""
    open_ones = tuple(ticket for ticket in case.tickets if not is_done(ticket))
    breached = tuple(t for t in open_ones if _is_breached(t, case.now))
    soon = case.now + timedelta(hours=case.policy.thresholds["sla_imminent_hours"])
    imminent = tuple(
        t for t in open_ones if t not in breached and t.sla and t.sla.due_at and case.now <= t.sla.due_at <= soon
    )
    revenue, unknown = _revenue(case)
    return Assessment(
        customers=_breadth(case),
        recent=_recent(case),
        revenue=revenue,
        queue=_queue(case, open_ones or case.tickets[:1]),
        high_value=tuple(customer for customer in case.customers if is_high_value(case, customer.account)),
        breached=breached,
        imminent=imminent,
        reputation=tuple(_references(case)),
        contract=tuple(_clocks(case, breached, imminent)),
        unknown=unknown,
    )


def is_high_value(case: Case, account: Account | None) -> bool:
    """By the workspace's own measure, else by the policy's."""
    if account is None:
        return False
    profile, policy = case.profile, case.policy
    tiers = profile.high_value_tiers if profile.high_value_tiers is not None else policy.high_value_tiers
    floor = profile.high_value_arr if profile.high_value_arr is not None else policy.thresholds["high_value_arr"]
    return account.tier.lower() in {tier.lower() for tier in tiers} or (
        account.arr is not None and account.arr >= floor
    )


def _breadth(case: Case) -> CustomersAffected:
    count, names = len(case.customers), tuple(customer.name for customer in case.customers)
    if not count:
        read = case.gathered.reader.outcomes["support_platform"]
        said = (
            "No report of this problem was found" if read and read.answered else "No report of it could be looked for"
        )
        return CustomersAffected(0, (), None, ("S-support_platform",), said)
    rows_of = [case.ticket_row(t) for t in case.tickets]
    cites = tuple(dict.fromkeys(_receipts(case)))
    word = "customer" if count == 1 else "customers"
    known = [name for name, customer in zip(names, case.customers, strict=True) if not customer.unnamed]
    said = f"{count} {word}: {', '.join(known)}" if known else f"{count} {word}, not named in the records"
    if known and len(known) < count:
        said += f", and {'another' if count - len(known) == 1 else 'others'} not named in the records"
    formula = f"count({', '.join(f'[{c}]' for c in _one_row_each(case))})"
    figure = case.ledger.compute(said, formula, (*cites, *rows_of), count)
    return CustomersAffected(count, tuple(known), _growing(case), (figure, *cites), said)


def _receipts(case: Case) -> Iterable[str]:
    for customer in case.customers:
        yield row_of(case, customer)


def _one_row_each(case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_receipts(case)))


def row_of(case: Case, customer: Customer) -> str:
    """The one row that shows this customer reporting: its ticket, or its own comment on a shared one."""
    ticket = next(t for t in case.tickets if t.id == customer.tickets[0])
    shared = sum(customer.tickets[0] in other.tickets for other in case.customers) > 1
    if shared:
        for row in case.comments(ticket):
            if row.author is not None and row.author.name == customer.name:
                return row.id
    return case.ticket_row(ticket)


def _first_report(case: Case, customer: Customer) -> datetime:
    return min(ticket.created_at for ticket in case.tickets if ticket.id in customer.tickets)


def _recent(case: Case) -> int:
    """How many distinct customers reported within the policy's window."""
    since = case.now - timedelta(days=case.policy.thresholds["pattern_window_days"])
    return sum(
        any(ticket.id in customer.tickets and ticket.created_at >= since for ticket in case.tickets)
        for customer in case.customers
    )


def _growing(case: Case) -> bool | None:
    """Whether the latest customer to report did so within GROWS_WITHIN.

    None where the records cannot tell: fewer than two customers, or first reports that go back further than ONE_WAVE.
    """
    if len(case.customers) < 2:
        return None
    first = sorted(_first_report(case, customer) for customer in case.customers)
    if case.now - first[0] > ONE_WAVE:
        return None
    return first[-1] > first[0] and case.now - first[-1] <= GROWS_WITHIN


def _queue(case: Case, tickets: tuple[Ticket, ...]) -> TimeInQueue | None:
    if not tickets:
        return None
    oldest = min(tickets, key=lambda t: (t.created_at, t.id))
    row = case.ticket_row(oldest)
    hours = round((case.now - oldest.created_at).total_seconds() / 3600, 1)
    text = f"{in_hours(case.now - oldest.created_at)} since the oldest open report ({rows.stamp(oldest.created_at)})"
    figure = case.ledger.compute(text, f"hours([{row}].created_at, now)", (row,), hours)
    return TimeInQueue(oldest.created_at, hours, (figure, row), text)


def _revenue(case: Case) -> tuple[Revenue | None, tuple[str, ...]]:
    """ARR and open deals per account; None and a word about why where no CRM record holds either."""
    unknown = tuple(_unknown_revenue(case))
    accounts = [c.account for c in case.customers if c.account is not None] or _named(case)
    by_account: dict[str, dict[str, object]] = {}
    cites: list[str] = []
    parts: dict[str, dict[str, list[tuple[str, float]]]] = {name: defaultdict(list) for name in LABELS}
    for account in accounts:
        row = rows.evidence_id("account", account.id)
        if account.arr is not None:
            parts["arr"][account.currency].append((f"[{row}].arr", account.arr))
        cites.append(row)
        deals = [deal for deal in case.deals(account) if deal.amount is not None]
        for deal in deals:
            deal_row = rows.evidence_id("deal", deal.id)
            name = "renewals" if rows.is_renewal(deal) else "pipeline"
            parts[name][deal.currency].append((f"[{deal_row}].amount", deal.amount or 0.0))
            cites.append(deal_row)
        by_account[safe_name(case, account)] = _of_account(account, deals)
    if not any(parts.values()):
        return None, unknown
    return _totals(case, parts, by_account, tuple(cites)), unknown


def _named(case: Case) -> list[Account]:
    """The account that the typed words name, where no report was found that could tell who is affected."""
    account = case.gathered.match.account
    return [account] if account is not None and not case.tickets else []


def _of_account(account: Account, deals: Iterable[Deal]) -> dict[str, object]:
    """What one account brings: each currency's deals by themselves, renewals apart from what would come on top."""
    own: dict[str, float] = {}
    foreign: dict[str, float] = {}
    for deal in deals:
        amount, name = deal.amount or 0.0, "renewals" if rows.is_renewal(deal) else "pipeline"
        if deal.currency == account.currency:
            own[name] = own.get(name, 0.0) + amount
        else:
            foreign[deal.currency] = foreign.get(deal.currency, 0.0) + amount
    entry: dict[str, object] = {
        "arr": account.arr, "currency": account.currency or None, "pipeline": own.get("pipeline"),
    }  # fmt: skip
    if "renewals" in own:
        entry["renewals"] = own["renewals"]
    if foreign:
        entry["other_currencies"] = foreign
    return entry


def safe_name(case: Case, account: Account) -> str:
    """The account's name as its evidence row has it."""
    row = case.ledger.get(rows.evidence_id("account", account.id))
    return row.title if row else account.name


def _unknown_revenue(case: Case) -> Iterable[str]:
    if case.gathered.reader.sources.crm is None:
        yield "Revenue: unknown, no CRM is connected"
        return
    for customer in case.customers:
        if customer.account is None:
            yield f"Revenue: unknown for {customer.name}, no CRM record was found"
        elif customer.account.arr is None:
            yield f"Revenue: the CRM record of {customer.name} holds no ARR"


def _totals(
    case: Case,
    parts: dict[str, dict[str, list[tuple[str, float]]]],
    by_account: dict[str, dict[str, object]],
    cites: tuple[str, ...],
) -> Revenue:
    currencies = sorted({currency for name in LABELS for currency in parts[name]})
    figures: list[str] = []
    sums: dict[str, dict[str, float]] = {}
    said: list[str] = []
    for currency in currencies:
        sums[currency] = {}
        for name, label in LABELS.items():
            known = parts[name].get(currency)
            if known:
                total = sum(amount for _, amount in known)
                sums[currency][name] = total
                text = f"{rows.money(total, currency)} {label}"
                said.append(text)
                formula = f"sum({', '.join(field for field, _ in known)})"
                inputs = tuple(field[1 : field.index("]")] for field, _ in known)
                figures.append(case.ledger.compute(text, formula, inputs, total))
    single = currencies[0] if len(currencies) == 1 else None
    text = "; ".join(said) + ("" if single is not None else " (different currencies, not added up)")
    return Revenue(
        arr=sums[single].get("arr") if single is not None else None,
        pipeline=sums[single].get("pipeline") if single is not None else None,
        currency=single,
        by_account=by_account,
        cites=(*figures, *dict.fromkeys(cites)),
        by_currency=sums,
        text=text,
    )


def _references(case: Case) -> Iterable[Statement]:
    for customer in case.customers:
        if customer.account is not None and customer.account.is_reference:
            row = rows.evidence_id("account", customer.account.id)
            yield Statement(f"{customer.name} is a reference customer", (row,))
    seen: set[str] = set()
    for signal in case.signals.of("public", roles=("customer",)):
        if signal.row not in seen:
            seen.add(signal.row)
            yield Statement(
                f"The customer may go public or already has: “{signal.sentence}”", (signal.row,), "hypothesis"
            )


def _is_breached(ticket: Ticket, now: datetime) -> bool:
    sla = ticket.sla
    if sla is None:
        return False
    return sla.breached if sla.breached is not None else sla.due_at is not None and sla.due_at < now


def _clocks(case: Case, breached: Iterable[Ticket], imminent: Iterable[Ticket]) -> Iterable[Statement]:
    for ticket in (*breached, *imminent):
        row = case.ticket_row(ticket)
        due = ticket.sla.due_at if ticket.sla else None
        if due is None:
            yield Statement(f"The SLA of ticket {ticket.id} is breached", (row,))
        elif due < case.now:
            text = f"The SLA of ticket {ticket.id} was due at {rows.stamp(due)}: {in_hours(case.now - due)} ago"
            yield Statement(text, (row,), "derived", f"hours([{row}].due_at, now)")
        else:
            text = f"The SLA of ticket {ticket.id} runs out at {rows.stamp(due)}: in {in_hours(due - case.now)}"
            yield Statement(text, (row,), "derived", f"hours(now, [{row}].due_at)")
