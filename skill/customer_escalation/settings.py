"""The only module that reads the environment, and the one that opens what a run needs."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from customer_escalation import policy as policies
from customer_escalation import profile as profiles
from customer_escalation import resources
from customer_escalation.findings import NAMES
from customer_escalation.memory import MEMORY
from customer_escalation.policy import Policy
from customer_escalation.profile import Profile
from escalation_connectors.errors import InputError
from escalation_connectors.sources import Sources

if TYPE_CHECKING:
    from customer_escalation.casebook import Casebook
    from customer_escalation.model_setting import ModelSetting
    from customer_escalation.people import People
    from escalation_connectors.options import Fields
    from escalation_connectors.vendor import Setup

DEADLINE_S = 30.0
SAMPLE_COMPANY = "Larkfield"
T = TypeVar("T")
# One of these sets a model, or is set wrong, which has to be said.
MODEL_VARIABLES = (
    "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_BASE_URL", "CUSTOMER_ESCALATION_PROVIDER",
    "CUSTOMER_ESCALATION_MODEL", "CUSTOMER_ESCALATION_EFFORT",
)  # fmt: skip


async def _nothing() -> None:
    """There is no connection to close."""


class Setting(Struct, frozen=True):
    """What one run reads from and goes by; `left_out` counts invalid lines per file, `deadline_s` bounds gathering.

    `disconnect` ends the connections, in the loop that used them; `close` then ends what is on this machine. `setups`
    are the configured sources, `folder` is the workspace's own (None for the sample company).
    """

    sources: Sources
    profile: Profile
    policy: Policy
    left_out: Mapping[str, int]
    is_sample: bool
    name: str
    close: Callable[[], None]
    disconnect: Callable[[], Awaitable[None]] = _nothing
    setups: tuple[Setup, ...] = ()
    folder: Path | None = None
    deadline_s: float = DEADLINE_S

    @property
    def own_time(self) -> datetime | None:
        """The day on which the sample company's story takes place; None where the present counts."""
        return self.profile.sample_now if self.is_sample else None


async def disconnecting(setting: Setting, work: Awaitable[T]) -> T:
    """Do the work, then end the connections that it used."""
    try:
        return await work
    finally:
        await setting.disconnect()


def data_folder() -> Path:
    """Where cases are kept: CUSTOMER_ESCALATION_HOME, or the platform's folder for user data."""
    return _folder("data")


def cache_folder() -> Path:
    """Where search indexes are kept; safe to delete."""
    return _folder("cache")


def casebook_url() -> Path | str:
    """Where the casebook is: CUSTOMER_ESCALATION_DATABASE (postgresql://...), or a file in the data folder."""
    named = os.environ.get("CUSTOMER_ESCALATION_DATABASE", "").strip()
    if not named:
        return data_folder() / "casebook.sqlite3"
    if not named.startswith(("postgresql://", "postgresql+psycopg://")):
        raise InputError("CUSTOMER_ESCALATION_DATABASE: not an address like postgresql://USER@HOST/NAME")
    return named


def cases_of(casebook: Casebook, setting: Setting) -> Casebook:
    """The cases that belong here: those of the sample company, which has a time of its own, or all the others."""
    if setting.is_sample:
        return casebook.of_workspace(SAMPLE_COMPANY)
    return casebook.of_workspace(other_than=SAMPLE_COMPANY)


def account() -> str:
    """The name of the account that runs this program."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account without a name, as in a container
        return "somebody"


def editor() -> tuple[str, ...]:
    """The words of the person's own command to edit a text (VISUAL, EDITOR); nothing where none is set."""
    import shlex

    named = os.environ.get("VISUAL", "").strip() or os.environ.get("EDITOR", "").strip()
    try:
        return tuple(shlex.split(named, posix=os.name != "nt"))
    except ValueError:  # a quote that is not closed
        return ()


def people(config: Path | None) -> People:
    """Who is configured, and what they may do; nobody where there is no configuration. Raises InputError."""
    from customer_escalation.people import People, read

    if config is None:
        return People()
    from customer_escalation import configuration

    return read(configuration.load(config).fields("people"), os.environ, config.parent)


def scripts_approve(config: Path | None) -> bool:
    """Whether the configuration lets a program say yes on the command line, where no terminal is. Raises InputError."""
    if config is None:
        return False
    from customer_escalation import configuration

    return configuration.load(config).flag("approve_without_terminal", default=False)


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


def model_setting(config: Path | None = None) -> ModelSetting | None:
    """The language model that the environment or the configuration names, or None. Raises InputError."""
    if config is None and not any(os.environ.get(name) for name in MODEL_VARIABLES):
        return None
    from customer_escalation import configuration
    from customer_escalation import model_setting as models
    from escalation_connectors.options import Fields

    fields = configuration.load(config) if config is not None else Fields({}, "configuration")
    return models.read(fields.fields("model"), os.environ)


def configured(fields: Fields, file: Path) -> tuple[Setup, ...]:
    """The sources of a configuration file, none opened yet. Raises InputError."""
    from customer_escalation import configuration

    return configuration.entries(fields, data_folder(), os.environ, file.parent)


def _existing(folder: Path) -> Path:
    try:
        if folder.is_dir():
            return folder
        what = "not a folder" if folder.exists() else "no such folder"
    except (OSError, ValueError):  # too long a name, or one that no folder can have
        what = "not a name that a folder can have"
    raise InputError(f"--workspace: {what}: {folder}")


def open_setting(workspace: Path | None, config: Path | None = None, *, skip_invalid: bool = False) -> Setting:
    """Open the workspace folder and the configured connectors (default: the bundled sample company).

    A connector stands before the folder's records of its category. Raises InputError.
    """
    connected = None
    if config is not None:
        from customer_escalation import configuration

        fields = configuration.load(config)
        connected = configuration.connected(configured(fields, config))
        workspace = workspace or configuration.workspace_of(fields, config)
    MEMORY.open(cache_folder())
    if connected is None:
        return _of_folder(workspace, skip_invalid)
    if workspace is not None:
        folder = _of_folder(workspace, skip_invalid)
        sources = _first(connected.sources, folder.sources)
        return replace(folder, sources=sources, disconnect=connected.close, setups=connected.setups)
    return Setting(
        sources=connected.sources,
        profile=Profile(),
        policy=policies.load(None, NAMES),
        left_out={},
        is_sample=False,
        name="the configured sources",
        close=MEMORY.save,
        disconnect=connected.close,
        setups=connected.setups,
    )


def _of_folder(workspace: Path | None, skip_invalid: bool) -> Setting:
    from escalation_connectors.workspace import open_workspace

    folder = resources.SAMPLE if workspace is None else _existing(workspace)
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
        name=_name_of(profile, None if workspace is None else folder),
        close=close,
        folder=workspace,
    )


def _name_of(profile: Profile, folder: Path | None) -> str:
    """The workspace's name, by which cases belong to it; a copy of the sample company is not the sample company."""
    if folder is None:
        return profile.company
    name = profile.company or folder.resolve().name
    return f"{name} in {folder.resolve()}" if name == SAMPLE_COMPANY else name


def _first(sources: Sources, others: Sources) -> Sources:
    """The first of both in each category."""
    return Sources(
        support=sources.support or others.support,
        crm=sources.crm or others.crm,
        chat=sources.chat or others.chat,
        tracker=sources.tracker or others.tracker,
        knowledge=sources.knowledge or others.knowledge,
    )
