"""The tables of CONNECTORS.md, from what each connector says of itself.

`python -m tests.documents_of_connectors` prints them; `UPDATE_SNAPSHOTS=1 pytest tests/test_connectors_document.py`
writes them into the page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from escalation_connectors import registry
from escalation_connectors.records import CATEGORIES, Category
from escalation_connectors.vendor import Option, Vendor

BEGIN, END = "<!-- from the connectors: python -m tests.documents_of_connectors -->\n", "<!-- end -->\n"
HEADINGS: Mapping[Category, str] = {
    "support_platform": "Support platforms",
    "crm": "CRMs",
    "chat": "Chats",
    "project_tracker": "Project trackers",
    "knowledge_base": "Knowledge bases",
}
CHECKED = {"published": "published contract", "derived": "derived contract", "none": ""}
VENDORS = ("Vendor", "Name", "Rights that reading needs", "Does not do", "Checked against")
OPTIONS = ("Name", "Option", "Kind", "What it is")


def tables() -> str:
    """For each category its vendors, then their options."""
    return "\n".join(line for category in CATEGORIES for line in _category(category)) + "\n"


def vendors(category: Category) -> list[Vendor]:
    """Those of this package, by title."""
    folder = Path(registry.__file__).parent / registry.FOLDERS[category]
    found = (registry.vendor(category, path.stem) for path in folder.glob("[a-z]*.py"))
    return sorted(found, key=lambda each: each.title.lower())


def _category(category: Category) -> Iterator[str]:
    found = vendors(category)
    yield from (f"### {HEADINGS[category]}: `{category}`", "")
    yield from _table(VENDORS, [_vendor(each) for each in found])
    yield ""
    yield from _table(OPTIONS, [_option(each, option) for each in found for option in each.options])
    yield ""


def _vendor(vendor: Vendor) -> tuple[str, ...]:
    rights = ", ".join(f"`{each}`" if " " not in each else each for each in vendor.rights)
    checked = "; ".join(filter(None, (CHECKED[vendor.contract], vendor.ran_on and f"run on {vendor.ran_on}")))
    return vendor.title, f"`{vendor.name}`", rights, "; ".join(vendor.cannot), checked or "nothing"


def _option(vendor: Vendor, option: Option) -> tuple[str, ...]:
    kinds = {"text": "", "flag": "true or false", "texts": "list", "mapping": "mapping"}
    kind = ("**needed**" if option.required else "", "secret" if option.secret else "", kinds[option.kind])
    return f"`{vendor.name}`", f"`{option.key}`", ", ".join(filter(None, kind)), option.what


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (heading, ["---"] * len(heading), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |".replace("|  |", "| |")


if __name__ == "__main__":
    sys.stdout.write(tables())
