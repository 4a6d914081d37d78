"""The pictures of the benches: lines over a grid, as SVG."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LEFT, TOP, WIDTH, HEIGHT = 70, 50, 560, 300
MIDDLE, END = 'text-anchor="middle"', 'text-anchor="end"'
ORANGE, BLUE, GREY = "#c2410c", "#1d4ed8", "#9aa4af"
Point = tuple[float, float]


def drawn(title: str, parts: Iterable[str]) -> str:
    """The whole picture."""
    head = text(LEFT, 26, title, 'font-size="16" fill="#111"')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 830 400" font-family="system-ui, sans-serif" '
        f'font-size="12" fill="#555"><rect width="830" height="400" fill="#fff"/>{head}{"".join(parts)}</svg>\n'
    )


def text(x: float, y: float, said: str, extra: str = "") -> str:
    """A line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" {extra}>{said}</text>'


def grid(said: str, y: float) -> str:
    """A rule across, with what it stands for."""
    rule = f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e3e6ea"/>'
    return rule + text(LEFT - 8, y + 4, said, END)


def dot(point: Point, colour: str) -> str:
    """One measurement."""
    return f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="3.5" fill="{colour}"/>'


def line(points: Sequence[Point], colour: str, label: str, *, dashed: bool = False, below: bool = False) -> str:
    """A curve with its name at the end; a dashed one was not measured."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    stroke = 'stroke-dasharray="5 4"' if dashed else ""
    dots = "" if dashed else "".join(dot(point, colour) for point in points)
    x, y = points[-1]
    name = text(x + 8, y + (18 if below else -2), label, f'fill="{colour}"')
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" {stroke}/>{dots}{name}'
