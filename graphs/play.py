"""A person takes one side of a dialogue: the student's with a tutor, or the teacher's with a simulated student.

What the person says is in the journal before it takes effect, so that a talk that was left goes on where it was. What a
simulated student holds stays hidden until the talk is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.observer import in_words
from classwright.classroom.chance import chance
from classwright.classroom.dialogue import Dialogue, StudentKind
from classwright.classroom.leak import leaks
from classwright.classroom.observation_notes import Notes, take_notes
from classwright.classroom.socratic import next_move
from classwright.classroom.turn import Speaker, Turn
from classwright.errors import ClasswrightError, InputError
from classwright.graphs import job_run
from classwright.graphs.dialogue import Stage, first_right, hold
from classwright.graphs.dialogue_plan import DRAWS
from classwright.graphs.dialogue_spec import DialogueSpec, TutorKind, Wording
from classwright.models.endpoint import Transport
from classwright.models.roles import Models
from classwright.reports.play import play_html
from classwright.runs.journal import Key
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.runs.run import Run
from classwright.skilltree.bank import problem, wrong_answer
from classwright.skilltree.problem import Problem
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import SkillTree, default_tree

Side = Literal["student", "teacher"]
UNIT = "play"
LONGEST = 4_000
"""Characters of what a person says at once."""


class PlayRequest(BaseModel):
    """What a person wants to play.

    Attributes:
        side: Whom the person plays.
        skill: What the problem is drawn from.
        tutor: Who tutors a person that plays the student.
        student: Whom a person that plays the teacher meets.
        misconception: What that student holds; "" lets the seed pick one of the skill's.
        level: Level of the problem.
        turns: Tutor turns at most.
        words: Who words what code decided on the other side.
        language: Language that the tutor speaks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    side: Side
    skill: str
    tutor: TutorKind = "socratic"
    student: StudentKind = "knowledge"
    misconception: str = ""
    level: int = Field(default=1, ge=1, le=3)
    turns: int = Field(default=12, ge=1, le=200)
    words: Wording = "code"
    language: str = "en"
    seed: int = 0


class PlayResult(BaseModel):
    """The finished talk, the observer's notes, and how often the person asked for a hint."""

    dialogue: Dialogue
    notes: Notes
    hints: int


class Said(BaseModel):
    """A person's turn, the hints that were looked at before it, and the time it took, s."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str = Field(max_length=LONGEST)
    hints: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)


class Seat(NamedTuple):
    """What a person sees when it is their turn.

    Attributes:
        run: The run's id.
        request: What is played.
        problem: The problem.
        turns: So far.
        hints: What can be looked at, in order.
        solved: Whether the student has had the right answer.
    """

    run: str
    request: PlayRequest
    problem: Problem
    turns: tuple[Turn, ...]
    hints: tuple[str, ...]
    solved: bool


class Person(Protocol):
    """Whoever sits at the terminal."""

    async def say(self, seat: Seat) -> Said:
        """The person's next turn. Raises a ClasswrightError where they leave; the run then waits."""
        ...

    def show(self, problem: Problem, turns: Sequence[Turn]) -> None:
        """Shows the turns after the person's last one, when the talk is over."""
        ...


