"""Students in a conversation: a KnowledgeStudent in a model's words, a prompted persona, and a small model as it is."""

from collections.abc import Sequence
from typing import Any

from classwright.agents.tutor import shared_values, tidy
from classwright.classroom.student_reply import is_answer
from classwright.classroom.turn import StudentState, Turn
from classwright.classroom.utterance import Utterance, plainly
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.grading import grade
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

ATTEMPTS = 2
MAX_TOKENS = 80
MOST_WORDS = 60
_MEANINGS = {
    "answer": "gives its answer and how it got it: {how}",
    "careless": "gives its answer",
    "insists": "stays with its answer",
    "insight": "has just seen what was wrong before and now has another answer",
    "repeats": "repeats the answer it has now",
    "explains": "explains: {how}",
    "confused": "does not understand what the tutor means",
    "asks": "asks the tutor to just tell the answer",
    "guesses": "guesses, unsure",
    "gives up": "gives up and does not want to go on",
}


async def say(
    utterance: Utterance,
    problem: Problem,
    turns: Sequence[Turn],
    chat: Chat | None,
    *,
    unit: str,
    seed: int,
    grade_level: int,
    before: StudentState,
    after: StudentState,
) -> Turn:
    """A coded student's turn: a model words it, and the words stand only if they state exactly the coded answer.

    Args:
        utterance: What code decided.
        problem, turns: The problem and the talk so far.
        chat: Who words it; None leaves the plain sentence.
        unit: The dialogue's id.
        seed: Picks the plain sentence.
        grade_level: The student's grade.
        before, after: What the student knows around this turn.
    """
    example = plainly(utterance, problem, seed, unit, len(turns))
    state: dict[str, Any] = {"before": before, "after": after, "intent": utterance.intent}
    if chat is None or utterance.intent == "quiet":
        return Turn(speaker="student", text=example, source="curated", **state)
    values = shared_values(problem, turns, "en") | {
        "grade": grade_level or "K", "answer": utterance.answer, "example": example,
        "meaning": _MEANINGS[utterance.intent].format(how=utterance.how),
    }  # fmt: skip
    refused: list[str] = []
    tokens, latency = 0, 0.0
    for attempt in range(ATTEMPTS):
        messages = render("student_turn", **values, note="", fault=refused[-1] if refused else "")
        key = Key(unit, chat.role, "student_turn", f"{len(turns)}.{attempt}")
        try:
            reply = await chat.text(messages, key=key, max_tokens=MAX_TOKENS)
        except OutputError as error:
            refused.append(str(error))
            continue
        tokens += reply.prompt_tokens + reply.completion_tokens
        latency += reply.latency_s
        text = tidy(reply.text)
        fault = wording_fault(text, utterance, problem, turns)
        if not fault:
            return Turn(speaker="student", text=text, source="model", refused=tuple(refused), tokens=tokens,
                        latency_s=latency, **state)  # fmt: skip
        refused.append(fault)
    return Turn(speaker="student", text=example, source="curated", refused=tuple(refused), tokens=tokens,
                latency_s=latency, **state)  # fmt: skip


def wording_fault(text: str, utterance: Utterance, problem: Problem, turns: Sequence[Turn] = ()) -> str:
    """Why a model's words are not what a coded student means; "" if they are."""
    words = text.split()
    if not 1 <= len(words) <= MOST_WORDS:
        return f"{len(words)} words, not 1 to {MOST_WORDS}"
    lower = text.lower()
    if any(mark in lower for mark in ("tutor:", "student:", "the student", "as an ai")):
        return "speaks of the student instead of as the student"
    if any(" ".join(text.split()) == " ".join(t.text.split()) for t in turns):
        return "was said before"
    if utterance.answer:
        return (
            "" if is_answer(text, utterance.answer, problem) else f"does not state just the answer {utterance.answer}"
        )
    if utterance.intent == "explains":
        return "states an answer" if grade(text, problem).result == "right" and not _known(turns, problem) else ""
    if grade(text, problem).result != "ungradable":
        return "states an answer"
    return ""


def _known(turns: Sequence[Turn], problem: Problem) -> bool:
    return any(t.speaker == "student" and grade(t.text, problem).result == "right" for t in turns)


async def persona(
    learner: Learner, tree: SkillTree, problem: Problem, turns: Sequence[Turn], chat: Chat, *, wrong: str, unit: str
) -> Turn:
    """A prompted persona's turn; nothing makes it keep to what it was told, which is what gets measured."""
    ranked = sorted(learner.mastery.items(), key=lambda row: row[1])
    names = [(tree[s].name if s in tree else s, m) for s, m in ranked]
    values = shared_values(problem, turns, "en") | {
        "grade": learner.grade or "K", "wrong": wrong,
        "strong": ", ".join(n for n, m in names if m >= 0.7) or "basic counting",
        "weak": ", ".join(n for n, m in names if m < 0.7) or "nothing in particular",
        "habits": "; ".join(tree.misconception(m).name for m in learner.misconceptions),
    }  # fmt: skip
    return await _from_model("student_persona", values, turns, chat, unit=unit)


async def small_model(problem: Problem, turns: Sequence[Turn], chat: Chat, *, wrong: str, unit: str) -> Turn:
    """A small model's turn, as it is."""
    values = shared_values(problem, turns, "en") | {"wrong": wrong}
    return await _from_model("student_model", values, turns, chat, unit=unit)


async def _from_model(
    template: str, values: dict[str, Any], turns: Sequence[Turn], chat: Chat, *, unit: str
) -> Turn:  # fmt: skip
    key = Key(unit, chat.role, template, f"{len(turns)}")
    try:
        reply = await chat.text(render(template, **values), key=key, max_tokens=MAX_TOKENS)
    except OutputError as error:
        return Turn(speaker="student", text="", refused=(str(error),))
    tokens = reply.prompt_tokens + reply.completion_tokens
    return Turn(speaker="student", text=tidy(reply.text), tokens=tokens, latency_s=reply.latency_s)
