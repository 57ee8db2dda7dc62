"""Compare ways to plan a lesson: same learners, same budget, one test that none of the plans saw.

Every cell (way, skill, seed) is a lesson run of its own inside the comparison's run. The loop picks its plan by a
rehearsal; a plan is measured here on fresh test items and with fresh luck of the same learners, so that picking by
rehearsal wins nothing by itself.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from classwright.classroom.audience import assemble, students
from classwright.classroom.plan import LessonPlan
from classwright.classroom.rehearsal import make_exam, rehearse
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_run import lesson_within
from classwright.graphs.lesson_state import LessonRequest
from classwright.models import loop
from classwright.models.endpoint import Transport
from classwright.prompts import prompt_hashes
from classwright.reports.compare import compare_html
from classwright.reports.judged import judged, unjudged
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run, create_run, open_run
from classwright.skilltree.tree import default_tree

FRESH = 500_009
"""Offset of the seeds of the measurement from those of the loop."""
RESAMPLES = 4000
ROUNDS = 40
"""Rounds at most; the budget and the stop rule end a loop before."""


class Way(BaseModel):
    """One way to plan: an arm, and what is taken away from it."""

    name: str
    request: dict[str, Any]


class Estimate(BaseModel):
    """A mean with its interval; None where it cannot be had."""

    mean: float | None
    low: float | None
    high: float | None


class Row(BaseModel):
    """What one way reached.

    Attributes:
        gain: Normalized gain on the fresh test, over all skills, seeds and students.
        difference: Gain minus that of the first way, on the same cells and students.
        ciddp: Mean level of admitted judges over its cells, None where there is none.
        unjudged: Why there is none: "not believed", "unreachable", "missing", "not asked".
        tokens, calls: Mean per lesson.
        cells: Lessons behind it.
        students: Simulated students behind it, over all cells.
    """

    way: str
    gain: Estimate
    difference: Estimate
    ciddp: float | None
    unjudged: str = ""
    tokens: float
    calls: float
    cells: int
    students: int


class Comparison(BaseModel):
    """The table, with everything it was made from."""

    skills: list[str]
    seeds: list[int]
    budget: int
    rows: list[Row]
    notes: list[str]


def ways(arms: Sequence[str], without: Sequence[str]) -> list[Way]:
    """The ways of `--compare ARMS --without AIDS`: the arms, then our loop without each aid."""
    found = [Way(name=a, request={"arm": a} | ({"rounds": 0, "candidates": 1} if a == "single" else {})) for a in arms]
    return found + [Way(name=f"full without {w}", request={"arm": "full", "without": [w]}) for w in without]


def start(
    requests: Sequence[LessonRequest],
    ways_: Sequence[Way],
    recipe: Recipe,
    *,
    budget: int,
    rounds: int | None = None,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Make a comparison run and carry it out.

    Args:
        requests: One request a skill and seed; the ways change how it is planned, nothing else.
        ways_: See `ways`; the first one is what the others are compared with.
        recipe: Models; its token limit is replaced by the budget.
        budget: Tokens of one lesson.
        rounds: Rounds at most; None: as many as the budget and the stop rule allow.
        gguf, root, progress, endpoint: As in `lesson_run.start`.
    """
    capped = recipe.model_copy(update={"limits": recipe.limits.model_copy(update={"tokens": budget})})
    config = {
        "requests": [r.model_dump(mode="json") for r in requests],
        "ways": [w.model_dump() for w in ways_],
        "recipe": capped.record(),
        "budget": budget,
        "rounds": ROUNDS if rounds is None else rounds,
        "gguf": gguf,
        "seed": requests[0].seed,
        "prompts": prompt_hashes(),
    }
    with create_run(root, "compare", requests[0].skill, config) as run:
        return loop.run(_carry_out(run, progress, endpoint))


def resume(run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None) -> dict[str, Any]:
    """Go on with an interrupted comparison: finished lessons are read, the others go on where they stopped."""
    with open_run(run_dir, mode="replay" if replay else "append") as run:
        return loop.run(_carry_out(run, progress, endpoint))


async def _carry_out(run: Run, progress: Progress, endpoint: Transport | None) -> dict[str, Any]:
    requests = [LessonRequest.model_validate(r) for r in run.config["requests"]]
    chosen = [Way.model_validate(w) for w in run.config["ways"]]
    results: dict[tuple[str, int], tuple[LessonResult, dict[str, Any]]] = {}
    total = len(requests) * len(chosen)
    for way in chosen:
        for n, base in enumerate(requests):
            place = len(results)

            def report(what: str, done: int, of: int, way: Way = way, place: int = place) -> None:
                progress(f"{way.name}: {what}", place, total)

            progress(f"{way.name}: {base.skill}, seed {base.seed}", place, total)
            results[way.name, n] = await _cell(run, way, base, n, report, endpoint)
    tree = default_tree()
    measured: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for n, base in enumerate(requests):
        plans = {w.name: results[w.name, n][0].plan for w in chosen}
        for name, scores in measure(plans, base, tree).items():
            measured[name, n] = scores
    rows = _rows(chosen, len(requests), results, measured, requests[0].seed)
    comparison = Comparison(
        skills=list(dict.fromkeys(r.skill for r in requests)),
        seeds=list(dict.fromkeys(r.seed for r in requests)),
        budget=run.config["budget"],
        rows=rows,
        notes=_notes(results),
    )
    summary = {"run": str(run.path), "report": str(run.path / "report.html"), **comparison.model_dump(mode="json")}
    if run.mode == "append":
        write_atomic(run.path / "report.html", compare_html(comparison))
        run.finish(summary)
    return summary


