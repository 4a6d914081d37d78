"""Identifiers, error texts and code come through every mark-up as they were written."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_connectors.markup import adf, markdown, mrkdwn, notion
from escalation_connectors.markup.html import text_of
from escalation_connectors.row import Row

NASTY = (
    "ERR_GATEWAY_502",
    "a_b*c*__d__",
    "x<y>z",
    "&amp;lt;",
    "&#39;",
    "<script>alert(1)</script>",
    "]]>",
    "<![CDATA[",
    "C:\\temp\\n",
    "/v2/{id}/rows?a=1&b=2",
    "`tick`",
    "~~~",
    "@here",
    "#42",
    "<@U1>",
    "<!channel>",
    "«ü»",
    "日本語",
    "a\u200bb",
    "0x7F",
    "$HOME",
    "foo.bar[0]->baz",
    "'\"",
    "%2F%20",
    "{{x}}",
    "|pipe|",
    "—",
    "T-51842/3",
    "req_9f3a",
    "</ac:plain-text-body>",
    "&",
    "<",
    "-->",
)
WORD = st.one_of(
    st.sampled_from(NASTY),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="\r\n"),
        min_size=1,
        max_size=20,
    ),
)
LINE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
CODE = st.lists(st.one_of(LINE, st.just(""), LINE.map(lambda line: "    " + line)), min_size=1, max_size=5).map(
    "\n".join
)


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


@given(LINE, CODE, LINE)
def test_html(line: str, code: str, cell: str) -> None:
    page = (
        f"<div><p>{escaped(line)}</p><pre><code>{escaped(code)}</code></pre><table><tr><td>{escaped(cell)}</td><td>x</td>"
        f"</tr></table><ul><li>{escaped(line)}</li></ul></div>"
    )

    assert text_of(page).split("\n")[0] == line
    assert code.strip("\n") in text_of(page)
    assert f"{cell} | x" in text_of(page)
    assert f"- {line}" in text_of(page)


@given(CODE, LINE)
def test_storage_format(code: str, line: str) -> None:
    code = code.replace("]]>", "]] >")
    page = (
        '<ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sql</ac:parameter><ac:plain-text-body>'
        f"<![CDATA[{code}]]></ac:plain-text-body></ac:structured-macro><p>{escaped(line)}</p>"
    )

    assert code.strip("\n") in text_of(page)
    assert text_of(page).endswith(line)
    assert "sql" not in text_of(page).replace(code, "").replace(line, "")


@given(LINE, CODE)
def test_atlassian_documents(line: str, code: str) -> None:
    document = {
        "type": "doc",
        "version": 1,
        "content": [
            {
                "type": "paragraph",
                "content": [
                    {"type": "text", "text": line},
                    {"type": "hardBreak"},
                    {"type": "emoji", "attrs": {"shortName": ":x:"}},
                ],
            },
            {"type": "codeBlock", "attrs": {"language": "py"}, "content": [{"type": "text", "text": code}]},
            {
                "type": "bulletList",
                "content": [
                    {
                        "type": "listItem",
                        "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}]}],
                    }
                ],
            },
            {
                "type": "whoKnows",
                "content": [
                    {"type": "text", "text": line, "marks": [{"type": "link", "attrs": {"href": "https://x.example"}}]}
                ],
            },
        ],
    }
    text = adf.text_of(Row(document, "jira"))

    assert text.startswith(f"{line}\n:x:\n{code}")
    assert f"\n- {line}\n" in text
    assert text.endswith(f"{line} (https://x.example)")


@given(st.lists(LINE, min_size=1, max_size=4).map("\n".join))
def test_text_becomes_a_document_that_says_the_same(text: str) -> None:
    text = text.replace("```", "'''")
    assert adf.text_of(Row(adf.document(text), "jira")) == text


@given(CODE)
def test_code_between_fences_becomes_a_code_block(code: str) -> None:
    code = code.replace("```", "'''")
    document = adf.document(f"before\n```py\n{code}\n```\nafter")

    assert adf.text_of(Row(document, "jira")) == f"before\n{code}\nafter" if code else "before\n\nafter"
    assert [node["type"] for node in json.loads(json.dumps(document))["content"]] == [
        "paragraph",
        "codeBlock",
        "paragraph",
    ]


@given(st.one_of(LINE, CODE))
def test_slack(text: str) -> None:
    sent = mrkdwn.escaped(text)

    assert mrkdwn.text_of(sent) == text
    assert "<" not in sent
    assert ">" not in sent


@given(LINE, CODE)
def test_notions_markdown(line: str, code: str) -> None:
    code = code.replace("```", "'''")
    said = re.sub(r"([\\*~`$\[\]<>{}|^])", r"\\\1", line)
    page = f'{said} {{color="red"}}\n```sql\n{code}\n```\n{said}'

    assert notion.text_of(page) == f"{line}\n```sql\n{code}\n```\n{line}"


def test_notions_tags_are_read_as_a_person_sees_them() -> None:
    page = (
        'See <mention-page url="https://n.example/1">the runbook</mention-page> or '
        '<mention-page url="https://n.example/2"/>,\n<table>\n<tr>\n<td>**Code**</td>\n<td>502<br>504</td>\n</tr>\n</table>\n'
        '<unknown url="https://n.example/3"/><span color="red">on</span> <mention-date start="2026-11-03"/> run '
        "`a\\[0\\]` {x}"
    )

    assert [line for line in notion.text_of(page).split("\n") if line] == [
        "See the runbook or https://n.example/2,",
        "**Code** | ",
        "502",
        "504 | ",
        "on 2026-11-03 run `a\\[0\\]` {x}",
    ]


def test_what_slack_puts_in_brackets_is_read_as_a_person_sees_it() -> None:
    message = (
        "<@U1|Bo> in <#C1|ops>: <https://x.example/?a=1&amp;b=2|runbook>, <mailto:a@b.example|a@b.example>, <!here>, "
        "<@U2>, <#C2>, <!date^1^x|Feb 1>, <https://y.example>"
    )

    assert mrkdwn.text_of(message) == (
        "@Bo in #ops: runbook (https://x.example/?a=1&b=2), a@b.example, @here, @U2, #C2, Feb 1, https://y.example"
    )


def test_a_page_reads_as_a_person_reads_it() -> None:
    page = """<html><head><title>t</title><style>p{}</style></head><body><!-- no -->
      <h1>Export   fails</h1><p>See <a href="https://x.example/a">the
      runbook</a><br>or <a href="https://x.example">https://x.example</a> <img alt="graph"/><a href="/in">in</a></p>
      <ol><li>First<ul><li>inner</li></ul></li><li>Second</li></ol><script>no()</script>
      <p>Seen <time datetime="2026-11-03"></time></p>
      <a href="https://only.example"></a></body></html>"""

    assert text_of(page) == (
        "Export fails\nSee the runbook (https://x.example/a)\nor https://x.example graphin\n1. First\n  - inner\n"
        "2. Second\nSeen 2026-11-03\nhttps://only.example"
    )
    assert text_of("no mark-up at all & a < b") == "no mark-up at all & a < b"
    assert text_of("") == ""


def test_a_document_reads_as_a_person_reads_it() -> None:
    def node(kind: str, *content: object, **attrs: object) -> dict[str, object]:
        return {"type": kind, "attrs": attrs, "content": list(content)}

    def said(text: str) -> dict[str, object]:
        return {"type": "text", "text": text}

    document = node(
        "doc",
        node("heading", said("Cause"), level=2),
        node(
            "orderedList",
            node("listItem", node("paragraph", said("one"))),
            node("listItem", node("paragraph", said("two"))),
        ),
        node(
            "table",
            node(
                "tableRow",
                node("tableHeader", node("paragraph", said("a"))),
                node("tableCell", node("paragraph", said("b"))),
            ),
        ),
        node(
            "paragraph",
            node("mention", text="@Bo"),
            said(" on "),
            node("date", timestamp="1764000000000"),
            node("status", text="DONE"),
        ),
        node(
            "paragraph",
            node("inlineCard", url="https://x.example"),
            node("media", alt="trace.png"),
            node("date", timestamp=""),
        ),
    )

    assert adf.text_of(Row(document, "jira")) == (
        "Cause\n1. one\n2. two\na | b\n@Bo on 2025-11-24DONE\nhttps://x.exampletrace.png"
    )
    assert adf.text_of(Row("plain text", "jira")) == "plain text"
    assert adf.text_of(Row(None, "jira")) == ""


def _tokens(shown: str) -> list[dict[str, Any]]:
    """What a renderer makes of Markdown, inner tokens after outer ones."""
    parse: Any = mistune.create_markdown(renderer=None, plugins=["table", "strikethrough", "url", "footnotes"])
    waiting, found = [*parse(shown)], list[dict[str, Any]]()
    while waiting:
        token = waiting.pop(0)
        found.append(token)
        waiting = [*token.get("children", ()), *waiting]
    return found


@given(LINE)
def test_markdown_shows_what_was_written(line: str) -> None:
    tokens = _tokens(markdown.shown(f"x {line}"))

    said = "".join(token.get("raw", "") for token in tokens if token["type"] == "text")
    assert said.replace(markdown.QUIET, "") == f"x {line}".replace(markdown.QUIET, "")


FENCES = st.sampled_from(
    ["```", "```py", "    ```", " ```", "~~~", "````", "```a`b", "```\u00a0", "- ```", "  ```", "\t```", "a\r```"]
)


@given(st.lists(st.one_of(LINE, st.just(""), FENCES, LINE.map("    {}".format)), max_size=8))
def test_markdown_does_nothing_but_show(lines: list[str]) -> None:
    tokens = _tokens(markdown.shown("\n".join(["@someone", *lines, "@someone", "#12"])))

    acting = {"image", "inline_html", "block_html", "heading", "emphasis", "strong", "codespan", "table", "block_quote"}
    assert not acting & {token["type"] for token in tokens}
    assert not [
        token for token in tokens if token["type"] == "text" and re.search(r"(?<!\w)@someone|#12", token["raw"])
    ]


def test_a_line_that_only_looks_like_the_end_of_code_ends_none() -> None:
    assert markdown.shown("```\n```\u00a0\n```\n@someone").endswith("@\u200bsomeone")
    assert markdown.shown("```\nx\r```\r@someone").endswith("@\u200bsomeone")


def test_code_and_addresses_in_markdown_stay_as_they_are() -> None:
    text = "See https://x.example/a_b?c=1#2\n```\nrun --a_b *x* @y\n```\nines@acme.example order_write_failed\n- one"

    assert markdown.shown(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        "<![CDATA[",
        "<!--",
        "<a ",
        "<",
        "<a href='",
        "<?",
        "<!",
        "<script>",
        "<b>x</b> ",
        "<td>x</td>",
        "<![x]>",
        "<a b='>",
    ],
)
def test_no_html_breaks_the_parser_or_keeps_it_for_minutes(piece: str) -> None:
    assert len(text_of(f"start {piece * (200_000 // len(piece))}")) >= len("start")


def test_what_opens_and_never_closes_is_text() -> None:
    assert text_of("<p>if a <b then</p>") == "if a <b then"
    assert text_of("x <![CDATA[a<b <!-- no -->]]> y") == "x a<b <!-- no --> y"
    assert text_of("<![if !mso]>a<!-- c > d -->b<![endif]> <!-- no end") == "ab <!-- no end"


def test_a_date_that_no_calendar_has_is_left_out() -> None:
    node = {"type": "date", "attrs": {"timestamp": "99999999999999999"}}

    page = {"type": "doc", "content": [{"type": "paragraph", "content": [node]}]}
    assert adf.text_of(Row(page, "jira")).strip() == ""
