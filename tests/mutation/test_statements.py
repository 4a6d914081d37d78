"""Statements as a sharp colleague writes them, and their near-twins that are false by one word or figure."""

from __future__ import annotations

from collections import Counter

from customer_escalation.verify import Verifier
from tests.mutation import company, corpus

# Twins that only a reader can tell: another noun, other dates for the same figures, a part told as the whole.
BEYOND = 6


def test_every_true_statement_passes() -> None:
    verifier = Verifier(corpus.sample(), company.NOW)
    groups = company.groups()
    refused = {group.true.text: why for group in groups if (why := verifier.check(group.true))}

    assert refused == {}
    assert len(groups) >= 120
    assert min(Counter(group.true.kind for group in groups).values()) >= 5


def test_every_insight_passes() -> None:
    verifier = Verifier(corpus.sample(), company.NOW)
    groups = company.groups(company.INSIGHTS)

    assert {group.true.text: why for group in groups if (why := verifier.check(group.true))} == {}
    assert len(groups) >= 40


def test_hardly_a_false_near_twin_passes() -> None:
    verifier = Verifier(corpus.sample(), company.NOW)
    twins = [twin for group in company.groups() for twin in group.false]
    passed = [twin.text for twin in twins if not verifier.check(twin)]

    assert len(twins) >= 300
    assert len(passed) <= BEYOND, "\n".join(passed)
