"""What looks like a secret or like personal data and is neither: an engineer needs every character of it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import PurePosixPath

import pytest

from customer_escalation.safety import clean, safe
from customer_escalation.safety.masking import mask

SHA1 = hashlib.sha1(b"commit").hexdigest()
SHA256 = hashlib.sha256(b"image").hexdigest()
MD5 = hashlib.md5(b"file").hexdigest()
PW = "pass" + "word"

IDS = [
    f"fixed in commit {SHA1}",
    f"at {SHA1[:7]} and {SHA1[:12]}",
    f"image acme/app@sha256:{SHA256}",
    f"etag {MD5}",
    f"integrity sha512-{'Zm9v' * 20}==",
    "trace 550e8400-e29b-41d4-a716-446655440000",
    "request id: 0b7a2f3e-1c4d-4e5f-8a9b-0c1d2e3f4a5b",
    "req_8f3a91c2d4e5f607",
    "request_id=req_8f3aQx91Lk",
    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "X-Request-Id: 7d9f8a7b6c5d4e3f",
    "cf-ray: 8c1d2e3f4a5b6c7d-ARN",
    "order R673875614",
    "transaction 71520384RT649271B and 3K8041956H207713F",
    "_id 68a49e60eb2bd1d2957213ff",
    "ticket 118082918890175",
    "case 2410030040001234",
    "evt_1MqqbKLt4dXK03v5qaIbiNCC",
    "ch_3MmlLrLkdIwHu7ix0snN0B15 and pi_3MtwBwLkdIwHu7ix28a3tqPa",
    "cus_NffrFeUfNV2Hib",
    "acct_1032D82eZvKYlo2C",
    "arn:aws:iam::123456789012:role/Admin",
    "i-0abcd1234efgh5678 in vpc-0a1b2c3d4e5f67890",
    "twilio account AC" + MD5,
    "role id AROA" + "Q7XK2MWPZ4RTB9HN",
    "span 00f067aa0ba902b7",
    "ULID 01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "ksuid 0ujtsYcgvSTl8PAuAdqWYSMnLOv",
    "JIRA-12345, PLAT-4471 and #88213",
    "Message-ID: <20241003101500.1A2B3C@mail.acme.example>",
    "In-Reply-To: <CAF+k3x9@mail.gmail.com>",
    "pk_" + "live_" + "51H8xYzKq2Lw9",
]

NUMBERS = [
    "build 20241003.4 of 4.11.2",
    "version 10.0.19045.3570 and v2024.10.1-rc.3",
    "Chrome/118.0.5993.70 Safari/537.36",
    "at 2026-10-03T10:15:00.123+02:00",
    "2026-10-03 10:15:00,123 and 20261003T101500Z",
    "epoch 1727950500 and 1727950500123",
    "EUR 2,500,000 and $1 250 000.00",
    "up by +100 000 000 users, +12.5 % and +1 250 000 EUR",
    "timezone +0200, UTC+05:30",
    "ISBN 978-3-16-148410-0",
    "EAN 4006381333931",
    "IMEI 490154203237518",
    "id 4111111111111111 in the table of orders",
    "id 378282246310005",
    "tracking 1Z999AA10123456784",
    "4111 1111 1111 1112 fails the check",
    "9999 9999 9999 9995 has no issuer",
    "card 1234567812345670 has no issuer",
    "from 2024-10-03 to 2024-11-04",
    "rows 404-500 of 1000-2000",
    "IP 10.0.0.1, 203.0.113.7 and 2001:db8::ff00:42:8329",
    "MAC 00:1B:44:11:3A:B7",
    "at 59.32932, 18.06858",
    "+1700000000 lines changed",
    "12-34-5678 and 000-12-3456 and 666-12-3456",
    "order 415-555-2671",
    "DE89370400440532013001 has a wrong checksum",
    "code XX12 3456 7890 1234 5678",
    "call 2024-10-03 and call 10.20.30.40 again",
    "API call 1234567890 returned 500",
    "calls 500 000 000 times",
    "phone 2.0.1 build",
    "text 12345678901234567890",
    "the system call 0x7ffee3b1c8d0 fails",
    "99.95 % of 1,000,000 requests in 250ms",
    "offset 0000000012 99999 65535",
]

CODE = [
    "java.lang.IllegalStateException: Unexpected token: } at line 12",
    "SyntaxError: Unexpected token < in JSON at position 0",
    "invalid_token: the token is expired",
    "token_type: bearer, expires_in: 3600",
    "max_tokens=4096, prompt tokens: 1523",
    "next_page_token=CAUQAA1234abcd&limit=10",
    "idempotency_key: 8a7b6c5d4e3f2a1b",
    "cache key: user:123:profile",
    "the primary key = 88123411aa",
    "public key: MFkwEwYHKoZIzj0CAQ",
    "api_key=os.environ['ACME_KEY']",
    "const token = response.data.access_token",
    "token = get_token(user)",
    "export API_KEY=$ACME_API_KEY",
    "api_key: <your key here>",
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer <token>",
    "Authorization: required for this endpoint",
    "Basic authentication is off, bearer authentication is on",
    "cookie: none was sent",
    "Cookie: dropped (too large) -> 302 /login?error=state_missing",
    "Cookie consent banner",
    "eyJ is how a token starts",
    "sk-learn and task-runner-configuration-of-2024",
    "npm_config_registry is set",
    "secretName: acme-prod-db-v2",
    "secret: acme-prod-db-v2",
    "PWD=/home/app/current",
    "https://acme.example/reset?step=2#token",
    "https://acme.example:8443/path@v2/file",
    "https://acme.example/@59.32,18.06,12z",
    "git@github.com:acme/app.git and ssh://git@gitlab.com/acme/app",
    "https://registry.npmjs.org/@acme/app/-/app-1.2.3.tgz",
    "pkg@1.2.3 and @acme/ui@^4.0.0",
    "@jane and user@host",
    "at com.acme.Export$Row.write(Export.java:212)",
    "data:image/png;base64," + base64.b64encode(bytes(range(66))).decode(),
    base64.b64encode(b"action=export&rows=1000").decode(),
    "<key>CFBundleIdentifier</key><string>com.acme.app</string>",
    "C:\\Program Files\\Acme\\app.exe /key:value",
    "SELECT token FROM sessions WHERE id = 12",
    "SG.conf and AIza and AKIA alone",
]

PASSWORD_TALK = [
    f"my {PW} is not working",
    f"the {PW} was changed on 2024-10-03",
    f"{PW}: required",
    f"{PW}: must have 12 characters",
    f'"{PW}": "is too short"',
    f"{PW} reset link expired",
    f"{PW}=***",
    f"{PW}=$DB_PASS",
    f"login(user=user, {PW}={PW})",
    f"{PW}: https://acme.example/reset",
    f"The {PW} is case-sensitive",
    f"{PW} was rotated.",
    f"{PW}: [masked: {PW}]",
    f"Forgot {PW}? Click here",
    f'<input type="{PW}">Forgot it?',
    f"<{PW}>***</{PW}>",
    f"{PW}s: 3 of 5 are weak",
    f"tool --{PW} --host db",
    "curl -u bob:*** https://acme.example",
    "the pin is 12.5 mm long",
    "pass: 12, fail: 3",
    "bypass: v2.1",
    "pass=true",
    "tests pass (v4.11.2)",
    f"use the --username and --{PW} options",
    f"changed {PW} to something",
    f"sent as username/{PW} to authenticate",
    f"{PW}: HiddenText | None",
    "aws_session_token=session.aws_session_token",
    "PHPSESSID=deleted_by_logout",
]

ALL = [*IDS, *NUMBERS, *CODE, *PASSWORD_TALK]


@pytest.mark.parametrize("text", ALL)
def test_a_look_alike_stays(text: str) -> None:
    assert mask(text).text == text


@pytest.mark.parametrize("text", ALL)
def test_a_look_alike_stays_amid_other_lines(text: str) -> None:
    around = f"Customer says:\n{text}\nSeen at 2026-10-03 10:15, build 4.11.2."
    assert safe(around).text == around


def test_a_git_hash_is_not_a_secret() -> None:
    assert mask(SHA1).kinds == ()


def test_all_look_alikes_in_one_text_stay() -> None:
    text = clean("\n\n".join(ALL[: len(IDS)] + CODE)).text
    assert mask(text).text == text


def test_a_path_is_not_a_secret() -> None:
    path = str(PurePosixPath("/var/lib/acme/tokens/3f9a1c7be04d85f2/export-2024.csv"))
    assert mask(f"token: {path}").text == f"token: {path}"
