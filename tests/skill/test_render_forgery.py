"""No text of a record changes what the Markdown page is made of, as a parser reads it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import mistune
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from customer_escalation.render import render
from customer_escalation.render.escape import inline, line
from tests.skill.render_hostile import filled

MARK = re.compile(r"\[[ACDIKMPRSTY]-[^\]]*\]")


def headings(text: str) -> list[str]:
    return [row for row in text.splitlines() if row.startswith("### ")]


ATTACKS = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "> ",
            "- ",
            "* ",
            "+ ",
            "1. ",
            "2) ",
            "---",
            "===",
            "```",
            "~~~",
            "| a |",
            "--- | ---",
            ":--",
            ": ",
        ),
        *("[T-1/2]", "[a](http://e.example)", "![a](b)", "[x]: y", "[ ] ", "[^1]", "<b>", "</p>", "<!--", "<!channel>"),
        *("&lt;", "&#91;", "**", "__", "_", "*", "~~", "~", "`", "``", "\\", "!", "[", "]", "(", ")", "<", ">", "|"),
        *("https://e.example/", "www.e.example", "a@e.example", "@here", "mailto:a@e.example", "<https://e.example>"),
    ]
)
TEXTS = st.lists(
    st.one_of(ATTACKS, st.text(max_size=6), st.sampled_from([" ", "\n", "\n\n", "    ", "\t"])), max_size=12
)


def tokens(text: str) -> Iterator[dict[str, Any]]:
    plugins = ["table", "strikethrough", "url", "task_lists", "footnotes", "def_list"]
    parse: Any = mistune.create_markdown(renderer=None, plugins=plugins)
    waiting: list[dict[str, Any]] = list(parse(text))
    while waiting:
        token = waiting.pop()
        yield token
        waiting.extend(token.get("children", ()))


def shape(text: str) -> Counter[str]:
    """What the page is made of: every token that a text could forge, marks, and where its links lead."""
    counted: Counter[str] = Counter()
    for token in tokens(text):
        kind = token["type"]
        if kind in ("text", "codespan", "softbreak", "linebreak", "blank_line", "paragraph", "block_text"):
            continue
        attrs: dict[str, Any] = token.get("attrs") or {}
        counted[f"{kind} {attrs.get('level', '')} {attrs.get('url', '')}"] += 1
    return counted


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_no_text_of_a_record_changes_what_the_page_is_made_of(parts: list[str]) -> None:
    attack = "x".join(parts[:1]) + "".join(parts[1:])
    assume(line(attack))
    honest = render(filled("plain words"), "markdown")
    forged = render(filled(attack), "markdown")
    assert headings(forged) == headings(honest)
    assert len(MARK.findall(forged)) == len(MARK.findall(honest))


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_no_text_becomes_markup(first: list[str], second: list[str]) -> None:
    one, two = "".join(first), "".join(second)
    page = "- {}\n- **{}:** {} [T-1]\n\n{}\n{}\n\n1. {}\n\n   > {}\n   > {}\n"
    kinds = page.format(line(one), inline(one), inline(two), line(one), line(two), line(two), line(one), line(two))
    plain = page.format(*["words"] * 8)
    assume(line(one))
    assume(line(two))
    assert shape(kinds) == shape(plain)
