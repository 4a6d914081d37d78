"""MediaWiki's mark-up as plain text: headings, links and emphasis as a person reads them, code as it stands."""

from __future__ import annotations

import html
import re

AS_IT_STANDS = re.compile(
    r"<!--.*?-->|<(nowiki|pre|code|syntaxhighlight|source)\b(?:[^>]*[^>/])?>(.*?)</\1\s*>", re.S | re.I
)
CATEGORY = re.compile(r"\[\[\s*category\s*:\s*([^\]|\n]+)(?:\|[^\]\n]*)?\]\]\n?", re.I)
NOWIKI = re.compile(r"</?nowiki\s*/?>", re.I)
HIGHLIGHTED = ("syntaxhighlight", "source")  # shows even entities as they are written
CHANGES = (
    (CATEGORY, ""),
    (re.compile(r"__(?:NOTOC|TOC|FORCETOC|NOEDITSECTION|NOINDEX|INDEX)__\n?"), ""),
    (re.compile(r"<ref\b[^>]*/>|<ref\b[^>]*>.*?</ref>", re.S | re.I), ""),
    (re.compile(r"^=+[ \t]*(.*?)[ \t]*=+[ \t]*$", re.M), r"\1"),
    (re.compile(r"'{2,5}"), ""),
    (re.compile(r"\[\[:?(?:[^\[\]\n]*\|)?([^\[\]|\n]*)\]\]"), r"\1"),
    (re.compile(r"\[(https?://[^\s\]]+)[ \t]+([^\]\n]+)\]"), r"\2 (\1)"),
    (re.compile(r"\[(https?://[^\s\]]+)\]"), r"\1"),
    (re.compile(r"<br\s*/?>", re.I), "\n"),
    (re.compile(r"</?(?:b|i|u|s|small|big|sup|sub|div|span|center|p|blockquote|tt|kbd|samp|var)\b[^>]*>", re.I), ""),
    (NOWIKI, ""),
)


def text_of(page: str) -> str:
    """The text of a page, without its categories."""
    shown, end = list[str](), 0
    for found in AS_IT_STANDS.finditer(page):
        shown += [_plain(page[end : found.start()]), _kept(found[1] or "", found[2] or "")]
        end = found.end()
    return "".join([*shown, _plain(page[end:])]).strip("\n")


def categories(page: str) -> tuple[str, ...]:
    """The categories that a page puts itself into."""
    return tuple(dict.fromkeys(name.strip() for name in CATEGORY.findall(AS_IT_STANDS.sub("", page))))


def _kept(tag: str, text: str) -> str:
    return text if tag.lower() in HIGHLIGHTED else html.unescape(NOWIKI.sub("", text))


def _plain(text: str) -> str:
    for pattern, replacement in CHANGES:
        text = pattern.sub(replacement, text)
    return html.unescape(text)
