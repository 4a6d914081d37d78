"""What a run with a model may cost, counted from what the API reports."""

from __future__ import annotations

import pytest

from customer_escalation.budget import Budget, Price, Spent


def spent(budget: Budget, price: Price | None = None, clock: list[float] | None = None) -> Spent:
    moments = clock or [0.0]
    return Spent(budget, price, clock=lambda: moments[-1])


def test_nothing_is_exhausted_at_the_start() -> None:
    assert spent(Budget()).exhausted() == ""


def test_requests_run_out() -> None:
    used = spent(Budget(requests=2))
    used.requests = 2

    assert used.exhausted() == "2 requests"


def test_cached_tokens_count_as_tokens() -> None:
    used = spent(Budget(tokens=1000))
    used.count(fresh=100, output=200, cache_read=300, cache_write=400)

    assert (used.input_tokens, used.output_tokens) == (800, 200)
    assert used.exhausted() == "1,000 tokens"


def test_seconds_run_out() -> None:
    clock = [10.0]
    used = spent(Budget(seconds=5), clock=clock)
    assert used.seconds_left == 5
    clock.append(15.0)

    assert used.exhausted() == "5 seconds"


def test_money_is_reckoned_with_the_price_of_each_kind_of_token() -> None:
    used = spent(Budget(usd=0.05), Price(input=2, output=10))
    used.count(fresh=1000, output=1000, cache_read=10_000, cache_write=5000)

    assert used.usd == pytest.approx((1000 + 1000 + 10_000) * 2e-6 + 1000 * 1e-5)
    assert used.exhausted() == ""
    used.count(fresh=10_000, output=0, cache_read=0, cache_write=0)
    assert used.exhausted() == "USD 0.05"


def test_money_does_not_bind_where_the_price_is_not_known() -> None:
    used = spent(Budget(usd=0.01))
    used.count(fresh=100_000, output=100_000, cache_read=0, cache_write=0)

    assert used.exhausted() == ""
