"""What every knowledge base connector must do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from escalation_connectors.contracts import KnowledgeBase
from escalation_connectors.errors import NotFound


@dataclass(frozen=True)
class KnowledgeExample:
    """A connector, and what its source holds: `query` finds `best` first, whose body holds `sentence`."""

    knowledge: KnowledgeBase
    query: str
    best: str
    sentence: str


@pytest.mark.asyncio
class KnowledgeBaseContract:
    """Subclass it as `TestX` and set `make`, which is given an empty folder."""

    make: ClassVar[staticmethod[[Path], KnowledgeExample]]

    @pytest.fixture
    def example(self, tmp_path: Path) -> KnowledgeExample:
        return type(self).make(tmp_path)

    async def test_the_best_match_comes_first(self, example: KnowledgeExample) -> None:
        page = await example.knowledge.search_articles(example.query)
        assert page.items[0].id == example.best

    @pytest.mark.parametrize("query", ["", '"', "* OR NEAR(", "🙈", "x" * 9000])
    async def test_any_text_is_plain_words(self, example: KnowledgeExample, query: str) -> None:
        assert (await example.knowledge.search_articles(query)).items == ()

    async def test_an_article_is_whole(self, example: KnowledgeExample) -> None:
        article = await example.knowledge.get_article(example.best)
        assert example.sentence in article.body

    async def test_an_unknown_article_is_not_found(self, example: KnowledgeExample) -> None:
        with pytest.raises(NotFound) as caught:
            await example.knowledge.get_article("no-such-article")
        assert caught.value.source == example.knowledge.name
