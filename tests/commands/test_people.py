"""Who somebody is decides which cases they see and what they may say yes to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from customer_escalation import resources
from tests.commands.conftest import ISSUE, Run, Said

PEOPLE = """\
people:
  anna: {teams: [red], approves: true}
  cleo: {teams: [red]}
  bo: {teams: [blue], approves: true}
"""


@pytest.fixture
def options(tmp_path: Path) -> tuple[str, ...]:
    """A workspace of one's own, with people."""
    shutil.copytree(resources.SAMPLE, tmp_path / "company")
    (tmp_path / "c.yaml").write_text(PEOPLE, encoding="utf-8")
    return ("--workspace", str(tmp_path / "company"), "--config", str(tmp_path / "c.yaml"))


@pytest.fixture
def case(run: Run, options: tuple[str, ...]) -> Said:
    """A case of anna's team."""
    return run("escalate", ISSUE, "--keep", "--as", "anna", *options)


def test_another_team_does_not_see_the_case(run: Run, options: tuple[str, ...], case: Said) -> None:
    assert case.status == 0
    assert run("cases", "--as", "cleo", "--json", *options).json["cases"][0]["team"] == "red"

    for nosy in ("bo", "stranger"):
        assert run("cases", "--as", nosy, "--json", *options).json["cases"] == []
        said = run("show", "case-1", "--as", nosy, *options)
        assert said == Said(2, "", "customer-escalation: CASE: no case 'case-1' in the casebook; `cases` lists them\n")


def test_who_may_not_approve_is_told_and_nothing_is_written(
    run: Run, options: tuple[str, ...], case: Said, tmp_path: Path
) -> None:
    post = run("show", "case-1", "--as", "cleo", "--json", *options).json["pending"][0]

    said = run("approve", post["id"], "--as", "cleo", *options, person="yes\n")

    assert (said.status, said.out) == (1, "")
    assert said.err.startswith("customer-escalation: cleo may not approve; ")
    assert not (tmp_path / "company" / "outbox").exists()

    assert run("approve", post["id"], "--as", "anna", *options, person="yes\n").status == 0
    assert 'approved_by: "person:anna"' in next((tmp_path / "company" / "outbox").glob("*.md")).read_text("utf-8")


def test_the_cases_of_a_workspace_and_of_the_sample_company_stand_apart(
    run: Run, options: tuple[str, ...], case: Said, kept: Said
) -> None:
    assert [each["case_id"] for each in run("cases", "--json").json["cases"]] == ["case-2"]
    own = run("cases", "--as", "anna", *options)
    assert own.out.splitlines()[1].startswith("case-1 ")
    assert "sample company" not in own.out
