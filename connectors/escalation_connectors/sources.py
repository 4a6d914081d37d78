"""The set of sources one run reads: a connector per category, or none."""

from __future__ import annotations

from dataclasses import dataclass

from escalation_connectors.contracts import CRM, Chat, KnowledgeBase, ProjectTracker, SupportPlatform


@dataclass(frozen=True, slots=True)
class Sources:
    """None means that the category is not connected."""

    support: SupportPlatform | None = None
    crm: CRM | None = None
    chat: Chat | None = None
    tracker: ProjectTracker | None = None
    knowledge: KnowledgeBase | None = None
