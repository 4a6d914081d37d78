"""Falsehoods and paraphrases that were written before the checks had seen them: how many get in, how many are kept out.

`verify_held_out.yaml` has served to find what the checks lacked, so it only shows that nothing comes back.
`verify_second.yaml` has never been worked on: its two rates are what to expect of sentences of a new kind.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from customer_escalation.submit import submit
from tests.test_excellent_briefs import draft

HERE = Path(__file__).resolve().parent
SETS = {"verify_held_out": (60, 1, 5), "verify_second": (39, 2, 4)}


@cache
def sets(file: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The sentences by case, then by whether they are true."""
    return cast(
        "dict[str, dict[str, list[dict[str, Any]]]]", yaml.safe_load((HERE / f"{file}.yaml").read_text("utf-8"))
    )


async def let_in(file: str, which: str) -> list[str]:
    """The sentences of a set that are accepted."""
    return [
        each["text"]
        for name, both in sets(file).items()
        for each in both[which]
        if submit(await draft(name), [{"slot": "insights", **each}]).refused == ()
    ]


@pytest.mark.parametrize(("file", "bounds"), SETS.items())
async def test_few_falsehoods_get_in_and_few_truths_are_kept_out(file: str, bounds: tuple[int, int, int]) -> None:
    size, most_false, most_refused = bounds
    false = await let_in(file, "falsehoods")
    truths = await let_in(file, "paraphrases")

    rates = f"{file}: {len(false)} of {size} falsehoods accepted, {size - len(truths)} of {size} truths refused"
    print(rates, *false, sep="\n")  # noqa: T201 - the rates are what this is for
    assert all(sum(len(both[which]) for both in sets(file).values()) == size for which in ("falsehoods", "paraphrases"))
    assert len(false) <= most_false
    assert size - len(truths) <= most_refused
