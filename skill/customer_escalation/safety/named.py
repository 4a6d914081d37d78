"""Secrets known by their name: password=..., "api_key": "...", my password is ..., --token ... ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from customer_escalation.safety.likely import (
    is_code_or_link,
    is_prose,
    is_stand_in,
    looks_like_a_password,
    looks_like_a_secret,
)
from customer_escalation.safety.spans import Span, compiled, lowered, positions

_PASSWORDS = (
    "password",
    "passwort",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "kennwort",
    "wachtwoord",
    "contraseña",
    "contrasena",
    "mot de passe",
    "senha",
    "lösenord",
)
_SECRETS = ("secret", "token", "apikey", "key", "credential", "credentials")
_KEY_OF = (
    r"(?:api|access|private|secret|auth|account|signing|encryption|master|shared|storage|subscription|service|functions?"
    r"|license|client|webhook|session|deploy|sdk|server|app|hmac|admin)[_\- ]?$"
)
# What a token or a key is called that opens nothing: a position in a list, a count, a name of a row.
_HARMLESS = (
    r"(?:next|page|continuation|sync|cursor|idempotency|cache|partition|primary|foreign|sort|public|correlation|trace|max|total"
    r"|prompt|completion|input|output|unexpected|illegal|expected)[_\- ]?(?:page|api|access)?[_\- ]?$"
)
_SEPARATOR = r"\\?[\"'`\]]{0,2}[ \t]*+(?P<sign>:=|=>|===?|=|:|(?:is now|is|was|ist|to)\b:?)[ \t]*+"
_FLAG = r"[ \t]+(?![-\s])"
_QUOTED = (
    ('\\"', r'\\"((?:(?!\\")[^\n]){1,400})\\"'),
    ('"', r'"((?:\\.|[^"\\\n]){1,400}+)"'),
    ("'", r"'([^'\n]{1,400})'"),
    ("`", r"`([^`\n]{1,400})`"),
)
_UNQUOTED = r"(?:(?![&;,][ \t]*[\w .-]{1,40}[=:]|\[masked: |\\[\"nrt])[^\s\"'`<>]){1,400}"
_CLAUSE_END = r"[.,;:)\]}!?]|\s*$|\s*\n|\s+(?:and|but|for|on|please|thanks|und)\b"
_SAID_OF_PASSWORDS = ("ed", "ing", "ly", "able", "ible", "ent")
# The literal that must stand in the text, the kind, and the pattern whose group is the value.
_ELSEWHERE = (
    ("curl", "password", r"(?:-u|--user)[ =]{1,3}[\"']?[^\s:\"']{1,100}:([^\s\"']{1,200})"),
    ("login", "password", r"\slogin\s{1,8}\S{1,100}\s{1,8}password\s{1,8}(\S{1,100})"),
    ("sshpass", "password", r"sshpass -p[ =]?[\"']?([^\s\"']{1,200})"),
    ("mysql", "password", r"mysql\w{0,10}[^\n]{0,200}? -p([^\s\"']{4,100})"),
    ("pin", "password", r"(?<![a-z])pin(?: code)?(?: is|:|=)[: ]{0,2}([0-9]{4,8})(?![0-9.\-])"),
)
_ELEMENT = r"<([\w:.-]{1,80})>([^<\n]{1,400})</"


class _Value(NamedTuple):
    start: int
    end: int
    text: str
    quoted: bool


def find_named(text: str) -> Iterator[Span]:
    """Values that their names call a password, a secret, a key or a token, and that look like one."""
    lower = lowered(text)
    for name in _PASSWORDS:
        for at in positions(lower, name):
            yield from _password(text, lower, at, at + len(name))
    for name in _SECRETS:
        for at in positions(lower, name):
            if _opens_something(lower, name, at):
                yield from _secret(text, lower, at, name)
    for literal, kind, pattern in _ELSEWHERE:
        if literal in lower:
            for match in compiled(pattern).finditer(lower):
                if not is_stand_in(text[slice(*match.span(1))]):
                    yield Span(*match.span(1), kind)
    if "</" in text:
        yield from _elements(text, lower)


def _password(text: str, lower: str, at: int, end: int) -> Iterator[Span]:
    sign, start = _separator(lower, at, end)
    value = _value_at(text, start) if start else None
    if value is None or is_stand_in(value.text) or is_code_or_link(value.text) or is_prose(value.text):
        return
    tight = (
        sign in ("=", "--")
        and not lower[start - 1].isspace()
        and not any(name in lower[start : value.end] for name in _PASSWORDS)
    )
    if value.quoted or tight or looks_like_a_password(value.text) or _is_all_that_is_said(text, value):
        yield Span(value.start, value.end, "password")


def _is_all_that_is_said(text: str, value: _Value) -> bool:
    """Whether one plain word ends the clause, and is no word that says how the password is ("expired", "working")."""
    return (
        len(value.text) >= 5
        and value.text.isalpha()
        and not value.text.lower().endswith(_SAID_OF_PASSWORDS)
        and compiled(_CLAUSE_END).match(text, value.end) is not None
    )


def _secret(text: str, lower: str, at: int, name: str) -> Iterator[Span]:
    _, start = _separator(lower, at, at + len(name))
    value = _value_at(text, start) if start else None
    if value and looks_like_a_secret(value.text):
        yield Span(value.start, value.end, _kind(lower, name, at))


def _opens_something(lower: str, name: str, at: int) -> bool:
    before = lower[max(0, at - 24) : at]
    if name == "key" and not compiled(_KEY_OF).search(before):
        return False
    return not compiled(_HARMLESS).search(before)


def _kind(lower: str, name: str, at: int) -> str:
    if name == "token":
        return "token"
    return "api_key" if name == "apikey" or lower[max(0, at - 4) : at].startswith("api") else "secret"


def _separator(lower: str, at: int, end: int) -> tuple[str, int]:
    """What stands between the name and its value, and where the value starts (0: there is none)."""
    if match := compiled(_SEPARATOR).match(lower, end):
        return match["sign"], match.end()
    if compiled(r"--[\w-]*$").search(lower, max(0, at - 40), at) and (flag := compiled(_FLAG).match(lower, end)):
        return "--", flag.end()
    return "", 0


def _value_at(text: str, start: int) -> _Value | None:
    for quote, pattern in _QUOTED:
        if text.startswith(quote, start):
            if match := compiled(pattern).match(text, start):
                return _Value(*match.span(1), match[1], quoted=True)
            start += len(quote)
            break
    match = compiled(_UNQUOTED).match(text, start)
    value = match[0].rstrip(".,;:)]}") if match else ""
    return _Value(start, start + len(value), value, quoted=False) if value else None


def _elements(text: str, lower: str) -> Iterator[Span]:
    for match in compiled(_ELEMENT).finditer(lower):
        value = text[slice(*match.span(2))]
        if any(name in match[1] for name in _PASSWORDS) and not is_prose(value) and not is_stand_in(value):
            yield Span(*match.span(2), "password")
        elif any(name in match[1] for name in _SECRETS) and looks_like_a_secret(value):
            yield Span(*match.span(2), "secret")
