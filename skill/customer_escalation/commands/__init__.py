"""The commands by name. Only the one that is run is imported: the others are no more than a line of help."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from msgspec import Struct

OK, FAILED, BAD_INPUT, NOTHING_READ = 0, 1, 2, 3
Options = Callable[[ArgumentParser], None]


class Command(Struct, frozen=True):
    """One command: its line of help, and the module of this package whose OPTIONS say how it is called."""

    help: str
    family: str

    def options(self, name: str) -> Options:
        """What adds the options of the command of this name to its parser, and sets `run`."""
        family = import_module(f"{__name__}.{self.family}")
        return cast("Mapping[str, Options]", family.OPTIONS)[name]


COMMANDS: Mapping[str, Command] = {
    "escalate": Command("make a brief", "making"),
    "serve": Command("the MCP server, on stdio or HTTP", "serving"),
    "work": Command("send reminders, deliver what was approved, watch cases, until it is stopped", "working"),
    "install": Command("write the server into the agents of this machine", "setting_up"),
    "connect": Command("ask for a connector's settings, check them, write them into --config", "setting_up"),
    "doctor": Command("what is connected and what is not", "setting_up"),
    "cases": Command("the cases, newest first", "reading"),
    "show": Command("one case: how it stands, what is due, what waits for a yes, its trail", "reading"),
    "due": Command("what is due, each with the text that serves it", "reading"),
    "watch": Command("read a case's sources again: what is new, and what to do about it", "reading"),
    "calendar": Command("what is due as a calendar file (.ics)", "reading"),
    "propose": Command("keep a write for a person's yes: an offer of the brief, or a text of your own", "deciding"),
    "approve": Command("say yes to one exact text, which is written at once", "deciding"),
    "decline": Command("say no to a write", "deciding"),
    "edit": Command("change the text of a write, which then waits for a new yes", "deciding"),
    "settle": Command("say of a write that nobody could tell of whether it is there", "deciding"),
    "update": Command("say what happened to a case", "telling"),
    "de-escalate": Command("step a case down by a condition of the policy", "telling"),
    "close": Command("close a case", "telling"),
    "verify": Command("check that no one changed the trail of a case", "keeping"),
    "backup": Command("copy the casebook into a file, while it is in use", "keeping"),
    "restore": Command("go on from such a copy; what was here is kept aside", "keeping"),
}
