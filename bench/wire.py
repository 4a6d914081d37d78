"""The Acme case read from five vendors' shapes, 200 ms an answer, against its own critical path.

    python bench/wire.py [--runs 7] [--most 1.2]

The critical path is what the same run takes on a clock that only waiting moves. Exit status 1 where the median exceeds
--most times that.
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

from tests.vendors.wire import LATENCY_S, brief, over_the_wire  # noqa: E402
from tests.virtual_time import elapsed  # noqa: E402


def seconds() -> float:
    """How long one brief takes."""
    setting, _ = over_the_wire()
    started = time.perf_counter()
    asyncio.run(brief(setting))
    taken = time.perf_counter() - started
    setting.close()
    return taken


def main() -> int:
    """Run it several times and tell the requests, the waves and the median as a ratio to the critical path."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--most", type=float, default=1.2)
    chosen = options.parse_args()
    setting, company = over_the_wire()
    _, path = elapsed(brief(setting))
    setting.close()
    median = statistics.median(seconds() for _ in range(chosen.runs))
    ratio = median / path
    print(f"{len(company.asked)} requests in {path / LATENCY_S:.1f} waves of {LATENCY_S * 1000:.0f} ms")
    print(f"critical path {path * 1000:.0f} ms, median {median * 1000:.0f} ms: {ratio:.3f}; at most {chosen.most}")
    return int(ratio > chosen.most)


if __name__ == "__main__":
    sys.exit(main())
