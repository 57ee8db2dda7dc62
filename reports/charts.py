"""Small charts as inline SVG: readable in print, no script, no dependency."""

from collections.abc import Sequence
from html import escape

WIDTH, LABEL, ROW = 720, 280, 26
LONGEST = 38
"""Characters of a label; a longer one is cut, and whole in its title."""
FOOT = 44
"""Height of the scale and its name under a chart."""


def dumbbells(rows: Sequence[tuple[str, float, float]], low: str, high: str, scale: str) -> str:
    """One row per label with two values 0..1 joined by a line: before (hollow) and after (filled).

    Args:
        rows: (label, before, after).
        low, high: Legend of the two values.
        scale: What the values are, with their unit.
    """
    plot = WIDTH - LABEL - 115
    height = ROW * (len(rows) + 1) + FOOT

    def x(v: float) -> float:
        return LABEL + plot * min(max(v, 0.0), 1.0)

    parts = [_open(height, f"{scale}: {low} and {high}"), *_axis(height), _scale(scale, LABEL + plot / 2, height)]
    for i, (label, a, b) in enumerate(rows):
        y = ROW * (i + 1)
        color = "#1b7a55" if b >= a else "#b3261e"
        parts += [
            f'<text x="{LABEL - 10}" y="{y + 4}" text-anchor="end">{_label(label)}</text>',
            f'<line x1="{x(a):.1f}" y1="{y}" x2="{x(b):.1f}" y2="{y}" stroke="{color}" stroke-width="3"/>',
            f'<circle cx="{x(a):.1f}" cy="{y}" r="5" fill="#fff" stroke="#5a6477" stroke-width="2"/>',
            f'<circle cx="{x(b):.1f}" cy="{y}" r="5" fill="{color}"/>',
            f'<text x="{WIDTH - 4}" y="{y + 4}" text-anchor="end">{a:.0%} → {b:.0%}</text>',
        ]
    return "".join([*parts, "</svg>", f"<p class='hint'>Hollow: {escape(low)}. Filled: {escape(high)}.</p>"])


def intervals(rows: Sequence[tuple[str, float | None, float | None, float | None]], scale: str) -> str:
    """One row per label: a mean with its interval on the scale -0.2..1; a row without a mean says so.

    Args:
        rows: (label, mean, low, high).
        scale: What the values are.
    """
    plot = WIDTH - LABEL - 130
    height = ROW * (len(rows) + 1) + FOOT

    def x(v: float) -> float:
        return LABEL + plot * (min(max(v, -0.2), 1.0) + 0.2) / 1.2

    parts = [_open(height, scale), _scale(scale, LABEL + plot / 2, height)]
    for v in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<line x1="{x(v):.1f}" y1="8" x2="{x(v):.1f}" y2="{height - FOOT}" stroke="#d9dee8"/>')
        parts.append(f'<text x="{x(v):.1f}" y="{height - FOOT + 16}" text-anchor="middle">{v:g}</text>')
    for i, (label, mean, low, high) in enumerate(rows):
        y = ROW * (i + 1)
        parts.append(f'<text x="{LABEL - 10}" y="{y + 4}" text-anchor="end">{_label(label)}</text>')
        if mean is None or low is None or high is None:
            parts.append(f'<text x="{x(0):.1f}" y="{y + 4}">at the ceiling: no gain can be measured</text>')
            continue
        parts += [
            f'<line x1="{x(low):.1f}" y1="{y}" x2="{x(high):.1f}" y2="{y}" stroke="#2456a6" stroke-width="2"/>',
            f'<circle cx="{x(mean):.1f}" cy="{y}" r="5" fill="#2456a6"/>',
            f'<text x="{WIDTH - 4}" y="{y + 4}" text-anchor="end">{mean:.2f} [{low:.2f}, {high:.2f}]</text>',
        ]
    return "".join([*parts, "</svg>"])


def _label(text: str) -> str:
    if len(text) <= LONGEST:
        return escape(text)
    return f"{escape(text[: LONGEST - 1].rstrip())}…<title>{escape(text)}</title>"


def _open(height: int, what: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="100%" role="img" aria-label="{escape(what)}" '
        'xmlns="http://www.w3.org/2000/svg">'
    )


def _scale(what: str, middle: float, height: int) -> str:
    return f'<text x="{middle:.1f}" y="{height - 8}" text-anchor="middle" fill="#5a6477">{escape(what)}</text>'


def _axis(height: int) -> list[str]:
    plot = WIDTH - LABEL - 115
    parts = []
    for k in range(5):
        x = LABEL + plot * k / 4
        parts.append(f'<line x1="{x:.1f}" y1="8" x2="{x:.1f}" y2="{height - FOOT}" stroke="#d9dee8"/>')
        parts.append(f'<text x="{x:.1f}" y="{height - FOOT + 16}" text-anchor="middle">{k * 25}%</text>')
    return parts
