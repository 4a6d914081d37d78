"""The set of sources one run reads: a connector per category, or none."""

from __future__ import annotations

from msgspec import Struct

from escalation_connectors.contracts import CRM, Chat, KnowledgeBase, ProjectTracker, SupportPlatform


class Sources(Struct, frozen=True):
    """None means that the category is not connected."""

    support: SupportPlatform | None = None
    crm: CRM | None = None
    chat: Chat | None = None
    tracker: ProjectTracker | None = None
    knowledge: KnowledgeBase | None = None
