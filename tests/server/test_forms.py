"""The form of an approval: the whole text reaches the person in every client, and only a tick is a yes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.server.elicitation import render_elicitation_schema

from customer_escalation.render.exact import MARK, marked
from customer_escalation.server.forms import AGAIN, OPTION, Approval, form_for, ticked

LONG = "Post in #eng-orders (Slack)?\n" + marked(
    "ESCALATION (high): API returning 500 errors intermittently (Acme Corp, Pellworth Supply)\n\n"
    "    We need: the root cause, and a date.\nBy: 2026-11-19T20:48:00Z\n" + "x" * 90
)


def schema_of(text: str, client: str = "claude-code") -> dict[str, Any]:
    return render_elicitation_schema(form_for(client, text).schema)


def read(text: str) -> str:
    """What a person reads who opens the field: its options put together again."""
    rows: list[str] = []
    for number, option in enumerate(schema_of(text)["properties"]["text"]["enum"], 1):
        shown, _, piece = option.partition(" ")
        assert shown == str(number)
        if piece.startswith(AGAIN):
            rows[-1] += " " + piece.removeprefix(AGAIN)
        else:
            rows.append(piece)
    return "\n".join(rows)


@pytest.mark.parametrize("client", ["codex", "Visual Studio Code", ""])
def test_a_client_that_shows_the_message_gets_the_whole_text_in_it(client: str) -> None:
    form = form_for(client, LONG)

    assert (form.message, form.schema) == (LONG, Approval)


def test_claude_code_shows_a_short_text_in_the_message() -> None:
    text = "Post in #eng-orders (Slack)?\n" + marked("Is ORD-3310 still in review?\nWe owe a date.")

    assert (form_for("claude-code", text).message, form_for("claude-code", text).schema) == (text, Approval)


def test_claude_code_shows_a_long_text_line_by_line_in_a_field_before_the_box() -> None:
    form = form_for("claude-code", LONG)
    fields = schema_of(LONG)

    assert form.message.startswith("Post in #eng-orders (Slack)?\n")
    assert len(form.message.split("\n")) <= 4
    assert list(fields["properties"]) == ["text", "approve"]
    assert fields["required"] == ["approve"]


def test_every_option_fits_into_what_claude_code_shows_of_one() -> None:
    options = schema_of(LONG)["properties"]["text"]["enum"]

    assert max(map(len, options)) <= 48
    assert len(set(options)) == len(options)


def test_the_field_holds_the_exact_text() -> None:
    row = f"{MARK}{'x' * OPTION} {'x' * OPTION} {'x' * 10}"  # only a word longer than a row is cut within

    assert read(LONG) == LONG.replace(f"{MARK}{'x' * 90}", row)


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=150)))
def test_no_character_is_lost_but_the_space_at_a_cut(lines: list[str]) -> None:
    text = "Post?\n" + marked("\n".join(["first", "second", "third", "fourth", *lines]))

    assert "".join(read(text).split(" ")) == "".join(text.split(" "))


@pytest.mark.parametrize("client", ["claude-code", "codex"])
def test_only_a_tick_is_a_yes(client: str) -> None:
    schema = form_for(client, LONG).schema

    assert ticked(schema.model_validate({"approve": True}))
    assert not ticked(schema.model_validate({"approve": False}))
    assert not ticked({"approve": True})
    assert not ticked(None)
