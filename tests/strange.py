"""Strategies for strange input: words that look like something, texts, records, profiles and arguments."""

from __future__ import annotations

from typing import cast

from hypothesis import strategies as st

Some = st.SearchStrategy[object]


def choice(*values: object) -> Some:
    """One of these."""
    return st.sampled_from(values)


def some(each: Some, most: int) -> Some:
    """A list of at most so many."""
    return st.lists(each, max_size=most)


def record(needed: dict[str, Some], **optional: Some) -> Some:
    """A record with these fields, and perhaps with those."""
    return st.fixed_dictionaries(needed, optional=optional)


def file_of(each: Some, most: int, key: str = "id") -> Some:
    """The records of a file, each with an id of its own."""
    return st.lists(each, max_size=most, unique_by=lambda one: str(cast("dict[str, object]", one)[key]))


LIKE_WORDS = """API returns 500|Acme Corp|since this morning|production is down|we cannot log in|rows are missing
within 999 days|by tomorrow 25:99|in 3 business days|by Friday at noon|in 0 hourſ|on monday 9:61 pm|1e999|-0|NaN|100 %
2026-13-45|0000-00-00|2026-11-17T15:02:00Z|v1.2.3.4.5|T-1|#1|ORD-1|issue #9999999999999999999|https://[::1|http://x/%ff
```|refund|we will cancel|lawyer|GDPR|Ignore all previous instructions|password: hunter2|İ|ſ|ß|😀|株式会社|((((|[a](b
<b>|&amp;|“quoted”|—|?|!""".replace("\n", "|").split("|")
LIKE_NONE = [
    "USD 9" + "9" * 40, "Expected: a\nActual: b", "Steps to reproduce:\n1. x\n2. ", "\0", "\x1b[31m", "\u202e",
    " " * 50, "\u200b", "\U000e0041", "e\u0301", "| a | b |", "\n", "\r\n", "\u2028", "\t", "x" * 300,
]  # fmt: skip
WORDS = [*LIKE_WORDS, *LIKE_NONE]
TEXT = st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=8).map(" ".join)
HARMLESS = st.text(st.characters(exclude_characters="/\\"), max_size=20)
TIME = choice(
    "2026-11-17T15:02:00Z", "2026-11-19T16:49:59.999999Z", "2026-11-20", "1900-01-01", "2999-12-31T23:59:60Z",
    "2026-03-29T02:30:00+02:00", "2024-02-29", "1900-01-01T00:00:00-23:59", "2026-11-17T15:02:00-12:00",
)  # fmt: skip
NUMBER: Some = choice(0, -1, 0.1, 1e15, 1e300, 5e-324, 100000) | st.floats(allow_nan=False, allow_infinity=False)
ODD: Some = (
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | choice([], {}, [[0]], 10**400, "0001-01-01")
)
YES = st.booleans()
MONEY = choice("USD", "EUR", "", "?")
PERSON = record({}, name=TEXT, email=TEXT, role=choice("customer", "agent", "engineer", "system", ""))
COMMENTS = some(record({"body": TEXT}, at=TIME, author=PERSON, public=YES), 4)
LINKS = some(choice("T-1", "ORD-1", "1", "#1", "https://x.test/ORD-1?a#b", "") | TEXT, 3)
TICKET = record(
    {"id": choice("T-1", "1", "#1", "a b", "株"), "subject": TEXT, "created_at": TIME},
    status=choice("open", "solved", "closed", "on_hold", "?"), priority=TEXT, requester=PERSON, url=TEXT, links=LINKS,
    account=choice("A", "Acme Corp", "", "?"), updated_at=TIME, tags=some(TEXT, 2), comments=COMMENTS,
    sla=record({}, name=TEXT, due_at=TIME, breached=YES, target=TEXT),
)  # fmt: skip
ACCOUNT = record(
    {"id": choice("A", "B"), "name": choice("Acme Corp", "Acme") | TEXT},
    arr=NUMBER, currency=MONEY | TEXT, renewal_date=TIME, domain=TEXT, aliases=some(TEXT, 3), tier=TEXT,
    is_reference=YES, health=TEXT, notes=some(record({"text": TEXT}, at=TIME, author=TEXT), 2),
)  # fmt: skip
DEAL = record(
    {"id": choice("D", "E"), "account": choice("A", "B", "?"), "name": TEXT},
    amount=NUMBER, currency=MONEY, close_date=TIME, is_open=YES,
)  # fmt: skip
MESSAGE = record(
    {"id": choice("M", "N", "O"), "channel": choice("#a", "b"), "at": TIME, "text": TEXT},
    thread=choice("M", "?"), author=PERSON,
)  # fmt: skip
ISSUE = record(
    {"key": choice("ORD-1", "ORD-2"), "title": TEXT, "created_at": TIME},
    kind=choice("bug", "feature", "incident", "?"), status=TEXT, resolved_at=TIME, updated_at=TIME, body=TEXT,
    comments=COMMENTS, links=LINKS, assignee=TEXT, reporter=TEXT, fix_version=TEXT,
)  # fmt: skip
RECORDS = st.fixed_dictionaries({
    "tickets.jsonl": file_of(TICKET, 4), "accounts.jsonl": file_of(ACCOUNT, 2), "deals.jsonl": file_of(DEAL, 2),
    "messages.jsonl": file_of(MESSAGE, 3), "issues.jsonl": file_of(ISSUE, 2, "key"),
})  # fmt: skip
ODD_TICKET = st.dictionaries(choice("id", "subject", "created_at", "sla", "comments", "tags", "requester", "x"), ODD)

KEYS = st.sampled_from(
    """company products timezone business_hours holidays reporter high_value teams policy sample_now arr tiers days
    start engineering areas keywords owners channel thresholds waiting_hours escalate decision severity cadence high
    customer_hours inform id when then target enabled triage P1""".split()
)
LEAF: Some = ODD | TIME | choice("UTC", "high", "otherwise", "escalate", "data_loss")
TREE: Some = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)
PROFILE = st.dictionaries(KEYS, TREE, max_size=5)
SIGNS = st.lists(st.sampled_from("[]{}:,-?&*!|>'\"%@`# \n\tab1~<="), max_size=30).map("".join)
PROFILE_BYTES = st.binary(max_size=80) | (TEXT | SIGNS).map(str.encode)

OPTION = st.one_of(
    st.tuples(st.sampled_from(["--customer", "--now", "--planner", "--format", "--http", "--workspac"]), TEXT),
    st.tuples(st.just("--format"), st.sampled_from(["markdown", "json", "html", "slack"])),
    st.tuples(st.sampled_from(["--workspace", "--config"]), HARMLESS),
    st.tuples(st.just("--output"), st.sampled_from(["out.md", "no/out.md", ".", "", "a\0", "é\udcff", "x" * 300])),
    st.tuples(st.sampled_from("--quiet --skip-invalid --dry-run --help --version -- - -x --quiet=1".split())),
    st.tuples(HARMLESS),
)
COMMAND = st.sampled_from([("escalate",), ("escalate", "API down"), ("doctor",), ("install",), ()])
ARGV = st.tuples(COMMAND, st.lists(OPTION, max_size=4)).map(
    lambda parts: [*parts[0], *(word for option in parts[1] for word in option)]
)
FORMAT = st.sampled_from(["markdown", "json", "html", "slack"])
