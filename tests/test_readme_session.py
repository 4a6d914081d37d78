"""The session of the README is run as a newcomer would: in an empty home, at a terminal, the answers typed."""

from __future__ import annotations

import hashlib
import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import ROOT, blocks, text_of

RUN = "import sys; from customer_escalation.cli import main; sys.exit(main())"
PROMPT = "Type yes to write exactly this, anything else to leave it: "
NOTE = "This is the bundled sample company"
SHOWN = {"escalate": (3, 2), "approve": (4, 3), "due": (4, 0), "update": (7, 0), "de-escalate": (2, 0), "close": (9, 0)}
"""How many lines of an output stand in the README, from its head and its end."""


def names(output: str, known: dict[str, str]) -> str:
    """The output with names of proposals that are the same in every run, and the folder a newcomer has."""
    for found in re.findall(r"\b([0-9a-f]{8})(?:[0-9a-f]{24})?\b", output):
        known.setdefault(found, hashlib.sha256(str(len(known)).encode()).hexdigest()[:8])
    for real, shown in known.items():
        output = re.sub(rf"\b{real}([0-9a-f]{{24}})?\b", shown, output)
    return output


def at_a_terminal(words: list[str], home: Path) -> str:
    """What the command says, whose questions are answered with yes."""
    ours, theirs = pty.openpty()
    os.write(ours, b"yes\n")
    environment = {**os.environ, "CUSTOMER_ESCALATION_HOME": str(home), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, encoding="utf-8", check=False, cwd=home, env=environment, timeout=60,
    )  # fmt: skip
    os.close(ours)
    os.close(theirs)
    return done.stdout.replace(str(home / "data"), "~/.local/share/customer-escalation").replace(
        PROMPT, f"{PROMPT}yes\n"
    )


def excerpt(command: str, output: str) -> str:
    """The lines that stand in the README; [...] stands for the rest."""
    lines = [line for line in output.strip().splitlines() if not line.startswith(NOTE)]
    while lines and not lines[-1]:
        lines.pop()
    head, end = SHOWN[command]
    if len(lines) <= head + end:
        return "\n".join(lines)
    return "\n".join(["\n".join(lines[:head]).rstrip(), "[...]", *lines[len(lines) - end :]])


def played(session: str, home: Path) -> str:
    """The commands of a session with what they say now."""
    known: dict[str, str] = {}
    said: list[str] = []
    for line in re.findall(r"^\$ customer-escalation (.+)$", session, re.MULTILINE):
        real = {shown: real for real, shown in known.items()}
        words = [real.get(word, word) for word in shlex.split(line)]
        said += [f"$ customer-escalation {line}", excerpt(words[0], names(at_a_terminal(words, home), known))]
    return "\n".join(said) + "\n"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminal to answer at")
def test_the_session_in_the_readme_is_the_real_one(tmp_path: Path) -> None:
    readme = text_of("README.md")
    [session] = blocks(readme, "console")

    real = played(session, tmp_path)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        (ROOT / "README.md").write_text(readme.replace(session, real, 1), encoding="utf-8")
        session = real

    assert session == real
    assert len(list(tmp_path.rglob("outbox/*.md"))) == 1
