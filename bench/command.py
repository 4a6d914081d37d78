"""The whole command on the sample company, with a warm index, against `python -c "import pydantic"`.

    python bench/command.py [--runs 21] [--most 4.0]

The two take turns, so that a busy machine slows both. Exit status 1 where the ratio of the medians exceeds --most, or
where the rules path has imported a library that it can do without.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ISSUE = "API returning 500 errors intermittently for Acme Corp"
START = "import sys; from customer_escalation.cli import main; sys.exit(main())"  # what the installed command does
ESCALATE = ("-c", START, "escalate", ISSUE)
LOADED = (
    "import sys; from customer_escalation.cli import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
)
HEAVY = {"mcp", "anthropic", "pydantic", "jinja2", "httpx2", "sqlalchemy", "alembic"}


def seconds(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    """How long one whole process takes."""
    started = time.perf_counter()
    subprocess.run((sys.executable, *arguments), check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - started


def heavy_imports(environment: Mapping[str, str]) -> list[str]:
    """Which heavy libraries the rules path loads; there should be none."""
    command = (sys.executable, "-c", LOADED, *ESCALATE[2:])
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return sorted(HEAVY & set(done.stderr.split()))


def main() -> int:
    """Run both in turns and tell the medians and their ratio."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--runs", type=int, default=21)
    options.add_argument("--most", type=float, default=4.0)
    chosen = options.parse_args()
    commands: dict[str, Sequence[str]] = {"import pydantic": ("-c", "import pydantic"), "escalate": ESCALATE}
    times: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        paths = os.pathsep.join((str(ROOT / "skill"), str(ROOT / "connectors")))
        environment = {**os.environ, "PYTHONPATH": paths, "CUSTOMER_ESCALATION_HOME": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled once, too
        for number in range(chosen.runs + 2):
            for name, arguments in commands.items():
                elapsed = seconds(arguments, environment)
                if number > 1:  # the first rounds warm the index and the caches
                    times[name].append(elapsed)
        heavy = heavy_imports(environment)
    for name, each in times.items():
        median, fastest = statistics.median(each) * 1000, min(each) * 1000
        print(f"{name:16} median {median:5.0f} ms   fastest {fastest:5.0f} ms   {len(each)} runs")
    base, ours = (statistics.median(times[name]) for name in commands)
    pairs = statistics.median(b / a for a, b in zip(*times.values(), strict=True))
    print(f"ratio            {ours / base:.2f} (medians), {pairs:.2f} (median of the pairs); at most {chosen.most}")
    print(f"heavy imports    {', '.join(heavy) or 'none'}")
    return int(ours / base > chosen.most or bool(heavy))


if __name__ == "__main__":
    sys.exit(main())
