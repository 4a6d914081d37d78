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
from customer_escalation.safety.spans import OPENING, Span, compiled, lowered, positions

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
# Words that say other things too; after them only letters with digits or symbols are a password.
_SHORT_FORMS = ("pass", "pw", "psw")
_SECRETS = ("secret", "token", "apikey", "key", "credential", "credentials")
_KEY_OF = (
    r"(?:api|aws|access|private|secret|auth|account|signing|encryption|master|shared|storage|subscription|service|functions?"
    r"|license|client|webhook|session|deploy|sdk|server|app|hmac|admin)[_\- ]?$"
)
# What a token or a key is called that opens nothing: a position in a list, a count, a name of a row.
_HARMLESS = (
    r"(?:next|page|continuation|sync|cursor|idempotency|cache|partition|primary|foreign|sort|public|correlation|trace|max|total"
    r"|prompt|completion|input|output|unexpected|illegal|expected)[_\- ]?(?:page|api|access)?[_\- ]?$"
)
_SEPARATOR = r"\\?[\"'`\]]{0,2}[ \t]*+(?P<sign>:=|=>|===?|=|:|(?:is now|is|was|ist|war|lautet|to)\b:?)[ \t]*+"
# Without any sign between: a long run of letters and digits right after the name, which no word and no id of ours is.
_BARE = r"[ \t]{1,3}(?=[A-Za-z0-9+/_=]{32,200}(?![\w+/=:-]|\.\w))"
_NAMED_BARE = ("secret", "apikey", "key")
_OPTION = r"--[\w-]*"
_FLAG = r"[ \t]+(?![-\s])"
_QUOTED = (
    ('\\"', r'\\"((?:(?!\\")[^\n]){1,400})\\"'),
    ('"', r'"((?:\\.|[^"\\\n]){1,400}+)"'),
    ("'", r"'([^'\n]{1,400})'"),
    ("`", r"`([^`\n]{1,400})`"),
)
_UNQUOTED = r"[^\s\"'`<>]{1,400}+"
# Where a value without quotes ends before a blank does: the next pair, a placeholder, an escape of the text around it.
_CUT = r"[&;,\[\\](?:(?<=[&;,])(?=[ \t]*[\w .-]{1,40}[=:])|(?<=\[)masked: |(?<=\\)[\"nrt])"
_CLAUSE_END = r"[.,;:)\]}!?]|\s*$|\s*\n|\s+(?:and|but|for|on|please|thanks|und)\b"
# After an option only the next option, and after "to" nothing, shows that one plain word was all.
_ENDS = {"--": r"\s+-", "to": r"(?!)"}
_SAID_OF_PASSWORDS = ("ed", "ing", "ly", "able", "ible", "ent")
# The literal that must stand in the text, the kind, and the pattern whose group is the value.
_ELSEWHERE = (
    ("curl", "password", r"(?:-u|--user)[ =]{1,3}[\"']?[^\s:\"']{1,100}:([^\s\"']{1,200})"),
    ("login", "password", r"\slogin\s{1,8}\S{1,100}\s{1,8}password\s{1,8}(\S{1,100})"),
    ("sshpass", "password", r"sshpass -p[ =]?[\"']?([^\s\"']{1,200})"),
    ("mysql", "password", r"mysql\w{0,10}(?: +(?!-p)\S{1,60}+){0,6} +-p([^\s\"']{4,100})"),
    (
        " code",
        "password",
        r"(?:access|remote|entry|unlock|recovery|backup|one-time|login|verification|door|sms|2fa|mfa|totp) code"
        r"\b[^.\n:=]{0,40}?"
        r"(?: is|:|=)[: ]{0,2}(?=\S{0,40}\d)([a-z0-9][\w-]{5,63})",
    ),
    (
        "code ",
        "password",
        r"code (?:from|in|by|via|on) (?:the |my |our |an? )?(?:sms|text message|authenticator(?: app)?)\b"
        r"[^.\n\d]{0,20}?"
        r"(?: is|:|=)[: ]{0,2}([0-9]{4,8})(?![0-9-]|\.[0-9])",
    ),
    ("pin", "password", r"(?<![a-z])pin(?: code)?(?: is|:|=)[: ]{0,2}([0-9]{4,8})(?![0-9-]|\.[0-9])"),
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
    for name in (*_PASSWORDS, *_SHORT_FORMS, *_SECRETS):
        judge = _JUDGES.get(name, _password)
        done = 0
        for at in positions(lower, name):
            if at >= done and (span := judge(text, lower, at, name)):
                done = span.end
                yield span
    for literal, kind, pattern in _ELSEWHERE:
        if literal in lower:
            for match in compiled(pattern).finditer(lower):
                if not is_stand_in(text[slice(*match.span(1))]):
                    yield Span(*match.span(1), kind)
    if "</" in text:
        yield from _elements(text, lower)


def _password(text: str, lower: str, at: int, name: str) -> Span | None:
    sign, start = _separator(lower, at, at + len(name))
    value = _value_at(text, start) if start else None
    if value is None or is_stand_in(value.text) or is_code_or_link(value.text) or is_prose(value.text):
        return None
    tight = (
        sign in ("=", "--")
        and not lower[start - 1].isspace()
        and not any(name in lower[start : value.end] for name in _PASSWORDS)
    )
    if value.quoted or tight or looks_like_a_password(value.text) or _is_all_that_is_said(text, value, sign):
        return Span(value.start, value.end, "password")
    return None


def _is_all_that_is_said(text: str, value: _Value, sign: str) -> bool:
    """Whether one plain word ends the clause, and is no word that says how the password is ("expired", "working")."""
    return (
        len(value.text) >= 5
        and value.text.isalpha()
        and not value.text.lower().endswith(_SAID_OF_PASSWORDS)
        and compiled(_ENDS.get(sign, _CLAUSE_END)).match(text, value.end) is not None
    )


def _secret(text: str, lower: str, at: int, name: str) -> Span | None:
    end = at + len(name)
    _, start = _separator(lower, at, end)
    if not start and name in _NAMED_BARE and (bare := compiled(_BARE).match(text, end)):
        start = bare.end()
    if not start or not _opens_something(lower, name, at):
        return None
    value = _value_at(text, start)
    if value and looks_like_a_secret(value.text):
        return Span(value.start, value.end, _kind(lower, name, at))
    return None


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
    option = lower.rfind("--", max(0, at - 40), at)
    if option >= 0 and compiled(_OPTION).fullmatch(lower, option, at) and (flag := compiled(_FLAG).match(lower, end)):
        return "--", flag.end()
    return "", 0


def _value_at(text: str, start: int) -> _Value | None:
    for quote, pattern in _QUOTED:
        if text.startswith(quote, start):
            if (match := compiled(pattern).match(text, start)) and OPENING not in match[1]:
                return _Value(*match.span(1), match[1], quoted=True)
            start += len(quote)
            break
    match = compiled(_UNQUOTED).match(text, start)
    if match and (cut := compiled(_CUT).search(text, start, match.end() + 44)):
        match = compiled(_UNQUOTED).match(text, start, cut.start())
    value = match[0].rstrip(".,;:)]}") if match else ""
    return _Value(start, start + len(value), value, quoted=False) if value else None


def _short_form(text: str, lower: str, at: int, name: str) -> Span | None:
    if lower[at - 1 : at].isalnum():
        return None
    _, start = _separator(lower, at, at + len(name))
    value = _value_at(text, start) if start else None
    if value and not value.text.isdigit() and looks_like_a_password(value.text):
        return Span(value.start, value.end, "password")
    return None


_JUDGES = {**dict.fromkeys(_SECRETS, _secret), **dict.fromkeys(_SHORT_FORMS, _short_form)}


def _elements(text: str, lower: str) -> Iterator[Span]:
    for match in compiled(_ELEMENT).finditer(lower):
        value = text[slice(*match.span(2))]
        if match[1].endswith(_PASSWORDS) and not is_prose(value) and not is_stand_in(value):
            yield Span(*match.span(2), "password")
        for name in _SECRETS:
            at = match.end(1) - len(name)
            if match[1].endswith(name) and _opens_something(lower, name, at) and looks_like_a_secret(value):
                yield Span(*match.span(2), _kind(lower, name, at))
