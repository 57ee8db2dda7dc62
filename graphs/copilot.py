"""A copilot session: three suggestions, and a person who chooses, edits, asks for others, accepts or rejects.

Every decision is in the journal before it takes effect, so a session that was cut off goes on where it was.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.copilot import Suggested, suggest_three
from classwright.classroom.deidentify import tags_in
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.one_sentence import suggestion_faults
from classwright.classroom.word_distance import word_distance
from classwright.errors import ClasswrightError
from classwright.graphs import job_run
from classwright.models.endpoint import Transport
from classwright.models.roles import Models
from classwright.runs.journal import Key
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run

Do = Literal["choose", "regenerate", "edit", "accept", "reject"]


class Situation(BaseModel):
    """What a tutor needs words for; holds no names.

    Attributes:
        interactive: Whether a person decides; else the first three suggestions are the result.
        hidden: Names and other marks of persons that were taken out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    grade: int | None = Field(default=None, ge=0, le=12)
    dialogue: Dialogue
    interactive: bool = False
    hidden: int = 0
    seed: int = 0


class CopilotDecision(BaseModel):
    """What the person decided; `number` is the suggestion chosen, `text` an edited sentence without names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: Do
    number: int | None = Field(default=None, ge=1, le=3)
    text: str = ""
    seconds: float = Field(default=0.0, ge=0)


class CopilotResult(BaseModel):
    """What came out.

    Attributes:
        rounds: The suggestions of every round.
        decisions: In order.
        status: "suggested" where nobody was asked.
        text: The accepted sentence.
        changed: Share of its words that the person changed, 0..1; None where nothing was accepted.
    """

    rounds: list[list[Suggested]]
    decisions: list[CopilotDecision] = []
    status: Literal["suggested", "accepted", "rejected"] = "suggested"
    text: str = ""
    strategy: str = ""
    changed: float | None = None


class Session(NamedTuple):
    """What the person is shown.

    Attributes:
        run: The run's id.
        number: Which decision this is, from 1.
        suggestions: The three of the round.
        chosen: Number of the chosen one, 0 for none.
        text: Its words, edited or not.
        warnings: What code finds in an edited sentence; the person decides all the same.
        tags: The tags that stand for somebody in the talk.
    """

    run: str
    number: int
    suggestions: list[Suggested]
    chosen: int
    text: str
    warnings: list[str]
    tags: frozenset[str] = frozenset()


Decide = Callable[[Session], Awaitable[CopilotDecision]]
"""Asks the person. Raises a ClasswrightError where the person leaves; the session then waits to be resumed."""


def start(
    situation: Situation,
    recipe: Recipe,
    *,
    decide: Decide | None = None,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Begin a session; see `job_run.start`. `decide` is needed for an interactive one."""
    return job_run.start(
        _job(decide), situation.topic, situation, recipe, seed=situation.seed, gguf=gguf, root=root, progress=progress,
        endpoint=endpoint,
    )  # fmt: skip


def resume(
    run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None, decide: Decide | None = None
) -> dict[str, Any]:
    """Go on with a session or replay it; see `job_run.resume`."""
    return job_run.resume(_job(decide), run_dir, replay=replay, progress=progress, endpoint=endpoint)


def _job(decide: Decide | None) -> job_run.Job:
    async def work(situation: Situation, run: Run, models: Models, progress: Progress) -> CopilotResult:
        return await hold(situation, run, models, progress, decide)

    return replace(JOB, work=work)


async def hold(
    s: Situation, run: Run, models: Models, progress: Progress, decide: Decide | None = None
) -> CopilotResult:
    """The session from its beginning; what is in the journal is not asked again.

    Raises:
        ClasswrightError: the person left, or nobody is there to decide; the run can be gone on with.
        UnreachableError, LimitError: the model does not answer, or may not any more.
    """
    turns = [t for t in s.dialogue.turns if t.speaker != "observer"]
    tags = frozenset(tags_in("\n".join(t.text for t in turns)))
    reserved = tags | frozenset(tags_in("\n".join((s.topic, *(t.label for t in turns)))))
    result = CopilotResult(rounds=[])

    async def next_three() -> None:
        progress("thinking of suggestions", 0, 0)
        taken = [x.text for three in result.rounds for x in three if x.text]
        three = await suggest_three(
            s.topic, turns, models.chat("tutor"), grade=s.grade, problem=s.dialogue.problem, round=len(result.rounds),
            known_tags=tags, taken=taken,
        )  # fmt: skip
        result.rounds.append(three)

    await next_three()
    chosen, text, original = 0, "", ""
    warnings: list[str] = []
    while s.interactive:
        session = Session(run.id, len(result.decisions) + 1, result.rounds[-1], chosen, text, warnings, reserved)
        decision = await _decide(session, run, decide)
        result.decisions.append(decision)
        warnings = []
        match decision.do:
            case "choose" | "edit":
                chosen = decision.number or chosen
                original = session.suggestions[chosen - 1].text
                text = decision.text or original
                if decision.do == "edit":
                    strategy = session.suggestions[chosen - 1].strategy
                    warnings = suggestion_faults(
                        text, strategy, turns, grade=s.grade, problem=s.dialogue.problem, known_tags=tags
                    )
            case "regenerate":
                await next_three()
                chosen, text, original = 0, "", ""
            case "accept":
                if decision.number and decision.number != chosen:
                    chosen = decision.number
                    text = original = session.suggestions[chosen - 1].text
                strategy = session.suggestions[chosen - 1].strategy
                changed = word_distance(original, text)
                return result.model_copy(
                    update={"status": "accepted", "text": text, "strategy": strategy, "changed": changed}
                )
            case "reject":
                return result.model_copy(update={"status": "rejected"})
    return result


async def _decide(session: Session, run: Run, decide: Decide | None) -> CopilotDecision:
    """The next decision: from the journal if it was made before, else the person's, stored."""
    key = Key("copilot", "person", "decision", session.number)
    shown = repr((session.suggestions, session.chosen, session.text))
    digest = sha256(shown.encode()).hexdigest()
    stored = run.journal.lookup(key, digest)
    if stored is not None:
        return CopilotDecision.model_validate(stored)
    if run.mode == "replay" or decide is None:
        raise ClasswrightError(f"{run.path}: decision {session.number} is still open; resume the run")
    decision = await decide(session)
    await run.journal.append(key, digest, decision.model_dump(mode="json"))
    return decision


def summarize(s: Situation, result: CopilotResult) -> dict[str, Any]:
    """The job's own part of the command's JSON object."""
    last = result.rounds[-1]
    return {
        "topic": s.topic,
        "grade": s.grade,
        "hidden": s.hidden,
        "status": result.status,
        "suggestions": [
            {"number": i, "strategy": x.strategy, "text": x.text, "refused": list(x.refused)}
            for i, x in enumerate(last, 1)
            if x.text
        ],
        "missing": [{"strategy": x.strategy, "why": x.refused[-1]} for x in last if not x.text],
        "accepted": result.text,
        "strategy": result.strategy,
        "changed": result.changed,
        "rounds": len(result.rounds),
        "decisions": [d.do for d in result.decisions],
        "checked": {
            "reading level": s.grade is not None,
            "leak guard": s.dialogue.problem is not None,
            "equations": True,
        },
    }


def _no_pages(situation: Any, result: Any, summary: Mapping[str, Any]) -> dict[str, str]:
    return {}


JOB = job_run.Job("copilot", Situation, CopilotResult, hold, _no_pages, summarize)
