"""Which of a vendor's fields holds what: each company names those for tier, revenue and renewal in its own way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from escalation_connectors.errors import NotFound
from escalation_connectors.records import Account, Page
from escalation_connectors.row import Row
from escalation_connectors.vendor import Option, Setup
from escalation_connectors.words import LONGEST, names
from escalation_connectors.workspace.names import likeness

FIELDS = (
    "domain", "tier", "arr", "currency", "renewal_date", "owner", "csm", "health", "region", "sla", "is_reference",
)  # fmt: skip
HOST = re.compile(r"(?:(?:[a-z]+:)?//)?(?:[^/?#@]*@)?(?:www\.)?([^/?#:@\s]*)", re.I)
NAME = re.compile(r"\w+(?:\.\w+)*", re.ASCII)
TRUE, FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
KINDS = {
    "renewal": ("renew",),
    "expansion": ("expan", "upsell", "upgrade", "cross-sell", "add-on"),
    "new": ("new business", "newbusiness", "new customer", "new logo"),
}
FIELD_OPTIONS = (
    Option(
        "fields", f"which field of your accounts holds what, by its internal name: {', '.join(FIELDS)}", kind="mapping"
    ),
    Option("currency", "of amounts that come without one (ISO 4217)"),
)


class FieldMap:
    """The vendor's names for what an account tells, from the configuration or else the usual ones.

    A field that is left empty there is not read. Raises InputError for a name that no vendor could give.
    """

    def __init__(self, setup: Setup, usual: Mapping[str, str]) -> None:
        given = setup.fields.fields("fields")
        given.only(*FIELDS)
        self._names = {**usual, **{field: given.text(field) for field in given.values}}
        for field, name in self._names.items():
            if name and not NAME.fullmatch(name):
                raise given.wrong(field, "not the internal name of a field (letters, digits, _)")
        self.currency = setup.text("currency")

    @property
    def names(self) -> tuple[str, ...]:
        """What to ask the vendor for, each once."""
        return tuple(dict.fromkeys(filter(None, self._names.values())))

    def named(self, field: str) -> str:
        """The vendor's name for one of them; nothing where it is not read."""
        return self._names.get(field, "")

    def account(self, row: Row, number: str, name: str, url: str = "") -> Account:
        """The account in this row of the vendor's fields."""
        field = {each: tuple(self._names.get(each, "").split(".")) for each in FIELDS}
        said = {each: _said(row, field[each]) for each in FIELDS}
        revenue = field["arr"]
        amount = row.number(*revenue)
        return Account(
            id=number,
            name=name,
            domain=domain_of(said["domain"]),
            tier=said["tier"],
            arr=row.number(*revenue, "value") if amount is None else amount,
            currency=said["currency"] or row.text(*revenue, "currency") or self.currency,
            renewal_date=row.time(*field["renewal_date"]),
            owner=said["owner"],
            csm=said["csm"],
            health=said["health"],
            region=said["region"],
            sla=said["sla"],
            is_reference=truth(row, *field["is_reference"]),
            url=url,
        )


def _said(row: Row, path: Sequence[str]) -> str:
    """A text, or the label of the option that was chosen."""
    return row.text(*path) or row.text(*path, "label") or row.text(*path, "name")


def truth(row: Row, *path: str) -> bool | None:
    """A flag, also one that is written as text."""
    flag, said = row.flag(*path), _said(row, path).lower()
    return flag if flag is not None else True if said in TRUE else False if said in FALSE else None


def domain_of(address: str) -> str:
    """The domain of a web address."""
    found = HOST.match(address.strip())
    return found[1].lower() if found else ""


def deal_kind(*said: str) -> str:
    """What kind of deal this is, where its type or name says so."""
    text = " ".join(said).lower()
    return next((kind for kind, signs in KINDS.items() if any(sign in text for sign in signs)), "")


def names_in(query: str) -> tuple[str, ...]:
    """The words to look for among the names of accounts; a name that is all short or common words stays whole."""
    whole = query.strip()[:LONGEST]
    return names(query, 3) or ((whole,) if any(map(str.isalnum, whole)) else ())


def most_alike(query: str, page: Page[Account]) -> Page[Account]:
    """Those named most like what was asked for first."""
    return replace(page, items=tuple(sorted(page.items, key=lambda each: -likeness(query, each))))


def the_one(source: str, accounts: Sequence[Account], wanted: str) -> Account:
    """The account of exactly this id, name or domain. Raises NotFound where there is none, or several."""
    asked = wanted.strip().lower()
    named = [each for each in accounts if asked in {each.name.strip().lower(), each.domain}]
    exact = [each for each in accounts if each.id == wanted] or named
    if len(exact) != 1:
        raise NotFound(source, "no account, or several, of that id or name")
    return exact[0]
