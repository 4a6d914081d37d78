"""A key leads to the issue that it names, or to none: never to another issue of another number or project."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from escalation_connectors.errors import NotFound
from tests.vendors import tracker_github, tracker_gitlab
from tests.vendors.example import Example
from tests.vendors.harness import connected, need_contracts

TWO = replace(
    tracker_github.EXAMPLE, settings={**tracker_github.EXAMPLE.settings, "repositories": ["acme/app", "Acme/App1"]}
)
BY_NUMBER = replace(tracker_gitlab.EXAMPLE, settings={**tracker_gitlab.EXAMPLE.settings, "project": "4711"})
GITLAB, GITHUB = tracker_gitlab.EXAMPLE, tracker_github.EXAMPLE
KNOWN = (
    (GITLAB, "12", "/api/v4/projects/acme%2Fapp/issues/12"),
    (GITLAB, "#4711", "/api/v4/projects/acme%2Fapp/issues/4711"),
    (GITLAB, "Acme/App#12", "/api/v4/projects/acme%2Fapp/issues/12"),
    (BY_NUMBER, "12", "/api/v4/projects/4711/issues/12"),
    (GITHUB, "12", "/repos/acme/app/issues/12"),
    (GITHUB, "#4711", "/repos/acme/app/issues/4711"),
    (GITHUB, "Acme/App#12", "/repos/acme/app/issues/12"),
    (TWO, "acme/app1#12", "/repos/Acme/App1/issues/12"),
)
UNKNOWN = (
    *((GITLAB, key) for key in ("ENG-12", "acme/web#12", "acme/app12", "app#", "1.2", "\u0661\u0662", "12\n")),
    (BY_NUMBER, "acme/app#12"),
    *((GITHUB, key) for key in ("ENG-12", "acme/web#12", "acme/app12", "#", "1.2", "\u0661\u0662", "12\n")),
    *((TWO, key) for key in ("12", "#12", "acme/app12")),
)


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


@pytest.mark.parametrize(("example", "key", "path"), KNOWN)
async def test_a_key_leads_to_its_issue(example: Example, key: str, path: str) -> None:
    async with connected(example) as used:
        await used.connector.get_issue(key)
        assert {request.url.raw_path.split(b"?")[0].decode() for request in used.canned.sent} == {
            path,
            path + ("/notes" if "/api/v4/" in path else "/comments"),
        }

    async with connected(example, writes=True) as used:
        await used.connector.comment(key, "Third customer.", key="k1")
        assert used.canned.sent[0].url.raw_path.decode().startswith(path + "/")


@pytest.mark.parametrize(("example", "key"), UNKNOWN)
async def test_a_key_of_another_place_leads_to_none(example: Example, key: str) -> None:
    for writes in (False, True):
        async with connected(example, writes=writes) as used:
            with pytest.raises(NotFound):
                await (used.connector.comment(key, "Hi", key="k1") if writes else used.connector.get_issue(key))
            assert used.canned.sent == []


async def test_what_github_has_made_is_found_again_by_its_id() -> None:
    async with connected(TWO, writes=True) as used:
        made = await used.connector.create_issue("Export loses rows", "Seen.", key="k1")
        await used.connector.link(made.id, "https://x.example/1", "Ticket 1", key="k2")

    assert made.id == "acme/app#12"
