"""A lesson plan on a subject outside the skill tree, made of a model's outline.

Nothing in such a plan is verified by code but its equations, its minutes and its form; it says so (`verified`). Its
answers are those on which two independent solutions agree (`agents.solver`); see `classroom.free_checks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from classwright.classroom.plan import (
    Explanation,
    Group,
    Idea,
    Independent,
    LessonPlan,
    Objective,
    Practice,
    Words,
    WorkedExample,
)
from classwright.classroom.timetable import APPROACHES, BASE_MINUTES, allot
from classwright.errors import InputError, OutputError
from classwright.skilltree.problem import Problem

List = Literal["warm_up", "guided", "practice", "exit"]
LISTS: tuple[List, ...] = ("warm_up", "guided", "practice", "exit")
LEAST: dict[List, int] = {"warm_up": 0, "guided": 1, "practice": 2, "exit": 1}
"""Questions that each list of a plan must keep."""
FAMILY = "free"
QUESTION = "question: "
"""How a line of `LessonPlan.unsupported` begins that says what became of a question; grounding keeps such lines."""


@dataclass(frozen=True)
class Subject:
    """What a lesson outside the tree is asked for.

    Attributes:
        topic: As typed.
        skill: The id that stands for it ("topic:photosynthesis").
        grade: 0 is Kindergarten.
        learners: Pseudonyms.
    """

    topic: str
    skill: str
    minutes: int
    grade: int
    learners: tuple[str, ...]
    interest: str | None = None
    language: str = "en"

    @property
    def audience(self) -> str:
        """Whom it is for, in words."""
        who = f"{len(self.learners)} learners" if len(self.learners) > 1 else "one learner"
        return f"{who}, grade {self.grade or 'K'}"


class Outline(BaseModel):
    """What the teacher model writes. Flat, so that any server can hold a model to it."""

    title: str = Field(min_length=3, max_length=120)
    objective: str = Field(min_length=8, max_length=300)
    hook: str = Field(min_length=20)
    explanation: str = Field(min_length=80)
    key_terms: list[str] = Field(min_length=2, max_length=8)
    common_mistake: str = Field(min_length=8)
    how_to_answer_it: str = Field(min_length=8)
    activity: str = Field(min_length=20)
    warm_up_questions: list[str] = Field(min_length=1, max_length=3)
    warm_up_answers: list[str] = Field(min_length=1, max_length=3)
    guided_questions: list[str] = Field(min_length=2, max_length=6)
    guided_answers: list[str] = Field(min_length=2, max_length=6)
    practice_questions: list[str] = Field(min_length=3, max_length=9)
    practice_answers: list[str] = Field(min_length=3, max_length=9)
    exit_questions: list[str] = Field(min_length=1, max_length=5)
    exit_answers: list[str] = Field(min_length=1, max_length=5)
    closing: str = Field(min_length=10)

    @model_validator(mode="after")
    def _paired(self) -> "Outline":
        for name in LISTS:
            asked, answered = len(getattr(self, f"{name}_questions")), len(getattr(self, f"{name}_answers"))
            if asked != answered:
                raise ValueError(f"{name}_questions holds {asked} entries, {name}_answers {answered}")
        return self

    def questions(self, name: List) -> list[tuple[str, str]]:
        """The questions of a list with the answers that the model gives."""
        pairs = zip(getattr(self, f"{name}_questions"), getattr(self, f"{name}_answers"), strict=True)
        return [(" ".join(q.split()), " ".join(a.split())) for q, a in pairs]

    def terms(self) -> dict[str, str]:
        """Key terms with their meanings; a term without one is left out."""
        found = (term.partition(":") for term in self.key_terms)
        return {term.strip(): meaning.strip() for term, _, meaning in found if term.strip() and meaning.strip()}


def check_subject_minutes(minutes: int) -> None:
    """Refuse a lesson that is too short for its parts.

    Raises:
        InputError: Too few minutes.
    """
    if minutes < BASE_MINUTES:
        raise InputError(
            f"{minutes} minutes are too few for a lesson: at least {BASE_MINUTES} (--minutes {BASE_MINUTES})"
        )


def question(subject: Subject, name: List, number: int, text: str, answer: str, reason: str, by: str) -> Problem:
    """A question of a subject without code, as a problem.

    Args:
        subject: The lesson's subject.
        name: The list it belongs to.
        number: Its number there, from 1; it makes the id.
        text: The question.
        answer: What two solutions agree on.
        reason: A solver's reason, which is all the worked steps there are.
        by: Who saw that they agree: "code" or "model".
    """
    return Problem(
        id=f"{subject.skill}/{name}/{number}", skill=subject.skill, level=2, seed=number, text=text, answer=answer,
        expression="", steps=(reason,) if reason else (), values={"agreed": by}, family=FAMILY, kind="word",
    )  # fmt: skip


def make_plan(
    outline: Outline, subject: Subject, approach: str, texts: dict[str, Words], lists: dict[List, list[Problem]]
) -> LessonPlan:
    """The parts as a lesson plan that says it is not verified.

    Args:
        outline: The model's outline; its questions are taken from `lists`.
        subject: What was asked for.
        approach: A name of `APPROACHES`; it shares out the minutes.
        texts: "hook", "explanation", "activity" and "closing".
        lists: The questions that two solutions agree on.

    Raises:
        OutputError: Too few questions are left for a lesson.
    """
    for name, least in LEAST.items():
        if len(lists[name]) < least:
            raise OutputError(
                f"only {len(lists[name])} of the {name.replace('_', '-')} questions have an agreed answer"
            )
    parts = allot(subject.minutes, APPROACHES[approach], 0, 0)
    guided, practice, exits = lists["guided"], lists["practice"], lists["exit"]
    third = max(1, len(practice) // 3)
    shown = guided[0]
    return LessonPlan(
        title=outline.title, skill=subject.skill, skills=[subject.skill], standards=[], grade=subject.grade,
        minutes=subject.minutes, audience=subject.audience, approach=approach,
        objectives=[Objective(id="O1", skill=subject.skill, text=outline.objective, assessed_by=exits[0].id)],
        materials=[], vocabulary=outline.terms(),
        warm_up=Practice(minutes=parts["warm_up"], problems=lists["warm_up"] or guided[:1]),
        hook=texts["hook"], hook_minutes=parts["hook"],
        explanations=[Explanation(skill=subject.skill, minutes=parts["explanation"], text=texts["explanation"])],
        worked_examples=[WorkedExample(minutes=parts["example"], problem=shown, talk=think_aloud(shown))],
        guided=Practice(minutes=parts["guided"], problems=guided[1:] or guided),
        independent=Independent(
            minutes=parts["independent"], support=practice[:third], core=practice[third : 2 * third] or practice,
            stretch=practice[2 * third :] or practice,
        ),
        repairs=[],
        groups=[Group(name="core", tier="core", learners=subject.learners, why="everyone", activity=Words(text=PAIRS))],
        exit_ticket=Practice(minutes=parts["exit"], problems=exits),
        closing=texts["closing"],
        notes=[
            Words(text=f"Expect this mistake: {outline.common_mistake}", source="model"),
            Words(text=outline.how_to_answer_it, source="model"),
        ],
        family_note=Words(text=f"In school we are learning about this: {subject.topic}. Ask: {exits[0].text}"),
        ideas=[Idea(kind="activity", skill=subject.skill, place="guided practice", text=texts["activity"])],
        language=subject.language, verified=False,
    )  # fmt: skip


PAIRS = (
    "Work in pairs: one asks a question, the other answers and says why, then you swap. When stuck: look for the "
    "answer in your notes, then ask another pair. When done: write a question of your own, with its answer."
)


def think_aloud(shown: Problem) -> Words:
    """How a question is worked before the class."""
    why = f" Say why: {shown.steps[0]}" if shown.steps else ""
    return Words(text=f"Read the question aloud and take two ideas before you answer.{why} The answer: {shown.answer}.")


def fallback(part: str, outline: Outline) -> str:
    """Plain words for a part whose text by the model cannot be used; "" for the explanation, which needs a source."""
    asked = outline.exit_questions[0]
    return {
        "hook": f"Write this question on the board: {asked} Let learners guess, and come back to it at the end.",
        "closing": f"Go back to the question on the board: {asked} Each one answers it to a partner in one sentence.",
        "activity": PAIRS,
        "explanation": "",
    }[part]


def replace_list(plan: LessonPlan, name: List, problems: Sequence[Problem]) -> LessonPlan:
    """A copy of the plan with other questions in one of its lists; the objective goes with the exit ticket."""
    new = plan.model_copy(deep=True)
    found = list(problems)
    match name:
        case "warm_up":
            new.warm_up.problems = found
        case "guided":
            new.worked_examples[0].problem = found[0]
            new.worked_examples[0].talk = think_aloud(found[0])
            new.guided.problems = found[1:] or found
        case "practice":
            third = max(1, len(found) // 3)
            new.independent.support = found[:third]
            new.independent.core = found[third : 2 * third] or found
            new.independent.stretch = found[2 * third :] or found
        case "exit":
            new.exit_ticket.problems = found
            new.objectives[0].assessed_by = found[0].id
    return new


def list_of(plan: LessonPlan, name: List) -> list[Problem]:
    """The questions of a list, each once."""
    found = {
        "warm_up": plan.warm_up.problems,
        "guided": [*(w.problem for w in plan.worked_examples), *plan.guided.problems],
        "practice": [*plan.independent.support, *plan.independent.core, *plan.independent.stretch],
        "exit": plan.exit_ticket.problems,
    }[name]
    return list({p.id: p for p in found}.values())
