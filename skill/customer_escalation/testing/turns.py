"""What the Messages API refuses in a conversation: who speaks when, which call is answered where."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from customer_escalation.testing.messages import Block, blocks

ONLY_ASSISTANT = ("tool_use", "thinking", "redacted_thinking")
ONLY_USER = ("tool_result",)


class Refused(Exception):  # noqa: N818 - caught where it is raised for, never shown as an error
    """The first rule that a request breaks; its text is the API's message."""


class _Turn(Struct):
    """All that one side says in a row, and the place of its first message."""

    number: int
    role: str
    content: list[Block] = field(default_factory=list[Block])

    def ids(self, kind: str, name: str) -> list[str]:
        return [block[name] for block in self.content if block["type"] == kind]


def check(messages: Sequence[Block]) -> None:
    """Raises Refused."""
    if messages[0]["role"] != "user":
        raise Refused('messages: first message must use the "user" role')
    if messages[-1]["role"] == "assistant":
        raise Refused(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )
    _unique(messages)
    waiting: list[str] = []
    for turn in _turns(messages):
        if turn.role == "user":
            _answered(turn, waiting)
        waiting = turn.ids("tool_use", "id")


def signature(thinking: str) -> str:
    """What the server signs thinking with."""
    return hashlib.sha256(thinking.encode("utf-8", "surrogatepass")).hexdigest()


def _unique(messages: Sequence[Block]) -> None:
    seen: set[str] = set()
    for number, message in enumerate(messages):
        for place, block in enumerate(blocks(message["content"])):
            if block["type"] == "tool_use" and block["id"] in seen:
                raise Refused(f"messages.{number}.content.{place}: `tool_use` ids must be unique")
            seen |= {block["id"]} if block["type"] == "tool_use" else set()


def _turns(messages: Sequence[Block]) -> Iterator[_Turn]:
    """Neighbours of one role are one turn; a system message between them is none."""
    turn = _Turn(0, "user")
    for number, message in enumerate(messages):
        content, role = blocks(message["content"]), message["role"]
        if not content:
            raise Refused(f"messages.{number}: {role} messages must have non-empty content")
        _fitting(number, role, content)
        if role == "system":
            continue
        if role != turn.role:
            yield turn
            turn = _Turn(number, role)
        turn.content += content
    yield turn


def _fitting(number: int, role: str, content: Sequence[Block]) -> None:
    foreign = ONLY_USER if role == "assistant" else ONLY_ASSISTANT if role == "user" else ONLY_USER + ONLY_ASSISTANT
    for place, block in enumerate(content):
        where = f"messages.{number}.content.{place}"
        if block["type"] in foreign:
            raise Refused(f"{where}: `{block['type']}` blocks cannot be in `{role}` messages")
        if block["type"] == "thinking" and block["signature"] != signature(block["thinking"]):
            raise Refused(f"{where}: Invalid `signature` in `thinking` block")


def _answered(turn: _Turn, waiting: Sequence[str]) -> None:
    """Every call is answered at once, by one result each, before anything else is said."""
    results = turn.ids("tool_result", "tool_use_id")
    if missing := [each for each in waiting if each not in results]:
        raise Refused(
            f"messages.{turn.number - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: "
            f"{', '.join(missing)}. Each `tool_use` block must have a corresponding `tool_result` block in the next "
            "message."
        )
    if unexpected := [each for each in results if each not in waiting]:
        raise Refused(
            f"messages.{turn.number}: unexpected `tool_use_id` found in `tool_result` blocks: {', '.join(unexpected)}. "
            "Each `tool_result` block must have a corresponding `tool_use` block in the previous message."
        )
    if len(results) != len(set(results)):
        raise Refused(f"messages.{turn.number}: each tool_use must have a single result")
    if any(block["type"] != "tool_result" for block in turn.content[: len(results)]):
        raise Refused(f"messages.{turn.number}: `tool_result` blocks must come first in the content")
