"""The simulated prefix cache reads and writes where the real one would, so that a test can see a broken prefix."""

from __future__ import annotations

from typing import Any

from customer_escalation.testing.counting import LOOKBACK, PrefixCache
from customer_escalation.testing.messages import Answer, Usage

MARK = {"type": "ephemeral"}
TOOLS = [{"name": "find", "description": "d" * 8000, "input_schema": {"type": "object"}, "cache_control": MARK}]


def asked(*turns: str, **more: Any) -> dict[str, Any]:
    messages = [
        {"role": ("user", "assistant")[n % 2], "content": [{"type": "text", "text": t}]} for n, t in enumerate(turns)
    ]
    return {"model": "m", "max_tokens": 10, "tools": TOOLS, "messages": messages, **more}


def usages(*bodies: dict[str, Any], least: int = 1024) -> list[Usage]:
    cache = PrefixCache(least)
    return [cache.usage(body, Answer()) for body in bodies]


def whole(usage: Usage) -> int:
    return usage.input + usage.cache_read + usage.cache_creation


def test_what_was_marked_once_is_read_the_next_time() -> None:
    first, second = usages(asked("Hello"), asked("Good evening"))

    assert (first.cache_read, first.cache_creation > 2000) == (0, True)
    assert (second.cache_read, second.cache_creation) == (first.cache_creation, 0)
    assert second.input < 50


def test_the_mark_itself_is_no_part_of_the_prefix() -> None:
    unmarked = [{**TOOLS[0], "cache_control": None}, {"name": "b", "input_schema": {}, "cache_control": MARK}]
    first, second = usages(asked("Hello"), asked("Hello", tools=unmarked))

    assert second.cache_read == first.cache_creation


def test_a_conversation_that_grows_reads_all_that_was_before() -> None:
    first, second = usages(
        asked("a" * 9000, cache_control=MARK), asked("a" * 9000, "b" * 9000, "c" * 9000, cache_control=MARK)
    )

    assert second.cache_read == first.cache_creation == whole(first)
    assert (second.input, second.cache_creation > 4000) == (0, True)


def test_a_changed_beginning_reads_nothing() -> None:
    other = [{**TOOLS[0], "description": "e" * 8000}]

    assert usages(asked("Hello"), asked("Hello", tools=other))[1].cache_read == 0
    assert usages(asked("Hello"), asked("Hello", model="n"))[1].cache_read == 0


def test_the_order_of_keys_is_part_of_the_prefix() -> None:
    turned = [dict(reversed(TOOLS[0].items()))]

    assert usages(asked("Hello"), asked("Hello", tools=turned))[1].cache_read == 0


def test_thinking_differently_keeps_the_tools_and_loses_the_conversation() -> None:
    first, second = usages(
        asked("a" * 9000, cache_control=MARK), asked("a" * 9000, cache_control=MARK, thinking={"type": "adaptive"})
    )

    assert 0 < second.cache_read < first.cache_creation


def test_without_a_mark_nothing_is_kept() -> None:
    bare = asked("a" * 9000, tools=[{**TOOLS[0], "cache_control": None}])

    assert [(usage.cache_read, usage.cache_creation) for usage in usages(bare, bare)] == [(0, 0), (0, 0)]


def test_a_short_prefix_is_not_kept_unless_it_is_allowed() -> None:
    short = asked("Hello", tools=[{"name": "find", "input_schema": {}, "cache_control": MARK}])

    assert usages(short, short)[1].cache_read == 0
    assert usages(short, short, least=1)[1].cache_read > 0


def test_a_mark_that_moved_too_far_finds_nothing() -> None:
    def long(blocks: int) -> dict[str, Any]:
        content = [{"type": "text", "text": f"{number}" * 500} for number in range(blocks)]
        bare = [{**TOOLS[0], "cache_control": None}]
        return asked(tools=bare, messages=[{"role": "user", "content": content}], cache_control=MARK)

    near, far = (usages(long(30), long(30 + moved)) for moved in (LOOKBACK - 1, LOOKBACK))

    assert (near[1].cache_read > 0, far[1].cache_read) == (True, 0)
