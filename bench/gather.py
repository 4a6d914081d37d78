"""Gathering from five sources that take 200 ms for every answer, against its critical path of three waves.

    python bench/gather.py [--runs 9] [--most 1.15]

Exit status 1 where the median exceeds --most times the waves' own time.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "skill"), str(ROOT / "connectors")]

from customer_escalation import intake  # noqa: E402
from customer_escalation.gather import gather  # noqa: E402
from customer_escalation.workflow import quiet  # noqa: E402
from escalation_connectors.fakes import Trouble  # noqa: E402
from tests.sources import ISSUE, NOW, company  # noqa: E402

LATENCY_S, WAVES = 0.2, 3


def seconds() -> float:
    """How long one gathering takes."""
    sources = company(everywhere=Trouble(delay=LATENCY_S))
    started = time.perf_counter()
    asyncio.run(gather(intake.understand(ISSUE, ""), sources, NOW, 14, 30, quiet))
    return time.perf_counter() - started


def main() -> int:
    """Run it several times and tell the median as a ratio to the critical path."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--runs", type=int, default=9)
    options.add_argument("--most", type=float, default=1.15)
    chosen = options.parse_args()
    seconds()
    times = [seconds() for _ in range(chosen.runs)]
    path = WAVES * LATENCY_S
    median = statistics.median(times)
    ratio = median / path
    print(f"critical path {path * 1000:.0f} ms, median {median * 1000:.0f} ms: {ratio:.3f}; at most {chosen.most}")
    return int(ratio > chosen.most)


if __name__ == "__main__":
    sys.exit(main())
