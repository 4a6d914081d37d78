"""A vendor is one short file, and no two of them share code that belongs below them."""

from __future__ import annotations

from pathlib import Path

from escalation_connectors import registry

CONNECTORS = Path(registry.__file__).parent
FILES = sorted(path for folder in registry.FOLDERS.values() for path in (CONNECTORS / folder).glob("[a-z]*.py"))
SHARED_LINES = 6


def test_a_vendor_is_a_file_of_60_to_180_lines() -> None:
    long = {path.name: lines for path in FILES if not 60 <= (lines := len(path.read_text().splitlines())) <= 180}

    assert long == {}


def test_no_two_vendors_share_six_lines() -> None:
    seen: dict[tuple[str, ...], str] = {}
    twice: list[tuple[str, str, str]] = []
    for path in FILES:
        body = [line.strip() for line in path.read_text().splitlines()]
        lines = [line for line in body if line and not line.startswith(("import ", "from ", '"""', "#"))]
        for start in range(len(lines) - SHARED_LINES + 1):
            window = tuple(lines[start : start + SHARED_LINES])
            other = seen.setdefault(window, str(path.relative_to(CONNECTORS)))
            if other != str(path.relative_to(CONNECTORS)):
                twice.append((other, str(path.relative_to(CONNECTORS)), window[0]))

    assert twice == []


def test_the_table_names_every_file() -> None:
    named = {f"{registry.FOLDERS[category]}/{name}.py" for category, names in registry.TABLE.items() for name in names}
    named -= {f"{folder}/{registry.BRIDGE}.py" for folder in registry.FOLDERS.values()}

    assert named == {str(path.relative_to(CONNECTORS)) for path in FILES}
