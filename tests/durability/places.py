"""Where a casebook is: a file or a database with one address, which becomes again and again what it was when filled."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests import postgresql

FILE, PATTERN = "casebook.sqlite3", "pattern"


class Place(Protocol):
    """One address."""

    @property
    def where(self) -> Path | str:
        """As a casebook takes it."""
        ...

    def keep(self) -> None:
        """Remember it as it is now; nobody has it open."""
        ...

    def renew(self) -> None:
        """Make it again what it was."""
        ...


class File:
    """SQLite."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.where = folder, folder / FILE

    def keep(self) -> None:
        """Copy the file."""
        shutil.copy(self.where, self.folder / PATTERN)

    def renew(self) -> None:
        """Copy it back; the side files of the last one go."""
        for file in self.folder.glob(f"{FILE}*"):
            file.unlink()
        shutil.copy(self.folder / PATTERN, self.where)


class Served:
    """PostgreSQL."""

    def __init__(self, server: postgresql.Server) -> None:
        self.server, self.where = server, server.fresh("durable")

    def keep(self) -> None:
        """Copy the database."""
        self.server.copy("durable", PATTERN)

    def renew(self) -> None:
        """Copy it back."""
        self.server.copy(PATTERN, "durable")


@contextmanager
def place(kind: str) -> Generator[Place]:
    """A place of this kind until the end of the block."""
    if kind == "postgresql":
        with postgresql.running(*postgresql.FAST) as server:
            yield Served(server)
    else:
        with scratch() as folder:
            yield File(folder)


@contextmanager
def scratch() -> Generator[Path]:
    """A folder in memory where there is one: a killed process loses nothing that it wrote, whatever the disk."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="durability-", dir=memory) as name:
        yield Path(name)
