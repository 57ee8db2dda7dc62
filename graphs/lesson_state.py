"""What a lesson is asked for, what its graph works with, and what its nodes hand on."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypedDict, TypeVar

from langgraph.runtime import Runtime
from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.evaluator import Ciddp
from classwright.agents.memory import Outcome
from classwright.agents.panel import Panel
from classwright.agents.sources import Material
from classwright.agents.teacher_edits import TeacherEdit
from classwright.classroom.audience import Audience, students
from classwright.classroom.learning import LearningModel
from classwright.classroom.plan import LessonPlan
from classwright.classroom.proposals import Proposals
from classwright.classroom.rehearsal import Exam, Rehearsal
from classwright.classroom.retold import Personalized
from classwright.classroom.review import Review
from classwright.classroom.source import Source, SourceRef
from classwright.classroom.student import KnowledgeStudent
from classwright.classroom.verify import Checks
from classwright.graphs.lesson_result import Bout, LessonResult, Step, Voice
from classwright.graphs.review_desk import Decide
from classwright.models.roles import Models
from classwright.models.usage import LimitError
from classwright.runs.journal import Key
from classwright.runs.progress import Progress
from classwright.runs.run import Run
from classwright.skilltree.interests import Grain, widened
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

T = TypeVar("T")

TOPIC = "topic:"
"""Prefix of the skill of a request on a subject outside the tree."""

Arm = Literal["full", "single", "best-of-n", "self-refine", "eduplanner"]
"""Ways to plan a lesson: ours, one draft of it, and three baselines."""

Aid = Literal["tree", "analyst", "rehearsal", "memory"]
"""What an ablation can take away."""


class LessonRequest(BaseModel):
    """What a lesson is asked for; with the recipe it decides everything about a run.

    Attributes:
        topic: As typed.
        skill: The skill it was understood as.
        resolved: How, in a sentence; "" where the topic is the skill's id.
        learners: Public records (no names).
        interest: What word problems are about, in somebody's own words.
        grain: How narrow an interest is used: it is widened to this, never narrowed; "reference": as it was written.
        language: Language code; a lesson in the tree is made in English and translated at the end.
        keep: Plans that the optimizer edits each round.
        samples: Times each judge is asked the same.
        epsilon: Gain that a round must win for certain to count as progress.
        patience: Rounds without progress after which the loop stops.
        proposals: Whether the teacher is asked for more than slots: whole parts, word problems retold.
        arm: The way to plan.
        without: What an ablation takes away.
        review: Whether a teacher decides about the picked plan.
        sources: The teacher's own texts, which are kept in the run's directory.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    topic: str
    skill: str
    resolved: str = ""
    learners: tuple[Learner, ...] = Field(min_length=1)
    minutes: int = Field(ge=1)
    interest: str | None = None
    grain: Grain = "reference"
    language: str = "en"
    rounds: int = Field(ge=0)
    candidates: int = Field(ge=1)
    keep: int = Field(ge=1)
    samples: int = Field(default=1, ge=1)
    epsilon: float = Field(default=0.02, ge=0)
    patience: int = Field(default=3, ge=1)
    proposals: bool = False
    arm: Arm = "full"
    without: tuple[Aid, ...] = ()
    seed: int = 0
    memory: bool = True
    review: bool = False
    sources: tuple[SourceRef, ...] = ()
    students: LearningModel = LearningModel()

    @property
    def outside(self) -> bool:
        """Whether the subject is outside the skill tree, where code can check no answer."""
        return self.skill.startswith(TOPIC)

    @property
    def setting(self) -> str | None:
        """What word problems are about, as wide as the grain asks for."""
        return widened(self.interest, self.grain) if self.interest else None

    def digest(self) -> str:
        """A hash of the request, by which memory knows a repetition."""
        return sha256(self.model_dump_json().encode()).hexdigest()


@dataclass
class Judging:
    """What judges are to say of plans, and the task once they are at work."""

    plans: tuple[str, ...]
    work: "Callable[[], Coroutine[Any, Any, Update]]"
    task: "asyncio.Task[Update] | None" = None


@dataclass(frozen=True)
class Context:
    """What the nodes work with; `decide` asks the teacher of a review, `sources` are the teacher's own texts,
    `judging` is what judges have before them, oldest first.
    """

    request: LessonRequest
    tree: SkillTree
    models: Models
    run: Run
    memory_folder: Path
    progress: Progress
    decide: Decide | None = None
    sources: Sequence[Source] = ()
    judging: list[Judging] = field(default_factory=list)


class Ready(NamedTuple):
    """The last words of a lesson for the plan that seemed the best: see `lesson_close`."""

    name: str
    plan: LessonPlan
    voices: list[Voice]


class State(TypedDict):
    """What the nodes hand on. Plans are kept by id; `fresh` are those that were not rehearsed yet.

    `bare` holds each plan with curated words only, `proposals` what was proposed for each draft, `personalized` what
    was made of the word problems of all drafts. `costs` are (calls, tokens) at the end of the drafts and of each
    round; `stale` counts the last rounds without progress; `stop` says why the loop ends, "" while it goes on.
    `material` is what the teacher's texts say; None without any.
    """

    audience: Audience
    exam: Exam
    recalled: list[Outcome]
    met: list[str]
    advice: list[TeacherEdit]
    material: Material | None
    bare: dict[str, LessonPlan]
    personalized: list[Personalized]
    proposals: dict[str, Proposals]
    plans: dict[str, LessonPlan]
    checks: dict[str, Checks]
    rehearsals: dict[str, Rehearsal]
    panel: Panel
    ciddp: dict[str, Ciddp]
    bouts: list[Bout]
    steps: dict[str, Step]
    fresh: list[str]
    round: int
    costs: list[tuple[int, int]]
    stale: int
    stop: str
    ready: Ready | None
    result: LessonResult
    review: Review


Node = Runtime[Context]
Update = dict[str, Any]
"""The keys of the state that a node changes."""


def klass(state: State, c: Context) -> list[KnowledgeStudent]:
    """The simulated class, the same for every plan."""
    return students(state["audience"], c.tree, c.request.seed, c.request.students)


def held_out(state: State) -> list[Problem]:
    """The test items, which no plan may show."""
    return [*state["exam"].before, *state["exam"].after]


class Spent(NamedTuple):
    """A step that was given up at a cap, and why."""

    why: str


async def within_cap(c: Context, step: str, work: Callable[[], Awaitable[T]]) -> T | Spent:
    """The result of a step, or that it was given up because a call of it could have gone beyond a cap of the run.

    Whether a call still fits depends on what is under way beside it, so the decision is kept in the journal: a run that
    is resumed or replayed gives up where it gave up before, and counts what the step had cost.

    Args:
        c: The run.
        step: Its name, once a run.
        work: Starts it.
    """
    key, digest = Key("lesson", "loop", "cap", step), c.request.digest()
    found = c.run.journal.lookup(key, digest)
    if found is not None:
        c.models.meter.add_again(*found["used"])
        return Spent(found["why"])
    with c.models.meter.tally() as used:
        try:
            return await work()
        except LimitError as error:
            why = f"budget: {error}"
            await c.run.journal.append(key, digest, {"why": why, "used": used})
            return Spent(why)


def at(state: State, c: Context, step: int) -> tuple[int, int]:
    """Where in the run a step of the current round is, for the progress bar."""
    return 3 + 4 * state.get("round", 0) + step, 4 + 4 * (c.request.rounds + 1)
