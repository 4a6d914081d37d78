"""Credentials in HTTP headers: Authorization and its like, cookies, session headers."""

from __future__ import annotations

import binascii
from collections.abc import Iterator

from customer_escalation.safety.likely import looks_like_a_secret
from customer_escalation.safety.spans import Span, compiled, lowered

_SCHEMES = (
    r"(?:bearer|basic|token|apikey|api-key|digest|negotiate|ntlm|aws4-hmac-sha256|geniekey|ssws|dpop|sso-key|hmac)"
)
_AUTHORIZATION = (
    rf"authorization[\"']?\s{{0,3}}[:=]\s{{0,3}}[\"']?{_SCHEMES} +([^\s\"'<>\[\]][^\"'<>\r\n\[\]]{{3,2000}})"
)
_BARE_AUTHORIZATION = r"authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?([\w.~+/=-]{12,})"
_BEARER = r"bearer[ :]+([\w.~+/=-]{12,})"
_BASIC = r"basic +([a-z0-9+/]{8,}={0,2})"
_COOKIE = r"cookie[\"']?\s{0,3}:\s{0,3}[\"']?([\w.-]{1,100}=[^\"'\r\n]{1,8000})"
_PAIR = r"([\w.-]{1,100})=([^;,\s\"'\[\]]{6,})"
_ATTRIBUTES = {"path", "domain", "expires", "max-age", "samesite", "version", "priority", "secure", "httponly"}
_SESSION_NAMES = (
    "phpsessid",
    "jsessionid",
    "asp.net_sessionid",
    "connect.sid",
    "laravel_session",
    "session-token",
    "sessionid",
    "session_token",
)
_SESSION = r"[\"']?\s{0,3}[=:]\s{0,3}[\"']?([\w.%+/~!*-]{12,})"


def find_headers(text: str) -> Iterator[Span]:
    """Credentials of Authorization headers (the scheme stays), values of cookies (their names stay)."""
    lower = lowered(text)
    if "authorization" in lower:
        yield from _authorizations(lower, text)
    if "bearer" in lower:
        for match in compiled(_BEARER).finditer(lower):
            if looks_like_a_secret(text[slice(*match.span(1))]):
                yield Span(*match.span(1), "authorization")
    if "basic " in lower:
        for match in compiled(_BASIC).finditer(lower):
            if _is_user_and_password(text[slice(*match.span(1))]):
                yield Span(*match.span(1), "authorization")
    if "cookie" in lower:
        yield from _cookies(lower)
    yield from _sessions(lower, text)


def _authorizations(lower: str, text: str) -> Iterator[Span]:
    for match in compiled(_AUTHORIZATION).finditer(lower):
        value = text[slice(*match.span(1))]
        first = value.split()[0]
        if "=" in value and ("," in value or "username" in value):
            yield Span(match.start(1), match.end(1), "authorization")
        elif looks_like_a_secret(first) or _is_user_and_password(first):
            yield Span(match.start(1), match.start(1) + len(first), "authorization")
    for match in compiled(_BARE_AUTHORIZATION).finditer(lower):
        if looks_like_a_secret(text[slice(*match.span(1))]):
            yield Span(*match.span(1), "authorization")


def _is_user_and_password(value: str) -> bool:
    """Basic credentials are base64 of "user:password"; a word such as "authentication" is not."""
    try:
        decoded = binascii.a2b_base64(value + "=" * (-len(value) % 4), strict_mode=True)
    except ValueError:
        return False
    return b":" in decoded and decoded.isascii()


def _cookies(lower: str) -> Iterator[Span]:
    for header in compiled(_COOKIE).finditer(lower):
        for pair in compiled(_PAIR).finditer(lower, *header.span(1)):
            if pair[1] not in _ATTRIBUTES:
                yield Span(*pair.span(2), "cookie")


def _sessions(lower: str, text: str) -> Iterator[Span]:
    for name in _SESSION_NAMES:
        if name in lower:
            for match in compiled(name.replace(".", r"\.") + _SESSION).finditer(lower):
                if looks_like_a_secret(text[slice(*match.span(1))]):
                    yield Span(*match.span(1), "cookie")
