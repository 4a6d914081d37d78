"""Plausible falsehoods and true paraphrases: how many get in, how many are kept out, of each of three sets.

`verify_held_out.yaml` and `verify_second.yaml` were counted before the checks had seen them and then showed what these
lacked, so they only keep that from coming back. `verify_unseen.yaml` was written when the checks were finished and has
never been worked on: its two rates are what to expect of new sentences.
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
SETS = {  # falsehoods, how many may get in, paraphrases, how many may be kept out
    "verify_held_out": (60, 1, 60, 5),
    "verify_second": (39, 2, 39, 4),
    "verify_unseen": (25, 10, 20, 2),
}


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
async def test_few_falsehoods_get_in_and_few_truths_are_kept_out(file: str, bounds: tuple[int, int, int, int]) -> None:
    lies, most_false, size, most_refused = bounds
    false = await let_in(file, "falsehoods")
    refused = size - len(await let_in(file, "paraphrases"))

    rates = f"{file}: {len(false)} of {lies} falsehoods accepted, {refused} of {size} truths refused"
    print(rates, *false, sep="\n")  # noqa: T201 - the rates are what this is for
    assert sum(len(both["falsehoods"]) for both in sets(file).values()) == lies
    assert sum(len(both["paraphrases"]) for both in sets(file).values()) == size
    assert len(false) <= most_false
    assert refused <= most_refused
