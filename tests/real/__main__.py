"""`python -m tests.real [FOLDER]`: start the five servers, seed them, make a brief from them, stop them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from customer_escalation.cli import main
from tests.real.seed import ISSUE, Seeded
from tests.real.servers import home, running, why_not


def run() -> int:
    """The brief on standard output; what is done, on standard error."""
    if reason := why_not():
        sys.stderr.write(f"real servers: {reason}\n")
        return 1
    with home(next(iter(sys.argv[1:]), None)) as folder:
        sys.stderr.write(f"installing and starting five servers in {folder}\n")
        return _brief(folder)


def _brief(folder: Path) -> int:
    with running(folder) as servers:
        seeded = Seeded(servers)
        os.environ.update(seeded.environment())
        config = str(seeded.configuration(folder / "escalation.yaml"))
        asked = [ISSUE, "--customer", "Acme Corp", "--config", config, "--planner", "rules"]
        status = main(["doctor", "--config", config]) or main(["escalate", *asked])
        seeded.close()
    return status


if __name__ == "__main__":
    sys.exit(run())
