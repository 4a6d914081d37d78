"""Microsoft Teams: canned answers and what they must become."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
from msgspec.structs import replace

from escalation_connectors.chat.teams import VENDOR
from escalation_connectors.records import Message, Page, Person
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

SEARCH = "POST /search/query"
REPLIES = "GET /teams/{team-id}/channels/{channel-id}/messages/{chatMessage-id}/replies"
TEAM = "fbe2bf47-16c8-47cf-b4a5-4b9b187c508b"
ENG, CHAT, ROOT = f"{TEAM}/19:eng@thread.tacv2", "19:bdeff6@thread.v2", "1793696340100"
LINK = "https://teams.microsoft.com/l/message/"
NINE = datetime(2026, 11, 3, 9, tzinfo=UTC)
ASKED = datetime(2026, 11, 3, 8, 58, tzinfo=UTC)
BO = Person("Bo Lind", email="bo@vendor.example")
MIA = Person("Mia Roth", email="mia@vendor.example")
FOUND = Page(
    (
        Message(
            id="1793696400227",
            channel=ENG,
            at=NINE,
            text="...the export job_77 stops at row 900 & waits",
            thread=ROOT,
            author=BO,
            url=f"{LINK}19%3Aeng%40thread.tacv2/1793696400227?parentMessageId={ROOT}",
        ),
        Message(
            id="1793696280227",
            channel=CHAT,
            at=ASKED,
            text="Acme asks about the export",
            author=MIA,
            url="https://outlook.office365.com/owa/?ItemID=AAMkAGIx",
        ),
    ),
    total=2,
)
THREAD = Page(
    (
        Message(
            id=ROOT,
            channel=ENG,
            at=datetime(2026, 11, 3, 8, 59, 0, 100_000, UTC),
            text="Export at Acme\nRows 900 to 1,000 are missing.\nBo Lind please look",
            author=Person("Mia Roth", id="8ea0e38b"),
            url=f"{LINK}19%3Aeng%40thread.tacv2/{ROOT}?groupId=fbe2bf47",
        ),
        Message(
            id="1793696400227",
            channel=ENG,
            at=NINE,
            text="the export job_77 stops at row 900 & waits",
            thread=ROOT,
            author=Person("Bo Lind", id="5fa1"),
            url=f"{LINK}1793696400227",
        ),
        Message(
            id="1793696460000",
            channel=ENG,
            at=datetime(2026, 11, 3, 9, 1, tzinfo=UTC),
            text="Backlog <above> 900",
            thread=ROOT,
            author=Person("Pager", "system", id="77c1"),
            url=f"{LINK}1793696460000",
        ),
    ),
    total=3,
)
ALONE = Message(
    id="1793696280227",
    channel=CHAT,
    at=ASKED,
    text="Acme asks about the export again",
    author=Person("Mia Roth", id="8ea0e38b"),
)


LISTED = Page(
    (
        Message(
            id="1793696700000",
            channel=ENG,
            at=datetime(2026, 11, 3, 9, 5, tzinfo=UTC),
            text="It is due.\n\nReminder 1a2b3c4d",
            author=Person("Escalation", "system", id="77c1"),
            url=f"{LINK}1793696700000",
        ),
    ),
    total=1,
)


OF_A_CHAT = replace(LISTED, items=(replace(LISTED.items[0], channel=CHAT),))


def said(operation: str, answer: object) -> object:
    """What was posted has been created."""
    is_post = operation.startswith("POST") and operation != SEARCH
    return httpx2.Response(201, json=answer) if is_post else answer


def goes_on(answer: dict[str, Any]) -> dict[str, Any]:
    boxes = [box for each in answer["value"] for box in each["hitsContainers"]] or [{"hits": []}]
    return {"value": [{"hitsContainers": [{**box, "moreResultsAvailable": True} for box in boxes]}]}


def spoken(request: Any) -> str:
    """The search text, where this is a search."""
    is_search = request.url.path.endswith("/search/query")
    return str(json.loads(request.content)["requests"][0]["query"]["queryString"]) if is_search else ""


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN"},
    contracts={"graph.microsoft.com": ("msgraph_teams",)},
    answers={name: said(name, answer) for name, answer in canned("chat_teams").items()},
    calls=(
        Call("search", lambda teams: teams.search_messages("the export fails", since=ASKED), FOUND),
        Call("thread", lambda teams: teams.get_thread(ENG, ROOT), THREAD),
        Call("channel", lambda teams: teams.latest_messages(ENG, since=ASKED), LISTED),
        Call("whole chat", lambda teams: teams.latest_messages(CHAT, since=ASKED), OF_A_CHAT),
        Call("chat", lambda teams: teams.get_thread(CHAT, "1793696280227"), Page((ALONE,), total=1)),
    ),
    writes=(
        Call(
            "post",
            lambda teams: teams.post(ENG, "<b>Escalated</b>", key="k1"),
            Receipt("1793696580000", f"{LINK}1793696580000"),
        ),
        Call(
            "reply",
            lambda teams: teams.post(ENG, "Escalated", key="k2", thread=ROOT),
            Receipt("1793696590000", f"{LINK}1793696590000"),
        ),
        Call("chat", lambda teams: teams.post(CHAT, "Escalated", key="k3", thread="1"), Receipt("1793696600000")),
    ),
    more={
        SEARCH: goes_on,
        REPLIES: lambda answer: {
            **answer,
            "@odata.nextLink": f"https://graph.microsoft.com/v1.0/teams/{TEAM}/channels/19:eng/messages/1/replies?$top=50",
        },
    },
    ids=(
        lambda teams, each: teams.get_thread(each, each),
        lambda teams, each: teams.get_thread(f"team/{each}", each),
        lambda teams, each: teams.latest_messages(each, since=ASKED),
    ),
    words=(lambda teams, words: teams.search_messages(words, since=NINE),),
    spoken=spoken,
    faults={
        "expired": (401, {}, {"error": {"code": "InvalidAuthenticationToken", "message": "Access token has expired."}}),
        "scope": (403, {}, {"error": {"code": "Forbidden", "message": "Missing scope permissions on the request."}}),
        "limited": (429, {"retry-after": "1"}, {"error": {"code": "TooManyRequests", "message": "Too many requests"}}),
        "refused": (400, {}, {"error": {"code": "BadRequest", "message": "Access to ChatMessage is not allowed."}}),
        "down": (503, {}, {"error": {"code": "UnknownError", "message": ""}}),
    },
)
