"""Facts of correct briefs are corrupted one at a time: hardly one may pass, and hardly a true line may be refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from customer_escalation.verify import verify
from tests.mutation import company, corpus
from tests.mutation.corpus import Line
from tests.mutation.mutations import MUTATIONS

SEED, TRIES = 20261119, 300


def passed(lines: Sequence[Line], wanted: int) -> tuple[list[str], Counter[str]]:
    """The corrupted lines that are not refused, and how many of each kind were made."""
    random, made = Random(SEED), Counter[str]()
    found: list[str] = []
    for number in range(wanted):
        kind = list(MUTATIONS)[number % len(MUTATIONS)]
        for _ in range(TRIES):
            line = random.choice(lines)
            changed = MUTATIONS[kind](line.statement, random, line.world)
            if changed is not None:
                made[kind] += 1
                if not line.check(changed):
                    found.append(f"{kind}: {line.where}: {changed.text} {changed.cites}")
                break
    return found, made


def test_of_a_thousand_corrupted_facts_at_least_990_are_refused() -> None:
    found, made = passed(corpus.all_lines(), 1_000)

    assert len(found) <= 10, "\n".join(found)
    assert made.total() == 1_000


def test_of_corrupted_insights_at_least_nine_in_ten_are_refused() -> None:
    found, made = passed(list(corpus.hand_written(company.INSIGHTS)), 500)

    assert len(found) * 10 <= made.total() >= 400, "\n".join(found)


def test_at_most_one_true_line_in_a_hundred_is_refused() -> None:
    lines = corpus.all_lines()
    refused = [f"{line.where}: {line.statement.text}: {why}" for line in lines if (why := line.check(line.statement))]

    assert len(lines) >= 350
    assert len(refused) * 100 <= len(lines), "\n".join(refused)


def test_every_line_that_the_rules_write_is_supported() -> None:
    verifications = [verify(result) for result in corpus.results()]

    assert [claim for found in verifications for claim in found.unsupported] == []
    assert all(found.statements == found.supported for found in verifications)
