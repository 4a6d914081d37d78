"""What is written to a tracker says what was written: no mark-up or macro in it acts, nobody is mentioned."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from escalation_connectors.errors import InputError, PerhapsWritten
from escalation_connectors.writing import Receipt
from tests.vendors import tracker_github, tracker_gitlab, tracker_linear, tracker_redmine
from tests.vendors.harness import connected, need_contracts, replies

TEXT = "{{include(Secret)}} {{{x}}} @admin, @@admin, b@acme.example"
SHOWN = "{ {include(Secret)}} { { {x}}} @ admin, @ @ admin, b@acme.example"
MARKDOWN = "# Acme *and* others @lotta\n![x](https://x.example/a.png)"
MARKDOWN_SHOWN = "\\# Acme \\*and\\* others @\u200blotta\n!\\[x\\](https://x.example/a.png)"


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


async def test_redmine_runs_no_macro_and_mentions_nobody() -> None:
    async with connected(tracker_redmine.EXAMPLE, writes=True) as used:
        await used.connector.create_issue(f"Export\n{'x' * 300}", TEXT, labels=["p1"], key="k1")
        await used.connector.comment("#12", TEXT, key="k2")
        await used.connector.link("12", "https://acme.example/@bo", "The ticket", key="k3")
        made, noted, linked = (json.loads(each.content) for each in used.canned.sent)

    assert made == {
        "issue": {
            "project_id": "platform",
            "tracker_id": 1,
            "subject": f"Export {'x' * 248}",
            "description": f"{SHOWN}\n\np1",
        }
    }
    assert noted == {"issue": {"notes": SHOWN}}
    assert linked == {"issue": {"notes": "The ticket: https://acme.example/%40bo"}}


async def test_redmine_needs_no_tracker_number() -> None:
    settings = {name: value for name, value in tracker_redmine.EXAMPLE.settings.items() if name != "tracker_id"}
    async with connected(replace(tracker_redmine.EXAMPLE, settings=settings), writes=True) as used:
        await used.connector.create_issue("Export", "Seen.", key="k1")

        assert "tracker_id" not in json.loads(used.canned.sent[0].content)["issue"]


def variables(request: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request.content)["variables"]
    return read


async def test_linear_makes_an_issue_once_and_shows_what_was_written() -> None:
    async with connected(tracker_linear.EXAMPLE, writes=True) as used:
        await used.connector.create_issue("Export\nloses", MARKDOWN, labels=["from support"], key="k1")
        await used.connector.create_issue("Export\nloses", MARKDOWN, labels=["from support"], key="k1")
        await used.connector.comment("ENG-12", MARKDOWN, key="k2")

        first, again, comment = (variables(request)["of"] for request in used.canned.sent)
    assert first == again
    assert first == {
        "id": first["id"],
        "teamId": tracker_linear.EXAMPLE.settings["team"],
        "title": "Export loses",
        "description": f"{MARKDOWN_SHOWN}\n\nfrom support",
    }
    assert first["id"] != comment["id"]
    assert first["id"][14] == "4"
    assert comment["body"] == MARKDOWN_SHOWN


async def test_what_linear_has_made_before_is_told_by_its_id() -> None:
    there = tracker_linear.error("INPUT_ERROR", "conflict on insert of Issue")
    for status in (200, 400):
        again = replies(httpx2.Response(status, json=there))
        async with connected(tracker_linear.EXAMPLE, writes=True, spoil={0: again}) as used:
            receipt = await used.connector.create_issue("Export loses", MARKDOWN, key="k1")

            assert receipt == Receipt(variables(used.canned.sent[0])["of"]["id"])
            assert len(used.canned.sent) == 1


async def test_linear_that_does_not_say_that_it_is_done_may_have_done_it() -> None:
    silent = replies(httpx2.Response(200, json={"data": {"commentCreate": {"success": False}}}))
    partly = replies(httpx2.Response(200, json=tracker_linear.PARTLY))
    for trouble in (silent, partly):
        async with connected(tracker_linear.EXAMPLE, writes=True, spoil={0: trouble}) as used:
            with pytest.raises(PerhapsWritten):
                await used.connector.comment("ENG-12", "Third customer.", key="k1")

            assert len(used.canned.sent) == 1


async def test_linear_without_a_team_makes_no_issue() -> None:
    async with connected(replace(tracker_linear.EXAMPLE, settings={"token": "env:TOKEN"}), writes=True) as used:
        with pytest.raises(InputError):
            await used.connector.create_issue("Export loses", MARKDOWN, key="k1")

        assert used.canned.sent == []


async def test_github_and_gitlab_show_what_was_written() -> None:
    async with connected(tracker_github.EXAMPLE, writes=True) as used:
        await used.connector.create_issue("@lotta #12", MARKDOWN, key="k1")
        await used.connector.comment("12", MARKDOWN, key="k2")
        made, said = (json.loads(request.content) for request in used.canned.sent)
    assert made == {"title": "@\u200blotta #\u200b12", "body": MARKDOWN_SHOWN, "labels": []}
    assert said == {"body": MARKDOWN_SHOWN}

    async with connected(tracker_gitlab.EXAMPLE, writes=True) as used:
        await used.connector.comment("12", f"{MARKDOWN}\n/close\n/label ~p1", key="k2")
        said = json.loads(used.canned.sent[0].content)
    assert said == {"body": f"{MARKDOWN_SHOWN}\n \u200b/close\n \u200b/label \\~p1"}


async def test_github_searches_several_repositories_by_either() -> None:
    both = {**tracker_github.EXAMPLE.settings, "repositories": ["acme/app", "acme/web"]}
    async with connected(replace(tracker_github.EXAMPLE, settings=both)) as used:
        page = await used.connector.search_issues("export")

        assert used.canned.sent[0].url.params["q"] == '"export" is:issue (repo:acme/app OR repo:acme/web)'
        assert used.canned.sent[0].url.params["advanced_search"] == "true"
        assert [issue.key for issue in page.items] == ["acme/app#12"]
