"""The command lines that a tool gives to a person, where a client shows no form, do what they say."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from customer_escalation import resources
from customer_escalation.follow_up import by_hand
from customer_escalation.server.desk import desk_of
from tests.commands.conftest import ISSUE, Run, Said, waiting, written


def words(line: str) -> list[str]:
    """What a shell makes of the line, without the program's name."""
    program, *rest = shlex.split(line)
    assert program == "customer-escalation"
    return rest


def test_each_line_is_understood(run: Run, kept: Said, home: Path) -> None:
    post = waiting(run)

    assert run(*words(by_hand.approve(post["id"])), person="yes\n").status == 0
    assert len(written(home)) == 1
    promised = by_hand.update(
        "case-1", "promised", customer="Acme Corp", due="2026-11-20T12:00+01:00", why="a date; --yes $(id)"
    )
    assert run(*words(promised)).out.startswith(
        "case-1: Acme Corp was promised something for Fri 20 Nov 2026, 12:00 CET\nWhy: a date; --yes $(id)"
    )
    down = by_hand.de_escalate("case-1", "workaround", "batching works", ["T-51842", "I-ORD-3310"])
    assert run(*words(down)).status == 0
    assert run(*words(by_hand.close("case-1", "the customer left"))).out.startswith("case-1 is closed")


def test_the_line_means_the_workspace_of_the_server(run: Run, tmp_path: Path) -> None:
    company = tmp_path / "our company"
    shutil.copytree(resources.SAMPLE, company)
    (tmp_path / "c.yaml").write_text("", encoding="utf-8")
    options = desk_of(company, tmp_path / "c.yaml").options
    run("escalate", ISSUE, "--keep", "--workspace", str(company))

    said = run(*words(f"{by_hand.update('case-1', 'acknowledged')}{options}"))

    assert options == f" --workspace='{company}' --config={tmp_path / 'c.yaml'}"
    assert said.out.startswith("case-1 is acknowledged")
    assert run(*words(by_hand.update("case-1", "in_progress"))).status == 2
    assert desk_of(None, None).options == ""
