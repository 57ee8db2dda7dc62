"""The lesson as pages: Markdown for editing, HTML for handing out."""

from functools import cache
from importlib.resources import files
from statistics import mean
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from classwright.classroom.plan import TIERS
from classwright.classroom.support import cited
from classwright.graphs.lesson_result import LessonResult
from classwright.reports.ideas import LABELS, ideas_by_place
from classwright.reports.judged import STANDINGS, judged
from classwright.reports.lesson_document import NOT_VERIFIED, board, checked, lead, quoted, skill_name
from classwright.reports.mathml import markup
from classwright.reports.printed import printed, printed_answer
from classwright.reports.sources import notices, settled

NARROW = 60
"""Characters of a problem, on average, up to which the tiers are read well in three columns."""


def _source(name: str) -> str:
    return files("classwright.reports").joinpath(name).read_text(encoding="utf-8")


@cache
def environment(html: bool) -> Environment:
    """The Jinja2 environment of the page templates; in HTML everything is escaped."""
    env = Environment(
        loader=FunctionLoader(_source), undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["percent"] = lambda x: "-" if x is None else f"{x:.0%}"
    env.filters["lines"] = lambda text, indent=0: text.replace("\n", "  \n" + " " * indent)
    env.globals |= {"notices": notices, "settled": settled, "cited": cited}
    env.filters["math"] = markup if html else str
    env.filters["answer"] = printed_answer
    env.filters["printed"] = printed
    env.filters["quoted"] = quoted
    env.filters["judged"] = judged
    env.globals["board"] = board
    env.globals["standings"] = STANDINGS
    env.filters["grade"] = lambda g: "Kindergarten" if g == 0 else f"grade {g}"
    return env


def lesson_markdown(result: LessonResult) -> str:
    """The lesson plan in Markdown."""
    return environment(False).get_template("lesson.md.j2").render(**_values(result))


def lesson_html(result: LessonResult) -> str:
    """The lesson plan as a self-contained page that prints well."""
    return environment(True).get_template("lesson.html.j2").render(**_values(result))


def _values(result: LessonResult) -> dict[str, Any]:
    sources = [words.source for _, words in result.plan.slots()]
    return {
        "worded": (sources.count("model"), len(sources)),
        "plan": result.plan,
        "checked": checked(result),
        "lead": lead(result.plan),
        "resolved": result.resolved,
        "tiers": TIERS,
        "narrow": mean(len(p.text) for t in TIERS for p in result.plan.independent.tier(t)) <= NARROW,
        "names": {e.skill: skill_name(e.skill) for e in result.plan.explanations},
        "ideas": ideas_by_place(result.plan),
        "labels": LABELS,
        "not_verified": NOT_VERIFIED,
    }
