"""Matrix: canned answers and what they must become."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from escalation_connectors.chat.matrix import VENDOR
from escalation_connectors.records import Message, Page, Person
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

ROOM, ROOT = "!ops:acme.example", "$root"
PLACE = f"https://matrix.to/#/{ROOM}/"
SEARCH = "POST /_matrix/client/v3/search"
REPLIES = "GET /_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}"
FIRST = Message(
    id=ROOT,
    channel=ROOM,
    at=datetime(2026, 11, 3, 9, tzinfo=UTC),
    text="Rows 900 to 1,000 are missing.",
    thread=ROOT,
    author=Person("mia", id="@mia:acme.example"),
    url=PLACE + ROOT,
)
FOUND = Message(
    id="$reply1",
    channel=ROOM,
    at=datetime(2026, 11, 3, 10, tzinfo=UTC),
    text="export_job_77 fails with `E_TIMEOUT` <again>",
    thread=ROOT,
    author=Person("bo", id="@bo:acme.example"),
    url=PLACE + "$reply1",
)
LAST = Message(
    id="$reply2",
    channel=ROOM,
    at=datetime(2026, 11, 3, 11, tzinfo=UTC),
    text="Acme waits.",
    thread=ROOT,
    author=Person("mia", id="@mia:acme.example"),
    url=PLACE + "$reply2",
)


def further(answer: dict[str, Any]) -> dict[str, Any]:
    events = answer["search_categories"]["room_events"]
    return {"search_categories": {"room_events": {**events, "count": 40, "next_batch": "bmV4dA"}}}


def said(code: str, **more: object) -> dict[str, object]:
    return {"errcode": code, "error": "in the server's words", **more}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": "https://matrix.acme.example", "token": "env:TOKEN"},
    contracts={"matrix.acme.example": ("matrix",)},
    answers=canned("chat_matrix"),
    calls=(
        Call("search", lambda matrix: matrix.search_messages("the export fails"), Page((FOUND,), 1)),
        Call(
            "search since",
            lambda matrix: matrix.search_messages("the export fails", since=datetime(2026, 11, 1, tzinfo=UTC)),
            Page((FOUND,), 1),
        ),
        Call("thread", lambda matrix: matrix.get_thread(ROOM, ROOT), Page((FIRST, FOUND, LAST), 3)),
        Call("its beginning", lambda matrix: matrix.get_thread(ROOM, ROOT, limit=1), Page((FIRST,), 3, cut=True)),
    ),
    writes=(
        Call(
            "post",
            lambda matrix: matrix.post(ROOM, "@room *Escalated* <b>", key="k1", thread=ROOT),
            Receipt("$sent", PLACE + "$sent"),
        ),
    ),
    more={SEARCH: further, REPLIES: lambda answer: {**answer, "next_batch": "bmV4dA"}},
    ids=(lambda matrix, each: matrix.get_thread(each, each),),
    words=(lambda matrix, words: matrix.search_messages(words),),
    faults={
        "expired": (401, {}, said("M_UNKNOWN_TOKEN", soft_logout=False)),
        "expired token": (401, {}, said("M_MISSING_TOKEN")),
        "scope": (403, {}, said("M_FORBIDDEN")),
        "limited": (429, {}, said("M_LIMIT_EXCEEDED", retry_after_ms=2000)),
        "limited with a header": (429, {"retry-after": "2"}, said("M_LIMIT_EXCEEDED", retry_after_ms=2000)),
        "missing": (404, {}, said("M_NOT_FOUND")),
        "refused": (400, {}, said("M_INVALID_PARAM")),
        "down": (500, {}, said("M_UNKNOWN")),
    },
    spoken=lambda request: "" if request.method == "GET" else json.dumps(_term(json.loads(request.content))),
)


def _term(question: Any) -> str:
    return str(question["search_categories"]["room_events"]["search_term"])
