"""Writes the server into the configurations of the agents on this machine, and keeps whatever else is in them.

A file is changed by one insertion or replacement in its own text, so that order, indentation and comments stay. The
change is shown as a diff, the old file is kept beside it, and the new one takes its place in one step.
"""

from __future__ import annotations

import difflib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

from msgspec import Struct, field

from customer_escalation.configuration_files import Entry, with_json_entry, with_toml_entry
from escalation_connectors.errors import InputError

NAME = "customer-escalation"
Target = Literal["claude-code", "cursor", "codex", "vscode", "claude-desktop"]
TARGETS: tuple[Target, ...] = ("claude-code", "cursor", "codex", "vscode", "claude-desktop")
TITLES: Mapping[Target, str] = {
    "claude-code": "Claude Code",
    "cursor": "Cursor",
    "codex": "Codex",
    "vscode": "VS Code",
    "claude-desktop": "Claude Desktop",
}


class Machine(Struct, frozen=True):
    """Where agents keep their configuration: the person's home, the platform, and folders chosen otherwise."""

    home: Path
    platform: str = sys.platform
    app_data: Path | None = None
    claude_folder: Path | None = None
    codex_folder: Path | None = None

    def path_of(self, target: Target) -> Path:
        """The file this agent reads servers from, for this person."""
        if target == "claude-code":
            return (self.claude_folder or self.home) / ".claude.json"
        if target == "cursor":
            return self.home / ".cursor" / "mcp.json"
        if target == "codex":
            return (self.codex_folder or self.home / ".codex") / "config.toml"
        if target == "vscode":
            return self._programs() / "Code" / "User" / "mcp.json"
        return self._programs() / "Claude" / "claude_desktop_config.json"

    def has(self, target: Target) -> bool:
        """Whether this agent seems to be installed: its file, or the folder it keeps, is there."""
        path = self.path_of(target)
        if target == "claude-code":
            return path.exists() or (self.home / ".claude").is_dir()
        return path.parent.is_dir()

    def _programs(self) -> Path:
        if self.platform == "darwin":
            return self.home / "Library" / "Application Support"
        if self.platform == "win32":
            return self.app_data or self.home / "AppData" / "Roaming"
        return self.home / ".config"


class Command(Struct, frozen=True):
    """How an agent starts the server."""

    program: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def entry(self, target: Target) -> Entry:
        """As this agent writes it down."""
        entry: Entry = {"type": "stdio"} if target in ("claude-code", "vscode") else {}
        entry |= {"command": self.program, "args": list(self.arguments)}
        return {**entry, "env": dict(self.environment)} if self.environment else entry


class Change(Struct, frozen=True):
    """What became of one agent's file: added, updated, unchanged, or absent (the agent is not on this machine)."""

    target: Target
    path: Path
    outcome: Literal["added", "updated", "unchanged", "absent"]
    diff: str = ""
    backup: Path | None = None
    dry_run: bool = False

    @property
    def line(self) -> str:
        """The outcome in one line."""
        title = TITLES[self.target]
        if self.outcome == "absent":
            return f"{title}: not found on this machine ({self.path} is not there)"
        if self.outcome == "unchanged":
            return f"{title}: is set up already in {self.path}"
        verb = f"would be {self.outcome}" if self.dry_run else self.outcome
        kept = f"; the old file is kept as {self.backup.name}" if self.backup else ""
        return f"{title}: {NAME} {verb} in {self.path}{kept}"


def _this_machine() -> Machine:
    from customer_escalation import settings

    return Machine(
        settings.home(),
        app_data=settings.folder_of("APPDATA"),
        claude_folder=settings.folder_of("CLAUDE_CONFIG_DIR"),
        codex_folder=settings.folder_of("CODEX_HOME"),
    )


def install(
    agents: Sequence[str] = (), *, workspace: Path | None = None, config: Path | None = None, dry_run: bool = False
) -> str:
    """Set up the named agents of this machine, or all that are found, and tell what was done. Raises InputError."""
    if workspace is not None and not workspace.is_dir():
        raise InputError(f"--workspace: no such folder: {workspace}")
    if config is not None and not config.is_file():
        raise InputError(f"--config: no such file: {config}")
    named = {"--workspace": workspace, "--config": config}
    options = [text for option, path in named.items() if path is not None for text in (option, str(path.resolve()))]
    changes = set_up(agents, _this_machine(), this_server(options), dry_run=dry_run)
    return told(changes)


def told(changes: Sequence[Change]) -> str:
    """What became of each agent, with the diffs, and what to do next."""
    parts = ["\n".join(part for part in (change.line, change.diff) if part) for change in changes]
    if any(change.outcome in ("added", "updated") and not change.dry_run for change in changes):
        parts.append("Restart these agents; then ask for /customer-escalation, or call escalation_status.")
    return "\n\n".join(parts) + "\n"