async def _cell(
    run: Run, way: Way, base: LessonRequest, n: int, progress: Progress, endpoint: Transport | None
) -> tuple[LessonResult, dict[str, Any]]:
    """One lesson of a way."""
    # A translation changes nothing that is measured, and would take its tokens from the loop of some ways only.
    changes = {"rounds": run.config["rounds"], "language": "en", **way.request}
    request = LessonRequest.model_validate(base.model_dump() | changes)
    name = f"{way.name.replace(' ', '-')}+{n:03d}-{request.skill}-{request.seed}"
    memory = run.path / "memory" / way.name.replace(" ", "-")  # one way must not learn from another
    return await lesson_within(run, name, request, memory, progress, endpoint)


def measure(plans: dict[str, LessonPlan], request: LessonRequest, tree: Any) -> dict[str, list[tuple[float, float]]]:
    """(before, after) of every student with every plan, on a fresh test that is in none of the plans.

    Students, test and luck are the same for every plan, so that the scores pair up.
    """
    audience = assemble(request.learners, request.skill, tree)
    shown = [p for plan in plans.values() for p in plan.problems()]
    exam = make_exam([*audience.missing, audience.goal], request.seed + FRESH, avoid=shown)
    people = students(audience, tree, request.seed + FRESH, request.students)
    out = {}
    for name, plan in plans.items():
        taught = plan.model_copy(update={"skills": [s for s in plan.skills if s in {p.skill for p in exam.before}]})
        scores = rehearse(taught, people, exam, request.seed).scores
        out[name] = [(before, after) for _, before, after in scores]
    return out


def _rows(
    chosen: Sequence[Way],
    n: int,
    results: dict[tuple[str, int], tuple[LessonResult, dict[str, Any]]],
    measured: dict[tuple[str, int], list[tuple[float, float]]],
    seed: int,
) -> list[Row]:
    first = [measured[chosen[0].name, i] for i in range(n)]
    rows = []
    for way in chosen:
        cells = [measured[way.name, i] for i in range(n)]
        mine = [results[way.name, i] for i in range(n)]
        judged = [r.ciddp.mean for r, _ in mine if r.ciddp and r.ciddp.mean is not None]
        rows.append(
            Row(
                way=way.name,
                gain=pooled_gain(cells, seed),
                difference=pooled_difference(first, cells, seed),
                ciddp=sum(judged) / len(judged) if judged else None,
                unjudged="" if judged else unjudged({r.ciddp.status for r, _ in mine if r.ciddp}),
                tokens=sum(s["tokens"] for _, s in mine) / n,
                calls=sum(s["calls"] for _, s in mine) / n,
                cells=n,
                students=sum(len(c) for c in cells),
            )
        )
    return rows


Cells = Sequence[Sequence[tuple[float, float]]]
"""(before, after) of each student, by cell."""


def pooled_gain(cells: Cells, seed: int) -> Estimate:
    """Normalized gain over all students, (post - pre) / (1 - pre) of the means, with a two-level bootstrap interval."""
    return _bootstrap(cells, seed, lambda s: _ratio(s[:, 1].mean() - s[:, 0].mean(), 1 - s[:, 0].mean()))


def pooled_difference(first: Cells, second: Cells, seed: int) -> Estimate:
    """How much more normalized gain the second way gives than the first, on the same cells and students."""
    joined = [[(b, a, c) for (b, a), (_, c) in zip(x, y, strict=True)] for x, y in zip(first, second, strict=True)]
    return _bootstrap(joined, seed, lambda s: _ratio(s[:, 2].mean() - s[:, 1].mean(), 1 - s[:, 0].mean()))


def _ratio(won: float, room: float) -> float:
    return float(won / room) if room > 0 else float("nan")


def _bootstrap(cells: Sequence[Sequence[tuple[float, ...]]], seed: int, statistic: Any) -> Estimate:
    """Percentile interval with cells drawn first and students within them, as both are samples; one cell: students."""
    data = [np.asarray(c, float) for c in cells]
    mean = statistic(np.concatenate(data))
    if np.isnan(mean):
        return Estimate(mean=None, low=None, high=None)
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(RESAMPLES):
        picked = [data[k] for k in rng.integers(0, len(data), len(data))]
        draws.append(statistic(np.concatenate([c[rng.integers(0, len(c), len(c))] for c in picked])))
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return Estimate(mean=mean, low=float(low), high=float(high))


def _notes(results: dict[tuple[str, int], tuple[LessonResult, dict[str, Any]]]) -> list[str]:
    """What a reader must know: withheld judges, lessons at the ceiling."""
    found = [r.ciddp for r, _ in results.values() if r.ciddp and r.ciddp.mean is None and r.ciddp.why]
    return sorted({f"Judges: {judged(c)}" for c in found})[:3]
