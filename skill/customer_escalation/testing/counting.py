"""Tokens, roughly, and a prefix cache that reads and writes where the real one would."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast

from customer_escalation.testing.messages import Answer, Block, Usage, blocks

LOOKBACK = 20
LEAST = 1024


def tokens_of(value: object) -> int:
    """About as many tokens as a JSON value has, four characters each."""
    return (len(json.dumps(value)) + 3) // 4


def asked_for(body: Mapping[str, Any]) -> int:
    """Tokens of a request's tools, system text and conversation."""
    return sum(tokens for _, tokens, _ in _blocks(body))


class PrefixCache:
    """Prefixes seen so far. Nothing expires; a prefix of fewer than `least` tokens is not kept."""

    def __init__(self, least: int = LEAST) -> None:
        self._least = least
        self._kept: set[str] = set()

    def usage(self, body: Mapping[str, Any], answer: Answer) -> Usage:
        """What this request reads from the cache, adds to it and pays in full."""
        ends: list[tuple[str, int]] = []
        marked: list[int] = []
        digest, total = hashlib.sha256(), 0
        for number, (text, tokens, is_marked) in enumerate(_blocks(body)):
            digest.update(text.encode("utf-8", "surrogatepass"))
            total += tokens
            ends.append((digest.hexdigest(), total))
            marked += [number] if is_marked else []
        read = max((self._read(ends, place) for place in marked), default=0)
        written = max((ends[place][1] for place in marked if ends[place][1] >= self._least), default=0)
        self._kept |= {ends[place][0] for place in marked if ends[place][1] >= self._least}
        return Usage(total - max(read, written), said(answer), read, max(written - read, 0))

    def _read(self, ends: list[tuple[str, int]], place: int) -> int:
        """The longest kept prefix that ends at this breakpoint or a few blocks before."""
        near = range(place, max(place - LOOKBACK, -1), -1)
        return next((ends[each][1] for each in near if ends[each][0] in self._kept), 0)


def said(answer: Answer) -> int:
    """Tokens of an answer."""
    texts = [answer.raw_input or json.dumps(block) for block in answer.content]
    return max(sum(map(len, texts)) // 4, 1)


def _blocks(body: Mapping[str, Any]) -> list[tuple[str, int, bool]]:
    """Text, tokens and whether a breakpoint stands there, in the order of the cache: tools, system, conversation.

    The model heads everything; what changes how a conversation is read (choice of tools, thinking) heads each turn.
    """
    found = [_block("", tool) for tool in cast("list[Block]", body.get("tools") or [])]
    found += [_block("system", block) for block in blocks(body.get("system") or [])]
    settings = json.dumps([body.get("tool_choice"), body.get("thinking"), body.get("output_config")])
    for message in cast("list[Block]", body["messages"]):
        found += [_block(settings + message["role"], block) for block in blocks(message["content"])]
    text, tokens, marked = found[0]
    found[0] = (body["model"] + text, tokens, marked)
    if body.get("cache_control"):
        found[-1] = (*found[-1][:2], True)
    return found


def _block(before: str, block: Block) -> tuple[str, int, bool]:
    inner = block.get("content")
    inside = any(each.get("cache_control") for each in cast("list[Block]", inner)) if isinstance(inner, list) else False
    plain = _unmarked(block)
    return before + json.dumps(plain), tokens_of(plain), bool(block.get("cache_control")) or inside


def _unmarked(value: object) -> object:
    if isinstance(value, list):
        return [_unmarked(each) for each in cast("list[object]", value)]
    if isinstance(value, dict):
        return {name: _unmarked(each) for name, each in cast("Block", value).items() if name != "cache_control"}
    return value
