"""Each command explains itself, and its words are those of the follow-through."""

from __future__ import annotations

import re

import pytest

from customer_escalation.casebook.state import STATUSES
from customer_escalation.cli import main
from customer_escalation.commands import COMMANDS, reading
from customer_escalation.follow_up import updating


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_its_help_with_the_options_that_go_with_all(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0

    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: customer-escalation {command} ")
    assert "--config FILE" in shown
    assert ("--workspace DIR" in shown) is (command != "connect")


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    shown = capsys.readouterr().out
    assert [name for name in COMMANDS if not re.search(rf"^    {name}\b", shown, re.M)] == []


def test_the_help_of_update_names_each_thing_that_can_happen(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["update", "--help"]) == 0

    below = capsys.readouterr().out.partition("what happened, one of")[2]
    assert set(updating.WHATS) - set(re.findall(r"\w+", below)) == set()


def test_the_statuses_to_list_are_those_of_cases() -> None:
    assert ("live", "all", *STATUSES) == reading.STATUSES
