"""Small companies for the tests of the seven steps: records with plain defaults, written down as a workspace folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from customer_escalation import settings, workflow
from customer_escalation.brief import NextStep, Reason, Result
from customer_escalation.workflow import Request

NOW = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
"""A Thursday noon: every "hours ago" below is counted from here."""

Record = dict[str, Any]
FILES = ("tickets", "accounts", "contacts", "deals", "messages", "issues")


def ago(hours: float) -> str:
    """The moment this many hours before NOW, as a record writes it; after NOW where negative."""
    return (NOW - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def said(role: str, name: str, text: str, hours: float | None, public: bool) -> Record:
    """A comment; without `hours` its ticket or issue says when."""
    at = {} if hours is None else {"at": ago(hours)}
    return {"author": {"name": name, "role": role}, "body": text, "public": public, **at}


def customer(text: str, hours: float | None = None, name: str = "Ada Lund") -> Record:
    """What a customer says in public."""
    return said("customer", name, text, hours, public=True)


def agent(text: str, hours: float | None = None, *, public: bool = True) -> Record:
    """What our support says."""
    return said("agent", "Ravi Shah", text, hours, public)


def engineer(text: str, hours: float | None = None, *, public: bool = False) -> Record:
    """What our engineering says, inside unless told otherwise."""
    return said("engineer", "Nils Berg", text, hours, public)


class Company:
    """A workspace folder in the making. All five sources are connected, save the files named in `without`."""

    def __init__(self, folder: Path, *without: str, **profile: Any) -> None:
        self.folder = folder / "company"
        self._without = without
        self._profile: Record = {"company": "Larkfield", "reporter": "Larkfield Support", **profile}
        self._records: dict[str, list[Record]] = {name: [] for name in FILES}
        self._articles: list[tuple[Record, str]] = []

    def ticket(self, subject: str, *comments: Record, hours: float = 10, **fields: Any) -> str:
        """Add a ticket opened `hours` ago, a comment each hour from then on; its evidence id, such as T-101."""
        number = str(101 + len(self._records["tickets"]))
        spoken = _in_order(comments, hours)
        known: Record = {"id": number, "subject": subject, "created_at": ago(hours), "status": "open"}
        self._records["tickets"].append({**known, "comments": spoken, **fields})
        return f"T-{fields.get('id', number)}"

    def account(self, name: str, **fields: Any) -> str:
        """Add a CRM account; its evidence id is A- and the name's first word in lower case."""
        key = name.split()[0].lower()
        self._records["accounts"].append({"id": key, "name": name, **fields})
        return f"A-{key}"

    def deal(self, account: str, amount: float, currency: str = "USD", **fields: Any) -> str:
        """Add a deal of an account; its evidence id, such as D-d1."""
        key = f"d{1 + len(self._records['deals'])}"
        known: Record = {"id": key, "account": account, "name": f"Offer {key}", "is_open": True, "stage": "proposal"}
        self._records["deals"].append({**known, "amount": amount, "currency": currency, **fields})
        return f"D-{key}"

    def message(self, text: str, hours: float = 5, **fields: Any) -> str:
        """Add a chat message of an engineer; its evidence id, such as M-m1."""
        key = f"m{1 + len(self._records['messages'])}"
        known: Record = {"id": key, "channel": "#support", "at": ago(hours), "text": text, "thread": "m1"}
        self._records["messages"].append({**known, "author": {"name": "Nils Berg", "role": "engineer"}, **fields})
        return f"M-{key}"

    def issue(self, title: str, *comments: Record, hours: float = 8, **fields: Any) -> str:
        """Add a tracker issue opened `hours` ago; its evidence id, such as I-ENG-1."""
        key = f"ENG-{1 + len(self._records['issues'])}"
        known: Record = {"key": key, "title": title, "created_at": ago(hours), "kind": "bug", "status": "open"}
        self._records["issues"].append({**known, "comments": _in_order(comments, hours), **fields})
        return f"I-{key}"

    def article(self, title: str, body: str, kind: str = "guide", **fields: Any) -> str:
        """Add an article; its evidence id, such as K-kb1."""
        key = f"kb{1 + len(self._articles)}"
        self._articles.append(({"id": key, "title": title, "kind": kind, **fields}, body))
        return f"K-{key}"

    def write(self) -> Path:
        """Write the folder down and give it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "workspace.yaml").write_text(yaml.safe_dump(self._profile), encoding="utf-8")
        for name in set(FILES) - set(self._without):
            text = "".join(json.dumps(record) + "\n" for record in self._records[name])
            (self.folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
        if "articles" not in self._without:
            (self.folder / "articles").mkdir(exist_ok=True)
        for front, body in self._articles:
            text = f"---\n{yaml.safe_dump(front)}---\n{body}\n"
            (self.folder / "articles" / f"{front['id']}.md").write_text(text, encoding="utf-8")
        return self.folder

    async def escalate(self, issue: str, about: str = "", now: datetime = NOW) -> Result:
        """Write the folder down and run the whole workflow over it; each line it says is supported."""
        setting = settings.open_setting(self.write())
        try:
            result = await workflow.escalate(Request(issue, now, about), setting)
        finally:
            setting.close()
        assert not result.verification.unsupported, result.verification.unsupported
        return result


def _in_order(comments: Iterable[Record], hours: float) -> list[Record]:
    return [{"at": ago(hours - number), **comment} for number, comment in enumerate(comments)]


def holding(result: Result) -> dict[str, Reason]:
    """The criteria that hold, by id."""
    return {reason.criterion: reason for reason in result.reasons if reason.holds}


def verdict(result: Result) -> tuple[str, str | None, str | None]:
    """Decision, severity and target."""
    return result.decision, result.severity, result.target


def steps(result: Result, kind: str) -> list[NextStep]:
    """The next steps of this kind."""
    return [step for step in result.next_steps if step.kind == kind]


def pointed_out(result: Result, *words: str) -> list[str]:
    """The insights that hold all of these words."""
    return [s.text for s in result.brief.insights if all(word in s.text for word in words)]
