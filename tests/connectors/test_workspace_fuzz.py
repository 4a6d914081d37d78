"""Whatever the files hold, a workspace opens or says one clear line, and every answer can be read."""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_connectors.errors import InputError
from escalation_connectors.sources import Sources
from escalation_connectors.workspace import open_workspace

FILES = ("tickets.jsonl", "accounts.jsonl", "contacts.jsonl", "deals.jsonl", "messages.jsonl", "issues.jsonl")
KEYS = (
    "id key name subject title text created_at at account channel comments author role links tags sla due_at arr notes "
    "requester attachments aliases public is_open thread body".split()
)
TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(["2026-11-17", "2026-11-17T15:02:00Z", "customer", "T-1", "\ud800", "\0"])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=12,
)
WHOLE = {
    "id": "T-1",
    "key": "K-1",
    "name": "n",
    "subject": "s",
    "title": "t",
    "text": "x",
    "account": "a",
    "channel": "c",
}
RECORDS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6).map(
    lambda drawn: {**WHOLE, "created_at": "2026-11-17", "at": "2026-11-17", **drawn}
)
LINES = st.one_of(
    RECORDS.map(lambda value: json.dumps(value).encode()),
    RECORDS.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")),
    VALUES.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=60),
)
FRONT = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80).map(str.encode),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=5).map(lambda value: json.dumps(value)[1:-1].encode()),
)


@settings(max_examples=250, deadline=None)
@given(file=st.sampled_from(FILES), lines=st.lists(LINES, max_size=4), front=FRONT, query=st.text(max_size=40))
def test_no_content_makes_a_traceback(file: str, lines: list[bytes], front: bytes, query: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / file).write_bytes(b"\n".join(lines))
        (folder / "articles").mkdir()
        (folder / "articles" / "a.md").write_bytes(b"---\n" + front + b"\n---\n" + front)
        said = complaint(folder)
        assert said.isprintable()
        assert len(said) < 400
        workspace = open_workspace(folder, cache=folder / "cache", skip_invalid=True)
        asyncio.run(ask(workspace.sources, query))
        workspace.close()


def complaint(folder: Path) -> str:
    try:
        open_workspace(folder, cache=folder / "cache").close()
    except InputError as problem:
        return str(problem)
    return ""


async def ask(sources: Sources, query: str) -> None:
    if sources.support is not None:
        await sources.support.search_tickets(query, account=query)
        await sources.support.linked_tickets(query)
    if sources.chat is not None:
        await sources.chat.search_messages(query)
    if sources.tracker is not None:
        await sources.tracker.search_issues(query)
    if sources.knowledge is not None:
        await sources.knowledge.search_articles(query)
