"""Judges on trial: planted lessons, swaps, their own words, each other, and what people said of the same texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random
from statistics import mean
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.absence import unless_absent
from classwright.agents.evaluator import CRITERIA, Judgment, judge
from classwright.agents.labeler import label
from classwright.agents.pairwise import vote
from classwright.agents.panel import levels_on_trial
from classwright.agents.teacher import word_plan
from classwright.agents.trial import Bar, Pair, Standing, try_judge
from classwright.classroom.agreement import krippendorff, score_labels
from classwright.classroom.audience import Audience, assemble
from classwright.classroom.controls import controls, swaps
from classwright.classroom.draft import draft_plan
from classwright.classroom.human_labels import LabelFile, read_labels, sample
from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines
from classwright.classroom.timetable import APPROACHES, need
from classwright.models.chat import Chat
from classwright.models.roles import Models
from classwright.models.together import together
from classwright.skilltree.bank import generator_ids
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import SkillTree

MINUTES, CLASS_SIZE = 45, 8
OWN_SLOTS = frozenset({"hook", "explanation 1", "closing"})
"""What a judge's model writes to see whether it prefers its own words."""


class CheckRequest(BaseModel):
    """What is to be checked; with the recipe it decides everything.

    Attributes:
        lessons: Real lessons drafted by code; 0 asks only about the labels.
        labels: Path of a file of labeled texts, None for none.
        digest: SHA-256 of that file, so that a resumed run reads the same.
        rows: Texts taken from it, 0 for all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lessons: int = Field(ge=0, le=100)
    seed: int = 0
    labels: str | None = None
    format: str = "mrbench"
    digest: str = ""
    rows: int = Field(default=100, ge=0)


class ControlLevel(BaseModel):
    """A control's mean CIDDP level by one judge; `below` says whether that is under the real lesson's."""

    control: str
    level: float | None
    below: bool | None


class SelfPreference(BaseModel):
    """Whether a judge prefers words of its own model more than another judge prefers them; `bias` is the difference."""

    bias: float | None = None
    pairs: int = 0
    note: str = ""


class DimensionScore(BaseModel):
    """A judge's labels of one dimension against people's; see `agreement.LabelScore`.

    Attributes:
        usable: Whether the judge is clearly better than always saying the most frequent label: the low end of its
            accuracy is above that baseline's accuracy, and its macro-F1 above that baseline's.
    """

    dimension: str
    n: int
    missing: int
    accuracy: float | None = None
    low: float | None = None
    high: float | None = None
    macro_f1: float | None = None
    majority: str
    majority_accuracy: float
    majority_f1: float
    usable: bool = False


class JudgeReport(BaseModel):
    """Everything that was found out about one judge."""

    standing: Standing
    controls: list[ControlLevel] = []
    own_words: SelfPreference = SelfPreference()
    labels: list[DimensionScore] = []


class Agreement(BaseModel):
    """Krippendorff's alpha between the judges with its interval; `note` says why there is none."""

    what: str
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    units: int = 0
    note: str = ""


class CheckResult(BaseModel):
    """The outcome.

    Attributes:
        lessons: The real lessons, by skill.
        texts, of: Labeled texts used and in the file.
    """

    lessons: list[str]
    bar: Bar
    judges: list[JudgeReport]
    agreement: list[Agreement]
    texts: int = 0
    of: int = 0


@dataclass(frozen=True)
class Lesson:
    """A real lesson with whom it is for."""

    plan: LessonPlan
    audience: Audience

    @property
    def lines(self) -> list[str]:
        """What a judge reads."""
        return plan_lines(self.plan)


@dataclass(frozen=True)
class Context:
    """What the check works with."""

    request: CheckRequest
    tree: SkillTree
    models: Models
    progress: Callable[[str], None]


def draft_lessons(tree: SkillTree, n: int, seed: int) -> list[Lesson]:
    """`n` lessons on different skills for different classes, every word by code."""
    able = [s for s in tree if s in generator_ids() and tree.misconceptions_of(s)]
    approaches = list(APPROACHES)
    lessons = []
    for k, skill in enumerate(Random(seed).sample(able, min(n, len(able)))):
        audience = assemble(sample_class(CLASS_SIZE, seed + k, tree, skill), skill, tree)
        minutes = max(MINUTES, need(audience.missing))
        interest = next(iter(audience.interests()), None)
        plan = draft_plan(tree, audience, minutes, approaches[k % len(approaches)], seed + k, interest)
        lessons.append(Lesson(plan, audience))
    return lessons


