"""HTML, and Confluence's storage format, as plain text: lines for blocks, code as it stands, links with addresses."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

BLOCKS = frozenset(
    "address article aside blockquote dd details div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav "
    "ol p pre section summary table tr ul ac:structured-macro ac:task ac:layout-section ac:plain-text-body".split()
)
UNREAD = frozenset(
    "script style head template noscript title ac:parameter ac:task-status ac:task-id ac:task-uuid ac:emoticon".split()
)
AS_IT_STANDS = frozenset({"pre", "code", "kbd", "samp", "tt", "textarea", "ac:plain-text-body"})
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
CDATA = "<![CDATA["
CLOSED_BY = {CDATA: "]]>", "<!--": "-->"}
OPENINGS = re.compile(r"<!\[CDATA\[|<!--")
SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def text_of(markup: str) -> str:
    """The text of a fragment or page; anything that is no mark-up comes back as it is."""
    reader = _Reader()
    reader.feed(_closed(markup))
    reader.close()
    return reader.text()


def _closed(markup: str) -> str:
    """The mark-up with CDATA sections as text, without comments, and with what opens and never closes as text.

    The parser looks for the end of each such opening to the very end of the text, which a hostile one makes long.
    """
    done, at = list[str](), 0
    for opening in OPENINGS.finditer(markup):
        start, closing = opening.start(), CLOSED_BY[opening.group()]
        if start >= at and (end := markup.find(closing, opening.end())) >= 0:
            inside = markup[opening.end() : end] if opening.group() == CDATA else ""
            done += [_tags(markup[at:start]), html.escape(inside)]
            at = end + len(closing)
        elif start >= at:
            break
    return "".join([*done, _tags(markup[at:])])


def _tags(markup: str) -> str:
    """The same, with "<" as text where no ">" follows before the next one, and without "<![if ...]>"."""
    first, *others = markup.split("<")
    return "".join([first, *map(_tag, others)])


def _tag(part: str) -> str:
    if ">" not in part:
        return f"&lt;{part}"
    return part.partition(">")[2] if part.startswith("![") else f"<{part}"


def shown(text: str) -> str:
    """A fragment of HTML that shows this plain text as it is, whatever it holds."""
    return html.escape(text, quote=False).replace("\n", "<br>")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[list[str]] = [[]]
        self._unread = self._verbatim = 0
        self._lists: list[int] = []
        self._links: list[tuple[str, int]] = []

    def text(self) -> str:
        return "\n".join("".join(line) for line in self._lines).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNREAD:
            self._unread += 1
        elif tag == "br":
            self._break(always=True)
        elif tag in BLOCKS:
            self._break()
        self._verbatim += tag in AS_IT_STANDS
        if tag in {"ul", "ol"}:
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li" and self._lists:
            self._bullet()
        elif tag in {"td", "th"} and self._last():
            self._put(" | ")
        elif tag == "a":
            self._links.append((given.get("href", ""), len(self._lines[-1])))
        self._say_what_has_no_text(tag, given)

    def _say_what_has_no_text(self, tag: str, given: dict[str, str]) -> None:
        """An image's description, a mentioned page, a date: what a reader would see."""
        seen = {"img": "alt", "ri:page": "ri:content-title", "ri:attachment": "ri:filename", "time": "datetime"}.get(
            tag
        )
        if seen and given.get(seen):
            self._put(given[seen])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        self._verbatim = max(0, self._verbatim - (tag in AS_IT_STANDS))
        if tag in BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._unread:
            return
        if self._verbatim:
            first, *others = data.replace("\r\n", "\n").split("\n")
            self._put(first)
            for line in others:
                self._break(always=True)
                self._put(line)
            return
        said = SPACES.sub(" ", data)
        last = self._last()
        self._put(said.lstrip(" ") if not last or last.endswith(" ") else said)

    def _bullet(self) -> None:
        indent = "  " * (len(self._lists) - 1)
        if self._lists[-1] < 0:
            self._put(f"{indent}- ")
        else:
            self._lists[-1] += 1
            self._put(f"{indent}{self._lists[-1]}. ")

    def _end_link(self, address: str, since: int) -> None:
        shown = "".join(self._lines[-1][since:]).strip()
        if address.startswith(("http://", "https://")) and address.rstrip("/") != shown.rstrip("/"):
            self._put(f" ({address})" if shown else address)

    def _last(self) -> str:
        """The latest piece of this line; nothing where the line is empty."""
        return self._lines[-1][-1] if self._lines[-1] else ""

    def _put(self, text: str) -> None:
        if text and not self._unread:
            self._lines[-1].append(text)

    def _break(self, *, always: bool = False) -> None:
        """A new line; where this one is empty only a break that was asked for makes another, and never two in prose."""
        if self._unread:
            return
        if not self._verbatim:
            line = "".join(self._lines[-1]).rstrip(" ")
            self._lines[-1] = [line] if line else []
            always = always and any(self._lines[-2:])
        if always or self._last():
            self._lines.append([])
