"""One dialogue: the student opens, then tutor and student take turns until it is solved, given up, closed, or over.

A LangGraph StateGraph without a checkpointer: every model reply is in the run's journal, so a dialogue that was cut off
is held again from its start, and what was answered before is read, not asked. The coded student is a live object in the
runtime context, as it is a function of the seed and the turns.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from classwright.agents.addressing import heard
from classwright.agents.observer import in_words
from classwright.agents.pupil import persona, say, small_model
from classwright.agents.pupil_exam import sit_exam
from classwright.agents.tutor import Spoken, labeled, spoken
from classwright.agents.tutor_bridge import bridge
from classwright.agents.tutor_free import free
from classwright.agents.tutor_socratic import socratic
from classwright.classroom.dialogue import Dialogue, Ending
from classwright.classroom.graded import grade
from classwright.classroom.isomorphic import isomorphic
from classwright.classroom.observation_notes import take_notes
from classwright.classroom.pressure import press
from classwright.classroom.student import KnowledgeStudent
from classwright.classroom.student_reply import read_reply
from classwright.classroom.talker import Talker, revealed, talker
from classwright.classroom.telling import next_step, tell
from classwright.classroom.turn import Speaker, Turn
from classwright.classroom.utterance import Utterance
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.models.roles import Models
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

AFTER_SUCCESS = 2
"""Tutor turns at most once the student has the answer."""
TESTS = 4
"""Problems in a coded student's test where the spec does not say."""

Ask = Callable[[Speaker, Sequence[Turn]], Awaitable[str]]
"""A person's next turn."""


class Stage(NamedTuple):
    """What dialogues are held with.

    Attributes:
        tree: Skills and misconceptions.
        models: Who plays tutor and student.
        ask: Asks a person, where one takes part.
    """

    tree: SkillTree
    models: Models
    ask: Ask | None = None


class Talk(TypedDict):
    """What the nodes hand on."""

    turns: tuple[Turn, ...]
    ended: Ending | None


@dataclass
class Scene:
    """One dialogue's live objects: its spec, the stage, and the coded student if there is one."""

    spec: DialogueSpec
    stage: Stage
    talker: Talker | None
    items: list[Problem] = field(default_factory=list)

    @property
    def problem(self) -> Problem:
        """What it is about."""
        return self.spec.problem


Node = Runtime[Scene]
Update = dict[str, Any]


async def student_opens(state: Talk, runtime: Node) -> Update:
    """The student says what it has, or a tutor begins with one who is a person or a model."""
    scene = runtime.context
    spec = scene.spec
    if spec.wrong_solution:
        turn = Turn(speaker="student", text=spec.wrong_solution, source="curated")
    elif scene.talker is not None:
        before = scene.talker.state()
        turn = await _words(scene, scene.talker.open(), (), before)
    elif spec.wrong_answer:
        turn = Turn(speaker="student", text=f"I got {spec.wrong_answer}.", source="curated")
    elif spec.student == "human":
        turn = Turn(speaker="student", text=await _asked(scene, "student", ()), source="human")
    else:
        turn = await _student_model(scene, ())
    return {"turns": (turn,)}


async def tutor_speaks(state: Talk, runtime: Node) -> Command[Any]:
    """The tutor's turn; it may be the last."""
    scene = runtime.context
    turns = state["turns"]
    said = await _tutor(scene, turns)
    turn = said.turn
    if scene.talker is not None and turn.addresses is None and scene.spec.tutor in ("bridge", "model", "human"):
        turn = await heard(turn, scene.problem, scene.stage.tree, scene.stage.models.embed)
    turns = (*turns, turn)
    solved = first_right(turns, scene.problem)
    gone = _gave_up(turns, scene)
    spent = sum(t.speaker == "tutor" for t in turns)
    late = solved is not None and sum(t.speaker == "tutor" for t in turns[solved:]) >= AFTER_SUCCESS
    over = said.closes or gone or late or spent >= scene.spec.turns
    if over:
        return Command(update={"turns": turns, "ended": ending(said.closes, solved is not None, gone)}, goto=END)
    return Command(update={"turns": turns}, goto="student_speaks")


