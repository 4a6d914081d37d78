"""Bad inputs of the casebook's commands, with the one line that each deserves."""

from __future__ import annotations

from customer_escalation.follow_up import updating
from tests.bad_inputs import IN_W, TICKET, TIME, Bad

OWN_TIME = "--now: what is recorded carries its own time; only that of the sample company can be chosen"
NO_CASE = "CASE: no case 'case-9' in the casebook; `cases` lists them"
NO_PROPOSAL = "PROPOSAL: no proposal '12345678' in the casebook; `due` and `show` list them"
WHOLE = "--yes: needs --sha256 with the whole hash of the text that was read, all 64 digits"
NOBODY = (
    "nobody can be asked here (standard input is no terminal); approve it in a terminal, or let scripts do it: "
    "`approve_without_terminal: true` in the file of --config, then --yes --sha256 HASH"
)
WHATS = ", ".join(updating.WHATS)
CONDITIONS = (
    "root_cause (The root cause is found and support can resolve it); workaround (A workaround unblocks the customer); "
    "resolved_itself (The problem ended by itself; its cause is still recorded); "
    "new_information (New information changes the severity)"
)


def helped(line: str, *argv: str) -> Bad:
    """A command of the casebook whose words are wrong."""
    return Bad(f"{line} (see customer-escalation {argv[0]} --help)", argv)


def filed(line: str, *argv: str, status: int = 2) -> Bad:
    """A command of the casebook that asks for what is not there."""
    return Bad(line, argv, status=status)


CASEBOOK = [
    helped("the following arguments are required: CASE", "show"),
    helped("the following arguments are required: CASE, WHAT", "update"),
    helped("the following arguments are required: --why", "de-escalate", "case-1", "root_cause"),
    helped("the following arguments are required: FILE", "backup"),
    helped(
        "--status: invalid choice: 'gone' (choose from live, all, kept, open, acknowledged, in_progress, fix_pending, "
        "resolved, confirmed, de_escalated, closed)",
        "cases", "--status", "gone",
    ),
    helped("--limit: not a whole number from 0 to 99999", "cases", "--limit", "many"),
    helped("--hours: not a whole number from 0 to 99999", "due", "--hours", "-1"),
    helped("--hours: not a whole number from 0 to 99999", "due", "--hours", "٣"),
    helped("--events: not a whole number from 0 to 99999", "show", "case-1", "--events", "100000"),
    helped("--as: not a name of letters, digits and . @ + - _", "cases", "--as", "anna\nbo"),
    helped("--as: not a name of letters, digits and . @ + - _", "escalate", "API down", "--keep", "--as", ""),
    helped("--sha256: not a hash (8 to 64 of the digits 0-9 and a-f)", "approve", "12345678", "--sha256", "1234"),
    helped("--sha256: not a hash (8 to 64 of the digits 0-9 and a-f)", "approve", "12345678", "--sha256", "x" * 64),
    helped(
        "there|not-there: invalid choice: 'perhaps' (choose from there, not-there)", "settle", "12345678", "perhaps"
    ),
    helped("--output: is empty", "calendar", "--output", ""),
    helped("FILE: is empty", "backup", ""),
    helped("the following arguments are required: FILE", "restore"),
    filed("FILE: no such file: nowhere", "restore", "nowhere"),
    filed(WHOLE, "approve", "12345678", "--yes"),
    filed(WHOLE, "approve", "12345678", "--yes", "--sha256", "12345678"),
    filed(NOBODY, "approve", "12345678"),
    filed(NOBODY, "approve", "12345678", "--yes", "--sha256", "0" * 64),
    filed(NO_PROPOSAL, "decline", "12345678"),
    filed(NO_PROPOSAL, "edit", "12345678", "--text", "x"),
    filed(NO_PROPOSAL, "settle", "12345678", "there"),
    filed(NO_CASE, "show", "case-9"),
    filed(NO_CASE, "watch", "case-9"),
    filed(NO_CASE, "propose", "case-9", "n1"),
    filed(NO_CASE, "update", "case-9", "resolved"),
    filed(NO_CASE, "de-escalate", "case-9", "root_cause", "--why", "x"),
    filed(NO_CASE, "close", "case-9"),
    filed(NO_CASE, "verify", "case-9"),
    filed("CASE: no case 'Caf\\udce9' in the casebook; `cases` lists them", "show", "Caf\udce9"),
    filed(f"WHAT: no update 'gone'; there are {WHATS}", "update", "case-9", "gone"),
    filed(
        f"CONDITION: no such condition; a case steps down by one of these: {CONDITIONS}",
        "de-escalate", "case-9", "gone", "--why", "x",
    ),
    filed("--why: not UTF-8 text", "update", "case-9", "note", "--why", "Caf\udce9"),
    filed("--text: not UTF-8 text", "propose", "case-9", "n1", "--text", "Caf\udce9"),
    filed("verify: name one CASE, or --all", "verify"),
    filed("verify: name one CASE, or --all", "verify", "case-9", "--all"),
    filed("FILE: is there already; name a new file: .", "backup", "."),
    filed("FILE: no such folder: nowhere", "backup", "nowhere/copy"),
    filed(f"FILE: cannot be written: {'a' * 300}", "backup", "a" * 300),
    filed("--output: is a folder: .", "calendar", "--output", "."),
    filed(f"--now: not a time {TIME}: 'yesterday'", "due", "--now", "yesterday"),
    filed("--workspace: no such folder: nowhere", "cases", "--workspace", "nowhere"),
    filed("--config: no such file: c.yaml", "due", "--config", "c.yaml"),
    Bad(OWN_TIME, ("close", "case-9", "--workspace", "w", "--now", "2026-11-19"), {"w/tickets.jsonl": TICKET}),
    Bad(OWN_TIME, (*IN_W, "--keep", "--now", "2026-11-19"), {"w/tickets.jsonl": TICKET}),
]  # fmt: skip
