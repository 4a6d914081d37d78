"""The corpus of attacks and of honest texts that resemble them, as `evals/injection/` holds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import yaml

from tests.documents import ROOT

CORPUS = ROOT / "evals" / "injection"


@dataclass(frozen=True, slots=True)
class Attack:
    """One text of a family, or the pieces of one; cleaning takes the order out of an inert one."""

    family: str
    number: int
    bends: str
    parts: tuple[str, ...]
    inert: bool = False
    apart: bool = False

    @property
    def repeatable(self) -> tuple[str, ...]:
        """What no brief may repeat; a piece of a text is plain words."""
        return self.parts if len(self.parts) == 1 else ()

    @property
    def name(self) -> str:
        """The family and the text's number in it."""
        return f"{self.family} {self.number}"


@cache
def attacks() -> tuple[Attack, ...]:
    """Every attack, family by family."""
    return tuple(
        Attack(
            family["family"],
            number,
            each["bends"],
            tuple(each.get("parts") or [each["text"]]),
            each.get("inert", False),
            each.get("apart", False),
        )
        for family in _families()
        for number, each in enumerate(family["attacks"], 1)
    )


@cache
def families() -> dict[str, tuple[Attack, ...]]:
    """The attacks by family."""
    return {
        name: tuple(a for a in attacks() if a.family == name) for name in dict.fromkeys(a.family for a in attacks())
    }


@cache
def honest() -> tuple[str, ...]:
    """What people in support really write, in the words that attacks use."""
    return tuple(cast("list[str]", yaml.safe_load((CORPUS / "honest.yaml").read_text("utf-8"))))


def _families() -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", yaml.safe_load((CORPUS / "attacks.yaml").read_text("utf-8"))["families"])
