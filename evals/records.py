"""The records of a generated workspace, in the formats of a workspace folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import yaml

from evals.names import Company, Moments, span, stamp

Record = dict[str, Any]
TARGETS = ("l2_support", "engineering", "product", "security", "leadership")


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the seed drew for one scenario: who is who, and the values of all slots."""

    random: Random
    scenario: Record
    who: Mapping[str, Company]
    slots: Mapping[str, object]
    moments: Moments

    def text(self, value: str | list[str]) -> str:
        """One of the phrasings, with its slots filled."""
        chosen = value if isinstance(value, str) else self.random.choice(value)
        return chosen.format_map(self.slots)

    def at(self, ago: str) -> str:
        """The moment so far from now."""
        return stamp(self.moments.now + span(ago))


def records_of(drawn: Drawn) -> dict[str, list[Record]]:
    """All records of the scenario, by file; a source that the traps take away has no file."""
    scenario = drawn.scenario
    tickets = [
        record
        for label, ticket in scenario["tickets"].items()
        for record in (_ticket(drawn, label, ticket), *_copies(drawn, ticket.get("copies")))
    ]
    files: dict[str, list[Record]] = {
        "tickets.jsonl": tickets,
        "messages.jsonl": [_message(drawn, n, line) for n, line in enumerate(scenario.get("messages", ()))],
        "issues.jsonl": [_issue(drawn, label, issue) for label, issue in scenario.get("issues", {}).items()],
    }
    if "look_alike" in scenario.get("traps", ()):
        tickets.append(_lookalike_ticket(drawn))
    if "no_crm" not in scenario.get("traps", ()):
        files["accounts.jsonl"] = [_account(drawn, label, told) for label, told in _accounts(drawn)]
        files["contacts.jsonl"] = [_contact(company) for company in drawn.who.values()]
        files["deals.jsonl"] = [_deal(drawn, n, deal) for n, deal in enumerate(scenario.get("deals", ()))]
        if "look_alike" in scenario.get("traps", ()):
            name = drawn.who["A"].lookalike
            files["accounts.jsonl"].append({"id": "acc-9001", "name": name, "tier": "Enterprise", "arr": 777000})
    return files


def _accounts(drawn: Drawn) -> Iterator[tuple[str, Record]]:
    for label in drawn.who:
        yield label, drawn.scenario["accounts"].get(label, {"tier": "Standard", "arr": 5000, "currency": "EUR"})


def _account(drawn: Drawn, label: str, told: Record) -> Record:
    company = drawn.who[label]
    renewal = {"renewal_date": drawn.at(told["renewal"])[:10]} if "renewal" in told else {}
    kept = {name: told[name] for name in ("tier", "arr", "currency") if name in told}
    return {"id": company.id, "name": company.name, "domain": company.domain, **kept, **renewal}


def _contact(company: Company) -> Record:
    mail = f"{company.first.lower()}@{company.domain}"
    return {"id": f"con-{company.id}", "account": company.id, "name": company.person, "email": mail, "is_primary": True}


def _deal(drawn: Drawn, number: int, deal: Record) -> Record:
    kept = {name: deal[name] for name in ("name", "amount", "currency", "stage", "kind")}
    close = drawn.at(deal["close"])[:10]
    account = drawn.who[deal["account"]].id
    return {"id": f"deal-{number + 1}", "account": account, **kept, "close_date": close, "is_open": deal["open"]}


def _ticket(drawn: Drawn, label: str, ticket: Record) -> Record:
    company = drawn.who[ticket["account"]]
    comments = [_comment(drawn, number, said, company) for number, said in enumerate(ticket["says"])]
    sla = ticket.get("sla")
    clock = {"sla": {**sla, "name": sla["target"], "due_at": drawn.at(sla["due"])}} if sla else {}
    if clock:
        clock["sla"].pop("due")
    return {
        **_head(drawn, str(drawn.slots[label]), drawn.text(ticket["subject"]), company, ticket["opened"]),
        "status": ticket.get("status", "open"),
        "priority": ticket.get("priority", "normal"),
        "updated_at": comments[-1]["at"],
        "links": [str(drawn.slots[link]) for link in ticket.get("links", ())],
        "comments": comments,
        **clock,
    }


