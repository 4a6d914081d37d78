"""What every connector of a category must do, as test classes; the only modules here that need pytest.

They also need pytest-asyncio. A connector joins with a class of its own: `class TestMine(ChatContract)`, with a `make`
that gives an example of what its source holds.
"""

from __future__ import annotations

import pytest

# Before these are imported, so that a failure shows both sides of what was compared.
pytest.register_assert_rewrite(
    *(f"{__name__}.{name}" for name in ("chat", "crm", "knowledge_base", "project_tracker", "support_platform"))
)

from escalation_connectors.suites.chat import ChatContract, ChatExample  # noqa: E402
from escalation_connectors.suites.crm import CRMContract, CRMExample  # noqa: E402
from escalation_connectors.suites.knowledge_base import KnowledgeBaseContract, KnowledgeExample  # noqa: E402
from escalation_connectors.suites.project_tracker import ProjectTrackerContract, TrackerExample  # noqa: E402
from escalation_connectors.suites.support_platform import SupportExample, SupportPlatformContract  # noqa: E402

__all__ = [
    "CRMContract",
    "CRMExample",
    "ChatContract",
    "ChatExample",
    "KnowledgeBaseContract",
    "KnowledgeExample",
    "ProjectTrackerContract",
    "SupportExample",
    "SupportPlatformContract",
    "TrackerExample",
]
