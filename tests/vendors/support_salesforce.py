"""Salesforce cases: canned answers and what they must become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx2
from msgspec.structs import replace

from escalation_connectors.records import Comment, Page, Person, Ticket
from escalation_connectors.support.salesforce import VENDOR
from escalation_connectors.writing import Receipt
from tests.vendors.crm_salesforce import FAULTS, QUERY, SEARCH, SITE, spoken
from tests.vendors.example import Call, Example, canned

CREATE, CHANGE = "POST /data/v64.0/sobjects/{sobject}", "PATCH /data/v64.0/sobjects/{sobject}/{id}"
ANSWERS = canned("support_salesforce")
ID, AT = "500Hs00001AbcDeIAF", datetime(2026, 11, 3, 9, tzinfo=UTC)
INES = Person("Ines Okafor", "customer", "ines@acme.example", "003Hs00001AAAAAIA4")
FOUND = Ticket(
    id=ID,
    subject="Export misses rows",
    created_at=AT,
    status="Working",
    priority="high",
    requester=INES,
    account="Acme Corp",
    assignee="Bo Lind",
    updated_at=datetime(2026, 11, 3, 10, tzinfo=UTC),
    tags=("escalated",),
    channel="email",
    url=f"{SITE}/{ID}",
    links=("500Hs00001ParenIAF",),
    comments=Page((Comment("description", "Rows 900 to 1,000 are missing.", AT, INES),), cut=True),
    extra={"number": "00001026"},
)
THREAD = Page(
    (
        Comment("02sHs1", "Rows 900 to 1,000\nare missing.", AT, replace(INES, id="")),
        Comment(
            "02sHs2", "We are on it.", datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
            Person("support@vendor.example", "agent", "support@vendor.example"),
        ),
        Comment(
            "00aHs2", "Any news?", datetime(2026, 11, 3, 9, 40, tzinfo=UTC),
            Person("Ines Okafor", "customer", "", "005Hs2"),
        ),
        Comment(
            "00aHs1", "Seen in export_job_77.", datetime(2026, 11, 3, 10, tzinfo=UTC),
            Person("Bo Lind", "agent", "", "005Hs1"), False,
        ),
    ),
    total=4,
)  # fmt: skip
WHOLE = replace(FOUND, comments=THREAD)


def long_thread() -> dict[str, object]:
    """A case with more comments than came, in an organization without Email-to-Case."""
    answer: Any = ANSWERS[QUERY]
    case = {name: each for name, each in answer["records"][0].items() if name != "EmailMessages"}
    comments = {**case["CaseComments"], "totalSize": 900, "done": False}
    return {QUERY: {**answer, "records": [{**case, "CaseComments": comments}]}}


EXAMPLE = Example(
    vendor=VENDOR,
    settings={"url": SITE, "token": "env:TOKEN"},
    contracts={"acme.my.salesforce.com": ("salesforce",)},
    answers={QUERY: ANSWERS[QUERY], SEARCH: ANSWERS[SEARCH], CREATE: ANSWERS[CREATE], CHANGE: httpx2.Response(204)},
    calls=(
        Call("search", lambda cases: cases.search_tickets("the export misses rows"), Page((FOUND,), 1)),
        Call(
            "narrowed search",
            lambda cases: cases.search_tickets("export", account="Bob's", since=AT),
            Page((FOUND,), 1),
        ),
        Call("linked", lambda cases: cases.linked_tickets("https://x.example/browse/ENG-12"), Page((FOUND,), 1)),
        Call("by id", lambda cases: cases.get_ticket(ID), WHOLE),
        Call("by number", lambda cases: cases.get_ticket("1026"), WHOLE),
    ),
    writes=(
        Call("note", lambda cases: cases.add_note(ID, "Escalated.", key="k1"), Receipt("00aHs9")),
        Call("reply", lambda cases: cases.reply(ID, "We found it.", draft=False, key="k2"), Receipt("00aHs9")),
        Call("update", lambda cases: cases.update(ID, priority="urgent", key="k3"), Receipt(ID)),
    ),
    ids=(lambda cases, each: cases.get_ticket(each),),
    words=(
        lambda cases, words: cases.search_tickets(words),
        lambda cases, words: cases.search_tickets("export", account=words),
        lambda cases, words: cases.search_tickets("", account=words),
        lambda cases, words: cases.linked_tickets(words),
    ),
    spoken=spoken,
    faults=FAULTS,
)
ALSO = {
    "without_words": replace(
        EXAMPLE,
        answers={QUERY: ANSWERS["narrowed"]},
        calls=(
            Call(
                "of an account", lambda cases: cases.search_tickets("", account="001Hs000012AbcDIAS"), Page((FOUND,), 1)
            ),
            Call("since", lambda cases: cases.search_tickets("", since=AT), Page((FOUND,), 1)),
        ),
        writes=(),
        ids=(),
        words=(),
    ),
    "with_a_long_thread": replace(
        EXAMPLE,
        settings={**EXAMPLE.settings, "emails": False},
        answers=long_thread(),
        calls=(
            Call(
                "by id",
                lambda cases: cases.get_ticket(ID),
                replace(FOUND, comments=Page((*FOUND.comments.items, *THREAD.items[2:]), cut=True)),
            ),
        ),
        writes=(),
        words=(),
    ),
}
