"""A thread of which a part is missing says so, whatever the vendor's other numbers say."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, cast

import pytest
from msgspec.structs import replace

from escalation_connectors.records import Page
from escalation_connectors.tokens import Tokens
from tests.vendors.example import Example, examples
from tests.vendors.harness import connected, need_contracts
from tests.virtual_time import in_no_time

EXAMPLES = examples()
Change = Callable[[Any], None]


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


def altered(name: str, operation: str, change: Change) -> Example:
    example = EXAMPLES[name]
    answers = deepcopy(dict(example.answers))
    change(answers[operation])
    return replace(example, answers=answers)


async def thread_of(example: Example, called: str) -> Page[Any]:
    call = next(each for each in example.calls if each.name == called)
    async with connected(example, strict=False) as used:
        got: Any = await call.run(used.connector)
    return cast("Page[Any]", got if isinstance(got, Page) else got.comments)


def jira_says_more(answer: Any) -> None:
    answer["fields"]["comment"]["total"] = 40


def slack_says_more(answer: Any) -> None:
    answer["messages"][0]["reply_count"] = 40


def github_says_more(answer: Any) -> None:
    answer["comments"] = 40


def helpscout_says_more(answer: Any) -> None:
    answer["threads"] = 120


ISSUE = "GET /repos/{owner}/{repo}/issues/{issue_number}"


@pytest.mark.parametrize(
    ("name", "operation", "called", "change", "total"),
    [
        ("tracker_jira", "GET /rest/api/3/issue/{issueIdOrKey}", "issue", jira_says_more, 40),
        ("chat_slack", "GET /conversations.replies", "thread", slack_says_more, 41),
        ("tracker_github", ISSUE, "issue", github_says_more, 40),
        ("support_helpscout", "GET /conversations/{id}", "ticket", helpscout_says_more, None),
    ],
)
@in_no_time
async def test_a_thread_shorter_than_its_vendor_counts_is_cut(
    name: str, operation: str, called: str, change: Change, total: int | None
) -> None:
    got = await thread_of(altered(name, operation, change), called)

    assert got.items
    assert (got.total, got.cut) == (total, True)


@in_no_time
async def test_a_mail_of_html_is_read_and_an_attached_file_is_not_taken_for_its_message() -> None:
    def change(answer: Any) -> None:
        first, last = answer["items"][0], answer["items"][-1]
        file = {**first, "id": "9", "Filename": "log.txt", "Content": "a log"}
        again = {**first, "id": "10", "Content": "a second part"}
        html = {**last, "ContentType": "text/html", "Content": "<p>Seen in <b>export_job_77</b>.</p>"}
        answer["items"] = [first, file, again, html]

    example = altered("support_request_tracker", "GET /ticket/{id}/attachments", change)
    got = await thread_of(example, "ticket")

    assert [each.body for each in got.items] == ["Rows 900 to 1,000 are missing.", "Seen in export_job_77."]


@in_no_time
async def test_some_of_the_people_of_a_company_are_not_all_of_them() -> None:
    def change(answer: Any) -> None:
        answer["total_count"] = 400

    example = altered("support_intercom", "GET /companies/{company_id}/contacts", change)
    async with connected(example, strict=False) as used:
        got = await used.connector.search_tickets("export", account="Acme Corp")

    assert (bool(got.items), got.total, got.cut) == (True, None, True)


SIGNED_IN = [name for name, example in EXAMPLES.items() if "client_id" in example.settings]


@pytest.mark.parametrize("name", SIGNED_IN)
@in_no_time
async def test_a_token_that_has_expired_is_renewed_before_it_is_used(name: str) -> None:
    example = EXAMPLES[name]
    old = Tokens(access="0ld-access", refresh="r3fresh", expires_at=1.0)
    async with connected(example, tokens=old) as used:
        assert await example.calls[0].run(used.connector) == example.calls[0].gives
        asked = [
            request.content.decode() for request in used.canned.sent if request.url.path.endswith(("token", "tokens"))
        ]
        assert len(asked) == 1
        assert "grant_type=refresh_token" in asked[0]
        assert "refresh_token=r3fresh" in asked[0]
        assert all("0ld-access" not in request.headers.get("authorization", "") for request in used.canned.sent)


def test_there_are_such_vendors() -> None:
    assert len(SIGNED_IN) >= 2
