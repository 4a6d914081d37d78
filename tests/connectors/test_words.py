"""What is read out of links and labels."""

from __future__ import annotations

import pytest

from escalation_connectors.paging import next_link
from escalation_connectors.words import ISSUES, kind_among, last_part, parameter, record_of, soql, soql_within


@pytest.mark.parametrize(
    ("link", "value"),
    [
        ("/rest/api/search?limit=2&cursor=a%3D%3D&next=true", "a=="),
        ("https://x.example/?cursor=b#cursor=c", "b"),
        ("https://x.example/?precursor=b", ""),
        ("http://[x?cursor=d", "d"),
        ("", ""),
    ],
)
def test_a_parameter_of_a_link(link: str, value: str) -> None:
    assert parameter(link, "cursor") == value


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (("exports", "Known issue"), "known_issue"),
        (("known-issues",), "known_issue"),
        (("FAQ", "workaround"), "workaround"),
        (("policymakers",), ""),
        ((), ""),
    ],
)
def test_the_kind_among_labels(labels: tuple[str, ...], kind: str) -> None:
    assert kind_among(labels) == kind


def test_the_kind_of_an_issue_among_labels() -> None:
    assert kind_among(("exports", "Bug"), ISSUES) == "bug"
    assert kind_among(("debugging",), ISSUES) == ""


@pytest.mark.parametrize(
    ("record", "last"),
    [
        ("https://tracker.example/browse/ENG-12", "ENG-12"),
        ("https://github.com/acme/app/issues/12?x=1#comment-3", "12"),
        ("ENG-12", "ENG-12"),
        ("acme/app#12", "acme/app#12"),
        ("", ""),
    ],
)
def test_the_last_part_of_a_link_or_a_key(record: str, last: str) -> None:
    assert last_part(record) == last


@pytest.mark.parametrize(
    ("link", "record"),
    [
        ("https://acme.zendesk.com/agent/tickets/51842", "51842"),
        ("https://acme.freshdesk.com/a/tickets/7?tab=1", "7"),
        ("https://app.intercom.com/a/inbox/x1/inbox/conversation/215", "215"),
        ("https://github.com/acme/app/pull/2291", "https://github.com/acme/app/pull/2291"),
        ("https://acme.example/tickets/new", "https://acme.example/tickets/new"),
        ("", ""),
    ],
)
def test_a_link_to_a_ticket_names_it(link: str, record: str) -> None:
    assert record_of(link) == record


@pytest.mark.parametrize(
    ("header", "link"),
    [
        (
            '<https://x.example/?page=1>; rel="prev", <https://x.example/?page=3>; rel="next"',
            "https://x.example/?page=3",
        ),
        ("<https://x.example/?a=1,2>; rel=next", "https://x.example/?a=1,2"),
        ('<https://x.example/?page=9>; rel="last"', ""),
        ("", ""),
    ],
)
def test_the_next_page_of_a_link_header(header: str, link: str) -> None:
    assert next_link(header) == link


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Acme", "'Acme'"),
        ('Bob\'s "BBQ"', "'Bob\\'s \\\"BBQ\\\"'"),
        ("x\\' OR Name LIKE '%", "'x\\\\\\' OR Name LIKE \\'%'"),
        ("a\nb\rc\td\be\ff", "'a\\nb\\rc\\td\\be\\ff'"),
        ("a\0b\u2028c", "'a b c'"),
        ("100%_ Öl", "'100%_ Öl'"),
    ],
)
def test_every_character_that_means_something_in_soql_is_escaped(text: str, written: str) -> None:
    assert soql(text) == written


def test_no_part_of_a_text_is_a_wildcard() -> None:
    assert soql_within("100%_\\'") == "'%100\\%\\_\\\\\\'%'"
