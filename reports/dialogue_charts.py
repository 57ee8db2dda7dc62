"""Charts of dialogues as inline SVG: success by turn, and how tutors divide their turns among moves."""

from collections.abc import Mapping, Sequence
from html import escape

from classwright.classroom.moves import Move
from classwright.reports.charts import LABEL, ROW, WIDTH

COLORS = ("#2456a6", "#b4540a", "#1b7a55", "#7a4fb0", "#b3261e", "#5a6477")
MOVE_COLORS: dict[Move, str] = {"focus": "#2456a6", "probing": "#1b7a55", "telling": "#b3261e", "generic": "#aab3c3"}
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 260, 60, 170, 16, 42


def success_curves(curves: Mapping[str, Sequence[tuple[int, float, float, float]]]) -> str:
    """Share of dialogues solved without telling, by the student's turn.

    Args:
        curves: Tutor -> (k, share, low, high), shares and their intervals 0..1, k 0-based as in the literature.
    """
    ks = sorted({k for points in curves.values() for k, *_ in points})
    if not ks:
        return ""
    plot, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(k: float) -> float:
        return LEFT + plot * (k - ks[0]) / max(1, ks[-1] - ks[0])

    def y(share: float) -> float:
        return TOP + tall * (1 - share)

    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img" aria-label="Success by turn" '
        'xmlns="http://www.w3.org/2000/svg">'
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(
            f'<line x1="{LEFT}" y1="{y(share):.1f}" x2="{WIDTH - RIGHT}" y2="{y(share):.1f}" stroke="#d9dee8"/>'
        )
        parts.append(f'<text x="{LEFT - 8}" y="{y(share) + 4:.1f}" text-anchor="end">{share:.0%}</text>')
    for k in ks:
        parts.append(f'<text x="{x(k):.1f}" y="{HEIGHT - 24}" text-anchor="middle">{k}</text>')
    parts.append(
        f'<text x="{LEFT + plot / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle">k: turns of the student, from 0</text>'
    )
    labels = _apart([y(points[-1][1]) if points else 0.0 for points in curves.values()])
    for color, label_y, (name, points) in zip(_colors(len(curves)), labels, curves.items(), strict=True):
        if not points:
            continue
        line = " ".join(f"{x(k):.1f},{y(share):.1f}" for k, share, _, _ in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>')
        for k, share, low, high in points:
            parts.append(
                f'<line x1="{x(k):.1f}" y1="{y(low):.1f}" x2="{x(k):.1f}" y2="{y(high):.1f}" stroke="{color}" '
                'stroke-width="1.5" opacity="0.5"/>'
            )
            parts.append(f'<circle cx="{x(k):.1f}" cy="{y(share):.1f}" r="4" fill="{color}"/>')
        parts.append(
            f'<text x="{WIDTH - RIGHT + 12}" y="{label_y + 4:.1f}" style="fill:{color}">'
            f"{escape(name)} {points[-1][1]:.0%}</text>"
        )
    return "".join([*parts, "</svg>"])


def _apart(places: list[float], gap: float = 15.0) -> list[float]:
    """Heights of labels, moved so that none lies on another."""
    placed: dict[int, float] = {}
    last = -gap
    for i in sorted(range(len(places)), key=places.__getitem__):
        last = placed[i] = max(places[i], last + gap)
    return [placed[i] for i in range(len(places))]


def _colors(n: int) -> list[str]:
    return [COLORS[i % len(COLORS)] for i in range(n)]


def move_bars(rows: Mapping[str, Mapping[Move, float]]) -> str:
    """One bar a tutor, divided by the shares of its moves.

    Args:
        rows: Tutor -> move -> share of its turns, 0..1.
    """
    plot = WIDTH - LABEL - 20
    height = ROW * (len(rows) + 2)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {height}" width="100%" role="img" aria-label="Moves" '
        'xmlns="http://www.w3.org/2000/svg">'
    ]
    for i, (name, shares) in enumerate(rows.items()):
        top, left = ROW * i + 4, float(LABEL)
        parts.append(f'<text x="{LABEL - 10}" y="{top + 15}" text-anchor="end">{escape(name)}</text>')
        for move, color in MOVE_COLORS.items():
            width = plot * shares.get(move, 0.0)
            if width <= 0:
                continue
            parts.append(
                f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{ROW - 6}" fill="{color}">'
                f"<title>{move} {shares[move]:.1%}</title></rect>"
            )
            if width > 34:
                parts.append(
                    f'<text x="{left + width / 2:.1f}" y="{top + 15}" text-anchor="middle" style="fill:#fff">'
                    f"{shares[move]:.0%}</text>"
                )
            left += width
    x, y = float(LABEL), ROW * len(rows) + 24
    for move, color in MOVE_COLORS.items():
        parts.append(f'<rect x="{x:.1f}" y="{y - 10}" width="12" height="12" fill="{color}"/>')
        parts.append(f'<text x="{x + 17:.1f}" y="{y}">{move}</text>')
        x += 100
    return "".join([*parts, "</svg>"])
