"""Judges a value by its look: a secret or a password, or a word, a variable, a number that anyone may read."""

from __future__ import annotations

import math
from collections import Counter

from customer_escalation.safety.spans import OPENING, compiled

# Stand-ins that documentation and redaction leave where a secret would be.
_STAND_IN = (
    r"(?i)\*+|x{3,}|\.{3,}|-+|_+|#+|<.*|\$\{?[a-z_][a-z0-9_]*\}?|%[a-z_]+%|%[sdrv]|\{.*|\[.*|your[_-].*|my[_-]?(?:token|secret|key|password)"
    r"|redacted.*|removed|masked|hidden|filtered|scrubbed|placeholder|example|dummy|.{0,3}[*x\u2022\u2026]{4,}.{0,4}"
)
_CODE = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:[(\[].*)?|[A-Za-z_]\w*[(\[].*|.*\(\)"
# Names of types and variables: HiddenText, privateKey.
_CAMEL = r"_?[a-z]{0,14}(?:[A-Z]{1,6}[a-z]{2,14}[0-9]{0,3})+"
_LINK_OR_PATH = r"(?i)[a-z][a-z0-9+.-]{1,20}://.*|~?/[\w./-]*|[a-z]:\\.*"
_SLUG = r"(?:[a-z]{2,14}|v?[0-9]{1,4})(?:[-_./:](?:[a-z]{1,14}|v?[0-9]{1,4}))+"
_DATE_OR_VERSION = r"v?[0-9]+(?:[.:/T+Z-]+[0-9]+)+[A-Z]?"
_SAID_ABOUT_PASSWORDS = """
    a again also always an and any are at be been being blank by can can't cannot changed changes check correct
    correctly different disabled does doesn't don't empty enabled encrypted encryption entered error exactly
    expired expires failed false fine for forgotten form from getting given good great hash hashed hidden i if
    ignored in incorrect incorrectly input invalid is isn't it just known leaked length link lost made match
    matches max may me min mismatch missing must needed needs never new nil no none not now null off ok okay old
    on one only optional or our page password please policy problem provided recovery rejected removed required
    requires reset resetting right rotated rules safe same save saved secret secure sent set shared should shown
    simple since still stored string strong stuck supposed temporary text that the their this to token too true
    unchanged undefined unique unknown unset up updated used user username valid validated validation via
    visible was weak when which will with without working wrong yes yet you your
"""
_NOT_PASSWORDS = frozenset(_SAID_ABOUT_PASSWORDS.split())
_SAID_IN_SENTENCES = """
    a an are be been can can't cannot does doesn't has is isn't it may must not please required should than that the to
    too was with you your
"""
_SENTENCE = frozenset(_SAID_IN_SENTENCES.split())
# Bits per character; "aaaaaaa1" has 0.5, sixteen random hexadecimal digits about 3.3.
_LEAST_ENTROPY = 2.5
_SYMBOLS = frozenset("!#$%^&*+~@=?|\\{}<>")


def is_stand_in(value: str) -> bool:
    """Whether the value only stands where a secret would: "***", "<token>", "$TOKEN", "your_key"."""
    return value.startswith(OPENING[:-1]) or compiled(_STAND_IN).fullmatch(value) is not None


def is_code_or_link(value: str) -> bool:
    """Whether the value is an expression such as os.environ[...] or get_key(), a URL, or a path."""
    return any(compiled(pattern).fullmatch(value) for pattern in (_CODE, _LINK_OR_PATH))


def looks_like_a_secret(value: str) -> bool:
    """Whether the value of something called key, token or secret is one: long, mixed, no word, no slug."""
    if len(value) < 8 or not _has("[A-Za-z]", value) or not (_has("[0-9]", value) or _is_long_and_mixed(value)):
        return False
    if is_stand_in(value) or is_code_or_link(value) or _has(r"\s", value):
        return False
    return not any(compiled(pattern).fullmatch(value) for pattern in (_SLUG, _CAMEL, _DATE_OR_VERSION)) and (
        entropy(value) >= _LEAST_ENTROPY
    )


def looks_like_a_password(value: str) -> bool:
    """Whether the value is like a password: letters with digits or symbols, capitals inside, or a number."""
    if len(value) < 4 or is_stand_in(value) or is_code_or_link(value) or is_prose(value):
        return False
    if value.isdigit() or (_has("[0-9]", value) and _has(r"[^\W\d_]", value)) or not _SYMBOLS.isdisjoint(value):
        return True
    return _has("[A-Z]", value[1:]) and not value.isupper() and not compiled(_CAMEL).fullmatch(value)


def _has(pattern: str, value: str) -> bool:
    return compiled(pattern).search(value) is not None


def _is_long_and_mixed(value: str) -> bool:
    return len(value) >= 16 and _has("[A-Z]", value[1:]) and _has("[a-z]", value)


def is_prose(value: str) -> bool:
    """Whether the value is what people and programs say about passwords, not a password."""
    words = [word.strip(".,;:!?'\"") for word in value.lower().split()]
    return not _NOT_PASSWORDS.isdisjoint(words) if len(words) == 1 else not _SENTENCE.isdisjoint(words)


def entropy(value: str) -> float:
    """Shannon entropy in bits per character."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
