"""The lesson as pages: Markdown for editing, HTML for handing out."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from classwright.classroom.plan import TIERS
from classwright.graphs.lesson_result import LessonResult


def _source(name: str) -> str:
    return files("classwright.reports").joinpath(name).read_text(encoding="utf-8")


@cache
def environment(html: bool) -> Environment:
    """The Jinja2 environment of the page templates; in HTML everything is escaped."""
    env = Environment(
        loader=FunctionLoader(_source), undefined=StrictUndefined, autoescape=html, trim_blocks=True, lstrip_blocks=True
    )
    env.filters["percent"] = lambda x: "-" if x is None else f"{x:.0%}"
    env.filters["grade"] = lambda g: "Kindergarten" if g == 0 else f"grade {g}"
    return env


def lesson_markdown(result: LessonResult) -> str:
    """The lesson plan in Markdown."""
    return environment(False).get_template("lesson.md.j2").render(**_values(result))


def lesson_html(result: LessonResult) -> str:
    """The lesson plan as a self-contained page that prints well."""
    return environment(True).get_template("lesson.html.j2").render(**_values(result))


def _values(result: LessonResult) -> dict[str, Any]:
    return {"plan": result.plan, "checks": result.checks, "resolved": result.resolved, "tiers": TIERS}
