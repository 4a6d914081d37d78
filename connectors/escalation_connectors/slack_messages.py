"""Messages of Slack, as its answers have them: in a thread, as a bot finds them, as a person finds them."""

from __future__ import annotations

from escalation_connectors.markup.mrkdwn import text_of
from escalation_connectors.records import Message, Person
from escalation_connectors.row import Row
from escalation_connectors.words import parameter


def in_thread(row: Row, channel: str, workspace: str) -> Message:
    """A message of a channel or a thread."""
    user, thread, profile = row.text("user") or row.text("bot_id"), row.text("thread_ts"), row.row("user_profile")
    shown = profile.text("display_name") or profile.text("real_name") or row.text("bot_profile", "name")
    author = _person(shown or row.text("username"), user, robot=bool(row.text("bot_id")))
    text = row.text("text") or "\n".join(each.text("fallback") for each in row.rows("attachments"))
    return _message(row, "ts", channel, text, author, address(workspace, channel, row.must("ts"), thread))


def as_bot(row: Row) -> Message:
    """A message as a bot finds it."""
    author = _person(row.text("author_name"), row.text("author_user_id"), robot=row.flag("is_author_bot") is True)
    return _message(row, "message_ts", row.must("channel_id"), row.text("content"), author, row.text("permalink"))


def as_person(row: Row) -> Message:
    """A message as a person finds it; what has no user was written by an app."""
    author = _person(row.text("username"), row.text("user"), robot=not row.text("user"))
    return _message(row, "ts", row.must("channel", "id"), row.text("text"), author, row.text("permalink"))


def _person(name: str, number: str, *, robot: bool) -> Person:
    return Person(name or number, "system" if robot else "", "", number)


def _message(row: Row, number: str, channel: str, text: str, author: Person, url: str) -> Message:
    """Of what a search finds, the address alone says that it is a reply."""
    thread = row.text("thread_ts") or parameter(url, "thread_ts")
    at, said = row.when(number), text_of(text)
    return Message(id=row.must(number), channel=channel, at=at, text=said, thread=thread, author=author, url=url)


def address(workspace: str, channel: str, number: str, thread: str) -> str:
    """Where a message is to be seen; nothing where the configuration does not name the workspace."""
    place = f"{workspace.rstrip('/')}/archives/{channel}/p{number.replace('.', '')}" if workspace and number else ""
    return f"{place}?thread_ts={thread}&cid={channel}" if place and thread not in {"", number} else place
