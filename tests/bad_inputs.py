"""Bad inputs with the one line that each deserves: `argv` in a folder that holds `files`, the line, the exit status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ISSUE = ("escalate", "API down")
IN_W = (*ISSUE, "--workspace", "w")
HELP = "(see customer-escalation escalate --help)"
TOP_HELP = "(see customer-escalation --help)"
TIME = "(RFC 3339, as 2026-11-19T16:50:00Z)"
TICKET = b'{"id": "T-1", "subject": "API down", "created_at": "2026-11-17T15:02:00Z"}\n'
EMPTY = "ISSUE: is empty; say in a few words what is wrong and for whom"
LAST_RESORT = "no rule is left for what no other rule covers (one with `when: []`)"
TARGETS = "l2_support, engineering, product, security, leadership"


@dataclass(frozen=True)
class Bad:
    """One bad input."""

    line: str
    argv: Sequence[str] = IN_W
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    typed: bytes | None = None
    status: int = 2


def option(line: str, *more: str) -> Bad:
    """An `escalate` on the sample company with these further arguments."""
    return Bad(line, (*ISSUE, *more))


def issue(line: str, text: str) -> Bad:
    """An `escalate` of this text."""
    return Bad(line, ("escalate", text))


def broken(line: str, name: str, content: bytes) -> Bad:
    """A workspace with this file in it."""
    return Bad(line, IN_W, {f"w/{name}": content})


def profile(line: str, text: str | bytes) -> Bad:
    """A workspace with a good ticket and this workspace.yaml; the line goes on where the file's name ends."""
    raw = text if isinstance(text, bytes) else text.encode()
    return Bad(f"workspace.yaml{line}", IN_W, {"w/tickets.jsonl": TICKET, "w/workspace.yaml": raw})


