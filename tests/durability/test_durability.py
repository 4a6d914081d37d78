"""Workers that are killed anywhere lose nothing and do nothing twice: a few points of what the module runs in bulk."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgresql

ROOT = Path(__file__).resolve().parents[2]
NOTHING = """
| reminders lost, sent twice, noted wrongly | 0, 0, 0 |
| writes lost, delivered twice, without approval | 0, 0, 0 |
| trails or files broken | 0 |
"""


@pytest.mark.parametrize(("database", "points"), [("sqlite", 20), ("postgresql", 8)])
def test_killed_workers_lose_nothing_and_do_nothing_twice(database: str, points: int) -> None:
    if database == "postgresql" and postgresql.why_not():
        pytest.skip(postgresql.why_not())
    command = [sys.executable, "-m", "tests.durability", "--points", str(points), "--database", database,
               "--cases", "10", "--writes", "12"]  # fmt: skip

    ended = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=600, check=False)

    assert NOTHING in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 0
