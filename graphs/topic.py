"""A lesson on a subject that the skill tree does not hold: the model alone, marked as not verified by code."""

from pydantic import BaseModel, Field

from classwright.classroom.audience import Audience
from classwright.classroom.equations import find_equations
from classwright.classroom.plan import (
    Explanation,
    Group,
    Independent,
    LessonPlan,
    Objective,
    Practice,
    Words,
    WorkedExample,
)
from classwright.classroom.timetable import APPROACHES, allot
from classwright.classroom.verify import Checks, Finding
from classwright.errors import OutputError
from classwright.graphs.lesson_result import LessonResult, Step
from classwright.graphs.lesson_state import Context, LessonRequest
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem


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
    guided_questions: list[str] = Field(min_length=2, max_length=6)
    guided_answers: list[str] = Field(min_length=2, max_length=6)
    practice_questions: list[str] = Field(min_length=3, max_length=9)
    practice_answers: list[str] = Field(min_length=3, max_length=9)
    exit_questions: list[str] = Field(min_length=1, max_length=5)
    exit_answers: list[str] = Field(min_length=1, max_length=5)
    closing: str = Field(min_length=10)


def refusal(topic: str) -> str:
    """Why the embedded model does not plan a subject outside the tree, and what to do."""
    return (
        f"{topic!r} is not in the skill tree, and the embedded model is too small to plan a subject that code cannot "
        "check; name a larger model (--model FILE.gguf, or base_url and model in a recipe) or a skill "
        "(classwright tree show)"
    )


async def plan_topic(context: Context) -> LessonResult:
    """Plan a lesson by the teacher model alone.

    Code still checks what it can: that questions and answers pair up, minutes add up and no equation is false.

    Raises:
        OutputError: the model gave no valid outline after a repair.
    """
    r = context.request
    context.progress("planning", 1, 2)
    grades = sorted(x.grade for x in r.learners)
    grade = grades[len(grades) // 2]
    who = f"{len(r.learners)} learners" if len(r.learners) > 1 else "one learner"
    messages = render(
        "free_plan", topic=r.topic, minutes=r.minutes, audience=f"{who}, grade {grade or 'K'}",
        interest=r.interest, language=r.language,
    )  # fmt: skip
    teacher = context.models.chat("teacher")
    outline = await teacher.structured(
        Outline, messages, key=Key("lesson", teacher.role, "free_plan", "1"), max_tokens=2500
    )
    plan = as_plan(outline, r.topic, r.skill, r.minutes, grade, [x.pseudonym for x in r.learners])
    step = Step(plan="plan1", round=0, parent=None, change="free", by="draft")
    return LessonResult(plan=plan, checks=check_topic(plan), steps=[step], resolved=r.resolved)


def as_plan(o: Outline, topic: str, skill: str, minutes: int, grade: int, learners: list[str]) -> LessonPlan:
    """The model's outline as a lesson plan that says it is not verified."""
    parts = allot(minutes, APPROACHES["balanced"], 0, 0)

    def questions(texts: list[str], answers: list[str], part: str) -> list[Problem]:
        return [
            Problem(id=f"{skill}/{part}/{n}", skill=skill, level=2, seed=n, text=text, answer=answer, expression="",
                    steps=(), values={}, family="free", kind="word")
            for n, (text, answer) in enumerate(zip(texts, answers, strict=False), 1)
        ]  # fmt: skip

    guided = questions(o.guided_questions, o.guided_answers, "guided")
    practice = questions(o.practice_questions, o.practice_answers, "practice")
    exits = questions(o.exit_questions, o.exit_answers, "exit")
    if not guided or not practice or not exits:
        raise OutputError("the model's outline has a question without an answer")
    third = max(1, len(practice) // 3)
    terms = {term.strip(): meaning.strip() for term, _, meaning in (t.partition(":") for t in o.key_terms)}
    return LessonPlan(
        title=o.title, skill=skill, skills=[skill], standards=[], grade=grade, minutes=minutes,
        audience=f"{len(learners)} learners, grade {grade or 'K'}", approach="free",
        objectives=[Objective(id="O1", skill=skill, text=o.objective, assessed_by=exits[0].id)],
        materials=[], vocabulary=terms,
        warm_up=Practice(minutes=parts["warm_up"], problems=guided[:1]),
        hook=_said(o.hook), hook_minutes=parts["hook"],
        explanations=[Explanation(skill=skill, minutes=parts["explanation"], text=_said(o.explanation))],
        worked_examples=[WorkedExample(minutes=parts["example"], problem=guided[0], talk=_said(o.activity))],
        guided=Practice(minutes=parts["guided"], problems=guided[1:] or guided),
        independent=Independent(minutes=parts["independent"], support=practice[:third], core=practice[third : 2 * third]
                                or practice, stretch=practice[2 * third :] or practice),
        repairs=[],
        groups=[Group(name="core", tier="core", learners=tuple(learners), why="everyone", activity=_said(o.activity))],
        exit_ticket=Practice(minutes=parts["exit"], problems=exits),
        closing=_said(o.closing),
        notes=[_said(f"Expect this mistake: {o.common_mistake} Answer it so: {o.how_to_answer_it}")],
        family_note=_said(f"In school we are learning about this: {topic}. Ask: {exits[0].text}"),
        verified=False,
    )  # fmt: skip


def only_grade(request: LessonRequest) -> Audience:
    """The audience of a subject outside the tree: who they are, with nothing known of what they know."""
    return Audience(request.learners, request.skill, (), (), ())


def _said(text: str) -> Words:
    return Words(text=text, source="model")


def check_topic(plan: LessonPlan) -> Checks:
    """What code can say of such a plan: its equations and its minutes. Answers are not counted as checked."""
    findings: list[Finding] = []
    found = [(where, e) for where, text in plan.texts() for e in find_equations(text, questions=False)]
    for where, e in found:
        if e.truth == "false":
            findings.append(Finding(kind="false equation", where=where, what=e.text))
    return Checks(
        equations=len(found),
        open_equations=sum(e.truth == "open" for _, e in found),
        false_equations=len(findings),
        answers=0,
        wrong_answers=0,
        findings=findings,
    )
