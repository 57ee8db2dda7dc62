"""Judges on trial: planted lessons, swaps, their own words, each other, and what people said of the same texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from classwright.agents.absence import unless_absent
from classwright.agents.evaluator import CRITERIA, Judgment, judge
from classwright.agents.panel import levels_on_trial
from classwright.agents.trial import Bar, Standing, try_judge
from classwright.classroom.agreement import Level, krippendorff
from classwright.classroom.controls import controls
from classwright.graphs.judge_check_result import Agreement, CheckRequest, CheckResult, ControlLevel, JudgeReport
from classwright.graphs.judge_labels import label_all, labeled
from classwright.graphs.judge_lessons import Lesson, draft_lessons, planted
from classwright.graphs.judge_own_words import own_words
from classwright.models.chat import Chat
from classwright.models.roles import Models
from classwright.models.together import together
from classwright.skilltree.tree import SkillTree


@dataclass(frozen=True)
class Context:
    """What the check works with."""

    request: CheckRequest
    tree: SkillTree
    models: Models
    progress: Callable[[str], None]


async def check_judges(c: Context) -> CheckResult:
    """Try every judge of the recipe; one that does not answer is said so and holds up nobody.

    Raises:
        InputError: The file of labels changed or is not what it should be.
    """
    chats = c.models.evaluators
    lessons = draft_lessons(c.tree, c.request.lessons, c.request.seed)
    file, rows = labeled(c.request)
    reports = [JudgeReport(standing=Standing(judge=x.role, model=x.model, status="untried")) for x in chats]
    heard: list[dict[str, list[Judgment]]] = [{} for _ in chats]
    if lessons:
        c.progress("putting judges on trial")
        found = await together(*(_try(chat, lessons, c.request) for chat in chats))
        reports = [report for report, _ in found]
        heard = [levels for _, levels in found]
        c.progress("looking for self-preference")
        standings = [report.standing for report in reports]
        own = await own_words(chats, lessons, standings, c.tree, c.models.embed)
        for report, found_own in zip(reports, own, strict=True):
            report.own_words = found_own
    if file is not None:
        c.progress("labeling")
        scores = await together(*(label_all(chat, file, rows) for chat in chats))
        for report, (found_scores, absent) in zip(reports, scores, strict=True):
            report.labels = found_scores
            if not lessons:
                report.standing.why = "no planted lessons were asked for"
            if absent:
                report.standing.status, report.standing.why = "unreachable", absent
    return CheckResult(
        lessons=[x.plan.skill for x in lessons], bar=Bar(), judges=reports,
        agreement=_agreement(reports, heard, c.request.seed) if lessons else [],
        texts=len(rows), of=len(file.rows) if file else 0,
    )  # fmt: skip


async def _try(chat: Chat, lessons: Sequence[Lesson], r: CheckRequest) -> tuple[JudgeReport, dict[str, list[Judgment]]]:
    """One judge's levels, then its preferences; who fails with an empty lesson is asked no more, unless thoroughly."""
    first, seed, pairs = lessons[0], r.seed, planted(lessons, r.seed)
    control, view, why, absent = await levels_on_trial(chat, first.lines, unit="levels")
    standing = Standing(
        judge=chat.role, model=chat.model, status="unreachable" if absent else "withheld", why=absent or why,
        planned=sum(not pair.equal for pair in pairs),
    )  # fmt: skip
    if not absent and (r.thorough or not why):
        standing = await try_judge(chat, pairs, unit="pairs", thorough=r.thorough)
        if why and standing.status != "unreachable":
            both = "; ".join(filter(None, [why, standing.why]))
            standing = standing.model_copy(update={"status": "withheld", "why": both})
    standing = standing.model_copy(update={"control": control, "view": view})
    report = JudgeReport(standing=standing)
    levels = {what: found for what, found in (("empty", control), (f"{first.plan.skill}, real", view)) if found}
    if standing.status == "admitted":
        more = [(f"{first.plan.skill}, {c.name}", c.lines) for c in controls(first.plan, seed)]
        more += [(f"{x.plan.skill}, real", x.lines) for x in lessons[1:]]

        async def rate() -> list[list[Judgment]]:
            return await together(*(judge(lines, chat, unit=f"levels.{what}") for what, lines in more))

        rated, gone = await unless_absent(chat, rate, unit="levels.more", task="levels")
        if rated is None:
            report.standing.status, report.standing.why = "unreachable", gone
        else:
            levels |= {what: found for (what, _), found in zip(more, rated, strict=True)}
            real = _mean(view)
            for c in controls(first.plan, seed):
                level = _mean(levels[f"{first.plan.skill}, {c.name}"])
                below = level < real if level is not None and real is not None else None
                report.controls.append(ControlLevel(control=c.name, level=level, below=below))
    return report, levels


def _mean(view: Sequence[Judgment]) -> float | None:
    levels = [j.level for j in view if j.level is not None]
    return mean(levels) if len(levels) == len(CRITERIA) else None


def _agreement(
    reports: Sequence[JudgeReport], heard: Sequence[dict[str, list[Judgment]]], seed: int
) -> list[Agreement]:
    """Alpha over the judges: on preferences (nominal) and on levels (ordinal)."""
    if len(reports) < 2:
        note = "not measured: there is one judge; name several under [[models.evaluators]]"
        return [Agreement(what="preferences", note=note), Agreement(what="levels", note=note)]
    votes = [
        {(t.kind, t.lesson): t.ballot.vote for t in r.standing.tried if t.ballot.vote is not None} for r in reports
    ]
    levels = [
        {(what, j.criterion): j.level for what, view in judged.items() for j in view if j.level is not None}
        for judged in heard
    ]
    out = []
    rows: list[tuple[str, Any, Level]] = [("preferences", votes, "nominal"), ("levels", levels, "ordinal")]
    for what, tables, level in rows:
        units = sorted({place for table in tables for place in table})
        a = krippendorff([[table.get(u) for table in tables] for u in units], level, seed=seed)
        alike = "not measured: fewer than two judges judged the same, or every judgment is the same"
        note = "" if a.value is not None else alike
        out.append(Agreement(what=what, alpha=a.value, low=a.low, high=a.high, units=a.units, note=note))
    return out
