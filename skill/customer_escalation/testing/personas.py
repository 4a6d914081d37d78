"""Models that do what they are asked: submit good sentences, look things up first, mend what was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from customer_escalation.testing.messages import Answer, Block, Model, Request, call

SUBMIT = "submit_brief"
FIELDS = ("slot", "about", "choice", "text", "cites", "kind", "formula")  # a file of sentences may have more
Proposal = Mapping[str, Any]


def submission(sentences: Sequence[Proposal], dissent: Sequence[Proposal] = ()) -> Block:
    """A call of submit_brief with every field that its schema asks for."""
    proposed = {"sentences": [_whole(each) for each in sentences], "dissent": [_whole(each) for each in dissent]}
    return call(SUBMIT, proposed, number=99)


def well_behaved(
    sentences: Sequence[Proposal], dissent: Sequence[Proposal] = (), first: Sequence[tuple[str, Proposal]] = ()
) -> Model:
    """Makes the `first` calls at once, if there are any, then submits; gives up what is refused."""

    def answer(request: Request) -> Answer:
        if first and request.turns == 0:
            return Answer(tuple(call(name, dict(given), number) for number, (name, given) in enumerate(first, 1)))
        if request.last_results and any(result.get("is_error") for result in request.last_results):
            return Answer((submission([]),))
        return Answer((submission(sentences, dissent),))

    return answer


def improving(attempts: Sequence[Sequence[Proposal]]) -> Model:
    """Submits the first attempt, then the next each time something was refused."""

    def answer(request: Request) -> Answer:
        return Answer((submission(attempts[min(request.turns, len(attempts) - 1)]),))

    return answer


def after(faults: Sequence[Answer], model: Model) -> Model:
    """The model, once these answers were given: `after([Answer(status=429)], model)` is a limit that passes."""
    return lambda request: faults[request.number - 1] if request.number <= len(faults) else model(request)


def _whole(proposal: Proposal) -> dict[str, Any]:
    missing: dict[str, Any] = {"kind": "observed", "formula": "", "cites": []}
    given = {name: value for name, value in proposal.items() if name in FIELDS and value is not None}
    return {**missing, **given}
