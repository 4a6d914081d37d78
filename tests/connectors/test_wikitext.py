"""Identifiers, error texts and code come through a wiki's page as they were written."""

from __future__ import annotations

from hypothesis import given

from escalation_connectors.markup.wikitext import categories, text_of
from tests.connectors.test_markup import CODE, LINE, escaped

PAGE = """__NOTOC__
== Export ''misses'' rows ==
Since 4.2, '''''E_TIMEOUT_502''''' in foo.bar[0]->baz,<!-- <pre>no</pre> --> see [[Runbooks/Export|the runbook]],
[[Status]], [[:Category:Old]], [https://x.example/?a=1&b=2 the page]<ref name="a">a book</ref> or [https://y.example].
[[File:graph.png|thumb|200px|Rows by hour]]<ref name="a" />
* <code>batch_size = <nowiki>''900''</nowiki></code><br/>a &lt;b&gt; and <b>c</b> don<nowiki />'t
# <nowiki>[[Category:Not one]] ''as it is''</nowiki> {{Template|x}}
<syntaxhighlight lang="sql" line>SELECT '''a''' -- &amp;</syntaxhighlight>
<pre style="a/b">
  [[Category:Nor this]]
</pre>
[[Category:Known issues]]
[[category: Exports |key]] https://z.example/a_b__c
"""


@given(LINE, CODE)
def test_what_is_marked_as_it_stands_stands(line: str, code: str) -> None:
    page = (
        f"<nowiki>{escaped(line)}</nowiki>\n<pre>{escaped(code)}</pre>\n<code>{escaped(line)}</code>\n"
        f'<syntaxhighlight lang="py">{code}</syntaxhighlight>\n<code><nowiki>{escaped(line)}</nowiki></code>'
    )

    assert text_of(page) == f"{line}\n{code}\n{line}\n{code}\n{line}"
    assert categories(page) == ()


def test_a_wiki_page_reads_as_a_person_reads_it() -> None:
    assert text_of(PAGE) == (
        "Export misses rows\n"
        "Since 4.2, E_TIMEOUT_502 in foo.bar[0]->baz, see the runbook,\n"
        "Status, Category:Old, the page (https://x.example/?a=1&b=2) or https://y.example.\n"
        "Rows by hour\n"
        "* batch_size = ''900''\na <b> and c don't\n"
        "# [[Category:Not one]] ''as it is'' {{Template|x}}\n"
        "SELECT '''a''' -- &amp;\n"
        "\n  [[Category:Nor this]]\n\n"
        " https://z.example/a_b__c"
    )
    assert categories(PAGE) == ("Known issues", "Exports")
    assert text_of("no mark-up at all & a < b") == "no mark-up at all & a < b"
    assert (text_of(""), categories("")) == ("", ())
