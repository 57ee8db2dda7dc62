"""The report of a lesson run: what the class did, what was checked, whose words these are, what it cost."""

from collections import defaultdict
from collections.abc import Mapping
from statistics import mean
from typing import Any

from markupsafe import Markup

from classwright.classroom.retold import verdicts
from classwright.graphs.lesson_result import LessonResult
from classwright.reports.charts import dumbbells, intervals
from classwright.reports.lesson import environment
from classwright.skilltree.tree import default_tree

GAIN = "normalized gain, with 95 % interval (1: everything that was missing)"


def report_html(result: LessonResult, summary: Mapping[str, Any], identities: Mapping[str, Mapping[str, Any]]) -> str:
    """A self-contained page about a finished lesson run.

    Args:
        result: What came out.
        summary: The JSON object of the command.
        identities: Role -> model identity (`Models.identities`).
    """
    slots = [(name, words) for name, words in result.plan.slots()]
    return environment(True).get_template("lesson_report.html.j2").render(
        plan=result.plan, checks=result.checks, rehearsal=result.rehearsal, ciddp=result.ciddp,
        validity=result.validity, steps=result.steps, judges=result.judges, front=result.front, bouts=result.bouts,
        stopped=result.stopped,
        voices=result.voices, recalled=result.recalled,
        advice=result.advice, review=result.review, resolved=result.resolved, summary=summary,
        identities=identities, slots=slots, class_chart=_class_chart(result), gain_chart=_gain_chart(result),
        sources=result.sources, material=result.material, names=_names(result), proposals=result.proposals,
        placed=result.placed, personalized=result.personalized,
        validators=verdicts(result.personalized), translation=result.translation, reading=result.reading,
    )  # fmt: skip


def _class_chart(result: LessonResult) -> Markup:
    """Before and after of each learner; a learner rehearsed several times is shown by the mean."""
    if result.rehearsal is None:
        return Markup("")
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for who, before, after in result.rehearsal.scores:
        rows[who].append((before, after))
    points = [(who, mean(b for b, _ in r), mean(a for _, a in r)) for who, r in rows.items()]
    points.sort(key=lambda row: (row[1], row[2]))
    return Markup(dumbbells(points[:40], "before the lesson", "after it", "share of the test answered right"))


def _gain_chart(result: LessonResult) -> Markup:
    if result.rehearsal is None:
        return Markup("")
    names = _names(result)
    rows = [(names.get(s, s), g.mean, g.low, g.high) for s, g in result.rehearsal.by_skill.items()]
    total = result.rehearsal.gain
    return Markup(intervals([*rows, ("whole test", total.mean, total.low, total.high)], GAIN))


def _names(result: LessonResult) -> dict[str, str]:
    """Names of the skills and misconceptions that the report mentions."""
    tree = default_tree()
    ids = {f.skill for f in result.rehearsal.failures} if result.rehearsal else set()
    names = {s: tree[s].name for s in {*ids, *result.plan.skills} if s in tree}
    if result.rehearsal:
        wrong = {f.misconception for f in result.rehearsal.failures if f.misconception}
        names |= {
            m: tree.misconception(m).name for m in wrong | set(result.rehearsal.freed) | set(result.rehearsal.kept)
        }
    return names
