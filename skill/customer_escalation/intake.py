"""Step 1, understand the issue: what the person typed, whom it is about, which records it names.

A customer is matched by the CRM's names, aliases and domains. A near miss is said, never picked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from customer_escalation.language import heard, heard_name, one_line, stem, terms
from escalation_connectors.records import Account
from escalation_connectors.words import last_part

LIMIT = 8000
NEAREST = 5
NAMES = 2  # of what looks like a name, how many are searched for
RECORD = re.compile(
    r"(https?://[^\s<>()\[\]\"']+)|^\s*(\d{4,20})(?=\s*(?:$|:\s))|(?<![\w/])(?:#(\d{1,20})|(T-\d+)(?![\w/-])"
    r"|(?:ticket|case|issue|bug)\s+#?([A-Z]*-?\d[\w-]*)|([A-Z][A-Z0-9]{1,9}-\d+)\b)",
    re.I,
)
NAME = re.compile(r"(?<![\w.&-])[A-ZÀ-Þ][a-zß-ÿ][\w&'-]*(?: +(?:[A-ZÀ-Þ&][\w&'.-]*))*")
SEGMENT = re.compile(
    r"\b(?:all|every|each|many|most|several|multiple|our)\s+(?:of\s+)?(?:our\s+|the\s+)?((?:\w+\s+){0,2}?)(customers?|users?|tenants?|accounts?|clients?)\b",
    re.I,
)
LEGAL_FORMS = re.compile(
    r"[\s,]+(?:inc|corp|corporation|co|ltd|llc|gmbh|ag|ab|as|oy|plc|bv|sa|sas|limited|company|group)\.?$", re.I
)

FIRM = re.compile(r"(?<![\w.&-])([^\W\d_][\w&'-]+ +(?:corp|inc|ltd|llc|gmbh|plc)\b)", re.I)
ADDRESS = re.compile(r"https?://\S+")
COMPANY = frozenset(map(stem, "corp corporation inc ltd llc gmbh plc".split()))


class Understanding(Struct, frozen=True):
    """What was typed, taken apart; `query` is what to search for, `records` the ids and addresses it names.

    `names` are runs of words that look like names, where no customer was given, `company` is the one that a legal form
    makes one ("umbrella corp"); `left_out` counts the characters that were not read.
    """

    text: str
    customer: str
    query: str
    records: tuple[str, ...]
    segment: str
    names: tuple[str, ...] = ()
    company: str = ""
    left_out: int = 0


class Match(Struct, frozen=True):
    """The customer found in the CRM, or the near misses that were not picked."""

    account: Account | None
    near: tuple[Account, ...] = ()
    said: str = ""
    several: bool = False


def understand(issue: str, customer: str) -> Understanding:
    """Take the typed words apart; orders to a machine in pasted text are not followed."""
    text = heard(issue[:LIMIT]).strip() or issue[:LIMIT]
    found = SEGMENT.search(text)
    segment = " ".join(found.group(1).split()) if found else ""
    company = "" if customer.split() else next((found.group(1) for found in FIRM.finditer(text)), "")
    names = (company, *(name.group() for name in NAME.finditer(text) if name.group() != segment))
    return Understanding(
        text=text,
        customer=(named := heard_name(" ".join(customer.split()))),
        query=one_line(f"{text} {named}"),
        records=tuple(dict.fromkeys(_records(text))),
        segment=segment,
        names=() if named else tuple(dict.fromkeys(filter(None, names)))[:NAMES],
        company=company,
        left_out=max(0, len(issue) - LIMIT),
    )


def _records(text: str) -> Iterable[str]:
    """Ids and addresses of records; "T-7" is the record of that id, or how a brief marks ticket 7."""
    for found in RECORD.finditer(text):
        record = next(filter(None, found.groups())).rstrip(".,;:!?")
        if "://" not in record or any(letter.isdigit() for letter in last_part(record)):
            yield record
        if record[:2].upper() == "T-" and found.group(4):
            yield record[2:]


def match_customer(understood: Understanding, accounts: Iterable[Account]) -> Match:
    """The one account that the typed words name exactly, or what came near."""
    known = tuple(accounts)
    whole = bool(understood.customer)
    typed = understood.customer or understood.text
    named = _named(known, typed, whole=whole)
    if len(named) == 1:
        return Match(named[0])
    if named:
        return Match(
            None, named[:NEAREST], f"the words name more than one account: {_listed(named[:NEAREST])}", several=True
        )
    near = tuple(account for account in known if _is_near(account, typed, whole=whole))[:NEAREST]
    if not near:
        return Match(None)
    return Match(None, near, f"no account is called exactly that; near it: {_listed(near)}. None of them was taken")


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A name for comparing: one form of each letter, lower case, single spaces, no punctuation at its ends."""
    return " ".join(re.findall(r"[\w&.]+", unicodedata.normalize("NFKC", name).lower())).strip(" .")


