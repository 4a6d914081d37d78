"""Secrets that are known by their form alone: private key blocks, vendors' tokens, JSON web tokens, password hashes.

The forms follow the vendors' pages and the detectors of detect-secrets and gitleaks (importing detect-secrets itself
takes a quarter of a second).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from customer_escalation.safety.spans import Span, compiled

# The literal start of a token and what must follow it; the start may not stand inside a longer word.
_API_KEYS = {
    "AKIA": r"[A-Z0-9]{16}(?![A-Za-z0-9])",
    "ASIA": r"[A-Z0-9]{16}(?![A-Za-z0-9])",
    "ABIA": r"[A-Z0-9]{16}(?![A-Za-z0-9])",
    "ACCA": r"[A-Z0-9]{16}(?![A-Za-z0-9])",
    "AKCp": r"[A-Za-z0-9]{50,}",
    "AIza": r"[\w-]{35}",
    "AGE-SECRET-KEY-1": r"[A-Z0-9]{50,}",
    "ATATT3": r"[\w=-]{60,}",
    "CFPAT-": r"[\w-]{40,}",
    "GOCSPX-": r"[\w-]{20,}",
    "HRKU-": r"[\w-]{30,}",
    "LTAI": r"[A-Za-z0-9]{16,20}(?![A-Za-z0-9])",
    "NRAK-": r"[A-Z0-9]{27}",
    "PMAK-": r"[0-9a-f]{24}-[0-9a-f]{34}",
    "SG.": r"[\w-]{16,40}\.[\w-]{30,}",
    "SK": r"[0-9a-f]{32}(?![A-Za-z0-9])",
    "dapi": r"[0-9a-f]{32}",
    "dckr_pat_": r"[\w-]{20,}",
    "dop_v1_": r"[0-9a-f]{40,}",
    "doo_v1_": r"[0-9a-f]{40,}",
    "dp.pt.": r"[A-Za-z0-9]{40,}",
    "glc_": r"[A-Za-z0-9+/=]{40,}",
    "glsa_": r"[A-Za-z0-9]{32}_[0-9a-f]{8}",
    "gsk_": r"[A-Za-z0-9]{40,}",
    "hf_": r"[A-Za-z0-9]{30,}",
    "hvs.": r"[\w-]{20,}",
    "key-": r"[0-9a-f]{32}(?![A-Za-z0-9])",
    "lin_api_": r"[A-Za-z0-9]{32,}",
    "ntn_": r"[A-Za-z0-9]{40,}",
    "pat-na1-": r"[0-9a-f-]{36}",
    "pat-eu1-": r"[0-9a-f-]{36}",
    "pplx-": r"[A-Za-z0-9]{40,}",
    "pscale_": r"(?:tkn|pw|oauth)_[\w.-]{30,}",
    "r8_": r"[A-Za-z0-9]{37}",
    "rk_live_": r"[A-Za-z0-9]{10,}",
    "rk_test_": r"[A-Za-z0-9]{10,}",
    "rubygems_": r"[0-9a-f]{40,}",
    "rzp_live_": r"[A-Za-z0-9]{14,}",
    "sb_secret_": r"[\w-]{20,}",
    "sbp_": r"[0-9a-f]{40}",
    "secret_": r"[A-Za-z0-9]{43}(?![A-Za-z0-9])",
    "sk-": r"(?:(?:ant|proj|svcacct|admin|or|lf|None)-[\w-]{20,}|[A-Za-z0-9]{20,})",
    "sk_live_": r"\w{10,}",
    "sk_test_": r"\w{10,}",
    "sntrys_": r"[\w=+/-]{40,}",
    "sntryu_": r"[0-9a-f]{40,}",
    "sq0atp-": r"[\w-]{22,}",
    "sq0csp-": r"[\w-]{40,}",
    "whsec_": r"[A-Za-z0-9+/=]{20,}",
    "xai-": r"[A-Za-z0-9]{60,}",
    **{f"shp{kind}_": r"[0-9a-fA-F]{32}" for kind in ("at", "ca", "pa", "ss", "ua")},
}
_ACCESS_TOKENS = {
    **{f"gh{kind}_": r"[A-Za-z0-9_]{30,}(?:[.-][\w-]{10,}){0,4}" for kind in "pousr"},
    "github_pat_": r"\w{22,}",
    **{
        f"gl{kind}-": r"[\w-]{20,}(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?"
        for kind in ("pat", "dt", "ft", "soat", "rt", "cbt", "imt", "ptt", "agent", "rtr")
    },
    "gloas-": r"[\w-]{50,}",
    "GR1348941": r"[\w-]{20,}",
    **{f"xox{kind}-": r"[\w-]{10,}" for kind in "abposre"},
    "xoxe.xox": r"[bp]-[\w-]{10,}",
    "xapp-": r"[0-9]-[\w-]{20,}",
    "npm_": r"[A-Za-z0-9]{36}(?![A-Za-z0-9])",
    "pypi-": r"[\w-]{50,}",
    "ya29.": r"[\w-]{20,}",
    "1//0": r"[\w-]{35,}",
    "pat": r"[A-Za-z0-9]{14}\.[0-9a-f]{64}",
    "00D": r"[A-Za-z0-9]{12,15}![\w.]{60,200}",
    "eyJ": r"[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*){1,3}",
}
# Forms without a literal start; the literal that must stand in the text, and the pattern whose group is the secret.
_OTHERS = (
    ("AKIA", "secret", r"(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{16}[\s\"',:;/|=]{1,8}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"),
    ("8Q~", "secret", r"(?<![\w~.-])([\w~.-]{3}8Q~[\w~.-]{31,34})"),
    ("7Q~", "secret", r"(?<![\w~.-])([\w~.-]{3}7Q~[\w~.-]{31,34})"),
    ("-us", "api_key", r"([0-9a-f]{32}(?<![0-9A-Za-z].{32})-us[0-9]{1,2})(?![0-9A-Za-z])"),
    (":AA", "token", r"(?<![0-9A-Za-z])([0-9]{8,10}:AA[\w-]{33})(?![\w-])"),
    (".atlasv1.", "token", r"(?<![A-Za-z0-9])([A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70})"),
    (".", "token", r"([MNO](?<![\w-].)[\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38})(?![\w.-])"),
    ("$2", "password_hash", r"(\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53})"),
    ("$argon2", "password_hash", r"(\$argon2(?:id|i|d)\$[\w=,$+/-]{40,300})"),
    ("$6$", "password_hash", r"(\$6\$(?:rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86})"),
)
# A key that a line break has torn apart behind the underscore that ends its start.
_TORN = r"[sr]k_(?:live|test)_\s{1,3}(?=[A-Za-z]*[0-9][A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])([A-Za-z0-9]{10,})"
# No token is shorter; the many searches below look only at words that are long enough.
_SHORTEST = 18
_BEGIN = r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
_END = r"[^-]*+(?:-(?!---)[^-]*+)*+-{4,5} ?END [A-Z0-9 ]{0,60}-{4,5}"
_CUT_SHORT = r"(?:(?:\s|\\[nr])*+[A-Za-z0-9+/=]{16,})*+"
_PUTTY = (
    r"PuTTY-User-Key-File-[0-9][^\0]{0,400}?Private-Lines: [0-9]{1,4}\s{1,4}"
    r"([A-Za-z0-9+/=]{1,80}(?:\s{1,2}[A-Za-z0-9+/=]{1,80}(?![\w-]))*+)"
)


def find_private_keys(text: str) -> Iterator[Span]:
    """Private key blocks from BEGIN to END, or as far as the key goes where the end is missing."""
    if "PRIVATE KEY" in text:
        for match in compiled(f"{_BEGIN}(?:{_END}|{_CUT_SHORT})").finditer(text):
            yield Span(match.start(), match.end(), "private_key")
    if "PuTTY-User-Key-File-" in text:
        for match in compiled(_PUTTY).finditer(text):
            yield Span(*match.span(1), "private_key")


def find_tokens(text: str) -> Iterator[Span]:
    """Tokens and keys of known vendors, JSON web tokens, and salted password hashes."""
    words = "\n".join({word for word in text.split() if len(word) >= _SHORTEST})
    for literal, kind, pattern in _OTHERS:
        if literal in words:
            for match in compiled(pattern).finditer(text):
                yield Span(*match.span(1), kind)
    if "_live_" in text or "_test_" in text:
        for match in compiled(_TORN).finditer(text):
            yield Span(*match.span(1), "api_key")
    for kind, table in (("api_key", _API_KEYS), ("token", _ACCESS_TOKENS)):
        for start, rest in table.items():
            if start in words:
                # The look-behind stands after the literal, so that the search can jump from literal to literal.
                for match in compiled(rf"{re.escape(start)}(?<![A-Za-z0-9]{re.escape(start)}){rest}").finditer(text):
                    yield Span(match.start(), match.end(), kind)
