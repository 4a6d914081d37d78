"""Text without the names of customers and people, for readers who need to know what happened and not to whom.

Names come from the case and its evidence alone. A name in a text, or a technical name made of it ("acme-eu-prod"), is
replaced by what it stands for, in brackets; addresses and numbers of persons are masked as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from customer_escalation.brief import Result
from customer_escalation.casebook.state import State
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.language import STOPWORDS
from customer_escalation.safety import safe

CUSTOMER, PERSON = "(a customer)", "(a person)"
LEGAL = re.compile(
    r"[,.\s]+(?:inc|corp|corporation|co|company|ltd|limited|llc|llp|plc|gmbh|ag|kg|ohg|ab|as|a/s|oy|oyj|bv|nv|sa|sas|"
    r"sarl|srl|spa|pty|group|holding)\.?$",
    re.IGNORECASE,
)
LISTED = re.compile(r"; (?:aliases|domain): ([^;\n]+?)(?=;|\)\s*$|\)\n)")
ASKED = re.compile(r"[(;] ?(?:requester|assignee|reporter|owner|CSM): ([^;\n]+?)(?=;|\)\s*$|\)\n)")
ROLES = frozenset(("support", "agent", "admin", "system", "engineer", "engineering", "customer", "bot", "user", "team"))
GLUED = r"(?i:(?:[\w-]*[-_.])?{}(?:[-_.][\w.-]*\w)?)"
SPEAKER = re.compile(r"^[^“”]{1,120} \((customer|agent|engineer|staff|system)\): (?=“)")
SAYS = {
    "customer": "A customer",
    "agent": "Support",
    "engineer": "Engineering",
    "staff": "Our staff",
    "system": "A system",
}


class Nameless:
    """Takes the names of one case out of texts about it."""

    def __init__(self, result: Result, state: State) -> None:
        said = _Said(result.evidence)
        customers = dict(short for name in _customers(result, state) for short in _shorter(name, said, of_company=True))
        people = dict(short for name in _people(result.evidence) for short in _shorter(name, said, of_company=False))
        self._patterns = [
            (pattern, stands_for)
            for names, stands_for in ((customers, CUSTOMER), (people, PERSON))
            if (pattern := _pattern(names)) is not None
        ]

    def __call__(self, text: str) -> str:
        """The text, cleaned and masked, with no name of the case in it; who speaks is named by role."""
        text = safe(text).text
        text = SPEAKER.sub(lambda found: f"{SAYS[found[1]]}: ", text)
        for pattern, stands_for in self._patterns:
            text = pattern.sub(stands_for, text)
        return text


class _Said:
    """What the evidence says, to tell a name from a word that people also use otherwise."""

    def __init__(self, ledger: Ledger) -> None:
        self._words = frozenset(word for row in ledger for word in re.findall(r"\b[a-zß-ÿ][\w-]*", row.text))

    def uses(self, word: str) -> bool:
        """Whether somebody writes it small, as no name is written."""
        return word.lower() in self._words


def _customers(result: Result, state: State) -> Iterator[str]:
    yield from state.customers
    yield from (each.name for each in result.reporters)
    for row in result.evidence:
        if row.id.startswith("A-") and "/" not in row.id:
            yield str(row.fields.get("name") or row.title)
            yield from _parts(LISTED, row)
        if row.id.startswith("T-") and row.fields.get("customer"):
            yield str(row.fields["customer"])


def _people(ledger: Ledger) -> Iterator[str]:
    for row in ledger:
        if row.author is not None and row.author.role != "system":
            yield row.author.name
        if row.id.startswith("P-"):
            yield row.title
        if row.id.startswith(("T-", "I-", "A-")) and "/" not in row.id:
            yield from _parts(ASKED, row)


def _parts(found: re.Pattern[str], row: Evidence) -> Iterator[str]:
    for listed in found.finditer(row.text):
        yield from (part.strip() for part in listed[1].split(", "))


def _shorter(name: str, said: _Said, *, of_company: bool) -> Iterator[tuple[str, str]]:
    """The name, and the forms in which people use it where they mean nothing else by them; each with its pattern."""
    name = " ".join(name.split())
    if not 1 < len(name) <= 120 or name.lower() in ROLES:
        return
    yield name, f"(?i:{re.escape(name)})" if " " in name else re.escape(name)
    bare = LEGAL.sub("", name).strip()
    words = bare.split(" ")
    for word in (bare, words[0]) if of_company else (words[0], words[-1]):
        plain = word.strip(".,’'\"")
        if len(plain) < 3 or not plain[0].isupper() or plain.lower() in STOPWORDS or said.uses(plain):
            continue
        yield plain, GLUED.format(re.escape(plain)) if of_company and len(plain) > 3 else re.escape(plain)


def _pattern(names: Mapping[str, str]) -> re.Pattern[str] | None:
    """Longer names first."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    found = [names[name] for name in ordered]
    return re.compile(rf"(?<![\w@])@?(?:{'|'.join(found)})(?!\w)") if found else None
