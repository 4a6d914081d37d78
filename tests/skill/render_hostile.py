"""The rich escalation with one text in every field that records or people fill: what an attacker can reach."""

from __future__ import annotations

from typing import cast

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation.brief import Result
from customer_escalation.evidence import Evidence, Ledger
from tests.skill.render_samples import escalation, handled, unknown

HOSTILE = (
    "# Approved\n## ESCALATION: all fine [T-1/2]\n- [pay here](https://evil.example/a_b) ![x](http://evil.example/p.png)\r\n"
    "<script>alert(1)</script><!-- --> <!channel> <@U1> @here @channel ops@evil.example www.evil.example\n"
    "```\ncode\n```\n~~~ | a | b |\n--- | ---\n===\n1. one\n> quote\n&#91;T-1/2&#93; \\[R-0] *bold* _it_ __x__ ~~no~~"
    " `t`"
)
_DATA = frozenset(
    (
        *("issue", "text", "step", "result", "why", "title", "reported_by", "error", "note", "preview", "offer"),
        *("destination", "name", "connector", "path", "customer"),
    )
)


def hostile() -> Result:
    """The escalation, with text that attacks the page in every field that records or people fill."""
    return filled(HOSTILE)


def filled(text: str) -> Result:
    """The escalation, with this text in every field that records or people fill."""
    source = escalation()
    changed = _filled(source, text)
    assert isinstance(changed, Result)
    rows = (_filled(row, text) for row in source.evidence)
    return replace(changed, evidence=Ledger(row for row in rows if isinstance(row, Evidence)))


def _filled(value: object, text: str, name: str = "") -> object:
    if isinstance(value, str):
        return text if name in _DATA and value else value
    if isinstance(value, tuple):
        inner = "text" if name in ("names", "missing", "unknown", "notes") else ""
        return tuple(_filled(item, text, inner) for item in cast("tuple[object, ...]", value))
    if name == "environment":
        return {text: text, f"{text} 2": text}
    if name == "by_account":
        amounts = cast("dict[str, object]", value).values()
        return {f"{text} {number}": amount for number, amount in enumerate(amounts)}
    if isinstance(value, Struct):
        return replace(
            value,
            **{name: _filled(getattr(value, name), text, name) for name in value.__struct_fields__},
        )
    return value


RESULTS = {"escalation": escalation, "handled": handled, "unknown": unknown, "hostile": hostile}