def _named(known: Iterable[Account], typed: str, *, whole: bool) -> tuple[Account, ...]:
    """The accounts that the words name; not "Acme" where that is only a part of "Acme Corp"."""
    text = normal(typed)
    if whole:
        return tuple(account for account in known if text in (*_forms(account), normal(account.id)))
    spans = [(account, _spans(account, text)) for account in known]
    every = [span for _, own in spans for span in own]
    return tuple(account for account, own in spans if any(not _is_inside(span, every) for span in own))


def _forms(account: Account) -> tuple[str, ...]:
    names = (heard(account.name), *(heard(alias) for alias in account.aliases), account.domain)
    return tuple(dict.fromkeys(form for form in map(normal, names) if len(form) > 1))


def _spans(account: Account, text: str) -> list[tuple[int, int]]:
    """Where the account's names stand, and its id unless that is a mere number."""
    ident = normal(account.id)
    forms = (*_forms(account), ident) if len(ident) > 1 and not ident.isdecimal() else _forms(account)
    return [found.span() for form in forms for found in _standing(form).finditer(text)]


def _is_inside(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in others)


def _standing(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")


def _contains(text: str, name: str) -> bool:
    return _standing(name).search(text) is not None


def _is_near(account: Account, typed: str, *, whole: bool) -> bool:
    text = normal(typed)
    base = normal(LEGAL_FORMS.sub("", text))
    for name in _forms(account):
        bare = normal(LEGAL_FORMS.sub("", name))
        if whole:
            if base and (_similar(bare, base) or _similar(name, text) or _contains(name, base)):
                return True
        elif (len(bare) > 3 and _contains(text, bare)) or any(_is_written(each, typed) for each in _told_apart(bare)):
            return True
    return False


def _is_called(account: Account, name: str) -> bool:
    return _is_near(account, name, whole=True) or _is_near(account, name, whole=False)


def _told_apart(bare: str) -> Iterable[str]:
    """The name, and its first word where that is long enough to stand for it."""
    first = bare.partition(" ")[0]
    return {*([bare] if len(bare) > 3 else []), *([first] if len(first) > 5 else [])}


def _is_written(name: str, typed: str) -> bool:
    return any(_similar(name, run) for run in _runs(typed, name))


def _runs(typed: str, bare: str) -> Iterable[str]:
    """Runs of capitalised words, as long as the name: where a misspelt name would stand."""
    words = re.findall(r"[\w&.-]+", typed)
    size = len(bare.split())
    runs = (words[start : start + size] for start in range(len(words) - size + 1))
    return [normal(" ".join(run)) for run in runs if all(word[0].isupper() for word in run) and not run[0].isupper()]


def _similar(name: str, typed: str) -> bool:
    if name == typed or len(typed) <= 3:
        return name == typed
    from difflib import SequenceMatcher

    return SequenceMatcher(None, name, typed).ratio() >= 0.8


def _listed(accounts: Iterable[Account]) -> str:
    return ", ".join(f"{account.name} ({account.id})" for account in accounts)


def words_of(understood: Understanding, match: Match) -> frozenset[str]:
    """The content words of the issue, without the customer's name (also misspelt) and addresses."""
    named = (match.account,) if match.account else match.near
    text = normal(understood.text)
    said = [understood.customer, *(form for account in named for form in _forms(account) if _contains(text, form))]
    if match.near and not match.several:
        said += [name for name in understood.names if any(_is_called(account, name) for account in named)]
    return terms(ADDRESS.sub(" ", understood.text)) - terms(" ".join(said)) - COMPANY
