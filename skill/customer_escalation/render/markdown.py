"""The brief in Markdown: the template's headings in its order, an evidence mark after each line, then our sections."""

from __future__ import annotations

from collections.abc import Iterator

from customer_escalation.brief import NextStep, Result
from customer_escalation.evidence import Evidence
from customer_escalation.render import words
from customer_escalation.render.citations import cited_rows
from customer_escalation.render.escape import code, destination, inline, line, unmarked
from customer_escalation.render.outline import Block, Line, Section, outline
from customer_escalation.render.quoting import claims_by_row, shorten

_BREAK = "  "


def render(result: Result) -> str:
    """The whole brief as CommonMark, with a newline at its end."""
    page = outline(result)
    parts = [_joined(f"## {page.kicker}: {inline(page.title.text)}", _after(page.title))]
    parts.append("\n".join(f"{_text(fact)}{_BREAK}" for fact in page.facts).removesuffix(_BREAK))
    parts.extend(f"> **Note:** {inline(note)}" for note in result.notes)
    for section in page.sections:
        parts.extend(_section(section))
    parts += ["### Evidence", "\n".join(_evidence(result))]
    parts += ["### Verification", "\n".join(_verification(result))]
    parts += ["### Next steps", "\n\n".join(_next_steps(result))]
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"### {section.heading}"
    for block in section.blocks:
        if block.lead:
            yield f"**{block.lead}:**"
        yield "\n".join(_block(block))


def _block(block: Block) -> Iterator[str]:
    for index, item in enumerate(block.lines, start=1):
        if block.style in ("prose", "lines"):
            yield _text(item) + (_BREAK if block.style == "lines" and index < len(block.lines) else "")
            continue
        bullet = f"{index}." if block.style == "steps" else "-"
        yield f"{bullet} {_text(item)}"
        yield from (f"{' ' * len(bullet)} - {_text(under)}" for under in item.under)


def _text(item: Line) -> str:
    """One line: label, words (a link where there is a safe address), kind, marks."""
    label = f"**{inline(item.label)}:**" if item.label else ""
    text = inline(item.text) if label else line(item.text)
    if words.safe_link(item.url):
        text = f"[{inline(item.text)}]({destination(item.url)})"
    elif item.url:
        text = _joined(text, code(unmarked(item.url)))
    if item.said and not label:
        text = f"_{text[:1].upper()}{text[1:]}._"
    return _joined(label, text, _after(item))


def _after(item: Line) -> str:
    """What follows the words: the kind of claim, the criterion, the marks."""
    kind = item.tag
    if item.formula:
        kind = f"{kind or 'derived'}: {code(item.formula)}"
    criterion = f"({code(item.code)})" if item.code else ""
    return _joined(criterion, f"({kind})" if kind else "", *map(_mark, item.cites))


def _mark(evidence_id: str) -> str:
    return f"[{inline(evidence_id)}]"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _evidence(result: Result) -> Iterator[str]:
    claims = claims_by_row(result)
    rows = cited_rows(result)
    if not rows:
        yield "_Nothing was read._"
    for row in rows:
        yield f"- **{inline(row.id)}** · {_provenance(row)}"
        yield f"  > {line(shorten(row.text, claims.get(row.id, ()))) or '_empty_'}"


def _provenance(row: Evidence) -> str:
    """Where a row comes from: category, title, who, when, link, and what is unusual about it."""
    parts = [words.category(row.category), inline(row.title), inline(words.author(row.author))]
    parts.append("" if row.at is None else words.moment(row.at))
    if words.safe_link(row.url):
        parts.append(f"<{destination(row.url)}>")
    elif row.url:
        parts.append(code(unmarked(row.url)))
    parts.append("" if row.public else "internal")
    parts.append("" if row.complete else "incomplete")
    parts.append(f"worked out: {code(row.formula)}" if row.formula else "")
    parts.append(f"from {' '.join(map(_mark, row.inputs))}" if row.inputs else "")
    return " · ".join(part for part in parts if part)


def _verification(result: Result) -> Iterator[str]:
    check = result.verification
    yield f"{check.supported} of {check.statements} statements supported by the evidence they cite."
    if check.unsupported:
        yield ""
    for item in check.unsupported:
        yield f"- **Unsupported** ({code(unmarked(item.path))}): {inline(item.text)} — {inline(item.why)}"


def _next_steps(result: Result) -> Iterator[str]:
    if not result.next_steps:
        yield "_Nothing is proposed._"
        return
    yield "Nothing has been sent; each of these waits for approval."
    for index, step in enumerate(result.next_steps, start=1):
        yield _proposal(f"{index}.", step)


def _proposal(bullet: str, step: NextStep) -> str:
    indent = " " * (len(bullet) + 1)
    target = f" → {inline(step.destination)}" if step.destination else " → destination not configured"
    about = "" if step.title in ("", words.offer(step)) else f" — {inline(step.title)}"
    kind = f"{code(step.id)}, {inline(words.title_case(step.kind))}{target}"
    head = f"{bullet} **{inline(words.offer(step))}**{about} ({kind})"
    quoted = [f"> {line(text)}".rstrip() for text in step.preview.strip().splitlines()] or ["> _empty_"]
    body = "\n".join(f"{indent}{text}{_BREAK}" if len(text) > 1 else f"{indent}{text}" for text in quoted)
    return f"{head}\n\n{body.removesuffix(_BREAK)}"
