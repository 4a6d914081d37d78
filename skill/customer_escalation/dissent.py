"""A model's argument for another decision, severity or target: read, checked, and shown beside the policy's choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast, get_args

from customer_escalation.brief import Decision, Dissent, Result, Severity, Statement, Target
from customer_escalation.sentences import Unreadable, read_sentence

About = Literal["decision", "severity", "target"]
CHOICES: Mapping[str, tuple[str, ...]] = {
    "decision": get_args(Decision),
    "severity": get_args(Severity),
    "target": get_args(Target),
}
FIELDS = ("about", "choice", "text", "cites", "kind", "formula")


def read_dissent(item: object, result: Result) -> Dissent:
    """One proposal as a dissent from what the policy chose. Raises Unreadable with the reason."""
    if not isinstance(item, Mapping):
        raise Unreadable(f"not an object with {', '.join(FIELDS)}")
    given = cast("Mapping[str, object]", item)
    about, choice = given.get("about"), given.get("choice")
    if not isinstance(about, str) or about not in CHOICES:
        raise Unreadable(f"about: must be one of {', '.join(CHOICES)}")
    if not isinstance(choice, str) or choice not in CHOICES[about]:
        raise Unreadable(f"choice: for {about} it must be one of {', '.join(CHOICES[about])}")
    if choice == getattr(result, about):
        raise Unreadable(f"the policy chose {choice} already")
    rest = {name: value for name, value in given.items() if name not in ("about", "choice")}
    sentence = read_sentence({"slot": "insights", **rest})
    reason = Statement(sentence.text, sentence.cites, sentence.kind, sentence.formula)
    return Dissent(cast("About", about), choice, reason)
