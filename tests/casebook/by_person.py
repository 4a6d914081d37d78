"""What Anna says of a case, recorded as the follow-up records it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from customer_escalation.casebook import Casebook
from customer_escalation.casebook.duties import by_hand
from customer_escalation.casebook.learnings import learning
from customer_escalation.policy import Policy
from tests.casebook.office import ANNA, NOW


def learn(
    casebook: Casebook, case_id: str, about: str, text: str, *, at: datetime = NOW, cites: Iterable[str] = ()
) -> None:
    """What was learned."""
    data = learning(about, text, cites, casebook.get(case_id).result.evidence)
    casebook.record(case_id, "learned", actor=ANNA, at=at, data=data)


def did(casebook: Casebook, case_id: str, duty: str, why: str, policy: Policy, place: str = "") -> None:
    """How a duty was done by hand."""
    data = by_hand(duty, why, policy, place)
    casebook.record(case_id, "noted", actor=ANNA, at=NOW, why=why, data=data)
