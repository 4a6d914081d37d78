"""Reads the documents of this repository: tables, headings, links, code blocks, front matter."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, cast

import yaml

ROOT = Path(__file__).resolve().parents[1]


def text_of(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    """The project table of pyproject.toml."""
    return cast("dict[str, Any]", tomllib.loads(text_of("pyproject.toml"))["project"])


def policy() -> dict[str, Any]:
    """The policy as it is written."""
    return cast("dict[str, Any]", yaml.safe_load(text_of("skill/customer_escalation/policy.yaml")))


def front_matter(text: str) -> dict[str, Any]:
    """The YAML between the first two lines of dashes."""
    return cast("dict[str, Any]", yaml.safe_load(text.split("---\n", 2)[1]))


def table(text: str, *heading: str) -> list[tuple[str, ...]]:
    """The rows of the one table whose heading begins with these cells."""
    found = [rows for rows in tables(text) if rows[0][: len(heading)] == heading]
    assert len(found) == 1, f"{len(found)} tables begin with {heading}"
    return found[0][1:]


def tables(text: str) -> list[list[tuple[str, ...]]]:
    """Every table as rows of cells, its heading first and without its rule."""
    blocks = re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE)
    return [[_cells(line) for number, line in enumerate(block.splitlines()) if number != 1] for block in blocks]


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def headings(markdown: str) -> list[str]:
    """What stands in headings and in front of bold colons, in order: "Impact", "Customers affected", ..."""
    found = re.findall(r"^#{2,3} (.+)$|^(?:- )?\*\*([^*]+):\*\*", markdown, re.MULTILINE)
    return [heading.split(":")[0] or label for heading, label in found]


def links(text: str) -> list[str]:
    """Targets of Markdown links that are no web addresses."""
    return [target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target]


def paths(text: str) -> list[str]:
    """Names in backticks that look like paths of this repository."""
    return re.findall(r"`((?:\.?[\w-]+/)+[\w.-]*|[\w-]+\.(?:md|toml|txt|yaml))`", text)
