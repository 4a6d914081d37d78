"""The reading tools over the sample company and over sources in trouble."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from mcp.types import CallToolResult, TextContent

from customer_escalation.server import desk as desk_module
from escalation_connectors.fakes import FakeChat, FakeCRM, FakeKnowledge, FakeSupport, FakeTracker, Trouble
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
from escalation_connectors.sources import Sources
from tests.server import desks
from tests.server.conftest import Ask, answer_of, connected, error_of

AT = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)
READING = {
    "support_search_tickets": {"query": "export"},
    "support_get_ticket": {"ticket_id": "1"},
    "crm_find_account": {"name": "Acme"},
    "crm_get_account": {"account_id": "a1"},
    "chat_search_messages": {"query": "export"},
    "chat_get_thread": {"channel": "#eng", "thread": "m1"},
    "tracker_search_issues": {"query": "export"},
    "tracker_get_issue": {"key": "ORD-1"},
    "knowledge_search_articles": {"query": "export"},
    "knowledge_get_article": {"article_id": "k1"},
}


def comment(number: int, body: str, *, public: bool = True) -> Comment:
    return Comment(
        str(number), body, AT + timedelta(hours=number), Person("Dana Reyes", "customer", "dana@acme.example"), public
    )


def ticket(comments: Page[Comment] | None = None, **more: Any) -> Ticket:
    thread = comments or Page((comment(1, "The export stops."),), 1)
    return Ticket(id="1", subject="export is empty", created_at=AT, account="a1", comments=thread, **more)


def sources(trouble: Trouble | None = None, **more: Any) -> Sources:
    hit = trouble or Trouble()
    account = Account(
        id="a1",
        name="Acme Corp",
        domain="acme.example",
        aliases=("Acme",),
        arr=480000.0,
        currency="USD",
        is_reference=False,
        notes=(Note("renewal is at risk", AT, "Mia"),),
    )
    return Sources(
        support=FakeSupport(more.get("tickets", [ticket()]), trouble=hit),
        crm=FakeCRM(
            [account, Account(id="a2", name="Acme Cornet")],
            [Contact(id="c1", account="a1", name="Dana Reyes", email="dana@acme.example", phone="+1 555 0100")],
            [Deal(id="d1", account="a1", name="Expansion", amount=84000.0, currency="USD", is_open=True)],
            trouble=hit,
        ),
        chat=FakeChat(
            more.get("messages", [Message(id="m1", channel="#eng", at=AT, text="export again")]), trouble=hit
        ),
        tracker=FakeTracker(
            [Issue(key="ORD-1", title="export loses rows", created_at=AT, body="Rows are lost.", labels=("bug",))],
            trouble=hit,
        ),
        knowledge=FakeKnowledge([Article(id="k1", title="Exports", body="How an export works.")], trouble=hit),
    )


async def called(
    folder: Path, given: Sources, tool: str, arguments: Mapping[str, object] | None = None
) -> CallToolResult:
    async with connected(desks.desk_over(given, folder)) as client:
        result = await client.call_tool(tool, dict(READING.get(tool, {}) if arguments is None else arguments))
    assert isinstance(result, CallToolResult)
    return result


class TestSample:
    """Over the sample company, each list leads to the record."""

    async def test_a_ticket_found_can_be_read(self, ask: Ask) -> None:
        found = await ask("support_search_tickets", query="API returning 500 errors", account="Acme Corp", limit=3)
        ticket = await ask("support_get_ticket", ticket_id=found["tickets"][0]["id"])

        assert len(found["tickets"]) <= 3
        assert ticket["subject"] == found["tickets"][0]["subject"]
        assert ticket["comments"][0].keys() >= {"id", "at", "author", "body"}
        assert ticket["read"] == f"{len(ticket['comments'])} of {len(ticket['comments'])}"

    async def test_an_account_found_can_be_read_with_its_people_and_deals(self, ask: Ask) -> None:
        found = await ask("crm_find_account", name="acme corp")
        account = await ask("crm_get_account", account_id=found["accounts"][0]["id"])

        assert found["accounts"][0]["match"] == "exact"
        assert {each["match"] for each in found["accounts"][1:]} <= {"near"}
        assert account["name"] == "Acme Corp"
        assert account["arr"] > 0
        assert account["contacts"]["contacts"][0]["name"]
        assert account["deals"]["read"]

    async def test_a_message_found_leads_to_its_thread(self, ask: Ask) -> None:
        found = await ask("chat_search_messages", query="500 errors orders")
        first = found["messages"][0]
        thread = await ask("chat_get_thread", channel=first["channel"], thread=first["thread"])

        assert first["id"] in {message["id"] for message in thread["messages"]}

    async def test_an_issue_found_can_be_read(self, ask: Ask) -> None:
        found = await ask("tracker_search_issues", query="500 orders")
        issue = await ask("tracker_get_issue", key=found["issues"][0]["key"])

        assert issue["title"] == found["issues"][0]["title"]
        assert "comments" in issue

    async def test_an_article_found_can_be_read(self, ask: Ask) -> None:
        found = await ask("knowledge_search_articles", query="retry 500")
        article = await ask("knowledge_get_article", article_id=found["articles"][0]["id"])

        assert len(article["body"]) >= len(found["articles"][0]["text"].partition(" … ")[0])


class TestAnswers:
    """What an answer looks like."""

    @pytest.mark.parametrize("tool", READING)
    async def test_text_and_structured_content_say_the_same_without_padding(self, tmp_path: Path, tool: str) -> None:
        result = await called(tmp_path, sources(), tool)

        (block,) = result.content
        assert isinstance(block, TextContent)
        assert json.loads(block.text) == result.structured_content
        assert block.text == json.dumps(result.structured_content, ensure_ascii=False, separators=(",", ":"))

    async def test_empty_fields_are_left_out_and_false_is_kept(self, tmp_path: Path) -> None:
        answer = answer_of(await called(tmp_path, sources(), "crm_get_account"))

        assert answer == {
            "id": "a1",
            "name": "Acme Corp",
            "domain": "acme.example",
            "aliases": ["Acme"],
            "arr": 480000.0,
            "currency": "USD",
            "is_reference": False,
            "notes": [{"at": "2026-11-17T09:30Z", "author": "Mia", "text": "renewal is at risk"}],
            "contacts": {"contacts": [{"id": "c1", "name": "Dana Reyes"}], "read": "1 of 1"},
            "deals": {
                "deals": [{"id": "d1", "name": "Expansion", "amount": 84000.0, "currency": "USD", "is_open": True}],
                "read": "1 of 1",
            },
        }

    async def test_a_lookalike_is_marked_as_near(self, tmp_path: Path) -> None:
        answer = answer_of(await called(tmp_path, sources(), "crm_find_account", {"name": "ACME corp"}))

        assert {each["name"]: each["match"] for each in answer["accounts"]} == {
            "Acme Corp": "exact",
            "Acme Cornet": "near",
        }

    async def test_a_list_that_was_cut_says_so(self, tmp_path: Path) -> None:
        tickets = [Ticket(id=str(number), subject="export", created_at=AT) for number in range(30)]

        answer = answer_of(await called(tmp_path, sources(tickets=tickets), "support_search_tickets"))

        assert len(answer["tickets"]) == 10
        assert answer["read"] == "10 of 30"
        assert "more" in answer

    async def test_a_source_that_does_not_tell_how_many_is_not_made_to(self, tmp_path: Path) -> None:
        class Vague(FakeSupport):
            async def search_tickets(self, query: str, **more: object) -> Page[Ticket]:
                return Page((ticket(),), None, cut=True)

        answer = answer_of(await called(tmp_path, Sources(support=Vague()), "support_search_tickets"))

        assert answer["read"] == "1 of unknown"
        assert "more" in answer

    async def test_a_long_thread_keeps_its_beginning_and_its_end(self, tmp_path: Path) -> None:
        comments = tuple(comment(number, f"comment {number} " + "x" * 900) for number in range(1, 121))

        answer = answer_of(await called(tmp_path, sources(tickets=[ticket(Page(comments, 120))]), "support_get_ticket"))

        assert [each["id"] for each in answer["comments"]] == [str(n) for n in (*range(1, 6), *range(106, 121))]
        assert answer["read"] == "20 of 120"
        assert answer["more"] == "the first 5 and the last 15 are here"
        assert answer["comments"][0]["body"].endswith("… [600 of 910 characters]")
        assert len(json.dumps(answer)) < 16_000

    async def test_a_thread_that_the_source_cut_says_so(self, tmp_path: Path) -> None:
        cut = ticket(Page((comment(1, "first"),), 40, cut=True))

        answer = answer_of(await called(tmp_path, sources(tickets=[cut]), "support_get_ticket"))

        assert (answer["read"], answer["more"]) == ("1 of 40", "the source cut it")

    async def test_what_customers_cannot_see_is_marked(self, tmp_path: Path) -> None:
        given = ticket(
            Page(
                (
                    comment(1, "hello"),
                    Comment(
                        "2",
                        "",
                        AT,
                        Person("", "agent"),
                        public=False,
                        attachments=(Attachment("a.log", "", "boom"), Attachment("b.png")),
                    ),
                ),
                2,
            ),
            sla=Sla("gold", AT, breached=False),
            requester=Person("Dana Reyes", "customer", "dana@acme.example"),
        )

        answer = answer_of(await called(tmp_path, sources(tickets=[given]), "support_get_ticket"))

        assert answer["comments"][1] == {
            "id": "2",
            "at": "2026-11-17T09:30Z",
            "author": "agent",
            "internal": True,
            "attachments": ["a.log: boom", "b.png"],
        }
        assert answer["sla"] == {"name": "gold", "due_at": "2026-11-17T09:30Z", "breached": False}
        assert answer["requester"] == "Dana Reyes (customer)"
        assert "dana@acme.example" not in json.dumps(answer)

    async def test_secrets_and_hidden_characters_stay_inside(self, tmp_path: Path) -> None:
        secret = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
        body = "x" * 1970 + f" key {secret} \u202eoff\U000e0041"
        messages = [Message(id="m1", channel="#eng", at=AT, text=body)]

        answer = answer_of(await called(tmp_path, sources(messages=messages), "chat_get_thread"))

        text = json.dumps(answer, ensure_ascii=False)
        assert "4eC39HqLyj" not in text
        assert "\u202e" not in text
        assert "\U000e0041" not in text


class TestFailures:
    """Expected failures are one line that says what to do."""

    @pytest.mark.parametrize("tool", READING)
    async def test_an_unknown_argument_is_refused_by_name(self, tmp_path: Path, tool: str) -> None:
        text = error_of(await called(tmp_path, sources(), tool, {**READING[tool], "bogus": 1}))

        assert text.startswith(f"unknown argument 'bogus'; {tool} takes: ")

    @pytest.mark.parametrize("tool", READING)
    async def test_a_category_that_is_not_connected_is_not_empty(self, tmp_path: Path, tool: str) -> None:
        text = error_of(await called(tmp_path, Sources(), tool))

        assert text.endswith("not connected here, so nothing was read; escalation_status lists what is")

    @pytest.mark.parametrize("tool", READING)
    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ("rate_limited", "too many requests; wait and try again"),
            ("denied", "the credentials were refused; check the credentials and their scopes"),
            ("down", "the service is not available; try again later"),
            ("malformed", "the answer could not be understood; report this to the connector's author"),
        ],
    )
    async def test_trouble_of_a_source_is_told_with_advice(
        self, tmp_path: Path, tool: str, fault: Any, words: str
    ) -> None:
        assert error_of(await called(tmp_path, sources(Trouble(fault=fault)), tool)).endswith(words)

    async def test_a_source_that_hangs_is_given_up(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(desk_module, "READ_S", 0.01)

        text = error_of(await called(tmp_path, sources(Trouble(fault="hang")), "support_search_tickets"))

        assert text == "the source did not answer within 0.01 s, so nothing was read; try again later"

    @pytest.mark.parametrize(("fault", "words"), [("down", "the service is not available"), ("hang", "did not answer")])
    async def test_a_part_of_an_account_that_failed_is_not_empty(
        self, tmp_path: Path, fault: Any, words: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(desk_module, "READ_S", 0.01)
        trouble = Trouble(fault=fault, only=("list_deals",))

        answer = answer_of(await called(tmp_path, sources(trouble), "crm_get_account"))

        assert answer["contacts"]["read"] == "1 of 1"
        assert answer["deals"].startswith("not read: ")
        assert words in answer["deals"]

    async def test_a_defect_tells_neither_its_text_nor_a_traceback(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        text = error_of(await called(tmp_path, sources(Trouble(fault="crash")), "tracker_get_issue"))

        assert text == "tracker_get_issue failed unexpectedly (RuntimeError); the server's log says where"
        (record,) = [each for each in caplog.records if each.name.startswith("customer_escalation")]
        assert record.getMessage().startswith("tracker_get_issue failed: RuntimeError at fakes.py:")
        assert "a defect in a connector" not in caplog.text

    @pytest.mark.parametrize(
        ("tool", "arguments", "line"),
        [
            ("support_get_ticket", {}, "ticket_id: is missing"),
            ("support_get_ticket", {"ticket_id": ""}, "ticket_id: String should have at least 1 character"),
            ("support_search_tickets", {"query": "x", "limit": 500}, "limit: Input should be less than or equal to 50"),
            (
                "support_search_tickets",
                {"query": ["x"], "limit": "many"},
                "query: Input should be a valid string; limit: ",
            ),
            ("chat_get_thread", {"chanel": "x"}, "unknown argument 'chanel'; chat_get_thread takes: channel, thread"),
            ("escalation_status", {"a": 1}, "unknown argument 'a'; escalation_status takes: no arguments"),
        ],
    )
    async def test_wrong_arguments_are_named(
        self, tmp_path: Path, tool: str, arguments: dict[str, object], line: str
    ) -> None:
        assert error_of(await called(tmp_path, sources(), tool, arguments)).startswith(line)

    async def test_an_id_that_is_not_there_says_so(self, tmp_path: Path) -> None:
        text = error_of(await called(tmp_path, sources(), "support_get_ticket", {"ticket_id": "404"}))

        assert text.endswith("; check the id")

    async def test_numbers_as_text_are_understood(self, tmp_path: Path) -> None:
        answer = answer_of(
            await called(tmp_path, sources(), "support_search_tickets", {"query": "export", "limit": "1"})
        )

        assert answer["read"] == "1 of 1"
