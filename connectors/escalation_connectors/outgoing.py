"""Opens the writing side of configured sources, apart from everything that reads.

Only what delivers approved writes may import this module; the registry and what it opens never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from escalation_connectors.errors import NotOffered
from escalation_connectors.records import Category
from escalation_connectors.vendor import Setup
from escalation_connectors.writing import ChatWrites, SupportWrites, TrackerWrites


def writable(setups: Iterable[Setup], category: Category) -> tuple[Setup, ...]:
    """The sources of this category that have a writing side."""
    return tuple(setup for setup in setups if setup.vendor.category == category and setup.vendor.write is not None)


def support(setup: Setup) -> SupportWrites:
    """The writing side of a support platform. Raises NotOffered, InputError."""
    return cast("SupportWrites", _opened(setup))


def chat(setup: Setup) -> ChatWrites:
    """The writing side of a chat. Raises NotOffered, InputError."""
    return cast("ChatWrites", _opened(setup))


def tracker(setup: Setup) -> TrackerWrites:
    """The writing side of a tracker. Raises NotOffered, InputError."""
    return cast("TrackerWrites", _opened(setup))


def _opened(setup: Setup) -> object:
    if setup.vendor.write is None:
        raise NotOffered(setup.name, "has no writing side")
    return setup.vendor.write(setup)
