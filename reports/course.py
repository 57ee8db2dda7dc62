"""The index page of a course: the weeks, what is taught and reviewed when, what the class should know, what remains."""

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from classwright.classroom.course import WEEKDAYS
from classwright.reports.charts import dumbbells
from classwright.reports.lesson import environment
from classwright.skilltree.tree import SkillTree

if TYPE_CHECKING:
    from classwright.classroom.gain import Difference
    from classwright.graphs.course_result import CourseResult

CELL, LABEL, HEAD = 30, 300, 46


def course_html(result: "CourseResult", tree: SkillTree) -> str:
    """A self-contained page about a finished course; links to the lessons' pages beside it.

    Args:
        result: What came out.
        tree: The skill tree, for names.
    """
    names = {s: tree[s].name for s in {*result.start, *(s for s, _ in result.left_out), *result.not_reached}}
    weeks = [[s for s in result.sessions if s.week == w] for w in range(1, result.weeks + 1)]
    taught = [s for s in result.start if any(x.skill == s for x in result.sessions)]
    kept = result.retention
    chart = dumbbells(
        [(names[s], none, spaced) for s, (spaced, none) in kept.by_skill.items()], "without reviews", "with reviews",
        "share of the test answered right",
    ) if kept else ""  # fmt: skip
    return environment(True).get_template("course.html.j2").render(
        c=result, title=tree[result.goal].name, names=names, weeks=weeks, weekdays=WEEKDAYS, taught=taught,
        grid=Markup(_grid(result, names)), chart=Markup(chart),
        claims=[claim(kept.over_none, "no reviews"), claim(kept.over_massed, "the same problems all at once")]
        if kept else [],
    )  # fmt: skip


def claim(d: "Difference", other: str) -> str:
    """What may be said of the spaced reviews against something else; no effect whose interval includes zero."""
    figures = f"{d.mean:+.1%} [{d.low:+.1%}, {d.high:+.1%}] of the test, {d.n} simulated students"
    if d.low > 0:
        return f"More is remembered than with {other}: {figures}."
    if d.high < 0:
        return f"Less is remembered than with {other}: {figures}."
    return f"No difference from {other} was shown: {figures}."


def _grid(result: "CourseResult", names: dict[str, str]) -> str:
    """Skills by sessions: a filled square where a skill is taught, a circle where it is reviewed."""
    sessions = result.sessions
    skills = [s for s in names if any(x.skill == s for x in sessions)]
    skills.sort(key=lambda s: next(x.number for x in sessions if x.skill == s))
    width, height = LABEL + CELL * len(sessions) + 10, HEAD + CELL * len(skills) + 6
    parts = [
        f'<svg viewBox="0 0 {width} {height}" style="max-width: {width}px" width="100%" role="img" '
        'aria-label="Which skill is taught and reviewed in which session" xmlns="http://www.w3.org/2000/svg">'
    ]
    for i, session in enumerate(sessions):
        x = LABEL + CELL * i + CELL / 2
        if i == 0 or sessions[i - 1].week != session.week:
            left = x - CELL / 2
            parts.append(f'<text x="{left + 2}" y="14">week {session.week}</text>')
            parts.append(f'<line x1="{left}" y1="4" x2="{left}" y2="{height}" stroke="#d9dee8"/>')
        parts.append(f'<text x="{x}" y="34" text-anchor="middle">{session.number}</text>')
    for row, skill in enumerate(skills):
        y = HEAD + CELL * row + CELL / 2
        label = names[skill] if len(names[skill]) <= 44 else names[skill][:43] + "…"
        parts.append(f'<text x="{LABEL - 8}" y="{y + 4}" text-anchor="end">{escape(label)}</text>')
        parts.append(f'<line x1="{LABEL}" y1="{y}" x2="{width - 10}" y2="{y}" stroke="#eef1f6"/>')
        for i, session in enumerate(sessions):
            x = LABEL + CELL * i + CELL / 2
            if session.skill == skill:
                parts.append(f'<rect x="{x - 9}" y="{y - 9}" width="18" height="18" rx="3" fill="#2456a6"/>')
            elif skill in session.missing:
                parts.append(f'<rect x="{x - 9}" y="{y - 9}" width="18" height="18" rx="3" fill="#a9c1e8"/>')
            elif skill in session.reviews:
                parts.append(f'<circle cx="{x}" cy="{y}" r="7" fill="#fff" stroke="#1b7a55" stroke-width="3"/>')
    return "".join([*parts, "</svg>"])
