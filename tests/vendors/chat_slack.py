"""Slack: canned answers and what they must become, with a bot's token and with a person's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from escalation_connectors.chat.slack import VENDOR
from escalation_connectors.records import Message, Page, Person
from escalation_connectors.writing import Receipt
from tests.vendors.example import Call, Example, canned

ANSWERS = canned("chat_slack")
SEARCH, MATCHES, REPLIES = "POST /assistant.search.context", "GET /search.messages", "GET /conversations.replies"
HISTORY = "POST /conversations.history"
FIRST, SECOND = "1793696340.000100", "1793696400.000200"
PLACE = "https://acme.slack.com/archives/C0ENG/p"
WITHIN = f"?thread_ts={FIRST}&cid=C0ENG"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def at(minute: int, microsecond: int) -> datetime:
    return datetime(2026, 11, 3, 9, minute, 0, microsecond, UTC)


FOUND = Message(
    id=SECOND,
    channel="C0ENG",
    at=at(0, 200),
    text="@mia export_job_77 fails with `E_TIMEOUT` <again>",
    thread=FIRST,
    author=Person("Bo Lind", id="U012"),
    url=f"{PLACE}1793696400000200{WITHIN}",
)
ROBOT = Message(
    id="1793696280.000050",
    channel="C0ENG",
    at=datetime(2026, 11, 3, 8, 58, 0, 50, UTC),
    text="Export backlog above 900",
    author=Person("Pager", "system", id="U777"),
    url=f"{PLACE}1793696280000050",
)
MATCH = replace(FOUND, text="See the status page (https://status.acme.example)", author=Person("bo", id="U012"))
THREAD = Page(
    (
        Message(
            id=FIRST,
            channel="C0ENG",
            at=datetime(2026, 11, 3, 8, 59, 0, 100, UTC),
            text="Rows 900 to 1,000 are missing & Acme waits.",
            thread=FIRST,
            author=Person("U011", id="U011"),
            url=f"{PLACE}1793696340000100",
        ),
        replace(FOUND, text="Seen in `export_job_77`", author=Person("Bo", id="U012")),
        Message(
            id="1793696460.000300",
            channel="C0ENG",
            at=at(1, 300),
            text="Backlog above 900",
            thread=FIRST,
            author=Person("Pager", "system", id="B9"),
            url=f"{PLACE}1793696460000300{WITHIN}",
        ),
    ),
    total=3,
)
REPLY = Call("thread", lambda slack: slack.get_thread("C0ENG", FIRST), THREAD)


def cursor(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "has_more": True, "response_metadata": {"next_cursor": "bmV4dA=="}}


def second_page(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "messages": {**answer["messages"], "total": 40, "paging": {"page": 1, "pages": 2}}}


LISTED = Page(
    (
        Message(
            id="1793696700.000500",
            channel="C0ENG",
            at=datetime(2026, 11, 3, 9, 5, 0, 500, UTC),
            text="It is due.\n\nReminder 1a2b3c4d",
            author=Person("Escalation", "system", id="B9"),
            url=f"{PLACE}1793696700000500",
        ),
    ),
    total=1,
)


def spoken(request: Any) -> str:
    """The search text in a bot's question, or in a person's."""
    if request.method == "GET":
        return str(request.url.params.get("query", ""))
    question = json.loads(request.content)
    return " ".join([question["query"], *question["term_clauses"]])


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"token": "env:TOKEN", "action_token": "env:ACTION", "url": "https://acme.slack.com"},
    environment={"TOKEN": "xoxb-t0ken-f0r-tests", "ACTION": "12345.98765.abcd"},
    contracts={"slack.com": ("slack",)},
    answers={name: answer for name, answer in ANSWERS.items() if name != MATCHES},
    calls=(
        Call("search", lambda slack: slack.search_messages("the export fails", since=SINCE), Page((FOUND, ROBOT), 2)),
        REPLY,
        Call("channel", lambda slack: slack.latest_messages("C0ENG", since=SINCE), LISTED),
        Call("named channel", lambda slack: slack.latest_messages("#follow-up", since=SINCE), LISTED),
    ),
    writes=(
        Call(
            "post",
            lambda slack: slack.post("C0ENG", "<!channel> *Escalated*", key="k1", thread=FIRST),
            Receipt("1793696520.000400", f"{PLACE}1793696520000400{WITHIN}"),
        ),
        Call(
            "schedule",
            lambda slack: slack.schedule("C0ENG", "Update Acme", datetime(2026, 11, 3, 10, tzinfo=UTC), key="k2"),
            Receipt("Q1298393284"),
        ),
    ),
    more={SEARCH: cursor, REPLIES: cursor, HISTORY: cursor},
    ids=(lambda slack, each: slack.get_thread(each, each),),
    words=(lambda slack, words: slack.search_messages(words),),
    spoken=spoken,
    faults={
        "expired": (200, {}, {"ok": False, "error": "invalid_auth"}),
        "expired token": (200, {}, {"ok": False, "error": "token_expired"}),
        "scope": (200, {}, {"ok": False, "error": "missing_scope", "needed": "search:read.public"}),
        "scope of a bot": (200, {}, {"ok": False, "error": "invalid_action_token"}),
        "limited": (200, {"retry-after": "1"}, {"ok": False, "error": "ratelimited"}),
        "limited by status": (429, {"retry-after": "1"}, {"ok": False, "error": "ratelimited"}),
        "missing": (200, {}, {"ok": False, "error": "channel_not_found"}),
        "missing thread": (200, {}, {"ok": False, "error": "thread_not_found"}),
        "down": (200, {}, {"ok": False, "error": "internal_error"}),
        "refused": (200, {}, {"ok": False, "error": "query_too_long"}),
    },
)
ALSO = {
    "as_person": replace(
        EXAMPLE,
        settings={"token": "env:TOKEN", "url": "https://acme.slack.com"},
        environment={"TOKEN": "xoxp-t0ken-f0r-tests"},
        answers={name: ANSWERS[name] for name in (MATCHES, REPLIES)},
        calls=(
            Call("search", lambda slack: slack.search_messages("the export fails", since=SINCE), Page((MATCH,), 1)),
            REPLY,
        ),
        writes=(),
        more={
            MATCHES: second_page,
            REPLIES: cursor,
        },
    )
}
