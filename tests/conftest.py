"""What holds for every test: folders of its own, and no key of this machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases and indexes go into a folder of the test; a narrower conftest may share one under the same name."""
    monkeypatch.setenv("CUSTOMER_ESCALATION_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or token that happens to be set would change what is planned, or who may call."""
    for name in list(os.environ):
        ours = name.startswith("CUSTOMER_ESCALATION_") and name != "CUSTOMER_ESCALATION_HOME"
        if ours or name.endswith(("_API_KEY", "_AUTH_TOKEN")):
            monkeypatch.delenv(name)
