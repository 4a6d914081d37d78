"""The load bench, for a moment and with few clients: it runs, and nothing fails."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def test_some_clients_are_answered_without_an_error() -> None:
    command = "bench/load.py --clients 8 --seconds 1 --warm 0.5 --cases 4".split()
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stderr) == (0, "")
    minimal, ours, ratio = done.stdout.splitlines()
    assert all(re.search(r"[1-9][0-9]* calls in +1 s .* 0 errors$", line) for line in (minimal, ours))
    assert ratio.startswith("ratio    throughput ")
