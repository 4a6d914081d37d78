"""Every figure that a result carries beside its texts is worked out again: a changed one is found where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from customer_escalation.brief import EscalationBrief, Impact, Ref, Result
from customer_escalation.verify import verify
from tests.mutation import corpus


def paths(result: Result) -> set[str]:
    return {claim.path.partition("[")[0] for claim in verify(result).unsupported}


def with_brief(result: Result, brief: EscalationBrief) -> Result:
    return replace(result, brief=brief)


def with_impact(result: Result, impact: Impact) -> Result:
    return with_brief(result, replace(result.brief, impact=impact))


def corrupted(result: Result) -> Iterator[tuple[str, Result]]:
    brief, impact = result.brief, result.brief.impact
    affected = impact.customers_affected
    base = "brief.impact.customers_affected"
    yield (
        f"{base}.count",
        with_impact(result, replace(impact, customers_affected=replace(affected, count=affected.count + 1))),
    )
    names = (*affected.names[:-1], "Larkspur Systems")
    yield f"{base}.names", with_impact(result, replace(impact, customers_affected=replace(affected, names=names)))
    if impact.revenue_at_risk is not None:
        for name in ("arr", "pipeline"):
            total = getattr(impact.revenue_at_risk, name)
            if total is not None:
                changed = replace(impact.revenue_at_risk, **{name: total * 1.1})
                yield (
                    f"brief.impact.revenue_at_risk.{name}",
                    with_impact(result, replace(impact, revenue_at_risk=changed)),
                )
        account, figures = next(iter(impact.revenue_at_risk.by_account.items()))
        accounts = {**impact.revenue_at_risk.by_account, account: {**figures, "arr": 1_234_567}}
        changed = replace(impact.revenue_at_risk, by_account=accounts)
        yield "brief.impact.revenue_at_risk.by_account", with_impact(result, replace(impact, revenue_at_risk=changed))
    if impact.time_in_queue is not None:
        queue = impact.time_in_queue
        yield (
            "brief.impact.time_in_queue.hours",
            with_impact(result, replace(impact, time_in_queue=replace(queue, hours=queue.hours + 1))),
        )
        yield (
            "brief.impact.time_in_queue.since",
            with_impact(result, replace(impact, time_in_queue=replace(queue, since=queue.since - timedelta(days=3)))),
        )
    if brief.deadline is not None:
        late = replace(brief.deadline, at=brief.deadline.at + timedelta(hours=5, minutes=7))
        yield "brief.deadline.at", with_brief(result, replace(brief, deadline=late))
    if brief.supporting.tickets:
        first = brief.supporting.tickets[0]
        wrong: tuple[Ref, ...] = (replace(first, title="Printer on fire"), *brief.supporting.tickets[1:])
        yield (
            "brief.supporting.tickets",
            with_brief(result, replace(brief, supporting=replace(brief.supporting, tickets=wrong))),
        )


@pytest.mark.parametrize("number", range(10))
def test_a_changed_figure_is_refused_where_it_stands(number: int) -> None:
    result = corpus.results()[number]
    missed = [path for path, changed in corrupted(result) if path not in paths(changed)]

    assert missed == []
    assert paths(result) == set()
