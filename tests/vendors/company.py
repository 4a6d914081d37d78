"""The sample company, as Zendesk, HubSpot, Slack, Jira and Confluence would serve it: what a brief costs there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

Json = dict[str, Any]
WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
ZENDESK, SITE = "https://larkfield.zendesk.com", "https://larkfield.atlassian.net"


class Company(httpx2.AsyncBaseTransport):
    """Five vendors, each of whose answers takes `latency` seconds; `asked` tells when each request came."""

    def __init__(self, folder: Path, latency: float) -> None:
        self._latency = latency
        self.asked: list[tuple[float, str]] = []
        self.tickets, self.accounts, self.contacts, self.deals, self.messages, self.issues = (
            [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line]
            for name in ("tickets", "accounts", "contacts", "deals", "messages", "issues")
        )
        self.articles = [
            _article(path.read_text(encoding="utf-8")) for path in sorted((folder / "articles").glob("*.md"))
        ]
        self.people = _people(self.tickets)
        self._names = {account["id"]: account["name"] for account in self.accounts}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        host, path = request.url.host, request.url.path
        self.asked.append(
            (asyncio.get_running_loop().time(), f"{request.method} {host}{path} {request.url.query.decode()}")
        )
        await asyncio.sleep(self._latency)
        for start, answer in self._routes():
            if f"{host}{path}".startswith(start):
                found = answer(path, request)
                return httpx2.Response(404, json={}) if found is None else httpx2.Response(200, json=found)
        raise AssertionError(f"{request.method} {request.url}")

    def _routes(self) -> Iterable[tuple[str, Callable[[str, httpx2.Request], Json | None]]]:
        return (
            ("larkfield.zendesk.com/api/v2/search", self.zendesk_search),
            ("larkfield.zendesk.com/api/v2/tickets/", self.zendesk_ticket),
            ("api.hubapi.com/crm/objects/", self.hubspot),
            ("slack.com/api/search.messages", self.slack_search),
            ("slack.com/api/conversations.replies", self.slack_thread),
            ("larkfield.atlassian.net/rest/api/3/search/jql", self.jira_search),
            ("larkfield.atlassian.net/rest/api/3/issue/", self.jira_issue),
            ("larkfield.atlassian.net/wiki/rest/api/content/search", self.confluence_search),
            ("larkfield.atlassian.net/wiki/api/v2/pages/", self.confluence_page),
        )

    # Zendesk: every word must occur, in the subject or in a comment.
    def zendesk_search(self, _: str, request: httpx2.Request) -> Json:
        query = request.url.params["query"].removeprefix("type:ticket").strip()
        within = re.search(r'organization:"([^"]*)"', query)
        words = _words(re.sub(r'\S+:"[^"]*"|created>=\S+', "", query))
        since = re.search(r"created>=(\S+)", query)
        found = [
            ticket
            for ticket in self.tickets
            if (within is None or within[1].lower() == self._names.get(ticket.get("account", ""), "").lower())
            and all(word in _told(ticket) for word in words)
            and (since is None or ticket["created_at"] >= since[1])
        ]
        size = int(request.url.params["per_page"])
        found.sort(key=lambda ticket: str(ticket["created_at"]), reverse=True)
        best = sorted(found, key=lambda ticket: -sum(_told(ticket).count(word) for word in words))
        rows = [self._ticket(ticket) for ticket in best[:size]]
        return {"results": rows, "count": len(found), "next_page": None, **self._sides(best[:size])}

    def zendesk_ticket(self, path: str, _: httpx2.Request) -> Json | None:
        ticket = next((each for each in self.tickets if each["id"] == path.split("/")[4]), None)
        if ticket is None:
            return None
        if not path.endswith("/comments"):
            return {"ticket": self._ticket(ticket), **self._sides([ticket])}
        rows: list[Json] = [
            {
                "id": int(ticket["id"]) * 100 + number,
                "author_id": self._person(comment["author"]),
                "body": comment["body"],
                "public": comment.get("public", True),
                "created_at": comment["at"],
                "attachments": [],
            }
            for number, comment in enumerate(ticket["comments"], 1)
        ]
        return {"comments": rows, "users": list(self.people.values()), "count": len(rows), "meta": {"has_more": False}}

    def _ticket(self, ticket: Json) -> Json:
        return {
            "id": int(ticket["id"]),
            "url": f"{ZENDESK}/api/v2/tickets/{ticket['id']}.json",
            "subject": ticket["subject"],
            "description": ticket["comments"][0]["body"],
            "created_at": ticket["created_at"],
            "status": ticket["status"],
            "updated_at": ticket.get("updated_at"),
            "priority": ticket.get("priority"),
            "tags": ticket.get("tags", []),
            "requester_id": self._person(ticket["requester"]),
            "organization_id": _number(ticket.get("account", "")),
            "via": {"channel": ticket.get("channel", "")},
        }

    def _person(self, author: Json) -> int:
        return int(self.people[author.get("name", "")]["id"])

    def _sides(self, tickets: Iterable[Json]) -> Json:
        accounts = {ticket["account"] for ticket in tickets if ticket.get("account")}
        organizations = [{"id": _number(each), "name": self._names.get(each, each)} for each in sorted(accounts)]
        return {"users": list(self.people.values()), "organizations": organizations}

    # HubSpot: every word of `query`, equality of a property or association.
    def hubspot(self, path: str, request: httpx2.Request) -> Json | None:
        kind, _, rest = path.removeprefix("/crm/objects/2026-03/").partition("/")
        records = {"companies": self.accounts, "contacts": self.contacts, "deals": self.deals, "0-3": self.deals}[kind]
        if rest != "search":
            found = next((each for each in records if str(_number(each["id"])) == rest), None)
            return None if found is None else _hubspot(found)
        asked = json.loads(request.content)
        groups = [group["filters"] for group in asked.get("filterGroups", [])] or [[]]
        words = _words(asked.get("query", ""))
        kept = [each for each in records if any(all(_filtered(each, one) for one in group) for group in groups)]
        if words:
            kept = [each for each in kept if all(word in json.dumps(each).lower() for word in words)]
        return {"total": len(kept), "results": [_hubspot(each) for each in kept[: asked.get("limit", 10)]]}

    # Slack: every word, as a person's token searches.
    def slack_search(self, _: str, request: httpx2.Request) -> Json:
        query = request.url.params["query"]
        after, words = re.search(r"after:(\S+)", query), _words(re.sub(r"after:\S+", "", query))
        found = [
            each
            for each in self.messages
            if all(word in each["text"].lower() for word in words) and (after is None or each["at"][:10] > after[1])
        ]
        count = int(request.url.params.get("count", 20))
        rows = [
            {
                "ts": ts(each),
                "channel": {"id": each["channel"]},
                "text": each["text"],
                "username": each["author"]["name"],
                "user": each["author"]["name"],
                "permalink": f"https://x.slack.com/p?thread_ts={self._thread(each)}",
            }
            for each in found[:count]
        ]
        return {"ok": True, "messages": {"matches": rows, "total": len(found), "paging": {"page": 1, "pages": 1}}}

    def slack_thread(self, _: str, request: httpx2.Request) -> Json:
        channel, thread = request.url.params["channel"], request.url.params["ts"]
        inside = [each for each in self.messages if each["channel"] == channel and self._thread(each) == thread]
        rows = [
            {
                "ts": ts(each),
                "text": each["text"],
                "user": each["author"]["name"],
                "thread_ts": thread,
                "user_profile": {"real_name": each["author"]["name"]},
                "reply_count": len(inside) - 1,
            }
            for each in inside
        ]
        return {"ok": True, "messages": rows, "response_metadata": {"next_cursor": ""}}

    def _thread(self, message: Json) -> str:
        first = message.get("thread") or message["id"]
        return ts(next((each for each in self.messages if each["id"] == first), message))

    # Jira: any of the words in the text.
    def jira_search(self, _: str, request: httpx2.Request) -> Json:
        asked = json.loads(request.content) if request.content else dict(request.url.params)
        words = [word for each in re.findall(r'~\s*"((?:[^"\\]|\\.)*)"', asked["jql"]) for word in _words(each)]
        found = _ranked(self.issues, words)
        return {"issues": [_issue(each) for each in found[: int(asked.get("maxResults", 50))]], "isLast": True}

    def jira_issue(self, path: str, _: httpx2.Request) -> Json | None:
        found = next((each for each in self.issues if each["key"] == path.split("/")[5]), None)
        return None if found is None else _issue(found)

    # Confluence: any of the words.
    def confluence_search(self, _: str, request: httpx2.Request) -> Json:
        words = [
            word for each in re.findall(r'~\s*"((?:[^"\\]|\\.)*)"', request.url.params["cql"]) for word in _words(each)
        ]
        found = _ranked(self.articles, words)
        rows = found[: int(request.url.params.get("limit", 25))]
        return {"results": rows, "totalSize": len(found), "_links": {"base": SITE + "/wiki"}}

    def confluence_page(self, path: str, _: httpx2.Request) -> Json | None:
        return next((each for each in self.articles if each["id"] == path.split("/")[5]), None)


def _ranked(records: list[Json], words: list[str]) -> list[Json]:
    """Those with any of the words, whole, the most of them first."""
    told = [(sum(bool(re.search(rf"\b{re.escape(word)}\b", json.dumps(each).lower())) for word in words), each)
            for each in records]  # fmt: skip
    return [each for rate, each in sorted(told, key=lambda pair: -pair[0]) if rate]


def _words(text: str) -> list[str]:
    found = [(quoted or plain).replace("\\", "") for quoted, plain in WORD.findall(text)]
    return [word.strip('"').lower() for word in found if word.strip('"')]


def _told(ticket: Json) -> str:
    return json.dumps(
        [ticket["id"], ticket["subject"], ticket["comments"], ticket.get("links")], ensure_ascii=False
    ).lower()


def _number(text: str) -> int:
    """A number for an id of the sample, always the same."""
    return int.from_bytes(text.encode()[-6:], "big")


def _people(tickets: Iterable[Json]) -> dict[str, Json]:
    people: dict[str, Json] = {}
    for ticket in tickets:
        asker = {**ticket["requester"], "role": "customer"}
        for each in (asker, *(comment["author"] for comment in ticket["comments"])):
            known = people.setdefault(each.get("name", ""), {"id": len(people) + 1, "name": each.get("name", "")})
            known["role"] = "end-user" if each.get("role", "customer") == "customer" else "agent"
            known["email"] = each.get("email") or known.get("email", "")
    return people


def ts(message: Json) -> str:
    return f"{datetime.fromisoformat(message['at']).timestamp():.0f}.{_number(message['id']) % 1_000_000:06d}"


def _hubspot(record: Json) -> Json:
    renamed = {
        "account": "associated",
        "amount": "amount",
        "close_date": "closedate",
        "name": "name",
        "stage": "dealstage",
    }
    given = {renamed.get(name, name): value for name, value in record.items() if not isinstance(value, list | dict)}
    given |= {"dealname": record["name"], "hubspot_owner_id": record.get("owner", "")}
    first, _, last = record["name"].partition(" ")
    given |= {"firstname": first, "lastname": last, "jobtitle": record.get("title", "")}
    properties = {name: None if value is None else str(value) for name, value in given.items()}
    return {
        "id": str(_number(record["id"])),
        "properties": properties,
        "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z",
    }


def _filtered(record: Json, one: Json) -> bool:
    name, value = one["propertyName"], str(one.get("value", "")).lower()
    held = (
        str(_number(record.get("account", ""))) if name == "associations.company" else str(record.get(name, "")).lower()
    )
    return held == value


def _issue(issue: Json) -> Json:
    people = {"assignee": issue.get("assignee"), "reporter": issue.get("reporter")}
    comments = [
        {
            "id": str(number),
            "body": _adf(each["body"]),
            "created": each["at"],
            "author": {"displayName": each["author"]["name"]},
        }
        for number, each in enumerate(issue.get("comments", []), 1)
    ]
    fields = {
        "summary": issue["title"],
        "description": _adf(issue.get("body", "")),
        "created": issue["created_at"],
        "updated": issue.get("updated_at"),
        "resolutiondate": issue.get("resolved_at"),
        "labels": issue.get("labels", []),
        "status": {"name": issue["status"]},
        "priority": {"name": issue.get("priority", "")},
        "issuetype": {"name": issue["kind"].title()},
        "components": [{"name": issue.get("component", "")}],
        "fixVersions": [{"name": issue["fix_version"]}] if issue.get("fix_version") else [],
        "versions": [{"name": issue["affects_version"]}] if issue.get("affects_version") else [],
        "comment": {"comments": comments, "total": len(comments), "maxResults": 50, "startAt": 0},
        "issuelinks": [],
        **{name: {"displayName": each} if each else None for name, each in people.items()},
    }
    return {
        "id": str(_number(issue["key"])),
        "key": issue["key"],
        "self": f"{SITE}/rest/api/3/issue/1",
        "fields": fields,
    }


def _adf(text: str) -> Json:
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in text.split("\n") if line
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def _article(text: str) -> Json:
    _, head, body = text.split("---\n", 2)
    named = dict(line.split(": ", 1) for line in head.splitlines())
    labels = [{"name": each.strip()} for each in named.get("labels", "").strip("[]").split(",")] + [
        {"name": named["kind"]}
    ]
    page = "".join(f"<p>{line}</p>" for line in body.replace("&", "&amp;").replace("<", "&lt;").splitlines())
    return {
        "id": str(_number(named["id"])),
        "type": "page",
        "status": "current",
        "title": named["title"].strip('"'),
        "body": {"storage": {"value": page, "representation": "storage"}},
        "metadata": {"labels": {"results": labels}},
        "version": {"when": named["updated_at"] + "T00:00:00Z", "number": 1, "minorEdit": False},
        "_links": {"webui": f"/pages/{named['id']}"},
    }
