"""The configuration file (`--config`): which model, connectors, people and reminders, which workspace folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from customer_escalation import yaml_file
from escalation_connectors.errors import InputError

if TYPE_CHECKING:
    from escalation_connectors.options import Fields
    from escalation_connectors.registry import Connected
    from escalation_connectors.vendor import Setup

KEYS = ("model", "connectors", "workspace", "tokens", "people", "reminders", "approve_without_terminal")


def load(file: Path) -> Fields:
    """What the file says. Raises InputError."""
    if not file.exists():
        raise InputError(f"--config: no such file: {file}")
    fields = yaml_file.load(file)
    fields.only(*KEYS)
    return fields


def workspace_of(fields: Fields, file: Path) -> Path | None:
    """The folder that holds workspace.yaml, and the records of what no connector reads; from the file's own folder."""
    named = fields.text("workspace")
    if not named:
        return None
    folder = file.parent / Path(named).expanduser()
    if not folder.is_dir():
        raise fields.wrong("workspace", f"no such folder: {folder}")
    return folder


def entries(
    fields: Fields, data: Path, environment: Mapping[str, str], folder: Path | None = None
) -> tuple[Setup, ...]:
    """The sources that are configured, none opened yet; `data` is where tokens are kept, `folder` the file's own.

    Raises InputError, also where none is named: only a file without this line means the workspace folder.
    """
    if "connectors" not in fields.values:
        return ()
    from escalation_connectors.registry import read_configuration
    from escalation_connectors.tokens import FileTokens, KeyringTokens

    kept = fields.text("tokens", "file")
    if kept not in {"file", "keyring"}:
        raise fields.wrong("tokens", "must be file or keyring")
    store = KeyringTokens() if kept == "keyring" else FileTokens(data / "tokens")
    given = fields.fields("connectors") if fields.values["connectors"] else None
    found = read_configuration(given, environment, store, folder=folder or Path()) if given else ()
    if not found:
        raise fields.wrong("connectors", "names no source; `connect` adds one")
    return found


def connected(found: tuple[Setup, ...]) -> Connected | None:
    """The connectors of these sources, or None where there are none. Raises InputError."""
    if not found:
        return None
    from escalation_connectors.registry import connect

    return connect(found)
