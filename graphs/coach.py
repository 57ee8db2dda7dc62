"""A transcript coached: what code sees in it, and, with a model that can, ratings, moments and suggestions."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from classwright.agents.coach import Pointed, Rating, point, rate
from classwright.agents.coach_suggestion import Suggestion, suggest
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.observation import Observed, observe
from classwright.classroom.rating_scales import DIMENSIONS
from classwright.classroom.talk_lines import talk_lines
from classwright.graphs import job_run
from classwright.models.endpoint import Transport
from classwright.models.roles import Models
from classwright.models.together import together
from classwright.reports.coach import coach_html
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run

HIGHLIGHTS, MISSED, SUGGESTIONS = 2, 2, 3
NO_MODEL = (
    "the embedded model is too small to judge teaching; name a larger one (--model FILE.gguf, or base_url and model "
    "in a recipe)"
)
UNCALIBRATED = (
    "Ratings are uncalibrated: in the published study of such a coach a model's ratings hardly agreed with trained "
    "observers' (correlations of about 0 to .35)"
)


class CoachMaterial(BaseModel):
    """What is coached: a transcript without names, and how many names and marks were taken out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dialogue: Dialogue
    hidden: int = 0
    seed: int = 0


class CoachResult(BaseModel):
    """What came out; without a capable model `asked` is False, `why` says so, and only `observed` is filled."""

    observed: Observed
    asked: bool
    why: str = ""
    ratings: list[Rating] = []
    highlights: list[Pointed] = []
    missed: list[Pointed] = []
    suggestions: list[Suggestion] = []


def start(
    material: CoachMaterial,
    recipe: Recipe,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Coach a transcript; see `job_run.start`."""
    return job_run.start(
        JOB, "transcript", material, recipe, seed=material.seed, gguf=gguf, root=root, progress=progress,
        endpoint=endpoint,
    )  # fmt: skip


def resume(run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None) -> dict[str, Any]:
    """Go on with a run or replay it; see `job_run.resume`."""
    return job_run.resume(JOB, run_dir, replay=replay, progress=progress, endpoint=endpoint)


async def coach(material: CoachMaterial, run: Run, models: Models, progress: Progress) -> CoachResult:
    """Everything about one transcript.

    Raises:
        UnreachableError, LimitError: what was answered is in the journal.
    """
    observed = observe(material.dialogue)
    chat = models.chat("evaluator")
    if models.embedded(chat.role):
        return CoachResult(observed=observed, asked=False, why=NO_MODEL)
    lines = talk_lines(material.dialogue)
    progress("rating", 0, 0)
    ratings = await together(*(rate(d, lines, chat) for d in DIMENSIONS))
    progress("looking for moments", 0, 0)
    moments: dict[str, list[Pointed]] = {"highlight": [], "missed": []}
    for kind, n in (("highlight", HIGHLIGHTS), ("missed", MISSED)):
        for number in range(1, n + 1):
            taken = [m.line for m in moments[kind] if m.line is not None]
            if kind == "missed":
                taken += [m.line for m in (*observed.moments, *moments["highlight"]) if m.line is not None]
            found = await point(
                "highlight" if kind == "highlight" else "missed", lines, chat, number=number, taken=taken
            )
            moments[kind].append(found)
    progress("looking for suggestions", 0, 0)
    places = dict.fromkeys((m.line, m.kind) for m in observed.moments)
    places |= dict.fromkeys((m.line, m.why) for m in moments["missed"] if m.line is not None)
    about: dict[int, str] = {}
    for line, why in places:
        about.setdefault(line, why)
    chosen = list(about.items())[:SUGGESTIONS]
    suggestions: list[Suggestion] = []
    for i, (line, why) in enumerate(chosen, 1):
        others = [s for s in suggestions if not s.dropped]
        suggestions.append(await suggest(line, lines, chat, models.embed, number=i, why=why, others=others))
    return CoachResult(
        observed=observed, asked=True, ratings=ratings, highlights=moments["highlight"], missed=moments["missed"],
        suggestions=suggestions,
    )  # fmt: skip


def doubts(ratings: list[Rating]) -> list[str]:
    """What speaks against a set of ratings by itself: one line as evidence for most, or one level for everything."""
    rated = [r for r in ratings if r.level is not None]
    found = []
    if len(rated) > 3:
        lines = Counter(line for r in rated for line in {e.line for e in r.evidence})
        line, n = lines.most_common(1)[0]
        if 2 * n > len(rated):
            found.append(f"{n} of {len(rated)} ratings rest on line {line} alone")
    for instrument in ("CLASS", "MQI"):
        own = [r.level for r in rated if r.instrument == instrument]
        if len(own) > 2 and len(set(own)) == 1:
            found.append(f"all ratings of {instrument} are the same, {own[0]:g}")
    return found


def summarize(material: CoachMaterial, result: CoachResult) -> dict[str, Any]:
    """The job's own part of the command's JSON object."""
    stands = [s for s in result.suggestions if not s.dropped]
    return {
        "turns": result.observed.turns,
        "hidden": material.hidden,
        "observed": result.observed.model_dump(mode="json"),
        "asked": result.asked,
        "why": result.why,
        "note": UNCALIBRATED if result.asked else "",
        "doubts": doubts(result.ratings),
        "ratings": [r.model_dump(mode="json") for r in result.ratings],
        "highlights": [m.model_dump(mode="json", exclude={"kind"}) for m in result.highlights if m.line is not None],
        "missed": [m.model_dump(mode="json", exclude={"kind"}) for m in result.missed if m.line is not None],
        "not_found": [f"{m.kind}: {m.why}" for m in (*result.highlights, *result.missed) if m.line is None],
        "suggestions": [s.model_dump(mode="json", exclude={"dropped"}) for s in stands],
        "dropped": [s.model_dump(mode="json") for s in result.suggestions if s.dropped],
    }


def pages(material: CoachMaterial, result: CoachResult, summary: Mapping[str, Any]) -> dict[str, str]:
    """report.html, without names."""
    return {"report.html": coach_html([str(x) for x in talk_lines(material.dialogue)], summary)}


JOB = job_run.Job("coach", CoachMaterial, CoachResult, coach, pages, summarize)
