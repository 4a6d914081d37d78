"""The judge over real HTTP with a scripted model: it informs, gates nothing, and is not needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from customer_escalation.testing import Answer, ModelServer, Request, call
from evals import judge
from evals.scorers import Outcome, Score
from tests.evals.test_scorers import GOLD, case
from tests.skill.drafts import draft

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model that finds the first sentence in every brief."""

    def finds_the_first(_: Request) -> Answer:
        return Answer((call("verdict", {"asserted": [1]}),))

    with ModelServer(finds_the_first) as served:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", served.url)
        yield served


async def judged(name: str, outcome: Outcome) -> Score | None:
    gold = replace(GOLD, forbidden=("It is lost.", "It is fixed."), insights=("It began on Monday.", "It grows."))
    given = judge.scorers()[name](case(gold), outcome)
    assert not isinstance(given, Score)
    assert given is not None
    return await given


async def test_the_judge_names_what_the_brief_asserts_and_gates_nothing(server: ModelServer) -> None:
    score = await judged("judge: restraint", Outcome(draft()))

    assert score == Score(None, 0.5, "It is lost.")
    assert "Our nightly exports are empty since Monday." in server.sent[0]


async def test_the_judge_counts_the_insights_that_the_brief_holds(server: ModelServer) -> None:
    assert await judged("judge: insights", Outcome(draft())) == Score(None, 0.5, "It grows.")


async def test_a_judge_that_fails_has_no_figure_and_gates_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with ModelServer(lambda request: Answer(status=418)) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        score = await judged("judge: restraint", Outcome(draft()))

    assert score is None
    assert capsys.readouterr().err == f"--judge: hand-made: {server.url} refused the request (HTTP 418)\n"


async def test_a_case_without_sentences_asks_nothing(server: ModelServer) -> None:
    given = judge.scorers()["judge: insights"](case(), Outcome(draft()))

    assert not isinstance(given, Score)
    assert given is not None
    assert await given is None
    assert server.requests == []