COMMANDS = [
    Bad(f"the following arguments are required: COMMAND {TOP_HELP}", ()),
    Bad(
        "COMMAND: invalid choice: 'esc' (choose from escalate, serve, work, install, connect, doctor, cases, show, "
        "due, watch, calendar, propose, approve, decline, edit, settle, update, de-escalate, close, verify, backup, "
        f"restore) {TOP_HELP}",
        ("esc", "x"),
    ),
    Bad(f"the following arguments are required: ISSUE {HELP}", ("escalate",)),
    Bad(f"unrecognized arguments: down {TOP_HELP}", ("escalate", "API", "down")),
    Bad(r"unrecognized arguments: \x1b[31m --x\u202e " + TOP_HELP, ("escalate", "API", "\x1b[31m", "--x\u202e")),
    Bad(f"unrecognized arguments: {'-' * 476} ...", ("escalate", "API", "-" * 10_000)),
    option(f"unrecognized arguments: --fast {TOP_HELP}", "--fast"),
    option(f"unrecognized arguments: --work w {TOP_HELP}", "--work", "w"),
    option(f"--format: invalid choice: 'pdf' (choose from markdown, json, html, slack) {HELP}", "--format", "pdf"),
    option(f"--format: expected one argument {HELP}", "--format"),
    option(f"--planner: invalid choice: 'magic' (choose from auto, rules, llm) {HELP}", "--planner", "magic"),
    option(
        "--planner llm: no language model is set; set ANTHROPIC_API_KEY, ANTHROPIC_AUTH_TOKEN or ANTHROPIC_BASE_URL",
        "--planner",
        "llm",
    ),
    option(f"--quiet: ignored explicit argument 'yes' {HELP}", "--quiet=yes"),
    option(f"--customer: longer than 200 characters {HELP}", "--customer", "a" * 201),
    option("--customer: not UTF-8 text", "--customer", "Caf\udce9"),
    option(f"--now: not a time {TIME}: 'yesterday'", "--now", "yesterday"),
    option(f"--now: not a time {TIME}: ''", "--now", ""),
    option(f"--now: not a time {TIME}: '0000-01-01'", "--now", "0000-01-01"),
    option(f"--now: not a time {TIME}: '2026-02-30'", "--now", "2026-02-30"),
    option(f"--now: not a time {TIME}: '{'9' * 56}...", "--now", "9" * 5000),
    option(
        f"--now: not a time from 1970 to 2999 {TIME}: '9999-12-31T23:59:59-12:00'", "--now", "9999-12-31T23:59:59-12:00"
    ),
    option(
        f"--now: not a time from 1970 to 2999 {TIME}: '0001-01-01T00:00:00+14:00'", "--now", "0001-01-01T00:00:00+14:00"
    ),
    option("--output: is a folder: .", "--output", "."),
    option("--output: no such folder: nowhere", "--output", "nowhere/brief.md"),
    option(f"--output: is empty {HELP}", "--output", ""),
    option(f"--output: holds a NUL {HELP}", "--output", "a\0b"),
    option(f"--output: cannot be written: {'a' * 300}/b", "--output", "a" * 300 + "/b"),
    Bad("--output: no such folder: file", (*ISSUE, "--output", "file/brief.md"), {"file": b""}),
    option("--output: No space left on device: /dev/full", "--output", "/dev/full"),
    option(f"--workspace: is empty {HELP}", "--workspace", ""),
    option(f"--workspace: holds a NUL {HELP}", "--workspace", "a\0b"),
    option("--workspace: no such folder: nowhere", "--workspace", "nowhere"),
    option(r"--workspace: no such folder: caf\udce9", "--workspace", "caf\udce9"),
    option(f"--workspace: not a name that a folder can have: {'a' * 300}", "--workspace", "a" * 300),
    Bad("--workspace: not a folder: w", IN_W, {"w": b""}),
    Bad(
        "--workspace: not a folder: w/tickets.jsonl",
        (*ISSUE, "--workspace", "w/tickets.jsonl"),
        {"w/tickets.jsonl": TICKET},
    ),
    Bad(
        "workspace w: none of its files is here (tickets.jsonl, accounts.jsonl, contacts.jsonl, deals.jsonl, "
        "messages.jsonl, issues.jsonl, articles)",
        IN_W,
        {"w/readme.txt": b""},
    ),
    option("--config: no such file: c.yaml", "--config", "c.yaml"),
    option(f"--config: is empty {HELP}", "--config", ""),
    Bad("--workspace: no such folder: nowhere", ("doctor", "--workspace", "nowhere")),
    Bad(f"unrecognized arguments: now {TOP_HELP}", ("doctor", "now")),
    Bad("--http: not HOST:PORT: 'localhost'", ("serve", "--http", "localhost")),
    Bad("--http: not HOST:PORT: 'localhost:'", ("serve", "--http", "localhost:")),
    Bad("--http: not HOST:PORT: '127.0.0.1:65536'", ("serve", "--http", "127.0.0.1:65536")),
    Bad("--http: not HOST:PORT: '127.0.0.1:٨٠'", ("serve", "--http", "127.0.0.1:٨٠")),
    Bad(
        "--http: 192.0.2.1 can be reached from other machines: set CUSTOMER_ESCALATION_TOKEN, "
        "or CUSTOMER_ESCALATION_ISSUER, or `people` in the configuration, or listen on 127.0.0.1",
        ("serve", "--http", "192.0.2.1:8000"),
    ),
    Bad(
        "unknown agent 'emacs': choose claude-code, cursor, codex, vscode, claude-desktop",
        ("install", "emacs", "--dry-run"),
    ),
    Bad("--config: no such file: nowhere.yaml", ("install", "--dry-run", "--config", "nowhere.yaml")),
    Bad("--workspace: no such folder: nowhere", ("install", "--dry-run", "--workspace", "nowhere")),
]

