"""The `connect` command: ask for a connector's settings, check them with one harmless read, and write them down.

A secret is never asked for, only where it is kept. Comments and order of a file that is there already stay.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import cast

from customer_escalation import configuration, doctor, settings
from escalation_connectors import registry
from escalation_connectors.errors import EscalationError, InputError
from escalation_connectors.options import Fields, shown
from escalation_connectors.records import CATEGORIES
from escalation_connectors.vendor import COMMON, Option, Vendor

FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
KEPT = "env:NAME, file:PATH or keyring:SERVICE/NAME"


class Refused(EscalationError):  # noqa: N818 - named by what happened
    """The source could not be read with these settings, so they were not written."""


def connect(category: str, name: str, given: Sequence[str], file: Path, asking: bool) -> str:
    """What became of it, in one line. Raises InputError, and Refused where the check failed."""
    vendor = _vendor(category, name)
    if file.exists():
        configuration.load(file)  # what cannot be read is not written over
    answers = _given(vendor, given)
    for option in vendor.options:
        if asking and option.key not in answers:
            answers[option.key] = _ask(option)
    entry: dict[str, object] = {"vendor": vendor.name, **{key: value for key, value in answers.items() if value != ""}}
    (setup,) = settings.configured(Fields({"connectors": {category: entry}}, file.name), file)
    said = asyncio.run(doctor.state_of(setup))
    if not said.startswith("connected"):
        raise Refused(f"{setup.name}: {said}; nothing was written")
    _write(file, category, entry)
    return f"{setup.name}: {said}; written to {file}\n"


def _vendor(category: str, name: str) -> Vendor:
    if category not in CATEGORIES:
        raise InputError(f"CATEGORY: unknown: {category[:40]}; known are {', '.join(CATEGORIES)}")
    try:
        return registry.vendor(category, name)
    except LookupError:
        known = ", ".join(registry.vendors(category))
        raise InputError(f"VENDOR: no such {category}: {name[:40]}; known are {known}") from None


def _given(vendor: Vendor, given: Sequence[str]) -> dict[str, object]:
    """The answers of `--set`, a flag as true or false."""
    kinds = (
        {option.key: option.kind for option in vendor.options}
        | dict.fromkeys(COMMON, "text")
        | {"allow_private": "flag"}
    )
    answers: dict[str, object] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or key not in kinds:
            raise InputError(f"--set: must be KEY=VALUE with a KEY of {', '.join(kinds)}: {key[:40]}")
        answers[key] = _value(key, kinds[key], value)
    return answers


def _value(key: str, kind: str, text: str) -> object:
    if kind == "flag":
        if text.strip().lower() not in FLAGS:
            raise InputError(f"{key}: must be true or false, not {shown(text)}")
        return FLAGS[text.strip().lower()]
    if kind == "texts":
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == "mapping":
        pairs = [part.partition("=") for part in text.split(",")]
        odd = next((name for name, equals, _ in pairs if not equals or not name.strip()), None)
        if odd is not None:
            raise InputError(f"{key}: must be NAME=VALUE,NAME=VALUE: {shown(odd.strip())}")
        return {name.strip(): value.strip() for name, _, value in pairs}
    return text


def _ask(option: Option) -> object:
    kept = f", where it is kept ({KEPT})" if option.secret else ""
    needed = "" if option.required else "; empty to leave it out"
    sys.stderr.write(f"{option.key}: {option.what}{kept}{needed}: ")
    sys.stderr.flush()
    typed = sys.stdin.readline().strip()
    return _value(option.key, option.kind, typed) if typed else ""


def _write(file: Path, category: str, entry: dict[str, object]) -> None:
    """Beside what the file holds: a second source of a category makes a list of it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.width = 120
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    try:
        held = cast("dict[str, object]", yaml.load(text) or {})  # pyright: ignore[reportUnknownMemberType]
    except YAMLError as error:
        raise InputError(f"--config: {file}: {' '.join(str(error).split())[:200]}") from None
    connectors = cast("dict[str, object]", held.get("connectors") or {})
    held["connectors"] = connectors
    before = connectors.get(category)
    others = cast("list[object]", before) if isinstance(before, list) else [before] if before else []
    same = entry.get("name", entry["vendor"])
    kept = [each for each in others if _called(each) != same]
    connectors[category] = [*kept, entry] if kept else entry
    written = StringIO()
    yaml.dump(held, written)  # pyright: ignore[reportUnknownMemberType]
    place = file.resolve()  # of a link, what it leads to
    new = place.with_name(place.name + ".new")
    try:
        new.write_text(written.getvalue(), encoding="utf-8")
        new.replace(place)
    except OSError as error:
        raise InputError(f"--config: {error.strerror or 'cannot be written'}: {file}") from None


def _called(entry: object) -> object:
    fields = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
    return fields.get("name", fields.get("vendor"))
