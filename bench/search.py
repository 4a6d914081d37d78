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

from escalation_connectors.contracts import SupportPlatform
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


def picture(rows: list[dict[str, Any]]) -> str:
    """Both axes by powers of ten: a straight line as steep as the grey one would be time that grows with the data."""
    left, top, width, height = 70, 50, 560, 300
    low, high = math.log10(rows[0]["tickets"]), math.log10(rows[-1]["tickets"])
    floor, ceiling = -1.0, 3.0

    def place(count: float, took: float) -> tuple[float, float]:
        right = (math.log10(count) - low) / max(high - low, 1e-9)
        up = (math.log10(max(took, 10**floor)) - floor) / (ceiling - floor)
        return left + right * width, top + (1 - up) * height

    def line(points: list[tuple[float, float]], colour: str, label: str, extra: str = "") -> str:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        x, y = points[-1]
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points if not extra)
        name = f'<text x="{x + 8:.1f}" y="{y + 4:.1f}" fill="{colour}">{label}</text>'
        return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" {extra}/>{dots}{name}'

    grid = [
        f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e3e6ea"/>'
        f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} ms</text>'
        for power in range(int(floor), int(ceiling) + 1)
        for _, y in [place(rows[0]["tickets"], 10**power)]
    ]
    ticks = [
        f'<text x="{place(row["tickets"], 1)[0]:.1f}" y="{top + height + 22}" text-anchor="middle">'
        f"{row['tickets']:,}</text>"
        for row in rows
    ]
    first, last = rows[0]["tickets"], rows[-1]["tickets"]
    base = max(rows[0]["p95_ms"], 0.1)
    reach = min(last, first * 10**ceiling / base)
    linear = [place(first, base), place(reach, base * reach / first)]
    curves = [
        line(linear, "#9aa4af", "in step with the data", 'stroke-dasharray="5 4"'),
        line([place(row["tickets"], row["p95_ms"]) for row in rows], "#c2410c", "p95"),
        line([place(row["tickets"], row["p50_ms"]) for row in rows], "#1d4ed8", "p50"),
    ]
    title = f'<text x="{left}" y="26" font-size="16" fill="#111">Time of a search by the number of tickets</text>'
    drawn = "".join([title, *grid, *ticks, *curves])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400" font-family="system-ui, sans-serif" '
        f'font-size="12" fill="#555"><rect width="800" height="400" fill="#fff"/>{drawn}</svg>\n'
    )


def main(sizes: list[int]) -> None:
    """Measures, writes both files, prints a table."""
    rows: list[dict[str, Any]] = []
    print("tickets     index s  index MiB  build RSS  open ms  p50 ms  p95 ms  p95 CPU  search RSS")
    for count in sizes:
        row = run(count)
        rows.append(row)
        print(
            f"{count:<11,} {row['index_s']:>7}  {row['index_mib']:>9}  {row['index_peak_mib']:>9}  "
            f"{row['open_ms']:>7}  {row['p50_ms']:>6}  {row['p95_ms']:>6}  {row['p95_cpu_ms']:>7}  {row['search_peak_mib']:>10}",
            flush=True,
        )
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
