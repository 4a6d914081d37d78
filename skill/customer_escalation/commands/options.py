"""What several commands take: paths, names, times, a text that is typed; each mistake is one clear line."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from escalation_connectors.errors import InputError

if TYPE_CHECKING:
    from customer_escalation.settings import Setting

LONGEST_NAME, LONGEST_NUMBER = 200, 5
HASH = re.compile(r"[0-9a-fA-F]{8,64}")


def path(text: str) -> Path:
    """The type of an option that names a file or folder."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("holds a NUL" if text else "is empty")
    return Path(text)


def name(text: str) -> str:
    """The type of `--customer`."""
    if len(text) > LONGEST_NAME:
        raise argparse.ArgumentTypeError(f"longer than {LONGEST_NAME} characters")
    return utf8(text, "--customer")


def person(text: str) -> str:
    """The type of `--as`."""
    from customer_escalation.people import NAME

    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("not a name of letters, digits and . @ + - _")
    return text


def amount(text: str) -> int:
    """The type of a whole number that counts something."""
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER):
        raise argparse.ArgumentTypeError(f"not a whole number from 0 to {'9' * LONGEST_NUMBER}")
    return int(text)


def hashed(text: str) -> str:
    """The type of `--sha256`: the hash of a text, or its beginning."""
    if not HASH.fullmatch(text):
        raise argparse.ArgumentTypeError("not a hash (8 to 64 of the digits 0-9 and a-f)")
    return text.lower()


def utf8(text: str, option: str) -> str:
    """The text, without the half characters that stand for bytes of another encoding."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InputError(f"{option}: not UTF-8 text")
    return text


def case(command: argparse.ArgumentParser) -> None:
    """The case that a command is about."""
    command.add_argument("case", metavar="CASE", help="as case-1")


def moment(setting: Setting, given: datetime | None) -> datetime:
    """The time at which the cases of this workspace are judged: the given one, the sample company's own, or now."""
    return given or setting.own_time or datetime.now(UTC).replace(microsecond=0)


def where(command: argparse.ArgumentParser) -> None:
    """The options that go with each command: what is read."""
    command.add_argument(
        "--workspace", type=path, metavar="DIR", help="a workspace folder (default: the sample company)"
    )
    command.add_argument("--config", type=path, metavar="FILE", help="connectors to read from")


def typed(what: str, longest: int) -> str:
    """What comes on standard input; `what` names it where it is longer than so many characters. Raises InputError."""
    try:
        raw = sys.stdin.buffer.read(4 * longest + 1)  # the longest in UTF-8, and one more to notice
    except (OSError, AttributeError) as error:  # AttributeError: started without a standard input
        raise InputError(f"standard input: {getattr(error, 'strerror', None) or 'is closed'}") from None
    if len(raw) > 4 * longest:
        raise InputError(f"{what}: longer than {longest:,} characters")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"standard input: not UTF-8 at byte {error.start}") from None


def time(text: str, option: str) -> datetime:
    """The moment. Raises InputError."""
    from escalation_connectors.options import moment_of, shown

    try:
        return moment_of(text)
    except ValueError as error:
        raise InputError(f"{option}: {error} (RFC 3339, as 2026-11-19T16:50:00Z): {shown(text)}") from None
