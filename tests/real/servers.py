"""The five servers: installed from Debian and PyPI where they are missing, started on free ports of loopback, stopped.

The recipes stand in the developers' shared folder; they need Debian 12, root and, the first time, package mirrors.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

RECIPES = Path(__file__).parents[3] / "shared" / "servers"
NAMES = {
    "rt": "RT_PORT",
    "redmine": "REDMINE_PORT",
    "mediawiki": "MW_PORT",
    "synapse": "SYNAPSE_PORT",
    "postgres": "PG_PORT",
}
PROGRAMS_OF_POSTGRESQL = Path("/usr/lib/postgresql/15/bin")
INSTALLED = (
    "/usr/share/request-tracker5",
    "/usr/share/redmine/Gemfile.local",
    "/usr/share/mediawiki",
    str(PROGRAMS_OF_POSTGRESQL / "postgres"),
)


class Servers(Struct, frozen=True):
    """Where the running servers are; `home` holds what they have written."""

    home: Path
    ports: dict[str, int]

    def url(self, name: str) -> str:
        """The address of one of them."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def secret(self, path: str) -> str:
        """What a recipe has written down for us, as a token."""
        return (self.home / path).read_text(encoding="utf-8").strip()

    def stop(self, name: str) -> None:
        """End one of them."""
        _recipe(self, name, "stop")


def why_not() -> str:
    """Why they cannot run here; nothing where they can."""
    if not RECIPES.is_dir():
        return "needs the recipes of the developers' shared folder"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return "needs root and Debian's package manager"
    return ""


@contextmanager
def home(kept: str | None) -> Generator[Path]:
    """A folder for the servers: the `kept` one, or one that is removed after the block.

    PostgreSQL runs under an account of its own, which has to be able to enter it.
    """
    folder = Path(kept or tempfile.mkdtemp(prefix="real-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    closed = [str(each) for each in folder.parents if not each.stat().st_mode & stat.S_IXOTH]
    try:
        if closed:
            raise NotADirectoryError(f"{folder}: other accounts cannot enter {closed[0]}; choose another folder")
        yield folder
    finally:
        if not kept:
            shutil.rmtree(folder)


@contextmanager
def running(home: Path) -> Generator[Servers]:
    """All five, until the end of the block."""
    servers = Servers(home, {name: _free_port() for name in NAMES})
    _install(servers)
    try:
        with ThreadPoolExecutor(len(NAMES)) as starting:
            list(starting.map(_start, [servers] * len(NAMES), NAMES))
        yield servers
    finally:
        for name in NAMES:
            servers.stop(name)  # by process id, what it has started included


def install_postgresql(home: Path) -> None:
    """PostgreSQL from Debian where it is missing, for tests that start one themselves."""
    if not (PROGRAMS_OF_POSTGRESQL / "postgres").exists():
        _from_debian()
        _recipe(Servers(home, {}), "postgres", "install")


def _install(servers: Servers) -> None:
    (servers.home / "venvs").mkdir(parents=True, exist_ok=True)
    if not all(Path(each).exists() for each in INSTALLED):
        _from_debian()
        for name in ("rt", "redmine", "mediawiki", "postgres"):
            _recipe(servers, name, "install")
    if not (servers.home / "venvs" / "synapse" / "bin" / "python").exists():
        _recipe(servers, "synapse", "install")


def _from_debian() -> None:
    """The lists of packages are fresh, and no package starts a service of its own."""
    policy = Path("/usr/sbin/policy-rc.d")
    if not policy.exists():
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        policy.chmod(0o755)
    subprocess.run(["apt-get", "update", "-qq"], check=False, timeout=120, stdout=subprocess.DEVNULL)


def _start(servers: Servers, name: str) -> None:
    """A recipe waits a minute for its server; on a busy machine that can be too short once."""
    try:
        _recipe(servers, name, "start")
    except subprocess.CalledProcessError:
        servers.stop(name)
        _recipe(servers, name, "start")


def _recipe(servers: Servers, name: str, action: str) -> None:
    environment = {NAMES[each]: str(port) for each, port in servers.ports.items()}
    try:
        subprocess.run(
            ["bash", str(RECIPES / f"{name}.sh"), action],
            env={**os.environ, **environment, "RS_HOME": str(servers.home)},
            check=True,
            timeout=400,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.CalledProcessError as error:
        for log in sorted(servers.home.glob("*.log"), key=lambda each: each.stat().st_mtime)[-3:]:
            error.add_note(f"{log.name} ends: {log.read_text(encoding='utf-8', errors='replace')[-600:]}")
        raise


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
