"""Ids and words that were written to break out of their place stay in it: shown on what goes over the wire."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import unquote

import pytest

from escalation_connectors.errors import ConnectorError, InputError
from tests.vendors.example import Example, examples
from tests.vendors.harness import connected, need_contracts

EXAMPLES = examples()
IDS = (
    "../../users/me", "..", ".", "", "../", "a/b", "1?admin=1", "1#x", "1%2f..%2fusers", "1\n2", "1\r\nX-Evil: 1",
    "1 OR 1=1", "1' OR '1'='1", '1" OR "1"="1', "1;DROP TABLE tickets", "\u202e1", "\x00", "{}", "{1}", "%00", "1&x=y",
    "é/..", "9" * 600, '1"}}){x}', "1) OR key is not EMPTY",
)  # fmt: skip
BREAKERS = (
    'x" OR pwned = "y', "x' OR pwned = 'y", 'x\\" OR pwned = \\"y', "x\\", 'a") OR (pwned ~ "b', "x' OR pwned LIKE '%",
    "pwned:secret", "from:pwned in:secret", "*pwned*", "type:user pwned", "pwned\n\rAND", "{ pwned }", "}}){pwned}",
    'pwned") ORDER BY created', "FIND {pwned}", "pwned&limit=9999", "pwned#", "-pwned", "pwned<2020",
    "<script>pwned</script>", "\u2028pwned",
)  # fmt: skip
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', re.S)


@pytest.fixture(autouse=True)
def _contracts() -> None:
    need_contracts()


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@pytest.mark.parametrize("text", IDS)
async def test_an_id_stays_within_its_segment(example: Example, text: str) -> None:
    for call in example.ids:
        async with connected(example, strict=False) as used:
            with contextlib.suppress(ConnectorError, InputError):
                await call(used.connector, text)
            for request in used.canned.sent:  # the gate has found each of them in the contract, with its parameters
                path = request.url.raw_path.split(b"?")[0].decode()
                assert ".." not in path.split("/")
                assert "\n" not in unquote(path) or "%0A" in path
                assert str(request.url).startswith(tuple(f"https://{host}/" for host in example.contracts))


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
@pytest.mark.parametrize("text", BREAKERS)
async def test_words_stay_words(example: Example, text: str) -> None:
    for call in (*example.words, *example.ids):
        async with connected(example, strict=False) as used:
            with contextlib.suppress(ConnectorError, InputError):
                await call(used.connector, text)
            for request in used.canned.sent:
                if example.spoken is not None:
                    outside = QUOTED.sub('""', example.spoken(request))
                    assert "pwned" not in outside, outside
                    assert outside.count('"') % 2 == 0
                assert "limit=9999" not in str(request.url)


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES.keys())
async def test_no_secret_is_in_an_address(example: Example) -> None:
    for writes, calls in ((False, example.calls), (True, example.writes)):
        for call in calls:
            async with connected(example, writes=writes) as used:
                await call.run(used.connector)
                for request in used.canned.sent:
                    assert not [secret for secret in example.environment.values() if secret in str(request.url)]
