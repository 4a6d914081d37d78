"""Values for answers: texts made safe and cut, empty fields left out; and texts that come in, cleaned and limited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeGuard, cast

from customer_escalation.casebook.state import NotAllowed
from customer_escalation.safety import clean, safe

LINE = 300
LONGEST = 2000
Answer = dict[str, object]


def line(text: str, limit: int = LINE) -> str:
    """A text on one line, masked before it is cut."""
    said = " ".join(safe(text).text.split())
    return said if len(said) <= limit else f"{said[:limit].rstrip()} … [{limit} of {len(said)} characters]"


def head(text: str, limit: int = LINE) -> str:
    """The beginning of an exact text, as it stands."""
    return text if len(text) <= limit else f"{text[:limit]}… [{limit} of {len(text)} characters]"


def filled(**fields: object) -> Answer:
    """These fields without the empty ones."""
    return {name: value for name, value in fields.items() if not _empty(value)}


def said(text: str, what: str = "the text") -> str:
    """What somebody gave, without what cannot be seen. Raises NotAllowed where it is too long."""
    cleaned = clean(text).text.strip()
    if len(cleaned) > LONGEST:
        raise NotAllowed(f"{what} may have {LONGEST:,} characters, not {len(cleaned):,}")
    return cleaned


def one_line(text: str, what: str) -> str:
    """A name or an id as somebody gave it. Raises NotAllowed."""
    return " ".join(said(text, what).split())


def named(value: object) -> Mapping[str, object]:
    """A JSON object, or nothing where it is none."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _empty(value: object) -> TypeGuard[None]:
    return value is None or (isinstance(value, (str, list, dict, tuple)) and not value)
