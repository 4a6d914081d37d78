"""A 200 that holds something else than was promised is an error, and never an empty list."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import httpx2
import pytest

from escalation_connectors.errors import ConnectorError
from tests.vendors.example import Example, examples
from tests.vendors.harness import connected, need_contracts
from tests.vendors.test_faults import outcome
from tests.virtual_time import in_no_time

EXAMPLES = examples()
WRONG: Mapping[str, Callable[[httpx2.Request], httpx2.Response]] = {
    "{}": lambda _: httpx2.Response(200, json={}),
    "[]": lambda _: httpx2.Response(200, json=[]),
    "null": lambda _: httpx2.Response(200, json=None),
    "empty": lambda _: httpx2.Response(200),
    "an error": lambda _: httpx2.Response(200, json={"error": "x"}),
    "an error with a code": lambda _: httpx2.Response(200, json={"error": {"code": 500, "message": "x"}}),
    "ok": lambda _: httpx2.Response(200, json={"ok": True, "status": "ok"}),
}
BARE = ("freshdesk", "gitlab", "guru")  # whose lists are the whole answer, so that [] is a list without records


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@in_no_time
async def test_wrong_json_in_a_200_is_an_error_and_no_empty_list(example: Example, wrong: str) -> None:
    if wrong == "[]" and example.vendor.name in BARE:
        pytest.skip("an empty list is what it gives where nothing was found")
    for call in example.calls:
        async with connected(example, spoil={-1: WRONG[wrong]}, strict=False) as used:
            assert isinstance(await outcome(call, used.connector), ConnectorError), call.name
