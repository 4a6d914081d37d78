"""Step 1, understand the issue: what the person typed, whom it is about, which records it names.

A customer is matched by the CRM's names, aliases and domains. A near miss is said, never picked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from customer_escalation.language import heard, one_line, terms
from escalation_connectors.records import Account

LIMIT = 8000
RECORD = re.compile(
    r"(?<![\w/])(?:#(\d{1,20})|(?:ticket|case|issue|bug)\s+#?([A-Z]*-?\d[\w-]*)|([A-Z][A-Z0-9]{1,9}-\d+)\b)", re.I
)
SEGMENT = re.compile(
    r"\b(?:all|every|each|many|most|several|multiple|our)\s+(?:of\s+)?(?:our\s+|the\s+)?((?:\w+\s+){0,2}?)(customers?|users?|tenants?|accounts?|clients?)\b",
    re.I,
)
LEGAL_FORMS = re.compile(
    r"[\s,]+(?:inc|corp|corporation|co|ltd|llc|gmbh|ag|ab|as|oy|plc|bv|sa|sas|limited|company|group)\.?$", re.I
)


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was typed, taken apart; `query` is what to search for, `records` the ids it names."""

    text: str
    customer: str
    query: str
    records: tuple[str, ...]
    segment: str


@dataclass(frozen=True, slots=True)
class Match:
    """The customer found in the CRM, or the near misses that were not picked."""

    account: Account | None
    near: tuple[Account, ...] = ()
    said: str = ""


def understand(issue: str, customer: str) -> Understanding:
    """Take the typed words apart; orders to a machine in pasted text are not followed."""
    text = heard(issue[:LIMIT]).strip() or issue[:LIMIT]
    ids = (next(filter(None, found.groups())) for found in RECORD.finditer(text))
    segment = SEGMENT.search(text)
    return Understanding(
        text=text,
        customer=" ".join(customer.split()),
        query=one_line(f"{text} {customer}"),
        records=tuple(dict.fromkeys(ids)),
        segment=" ".join(segment.group(1).split()) if segment else "",
    )


def match_customer(understood: Understanding, accounts: Iterable[Account]) -> Match:
    """The one account that the typed words name exactly, or what came near."""
    known = tuple(accounts)
    typed = understood.customer or understood.text
    exact = [account for account in known if _names(account, typed, whole=bool(understood.customer))]
    if exact:
        longest = max(exact, key=lambda account: _longest_name_in(account, typed))
        rivals = [
            a for a in exact if a.id != longest.id and _longest_name_in(a, typed) == _longest_name_in(longest, typed)
        ]
        if not rivals:
            return Match(longest)
        return Match(None, (longest, *rivals), f"the words name more than one account: {_listed((longest, *rivals))}")
    near = tuple(account for account in known if _is_near(account, typed, whole=bool(understood.customer)))
    if not near:
        return Match(None)
    said = f"no account is called exactly that; near it: {_listed(near)}. None of them was taken"
    return Match(None, near[:5], said)


def normal(name: str) -> str:
    """A name for comparing: lower case, single spaces, no punctuation at its ends."""
    return " ".join(re.findall(r"[\w&.]+", name.lower())).strip(" .")


def _names(account: Account, typed: str, *, whole: bool) -> bool:
    text = normal(typed)
    return any(text == name if whole else _contains(text, name) for name in _forms(account))


def _forms(account: Account) -> tuple[str, ...]:
    names = (heard(account.name), *(heard(alias) for alias in account.aliases), account.domain, account.id)
    return tuple(dict.fromkeys(form for form in map(normal, names) if len(form) > 1))


def _contains(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text) is not None


def _longest_name_in(account: Account, typed: str) -> int:
    text = normal(typed)
    return max((len(name) for name in _forms(account) if _contains(text, name)), default=0)


def _is_near(account: Account, typed: str, *, whole: bool) -> bool:
    text = normal(typed)
    for name in _forms(account)[:-1]:
        bare = normal(LEGAL_FORMS.sub("", name))
        if whole:
            base = normal(LEGAL_FORMS.sub("", text))
            if bare and (bare == base or SequenceMatcher(None, bare, base).ratio() >= 0.8 or _contains(name, base)):
                return True
        elif len(bare) > 3 and (_contains(text, bare) or any(_similar(bare, run) for run in _runs(typed, bare))):
            return True
    return False


def _runs(typed: str, bare: str) -> Iterable[str]:
    """Runs of capitalised words, as long as the name: where a misspelt name would stand."""
    words = re.findall(r"[\w&.-]+", typed)
    size = len(bare.split())
    runs = (words[start : start + size] for start in range(len(words) - size + 1))
    return [normal(" ".join(run)) for run in runs if all(word[0].isupper() for word in run) and not run[0].isupper()]


def _similar(name: str, typed: str) -> bool:
    return len(typed) > 3 and SequenceMatcher(None, name, typed).ratio() >= 0.8


def _listed(accounts: Iterable[Account]) -> str:
    return ", ".join(f"{account.name} ({account.id})" for account in accounts)


def words_of(understood: Understanding) -> frozenset[str]:
    """The content words of the issue, without the customer's name."""
    return terms(understood.text) - terms(understood.customer)
