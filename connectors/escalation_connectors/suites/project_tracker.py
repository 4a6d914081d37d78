"""What every tracker connector must do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from escalation_connectors.contracts import ProjectTracker
from escalation_connectors.errors import NotFound


@dataclass(frozen=True)
class TrackerExample:
    """A connector, and what its source holds: `query` finds `best` first, which has so many comments."""

    tracker: ProjectTracker
    query: str
    best: str
    comments: int


@pytest.mark.asyncio
class ProjectTrackerContract:
    """Subclass it as `TestX` and set `make`, which is given an empty folder."""

    make: ClassVar[staticmethod[[Path], TrackerExample]]

    @pytest.fixture
    def example(self, tmp_path: Path) -> TrackerExample:
        return type(self).make(tmp_path)

    async def test_the_best_match_comes_first(self, example: TrackerExample) -> None:
        page = await example.tracker.search_issues(example.query)
        assert page.items[0].key == example.best

    async def test_an_issue_is_found_by_its_key(self, example: TrackerExample) -> None:
        page = await example.tracker.search_issues(example.best)
        assert page.items[0].key == example.best

    @pytest.mark.parametrize("query", ["", '"', "* OR NEAR(", "🙈", "x" * 9000])
    async def test_any_text_is_plain_words(self, example: TrackerExample, query: str) -> None:
        assert (await example.tracker.search_issues(query)).items == ()

    async def test_an_issue_comes_with_its_comments(self, example: TrackerExample) -> None:
        issue = await example.tracker.get_issue(example.best)
        assert (issue.key, issue.comments.read) == (example.best, example.comments)
        assert issue.created_at.utcoffset() is not None

    async def test_an_unknown_issue_is_not_found(self, example: TrackerExample) -> None:
        with pytest.raises(NotFound) as caught:
            await example.tracker.get_issue("NO-0")
        assert caught.value.source == example.tracker.name
