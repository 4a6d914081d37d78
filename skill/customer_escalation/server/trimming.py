"""Records as small answers: text cleaned and masked, then cut; empty fields left out; how much was read said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar, cast

from customer_escalation.server.desk import Answer

if TYPE_CHECKING:
    from escalation_connectors.records import Comment, Page, Person

R = TypeVar("R")
LINE = 300
BODY = 2000
THREAD = 12_000
FIRST, LAST = 5, 15


class Said(str):
    """A text that was made safe and cut already."""

    __slots__ = ()


def text(value: str, limit: int = LINE) -> Said:
    """The text as it may leave: masked before it is cut, so that no half of a secret stays."""
    from customer_escalation.safety import safe

    said = safe(value).text.strip()
    return Said(said if len(said) <= limit else f"{said[:limit].rstrip()} … [{limit} of {len(said)} characters]")


def row(**fields: object) -> Answer:
    """These fields without the empty ones; texts are made safe, times are RFC 3339."""
    return {name: kept for name, value in fields.items() if (kept := _value(value)) not in (None, "", [], {})}


def listed(name: str, page: Page[R], rows: Sequence[Answer]) -> Answer:
    """Rows under their name, with "read n of N" and how to see the rest where the list was cut."""
    total = "unknown" if page.total is None else str(page.total)
    answer: Answer = {name: list(rows), "read": f"{len(rows)} of {total}"}
    if page.cut or (page.total is not None and page.total > len(rows)):
        answer["more"] = "the list was cut: use narrower words or a higher limit"
    return answer


def person(who: Person) -> str:
    """Name and role; addresses stay out."""
    return text(f"{who.name} ({who.role})" if who.name and who.role else who.name or who.role, 80)


def thread(comments: Page[Comment]) -> Answer:
    """The first and the latest comments within a budget of characters, each marked where the customer cannot see it."""
    items = comments.items
    kept = items if len(items) <= FIRST + LAST else (*items[:FIRST], *items[-LAST:])
    limit = max(THREAD // max(len(kept), 1), LINE)
    total = len(items) if comments.total is None else comments.total
    answer: Answer = {
        "comments": [_comment(item, min(limit, BODY)) for item in kept],
        "read": f"{len(kept)} of {total}",
    }
    if len(kept) < total:
        answer["more"] = (
            f"the first {FIRST} and the last {LAST} are here" if len(kept) < len(items) else "the source cut it"
        )
    return answer


def _comment(comment: Comment, limit: int) -> Answer:
    attached = [text(f"{file.name}: {file.text}" if file.text else file.name) for file in comment.attachments]
    return row(
        id=comment.id,
        at=comment.at,
        author=person(comment.author),
        internal=None if comment.public else True,
        body=text(comment.body, limit),
        attachments=attached,
    )


def _value(value: object) -> object:
    if isinstance(value, str):
        return value if isinstance(value, Said) else text(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Mapping):
        return row(**cast("Mapping[str, object]", value))
    if isinstance(value, Iterable):
        return [_value(item) for item in cast("Iterable[object]", value)]
    return value


def moment(at: datetime) -> str:
    """To the minute, in UTC; a bare date stays one where the time is midnight."""
    at = at.astimezone(UTC)
    return f"{at:%Y-%m-%d}" if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{at:%Y-%m-%dT%H:%MZ}"
