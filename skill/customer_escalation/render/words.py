"""The words that every renderer shares: labels, times, amounts, and which links are safe to offer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from customer_escalation.brief import CustomersAffected, Depth, Kind, NextStep, Revenue, SourceReport, TimeInQueue
from customer_escalation.evidence import Author

NOT_KNOWN = "not known"
NOT_RECORDED = "not recorded"

SEVERITIES = {"critical": "Critical", "high": "High", "medium": "Medium"}
TARGETS = {
    "l2_support": "L2 Support",
    "engineering": "Engineering",
    "product": "Product",
    "security": "Security",
    "leadership": "Leadership",
}
KINDS: dict[Kind, str] = {
    "observed": "",
    "stated_by_customer": "customer states",
    "stated_by_staff": "staff states",
    "derived": "derived",
    "absence": "no record",
    "hypothesis": "hypothesis",
}
CATEGORIES = {
    "support_platform": "Support platform",
    "crm": "CRM",
    "chat": "Chat",
    "project_tracker": "Project tracker",
    "knowledge_base": "Knowledge base",
}


def choice(name: str) -> str:
    """A severity, a target or a decision as a reader sees it."""
    return {**SEVERITIES, **TARGETS}.get(name) or title_case(name)


def title_case(name: str) -> str:
    """An identifier as words: "file_issue" gives "File issue"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def moment(at: datetime) -> str:
    """A time to the minute in UTC; a time without a zone is taken as UTC."""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%M} UTC"


def number(value: float) -> str:
    """Thousands set apart, no empty fraction: 2,121,000 and 149.5."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def duration(hours: float) -> str:
    """Hours, with days beside them from two days on: "149 h (6 d 5 h)"."""
    exact = f"{number(round(hours, 1))} h"
    days, rest = divmod(round(hours), 24)
    if days < 2:
        return exact
    return f"{exact} ({days} d {rest} h)" if rest else f"{exact} ({days} d)"


def customers(affected: CustomersAffected) -> str:
    """Who and how many; the writer's own sentence first, with every name it leaves out."""
    text = affected.text or (str(affected.count) if affected.count else "none known by name")
    missing = [name for name in affected.names if name not in text]
    if missing:
        text = f"{text.rstrip('.')}: {', '.join(missing)}"
    if affected.growing is not None and "growing" not in text:
        text += "; growing" if affected.growing else "; not growing"
    return text


def depth(value: Depth) -> str:
    """The level, and what the rows say of it."""
    return f"{value.level} — {value.said}" if value.said else value.level


def revenue(value: Revenue) -> str:
    """The writer's own sentence, or the totals, per currency where they differ."""
    if value.text:
        return value.text
    if value.by_currency:
        return "; ".join(
            _amounts(currency, sums.get("arr"), sums.get("pipeline")) for currency, sums in value.by_currency.items()
        )
    return _amounts(value.currency or "", value.arr, value.pipeline)


def _amounts(currency: str, arr: float | None, pipeline: float | None) -> str:
    parts = [
        f"{currency} {number(amount)} {what}".strip()
        for amount, what in ((arr, "ARR"), (pipeline, "open pipeline"))
        if amount is not None
    ]
    return ", ".join(parts) or NOT_KNOWN


def account_amounts(values: dict[str, object], currency: str) -> str:
    """What one account brings, in words: "USD 480,000 arr, USD 84,000 pipeline"."""
    own = values.get("currency")
    unit = own if isinstance(own, str) else currency
    parts: list[str] = []
    for name, value in values.items():
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            label = "ARR" if name == "arr" else name.replace("_", " ")
            parts.append(f"{unit} {number(value)} {label}".strip())
    foreign = values.get("other_currencies")
    if isinstance(foreign, Mapping):
        amounts = cast("Mapping[str, float]", foreign)
        parts += [f"{other} {number(amount)} in deals" for other, amount in amounts.items()]
    return ", ".join(parts) or NOT_KNOWN


def waiting(queue: TimeInQueue) -> str:
    """How long and since when."""
    if queue.text:
        return queue.text
    return f"{duration(queue.hours)}, since {moment(queue.since)}"


def author(who: Author | None) -> str:
    """Name and role of whoever said it; empty where nobody is recorded."""
    if who is None:
        return ""
    return f"{who.name} ({who.role})" if who.name and who.role else who.name or who.role


def source_state(source: SourceReport) -> str:
    """What became of a source: read n, empty, failed and why, not connected."""
    if source.status == "not_connected":
        text = "not connected"
    elif source.status == "failed":
        text = f"failed, not read: {source.error or 'no reason given'}"
        if source.records:
            text += f" (after {number(source.records)} records)"
    elif source.status == "empty":
        text = "connected, nothing found"
    else:
        text = f"read {number(source.records)} {'record' if source.records == 1 else 'records'}"
    if source.error and source.status not in ("failed", "not_connected") and source.error not in source.note:
        text += f"; {source.error}"
    if source.note.casefold().startswith("read ") and text.startswith("read "):
        return source.note
    return f"{text}; {source.note}" if source.note else text


def category(name: str) -> str:
    """A category as readers call it."""
    return CATEGORIES.get(name) or title_case(name)


def offer(step: NextStep) -> str:
    """The question that the proposal answers."""
    return step.offer or step.title or title_case(step.kind)


def safe_link(url: str | None) -> str:
    """The address where it is one that may become a link (http, https, mailto), else nothing."""
    if not url or " " in url or not url.isprintable():
        return ""
    scheme, _, rest = url.partition(":")
    scheme = scheme.lower()
    if scheme in ("http", "https"):
        return url if rest.startswith("//") and rest.strip("/") else ""
    return url if scheme == "mailto" and "@" in rest else ""
