"""How search behaves as a workspace grows: `python bench/search.py [SIZES...]` writes search.json and search.svg here.

Each size runs in a process of its own over a synthetic workspace (words by Zipf's law, ids, accounts, threads) that is
deleted afterwards. Times are wall-clock milliseconds, memory is the peak of the process.
"""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from escalation_connectors.workspace import open_workspace

HERE = Path(__file__).parent
SIZES = (1_000, 10_000, 100_000, 1_000_000)
REAL = (
    "the to is and we a in of it for not customer error after login page when our user account with export order "  # noqa: SIM905
    "report api can fails since email file on data update team password sync invoice dashboard please missing timeout "
    "seen slow integration webhook import admin browser mobile payment permission release workaround urgent access "
    "sso redirect loop audit log rows csv upgrade outage token certificate quota retry latency gateway checkout".split()
)
SYLLABLES = "ba co di fe gu la mi no pe ra si to vu zen tar mol kin res por dal fin gor hel jas".split()  # noqa: SIM905


def vocabulary(size: int = 40_000) -> list[str]:
    """Real support words first, then words nobody uses, the rarer the longer."""
    dice = random.Random(7)
    words = dict.fromkeys(REAL)
    while len(words) < size:
        words["".join(dice.choices(SYLLABLES, k=3 + len(words) // 9_000))] = None
    return list(words)


def tickets(count: int) -> Iterator[dict[str, Any]]:
    """Tickets over two years, about 75 words each, from a twentieth as many accounts."""
    dice = random.Random(count)
    words = vocabulary()
    weights = list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(words))))
    start = datetime(2024, 11, 1, tzinfo=UTC)
    for number in range(count):
        drawn = dice.choices(words, cum_weights=weights, k=70)
        at = start + timedelta(seconds=number * 63_000_000 // count)
        code = f"ERR_{drawn[0].upper()}_{dice.randrange(2000)}"
        yield {
            "id": f"T-{number + 1}",
            "subject": " ".join(drawn[:7]),
            "created_at": at.isoformat(),
            "status": "open" if number % 9 else "solved",
            "account": f"ACC-{dice.randrange(max(20, count // 20))}",
            "links": [f"ORD-{dice.randrange(count // 10 + 1)}"] if number % 10 == 0 else [],
            "comments": [
                {
                    "id": "1",
                    "author": {"name": "A", "role": "customer"},
                    "at": at.isoformat(),
                    "body": " ".join(drawn[7:45]),
                },
                {"id": "2", "author": {"name": "B", "role": "agent"}, "body": f"{' '.join(drawn[45:])} {code}"},
            ],
        }


def queries(count: int) -> dict[str, list[str]]:
    """Ten queries of each sort, the same words at every size."""
    dice = random.Random(3)
    words = vocabulary()
    rare, middle = words[4_000:30_000], words[300:3_000]
    telling = REAL[17:]
    return {
        "one rare word": [dice.choice(rare) for _ in range(10)],
        "an id": [f"T-{dice.randrange(count) + 1}" for _ in range(10)],
        "common words": [" ".join(dice.sample(telling, 4)) for _ in range(10)],
        "a sentence": [
            " ".join(dice.sample(REAL, 9) + dice.sample(middle, 2) + dice.sample(rare, 1)) for _ in range(10)
        ],
    }


async def measure(folder: Path, cache: Path, count: int) -> dict[str, Any]:
    """Index once, open again warm, then search."""
    started = time.perf_counter()
    open_workspace(folder, cache=cache).close()
    indexed = time.perf_counter() - started
    index_peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.perf_counter()
    workspace = open_workspace(folder, cache=cache)
    opened = time.perf_counter() - started
    support = workspace.sources.support
    assert support is not None
    await support.search_tickets("warm up")
    sorts: dict[str, list[float]] = {}
    for sort, every in queries(count).items():
        sorts[sort] = []
        for query in [*every, *every, *every]:
            started = time.perf_counter()
            await support.search_tickets(query, limit=20)
            sorts[sort].append((time.perf_counter() - started) * 1000)
    sorts["an account"] = []
    for number in range(20):
        started = time.perf_counter()
        await support.search_tickets("login error export", account=f"ACC-{number}", limit=20)
        sorts["an account"].append((time.perf_counter() - started) * 1000)
    workspace.close()
    every_time = [each for times in sorts.values() for each in times]
    return {
        "tickets": count,
        "index_s": round(indexed, 2),
        "open_ms": round(opened * 1000, 2),
        "index_mib": round(sum(path.stat().st_size for path in cache.iterdir()) / 2**20, 1),
        "index_peak_mib": round(index_peak),
        "p50_ms": round(statistics.median(every_time), 2),
        "p95_ms": round(statistics.quantiles(every_time, n=20)[-1], 2),
        "p95_by_sort_ms": {sort: round(statistics.quantiles(times, n=20)[-1], 2) for sort, times in sorts.items()},
    }
