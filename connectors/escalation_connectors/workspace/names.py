"""Which account is meant by a name: exact, without its legal form, by domain, or nearly."""

from __future__ import annotations

import re

from escalation_connectors.records import Account

_WORD = re.compile(r"[^\W_]+")
_LEGAL = frozenset(
    "ab ag aps as bv co company corp corporation gmbh group holding holdings inc incorporated international kg limited "
    "llc llp ltd nv oy oyj plc pte pty sa sarl sas se spa srl".split()
)
NEAR = 0.72  # difflib ratio from which two names are a near miss: "acem" and "acme" have 0.75


def marks(account: Account) -> set[str]:
    """Under what an account is found: its names as written, and pairs of letters for near misses."""
    found = {f"name:{_fold(account.name)}"}
    found.update(f"called:{_fold(each)}" for each in (account.name, account.domain, *account.aliases) if each.strip())
    for form in forms(account):
        found.update(f"pair:{pair}" for pair in pairs(form))
    return found


def forms(account: Account) -> set[str]:
    """The bare forms of everything an account is called."""
    every = (account.name, *account.aliases, account.domain, account.domain.partition(".")[0])
    return {form for form in map(bare, every) if form}


def bare(name: str) -> str:
    """A name without case, punctuation and legal form: "ACME Corporation" is "acme"."""
    words = _WORD.findall(name.casefold())
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def pairs(form: str) -> set[str]:
    """Neighbouring letters, with both ends marked."""
    padded = f"^{form}$"
    return {padded[i : i + 2] for i in range(len(padded) - 1)}


def likeness(query: str, account: Account) -> float:
    """1 for the same name as written, 0.95 for the same bare form, less for a near miss, 0 for none."""
    asked = _fold(query)
    if asked in {_fold(account.name), _fold(account.id)}:
        return 1.0
    if asked in {_fold(account.domain), *map(_fold, account.aliases)}:
        return 0.98
    wanted = bare(query)
    mine = forms(account)
    if wanted in mine:
        return 0.95
    written = {_joined(query)} | {wanted}
    known = mine | {_joined(account.name), *map(_joined, account.aliases)}
    ratios = (_ratio(left, right) for left in written for right in known)
    return max((ratio for ratio in ratios if ratio >= NEAR), default=0.0) * 0.9


def _joined(name: str) -> str:
    return "".join(_WORD.findall(name.casefold()))


def _ratio(left: str, right: str) -> float:
    if 2 * min(len(left), len(right)) < NEAR * (len(left) + len(right)):
        return 0.0  # even if the whole shorter one stood in the longer one, they would not be near
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= NEAR else 0.0


def _fold(text: str) -> str:
    return text.strip().casefold()
