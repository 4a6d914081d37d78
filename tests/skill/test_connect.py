"""`connect` asks, checks with one harmless read, and writes; `doctor` and `escalate` then read from it."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path

import pytest

from customer_escalation.cli import main
from customer_escalation.connect import connect

SQL = "SELECT id, name, domain, arr, currency FROM accounts"


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "warehouse.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE accounts (id, name, domain, arr, currency)")
        db.execute("INSERT INTO accounts VALUES ('A1', 'Acme Corp', 'acme.example', 210000, 'USD')")
    db.close()
    monkeypatch.setenv("WAREHOUSE", f"sqlite:///{path}")
    return path


def joined(config: Path, *more: str) -> int:
    settings = ("--set", "database=env:WAREHOUSE", "--set", f"accounts={SQL}")
    return main(["connect", "crm", "sql", "--config", str(config), *settings, *more])


def test_a_checked_source_is_written_and_then_read(
    tmp_path: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "escalation.yaml"

    assert joined(config) == 0
    assert capsys.readouterr().out == f"sql: connected, reads accounts, contacts and deals; written to {config}\n"
    assert config.read_text() == (
        f"connectors:\n  crm:\n    vendor: sql\n    database: env:WAREHOUSE\n    accounts: {SQL}\n"
    )  # fmt: skip

    assert main(["doctor", "--config", str(config)]) == 0
    told = capsys.readouterr().out
    assert "CRM               sql: connected, reads accounts, contacts and deals" in told
    assert told.count("not connected") == 4

    asked = ["Exports fail for Acme Corp", "--config", str(config), "--planner", "rules", "--format", "json"]
    assert main(["escalate", *asked]) == 0
    sources = json.loads(capsys.readouterr().out)["sources"]
    assert [(each["connector"], each["status"], each["records"]) for each in sources if each["category"] == "crm"] == [
        ("sql", "ok", 1)
    ]
    assert {each["status"] for each in sources if each["category"] != "crm"} == {"not_connected"}


def test_what_a_file_holds_stays(tmp_path: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "escalation.yaml"
    config.write_text("# ours\nmodel:\n  effort: low # cheap\nconnectors:\n  crm:\n    vendor: sql\n    name: old\n"
                      f"    database: env:WAREHOUSE\n    accounts: {SQL}\n")  # fmt: skip

    assert joined(config) == 0
    assert joined(config) == 0
    text = config.read_text()
    assert text.startswith("# ours\nmodel:\n  effort: low # cheap\n")
    assert text.count("vendor: sql") == 2
    capsys.readouterr()
    assert main(["doctor", "--config", str(config)]) == 0
    assert capsys.readouterr().out.count("connected, reads accounts") == 2


def test_what_cannot_be_read_is_not_written(
    tmp_path: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "escalation.yaml"

    assert joined(config, "--set", "accounts=SELECT * FROM nowhere") == 1
    assert "nothing was written" in capsys.readouterr().err
    assert not config.exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["mail", "sql"], "CATEGORY: unknown: mail; known are support_platform, crm"),
        (["crm", "nosuch"], "VENDOR: no such crm: nosuch; known are "),
        (["crm", "sql", "--set", "pasword=x"], "--set: must be KEY=VALUE with a KEY of database, accounts"),
        (["crm", "sql", "--set", "database"], "--set: must be KEY=VALUE"),
        (["crm", "sql", "--set", "database=postgresql://u:hunter2@h/d"], "must say where the secret is kept"),
    ],
)
def test_mistakes_are_one_line(
    tmp_path: Path, arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connect", *arguments, "--config", str(tmp_path / "c.yaml")]) == 2
    told = capsys.readouterr().err
    assert line in told
    assert told.count("\n") == 1
    assert "hunter2" not in told


def test_a_file_that_cannot_be_read_is_not_written_over(
    tmp_path: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("connectors: [\n")
    assert joined(config) == 2
    assert config.read_text() == "connectors: [\n"
    assert joined(tmp_path / "none" / "c.yaml") == 2
    assert "--config: No such file or directory" in capsys.readouterr().err


def test_a_person_is_asked_for_what_is_not_given(
    tmp_path: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"env:WAREHOUSE\n{SQL}\n\n\n"))

    said = connect("crm", "sql", ["name=warehouse", "allow_private=yes"], tmp_path / "c.yaml", asking=True)

    assert said.startswith("warehouse: connected")
    assert "where it is kept (env:NAME, file:PATH or keyring:SERVICE/NAME)" in capsys.readouterr().err
    assert "allow_private: true" in (tmp_path / "c.yaml").read_text()


@pytest.mark.parametrize("named", ["connectors:\n", "connectors: {}\n", "connectors:\n  crm: []\n"])
def test_a_configuration_that_names_no_source_never_gives_the_sample_company(
    named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "escalation.yaml"
    config.write_text(named)

    assert main(["escalate", "API down", "--config", str(config), "--planner", "rules"]) == 2
    assert "connectors: names no source" in capsys.readouterr().err


def test_a_source_is_added_where_nothing_stands_behind_the_name(
    tmp_path: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "escalation.yaml"
    config.write_text("connectors:\n")

    assert joined(config) == 0
    assert "vendor: sql" in config.read_text()


def test_a_file_that_is_no_yaml_is_left_as_it_is(
    tmp_path: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "escalation.yaml"
    config.write_text("connectors:\n  crm: {}\n  crm: {}\n")

    assert joined(config) == 2
    assert f"{config.name}:3: crm stands here twice" in capsys.readouterr().err
    assert config.read_text() == "connectors:\n  crm: {}\n  crm: {}\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("allow_private=maybe", "allow_private: must be true or false, not 'maybe'"),
        ("allow_private=ja", "allow_private: must be true or false, not 'ja'"),
    ],
)
def test_a_flag_that_is_neither_yes_nor_no_is_refused(
    tmp_path: Path, warehouse: Path, given: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert joined(tmp_path / "c.yaml", "--set", given) == 2
    assert said in capsys.readouterr().err


def test_a_part_of_a_mapping_without_a_name_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--set", "fields=tier=plan,arr", "--set", "token=env:T")
    assert main(["connect", "crm", "hubspot", "--config", str(tmp_path / "c.yaml"), *given]) == 2
    assert "fields: must be NAME=VALUE,NAME=VALUE: 'arr'" in capsys.readouterr().err


def test_every_statement_is_tried_before_it_is_written(
    tmp_path: Path, warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "SELECT id, nmae FROM people WHERE customer = :account"
    assert joined(tmp_path / "c.yaml", "--set", f"contacts={wrong}") == 1
    assert "did not accept the statement for contacts; mend contacts in the configuration" in capsys.readouterr().err
    assert not (tmp_path / "c.yaml").exists()


def test_a_link_to_the_file_stays_a_link(tmp_path: Path, warehouse: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "c.yaml"
    real.write_text("model:\n  effort: low\n")
    link.symlink_to(real)

    assert joined(link) == 0
    assert link.is_symlink()
    assert "vendor: sql" in real.read_text()


def test_a_doctor_that_can_read_nothing_says_so_to_scripts(
    tmp_path: Path, warehouse: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "c.yaml"
    assert joined(config) == 0
    monkeypatch.setenv("WAREHOUSE", f"sqlite:///{tmp_path}/none.sqlite3")

    assert main(["doctor", "--config", str(config)]) == 3
    assert "failed: there is no such SQLite file; check the path in database" in capsys.readouterr().out


def test_two_blocks_of_one_category_are_refused_with_their_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "c.yaml"
    block = "  knowledge_base:\n    vendor: markdown\n    folder: .\n"
    config.write_text(f"connectors:\n{block}{block}")

    assert main(["doctor", "--config", str(config)]) == 2
    assert "c.yaml:5: knowledge_base stands here twice, first in line 2" in capsys.readouterr().err
