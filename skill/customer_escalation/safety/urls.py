"""Passwords and keys inside addresses; the host and the path stay readable."""

from __future__ import annotations

from collections.abc import Iterator

from customer_escalation.safety.spans import OPENING, Span, compiled

_USER = r"://[^\s/:\"'<>]{0,128}:"
# A password may hold "@" or an unescaped "/"; a port before a path is not a password.
_SECRET_PART = r"(?:([^\s/\"'<>]{1,256})|(?![0-9]{1,5}/)([^\s@\"'<>]{1,256}))@(?=[\w.\[-])"
_ALONE = r"://(?=[^\s/@:]{0,128}[0-9])([A-Za-z0-9_-]{20,128})@(?=[\w.-])"
_GO_DSN = r"(?<![\w/])[\w.-]{1,64}:([^\s@/\"']{1,128})@(?=(?:tcp|unix)\()"
_HOOKS = (
    ("hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows|triggers)/([\w/-]{16,})"),
    ("/api/webhooks/", r"/api/webhooks/[0-9]{6,}/([\w-]{40,})"),
    (".webhook.office.com/", r"\.webhook\.office\.com/webhookb2/([\w@/-]{30,})"),
)
_SIGNED = r"[?&;](?:sig|signature|x-amz-signature|x-goog-signature|x-amz-security-token)=([\w%+/=.~-]{16,})"


def find_url_passwords(text: str) -> Iterator[Span]:
    """Passwords in addresses and connection strings, secret webhook paths, and signatures of signed links."""
    if "@" in text and "://" in text:
        yield from _passwords(text)
    if "@tcp(" in text or "@unix(" in text:
        for match in compiled(_GO_DSN).finditer(text):
            yield Span(*match.span(1), "password")
    for literal, pattern in _HOOKS:
        if literal in text:
            for match in compiled(pattern).finditer(text):
                yield Span(*match.span(1), "secret")
    if "sig" in text or "Sig" in text or "ecurity" in text:
        for match in compiled(f"(?i){_SIGNED}").finditer(text):
            yield Span(*match.span(1), "secret")


def _passwords(text: str) -> Iterator[Span]:
    for match in compiled(_USER + _SECRET_PART).finditer(text):
        group = 1 if match[1] is not None else 2
        if OPENING[:-1] not in match[group]:
            yield Span(*match.span(group), "password")
    for match in compiled(_ALONE).finditer(text):
        yield Span(*match.span(1), "token")
