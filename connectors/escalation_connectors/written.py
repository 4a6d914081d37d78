"""How questions are written on the wire, and how the times in headers are read."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit


def as_json(value: object) -> tuple[bytes, Mapping[str, str]]:
    """A JSON body and the headers that it goes with."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return body, {"content-type": "application/json", "accept": "application/json"}


def encoded(query: Mapping[str, str | int | Sequence[str] | None]) -> str:
    """A query string; None leaves a field out, a list repeats it."""
    pairs = [
        (name, str(each))
        for name, value in query.items()
        if value is not None
        for each in ([value] if isinstance(value, str | int) else value)
    ]
    return "?" + "&".join(f"{quote(name, safe='[]')}={quote(value, safe='')}" for name, value in pairs) if pairs else ""


def origin(url: str) -> str:
    """Scheme and host of an address, as one compares them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def seconds_of(written: str) -> float | None:
    """A number of seconds, or a date (RFC 9110, 5.6.7) in seconds since 1970; None for anything else."""
    try:
        number = float(written)
        return number if math.isfinite(number) else None
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(written).timestamp()
    except (ValueError, OverflowError):
        return None
