"""Where reminders go, as the configuration's `reminders:` says; a person wrote it, which is their standing yes.

    reminders:
      chat: "#support-follow-up"        # a channel of the connected chat
      lead: "#support-leads"            # who hears when nobody reacts; by default the same channel
      teams: {billing: "#billing"}      # channels for the cases of some teams
      through: slack                    # which chat, where several are connected
      folder: reminders                 # files instead, or as well

Without a chat they are files in the folder for user data and lines in the worker's terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from customer_escalation.casebook.channels import ChatChannel, FolderChannel, TerminalChannel
from customer_escalation.casebook.reminders import Channel
from escalation_connectors import outgoing
from escalation_connectors.options import Fields
from escalation_connectors.vendor import Setup

KEYS = ("chat", "lead", "teams", "through", "folder")
NAME = "reminders"


def channels_of(
    fields: Fields, setups: tuple[Setup, ...], data: Path, base: Path, write: Callable[[str], None]
) -> tuple[Channel, ...]:
    """The channels; `base` is what a folder's name is relative to, `write` the terminal. Raises InputError."""
    fields.only(*KEYS)
    chat, folder = fields.text("chat"), fields.text("folder")
    for key in ("lead", "teams", "through"):
        if fields.values.get(key) and not chat:
            raise fields.wrong(key, "needs `chat`, the channel for everything else")
    found: list[Channel] = [_chat(fields, chat, setups)] if chat else []
    if folder or not chat:
        found.append(FolderChannel(base / Path(folder).expanduser() if folder else data / NAME))
    return (*found,) if chat else (*found, TerminalChannel(write))


def _chat(fields: Fields, chat: str, setups: tuple[Setup, ...]) -> ChatChannel:
    through = fields.text("through")
    able = outgoing.writable(setups, "chat")
    named = [setup for setup in able if through in ("", setup.name)]
    if not named:
        key, which = ("through", f" as {through[:40]!r}") if through else ("chat", "")
        raise fields.wrong(key, f"no chat that can be written to is connected{which}")
    if len(named) > 1:
        raise fields.wrong("through", f"name one of {', '.join(setup.name for setup in named)}")
    teams = fields.fields("teams")
    posts = {team: teams.text(team) for team in teams.values}
    for team, channel in posts.items():
        if not channel:
            raise teams.wrong(team, "names no channel")
    [setup] = named
    reads = partial(setup.vendor.read, setup)
    return ChatChannel(outgoing.chat(setup), chat, fields.text("lead"), setup.vendor.once, posts, reads)
