"""Passwords and keys inside addresses; the host and the path stay readable."""

from __future__ import annotations

from collections.abc import Iterator

from customer_escalation.safety.spans import Span, compiled, positions

_USER = r"://[^\s/:\"'<>]{0,128}:"
# A password may hold "@" or an unescaped "/"; a port before a path is not a password.
_REST = r"(?:([^\s/\"'<>]{1,256})|(?![0-9]{1,5}/)([^\s@\"'<>]{1,256}))@(?=[\w.\[-])"
_ALONE = r"://(?=[^\s/@:]{0,128}[0-9])([A-Za-z0-9_-]{20,128})@(?=[\w.-])"
# Read backwards from "@tcp(": the password, and the end of the user before it.
_GO_DSN = r"([^\s@/\"':]{1,128}+):[\w.-]"
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
    for network in ("@tcp(", "@unix("):
        for at in positions(text, network):
            if match := compiled(_GO_DSN).match(text[max(0, at - 200) : at][::-1]):
                yield Span(at - match.end(1), at, "password")
    for literal, pattern in _HOOKS:
        if literal in text:
            for match in compiled(pattern).finditer(text):
                yield Span(*match.span(1), "secret")
    if "sig" in text or "Sig" in text or "ecurity" in text:
        for match in compiled(f"(?i){_SIGNED}").finditer(text):
            yield Span(*match.span(1), "secret")


def _passwords(text: str) -> Iterator[Span]:
    for match in compiled(_USER + _REST).finditer(text):
        group = 1 if match[1] is not None else 2
        yield Span(*match.span(group), "password")
    for match in compiled(_ALONE).finditer(text):
        yield Span(*match.span(1), "token")