async def student_speaks(state: Talk, runtime: Node) -> Update:
    """The student's turn."""
    scene, turns = runtime.context, state["turns"]
    if scene.talker is not None:
        before = scene.talker.state()
        utterance = scene.talker.reply(turns[-1], revealed(turns[-1], scene.problem, turns[:-1]))
        turn = await _words(scene, utterance, turns, before)
    elif scene.spec.student == "human":
        turn = Turn(speaker="student", text=await _asked(scene, "student", turns), source="human")
    else:
        turn = await _student_model(scene, turns)
    if turn.source != "human":
        turn = press(turn, scene.spec.pressure, scene.problem, turns, scene.spec.seed, scene.spec.id)
    return {"turns": (*turns, turn)}


def ending(closes: bool, solved: bool, gone: bool) -> Ending:
    """How a dialogue ended."""
    if solved:
        return "solved"
    if gone:
        return "gave up"
    return "closed" if closes else "turns"


def first_right(turns: Sequence[Turn], problem: Problem) -> int | None:
    """The index of the student's first turn with the right answer."""
    for i, turn in enumerate(turns):
        if turn.speaker == "student" and grade(turn.text[-4000:], problem).result == "right":
            return i
    return None


def _gave_up(turns: Sequence[Turn], scene: Scene) -> bool:
    last = next((t for t in reversed(turns) if t.speaker == "student"), None)
    if last is None:
        return False
    if last.intent:
        return last.intent == "gives up"
    return read_reply(last.text, scene.problem, scene.stage.tree).kind == "gives up"


async def _tutor(scene: Scene, turns: Sequence[Turn]) -> Spoken:
    spec, stage, problem = scene.spec, scene.stage, scene.problem
    coded = spec.words != "model"
    match spec.tutor:
        case "tell":
            return spoken(tell(problem, turns), None)
        case "next-step":
            return spoken(next_step(problem, turns), None)
        case "human":
            text = await _asked(scene, "tutor", turns)
            return Spoken(labeled(turns, text, source="human"), False)
    chat = None if coded and spec.tutor == "socratic" else stage.models.chat("tutor")
    more: dict[str, Any] = {"unit": spec.id, "seed": spec.seed, "language": spec.language}
    if spec.tutor == "socratic" or chat is None:
        return await socratic(problem, stage.tree, turns, chat, **more)
    if spec.tutor == "bridge":
        return await bridge(problem, stage.tree, turns, chat, source=spec.decision, given=spec.given, **more)
    return await free(problem, stage.tree, turns, chat, **more)


async def _words(scene: Scene, utterance: Utterance, turns: Sequence[Turn], before: Any) -> Turn:
    spec = scene.spec
    assert scene.talker is not None
    chat = None if spec.words == "code" else scene.stage.models.chat("student")
    return await say(utterance, scene.problem, turns, chat, unit=spec.id, seed=spec.seed,
                     grade_level=spec.learner.grade, before=before, after=scene.talker.state())  # fmt: skip


async def _student_model(scene: Scene, turns: Sequence[Turn]) -> Turn:
    spec, chat = scene.spec, scene.stage.models.chat("student")
    if spec.student == "persona":
        return await persona(spec.learner, scene.stage.tree, scene.problem, turns, chat, wrong=spec.wrong_answer,
                             unit=spec.id)  # fmt: skip
    return await small_model(scene.problem, turns, chat, wrong=spec.wrong_answer, unit=spec.id)


async def _asked(scene: Scene, speaker: Speaker, turns: Sequence[Turn]) -> str:
    if scene.stage.ask is None:
        raise ValueError(f"dialogue {scene.spec.id} has a person as {speaker}, but nobody to ask")
    return await scene.stage.ask(speaker, turns)


