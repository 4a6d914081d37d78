"""The workspace and the fakes keep the five contracts. A connector joins a suite with one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from escalation_connectors.fakes import fake_sources
from escalation_connectors.sources import Sources
from escalation_connectors.suites import (
    ChatContract,
    ChatExample,
    CRMContract,
    CRMExample,
    KnowledgeBaseContract,
    KnowledgeExample,
    ProjectTrackerContract,
    SupportExample,
    SupportPlatformContract,
    TrackerExample,
)
from escalation_connectors.workspace import open_workspace
from tests.contracts import company

Open = Callable[[Path], Sources]


def workspace(folder: Path) -> Sources:
    return open_workspace(company.write(folder / "company"), cache=folder / "cache").sources


def fakes(_: Path) -> Sources:
    return fake_sources(
        tickets=company.TICKETS,
        accounts=company.ACCOUNTS,
        contacts=company.CONTACTS,
        deals=company.DEALS,
        messages=company.MESSAGES,
        issues=company.ISSUES,
        articles=company.ARTICLES,
    )


def support(open_: Open) -> Callable[[Path], SupportExample]:
    def make(folder: Path) -> SupportExample:
        connector = open_(folder).support
        assert connector is not None
        return SupportExample(
            connector,
            query="login loops",
            best="T-2",
            comments=1,
            account=("ACC-1", "acc-1", "Acme Corp", "ACME CORP", "Acme", "acme.example"),
            owned=frozenset({"T-1", "T-2"}),
            since=company.at(7),
            younger=frozenset({"T-3", "T-4"}),
            linked=(
                ("ORD-3310", frozenset({"T-1"})),
                ("ord-3311", frozenset({"T-1"})),
                ("https://tracker.example/browse/ORD-3311", frozenset({"T-1"})),
                ("https://tracker.example/browse/ORD-3310", frozenset({"T-1"})),
                ("https://elsewhere.example/browse/ORD-3311", frozenset()),
                ("T-1", frozenset({"T-4"})),
                ("T-9", frozenset()),
            ),
        )

    return make


def crm(open_: Open) -> Callable[[Path], CRMExample]:
    def make(folder: Path) -> CRMExample:
        connector = open_(folder).crm
        assert connector is not None
        return CRMExample(
            connector,
            account="ACC-1",
            name="Acme Corp",
            near=("Acme", "ACME Corporation", "acme corp.", "acme.example", "Acem Corp", "Acme, Inc.", "ACC-1"),
            contacts=frozenset({"C-1", "C-2"}),
            deals=frozenset({"D-1", "D-2"}),
        )

    return make


def chat(open_: Open) -> Callable[[Path], ChatExample]:
    def make(folder: Path) -> ChatExample:
        connector = open_(folder).chat
        assert connector is not None
        return ChatExample(
            connector,
            query="gateway exhausted",
            best="M-1",
            since=company.at(5),
            younger=frozenset({"M-4"}),
            channel="#eng",
            thread=("M-1", "M-2", "M-3"),
        )

    return make


def tracker(open_: Open) -> Callable[[Path], TrackerExample]:
    def make(folder: Path) -> TrackerExample:
        connector = open_(folder).tracker
        assert connector is not None
        return TrackerExample(connector, query="login loop", best="ORD-3311", comments=1)

    return make


def knowledge(open_: Open) -> Callable[[Path], KnowledgeExample]:
    def make(folder: Path) -> KnowledgeExample:
        connector = open_(folder).knowledge
        assert connector is not None
        return KnowledgeExample(connector, query="SSO loop", best="KB-1", sentence="Clear the cookies.")

    return make


class TestWorkspaceSupport(SupportPlatformContract):
    make = staticmethod(support(workspace))


class TestWorkspaceCRM(CRMContract):
    make = staticmethod(crm(workspace))


class TestWorkspaceChat(ChatContract):
    make = staticmethod(chat(workspace))


class TestWorkspaceTracker(ProjectTrackerContract):
    make = staticmethod(tracker(workspace))


class TestWorkspaceKnowledge(KnowledgeBaseContract):
    make = staticmethod(knowledge(workspace))


class TestFakeSupport(SupportPlatformContract):
    make = staticmethod(support(fakes))


class TestFakeCRM(CRMContract):
    make = staticmethod(crm(fakes))


class TestFakeChat(ChatContract):
    make = staticmethod(chat(fakes))


class TestFakeTracker(ProjectTrackerContract):
    make = staticmethod(tracker(fakes))


class TestFakeKnowledge(KnowledgeBaseContract):
    make = staticmethod(knowledge(fakes))
