"""What a search in a workspace finds, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation_connectors.contracts import CRM, SupportPlatform
from escalation_connectors.errors import NotFound, Unavailable
from escalation_connectors.workspace import open_workspace
from tests.contracts import company

START = datetime(2026, 1, 1, tzinfo=UTC)


def support_of(folder: Path, tickets: Iterable[dict[str, Any]]) -> SupportPlatform:
    whole = (
        {"id": f"T-{number}", "created_at": (START + timedelta(hours=number)).isoformat(), "subject": "", **each}
        for number, each in enumerate(tickets, start=1)
    )
    (folder / "w").mkdir(exist_ok=True)
    company.lines(folder / "w" / "tickets.jsonl", whole)
    support = open_workspace(folder / "w", cache=folder / "cache").sources.support
    assert support is not None
    return support


async def ids(support: SupportPlatform, query: str, **narrow: Any) -> list[str]:
    return [each.id for each in (await support.search_tickets(query, **narrow)).items]


async def test_the_subject_weighs_more_than_the_thread(tmp_path: Path) -> None:
    support = support_of(
        tmp_path, [{"subject": "export"}, {"comments": [{"body": "export"}]}, {"subject": "other"}, {"subject": "more"}]
    )
    assert await ids(support, "export") == ["T-1", "T-2"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("ERR_TOO_MANY_REDIRECTS in the browser", "err_too_many_redirects"),
        ("see ORD-3310", "ORD-3310"),
        ("since 2026-11-17", "2026-11-17"),
        ("after 2.14.1", "2.14.1"),
        ("host api.acme.example:8443 is down", "api.acme.example"),
        ("exports failing", "export fails"),
        ("Überweisung über Zürich", "uberweisung zurich"),
        ("naïve café", "NAIVE CAFÉ"),
        ("日本語 エラー", "エラー"),
        ("ошибка входа", "ОШИБКА"),
        ("emoji 🙈 inside", "inside 🙈"),
        ("checkout-api times out", "checkout"),
    ],
)
async def test_a_text_is_found_by(tmp_path: Path, text: str, query: str) -> None:
    support = support_of(
        tmp_path, [{"subject": "something else"}, {"comments": [{"body": text}]}, {"subject": "third"}]
    )
    assert await ids(support, query) == ["T-2"]


async def test_an_id_that_is_there_finds_nothing_but_itself(tmp_path: Path) -> None:
    support = support_of(tmp_path, [{"subject": "ORD-3310"}, {"subject": "ORD-3311"}, {"subject": "ord 3310"}])
    assert await ids(support, "ORD-3310") == ["T-1"]
    assert sorted(await ids(support, "ORD-9999")) == ["T-1", "T-2", "T-3"]


async def test_tags_attachments_requesters_and_extra_text_are_found(tmp_path: Path) -> None:
    support = support_of(
        tmp_path,
        [
            {"tags": ["alpha"]},
            {"comments": [{"attachments": [{"name": "bravo.txt", "text": "charlie"}]}]},
            {"requester": {"name": "Delta", "email": "echo@x.example"}},
            {"region": "foxtrot", "areas": ["golf", 3], "nested": {"x": "hotel"}},
        ],
    )
    for number, query in (
        (1, "alpha"),
        (2, "bravo"),
        (2, "charlie"),
        (3, "delta"),
        (3, "echo"),
        (4, "foxtrot"),
        (4, "golf"),
    ):
        assert await ids(support, query) == [f"T-{number}"], query
    assert await ids(support, "hotel") == []


async def test_words_that_say_nothing_are_not_looked_for(tmp_path: Path) -> None:
    support = support_of(tmp_path, [{"subject": "the login"}, {"subject": "the export"}])
    assert await ids(support, "what is the login") == ["T-1"]
    assert await ids(support, "the") == ["T-2", "T-1"]


async def test_equal_matches_come_newest_first(tmp_path: Path) -> None:
    support = support_of(tmp_path, [{"subject": "same", "created_at": f"2026-01-0{day}"} for day in (2, 9, 4, 1)])
    assert await ids(support, "same") == ["T-2", "T-3", "T-1", "T-4"]
    assert await ids(support, "", limit=2) == ["T-2", "T-3"]


async def test_the_order_of_the_file_does_not_matter_to_what_is_found(tmp_path: Path) -> None:
    hours = {"alpha": 5, "bravo": 3, "charlie": 8, "delta": 1}
    support = support_of(
        tmp_path,
        [
            {
                "subject": f"loop {word}",
                "created_at": (START + timedelta(hours=hour)).isoformat(),
                "links": [word, "X-1"],
            }
            for word, hour in hours.items()
        ],
    )
    assert await ids(support, "loop", since=START + timedelta(hours=3)) == ["T-3", "T-1", "T-2"]
    assert [each.id for each in (await support.linked_tickets("x-1")).items] == ["T-3", "T-1", "T-2", "T-4"]
    for number, word in enumerate(hours, start=1):
        assert await ids(support, word) == [f"T-{number}"]
        assert [each.id for each in (await support.linked_tickets(word)).items] == [f"T-{number}"]


async def test_a_limit_is_kept_within_reason(tmp_path: Path) -> None:
    support = support_of(tmp_path, [{"subject": "same"}] * 3)
    page = await support.search_tickets("same", limit=0)
    assert (page.read, page.total, page.cut) == (1, 3, True)
    assert (await support.search_tickets("same", limit=10**9)).read == 3


async def test_unknown_keys_are_kept_also_those_of_inner_objects(tmp_path: Path) -> None:
    support = support_of(
        tmp_path, [{"plan": {"seats": 3}, "requester": {"name": "A", "vip": True}, "sla": {"x": None}}]
    )
    ticket = await support.get_ticket("T-1")
    assert ticket.extra == {"plan": {"seats": 3}, "requester.vip": True, "sla.x": None}


async def test_numbers_stand_for_ids_and_null_for_nothing(tmp_path: Path) -> None:
    support = support_of(
        tmp_path,
        [{"id": 51842, "priority": 1, "links": [7], "status": None, "tags": None, "requester": None, "sla": None}],
    )
    ticket = await support.get_ticket("51842")
    assert (ticket.id, ticket.priority, ticket.links, ticket.status, ticket.tags) == ("51842", "1", ("7",), "", ())


async def test_comments_without_ids_are_numbered_and_public_unless_said(tmp_path: Path) -> None:
    support = support_of(
        tmp_path, [{"comments": [{"body": "a"}, {"body": "b", "public": False, "author": {"role": "Agent"}}]}]
    )
    comments = (await support.get_ticket("t-1")).comments.items
    assert [(each.id, each.public, each.author.role) for each in comments] == [("1", True, ""), ("2", False, "agent")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-17", datetime(2026, 11, 17, tzinfo=UTC)),
        ("2026-11-17T15:02:00Z", datetime(2026, 11, 17, 15, 2, tzinfo=UTC)),
        ("2026-11-17t15:02:00.25z", datetime(2026, 11, 17, 15, 2, 0, 250_000, UTC)),
        ("2026-11-17 15:02:00+02:00", datetime(2026, 11, 17, 13, 2, tzinfo=UTC)),
        ("2026-11-17T15:02:00.123456789-00:30", datetime(2026, 11, 17, 15, 32, 0, 123_456, UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("1965-01-01", datetime(1965, 1, 1, tzinfo=UTC)),
    ],
)
async def test_a_time_is_read_as_utc(tmp_path: Path, written: str, meant: datetime) -> None:
    ticket = await support_of(tmp_path, [{"created_at": written}]).get_ticket("T-1")
    assert ticket.created_at == meant
    assert ticket.created_at.tzinfo is UTC


async def test_marks_of_a_windows_editor_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "w" / "articles").mkdir(parents=True)
    line = b'{"id": "T-1", "subject": "s", "created_at": "2026-11-17"}'
    (tmp_path / "w" / "tickets.jsonl").write_bytes(b"\xef\xbb\xbf" + line + b"\r\n\r\n" + line.replace(b"T-1", b"T-2"))
    (tmp_path / "w" / "articles" / "a.md").write_bytes(
        b"\xef\xbb\xbf---\r\nid: KB-1\r\ntitle: 404\r\nupdated_at: 2026-11-17\r\nviews: 12\r\n---\r\nBody\r\n"
    )
    (tmp_path / "w" / "articles" / ".hidden.md").write_bytes(b"no")
    sources = open_workspace(tmp_path / "w", cache=tmp_path / "cache").sources
    assert sources.support is not None
    assert sources.knowledge is not None
    assert (await sources.support.search_tickets("")).total == 2
    article = await sources.knowledge.get_article("KB-1")
    assert (article.title, article.updated_at, article.body) == ("404", datetime(2026, 11, 17, tzinfo=UTC), "Body")
    assert article.extra == {"views": "12"}


async def test_an_empty_file_is_connected_and_holds_nothing(tmp_path: Path) -> None:
    for name in ("tickets", "accounts", "messages", "issues"):
        (tmp_path / f"{name}.jsonl").touch()
    (tmp_path / "articles").mkdir()
    sources = open_workspace(tmp_path, cache=tmp_path / "cache").sources
    assert sources.support is not None
    assert sources.crm is not None
    assert sources.chat is not None
    assert sources.tracker is not None
    assert sources.knowledge is not None
    page = await sources.support.search_tickets("", since=START)
    assert (page.items, page.total, page.cut) == ((), 0, False)
    assert (await sources.crm.search_accounts("Acme")).items == ()
    assert (await sources.chat.search_messages("x")).items == ()
    assert (await sources.tracker.search_issues("x")).items == ()
    assert (await sources.knowledge.search_articles("x")).items == ()


def crm_of(folder: Path, *accounts: dict[str, Any]) -> CRM:
    company.lines(folder / "accounts.jsonl", accounts)
    crm = open_workspace(folder, cache=folder / "cache").sources.crm
    assert crm is not None
    return crm


async def test_what_is_not_in_the_folder_is_unavailable_and_not_empty(tmp_path: Path) -> None:
    crm = crm_of(tmp_path, {"id": "A", "name": "Acme"})
    with pytest.raises(Unavailable, match=r"^workspace: not connected: deals.jsonl is not in the folder$"):
        await crm.list_deals("A")
    (tmp_path / "accounts.jsonl").unlink()
    company.lines(tmp_path / "contacts.jsonl", [{"id": "C", "account": "Acme", "name": "Ines"}])
    without = open_workspace(tmp_path, cache=tmp_path / "cache").sources.crm
    assert without is not None
    assert [each.id for each in (await without.list_contacts("ACME")).items] == ["C"]
    with pytest.raises(Unavailable):
        await without.get_account("A")


async def test_a_name_that_two_accounts_have_is_not_picked(tmp_path: Path) -> None:
    crm = crm_of(tmp_path, {"id": "A", "name": "Acme"}, {"id": "B", "name": "ACME"})
    with pytest.raises(NotFound):
        await crm.get_account("acme")
    assert {each.id for each in (await crm.search_accounts("acme")).items} == {"A", "B"}


async def test_an_alias_that_two_accounts_share_does_not_mix_their_tickets(tmp_path: Path) -> None:
    company.lines(
        tmp_path / "accounts.jsonl",
        [
            {"id": "A", "name": "Acme Corp", "aliases": ["Acme"]},
            {"id": "B", "name": "Acme Coop", "aliases": ["Acme"], "domain": "coop.example"},
        ],
    )
    rows = [("T-1", "Acme Corp"), ("T-2", "Acme"), ("T-3", "coop.example"), ("T-4", "a")]
    company.lines(
        tmp_path / "tickets.jsonl",
        [{"id": ident, "account": account, "subject": "x", "created_at": "2026-11-17"} for ident, account in rows],
    )
    support = open_workspace(tmp_path, cache=tmp_path / "cache").sources.support
    assert support is not None
    assert sorted(await ids(support, "x", account="A")) == ["T-1", "T-4"]
    assert sorted(await ids(support, "x", account="B")) == ["T-3"]
    assert sorted(await ids(support, "x", account="Acme")) == ["T-2"]
    assert await ids(support, "x", account="Nobody") == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Globex", "G"),
        ("GLOBEX Inc.", "G"),
        ("globx", "G"),
        ("Gloebx Corporation", "G"),
        ("globex.example", "G"),
        ("ines@globex.example", "G"),
        ("The Initech Group", "I"),
        ("initec", "I"),
        ("Umbrella", "U"),
        ("Café Zoe", "Z"),
        ("Hooli", ""),
    ],
)
async def test_a_customer_is_found_by(tmp_path: Path, query: str, first: str) -> None:
    crm = crm_of(
        tmp_path,
        {"id": "G", "name": "Globex Corporation", "domain": "globex.example"},
        {"id": "I", "name": "Initech"},
        {"id": "U", "name": "Umbrella Health Partners AB", "aliases": ["UHP"]},
        {"id": "Z", "name": "CAFÉ ZOE"},
    )
    assert [each.id for each in (await crm.search_accounts(query)).items][:1] == ([first] if first else [])


async def test_the_same_name_comes_before_a_near_miss_and_that_before_a_shared_word(tmp_path: Path) -> None:
    crm = crm_of(
        tmp_path,
        {"id": "1", "name": "Water Works Acme"},
        {"id": "2", "name": "Acmee"},
        {"id": "3", "name": "Acme Corp"},
        {"id": "4", "name": "Acme"},
    )
    assert [each.id for each in (await crm.search_accounts("Acme")).items] == ["4", "3", "2", "1"]
    page = await crm.search_accounts("Acme", limit=1)
    assert (page.read, page.total, page.cut) == (1, 4, True)


async def test_an_error_code_or_a_domain_that_is_there_is_not_taken_apart(tmp_path: Path) -> None:
    support = support_of(
        tmp_path,
        [{"subject": "ERR_TOO_MANY_REDIRECTS"}, {"subject": "too many redirects"}, {"subject": "beta.example"}],
    )
    assert await ids(support, "ERR_TOO_MANY_REDIRECTS") == ["T-1"]
    assert sorted(await ids(support, "err_too_many_exports")) == ["T-1", "T-2"]
    assert await ids(support, "www.beta.example") == ["T-3"]