@cache
def build_graph() -> Any:
    """The compiled graph of a dialogue; one for all of them."""
    g = StateGraph(Talk, context_schema=Scene)
    g.add_node("student_opens", student_opens)
    g.add_node("tutor_speaks", tutor_speaks, destinations=("student_speaks", END))
    g.add_node("student_speaks", student_speaks)
    g.add_edge(START, "student_opens")
    g.add_edge("student_opens", "tutor_speaks")
    g.add_edge("student_speaks", "tutor_speaks")
    return g.compile(name="dialogue")


async def hold(spec: DialogueSpec, stage: Stage) -> Dialogue:
    """Hold one dialogue to its end.

    Args:
        spec: What it is to be.
        stage: What it is held with.

    Raises:
        UnreachableError, LimitError, JournalError and others of `Chat.text`: the dialogue is not finished; what was
            answered is in the journal.
        ValueError: a misconception that does not apply to the problem, or a person with nobody to ask.
    """
    student = _coded(spec, stage)
    wanted = spec.tests if spec.tests is not None else TESTS if student else 0
    items = isomorphic(spec.problem, wanted, spec.seed + 1, spec.misconception) if spec.student != "human" else []
    pre = await _test(spec, stage, student, items, ())
    scene = Scene(spec, stage, _talker(spec, student), items)
    state: Talk = {"turns": (), "ended": None}
    # Streamed for its last state: `ainvoke` asks for every update as well, in memory that a live dialogue holds.
    async for values in build_graph().astream(
        state, context=scene, config={"recursion_limit": 10 + 3 * spec.turns}, stream_mode="values"
    ):
        state = values
    dialogue = Dialogue(
        id=spec.id,
        problem=spec.problem,
        skill=spec.problem.skill,
        misconception=spec.misconception,
        wrong_solution=spec.wrong_solution,
        tutor=spec.tutor,
        student=spec.student,
        profile=spec.learner.pseudonym,
        seed=spec.seed,
        turns=state["turns"],
        ended=state["ended"],
        pre=pre,
        post=await _test(spec, stage, student, items, state["turns"]),
    )
    return await _observed(dialogue, spec, stage) if spec.observer else dialogue


async def _observed(dialogue: Dialogue, spec: DialogueSpec, stage: Stage) -> Dialogue:
    """The dialogue with an observer's notes as its last turn; the first evaluator adds a sentence where models word."""
    notes = take_notes(dialogue, stage.tree)
    if spec.words == "model":
        notes = await in_words(dialogue, notes, stage.models.chat("evaluator"), unit=spec.id)
    last = Turn(speaker="observer", text="\n".join(notes.lines()), source="curated")
    return dialogue.model_copy(update={"turns": (*dialogue.turns, last)})


def talker_of(spec: DialogueSpec, stage: Stage) -> Talker | None:
    """The coded student of a dialogue as it is before the first turn; None for a person or a model."""
    return _talker(spec, _coded(spec, stage))


def _coded(spec: DialogueSpec, stage: Stage) -> KnowledgeStudent | None:
    if spec.student != "knowledge":
        return None
    held = {*spec.learner.misconceptions, spec.misconception} & stage.tree.misconceptions.keys()
    return KnowledgeStudent(spec.learner.pseudonym, spec.seed, dict(spec.learner.mastery), set(held), stage.tree,
                            spec.learning)  # fmt: skip


def _talker(spec: DialogueSpec, student: KnowledgeStudent | None) -> Talker | None:
    if student is None:
        return None
    wrong = spec.wrong_answer
    return talker(student, spec.problem, spec.misconception, spec.talk, wrong=wrong, how=spec.how,
                  solution=spec.wrong_solution)  # fmt: skip


async def _test(
    spec: DialogueSpec, stage: Stage, student: KnowledgeStudent | None, items: list[Problem], turns: Sequence[Turn]
) -> tuple[bool, ...] | None:
    """The test before (no turns) or after the talk: a coded student's, or an exam of the model that plays it."""
    if not items:
        return None
    if student is not None:
        return tuple(student.answer(p).right for p in items)
    learner = spec.learner if spec.student == "persona" else None
    return await sit_exam(items, turns, stage.models.chat("student"), unit=spec.id, learner=learner, tree=stage.tree)
