"""A small company that the contract suites ask about: as records, and written down as a workspace folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from escalation_connectors.records import (
    Account,
    Article,
    Attachment,
    Comment,
    Contact,
    Deal,
    Issue,
    Message,
    Note,
    Page,
    Person,
    Sla,
    Ticket,
)


def at(day: int, hour: int = 9) -> datetime:
    """An hour of a day in November 2026."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def _thread(*bodies: str) -> Page[Comment]:
    comments = (
        Comment(str(number), body, at(number), Person("Ines", "customer"))
        for number, body in enumerate(bodies, start=1)
    )
    return Page(tuple(comments), total=len(bodies))


TICKETS = (
    Ticket(
        id="T-1",
        subject="Intermittent 500 errors on checkout",
        created_at=at(3),
        status="open",
        account="ACC-1",
        requester=Person("Ines", "customer", "ines@acme.example"),
        tags=("checkout",),
        sla=Sla("gold", at(4), True, "4 h"),
        links=("ORD-3310", "https://tracker.example/browse/ORD-3311?focus=1"),
        comments=Page(
            (
                Comment("1", "Checkout fails with ERR_GATEWAY_502.", at(3), Person("Ines", "customer")),
                Comment(
                    "2",
                    "Looking into it.",
                    at(3, 10),
                    Person("Bo", "agent"),
                    public=False,
                    attachments=(Attachment("trace.txt", "https://files.example/1", "upstream reset"),),
                ),
            ),
            total=2,
        ),
        extra={"plan": "gold"},
    ),
    Ticket(
        id="T-2", subject="Login loop after SSO", created_at=at(5), account="Acme Corp", comments=_thread("It loops.")
    ),
    Ticket(
        id="T-3", subject="Login page is slow", created_at=at(7), account="ACC-2", comments=_thread("Slow.", "Same.")
    ),
    Ticket(id="T-4", subject="Invoice question", created_at=at(9), links=("T-1",), comments=_thread("Which invoice?")),
)
ACCOUNTS = (
    Account(
        id="ACC-1",
        name="Acme Corp",
        domain="acme.example",
        aliases=("Acme",),
        tier="Enterprise",
        arr=120000.0,
        currency="EUR",
        renewal_date=at(30, 0),
        is_reference=True,
        notes=(Note("Renewal at risk.", at(2), "Kim"),),
    ),
    Account(id="ACC-2", name="Acme Cooperative", domain="acme-coop.example"),
    Account(id="ACC-3", name="Northwind Traders Ltd", domain="northwind.example"),
)
CONTACTS = (
    Contact(id="C-1", account="ACC-1", name="Ines Vidal", email="ines@acme.example", is_primary=True),
    Contact(id="C-2", account="Acme Corp", name="Lee Ray"),
    Contact(id="C-3", account="ACC-2", name="Uma Holt"),
)
DEALS = (
    Deal(id="D-1", account="ACC-1", name="Renewal", amount=120000.0, currency="EUR", kind="renewal", is_open=True),
    Deal(id="D-2", account="ACC-1", name="Seats", amount=9000.5, currency="EUR", close_date=at(20, 0), is_open=False),
)
MESSAGES = (
    Message(
        id="M-1", channel="eng", at=at(3, 11), text="Gateway pool is exhausted again", author=Person("Bo", "agent")
    ),
    Message(
        id="M-2", channel="eng", at=at(3, 12), text="Restarting it", thread="M-1", author=Person("Kim", "engineer")
    ),
    Message(id="M-3", channel="eng", at=at(3, 13), text="Checkout works", thread="M-1"),
    Message(id="M-4", channel="sales", at=at(8), text="Acme asks about the gateway"),
)
ISSUES = (
    Issue(
        key="ORD-3310", title="Gateway pool exhausted", created_at=at(3), kind="bug", body="Pool of 20", links=("T-1",)
    ),
    Issue(key="ORD-3311", title="Login loop", created_at=at(5), comments=_thread("Cookie too large"), labels=("sso",)),
)
ARTICLES = (
    Article(
        id="KB-1", title="Login loop after SSO", body="# Fix\n\nClear the cookies.", kind="workaround", labels=("sso",)
    ),
    Article(id="KB-2", title="Exports", body="How exports work.", updated_at=at(1, 0)),
)


def write(folder: Path) -> Path:
    """The company as a workspace folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in (
        ("tickets", TICKETS),
        ("accounts", ACCOUNTS),
        ("contacts", CONTACTS),
        ("deals", DEALS),
        ("messages", MESSAGES),
        ("issues", ISSUES),
    ):
        lines(folder / f"{name}.jsonl", (as_json(record) for record in records))
    articles = folder / "articles"
    articles.mkdir(exist_ok=True)
    for article in ARTICLES:
        front = {key: value for key, value in as_json(article).items() if key != "body"}
        text = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
        (articles / f"{article.id}.md").write_text(f"---\n{text}\n---\n{article.body}\n", encoding="utf-8")
    return folder


def lines(path: Path, objects: Iterable[object]) -> None:
    """One JSON text a line."""
    path.write_text("".join(f"{json.dumps(each)}\n" for each in objects), encoding="utf-8")


def as_json(record: Any) -> dict[str, Any]:
    """A record as a person would write it down: nothing that is absent."""
    plain: dict[str, Any] = {
        key: _plain(value)
        for key, value in msgspec.to_builtins(_without_extra(record), builtin_types=(datetime,)).items()
    }
    return {key: value for key, value in {**plain, **record.extra}.items() if value not in ("", None, [], {})}


def _without_extra(record: Any) -> Any:
    return replace(record, extra={})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        if "items" in pairs:
            return _plain(pairs["items"])
        return {key: plain for key, each in pairs.items() if (plain := _plain(each)) not in ("", None, [], {})}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast("list[Any]", value)]
    return value