ISSUES = [
    issue(EMPTY, ""),
    issue(EMPTY, " \t\r\n\u3000"),
    issue(EMPTY, "\u200b\u200d\ufeff\u2060"),
    issue(EMPTY, "\u202e\u2066"),
    issue(EMPTY, "\0\x1b"),
    issue("ISSUE: not UTF-8 text", "Caf\udce9 down"),
    issue("ISSUE: longer than 1,000,000 characters", "a" * 2_000_000),
    Bad(EMPTY, ("escalate", "-"), typed=b""),
    Bad(EMPTY, ("escalate", "-"), typed=b"\xef\xbb\xbf \n"),
    Bad("standard input: not UTF-8 at byte 3", ("escalate", "-"), typed=b"API\xff"),
    Bad("standard input: not UTF-8 at byte 0", ("escalate", "-"), typed="API down".encode("utf-16")),
    Bad("ISSUE: longer than 1,000,000 characters", ("escalate", "-"), typed=b"a" * 2_000_000),
    Bad("ISSUE: longer than 1,000,000 characters", ("escalate", "-"), typed=b"a" * 5_000_000),
]

LINES = [
    broken("tickets.jsonl:1: not JSON: a value is missing at column 1", "tickets.jsonl", b"down\n"),
    broken("tickets.jsonl:2: subject: missing", "tickets.jsonl", TICKET + b'{"id": "T-2"}\n'),
    broken("tickets.jsonl:1: tags: not a list: 'sso'", "tickets.jsonl", TICKET.replace(b"}", b', "tags": "sso"}')),
    broken(
        "tickets.jsonl:1: created_at: not a time from 1900 to 2999: '0001-01-01T15:02:00Z'",
        "tickets.jsonl",
        TICKET.replace(b"2026-11-17", b"0001-01-01"),
    ),
    broken(
        "tickets.jsonl:1: created_at: not a time from 1900 to 2999: '9999-12-31T23:59:60Z'",
        "tickets.jsonl",
        TICKET.replace(b"2026-11-17T15:02:00", b"9999-12-31T23:59:60"),
    ),
    broken("accounts.jsonl:1: not JSON: a value is missing at column 1", "accounts.jsonl", b"Acme\n"),
    broken("accounts.jsonl:1: name: missing", "accounts.jsonl", b'{"id": "A"}\n'),
    broken("accounts.jsonl:1: arr: not a number: 'lots'", "accounts.jsonl", b'{"id": "A", "name": "n", "arr": "lots"}'),
    broken("contacts.jsonl:1: not JSON: a value is missing at column 1", "contacts.jsonl", b"Ada\n"),
    broken("contacts.jsonl:1: account: missing", "contacts.jsonl", b'{"id": "C", "name": "n"}\n'),
    broken(
        "contacts.jsonl:1: is_primary: not true or false: 1",
        "contacts.jsonl",
        b'{"id": "C", "account": "A", "name": "n", "is_primary": 1}\n',
    ),
    broken("deals.jsonl:1: not JSON: a value is missing at column 1", "deals.jsonl", b"renewal\n"),
    broken("deals.jsonl:1: name: missing", "deals.jsonl", b'{"id": "D", "account": "A"}\n'),
    broken(
        "deals.jsonl:1: amount: not a number: 'EUR 5'",
        "deals.jsonl",
        b'{"id": "D", "account": "A", "name": "n", "amount": "EUR 5"}\n',
    ),
    broken("messages.jsonl:1: not JSON: a value is missing at column 1", "messages.jsonl", b"hi\n"),
    broken("messages.jsonl:1: text: missing", "messages.jsonl", b'{"id": "M", "channel": "c", "at": "2026-11-17"}\n'),
    broken(
        "messages.jsonl:1: at: a time without a zone: '2026-11-17T10:00:00'",
        "messages.jsonl",
        b'{"id": "M", "channel": "c", "text": "t", "at": "2026-11-17T10:00:00"}\n',
    ),
    broken("issues.jsonl:1: not JSON: a value is missing at column 1", "issues.jsonl", b"ORD-1\n"),
    broken("issues.jsonl:1: title: missing", "issues.jsonl", b'{"key": "ORD-1", "created_at": "2026-11-17"}\n'),
    broken(
        "issues.jsonl:1: labels[0]: not text: null",
        "issues.jsonl",
        b'{"key": "ORD-1", "title": "t", "created_at": "2026-11-17", "labels": [null]}\n',
    ),
    broken(
        "articles/a.md:1: no front matter (a line ---, the keys id and title, a line ---)", "articles/a.md", b"# Hi\n"
    ),
    broken("articles/a.md:1: title: missing", "articles/a.md", b"---\nid: K\n---\n"),
    broken("articles/a.md:3: kind: not text: a list", "articles/a.md", b"---\nid: K\nkind: [guide]\ntitle: t\n---\n"),
]

