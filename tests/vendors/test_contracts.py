"""Every request of every vendor keeps the vendor's contract, and every answer becomes the right records."""

from __future__ import annotations

import pytest

from tests.vendors.example import Example, changes, examples
from tests.vendors.harness import connected, need_contracts

EXAMPLES = examples()


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_every_call_keeps_the_contract_and_gives_the_right_records(example: Example) -> None:
    for writes, calls in ((False, example.calls), (True, example.writes)):
        for call in calls:
            async with connected(example, writes=writes) as used:
                assert await call.run(used.connector) == call.gives, call.name


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_every_operation_is_exercised(example: Example) -> None:
    asked: set[str] = set()
    for writes, calls in ((False, example.calls), (True, example.writes)):
        for call in calls:
            async with connected(example, writes=writes) as used:
                await call.run(used.connector)
                asked |= set(used.canned.asked)

    assert asked == set(example.answers)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_reading_makes_no_request_that_changes_something(example: Example) -> None:
    reading, writing = set[str](), set[str]()
    for call in example.calls:
        async with connected(example) as used:
            await call.run(used.connector)
            reading |= set(used.canned.asked)
    for call in example.writes:
        async with connected(example, writes=True) as used:
            await call.run(used.connector)
            writing |= {each for each in used.canned.asked if changes(each)}

    assert not reading & writing


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_one_call_takes_few_requests(example: Example) -> None:
    for call in example.calls:
        async with connected(example) as used:
            await call.run(used.connector)
            assert len(used.canned.sent) <= 6, (call.name, used.canned.asked)
