"""The command line as a person uses it: on the sample company, with a casebook in a folder of the test."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from msgspec import Struct

from customer_escalation.cli import main

ISSUE = "API returning 500 errors intermittently for Acme Corp"


class Said(Struct, frozen=True):
    """What a command said, and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The answer of --json."""
        return cast("dict[str, Any]", json.loads(self.out))


Run = Callable[..., Said]


class Typed(io.TextIOWrapper):
    """A standard input, in a terminal or not."""

    def __init__(self, text: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(text.encode()), encoding="utf-8")
        self._terminal = terminal

    def isatty(self) -> bool:
        """Whether a person sits there."""
        return self._terminal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the cases of this machine are."""
    return tmp_path / "home" / "data"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command; `person` types this in a terminal, `typed` comes from a pipe."""

    def command(*argv: str, person: str | None = None, typed: str = "") -> Said:
        given = Typed(typed if person is None else person, terminal=person is not None)
        monkeypatch.setattr(sys, "stdin", given)
        status = main(argv)
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return command


@pytest.fixture
def kept(run: Run) -> Said:
    """The brief of the sample company, kept as case-1 by anna."""
    return run("escalate", ISSUE, "--customer", "Acme Corp", "--keep", "--as", "anna")


def waiting(run: Run, kind: str = "post_to_chat", case_id: str = "case-1") -> Mapping[str, Any]:
    """The first write of this kind that waits for a yes."""
    pending = run("show", case_id, "--whole", "--json").json["pending"]
    return cast("Mapping[str, Any]", next(each for each in pending if each["kind"] == kind))


def written(home: Path) -> list[str]:
    """The files of the outbox."""
    return [file.read_text(encoding="utf-8") for file in sorted((home / "outbox").glob("*.md"))]
