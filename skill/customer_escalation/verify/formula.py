"""The formula language of derived statements and computed rows: read here, worked out in `compute.py`.

    hours([T-51842/7].at, now)                     31.2 hours
    percent(63, 2140)                              2.9 %; a bare number must stand in a cited row
    sum([A-acct-acme].arr, [D-apac].amount)        money, as long as the currency is one
    distinct([T-1].customer, [T-2].customer)       how many different values
    count([T-1], [T-2], [T-3])                     how many different rows
    add_hours([T-1].created_at, 96)                a time
    due([T-1/4], "Europe/Stockholm")               when the promise in that row falls due, seen from there

Rows are named in brackets, a field after a dot; `.at` is when the row was written, a bare computed row is its value.
Several figures in one statement have a formula each, with a semicolon between them.
Operators: + - * / and parentheses. Texts (times, phrases) stand in quotes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 4000
DEEPEST = 24
STEPS = 64
_TOKEN = re.compile(
    r"\s*(?:(?P<row>\[[^\[\]\s]{1,120}\])|(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<mark>[-+*/(),.]))"
)


_APART = re.compile(r"(?:[^;\"']|\"[^\"]*\"|'[^']*'|[\"'])+")


class FormulaError(ValueError):
    """A formula that cannot be read or worked out; says why in plain words."""


class Number(NamedTuple):
    """A literal number, as written."""

    value: float
    text: str


class Text(NamedTuple):
    """A text in quotes."""

    value: str


class Row(NamedTuple):
    """A row, or one of its fields."""

    id: str
    field: str = ""


class Word(NamedTuple):
    """A bare word: `now`, or the name of a role."""

    name: str


class Call(NamedTuple):
    """A function over its arguments; the operators are functions named by their sign."""

    name: str
    arguments: tuple[Node, ...]


Node = Number | Text | Row | Word | Call


def parse(formula: str) -> Node:
    """The formula as a tree; raises FormulaError."""
    if len(formula) > LONGEST:
        raise FormulaError(f"the formula is longer than {LONGEST} characters")
    parser = _Parser(formula)
    tree = parser.sum(0)
    parser.end()
    return tree


def formulas(text: str) -> list[str]:
    """The formulas of a statement that says several figures: they stand side by side, a semicolon between them."""
    found = [piece.strip() for piece in _APART.findall(text)]
    return [piece for piece in found if piece] or [text]


def rows_of(tree: Node) -> frozenset[str]:
    """The ids of all rows that a formula uses."""
    if isinstance(tree, Row):
        return frozenset((tree.id,))
    if isinstance(tree, Call):
        return frozenset[str]().union(*map(rows_of, tree.arguments))
    return frozenset()


class _Parser:
    """Recursive descent over the tokens, no deeper than DEEPEST."""

    def __init__(self, formula: str) -> None:
        self._tokens = list(_split(formula))
        self._at, self._steps = 0, 0

    def _call_of(self, name: str, arguments: tuple[Node, ...]) -> Call:
        self._steps += 1
        if self._steps > STEPS:
            raise FormulaError(f"the formula has more than {STEPS} steps")
        return Call(name, arguments)

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, mark: str) -> bool:
        if self._next() == ("mark", mark):
            self._at += 1
            return True
        return False

    def _must(self, mark: str) -> None:
        if not self._take(mark):
            raise FormulaError(f"the formula lacks “{mark}” before “{self._next()[1] or 'its end'}”")

    def end(self) -> None:
        """Nothing may follow."""
        if self._at < len(self._tokens):
            raise FormulaError(f"the formula cannot be read from “{self._next()[1]}” on")

    def sum(self, depth: int) -> Node:
        """Terms joined by + and -."""
        if depth > DEEPEST:
            raise FormulaError("the formula is nested too deeply")
        left = self._product(depth)
        while (sign := self._next()) in (("mark", "+"), ("mark", "-")):
            self._at += 1
            left = self._call_of(sign[1], (left, self._product(depth)))
        return left

    def _product(self, depth: int) -> Node:
        left = self._single(depth)
        while (sign := self._next()) in (("mark", "*"), ("mark", "/")):
            self._at += 1
            left = self._call_of(sign[1], (left, self._single(depth)))
        return left

    def _single(self, depth: int) -> Node:
        kind, text = self._next()
        self._at += 1
        if kind == "number":
            return Number(float(text), text)
        if kind == "text":
            return Text(text[1:-1])
        if kind == "row":
            return self._row(text[1:-1])
        if kind == "name":
            return self._call(text, depth) if self._take("(") else Word(text)
        if text == "(":
            inner = self.sum(depth + 1)
            self._must(")")
            return inner
        raise FormulaError(f"the formula cannot begin with “{text}” there" if text else "the formula ends too early")

    def _row(self, row_id: str) -> Node:
        if not self._take("."):
            return Row(row_id)
        kind, name = self._next()
        if kind != "name":
            raise FormulaError(f"[{row_id}]. must be followed by the name of a field")
        self._at += 1
        return Row(row_id, name)

    def _call(self, name: str, depth: int) -> Node:
        arguments: list[Node] = []
        if not self._take(")"):
            arguments.append(self.sum(depth + 1))
            while self._take(","):
                arguments.append(self.sum(depth + 1))
            self._must(")")
        return self._call_of(name, tuple(arguments))


def _split(formula: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(formula.rstrip())
    while at < end:
        match = _TOKEN.match(formula, at)
        if match is None:
            raise FormulaError(f"the formula cannot be read from “{formula[at : at + 20].strip()}” on")
        found.append((match.lastgroup or "", match[match.lastgroup or 0]))
        at = match.end()
    if not found:
        raise FormulaError("the formula is empty")
    return found
