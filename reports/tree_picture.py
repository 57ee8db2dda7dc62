"""A picture of the skill tree: prerequisites from left to right, colored by mastery, as SVG or a zoomable page."""

import json
import textwrap
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files

import networkx as nx

from classwright.errors import InputError
from classwright.reports.tree_layout import Layout, lay_out
from classwright.skilltree.tree import MASTERED, SkillTree

BOX, ROW, COLUMN, MARGIN, HEAD = 172, 46, 224, 24, 58
"""Width of a box, vertical room of a box, distance of columns, margin, height of the legend; all in pixels."""
LINE = 24
"""Characters in a line of a box; two lines."""

MASTERY = (
    (0.4, "#f5b7a8", "below 40 %"),
    (0.6, "#fbdcae", "40-60 %"),
    (MASTERED, "#e8edb4", "60-80 %"),
    (1.01, "#a5d8b9", "80 % and more"),
)
UNKNOWN = ("#eef1f6", "not known")
STRANDS = ("#cfe0f7", "#f7d9c4", "#d5ecd0", "#e6d7f2", "#fbe8b0", "#cdebea", "#f6cfdc", "#dfe3ea", "#e7e2c9", "#d3d9f5",
           "#f2e0ee", "#d9efdf")  # fmt: skip


def draw_svg(
    tree: SkillTree,
    mastery: Mapping[str, float] | None = None,
    goal: str | None = None,
    title: str = "",
    legend: bool = True,
) -> str:
    """The tree as one SVG document.

    Args:
        tree: The skill tree.
        mastery: Skill id -> mastery 0..1; None colors by strand (the part of the id before the dot) instead.
        goal: Draw only this skill and everything it builds on; with `mastery`, the skills still to learn are numbered.
        title: Shown above the picture.
        legend: Whether title and colors are explained above the picture.

    Raises:
        InputError: an unknown goal, or nothing to draw.
    """
    shown = [*tree.ancestors(goal), goal] if goal is not None else list(tree)
    if not shown:
        raise InputError("there is no skill to draw")
    part = tree.graph.subgraph(shown)
    direct = set(nx.transitive_reduction(part).edges)
    first_guess = sorted(shown, key=lambda name: (_strand(name), tree.depths[name], name))
    layout = lay_out({name: tree.depths[name] for name in first_guess}, part.edges, ROW)
    colors, labels = _colors(tree, shown, mastery)
    head = _legend(labels, title) if legend else ""
    steps = {name: i for i, name in enumerate(tree.path(goal, mastery), 1)} if goal and mastery is not None else {}
    width = 2 * MARGIN + COLUMN * (len(layout.layers) - 1) + BOX
    height = HEAD + layout.total + 2 * MARGIN
    body = [_edge(layout, a, b, tree.depths, (a, b) in direct) for a, b in part.edges]
    body += [_box(tree, layout, name, colors[name], mastery, steps.get(name), name == goal) for name in shown]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" font-family="system-ui, Segoe UI, Helvetica, Arial, sans-serif" font-size="11.5">'
        f"<title>{escape(title or 'Skill tree')}</title><style>{_STYLE}</style>"
        f'<rect width="100%" height="100%" fill="#fff"/>{head}{"".join(body)}</svg>'
    )


_STYLE = (
    ".e{fill:none;stroke:#7d8aa3;stroke-width:1.2}.e.i{stroke:#c9d0dc;stroke-width:.8}"
    ".s rect{stroke:#5a6477;stroke-width:1}.s.step rect{stroke:#2456a6;stroke-width:2}"
    ".s.goal rect{stroke:#16233f;stroke-width:3}"
    ".s text{fill:#1d2433}.n circle{fill:#2456a6}"
    ".s .n text{fill:#fff;font-weight:700;font-size:10px;text-anchor:middle}"
)


def _strand(name: str) -> str:
    return name.partition(".")[0]


