"""The form that asks for a yes, as the client at hand can show it.

Claude Code (seen in 2.1.330) shows four rows of a form's message and one row of a field's description, whatever the
height of the terminal; of a choice it shows every option, cut at 48 columns. There the text is read line by line in a
field of its own, which changes nothing. All other clients get the whole text as the message.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import Any, Literal

from mcp.server.mcpserver.resolve import Elicit
from pydantic import BaseModel, Field, create_model

from customer_escalation.render.exact import MARK

CLIPPING = ("claude-code",)
ROWS = 4
ROW = 70
OPTION = 40
AGAIN = "┆ "
HOW = "→ opens it, ↓ reads on, ← closes it; nothing is chosen here"


class Approval(BaseModel):
    """The form: nothing happens unless the box is ticked and the form sent."""

    approve: bool = Field(title="Approve", description="Tick to do exactly this; nothing happens otherwise")


def ticked(said: object) -> bool:
    """Whether the answer to either form is a yes."""
    return isinstance(said, BaseModel) and getattr(said, "approve", None) is True


def form_for(client: str, text: str) -> Elicit[Any]:
    """The form that shows this client's person the whole text."""
    rows = text.split("\n")
    if client not in CLIPPING or (len(rows) <= ROWS and all(_width(row) <= ROW for row in rows)):
        return Elicit(text, Approval)
    options = tuple(f"{number} {piece}" for number, piece in enumerate(_pieces(rows), 1))
    head = "\n".join(textwrap.shorten(row, ROW, placeholder=" ...") if _width(row) > ROW else row for row in rows[:2])
    return Elicit(f"{head}\nAll of it is under “Text”: read it before you tick.", _read_first(options))


def _read_first(options: tuple[str, ...]) -> type[BaseModel]:
    """The form with the text in front; what is chosen there is not looked at."""
    choice: Any = Literal[options]
    text: Any = (choice, Field(default=options[0], title="Text", description=HOW))
    approve: Any = (bool, Approval.model_fields["approve"])
    return create_model("ReadAndApprove", text=text, approve=approve)


def _pieces(rows: list[str]) -> Iterator[str]:
    """Every row in pieces that an option can show; a quoted row's further pieces say that they go on."""
    for row in rows:
        marked = row.startswith(MARK)
        for number, piece in enumerate(_cut(row.removeprefix(MARK) if marked else row)):
            yield f"{(AGAIN if number else MARK) if marked else ''}{piece}"


def _cut(row: str) -> Iterator[str]:
    """The row at its spaces, or within a word that is too long; no character is lost but the space at a cut."""
    while _width(row) > OPTION:
        end = _end(row)
        space = row.rfind(" ", 1, end + 1)
        yield row[: space if space > 0 else end]
        row = row[space + 1 if space > 0 else end :]
    yield row


def _end(row: str) -> int:
    """How many characters fill an option."""
    used = 0
    for index, character in enumerate(row):
        used += _width(character)
        if used > OPTION:
            return max(index, 1)
    return len(row)


def _width(text: str) -> int:
    """Columns that a terminal takes."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