YAML = [
    profile(":2: not valid YAML", "company: [Larkfield\n"),
    profile(":1: not valid YAML", "company: Lark: field"),
    profile(":2: not valid YAML", "company: Larkfield\n\treporter: x"),
    profile(":2: not valid YAML", "company: Larkfield\n--- \nreporter: x"),
    profile(":1: not valid YAML", r'company: "\ud800"'),
    profile(": not UTF-8 at byte 9", b"company: \xff"),
    profile(": holds a NUL byte (not UTF-8 text?)", "company: x".encode("utf-16")),
    profile(": holds a NUL byte (not UTF-8 text?)", b"company: \0"),
    profile(": company: holds a NUL or half a character: 'a\\x00b'", r'company: "a\0b"'),
    profile(": larger than 1,000,000 bytes", b"#" * 1_000_001),
    profile(":1: nested too deeply", "[" * 100_000),
    profile(":2: an alias (*name) is not allowed", "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"),
    profile(":1: an alias (*name) is not allowed", "a: &a [*a]"),
    profile(":1: a tag (!name) is not allowed", "company: !!python/object:os.system x"),
    profile(":1: a tag (!name) is not allowed", "company: !!bool maybe"),
    profile(":1: not valid YAML", "{[a]: b}"),
    profile(": must be a mapping of keys, not a list", "[company]"),
    profile(": must be a mapping of keys, not text", "Larkfield"),
    profile(": must be a mapping of keys, not a number", "42"),
    profile(": must be a mapping of keys, not true or false", "true"),
    profile(": company: must be text, not a list", "company: [Larkfield]"),
    profile(": company: must be text, not a mapping", "company: {name: Larkfield}"),
    profile(": reporter: must be text, not true or false", "reporter: true"),
    profile(": products: must be a list, not text", "products: API"),
    profile(": products: must be a list of texts", "products: [{name: API}]"),
    profile(": timezone: not an IANA zone: 'Mars/Olympus'", "timezone: Mars/Olympus"),
    profile(": timezone: not an IANA zone: '../../etc/passwd'", "timezone: ../../etc/passwd"),
    profile(": timezone: not an IANA zone: 'Europe'", "timezone: Europe"),
    profile(": business_hours: must be a mapping of keys, not text", "business_hours: 9 to 5"),
    profile(": business_hours.days: not a weekday (mon ... sun): 'monday'", "business_hours: {days: [monday]}"),
    profile(": business_hours.days: not a weekday (mon ... sun): ''", "business_hours: {days: []}"),
    profile(": business_hours.start: not a time of day (HH:MM): '25:00'", "business_hours: {start: '25:00'}"),
    profile(": business_hours.end: not a time of day (HH:MM): '17'", "business_hours: {end: 17}"),
    profile(": business_hours.end: must be after the start, 09:00: '08:00'", "business_hours: {end: 8:00}"),
    profile(": holidays: not a country code (as SE) or a list of dates: 'Sweden'", "holidays: Sweden"),
    profile(": business_hours.holidays: not a date (as 2026-12-24): 'Xmas'", "business_hours: {holidays: [Xmas]}"),
    profile(": high_value.arr: must be a number, not '100k'", "high_value: {arr: 100k}"),
    profile(": high_value.arr: must be between 0 and 1,000,000,000,000,000, not -1", "high_value: {arr: -1}"),
    profile(": high_value.arr: must be between 0 and 1,000,000,000,000,000, not nan", "high_value: {arr: .nan}"),
    profile(": high_value.tiers: must be a list, not text", "high_value: {tiers: Enterprise}"),
    profile(": teams: must be a mapping of keys, not a list", "teams: [engineering]"),
    profile(": teams.engineering: must be a mapping of keys, not text", 'teams: {engineering: "#eng"}'),
    profile(": teams.product.owners: must be a list, not text", "teams: {product: {owners: Ada}}"),
    profile(": teams.product.channel: must be text, not a list", "teams: {product: {channel: [a, b]}}"),
    profile(
        ": teams.product.areas.api: must be a mapping of keys, not a list", "teams: {product: {areas: {api: [orders]}}}"
    ),
    profile(": sample_now: not a time: '2026-13-45'", "sample_now: 2026-13-45"),
    profile(": sample_now: not a time: 20261119", "sample_now: 20261119"),
    profile(": sample_now: not a time from 1970 to 2999: '0001-01-01'", "sample_now: 0001-01-01"),
]

