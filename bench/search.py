"""How search behaves as a workspace grows: `python bench/search.py [SIZES...]` writes search.json and search.svg here.

Each size is indexed and searched in processes of their own, over a synthetic workspace (words by Zipf's law, ids,
accounts, threads) that is deleted afterwards. Times are wall-clock; memory is the most that a process had.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import platform
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "connectors")]

from bench.drawing import BLUE, GREY, HEIGHT, LEFT, MIDDLE, ORANGE, TOP, WIDTH, drawn, grid, line, text  # noqa: E402
from escalation_connectors.contracts import SupportPlatform  # noqa: E402
from escalation_connectors.workspace import open_workspace  # noqa: E402

SIZES = (1_000, 10_000, 100_000, 1_000_000)
REAL = (
    "the to is and we a in of it for not customer error after login page when our user account with export order "
    "report api can fails since email file on data update team password sync invoice dashboard please missing timeout "
    "seen slow integration webhook import admin browser mobile payment permission release workaround urgent access "
    "sso redirect loop audit log rows csv upgrade outage token certificate quota retry latency gateway checkout".split()
)
SYLLABLES = "ba co di fe gu la mi no pe ra si to vu zen tar mol kin res por dal fin gor hel jas".split()


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


async def times_of(support: SupportPlatform, count: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of every search by sort, on the wall and of the processor."""
    asked = {sort: [(query, "") for query in every] * 3 for sort, every in queries(count).items()}
    asked["within an account"] = [("login error export", f"ACC-{number}") for number in range(20)]
    await support.search_tickets("login timeout")  # starts the thread and opens the index
    taken: dict[str, list[tuple[float, float]]] = {}
    for sort, every in asked.items():
        for query, account in every:
            started, worked = time.perf_counter(), time.process_time()
            await support.search_tickets(query, account=account, limit=20)
            taken.setdefault(sort, []).append(
                ((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000)
            )
    return taken


def measure(folder: Path, cache: Path, count: int) -> dict[str, Any]:
    """Opens a workspace that is indexed already and searches it."""
    started = time.perf_counter()
    workspace = open_workspace(folder, cache=cache)
    opened = (time.perf_counter() - started) * 1000
    assert workspace.sources.support is not None
    by_sort = asyncio.run(times_of(workspace.sources.support, count))
    workspace.close()
    every = [each for times in by_sort.values() for each in times]
    return {
        "open_ms": round(opened, 2),
        "p50_ms": round(statistics.median(wall for wall, _ in every), 2),
        "p95_ms": p95(wall for wall, _ in every),
        "p95_cpu_ms": p95(cpu for _, cpu in every),
        "p95_by_sort_ms": {sort: p95(wall for wall, _ in times) for sort, times in by_sort.items()},
        "search_peak_mib": peak(),
    }


def p95(times: Iterable[float]) -> float:
    """What nineteen in twenty stay under."""
    return round(statistics.quantiles(times, n=20)[-1], 2)


def index(folder: Path, cache: Path) -> dict[str, Any]:
    """Builds the index."""
    started, worked = time.perf_counter(), time.process_time()
    open_workspace(folder, cache=cache).close()
    return {
        "index_s": round(time.perf_counter() - started, 2),
        "index_cpu_s": round(time.process_time() - worked, 2),
        "index_peak_mib": peak(),
        "index_mib": round(sum(path.stat().st_size for path in cache.iterdir()) / 2**20, 1),
    }


def peak() -> int:
    """The most memory this process has had, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (2**20 if sys.platform == "darwin" else 2**10))


def apart(step: str, folder: Path, cache: Path, count: int) -> dict[str, Any]:
    """A step in a process of its own, so that one size's memory is not counted for the next."""
    command = [sys.executable, __file__, step, str(folder), str(cache), str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def run(count: int) -> dict[str, Any]:
    """Everything about one size; the data is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="search-bench-") as name:
        folder, cache = Path(name, "workspace"), Path(name, "cache")
        folder.mkdir()
        with (folder / "tickets.jsonl").open("w", encoding="utf-8") as stream:
            stream.writelines(f"{json.dumps(ticket)}\n" for ticket in tickets(count))
        size = round((folder / "tickets.jsonl").stat().st_size / 2**20, 1)
        built = apart("index", folder, cache, count)
        return {"tickets": count, "file_mib": size, **built, **apart("measure", folder, cache, count)}


COLUMNS = (
    "tickets index_s index_cpu_s index_mib index_peak_mib open_ms p50_ms p95_ms p95_cpu_ms search_peak_mib".split()
)
FLOOR, CEILING = -1, 3  # powers of ten, in milliseconds


def picture(rows: list[dict[str, Any]]) -> str:
    """Both axes by powers of ten. The dashed line is how a search would slow down that reads all the data."""
    first, last = rows[0]["tickets"], rows[-1]["tickets"]
    low, high = math.log10(first), math.log10(last)

    def place(count: float, took: float) -> tuple[float, float]:
        right = (math.log10(count) - low) / max(high - low, 1e-9)
        up = (math.log10(max(took, 10**FLOOR)) - FLOOR) / (CEILING - FLOOR)
        return LEFT + right * WIDTH, TOP + (1 - up) * HEIGHT

    def curve(key: str) -> list[tuple[float, float]]:
        return [place(row["tickets"], row[key]) for row in rows]

    base = max(rows[0]["p95_cpu_ms"], 10**FLOOR)
    reach = min(last, first * 10**CEILING / base)
    return drawn(
        "Time of one search by the number of tickets",
        (
            *(grid(f"{10.0**power:g} ms", place(first, 10**power)[1]) for power in range(FLOOR, CEILING + 1)),
            *(text(place(n, 1)[0], TOP + HEIGHT + 22, f"{n:,}", MIDDLE) for row in rows for n in [row["tickets"]]),
            line([place(first, base), place(reach, base * reach / first)], GREY, "in step with the data", dashed=True),
            line(curve("p95_ms"), ORANGE, f"p95, {rows[-1]['p95_ms']:g} ms"),
            line(curve("p95_cpu_ms"), BLUE, f"p95 of the processor, {rows[-1]['p95_cpu_ms']:g} ms", below=True),
        ),
    )


def main(sizes: list[int]) -> None:
    """Measures, writes both files, prints a table."""
    rows: list[dict[str, Any]] = []
    print(" ".join(f"{column:>15}" for column in COLUMNS))
    for count in sizes:
        rows.append(run(count))
        print(" ".join(f"{rows[-1][column]:>15,}" for column in COLUMNS), flush=True)
    for sort in rows[-1]["p95_by_sort_ms"]:
        print(f"  p95 ms, {sort}: {', '.join(str(row['p95_by_sort_ms'][sort]) for row in rows)}")
    machine = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "cpus": os.cpu_count()}
    (HERE / "search.json").write_text(json.dumps({"machine": machine, "sizes": rows}, indent=2) + "\n")
    (HERE / "search.svg").write_text(picture(rows))


if __name__ == "__main__":
    if sys.argv[1:2] == ["index"]:
        print(json.dumps(index(Path(sys.argv[2]), Path(sys.argv[3]))))
    elif sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))))
    else:
        main(sorted(int(each.replace("_", "")) for each in sys.argv[1:]) or list(SIZES))
