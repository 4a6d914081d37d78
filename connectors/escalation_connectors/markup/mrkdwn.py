"""Slack's mark-up as plain text, and plain text so that Slack shows it as it is.

What stands in angle brackets is Slack's own (a person, a channel, a link); real angle brackets come escaped.
https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re

SPECIAL = re.compile(r"<([^<>\n]+)>")
UNESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def text_of(message: str) -> str:
    """The text as a person reads it."""
    parts = SPECIAL.split(message)
    return "".join(_special(part) if number % 2 else _plain(part) for number, part in enumerate(parts))


def _special(inside: str) -> str:
    what, _, label = inside.partition("|")
    shown = _plain(label)
    match what[:1]:
        case "@":
            return "@" + (shown.removeprefix("@") or what[1:])
        case "#":
            return "#" + (shown or what[1:])
        case "!":
            return shown or "@" + what[1:].partition("^")[0]
        case _:
            address = _plain(what)
            return (
                f"{shown} ({address})"
                if shown and shown != address.removeprefix("mailto:")
                else address.removeprefix("mailto:")
            )


def _plain(text: str) -> str:
    for escaped, character in UNESCAPED:
        text = text.replace(escaped, character)
    return text


def escaped(text: str) -> str:
    """Text that mentions nobody and links nowhere by itself, whatever it holds."""
    for shown, character in reversed(UNESCAPED):
        text = text.replace(character, shown)
    return text
