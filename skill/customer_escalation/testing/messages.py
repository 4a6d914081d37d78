"""What a scripted model is asked and what it answers: requests as they came, answers with every fault of a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from msgspec import Struct

Block = dict[str, Any]
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Request(Struct, frozen=True):
    """One valid POST to /v1/messages: its body, its headers, and its number on this server, from 1."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]
    number: int

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The turns so far."""
        return cast("list[dict[str, Any]]", self.body["messages"])

    @property
    def tools(self) -> list[str]:
        """The names of the offered tools."""
        return [str(tool["name"]) for tool in self.body.get("tools", [])]

    @property
    def system(self) -> str:
        """The system text, that from the middle of the conversation included."""
        inside = [message["content"] for message in self.messages if message["role"] == "system"]
        return "\n".join(filter(None, _texts([self.body.get("system"), *inside])))

    @property
    def text(self) -> str:
        """All texts of the user's turns: documents, search results and answers of tools included."""
        return "\n".join(_texts([message["content"] for message in self.messages if message["role"] == "user"]))

    @property
    def last_results(self) -> list[Block]:
        """The answers to the calls of the turn before."""
        return [block for block in blocks(self.messages[-1]["content"]) if block["type"] == "tool_result"]

    @property
    def turns(self) -> int:
        """How often this model has answered in this conversation."""
        return sum(message["role"] == "assistant" for message in self.messages)


class Usage(Struct, frozen=True):
    """Tokens as the API bills them; `input` is what neither came from the cache nor went there."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_creation: int = 0


class Answer(Struct, frozen=True):
    """What the model says, or what goes wrong instead.

    `stop_reason` is made from the content where it is empty, and missing where it is None; `raw_input` is sent as the
    input of every call, also where it is no JSON; `usage` is counted where it is None. A `status` other than 200 or a
    `body` answers plainly: with the body, or with an error of the API's shape. After `cut_after` events the connection
    breaks, or stays open and silent where it `stalls`; `error` is the type of an error event that ends the stream
    halfway. `delay_s` passes before the first byte.
    """

    content: tuple[Block, ...] = ()
    stop_reason: str | None = ""
    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = NO_HEADERS
    cut_after: int | None = None
    stalls: bool = False
    error: str = ""
    raw_input: str | None = None
    usage: Usage | None = None
    delay_s: float = 0.0

    @property
    def reason(self) -> str | None:
        """Why it stopped: as given, else by what it says."""
        calls = any(block["type"] == "tool_use" for block in self.content)
        return ("tool_use" if calls else "end_turn") if self.stop_reason == "" else self.stop_reason


Model = Callable[[Request], Answer]


def talk(text: str) -> Block:
    """A text block."""
    return {"type": "text", "text": text}


def think(text: str) -> Block:
    """A thinking block, which the server signs."""
    return {"type": "thinking", "thinking": text}


def call(name: str, arguments: object, number: int = 1) -> Block:
    """A call of a tool; the number tells the calls of one answer apart."""
    return {"type": "tool_use", "id": f"toolu_{number:02}", "name": name, "input": arguments}


def blocks(content: object) -> list[Block]:
    """Content as blocks; a text is one."""
    return [talk(content)] if isinstance(content, str) else cast("list[Block]", content)


def _texts(value: object) -> Iterator[str]:
    """Everything readable in content, a block or a list of them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _texts(item)
    elif isinstance(value, dict):
        block = cast("Block", value)
        for name in ("title", "text", "context", "content", "data"):
            yield from _texts(block.get(name))
        if block.get("type") in ("document", "search_result"):
            yield from _texts(block.get("source"))
