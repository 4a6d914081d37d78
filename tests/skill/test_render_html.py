"""The HTML page: one file that loads nothing, whose marks lead to evidence and back, and which no ticket can change."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from customer_escalation.brief import Conflict, Ref
from customer_escalation.evidence import Evidence, Ledger
from customer_escalation.render import render
from customer_escalation.resources import text_of
from tests.skill import render_samples
from tests.skill.render_hostile import RESULTS, filled

SAMPLES = ("escalation", "handled", "unknown", "hostile")
VOID = ("meta", "link", "br", "img", "hr", "input")


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.names: set[str] = set()
        self.open: list[str] = []
        self.policy = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names.update(name for name, _ in attrs)
        values = {name: value or "" for name, value in attrs}
        self.ids += [values["id"]] if "id" in values else []
        self.hrefs += [values["href"]] if "href" in values else []
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def page(sample: str) -> Page:
    return Page(render(RESULTS[sample](), "html"))


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_tag_is_closed_and_every_link_inside_the_page_has_its_target(sample: str) -> None:
    found = page(sample)
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    inside = {href[1:] for href in found.hrefs if href.startswith("#")}
    assert inside <= set(found.ids)


@pytest.mark.parametrize("sample", SAMPLES)
def test_headings_go_down_one_level_at_a_time(sample: str) -> None:
    levels = [int(tag[1]) for tag in page(sample).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_has_landmarks_a_language_and_a_title() -> None:
    text = render(render_samples.escalation(), "html")
    assert '<html lang="en">' in text
    assert "<title>ESCALATION: orders-api answers 500" in text
    assert Counter(tag for tag in Page(text).tags if tag in ("header", "nav", "main", "footer")) == Counter(
        ("header", "nav", "main", "footer")
    )


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_page_loads_nothing_and_its_policy_allows_only_its_own_style(sample: str) -> None:
    text = render(RESULTS[sample](), "html")
    found = Page(text)
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert found.policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert not {"script", "img", "link", "iframe", "object", "form", "base"} & set(found.tags)
    assert not {"style", "src", "srcset"} & found.names
    assert not {name for name in found.names if name.startswith("on")}
    assert "url(" not in style.group(1)
    assert "@import" not in style.group(1)


def test_marks_lead_to_evidence_and_evidence_leads_back() -> None:
    text = render(render_samples.escalation(), "html")
    mark = re.search(r'<div id="(l-\d+)"><dt>Workflow impact</dt>.*?href="#(e-\d+)"', text)
    assert mark is not None
    line, row = mark.groups()
    evidence = text.partition(f'<li id="{row}">')[2].partition("</li>")[0]
    assert '<span class="id">T-51842/1</span>' in evidence
    assert f'<a href="#{line}">Impact</a>' in evidence


def test_a_mark_without_a_row_is_no_link() -> None:
    result = replace(render_samples.unknown(), conflicts=(Conflict("a", ("T-404",)),))
    assert '<span class="mark" title="not in the list">T-404</span>' in render(result, "html")


def test_long_evidence_can_be_opened_whole() -> None:
    text = render(render_samples.escalation(), "html")
    assert text.count("<details>") == 1
    assert "Restarting the node at 15:40 cleared it for eleven minutes.</blockquote></details>" in text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", " https://x.example", "//x.example", "https:x"]
)
def test_other_addresses_are_shown_and_lead_nowhere(url: str) -> None:
    result = render_samples.unknown()
    row = Evidence(id="K-1", category="knowledge_base", connector="w", record="1", text="", url=url)
    supporting = replace(result.brief.supporting, articles=(Ref("K-1", "Page", url, ("K-1",)),))
    text = render(replace(result, brief=replace(result.brief, supporting=supporting), evidence=Ledger([row])), "html")
    assert all(href.startswith("#") for href in Page(text).hrefs)
    assert text.count(f"<code>{url}</code>") == 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=8), st.sampled_from(["<b>", '"', "'", "</style>", "{{ 7*7 }}", "{%", "&lt;"])))
)
def test_no_text_of_a_record_becomes_a_tag(parts: list[str]) -> None:
    text = "x" + "".join(parts)
    honest, forged = (Page(render(filled(value), "html")) for value in ("x", text))
    assert forged.tags == honest.tags
    assert forged.names == honest.names
    assert forged.hrefs == honest.hrefs


def _contrast(one: str, two: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(two)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_text_is_readable_in_light_in_dark_and_on_paper() -> None:
    css = text_of("prompts/templates/brief.css")
    palettes = [
        dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", root)) for root in re.findall(r":root \{(.*?)\}", css, re.S)
    ]
    assert len(palettes) == 3
    for colours in palettes:
        pairs = [(ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "card", "wash")]
        pairs += [("on-badge", badge) for badge in ("critical", "high", "medium", "calm")]
        pairs += [("warn", "warn-wash"), ("warn", "paper"), ("ink", "warn-wash")]
        for ink, ground in pairs:
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground, colours)
