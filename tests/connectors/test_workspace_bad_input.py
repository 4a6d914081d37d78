"""Each bad workspace file gives its one clear line, and can be skipped line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_connectors.errors import InputError
from escalation_connectors.workspace import open_workspace

OK = b'{"id": "T-1", "subject": "s", "created_at": "2026-11-17T15:02:00Z"}\n'
BIG = b'"' + b"x" * (8 * 1024 * 1024) + b'"'


def ticket(rest: str) -> bytes:
    """A line that would be valid without `rest`."""
    return f'{{"id": "T-2", "subject": "s", "created_at": "2026-11-17", {rest}}}\n'.encode()


BAD: list[tuple[str, bytes, str]] = [
    # Not JSON, or not an object
    ("tickets.jsonl", OK + b"hello\n", "tickets.jsonl:2: not JSON: a value is missing at column 1"),
    ("tickets.jsonl", OK + b"\n\n{\n", "tickets.jsonl:4: not JSON: a key in double quotes is missing at column 2"),
    ("tickets.jsonl", b'{"id" "T-1"}', "tickets.jsonl:1: not JSON: a colon is missing at column 7"),
    ("tickets.jsonl", b'{"id": "T-1" "a": 1}', "tickets.jsonl:1: not JSON: a comma is missing at column 14"),
    ("tickets.jsonl", b'{"id": "T-1', "tickets.jsonl:1: not JSON: a text without an end that starts at column 8"),
    ("tickets.jsonl", b'{"id": "a\tb"}', "tickets.jsonl:1: not JSON: a control character at column 10"),
    ("tickets.jsonl", b'{"id": "\\x"}', "tickets.jsonl:1: not JSON: a wrong escape at column 9"),
    ("tickets.jsonl", b"{'id': 'T-1'}", "tickets.jsonl:1: not JSON: a key in double quotes is missing at column 2"),
    ("tickets.jsonl", b"{} {}", "tickets.jsonl:1: not JSON: more text after the object at column 4"),
    ("tickets.jsonl", b"[1, 2]", "tickets.jsonl:1: not a JSON object: a list"),
    ("tickets.jsonl", b'"text"', "tickets.jsonl:1: not a JSON object: 'text'"),
    ("tickets.jsonl", b"42", "tickets.jsonl:1: not a JSON object: 42"),
    ("tickets.jsonl", b"null", "tickets.jsonl:1: not a JSON object: null"),
    ("tickets.jsonl", b"[" * 100_000, "tickets.jsonl:1: nested too deeply"),
    ("tickets.jsonl", ticket('"x": ' + "[" * 70 + "]" * 70), "tickets.jsonl:1: nested too deeply"),
    ("tickets.jsonl", b'{"id": NaN}', "tickets.jsonl:1: not JSON: NaN is not a number"),
    ("tickets.jsonl", b'{"id": -Infinity}', "tickets.jsonl:1: not JSON: -Infinity is not a number"),
    ("tickets.jsonl", b'{"id": 1e999}', "tickets.jsonl:1: not a finite number: '1e999'"),
    ("tickets.jsonl", b'{"id": ' + b"9" * 5000 + b"}", "tickets.jsonl:1: not JSON: a number with too many digits"),
    # Encodings and sizes
    ("tickets.jsonl", OK + b'{"id": "\xff"}', "tickets.jsonl:2: not UTF-8: byte 0xff at column 9"),
    ("tickets.jsonl", b"\xc3", "tickets.jsonl:1: not UTF-8: byte 0xc3 at column 1"),
    ("tickets.jsonl", "{}".encode("utf-16"), "tickets.jsonl:1: holds a NUL byte (not UTF-8 text?)"),
    ("tickets.jsonl", OK + b"\0\0\0", "tickets.jsonl:2: holds a NUL byte (not UTF-8 text?)"),
    ("tickets.jsonl", OK + b'{"id": ' + BIG + b"}\n", "tickets.jsonl:2: longer than 8 MiB"),
    ("tickets.jsonl", b'{"id": ' + BIG + BIG + b"}", "tickets.jsonl:1: longer than 8 MiB"),
    # Unicode that no other program could take
    (
        "tickets.jsonl",
        ticket('"url": "\\ud800"'),
        r"tickets.jsonl:1: url: holds half a character (a lone surrogate): '\ud800'",
    ),
    ("tickets.jsonl", ticket('"url": "a\\u0000b"'), r"tickets.jsonl:1: url: holds a NUL character: 'a\x00b'"),
    (
        "tickets.jsonl",
        ticket('"x": {"y": ["\\udfff"]}'),
        r"tickets.jsonl:1: x.y[0]: holds half a character (a lone surrogate): '\udfff'",
    ),
    (
        "tickets.jsonl",
        ticket('"\\ud83d": 1'),
        r"tickets.jsonl:1: a key: holds half a character (a lone surrogate): '\ud83d'",
    ),
    # Required fields and ids
    ("tickets.jsonl", b"{}", "tickets.jsonl:1: id: missing"),
    ("tickets.jsonl", b'{"id": null}', "tickets.jsonl:1: id: missing"),
    ("tickets.jsonl", b'{"id": "T-1"}', "tickets.jsonl:1: subject: missing"),
    ("tickets.jsonl", b'{"id": "T-1", "subject": "s"}', "tickets.jsonl:1: created_at: missing"),
    ("tickets.jsonl", b'{"id": "  "}', "tickets.jsonl:1: id: empty"),
    ("tickets.jsonl", b'{"id": true}', "tickets.jsonl:1: id: not text: true"),
    ("tickets.jsonl", b'{"id": 1.5}', "tickets.jsonl:1: id: not text: 1.5"),
    ("tickets.jsonl", b'{"id": "a\\nb"}', r"tickets.jsonl:1: id: not an id: 'a\nb'"),
    ("tickets.jsonl", b'{"id": "\\u202e1"}', r"tickets.jsonl:1: id: not an id: '\u202e1'"),
    ("tickets.jsonl", b'{"id": "' + b"x" * 201 + b'"}', f"tickets.jsonl:1: id: not an id: '{'x' * 59}…'"),
    ("tickets.jsonl", OK + OK, "tickets.jsonl:2: id: already used on line 1: 'T-1'"),
    ("tickets.jsonl", OK + OK.replace(b'"T-1"', b'" T-1 "'), "tickets.jsonl:2: id: already used on line 1: 'T-1'"),
    # Times
    (
        "tickets.jsonl",
        OK.replace(b"2026-11-17T15:02:00Z", b"yesterday"),
        "tickets.jsonl:1: created_at: not a time: 'yesterday'",
    ),
    ("tickets.jsonl", OK.replace(b"17T", b"31T"), "tickets.jsonl:1: created_at: not a time: '2026-11-31T15:02:00Z'"),
    (
        "tickets.jsonl",
        OK.replace(b"00Z", b"00"),
        "tickets.jsonl:1: created_at: a time without a zone: '2026-11-17T15:02:00'",
    ),
    ("tickets.jsonl", OK.replace(b"T15", b"T25"), "tickets.jsonl:1: created_at: not a time: '2026-11-17T25:02:00Z'"),
    ("tickets.jsonl", OK.replace(b"-17T15:02:00Z", b""), "tickets.jsonl:1: created_at: not a time: '2026-11'"),
    (
        "tickets.jsonl",
        OK.replace(b"2026-11-17T", b"0000-11-17T"),
        "tickets.jsonl:1: created_at: not a time: '0000-11-17T15:02:00Z'",
    ),
    (
        "tickets.jsonl",
        ticket('"updated_at": "0001-01-01T00:00:00+14:00"'),
        "tickets.jsonl:1: updated_at: not a time: '0001-01-01T00:00:00+14:00'",
    ),
    ("tickets.jsonl", ticket('"updated_at": 1700000000'), "tickets.jsonl:1: updated_at: not a time: 1700000000"),
    ("tickets.jsonl", ticket('"updated_at": ""'), "tickets.jsonl:1: updated_at: not a time: ''"),
    ("tickets.jsonl", ticket('"updated_at": "٢٠٢٦-11-17"'), "tickets.jsonl:1: updated_at: not a time: '٢٠٢٦-11-17'"),
    # Types
    ("tickets.jsonl", ticket('"status": 3'), "tickets.jsonl:1: status: not text: 3"),
    ("tickets.jsonl", ticket('"status": ["open"]'), "tickets.jsonl:1: status: not text: a list"),
    ("tickets.jsonl", ticket('"priority": {}'), "tickets.jsonl:1: priority: not text: an object"),
    ("tickets.jsonl", ticket('"tags": "billing"'), "tickets.jsonl:1: tags: not a list: 'billing'"),
    ("tickets.jsonl", ticket('"tags": ["a", null]'), "tickets.jsonl:1: tags[1]: not text: null"),
    ("tickets.jsonl", ticket('"requester": "Ines"'), "tickets.jsonl:1: requester: not an object: 'Ines'"),
    ("tickets.jsonl", ticket('"requester": {"name": 1}'), "tickets.jsonl:1: requester.name: not text: 1"),
    ("tickets.jsonl", ticket('"sla": {"breached": "no"}'), "tickets.jsonl:1: sla.breached: not true or false: 'no'"),
    ("tickets.jsonl", ticket('"sla": {"due_at": "soon"}'), "tickets.jsonl:1: sla.due_at: not a time: 'soon'"),
    ("tickets.jsonl", ticket('"comments": {}'), "tickets.jsonl:1: comments: not a list: an object"),
    ("tickets.jsonl", ticket('"comments": [{}, 5]'), "tickets.jsonl:1: comments[1]: not an object: 5"),
    ("tickets.jsonl", ticket('"comments": [{"at": "now"}]'), "tickets.jsonl:1: comments[0].at: not a time: 'now'"),
    (
        "tickets.jsonl",
        ticket('"comments": [{"author": {"role": "boss"}}]'),
        "tickets.jsonl:1: comments[0].author.role: not one of customer, agent, engineer, system: 'boss'",
    ),
    (
        "tickets.jsonl",
        ticket('"comments": [{"id": "1"}, {"id": 1}]'),
        "tickets.jsonl:1: comments[1].id: already used in this record: '1'",
    ),
    (
        "tickets.jsonl",
        ticket('"comments": [{"attachments": [{"text": 0}]}]'),
        "tickets.jsonl:1: comments[0].attachments[0].text: not text: 0",
    ),
    # The other files
    ("accounts.jsonl", b'{"id": "A", "name": "n", "arr": "9"}', "accounts.jsonl:1: arr: not a number: '9'"),
    ("accounts.jsonl", b'{"id": "A", "name": "n", "arr": true}', "accounts.jsonl:1: arr: not a number: true"),
    (
        "accounts.jsonl",
        b'{"id": "A", "name": "n", "arr": ' + b"9" * 400 + b"}",
        f"accounts.jsonl:1: arr: not a finite number: {'9' * 60}",
    ),
    (
        "accounts.jsonl",
        b'{"id": "A", "name": "n", "notes": [{"at": 1}]}',
        "accounts.jsonl:1: notes[0].at: not a time: 1",
    ),
    ("accounts.jsonl", b'{"id": "A", "name": ["n"]}', "accounts.jsonl:1: name: not text: a list"),
    ("contacts.jsonl", b'{"id": "C", "name": "n"}', "contacts.jsonl:1: account: missing"),
    (
        "deals.jsonl",
        b'{"id": "D", "account": "A", "name": "n", "is_open": 1}',
        "deals.jsonl:1: is_open: not true or false: 1",
    ),
    ("messages.jsonl", b'{"id": "M", "at": "2026-11-17", "text": "t"}', "messages.jsonl:1: channel: missing"),
    ("messages.jsonl", b'{"id": "M", "channel": "c", "text": "t"}', "messages.jsonl:1: at: missing"),
    ("issues.jsonl", b'{"id": "I-1"}', "issues.jsonl:1: key: missing"),
    ("issues.jsonl", b'{"key": "I", "title": "t", "created_at": "x"}', "issues.jsonl:1: created_at: not a time: 'x'"),
    (
        "issues.jsonl",
        b'{"key": "I", "title": "t", "created_at": "2026-11-17"}\r\n' * 2,
        "issues.jsonl:2: key: already used on line 1: 'I'",
    ),
    # Articles
    ("articles/a.md", b"# Title\n", "articles/a.md:1: no front matter (a line ---, the keys id and title, a line ---)"),
    ("articles/a.md", b"", "articles/a.md:1: no front matter (a line ---, the keys id and title, a line ---)"),
    (
        "articles/a.md",
        b"---\nid: K\ntitle: t\n",
        "articles/a.md:1: no front matter (a line ---, the keys id and title, a line ---)",
    ),
    ("articles/a.md", b"---\nid: K\ntitle: [\n---\n", "articles/a.md:4: front matter: not YAML"),
    ("articles/a.md", b"---\nid: K\n\ttitle: t\n---\n", "articles/a.md:3: front matter: not YAML"),
    ("articles/a.md", b"---\nid: !!python/object:x {}\n---\n", "articles/a.md:2: front matter: not YAML"),
    ("articles/a.md", b"---\n- id\n---\n", "articles/a.md:1: front matter: not a list of keys and values"),
    ("articles/a.md", b"---\n---\n", "articles/a.md:1: front matter: not a list of keys and values"),
    ("articles/a.md", b"---\nid: K\n---\n", "articles/a.md:1: title: missing"),
    ("articles/a.md", b"---\ntitle: t\n---\n", "articles/a.md:1: id: missing"),
    (
        "articles/a.md",
        b"---\na: &a [x]\nb: [*a, *a]\n---\n",
        "articles/a.md:1: front matter: an alias (*name) is not allowed",
    ),
    (
        "articles/a.md",
        b"---\nid: K\ntitle: t\nupdated_at: soon\n---\n",
        "articles/a.md:4: updated_at: not a time: 'soon'",
    ),
    ("articles/a.md", b"---\nid: K\ntitle: t\nlabels: sso\n---\n", "articles/a.md:4: labels: not a list: 'sso'"),
    ("articles/a.md", b"---\nid: K\ntitle: \xff\n---\n", "articles/a.md:3: not UTF-8: byte 0xff at column 8"),
    ("articles/a.md", b'---\nid: "\\0"\n---\n', r"articles/a.md:2: id: holds a NUL character: '\x00'"),
    ("articles/a.md", b"---\nx: " + b"[" * 5000 + b"\n---\n", "articles/a.md:1: front matter: not YAML"),
    ("articles/a.md", b"---\nx: '" + b"x" * 70_000 + b"'\n---\n", "articles/a.md:1: front matter longer than 64 KiB"),
    ("articles/a.md", b"---\nid: K\ntitle: t\n---\n" + BIG, "articles/a.md:1: longer than 8 MiB"),
]


@pytest.mark.parametrize(
    ("file", "content", "line"), BAD, ids=[f"{n}-{line[:50]!a}" for n, (_, _, line) in enumerate(BAD)]
)
def test_a_bad_line_is_named_with_its_file_line_and_field(tmp_path: Path, file: str, content: bytes, line: str) -> None:
    (tmp_path / "w" / "articles").mkdir(parents=True)
    (tmp_path / "w" / file).write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_workspace(tmp_path / "w", cache=tmp_path / "cache")
    assert str(caught.value) == line
    assert not list((tmp_path / "cache").glob("*tickets*"))


@pytest.mark.parametrize(
    ("file", "content", "line"), BAD, ids=[f"{n}-{line[:50]!a}" for n, (_, _, line) in enumerate(BAD)]
)
def test_a_bad_line_is_left_out_on_request_and_counted(tmp_path: Path, file: str, content: bytes, line: str) -> None:
    (tmp_path / "w" / "articles").mkdir(parents=True)
    (tmp_path / "w" / file).write_bytes(content)
    workspace = open_workspace(tmp_path / "w", cache=tmp_path / "cache", skip_invalid=True)
    assert dict(workspace.left_out) == {file: 1}
    assert dict(open_workspace(tmp_path / "w", cache=tmp_path / "cache", skip_invalid=True).left_out) == {file: 1}


def test_an_id_of_another_article_is_refused(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for name in ("a.md", "b.md"):
        (articles / name).write_text("---\nid: KB-1\ntitle: t\n---\n")
    with pytest.raises(InputError, match=r"^articles/b\.md:2: id: already used in articles/a\.md: 'KB-1'$"):
        open_workspace(tmp_path, cache=tmp_path / "cache")


def test_the_first_problem_is_the_one_reported(tmp_path: Path) -> None:
    (tmp_path / "tickets.jsonl").write_bytes(OK + b"{}\nhello\n")
    with pytest.raises(InputError, match=r"^tickets.jsonl:2: id: missing$"):
        open_workspace(tmp_path, cache=tmp_path / "cache")


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no such folder$"):
        open_workspace(tmp_path / "nowhere", cache=tmp_path)
    with pytest.raises(InputError, match=r"no such folder$"):
        open_workspace(tmp_path / ("x" * 5000), cache=tmp_path)
    with pytest.raises(InputError, match=r"not a folder$"):
        open_workspace(tmp_path / "file", cache=tmp_path)
    with pytest.raises(InputError, match=r"none of its files is here \(tickets.jsonl, accounts.jsonl"):
        open_workspace(tmp_path / "empty", cache=tmp_path)


def test_a_name_with_the_wrong_kind_of_thing_behind_it_is_refused(tmp_path: Path) -> None:
    for name, what in (("tickets.jsonl", "tickets.jsonl: not a file"), ("articles", "articles: not a folder")):
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        (folder / name).mkdir() if "." in name else (folder / name).touch()
        with pytest.raises(InputError, match=f"^{what}$"):
            open_workspace(folder, cache=tmp_path / "cache")


def test_a_dangling_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tickets.jsonl").symlink_to(tmp_path / "gone")
    with pytest.raises(InputError, match=r"^tickets.jsonl: cannot be read \(No such file or directory\)$"):
        open_workspace(tmp_path, cache=tmp_path / "cache")


def test_an_article_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "articles" / "x.md").mkdir(parents=True)
    with pytest.raises(InputError, match=r"^articles/x.md: not a file$"):
        open_workspace(tmp_path, cache=tmp_path / "cache")
