"""One escalation, written into the five servers over their own interfaces; and the configuration that reads it."""

from __future__ import annotations

import hashlib
import hmac
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import yaml
from sqlalchemy import create_engine, text

from tests.real.servers import Servers

WIKI_PASSWORD = "0123456789abcdef0123456789abcdef"
ROBOT = "escalationbot"
ISSUE = "All webhook deliveries of Acme Corp fail with WH-4031 since the 4.2 upgrade"


class Seeded:
    """What was written, by the servers' own ids."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.http = httpx2.Client(timeout=60)
        self.issue = self._redmine()
        self.page = self._wiki()
        self.tickets = self._tracker()
        self.room, self.thread, self.bot, self.outsider = self._chat()
        self._warehouse()

    def close(self) -> None:
        """Close the connection."""
        self.http.close()

    def _post(self, url: str, value: object, headers: dict[str, str], method: str = "POST") -> Any:
        answer = self.http.request(method, url, json=value, headers=headers)
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    def _redmine(self) -> str:
        url, headers = self.servers.url("redmine"), {"X-Redmine-API-Key": self.servers.secret("redmine/api_key")}
        project = {
            "name": "Platform",
            "identifier": "platform",
            "enabled_module_names": ["issue_tracking"],
            "is_public": False,
        }
        self._post(f"{url}/projects.json", {"project": project}, headers)
        issue = {
            "project_id": "platform", "tracker_id": 1, "priority_id": 4,
            "subject": "Webhook signature header renamed in 4.2 breaks verification",
            "description": "Since 4.2 we sign with X-Sig-2; SDK < 3.1 still verifies X-Sig. Error WH-4031.",
        }  # fmt: skip
        number = str(self._post(f"{url}/issues.json", {"issue": issue}, headers)["issue"]["id"])
        notes = {"notes": "SDK 3.1 fixes it; workaround legacy_signature=true", "status_id": 2}
        self._post(f"{url}/issues/{number}.json", {"issue": notes}, headers, "PUT")
        other = {"project_id": "platform", "tracker_id": 2, "subject": "Dark mode", "description": "A wish."}
        self._post(f"{url}/issues.json", {"issue": other}, headers)
        outsider = {
            "login": "outsider",
            "firstname": "Out",
            "lastname": "Sider",
            "mail": "o@example.test",
            "password": "outsider12345",
        }
        self._post(f"{url}/users.json", {"user": outsider}, headers)
        return number

    def _wiki(self) -> str:
        maintenance = Path("/usr/share/mediawiki/maintenance/createBotPassword.php")
        grants = "basic,highvolume,editpage,createeditmovepage"
        config = str(self.servers.home / "mediawiki" / "conf" / "LocalSettings.php")
        subprocess.run(
            ["php", str(maintenance), "--appid", "e2e", "--grants", grants, "Admin", WIKI_PASSWORD],
            check=True, stdout=subprocess.DEVNULL, env={**os.environ, "MW_CONFIG_FILE": config},
        )  # fmt: skip
        api = self.servers.url("mediawiki") + "/api.php"
        plain = {"format": "json", "formatversion": "2"}

        def said(**fields: str) -> Any:
            return self.http.post(api, data={**plain, **fields}).json()

        login = said(action="query", meta="tokens", type="login")["query"]["tokens"]["logintoken"]
        said(action="login", lgname="Admin@e2e", lgpassword=WIKI_PASSWORD, lgtoken=login)
        token = said(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]
        issue = f"{self.servers.url('redmine')}/issues/{self.issue}"
        page = (
            "== WH-4031 signature mismatch ==\nSince 4.2 the header is '''X-Sig-2'''. Workaround: set "
            "<code>legacy_signature=true</code> in the webhook's settings.\n"
            f"See [{issue} the issue].\n[[Category:Workaround]]"
        )
        return str(said(action="edit", title="Webhook troubleshooting", text=page, token=token)["edit"]["pageid"])

    def _tracker(self) -> tuple[str, ...]:
        url, headers = (
            self.servers.url("rt") + "/REST/2.0",
            {"Authorization": f"token {self.servers.secret('rt/token')}"},
        )
        self._post(f"{url}/queue", {"Name": "Support"}, headers)
        whole = (
            "After upgrading to 4.2 every webhook delivery is rejected: HTTP 403 signature mismatch. "
            "Error code WH-4031. We are blocked."
        )
        tickets = [
            ("Webhook deliveries fail with 403 since upgrade", "alice@acme.test", whole),
            ("All webhooks rejected, WH-4031", "bob@bolt.test", "Since 4.2: HTTP 403 signature mismatch, WH-4031."),
            ("WH-4031 on every webhook", "carol@cargo.test", "Signature mismatch since this morning, error WH-4031."),
            ("How do I change my picture?", "dan@acme.test", "I cannot find the setting."),
        ]
        numbers: list[str] = []
        for subject, asker, said in tickets:
            value = {
                "Queue": "Support",
                "Subject": subject,
                "Requestor": [asker],
                "Content": said,
                "ContentType": "text/plain",
            }
            numbers.append(str(self._post(f"{url}/ticket", value, headers)["id"]))
        for how, said in (("correspond", "Which header do you verify? We sign with X-Sig-2 since 4.2."),
                          ("comment", "INTERNAL: customer threatens to cancel.")):  # fmt: skip
            self._post(f"{url}/ticket/{numbers[0]}/{how}", {"Content": said, "ContentType": "text/plain"}, headers)
        refers = {"RefersTo": [f"{self.servers.url('redmine')}/issues/{self.issue}"]}
        self._post(f"{url}/ticket/{numbers[0]}", refers, headers, "PUT")
        return tuple(numbers)

    def _chat(self) -> tuple[str, str, str, str]:
        url = self.servers.url("synapse")
        (bot, bot_id), (alice, _), (outsider, _) = map(self._person, (ROBOT, "alice", "outsider"))
        room = self._post(
            f"{url}/_matrix/client/v3/createRoom",
            {"name": "incidents", "preset": "private_chat", "invite": [bot_id]}, alice,
        )["room_id"]  # fmt: skip
        inside = f"{url}/_matrix/client/v3/rooms/{quote(room)}"
        self._post(f"{url}/_matrix/client/v3/join/{quote(room)}", {}, bot)

        def say(number: int, body: str, who: dict[str, str], thread: str = "") -> str:
            value: dict[str, object] = {"msgtype": "m.text", "body": body}
            if thread:
                value["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread}
            return str(self._post(f"{inside}/send/m.room.message/{number}", value, who, "PUT")["event_id"])

        root = say(1, "Anyone else seeing WH-4031 signature mismatch after the 4.2 rollout?", alice)
        say(2, "yes, Acme too: X-Sig-2", bot, root)
        say(3, "workaround legacy_signature=true", alice, root)
        say(4, "lunch?", alice)
        return (
            str(room),
            root,
            bot["Authorization"].removeprefix("Bearer "),
            outsider["Authorization"].removeprefix("Bearer "),
        )

    def _person(self, name: str) -> tuple[dict[str, str], str]:
        url = self.servers.url("synapse") + "/_synapse/admin/v1/register"
        nonce = self.http.get(url).json()["nonce"]
        said = b"\0".join([nonce.encode(), name.encode(), f"pw-{name}".encode(), b"notadmin"])
        mac = hmac.new(b"e2e-shared-secret", said, hashlib.sha1).hexdigest()
        value = {"nonce": nonce, "username": name, "password": f"pw-{name}", "admin": False, "mac": mac}
        answer = self._post(url, value, {})
        return {"Authorization": f"Bearer {answer['access_token']}"}, answer["user_id"]

    def _warehouse(self) -> None:
        engine = create_engine(self.database("postgres"))
        renewal = (datetime.now(UTC) + timedelta(days=30)).date()
        with engine.begin() as db:
            db.execute(
                text("CREATE TABLE customers (id text, name text, domain text, plan text, arr numeric, renewal date)")
            )
            db.execute(text("CREATE TABLE people (id text, customer text, name text, email text)"))
            db.execute(
                text("INSERT INTO customers VALUES ('A1', 'Acme Corp', 'acme.test', 'Enterprise', 210000, :renewal), "
                     "('B1', 'Bolt Ltd', 'bolt.test', 'Pro', 12000.50, NULL), "
                     "('C1', 'Cargo GmbH', 'cargo.test', 'Pro', 9000, NULL)"),
                {"renewal": renewal},
            )  # fmt: skip
            db.execute(text("INSERT INTO people VALUES ('P1', 'A1', 'Alice Ng', 'alice@acme.test')"))
            db.execute(
                text(
                    "CREATE ROLE reader LOGIN; GRANT SELECT ON customers, people TO reader; CREATE ROLE stranger LOGIN"
                )
            )
        engine.dispose()

    def database(self, user: str) -> str:
        """The database URL for one of its users."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.servers.ports['postgres']}/postgres"

    def now(self) -> datetime:
        """A moment after everything was written."""
        return datetime.now(UTC) + timedelta(seconds=5)

    def environment(self) -> dict[str, str]:
        """The secrets that the configuration refers to."""
        return {
            "RT_TOKEN": self.servers.secret("rt/token"), "REDMINE_KEY": self.servers.secret("redmine/api_key"),
            "WIKI_PASSWORD": WIKI_PASSWORD, "MATRIX_TOKEN": self.bot, "WAREHOUSE": self.database("reader"),
        }  # fmt: skip

    def configuration(self, file: Path) -> Path:
        """Write the file that `--config` takes."""
        at = self.servers.url
        accounts = (
            "SELECT id, name, domain, plan AS tier, arr, 'USD' AS currency, renewal AS renewal_date FROM customers"
        )
        people = "SELECT id, name, email FROM people WHERE customer = :account"
        inside = {"allow_private": True}
        connectors: dict[str, dict[str, object]] = {
            "support_platform": {
                "vendor": "request_tracker", "url": at("rt"), "token": "env:RT_TOKEN", "full_text": True, **inside,
            },
            "crm": {"vendor": "sql", "database": "env:WAREHOUSE", "accounts": accounts, "contacts": people},
            "chat": {"vendor": "matrix", "url": at("synapse"), "token": "env:MATRIX_TOKEN", **inside},
            "project_tracker": {
                "vendor": "redmine", "url": at("redmine"), "token": "env:REDMINE_KEY", "project": "platform",
                "tracker_id": "1", **inside,
            },
            "knowledge_base": {
                "vendor": "mediawiki", "url": at("mediawiki"), "user": "Admin@e2e", "password": "env:WIKI_PASSWORD",
                **inside,
            },
        }  # fmt: skip
        file.write_text(yaml.safe_dump({"connectors": connectors}, sort_keys=False), encoding="utf-8")
        return file
