"""The command `work`: what it opens, one round of it, and how it ends."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from customer_escalation import settings
from customer_escalation.casebook import Casebook
from customer_escalation.casebook.reminders import waiting
from customer_escalation.cli import main
from customer_escalation.working import running
from customer_escalation.working.worker import present
from tests.casebook.cases import opened

LONG_AGO = datetime(2020, 1, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of the company Northwind; cases are kept beside it."""
    monkeypatch.setenv("CUSTOMER_ESCALATION_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CUSTOMER_ESCALATION_DATABASE", raising=False)
    made = tmp_path / "northwind"
    made.mkdir()
    (made / "workspace.yaml").write_text("company: Northwind\n", encoding="utf-8")
    return made


def a_case_is_due() -> str:
    """A critical case that nobody followed up."""
    casebook = Casebook(settings.casebook_url())
    case_id = opened(casebook, at=LONG_AGO)
    casebook.close()
    return case_id


def test_one_round_writes_the_reminders_into_the_folder_and_to_the_terminal(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    case_id = a_case_is_due()

    assert main(["work", "--once", "--workspace", str(folder)]) == 0
    out, said = capfd.readouterr()
    assert main(["work", "--once", "--workspace", str(folder)]) == 0

    files = list((settings.data_folder() / "reminders").glob(f"*_{case_id}_*.txt"))
    assert len(files) == 2  # of the internal clock and of the customer's
    assert f"{case_id} (critical): internal follow-up: every 2 hours" in out
    assert f"customer-escalation: {case_id}: reminded of internal" in said
    assert "reminded" not in capfd.readouterr().err


def test_reminders_go_where_the_configuration_says(folder: Path) -> None:
    a_case_is_due()
    config = folder.parent / "escalation.yaml"
    config.write_text("workspace: northwind\nreminders: {folder: due}\n", encoding="utf-8")

    assert main(["work", "--once", "--config", str(config)]) == 0

    assert len(list((folder.parent / "due").iterdir())) == 2


def test_a_mistake_in_the_configuration_is_one_clear_line(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    config = folder.parent / "escalation.yaml"
    config.write_text("workspace: northwind\nreminders: {chat: '#due'}\n", encoding="utf-8")

    assert main(["work", "--once", "--config", str(config)]) == 2

    line = "escalation.yaml: reminders.chat: no chat that can be written to is connected\n"
    assert capfd.readouterr().err.endswith(line)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_what_was_due_is_done(folder: Path, name: signal.Signals) -> None:
    a_case_is_due()
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "reminded of internal" in line:
            os.kill(os.getpid(), name)

    running.run(folder, None, once=False, say=say, write=lambda _: None)

    casebook = Casebook(settings.casebook_url())
    assert "works on the cases of Northwind; Ctrl-C ends it" in said[0]
    assert waiting(casebook, LONG_AGO + timedelta(days=1)) == ()
    casebook.close()


def test_the_sample_companys_time_goes_on_from_the_day_of_its_story(folder: Path) -> None:
    sample = settings.open_setting(None)
    own = settings.open_setting(folder)

    assert sample.profile.sample_now is not None
    assert timedelta() <= running.clock_of(sample)() - sample.profile.sample_now < timedelta(minutes=1)
    assert running.clock_of(own) is present
    sample.close()
    own.close()