async def check_judges(c: Context) -> CheckResult:
    """Try every judge of the recipe; one that does not answer is said so and holds up nobody.

    Raises:
        InputError: The file of labels changed or is not what it should be.
    """
    chats = c.models.evaluators
    lessons = draft_lessons(c.tree, c.request.lessons, c.request.seed)
    file, rows = _labeled(c.request)
    reports = [JudgeReport(standing=Standing(judge=x.role, model=x.model, status="withheld")) for x in chats]
    heard: list[dict[str, list[Judgment]]] = [{} for _ in chats]
    if lessons:
        c.progress("putting judges on trial")
        found = await together(*(_try(chat, lessons, c.request.seed) for chat in chats))
        reports = [report for report, _ in found]
        heard = [levels for _, levels in found]
        c.progress("looking for self-preference")
        for report, own in zip(reports, await _own_words(c, lessons, reports), strict=True):
            report.own_words = own
    if file is not None:
        c.progress("labeling")
        scores = await together(*(_label(chat, file, rows) for chat in chats))
        for report, (found_scores, absent) in zip(reports, scores, strict=True):
            report.labels = found_scores
            if not lessons:
                report.standing.why = "not tried: no planted lessons were asked for"
            if absent:
                report.standing.status, report.standing.why = "unreachable", absent
    return CheckResult(
        lessons=[x.plan.skill for x in lessons], bar=Bar(), judges=reports,
        agreement=_agreement(reports, heard, c.request.seed) if lessons else [],
        texts=len(rows), of=len(file.rows) if file else 0,
    )  # fmt: skip


def planted(lessons: Sequence[Lesson], seed: int) -> list[Pair]:
    """All pairs of a check: the controls of every lesson, those that are easiest to see through first, then swaps."""
    per_lesson = [(x.plan.skill, x.lines, controls(x.plan, seed)) for x in lessons]
    pairs = [Pair(c.name, skill, real, c.lines) for group in zip(*(
        [(skill, real, c) for c in found] for skill, real, found in per_lesson
    ), strict=True) for skill, real, c in group]  # fmt: skip
    return pairs + [Pair(s.name, x.plan.skill, s.a, s.b, equal=True) for x in lessons for s in swaps(x.plan, seed)]


async def _try(chat: Chat, lessons: Sequence[Lesson], seed: int) -> tuple[JudgeReport, dict[str, list[Judgment]]]:
    """One judge's levels and preferences; a judge that fails in one is still tried in the other, and says so."""
    first = lessons[0]
    (control, view, why, absent), standing = await _both(chat, first, planted(lessons, seed), seed)
    standing = standing.model_copy(update={"control": control, "view": view})
    if absent:
        standing = standing.model_copy(update={"status": "unreachable", "why": absent})
    elif why:
        both = "; ".join(filter(None, [why, standing.why]))
        standing = standing.model_copy(update={"status": "withheld", "why": both})
    report = JudgeReport(standing=standing)
    levels = {f"{first.plan.skill}, real": view} if view else {}
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


async def _both(chat: Chat, first: Lesson, pairs: list[Pair], seed: int) -> tuple[Any, Standing]:
    levels, standing = await together(
        levels_on_trial(chat, first.lines, unit="levels"), try_judge(chat, pairs, unit="pairs")
    )
    assert isinstance(standing, Standing)
    return levels, standing


def _mean(view: Sequence[Judgment]) -> float | None:
    levels = [j.level for j in view if j.level is not None]
    return mean(levels) if len(levels) == len(CRITERIA) else None


def _labeled(request: CheckRequest) -> tuple[LabelFile | None, list[Any]]:
    from hashlib import sha256
    from pathlib import Path

    from classwright.errors import InputError

    if request.labels is None:
        return None, []
    path = Path(request.labels)
    file = read_labels(path, "csv" if request.format == "csv" else "mrbench")
    if request.digest and sha256(path.read_bytes()).hexdigest() != request.digest:
        raise InputError(f"{path}: changed since the run began; put the old file back or start a new run")
    return file, sample(file.rows, request.rows, request.seed)


