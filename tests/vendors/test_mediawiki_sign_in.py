"""A wiki that asks for a password is signed in to once, however many ask at once, and again when it forgets."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from escalation_connectors.errors import AccessDenied
from tests.vendors.example import Example
from tests.vendors.harness import Canned, connected, need_contracts
from tests.vendors.knowledge_mediawiki import EXAMPLE, ISSUE, PAGES, said

SIGN_IN = "POST /api.php"


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


class Wiki(httpx2.AsyncBaseTransport):
    """Answers who has signed in, each at its turn; `forget` ends the session."""

    def __init__(self, canned: Canned) -> None:
        self.canned, self.inside = canned, False

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        allowed = self.inside or request.method == "POST"
        answer = await self.canned.handle_async_request(request)
        await asyncio.sleep(0)
        self.inside = self.inside or b"action=login" in request.content
        return answer if allowed else httpx2.Response(200, json=said("readapidenied"))

    def forget(self) -> None:
        self.inside = False


def signing_in(**login: str) -> Example:
    """A wiki that answers a password so."""
    tokens: Any = EXAMPLE.answers[SIGN_IN]
    return replace(EXAMPLE, answers={**EXAMPLE.answers, SIGN_IN: [tokens[0], {"login": login}]})


async def test_many_questions_at_once_sign_in_once() -> None:
    async with connected(EXAMPLE, transport=Wiki) as used:
        assert await asyncio.gather(*(used.connector.get_article("7") for _ in range(3))) == [ISSUE] * 3
        await used.connector.get_article("7")

        assert used.canned.asked == [SIGN_IN] * 2 + [PAGES] * 4


async def test_a_forgotten_cookie_is_asked_for_again_once() -> None:
    wikis = list[Wiki]()

    def kept(canned: Canned) -> Wiki:
        wikis.append(Wiki(canned))
        return wikis[0]

    async with connected(EXAMPLE, transport=kept) as used:
        await used.connector.get_article("7")
        wikis[0].forget()
        assert await asyncio.gather(*(used.connector.get_article("7") for _ in range(2))) == [ISSUE] * 2

        assert used.canned.asked[3:] == [PAGES] * 2 + [SIGN_IN] * 2 + [PAGES] * 2


async def test_a_wrong_password_is_told_and_asked_no_further() -> None:
    async with connected(signing_in(result="Failed", reason="Incorrect username or password entered.")) as used:
        with pytest.raises(AccessDenied, match="the bot password was refused"):
            await used.connector.get_article("7")

        assert used.canned.asked == [SIGN_IN] * 2


async def test_a_wiki_that_says_that_we_are_inside_is_asked_on() -> None:
    async with connected(signing_in(result="Aborted", reason="Cannot log in when using ... sessions.")) as used:
        assert await used.connector.get_article("7") == ISSUE
