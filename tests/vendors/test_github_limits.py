"""How long GitHub is left alone after it has said that it was asked too often."""

from __future__ import annotations

from collections.abc import Mapping

import httpx2
import pytest

from escalation_connectors.errors import RateLimited
from tests.vendors import tracker_github
from tests.vendors.harness import connected, need_contracts, replies

SENT = {"date": "Thu, 26 Nov 2026 20:00:00 GMT", "x-ratelimit-remaining": "0"}
AT_EIGHT = 1795723200
SECONDARY = {"message": "You have exceeded a secondary rate limit."}


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


async def test_a_limit_that_ends_soon_is_waited_for() -> None:
    soon = replies(httpx2.Response(403, headers={**SENT, "x-ratelimit-reset": str(AT_EIGHT + 12)}, json={}))
    async with connected(tracker_github.EXAMPLE, spoil={0: soon}, strict=False) as used:
        assert (await used.connector.search_issues("export")).items
        assert used.slept == [12.0]


@pytest.mark.parametrize(
    ("headers", "body", "wait"),
    [
        ({**SENT, "x-ratelimit-reset": str(AT_EIGHT + 1800)}, {}, 1800.0),
        ({"x-ratelimit-remaining": "9", "x-ratelimit-reset": str(AT_EIGHT + 1800)}, SECONDARY, 60.0),
        ({"retry-after": "90"}, SECONDARY, 90.0),
    ],
)
async def test_a_long_limit_is_told_and_not_tried_again(headers: Mapping[str, str], body: object, wait: float) -> None:
    limited = httpx2.Response(403, headers=headers, json=body)
    async with connected(tracker_github.EXAMPLE, spoil={0: replies(limited)}, strict=False) as used:
        with pytest.raises(RateLimited) as caught:
            await used.connector.search_issues("export")

    assert (caught.value.retry_after, len(used.canned.sent), used.slept) == (wait, 1, [])