async def _label(chat: Chat, file: LabelFile, rows: Sequence[Any]) -> tuple[list[DimensionScore], str]:
    places = [(row, dimension) for row in rows for dimension in row.labels]

    async def work() -> list[str | None]:
        return await together(*(label(row, d, file, chat, unit=f"label.{row.id}") for row, d in places))

    said, absent = await unless_absent(chat, work, unit="labels", task="labels")
    scores = []
    for dimension in file.questions:
        pairs = [
            (row.labels[dimension], answer)
            for (row, d), answer in zip(places, said or [None] * len(places), strict=True)
            if d == dimension
        ]
        if pairs:
            scores.append(_dimension(dimension, pairs))
    return scores, absent


def _dimension(dimension: str, pairs: Sequence[tuple[str, str | None]]) -> DimensionScore:
    gold = [g for g, _ in pairs]
    if all(p is None for _, p in pairs):
        base = score_labels(gold, gold)
        return DimensionScore(
            dimension=dimension, n=0, missing=len(gold), majority=base.majority,
            majority_accuracy=base.majority_accuracy, majority_f1=base.majority_f1,
        )  # fmt: skip
    s = score_labels(gold, [p for _, p in pairs])
    usable = s.low > s.majority_accuracy and s.macro_f1 > s.majority_f1
    return DimensionScore(dimension=dimension, **s._asdict(), usable=usable)


async def _own_words(c: Context, lessons: Sequence[Lesson], reports: Sequence[JudgeReport]) -> list[SelfPreference]:
    """Self-preference of admitted judges (Panickssery et al. 2024): how much more a judge prefers words of its own
    model than the other judge prefers those same words. A preference alone would be no bias: they may be better.
    """
    out = [SelfPreference(note="not measured: the judge is not admitted") for _ in reports]
    fit = [n for n, r in enumerate(reports) if r.standing.status == "admitted"]
    chats = c.models.evaluators
    if not fit:
        return out
    pairs = [(i, j) for i, j in combinations(fit, 2) if chats[i].model != chats[j].model]
    for n in fit:
        out[n] = SelfPreference(note="not measured: it needs another admitted judge with another model to compare with")
    writers = sorted({n for pair in pairs for n in pair})

    async def write(n: int) -> list[LessonPlan] | None:
        chat = chats[n]

        async def work() -> list[LessonPlan]:
            return await together(*(
                word_plan(x.plan, x.audience, c.tree, chat, c.models.embed, unit=f"own.{k}", interest=None,
                          language="en", only=OWN_SLOTS) for k, x in enumerate(lessons, 1)
            ))  # fmt: skip

        return (await unless_absent(chat, work, unit="own", task="words"))[0]

    texts = dict(zip(writers, await together(*(write(n) for n in writers)), strict=True))
    shares: dict[int, list[float]] = {n: [] for n in writers}
    for i, j in pairs:
        for k, lesson in enumerate(lessons, 1):
            mine, theirs = texts[i], texts[j]
            if mine is None or theirs is None or not (_wrote(mine[k - 1]) and _wrote(theirs[k - 1])):
                continue
            a, b = plan_lines(mine[k - 1]), plan_lines(theirs[k - 1])
            unit = f"own.{k}.{i}~{j}"

            async def ask(n: int, a: list[str] = a, b: list[str] = b, unit: str = unit) -> float | None:
                ballot, _ = await unless_absent(
                    chats[n], lambda: vote(a, b, chats[n], unit=unit), unit=unit, task="pairwise"
                )
                return None if ballot is None or ballot.vote is None else {"a": 1.0, "tie": 0.5, "b": 0.0}[ballot.vote]

            x, y = await together(ask(i), ask(j))  # the share that i and j give to the words of i
            if x is not None and y is not None:
                shares[i].append(x - y)
                shares[j].append((1 - y) - (1 - x))
    for n, found in shares.items():
        out[n] = (
            SelfPreference(bias=mean(found), pairs=len(found))
            if found
            else SelfPreference(note="not measured: the checks let too few of the models' own words through")
        )
    return out


def _wrote(plan: LessonPlan) -> bool:
    return any(words.source == "model" for name, words in plan.slots() if name in OWN_SLOTS)


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
    for what, tables, level in (("preferences", votes, "nominal"), ("levels", levels, "ordinal")):
        units = sorted({place for table in tables for place in table})
        a = krippendorff([[table.get(u) for table in tables] for u in units], level, seed=seed)
        note = (
            ""
            if a.value is not None
            else ("not measured: fewer than two judges judged the same, or every judgment is the same")
        )
        out.append(Agreement(what=what, alpha=a.value, low=a.low, high=a.high, units=a.units, note=note))
    return out
