"""Facts of correct briefs are corrupted one at a time: hardly one may pass, and hardly a true line may be refused."""

from __future__ import annotations

from collections import Counter
from random import Random

from customer_escalation.verify import verify
from tests.mutation import corpus
from tests.mutation.mutations import MUTATIONS

SEED, WANTED, TRIES = 20261119, 1_000, 200


def test_of_a_thousand_corrupted_facts_at_least_990_are_refused() -> None:
    random, lines = Random(SEED), corpus.all_lines()
    made: Counter[str] = Counter()
    passed: list[str] = []
    while made.total() < WANTED:
        kind = list(MUTATIONS)[made.total() % len(MUTATIONS)]
        for _ in range(TRIES):
            line = random.choice(lines)
            changed = MUTATIONS[kind](line.statement, random, line.world)
            if changed is not None:
                break
        else:
            raise AssertionError(f"no line can take the mutation {kind}")
        made[kind] += 1
        if not line.check(changed):
            passed.append(f"{kind}: {line.where}: {changed.text} {changed.cites}")

    assert len(passed) <= WANTED - 990, "\n".join(passed)
    assert min(made.values()) >= WANTED // len(MUTATIONS)


def test_at_most_one_true_line_in_a_hundred_is_refused() -> None:
    lines = corpus.all_lines()
    refused = [f"{line.where}: {line.statement.text}: {why}" for line in lines if (why := line.check(line.statement))]

    assert len(lines) >= 350
    assert len(refused) * 100 <= len(lines), "\n".join(refused)


def test_every_line_that_the_rules_write_is_supported() -> None:
    verifications = [verify(result) for result in corpus.results()]

    assert [claim for found in verifications for claim in found.unsupported] == []
    assert all(found.statements == found.supported for found in verifications)
