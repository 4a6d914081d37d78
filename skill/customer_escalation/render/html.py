"""The brief as one HTML file that needs nothing else: no script, no font, no image; it prints and fits a phone."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup
from msgspec import Struct, field

from customer_escalation.brief import NextStep, Result
from customer_escalation.evidence import Evidence
from customer_escalation.render import words
from customer_escalation.render.citations import cited_rows
from customer_escalation.render.escape import flat
from customer_escalation.render.outline import Line, Section, outline
from customer_escalation.render.quoting import claims_by_row, shorten
from customer_escalation.resources import text_of

_FOLDER = "prompts/templates"


class Use(Struct, frozen=True):
    """Where a row is cited: the line's anchor and its section; `again` numbers the citations after the first there."""

    anchor: str
    heading: str
    again: int = 0

    @property
    def label(self) -> str:
        """The section's name the first time, then a number."""
        return str(self.again + 1) if self.again else self.heading


class Mark(Struct, frozen=True):
    """An evidence mark; `anchor` is empty where the row is not in the list."""

    id: str
    anchor: str
    about: str


class Row(Struct, frozen=True):
    """An evidence row as the page shows it."""

    row: Evidence
    anchor: str
    about: tuple[str, ...]
    link: str
    short: str
    whole: str
    inputs: tuple[Mark, ...]
    uses: list[Use] = field(default_factory=list[Use])


class View(Struct, frozen=True):
    """A line with its anchor, its marks and the lines under it."""

    line: Line
    anchor: str
    link: str
    marks: tuple[Mark, ...]
    under: tuple[View, ...]


class ViewBlock(Struct, frozen=True):
    """A block of viewed lines."""

    lead: str
    style: str
    lines: tuple[View, ...]


class ViewSection(Struct, frozen=True):
    """A section of viewed blocks."""

    key: str
    heading: str
    blocks: tuple[ViewBlock, ...]


class Proposal(Struct, frozen=True):
    """A next step as the page shows it."""

    step: NextStep
    offer: str
    kind: str


def render(result: Result) -> str:
    """The whole page, with a newline at its end."""
    page = outline(result)
    links = _Links(result)
    title = links.view(page.title, "Title")
    sections = [links.section(section) for section in page.sections]
    links.note_inputs()
    css = text_of(f"{_FOLDER}/brief.css")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return _template().render(
        css=Markup(css),  # noqa: S704 (our own file, and its hash is what the page's policy allows)
        css_hash=digest,
        page=page,
        title=title,
        badge=result.severity or result.decision,
        badge_text=words.SEVERITIES[result.severity] if result.severity else "",
        sections=sections,
        rows=list(links.rows.values()),
        proposals=[Proposal(step, words.offer(step), words.title_case(step.kind)) for step in result.next_steps],
        verification=result.verification,
        notes=result.notes,
        made=words.moment(result.now),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FunctionLoader(lambda name: text_of(f"{_FOLDER}/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("brief.html.j2")


class _Links:
    """Gives lines and rows their anchors, and remembers for each row where it is cited."""

    def __init__(self, result: Result) -> None:
        found = cited_rows(result)
        claims = claims_by_row(result)
        self._lines = 0
        self._anchors = {row.id: f"e-{number}" for number, row in enumerate(found, start=1)}
        self._about = {row.id: " · ".join(_about(row)) for row in found}
        self.rows = {row.id: self._row(row, claims.get(row.id, [])) for row in found}

    def _row(self, row: Evidence, claims: list[str]) -> Row:
        short = shorten(row.text, claims)
        whole = row.text.strip() if short != flat(row.text) else ""
        return Row(
            row=row,
            anchor=self._anchors[row.id],
            about=_about(row),
            link=words.safe_link(row.url),
            short=short,
            whole=whole,
            inputs=self._marks(row.inputs),
        )

    def _marks(self, cites: tuple[str, ...]) -> tuple[Mark, ...]:
        return tuple(
            Mark(cite, self._anchors.get(cite, ""), self._about.get(cite, "not in the list")) for cite in cites
        )

    def _note(self, cite: str, anchor: str, heading: str) -> None:
        if cite in self.rows:
            uses = self.rows[cite].uses
            uses.append(Use(anchor, heading, sum(use.heading == heading for use in uses)))

    def note_inputs(self) -> None:
        """Note at each row which computed rows rest on it."""
        for row in self.rows.values():
            for name in row.row.inputs:
                self._note(name, row.anchor, row.row.id)

    def section(self, section: Section) -> ViewSection:
        """The section with every line's anchor and marks."""
        blocks = tuple(
            ViewBlock(block.lead, block.style, tuple(self.view(line, section.heading) for line in block.lines))
            for block in section.blocks
        )
        return ViewSection(section.key, section.heading, blocks)

    def view(self, line: Line, heading: str) -> View:
        """One line; its citation is noted at each row it cites."""
        self._lines += 1
        anchor = f"l-{self._lines}"
        for cite in dict.fromkeys(line.cites):
            self._note(cite, anchor, heading)
        under = tuple(self.view(item, heading) for item in line.under)
        return View(line, anchor, words.safe_link(line.url), self._marks(line.cites), under)


def _about(row: Evidence) -> tuple[str, ...]:
    """Category, title, who, when, and what is unusual about a row."""
    parts = [words.category(row.category), flat(row.title), words.author(row.author)]
    parts.append("" if row.at is None else words.moment(row.at))
    parts.append("" if row.public else "internal")
    parts.append("" if row.complete else "incomplete")
    return tuple(part for part in parts if part)