def start(
    request: PlayRequest,
    recipe: Recipe,
    person: Person,
    *,
    gguf: str | None = None,
    root: str | Path | None = None,
    progress: Progress,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Begin a talk; see `job_run.start`.

    Raises:
        InputError: an unknown skill or misconception, or one that no problem of the skill and level shows.
        ClasswrightError: the person left, or a model failed; the run can be gone on with.
    """
    play_spec(request, default_tree())
    return job_run.start(
        _job(person), f"{request.side}-{request.skill}", request, recipe, seed=request.seed, gguf=gguf, root=root,
        progress=progress, endpoint=endpoint,
    )  # fmt: skip


def resume(
    run_dir: Path, *, replay: bool, progress: Progress, endpoint: Transport | None = None, person: Person | None = None
) -> dict[str, Any]:
    """Go on with a talk or replay it; see `job_run.resume`."""
    return job_run.resume(_job(person), run_dir, replay=replay, progress=progress, endpoint=endpoint)


def play_spec(request: PlayRequest, tree: SkillTree) -> DialogueSpec:
    """The dialogue that is held, a function of the request alone.

    Raises:
        InputError: see `start`.
    """
    skill = tree[request.skill].id
    if request.side == "student":
        given, held = problem(skill, request.seed, request.level), None
    else:
        given, held = _shown(request, skill, tree)
    learner = sample_class(1, request.seed, tree, skill)[0]
    learner = learner.model_copy(update={"misconceptions": (held,) if held else ()})
    mine = request.side == "student"
    return DialogueSpec(
        id=UNIT, problem=given, tutor=request.tutor if mine else "human", student="human" if mine else request.student,
        learner=learner, misconception=held,
        wrong_answer=(wrong_answer(held, given) or "") if held and request.student != "knowledge" and not mine else "",
        turns=request.turns, words=request.words, language=request.language, seed=request.seed,
    )  # fmt: skip


def _shown(request: PlayRequest, skill: str, tree: SkillTree) -> tuple[Problem, str]:
    """A problem of the level, and a misconception that shows on it."""
    ids = [m.id for m in tree.misconceptions_of(skill)]
    if request.misconception:
        known = tree.misconception(request.misconception).id
        if known not in ids:
            raise InputError(f"{known} is no misconception of {skill}; there are {', '.join(ids) or 'none'}")
        ids = [known]
    ids.sort(key=lambda m: chance(request.seed, "which misconception", m))
    for m in ids:
        for draw in range(DRAWS):
            drawn = problem(skill, int(chance(request.seed, "problem", draw) * 2**31), request.level)
            if wrong_answer(m, drawn) is not None:
                return drawn, m
    names = ", ".join(ids) or "no misconception"
    raise InputError(f"no problem of {skill} at level {request.level} shows {names}; try another --level")


def hints(request: PlayRequest, given: Problem, turns: Sequence[Turn], tree: SkillTree) -> tuple[str, ...]:
    """What a person may look at: a student the method and the picture, a teacher what a Socratic tutor would do now."""
    if request.side == "teacher":
        move = next_move(given, tree, turns, seed=request.seed)
        return (f"{move.move}, {move.submove}: {move.point}", f"For example: {move.text}")
    skill = tree[request.skill]
    return tuple(h for h in (*skill.method, skill.picture) if h and not leaks(h, given, turns))


def so_far(seat: Seat) -> Notes:
    """An observer's notes on a talk that was left: what everybody could hear, nothing of what the student holds."""
    talk = Dialogue(id=UNIT, problem=seat.problem, skill=seat.problem.skill, turns=seat.turns)
    return take_notes(talk, default_tree(), reveal=False)


def _job(person: Person | None) -> job_run.Job:
    async def work(request: PlayRequest, run: Run, models: Models, progress: Progress) -> PlayResult:
        return await play(request, run, models, progress, person)

    return replace(JOB, work=work)


async def play(
    request: PlayRequest, run: Run, models: Models, progress: Progress, person: Person | None = None
) -> PlayResult:
    """The talk from its beginning; what is in the journal is not asked again.

    Raises:
        ClasswrightError: the person left, or nobody is there; the run can be gone on with.
        UnreachableError, LimitError: a model does not answer, or may not any more.
    """
    tree = default_tree()
    spec = play_spec(request, tree)
    looked = 0

    async def ask(speaker: Speaker, turns: Sequence[Turn]) -> str:
        nonlocal looked
        key = Key(UNIT, "person", speaker, len(turns))
        talk = "\n".join(f"{t.speaker}: {t.text}" for t in turns)
        digest = sha256(f"{spec.problem.text}\n{talk}".encode()).hexdigest()
        stored = run.journal.lookup(key, digest)
        if stored is not None:
            said = Said.model_validate(stored)
        elif run.mode == "replay" or person is None:
            raise ClasswrightError(f"{run.path}: the talk was left at turn {len(turns) + 1}; resume the run")
        else:
            solved = first_right(turns, spec.problem) is not None
            seat = Seat(run.id, request, spec.problem, tuple(turns), hints(request, spec.problem, turns, tree), solved)
            said = await person.say(seat)
            await run.journal.append(key, digest, said.model_dump(mode="json"))
        looked += said.hints
        progress("the student thinks" if speaker == "tutor" else "the tutor thinks", 0, 0)
        return said.text

    dialogue = await hold(spec, Stage(tree, models, ask))
    notes = take_notes(dialogue, tree)
    if person is not None:
        person.show(spec.problem, dialogue.turns)
    if request.words == "model":
        progress("the observer writes", 0, 0)
        notes = await in_words(dialogue, notes, models.chat("evaluator"), unit=UNIT)
    return PlayResult(dialogue=dialogue, notes=notes, hints=looked)


def _summary(request: PlayRequest, result: PlayResult) -> dict[str, Any]:
    d = result.dialogue
    assert d.problem is not None
    return {
        "status": "finished",
        "side": request.side,
        "skill": request.skill,
        "problem": d.problem.text,
        "answer": d.problem.answer,
        "ended": d.ended,
        "turns": len(d.turns),
        "hints": result.hints,
        "misconception": d.misconception,
        "pre": d.pre,
        "post": d.post,
        "notes": result.notes.model_dump(mode="json"),
        "report": "report.html",
    }


def _pages(request: PlayRequest, result: PlayResult, summary: Mapping[str, Any]) -> dict[str, str]:
    name = default_tree().misconception(result.dialogue.misconception).name if result.dialogue.misconception else ""
    return {"report.html": play_html(result.dialogue, result.notes, summary, name)}


JOB = job_run.Job(
    name="play", material=PlayRequest, result=PlayResult, work=play, pages=_pages, summarize=_summary
)  # fmt: skip