def _head(drawn: Drawn, number: str, subject: str, company: Company, opened: str) -> Record:
    """What every ticket has; without a CRM its customer is a name and not an id."""
    known = "no_crm" not in drawn.scenario.get("traps", ())
    requester = {"name": company.person, "email": f"{company.first.lower()}@{company.domain}"}
    account = company.id if known else company.name
    return {
        "id": number,
        "subject": subject,
        "created_at": drawn.at(opened),
        "requester": requester,
        "account": account,
    }


def _comment(drawn: Drawn, number: int, said: Mapping[str, Any], company: Company) -> Record:
    ((head, text),) = said.items()
    role, *rest = head.split()
    author = {"name": company.person if role == "customer" else drawn.slots[role], "role": role}
    body = drawn.text(text)
    return {
        "id": str(number + 1),
        "author": author,
        "at": drawn.at(rest[-1]),
        "public": "note" not in rest,
        "body": body,
    }


def _copies(drawn: Drawn, copies: Record | None) -> Iterator[Record]:
    """Many customers with the same report, one every few minutes."""
    for number in range(copies["count"] if copies else 0):
        assert copies is not None
        company = drawn.who[f"copy{number}"]
        ago = f"-{(number + 1) * int(copies['every'].rstrip('m'))}m"
        says = _comment(drawn, 0, {f"customer {ago}": copies["says"]}, company)
        head = _head(drawn, str(90_000 + number), drawn.text(copies["subject"]), company, ago)
        yield {**head, "status": "new", "updated_at": says["at"], "comments": [says]}


def _lookalike_ticket(drawn: Drawn) -> Record:
    """Another customer with a similar name, who wants something else."""
    company = replace(drawn.who["A"], id="acc-9001", name=drawn.who["A"].lookalike, person="Ottilie Brandt")
    says = {"customer -19h": "Hello, please send our invoices to accounting instead of to me from now on. Thank you!"}
    head = _head(drawn, "99001", "Change of the billing contact", company, "-19h")
    return {**head, "status": "open", "comments": [_comment(drawn, 0, says, company)]}


def _message(drawn: Drawn, number: int, line: Mapping[str, Any]) -> Record:
    ((head, text),) = line.items()
    channel, role, ago = head.split()
    author = {"name": drawn.slots[role], "role": role}
    return {"id": f"m{number + 1}", "channel": channel, "at": drawn.at(ago), "author": author, "text": drawn.text(text)}


def _issue(drawn: Drawn, label: str, issue: Record) -> Record:
    times = {"created_at": drawn.at(issue["opened"])}
    if "resolved" in issue:
        times["resolved_at"] = drawn.at(issue["resolved"])
    named = {
        "affects": "affects_version",
        "fix": "fix_version",
        "kind": "kind",
        "status": "status",
        "priority": "priority",
    }
    told = {key: drawn.text(issue[name]) for name, key in named.items() if name in issue}
    links = [str(drawn.slots[link]) for link in issue.get("links", ())]
    title, body = drawn.text(issue["title"]), drawn.text(issue["body"])
    return {"key": str(drawn.slots[label]), "title": title, **times, **told, "body": body, "links": links}


def plant(tickets: list[Record], text: str) -> None:
    """Append a text to the customer's last words in the first ticket."""
    theirs = [comment for comment in tickets[0]["comments"] if comment["author"]["role"] == "customer"]
    theirs[-1]["body"] += f"\n\n{text}"


def write(folder: Path, drawn: Drawn, files: Mapping[str, list[Record]]) -> Path:
    """Write a workspace folder with these records, the scenario's articles and a profile, and give the folder."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    for name, records in files.items():
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    for article in drawn.scenario.get("articles", ()):
        head = yaml.safe_dump({name: article[name] for name in ("id", "title", "kind")}, sort_keys=False)
        (folder / "articles" / f"{article['id']}.md").write_text(
            f"---\n{head}---\n{article['body']}\n", encoding="utf-8"
        )
    profile = yaml.safe_dump(_profile(drawn.scenario), sort_keys=False)
    (folder / "workspace.yaml").write_text(profile, encoding="utf-8")
    return folder


def _profile(scenario: Record) -> Record:
    return {
        "company": scenario["company"],
        "products": scenario["products"],
        "timezone": "Europe/Berlin",
        "reporter": f"{scenario['company']} Support",
        "teams": {target: {"channel": f"#{target.replace('_', '-')}-escalations"} for target in TARGETS},
    }