def set_up(
    targets: Sequence[str],
    machine: Machine,
    command: Command,
    *,
    dry_run: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> tuple[Change, ...]:
    """Set up the named agents, or all that are found. Raises InputError for a broken file before any is written."""
    chosen: list[Target] = [_target(name) for name in targets] or [target for target in TARGETS if machine.has(target)]
    changes = [_planned(target, machine.path_of(target), command.entry(target)) for target in dict.fromkeys(chosen)]
    absent = [
        Change(target, machine.path_of(target), "absent")
        for target in TARGETS
        if not targets and not machine.has(target)
    ]
    done = [_shown(plan) if dry_run or not plan.changes else _written(plan, now()) for plan in changes]
    return (*done, *absent)


def this_server(options: Sequence[str] = (), *, checkout: Path | None = None) -> Command:
    """How to start the server that is running here: this interpreter, or uvx where this environment will not last.

    `options` follow `serve`; `checkout` holds skill/ and connectors/ where the package is not installed.
    """
    import importlib.metadata

    serve = ("serve", *options)
    try:
        source = importlib.metadata.distribution(NAME).read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        root = checkout or Path(__file__).resolve().parent.parent.parent
        roots = os.pathsep.join(str(root / name) for name in ("skill", "connectors"))
        return Command(sys.executable, ("-m", "customer_escalation", *serve), {"PYTHONPATH": roots})
    if _lasts(Path(sys.prefix)):
        return Command(sys.executable, ("-m", "customer_escalation", *serve))
    return Command(shutil.which("uvx") or "uvx", ("--from", _requirement(source), NAME, *serve))


def _lasts(prefix: Path) -> bool:
    """Whether this environment will be there tomorrow; uvx runs in its cache, which may be emptied at any time."""
    return not {"archive-v0", "environments-v2", "builds-v0"} & set(prefix.parts)


def _requirement(source: str | None) -> str:
    """What uvx installs from: where this package came from, or its name in this version."""
    import json

    from customer_escalation import __version__

    if not source:
        return f"{NAME}=={__version__}"
    origin: Mapping[str, object] = json.loads(source)
    url = str(origin["url"])
    version_control = origin.get("vcs_info")
    if isinstance(version_control, dict):
        return f"git+{url}"
    return url2pathname(urlsplit(url).path) if url.startswith("file://") else url


class _Plan(Struct, frozen=True):
    target: Target
    path: Path
    before: bytes | None
    after: str
    had_entry: bool

    @property
    def changes(self) -> bool:
        return self.before is None or self.before.decode("utf-8") != self.after

    def change(self, *, backup: Path | None = None, dry_run: bool = False) -> Change:
        if not self.changes:
            return Change(self.target, self.path, "unchanged")
        return Change(
            self.target, self.path, "updated" if self.had_entry else "added", self.diff(), backup, dry_run=dry_run
        )

    def diff(self) -> str:
        """Without lines of context: other servers' settings may hold keys."""
        before = (self.before or b"").decode("utf-8").splitlines()
        name = str(self.path)
        return "\n".join(difflib.unified_diff(before, self.after.splitlines(), name, name, n=0, lineterm=""))


def _target(name: str) -> Target:
    by_name: dict[str, Target] = {target: target for target in TARGETS}
    if name not in by_name:
        raise InputError(f"unknown agent {name[:40]!r}: choose {', '.join(TARGETS)}")
    return by_name[name]


def _planned(target: Target, path: Path, entry: Entry) -> _Plan:
    path = path.resolve()
    try:
        before = path.read_bytes()
        text = before.decode("utf-8")
    except FileNotFoundError:
        before, text = None, ""
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8 text; nothing was changed") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; nothing was changed") from None
    if target == "codex":
        after, had_entry = with_toml_entry(path, text, ("mcp_servers", NAME), entry)
    else:
        table = "servers" if target == "vscode" else "mcpServers"
        after, had_entry = with_json_entry(path, text, (table, NAME), entry)
    return _Plan(target, path, before, after, had_entry)


def _shown(plan: _Plan) -> Change:
    return plan.change(dry_run=True)


def _written(plan: _Plan, now: datetime) -> Change:
    """Keep the old file, then put the new one in its place in one step, with the same rights."""
    path = plan.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        backup = None if plan.before is None else path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%SZ}.bak")
        if backup is not None:
            shutil.copy2(path, backup)
            if path.read_bytes() != plan.before:
                raise InputError(f"{path}: another program changed it just now; run install again")
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(plan.after.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            if backup is not None:
                shutil.copymode(backup, temporary)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    return plan.change(backup=backup)
