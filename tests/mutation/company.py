"""The whole sample company as one ledger, and statements about it that are true or just not."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from customer_escalation import resources, rows
from customer_escalation.brief import Kind, Statement
from customer_escalation.evidence import Evidence, Ledger
from escalation_connectors.sources import Sources
from escalation_connectors.workspace import open_workspace

NOW = datetime(2026, 11, 19, 16, 50, tzinfo=UTC)
STATEMENTS, INSIGHTS = (Path(__file__).parent / name for name in ("statements.txt", "insights.txt"))
SEARCHED = ("support_platform", "crm", "chat", "project_tracker", "knowledge_base")


@dataclass(slots=True)
class Group:
    """A true statement and its false near-twins, over the same rows unless they name their own."""

    true: Statement
    false: list[Statement] = field(default_factory=list[Statement])


def groups(file: Path = STATEMENTS) -> list[Group]:
    """The statements of a file."""
    found: list[Group] = []
    kind, formula = "observed", ""
    cites: tuple[str, ...] = ()
    for line in file.read_text(encoding="utf-8").splitlines():
        mark, text = line[:1], line[2:].strip()
        if mark == "=":
            kind, _, rest = text.partition(" [")
            inside, _, formula = rest.partition("]")
            cites = tuple(inside.split())
            formula = formula.strip()
        elif mark in ("+", "-") and text:
            said, _, own = text.partition(" @ ")
            statement = Statement(said.strip(), tuple(own.split()) or cites, _kind(kind), formula or None)
            if mark == "+":
                found.append(Group(statement))
            else:
                found[-1].false.append(statement)
    return found


def _kind(name: str) -> Kind:
    kinds: dict[str, Kind] = {
        "observed": "observed",
        "stated_by_customer": "stated_by_customer",
        "stated_by_staff": "stated_by_staff",
        "derived": "derived",
        "absence": "absence",
        "hypothesis": "hypothesis",
    }
    return kinds[name]


async def ledger(cache: Path) -> Ledger:
    """Every record of the sample company as evidence, with the coverage of complete searches and of a partial one."""
    opened = open_workspace(resources.SAMPLE, cache=cache)
    try:
        found = [row async for row in _rows(opened.sources)]
    finally:
        opened.close()
    return Ledger([rows.typed("API returning 500 errors intermittently for Acme Corp", NOW), *found, *_coverage()])


async def _rows(sources: Sources) -> AsyncIterator[Evidence]:
    folder = resources.SAMPLE
    assert sources.support
    assert sources.crm
    assert sources.chat
    assert sources.tracker
    assert sources.knowledge
    accounts = {str(record["id"]): str(record["name"]) for record in _records(folder / "accounts.jsonl")}
    for record in _records(folder / "tickets.jsonl"):
        ticket = await sources.support.get_ticket(str(record["id"]))
        for row in rows.ticket_rows(ticket, "workspace", accounts.get(ticket.account, ticket.account)):
            yield row
    for account_id in accounts:
        account = await sources.crm.get_account(account_id)
        for row in rows.account_rows(account, "workspace"):
            yield row
        for deal in (await sources.crm.list_deals(account_id)).items:
            yield rows.deal_row(deal, "workspace")
        for contact in (await sources.crm.list_contacts(account_id)).items:
            yield rows.contact_row(contact, "workspace")
    threads = {(str(m["channel"]), str(m.get("thread") or m["id"])) for m in _records(folder / "messages.jsonl")}
    for channel, thread in sorted(threads):
        for message in (await sources.chat.get_thread(channel, thread)).items:
            yield rows.message_row(message, "workspace")
    for record in _records(folder / "issues.jsonl"):
        for row in rows.issue_rows(await sources.tracker.get_issue(str(record["key"])), "workspace"):
            yield row
    for file in sorted((folder / "articles").glob("*.md")):
        yield rows.article_row(await sources.knowledge.get_article(file.stem), "workspace")


def _records(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _coverage() -> Iterator[Evidence]:
    for category in SEARCHED:
        text = f"{category.replace('_', ' ')}: everything was read"
        yield Evidence(
            id=f"S-{category}", category=category, connector="workspace", record=category, text=text, origin="coverage"
        )
    yield Evidence(
        id="S-partial",
        category="support_platform",
        connector="workspace",
        record="partial",
        text="support platform: read 20 of 120",
        origin="coverage",
        complete=False,
    )