def _colors(
    tree: SkillTree, shown: Sequence[str], mastery: Mapping[str, float] | None
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Skill -> fill, and the legend as (fill, label)."""
    if mastery is None:
        strands = sorted({_strand(name) for name in shown})
        fill = {strand: STRANDS[i % len(STRANDS)] for i, strand in enumerate(strands)}
        return {name: fill[_strand(name)] for name in shown}, [(fill[strand], strand) for strand in strands]
    colors = {
        name: next(color for limit, color, _ in MASTERY if mastery[name] < limit) if name in mastery else UNKNOWN[0]
        for name in shown
    }
    return colors, [(color, label) for _, color, label in MASTERY] + [UNKNOWN]


def _legend(legend: Sequence[tuple[str, str]], title: str) -> str:
    parts = [f'<text x="{MARGIN}" y="24" font-size="17" font-weight="700">{escape(title)}</text>'] if title else []
    x = float(MARGIN)
    for color, label in legend:
        parts.append(f'<rect x="{x:.0f}" y="36" width="14" height="14" rx="3" fill="{color}" stroke="#5a6477"/>')
        parts.append(f'<text x="{x + 20:.0f}" y="48">{escape(label)}</text>')
        x += 40 + 7 * len(label)
    return "".join(parts)


def _left(layer: int) -> float:
    return MARGIN + COLUMN * layer


def _edge(layout: Layout, a: str, b: str, depth: Mapping[str, int], direct: bool) -> str:
    """A curve from the right side of one box to the left side of another, level while it passes a column."""
    y = HEAD + MARGIN + layout.height[a]
    x = _left(depth[a]) + BOX
    path = [f"M{x:.0f} {y:.1f}"]
    stops = [*layout.bends[a, b], layout.height[b]]
    for layer, stop in enumerate(stops, depth[a] + 1):
        end_x, end_y = _left(layer), HEAD + MARGIN + stop
        middle = (x + end_x) / 2
        path.append(f"C{middle:.0f} {y:.1f} {middle:.0f} {end_y:.1f} {end_x:.0f} {end_y:.1f}")
        x, y = end_x, end_y
        if layer < depth[b]:
            x += BOX
            path.append(f"H{x:.0f}")
    kind = "e" if direct else "e i"
    return f'<path class="{kind}" data-a="{escape(a)}" data-b="{escape(b)}" d="{"".join(path)}"/>'


def _box(
    tree: SkillTree,
    layout: Layout,
    name: str,
    color: str,
    mastery: Mapping[str, float] | None,
    step: int | None,
    goal: bool,
) -> str:
    skill = tree[name]
    x, y = _left(tree.depths[name]), HEAD + MARGIN + layout.height[name] - ROW / 2 + 4
    lines = textwrap.wrap(skill.name, LINE, max_lines=2, placeholder=" …") or [name]
    top = y + (ROW - 8) / 2 + (4 if len(lines) == 1 else -3)
    text = "".join(
        f'<text x="{x + 13:.0f}" y="{top + 14 * i:.1f}">{escape(line)}</text>' for i, line in enumerate(lines)
    )
    middle = y + (ROW - 8) / 2
    badge = f'<circle cx="{x:.0f}" cy="{middle:.1f}" r="9"/><text x="{x:.0f}" y="{middle + 3.5:.1f}">{step}</text>'
    number = f'<g class="n">{badge}</g>' if step else ""
    grade = "" if skill.grade is None else f"grade {skill.grade or 'K'}"
    known = f"mastery {mastery[name]:.0%}" if mastery is not None and name in mastery else ""
    hint = "\n".join(part for part in (skill.name, f"{name}  {grade}  {known}".strip(), skill.description) if part)
    kind = "s" + (" goal" if goal else "") + (" step" if step else "")
    return (
        f'<g class="{kind}" data-id="{escape(name)}"><title>{escape(hint)}</title>'
        f'<rect x="{x:.0f}" y="{y:.1f}" width="{BOX}" height="{ROW - 8}" rx="6" fill="{color}"/>{text}{number}</g>'
    )


def draw_page(
    tree: SkillTree, mastery: Mapping[str, float] | None = None, goal: str | None = None, title: str = ""
) -> str:
    """The picture as a self-contained HTML page: drag to move, wheel or buttons to zoom, search, click to see more.

    The arguments and errors are those of `draw_svg`.
    """
    import jinja2

    svg = draw_svg(tree, mastery, goal, title, legend=False)
    shown = [*tree.ancestors(goal), goal] if goal is not None else list(tree)
    _, labels = _colors(tree, shown, mastery)
    skills = {
        name: {
            "name": tree[name].name,
            "grade": tree[name].grade,
            "text": tree[name].description,
            "mastery": None if mastery is None else mastery.get(name),
            "needs": [before for before in tree.prerequisites(name) if before in shown],
            "wrong": [m.name for m in tree.misconceptions_of(name)],
        }
        for name in shown
    }
    page = files("classwright.reports").joinpath("tree_page.html.j2").read_text("utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    data = json.dumps(skills, ensure_ascii=False).replace("<", "\\u003c")
    return environment.from_string(page).render(title=title or "Skill tree", svg=svg, data=data, labels=labels)
