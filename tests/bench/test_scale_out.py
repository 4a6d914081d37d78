"""The bench of several workers, with a few reminders: it runs, each reminder comes once, the picture is drawn."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests import postgresql

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_folder_that_is_not_there_is_said_before_anything_is_measured() -> None:
    argv = [sys.executable, "bench/scale_out.py", "--into", "nowhere"]

    done = subprocess.run(argv, cwd=ROOT, capture_output=True, timeout=60)

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.endswith(b"argument --into: no such folder: nowhere\n")


def test_two_workers_send_each_reminder_once(tmp_path: Path) -> None:
    postgresql.must_be_here()
    few = f"--reminders 20 --workers 2 --latency 0.02 --settle 0.5 --into {tmp_path}".split()

    done = subprocess.run([sys.executable, "bench/scale_out.py", *few], cwd=ROOT, capture_output=True, timeout=300)

    assert (done.returncode, done.stderr) == (0, b"")
    (run,) = json.loads((tmp_path / "follow_through.json").read_text())["runs"]
    assert (run["workers"], run["reminders"], run["doubles"]) == (2, 20, 0)
    assert (tmp_path / "follow_through.svg").read_text().startswith("<svg ")
