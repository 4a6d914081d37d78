"""Five vendors join their categories' contract suites, over the sample company in their shapes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from customer_escalation import resources
from escalation_connectors.sources import Sources
from escalation_connectors.suites.chat import ChatContract, ChatExample
from escalation_connectors.suites.crm import CRMContract, CRMExample
from escalation_connectors.suites.knowledge_base import KnowledgeBaseContract, KnowledgeExample
from escalation_connectors.suites.project_tracker import ProjectTrackerContract, TrackerExample
from escalation_connectors.suites.support_platform import SupportExample, SupportPlatformContract
from tests.vendors.company import Company, ts
from tests.vendors.wire import over_the_wire


def sources() -> Sources:
    """The five connectors; a fresh one for each test, as a connection belongs to one loop."""
    setting, _ = over_the_wire(0.0)
    setting.close()
    return setting.sources


SINCE = "2026-11-18T12:00:00Z"
COMPANY = Company(resources.SAMPLE, 0.0)
TICKETS, MESSAGES = COMPANY.tickets, COMPANY.messages
THREAD = [each for each in MESSAGES if each["channel"] == "#eng-orders" and each.get("thread") == "m-0104"]


def zendesk(_: Path) -> SupportExample:
    support = sources().support
    assert support is not None
    return SupportExample(
        support,
        query="export rows missing",
        best="51846",
        comments=next(len(each["comments"]) for each in TICKETS if each["id"] == "51846"),
        account=("Pellworth Supply",),
        owned=frozenset({"44702", "48903", "51102", "51739", "51871"}),
        since=datetime.fromisoformat(SINCE),
        younger=frozenset(each["id"] for each in TICKETS if each["created_at"] >= SINCE[:10]),
        linked=(
            ("ORD-3310", frozenset({"51842", "51871"})),
            ("https://tracker.example/browse/ORD-3310", frozenset({"51842", "51871"})),
            ("NO-1", frozenset()),
        ),
    )


def hubspot(_: Path) -> CRMExample:
    async def theirs() -> tuple[str, frozenset[str], frozenset[str]]:
        crm = sources().crm
        assert crm is not None
        account = await crm.get_account("Acme Corp")
        contacts, deals = await crm.list_contacts(account.id), await crm.list_deals(account.id)
        return account.id, frozenset(each.id for each in contacts.items), frozenset(each.id for each in deals.items)

    account, contacts, deals = asyncio.run(theirs())
    crm = sources().crm
    assert crm is not None
    near = ("Acme", "acme corp", "Exports fail for Acme Corp")
    return CRMExample(crm, account=account, name="Acme Corp", near=near, contacts=contacts, deals=deals)


def slack(_: Path) -> ChatExample:
    chat = sources().chat
    assert chat is not None
    whole = tuple(ts(each) for each in THREAD)
    stamps = {each["id"]: ts(each) for each in MESSAGES}
    return ChatExample(
        chat, query="Acme 51842", best=stamps["m-0102"], since=datetime(2026, 11, 18, tzinfo=UTC),
        younger=frozenset(ts(each) for each in MESSAGES if "Acme" in each["text"] and each["at"] >= "2026-11-18"),
        channel="#eng-orders", thread=whole,
    )  # fmt: skip


def jira(_: Path) -> TrackerExample:
    tracker = sources().tracker
    assert tracker is not None
    return TrackerExample(tracker, query="intermittent order_write_failed", best="ORD-3310", comments=4)


def confluence(_: Path) -> KnowledgeExample:
    knowledge = sources().knowledge
    assert knowledge is not None
    return KnowledgeExample(
        knowledge,
        query="secondary endpoint failover",
        best="110434068295284",
        sentence="The secondary is rated for half the throughput.",
    )


class TestZendesk(SupportPlatformContract):
    make = staticmethod(zendesk)


class TestHubSpot(CRMContract):
    make = staticmethod(hubspot)


class TestSlack(ChatContract):
    make = staticmethod(slack)


class TestJira(ProjectTrackerContract):
    make = staticmethod(jira)


class TestConfluence(KnowledgeBaseContract):
    make = staticmethod(confluence)
