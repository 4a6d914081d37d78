"""The only module that reads the environment, and the one that opens what a run needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from customer_escalation import policy as policies
from customer_escalation import profile as profiles
from customer_escalation import resources
from customer_escalation.findings import NAMES
from customer_escalation.memory import MEMORY
from customer_escalation.policy import Policy
from customer_escalation.profile import Profile
from escalation_connectors.errors import InputError
from escalation_connectors.sources import Sources

DEADLINE_S = 30.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What one run reads from and goes by; `left_out` counts invalid lines per file, `deadline_s` bounds gathering."""

    sources: Sources
    profile: Profile
    policy: Policy
    left_out: Mapping[str, int]
    is_sample: bool
    name: str
    close: Callable[[], None]
    deadline_s: float = DEADLINE_S


def data_folder() -> Path:
    """Where cases are kept: CUSTOMER_ESCALATION_HOME, or the platform's folder for user data."""
    return _folder("data")


def cache_folder() -> Path:
    """Where search indexes are kept; safe to delete."""
    return _folder("cache")


def http_token() -> str:
    """The bearer token that HTTP clients must send, or an empty text."""
    return os.environ.get("CUSTOMER_ESCALATION_TOKEN", "")


def http_hosts() -> tuple[str, ...]:
    """Host names under which HTTP clients may reach the server, beside loopback and the address itself."""
    named = os.environ.get("CUSTOMER_ESCALATION_HOSTS", "").split(",")
    return tuple(host.strip() for host in named if host.strip())


def http_issuer() -> tuple[str, str, str] | None:
    """Whose signed tokens count: the issuer's URL, its key set's URL and the audience; None where none is set."""
    names = ("CUSTOMER_ESCALATION_ISSUER", "CUSTOMER_ESCALATION_JWKS_URL", "CUSTOMER_ESCALATION_AUDIENCE")
    url, keys, audience = (os.environ.get(name, "") for name in names)
    return (url, keys, audience) if url or keys or audience else None


def folder_of(variable: str) -> Path | None:
    """A folder that another program's own variable names (CODEX_HOME), or None."""
    chosen = os.environ.get(variable)
    return Path(chosen) if chosen else None


def home() -> Path:
    """The person's home folder."""
    return Path.home()


def _folder(kind: str) -> Path:
    chosen = os.environ.get("CUSTOMER_ESCALATION_HOME")
    if chosen:
        return Path(chosen) / kind
    import platformdirs

    find = platformdirs.user_data_path if kind == "data" else platformdirs.user_cache_path
    return find("customer-escalation", appauthor=False)


def _existing(folder: Path) -> Path:
    try:
        if folder.is_dir():
            return folder
        what = "not a folder" if folder.exists() else "no such folder"
    except (OSError, ValueError):  # too long a name, or one that no folder can have
        what = "not a name that a folder can have"
    raise InputError(f"--workspace: {what}: {folder}")


def open_setting(workspace: Path | None, config: Path | None = None, *, skip_invalid: bool = False) -> Setting:
    """Open the workspace folder (default: the bundled sample company). Raises InputError."""
    from escalation_connectors.workspace import open_workspace

    if config is not None:
        raise InputError(f"--config: {config.name}: only workspace folders can be read so far; use --workspace DIR")
    folder = resources.SAMPLE if workspace is None else _existing(workspace)
    MEMORY.open(cache_folder())
    opened = open_workspace(folder, cache=cache_folder(), skip_invalid=skip_invalid)
    try:
        profile = profiles.load(folder / "workspace.yaml")
        policy = policies.load(profile.policy, NAMES)
    except InputError:
        opened.close()
        raise

    def close() -> None:
        opened.close()
        MEMORY.save()

    return Setting(
        sources=opened.sources,
        profile=profile,
        policy=policy,
        left_out=opened.left_out,
        is_sample=workspace is None,
        name=profile.company or folder.resolve().name,
        close=close,
    )
