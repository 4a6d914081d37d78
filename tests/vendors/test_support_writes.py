"""What is written to a ticket says what was written, to whom it was meant for, and nothing is half done."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from escalation_connectors.errors import NotFound, NotOffered
from tests.vendors import (
    support_freshdesk,
    support_helpscout,
    support_hubspot,
    support_intercom,
    support_request_tracker,
    support_salesforce,
    support_zendesk,
)
from tests.vendors.example import Example
from tests.vendors.harness import connected, need_contracts

TEXT = "<b>Acme</b> & others\n{{ contact.email }}"


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


def body(request: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request.content)
    return read


async def test_a_hubspot_note_shows_its_mark_up_and_belongs_to_the_ticket() -> None:
    async with connected(support_hubspot.EXAMPLE, writes=True) as used:
        await used.connector.add_note("601", TEXT, key="k1")

        assert body(used.canned.sent[0]) == {
            "properties": {
                "hs_timestamp": "1764000000000",
                "hs_note_body": "&lt;b&gt;Acme&lt;/b&gt; &amp; others<br>{{ contact.email }}",
            },
            "associations": [
                {
                    "to": {"id": "601"},
                    "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 228}],
                }
            ],
        }


async def test_a_hubspot_reply_goes_to_who_wrote_last_over_the_channel_they_used() -> None:
    async with connected(support_hubspot.EXAMPLE, writes=True) as used:
        await used.connector.reply("601", TEXT, draft=False, key="k1")

        assert body(used.canned.sent[-1]) == {
            "type": "MESSAGE",
            "text": TEXT,
            "attachments": [],
            "senderActorId": "A-12",
            "channelId": "1002",
            "channelAccountId": "44",
            "recipients": [
                {
                    "actorId": "V-501",
                    "name": "Ines Okafor",
                    "recipientField": "TO",
                    "deliveryIdentifier": {"type": "HS_EMAIL_ADDRESS", "value": "ines@acme.example"},
                }
            ],
        }


async def test_hubspot_offers_no_draft_no_tag_and_no_reply_without_a_sender_or_a_customer() -> None:
    silent: dict[str, object] = {**support_hubspot.ANSWERS, "GET " + support_hubspot.MESSAGES: {"results": []}}
    nobody = replace(support_hubspot.EXAMPLE, answers=silent)
    nameless = replace(support_hubspot.EXAMPLE, settings={"token": "env:TOKEN"})
    for example, draft in ((support_hubspot.EXAMPLE, True), (nameless, False), (nobody, False)):
        async with connected(example, writes=True) as used:
            with pytest.raises(NotOffered):
                await used.connector.reply("601", TEXT, draft=draft, key="k1")

            assert [request.method for request in used.canned.sent if request.method != "GET"] == []
    async with connected(support_hubspot.EXAMPLE, writes=True) as used:
        with pytest.raises(NotOffered):
            await used.connector.update("601", tags=["escalated"], priority="urgent", key="k1")

        assert used.canned.sent == []


async def test_a_salesforce_note_stays_inside_and_a_reply_is_published_both_as_they_were_written() -> None:
    async with connected(support_salesforce.EXAMPLE, writes=True) as used:
        await used.connector.add_note(support_salesforce.ID, TEXT, key="k1")
        await used.connector.reply(support_salesforce.ID, TEXT, draft=False, key="k2")
        await used.connector.update(support_salesforce.ID, priority="normal", key="k3")

        said = {"ParentId": support_salesforce.ID, "CommentBody": TEXT}
        wrote = [body(request) for request in used.canned.sent]
        assert wrote == [{**said, "IsPublished": False}, {**said, "IsPublished": True}, {"Priority": "Medium"}]


async def test_salesforce_offers_no_draft_no_tag_and_no_write_to_what_is_no_id() -> None:
    async with connected(support_salesforce.EXAMPLE, writes=True) as used:
        with pytest.raises(NotOffered):
            await used.connector.reply(support_salesforce.ID, TEXT, draft=True, key="k1")
        with pytest.raises(NotOffered):
            await used.connector.update(support_salesforce.ID, tags=["escalated"], key="k2")
        with pytest.raises(NotFound):
            await used.connector.add_note("1026", TEXT, key="k3")

        assert used.canned.sent == []


SALESFORCE = support_salesforce.ID
STATUSES: tuple[tuple[Example, str, str, dict[str, Any]], ...] = (
    (support_zendesk.EXAMPLE, "51842", "solved", {"ticket": {"status": "solved"}}),
    (support_zendesk.EXAMPLE, "51842", "pending", {"ticket": {"status": "pending"}}),
    (support_freshdesk.EXAMPLE, "51842", "open", {"status": 2}),
    (support_freshdesk.EXAMPLE, "51842", "solved", {"status": 4}),
    (support_helpscout.EXAMPLE, "51842", "open", {"op": "replace", "path": "/status", "value": "active"}),
    (support_helpscout.EXAMPLE, "51842", "solved", {"op": "replace", "path": "/status", "value": "closed"}),
    (support_intercom.EXAMPLE, "51842", "open", {"message_type": "open", "admin_id": "12"}),
    (support_intercom.EXAMPLE, "51842", "solved", {"message_type": "close", "type": "admin", "admin_id": "12"}),
    (support_request_tracker.EXAMPLE, "51842", "pending", {"Status": "stalled"}),
    (support_request_tracker.EXAMPLE, "51842", "solved", {"Status": "resolved"}),
    (support_salesforce.EXAMPLE, SALESFORCE, "open", {"Status": "Working"}),
    (support_salesforce.EXAMPLE, SALESFORCE, "solved", {"Status": "Closed"}),
)


@pytest.mark.parametrize(("example", "ticket", "status", "said"), STATUSES)
async def test_a_status_is_set_alone_in_the_vendors_own_words(
    example: Example, ticket: str, status: str, said: dict[str, Any]
) -> None:
    async with connected(example, writes=True) as used:
        await used.connector.update(ticket, status=status, key="k1")

        wrote = [request for request in used.canned.sent if request.method != "GET" and "oauth" not in str(request.url)]
        assert [body(request) for request in wrote] == [said]


@pytest.mark.parametrize(("example", "ticket", "status"), [
    (support_hubspot.EXAMPLE, "601", "solved"),
    (support_intercom.EXAMPLE, "51842", "pending"),
    (support_salesforce.EXAMPLE, SALESFORCE, "pending"),
])  # fmt: skip
async def test_a_status_that_a_vendor_does_not_have_is_refused_before_anything_is_sent(
    example: Example, ticket: str, status: str
) -> None:
    async with connected(example, writes=True) as used:
        with pytest.raises(NotOffered):
            await used.connector.update(ticket, status=status, key="k1")

        assert used.canned.sent == []


async def test_request_tracker_refuses_what_it_does_not_have_before_anything_is_sent() -> None:
    async with connected(support_request_tracker.EXAMPLE, writes=True) as used:
        for tags, priority in (((), ""), ((), "P1"), (("escalated",), "urgent")):
            with pytest.raises(NotOffered):
                await used.connector.update("51842", tags=tags, priority=priority, key="k1")
        with pytest.raises(NotOffered):
            await used.connector.reply("51842", TEXT, draft=True, key="k2")

        assert used.canned.sent == []