POLICY = [
    (": must be a mapping of keys, not text", "strict"),
    (".thresholds: must be a mapping of keys, not a number", "{thresholds: 5}"),
    (".thresholds.waiting_hours: must be a number, not 'three days'", "{thresholds: {waiting_hours: three days}}"),
    (".thresholds.waiting_hours: must be between 0 and 876,000, not 1e+30", "{thresholds: {waiting_hours: 1e30}}"),
    (
        ".thresholds.pattern_window_days: must be between 0 and 36,500, not -1",
        "{thresholds: {pattern_window_days: -1}}",
    ),
    (".escalate: must be a list of mappings", "{escalate: [technical.data_loss]}"),
    (".escalate: must be a list of mappings", "{escalate: {id: technical.data_loss}}"),
    (".escalate[x].enabled: must be true or false, not 'no'", "{escalate: [{id: x, enabled: no}]}"),
    (".escalate[x].when: must name a finding", "{escalate: [{id: x}]}"),
    (".escalate[22].id: missing", "{escalate: [{when: [churn_threat]}]}"),
    (
        ".escalate[technical.data_loss].when: no such finding: 'data_lost'",
        "{escalate: [{id: technical.data_loss, when: [data_lost]}]}",
    ),
    (
        ".escalate[technical.data_loss].when: must be a list, not text",
        "{escalate: [{id: technical.data_loss, when: data_loss}]}",
    ),
    (
        ".decision[vip].then: must be one of escalate, handle_in_support, not 'wait'",
        "{decision: [{id: vip, then: wait, when: [churn_threat]}]}",
    ),
    (".decision[vip].when: missing", "{decision: [{id: vip, then: escalate}]}"),
    (f".decision: {LAST_RESORT}", "{decision: [{id: otherwise, enabled: false}]}"),
    (f".tiers: {LAST_RESORT}", "{tiers: [{id: l2_support, when: [feature_gap]}]}"),
    (f".tiers[legal].id: must be one of {TARGETS}, not 'legal'", "{tiers: [{id: legal, when: [legal_or_public]}]}"),
    (
        f".inform[legal].target: must be one of {TARGETS}, not 'legal'",
        "{inform: [{target: legal, when: [legal_or_public]}]}",
    ),
    (
        ".severity[urgent].id: must be one of critical, high, medium, not 'urgent'",
        "{severity: [{id: urgent, when: []}]}",
    ),
    (".cadence.high: must be a mapping of keys, not text", "{cadence: {high: hourly}}"),
    (".cadence.high.customer_hours: must be a number, not 'soon'", "{cadence: {high: {customer_hours: [soon]}}}"),
    (
        ".cadence.high.customer_hours: must be between 0 and 876,000, not nan",
        "{cadence: {high: {customer_hours: [.nan]}}}",
    ),
    (".cadence.high.customer_hours: must be a list of numbers, not 4", "{cadence: {high: {customer_hours: 4}}}"),
    (".triage.P1: must be one of critical, high, medium, not 'highest'", "{triage: {P1: highest}}"),
]

BAD = [
    *COMMANDS,
    *ISSUES,
    *LINES,
    *YAML,
    *(profile(f": policy{line}", f"policy: {text}") for line, text in POLICY),
]
