"""Ranks records by the words of a query (BM25), in bounded time however many records there are.

Scoring every record that holds a common word would cost time in proportion to the workspace. So the rare words choose
the candidates; where there are not enough, the newest records that hold most of the common words join them; and the
common words then only count within those candidates. Where no word is common this is plain BM25 over everything.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from escalation_connectors.records import Page
from escalation_connectors.workspace.kinds import GLUE, TOKENIZER, Kind, codes
from escalation_connectors.workspace.lookup import clamp, first_since, last, number, records

R = TypeVar("R")
BUDGET = 10_000  # records that one step of a search may go through
POOL = 100  # candidates within which common words are counted
_COUNTED = 6  # common words that are counted, the rarer first
_WORDS = 32  # words of a query that are used
_ATOM = re.compile(r"[^\W_]+")
_WEIGHTS = (4.0, 1.0, 2.0, 0.0)
_STOP = frozenset(
    "a an and are as at be been but by can do does for from has have he her his i if in into is it its me my no not "
    "of on or our she so than that the their them then there they this to us was we were what when which who will "
    "with you your".split()
)


class _Query(Struct, frozen=True):
    """What is asked: any of the words, within the facets where there are some, from a record number on."""

    words: tuple[str, ...]
    facets: tuple[str, ...]
    floor: int

    def match(self, words: Iterable[str], glue: str = " OR ") -> str:
        wanted = glue.join(map(_quoted, words))
        return f"({' OR '.join(map(_quoted, self.facets))}) AND ({wanted})" if self.facets else wanted


def query_words(query: str) -> list[str]:
    """The words to look for, each once: ids in one piece, and no words that say nothing unless there are no others."""
    query = query[:4000]
    glued = codes(query).split()
    atoms = [atom.lower() for atom in _ATOM.findall(query)]
    telling = [atom for atom in atoms if atom not in _STOP] or atoms
    return list(dict.fromkeys([*(code.lower() for code in glued), *telling]))[:_WORDS]


def search(
    connection: sqlite3.Connection,
    kind: Kind[R],
    query: str,
    *,
    facets: Sequence[str] = (),
    since: datetime | None = None,
    limit: int,
) -> Page[R]:
    """The records that hold any of the words, best first; then newest. `total` is None where counting would be slow."""
    limit = clamp(limit)
    words = _without_parts(connection, query_words(query))
    if not words:
        return Page(())
    asked = _Query(tuple(words), tuple(facets), first_since(connection, since))
    common = _common(connection, (*words, *facets))
    anchors, dropped = _plan(words, common)
    if not dropped:
        return _search_all(connection, kind, asked, limit)
    return _search_some(connection, kind, asked, anchors, {word: common[word] for word in dropped}, common, limit)


def _without_parts(connection: sqlite3.Connection, words: list[str]) -> list[str]:
    """An id that is there stands for itself: its parts ("2026", "11" and "17") would only find something else."""
    whole = (word for word in words if _is_id(word) and _holding_any(connection, word))
    parts = {part for word in whole for part in word.split(GLUE)}
    return [word for word in words if word not in parts]


def _is_id(word: str) -> bool:
    """ORD-3310, 2.14, ERR_TOO_MANY_REDIRECTS and acme-corp.example are; checkout-api is two words as well."""
    return GLUE in word and (word.count(GLUE) > 1 or any(map(str.isdigit, word)))


def _holding_any(connection: sqlite3.Connection, word: str) -> bool:
    sql = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
    return connection.execute(sql, (_quoted(word),)).fetchone() is not None


def _plan(words: Sequence[str], common: dict[str, int]) -> tuple[list[str], list[str]]:
    """The words that may choose candidates, and those too common for that, the rarer first.

    Where no word is rare, one common word alone would choose badly: then all of them together do.
    """
    anchors = [word for word in words if word not in common]
    dropped: list[str] = []
    spent = 0
    for word in sorted((word for word in words if word in common), key=common.__getitem__):
        spent += common[word]
        (anchors if spent <= BUDGET else dropped).append(word)
    if dropped and all(word in common for word in anchors):
        return [], anchors + dropped
    return anchors, dropped


def _search_all(connection: sqlite3.Connection, kind: Kind[R], asked: _Query, limit: int) -> Page[R]:
    match = asked.match(asked.words)
    found = [n for n, _ in _scored(connection, match, asked.floor, limit)]
    total = number(connection, "SELECT count(*) FROM words WHERE words MATCH ? AND rowid >= ?", match, asked.floor)
    return Page(tuple(records(connection, kind, found)), total=total, cut=total > len(found))


def _search_some(
    connection: sqlite3.Connection,
    kind: Kind[R],
    asked: _Query,
    anchors: Sequence[str],
    dropped: dict[str, int],
    common: dict[str, int],
    limit: int,
) -> Page[R]:
    pool = max(POOL, limit + 1)
    scores: dict[int, float] = {}
    if anchors:
        scores.update(_scored(connection, asked.match(anchors), asked.floor, pool))
    if len(scores) < pool:
        _join_newest(connection, asked, dropped, common, scores, pool)
    _count_common(connection, scores, dropped)
    best = sorted(scores, key=lambda n: (-scores[n], -n))
    return Page(tuple(records(connection, kind, best[:limit])), cut=len(best) > limit)


def _scored(connection: sqlite3.Connection, match: str, floor: int, limit: int) -> list[tuple[int, float]]:
    sql = (
        f"SELECT rowid, -bm25(words, {', '.join(map(str, _WEIGHTS))}) FROM words "  # noqa: S608 - our own numbers
        "WHERE words MATCH ? AND rowid >= ? ORDER BY 2 DESC, 1 DESC LIMIT ?"
    )
    return connection.execute(sql, (match, floor, limit)).fetchall()


def _join_newest(
    connection: sqlite3.Connection,
    asked: _Query,
    dropped: dict[str, int],
    common: dict[str, int],
    scores: dict[int, float],
    pool: int,
) -> None:
    """Adds the newest records with all of the common words, then with fewer of them, until the pool is full."""
    words = list(dropped)
    floor = max(asked.floor, _window(connection, asked, dropped, common))
    steps = [(words[:size], " AND ") for size in range(min(4, len(words)), 0, -1)]
    for some, glue in [*steps, (words, " OR ")]:
        rows = connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?",
            (asked.match(some, glue), floor, pool),
        )
        for (n,) in rows:
            scores.setdefault(n, 0.0)
        if len(scores) >= pool:
            return


def _window(connection: sqlite3.Connection, asked: _Query, dropped: dict[str, int], common: dict[str, int]) -> int:
    """From which record on the search has to go through no more than the budget."""
    through = min(dropped.values())
    if asked.facets:
        through = min(through, sum(common.get(facet, 0) for facet in asked.facets))
    newest = last(connection)
    return newest - newest * BUDGET // through if through > BUDGET else 0


def _common(connection: sqlite3.Connection, words: Sequence[str]) -> dict[str, int]:
    """How many records hold each word, of those words that are common."""
    if connection.execute("SELECT 1 FROM common LIMIT 1").fetchone() is None:
        return {}
    counts: dict[str, int] = {}
    for word, term in _terms(connection, words).items():
        row = connection.execute("SELECT records FROM common WHERE term = ?", (term,)).fetchone()
        if row is not None:
            counts[word] = row[0]
    return counts


def _terms(connection: sqlite3.Connection, words: Sequence[str]) -> dict[str, str]:
    """How the index spells each word (its stem), by letting SQLite itself index the words."""
    connection.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.probe USING fts5(word, content='', tokenize='{TOKENIZER}')"
    )
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.probe_terms USING fts5vocab(temp, probe, instance)")
    connection.execute("BEGIN")
    connection.execute("INSERT INTO temp.probe(probe) VALUES ('delete-all')")
    connection.executemany("INSERT INTO temp.probe(rowid, word) VALUES (?, ?)", enumerate(words))
    connection.execute("COMMIT")
    spelt: dict[int, str] = dict(connection.execute("SELECT doc, term FROM temp.probe_terms").fetchall())
    return {words[position]: term for position, term in spelt.items()}


def _count_common(connection: sqlite3.Connection, scores: dict[int, float], dropped: dict[str, int]) -> None:
    """Adds to each candidate what the common words are worth: BM25 where each occurs once, or also in the title."""
    counted = last(connection)
    for word, often in list(dropped.items())[:_COUNTED]:
        worth = math.log(1 + (counted - often + 0.5) / (often + 0.5))
        held = _holding(connection, _quoted(word), scores)
        titled = set(_holding(connection, f"title : {_quoted(word)}", held))
        for n in held:
            weight = 1.0 + _WEIGHTS[0] * (n in titled)
            scores[n] += worth * weight * 2.2 / (weight + 1.2)


def _holding(connection: sqlite3.Connection, match: str, among: Iterable[int]) -> list[int]:
    numbers = ", ".join(map(str, sorted(among)))
    sql = f"SELECT rowid FROM words WHERE words MATCH ? AND rowid IN ({numbers})"  # noqa: S608 - our own numbers
    return [n for (n,) in connection.execute(sql, (match,))]


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
