"""Students in a conversation: a KnowledgeStudent in a model's words, a prompted persona, and a small model as it is."""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from classwright.agents.tutor import given_up, shared_values, tidy
from classwright.classroom.echo import echo
from classwright.classroom.graded import any_right, grade
from classwright.classroom.slots import repetition
from classwright.classroom.story_sentences import numbers_of
from classwright.classroom.strays import longer, off_the_point
from classwright.classroom.student_reply import is_answer
from classwright.classroom.turn import StudentState, Turn
from classwright.classroom.utterance import Intent, Utterance, plainly
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.learner import Learner
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import extract_answer, read_number
from classwright.skilltree.tree import SkillTree

ATTEMPTS = 2
MAX_TOKENS = 80
MOST_WORDS = 60
NEXT_SPEAKER = ("\nTutor:", "\nStudent:", "\n---")
"""Where a model that goes on to write the whole talk is stopped: a turn is one speaker's."""
_OUTSIDE = (
    "tutor:", "student:", "the student", "a student", "the tutor", "the child", "as an ai", "what you said is",
    "the answer must be a ", "the answer must be one ", "no other words",
    "glad i could help", "happy to help", "let me know if",
)  # fmt: skip
_SELF = re.compile(r"\bi(?:['’]m| am) (?:still )?(?:a |an |in )?(?:\w+ )?(?:student|grade)\b|\bin grade \d")
"""A model that says who it was told to be."""
_MEANINGS = {
    "answer": "gives its answer and how it got it: {how}",
    "careless": "gives its answer",
    "insists": "stays with its answer",
    "insight": "has just seen what was wrong before and now has another answer. {how}",
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
    said = {t.text for t in turns if t.speaker == "student"}
    example = plainly(utterance, problem, seed, unit, len(turns), said=said)
    state: dict[str, Any] = {"before": before, "after": after, "intent": utterance.intent}
    if chat is None or utterance.intent == "quiet" or given_up(turns, "student"):
        return Turn(speaker="student", text=example, source="curated", **state)
    values = shared_values(problem, turns, "en") | {
        "grade": grade_level or "K", "answer": utterance.answer, "example": example,
        "meaning": _MEANINGS[utterance.intent].format(how=utterance.how).strip(),
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
        text = tidy(reply.text, "student")
        fault = (
            wording_fault(text, utterance, problem, turns)
            or echo(text, str(messages[-1]["content"]), (example, utterance.how, utterance.answer))
            or longer(text, example)
        )
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
    if "\n" in text.strip() and not any("\n" in t.text for t in turns if t.speaker == "student"):
        return "several lines"
    if why := repetition(text):
        return why
    lower = text.lower()
    told = problem.text.lower()
    if any(mark in lower and mark not in told for mark in (*_OUTSIDE, *_SELF.findall(lower))):
        return "speaks of the student instead of as the student"
    if any(" ".join(text.split()) == " ".join(t.text.split()) for t in turns):
        return "was said before"
    if utterance.answer:
        return (
            "" if is_answer(text, utterance.answer, problem) else f"does not state just the answer {utterance.answer}"
        )
    if utterance.intent == "explains":
        if strange := _nobody_said(text, utterance, problem, turns):
            return f"brings in {strange}, which nobody has said"
        if grade(text, problem).result == "right" and not _known(turns, problem):
            return "states an answer"
        if _known(turns, problem) and extract_answer(text) and grade(text, problem).result == "wrong":
            return "states another answer"
        return off_the_point(text, utterance.how)
    if grade(text, problem).result != "ungradable" or _leads_to_answer(text, problem):
        return "states an answer"
    return "" if _sounds(text, utterance.intent) else f"does not sound like somebody who {_MEANINGS[utterance.intent]}"


def _nobody_said(text: str, utterance: Utterance, problem: Problem, turns: Sequence[Turn]) -> str:
    """A number in an explanation that stands neither in what is meant nor in the problem or the talk, "" for none."""
    known = " \n ".join([utterance.how, utterance.answer, problem.text, *(t.text for t in turns)])
    strange = numbers_of(text) - numbers_of(known)
    return str(min(strange)) if strange else ""


def _leads_to_answer(text: str, problem: Problem) -> bool:
    """Whether two numbers of a text make the answer, which somebody who is lost does not see."""
    answer = read_number(problem.answer)
    if answer is None:
        return False
    return any(
        answer.value in (a + b, a - b, b - a, a * b) or (a and b / a == answer.value) or (b and a / b == answer.value)
        for a, b in combinations(sorted(numbers_of(text)), 2)
    )


def _sounds(text: str, intent: Intent) -> bool:
    """Whether a tutor who reads the words takes them for what is meant."""
    cue = {"confused": r"\?|n't\b|\bnot\b|\blost\b|confus|stuck|huh|again",
           "asks": r"\btell\b|\bshow\b|\bgive\b|\bwhat(?:'s| is)\b|\banswer\b|\bhelp\b",
           "gives up": r"\bgiv(?:e|ing) (?:it )?up\b|\bquit\b|\bstop\b|\bdone\b|\bi (?:really |just )?"
                       r"(?:do ?n[o'’]t want|ca ?n[o'’]t|cannot|can not)"}.get(intent)  # fmt: skip
    return cue is None or re.search(cue, text, re.I) is not None


def _known(turns: Sequence[Turn], problem: Problem) -> bool:
    return any_right((t.text for t in turns if t.speaker == "student"), problem)


async def persona(
    learner: Learner, tree: SkillTree, problem: Problem, turns: Sequence[Turn], chat: Chat, *, wrong: str, unit: str
) -> Turn:
    """A prompted persona's turn; nothing makes it keep to what it was told, which is what gets measured."""
    values = shared_values(problem, turns, "en") | description(learner, tree) | {"wrong": wrong}
    return await _from_model("student_persona", values, turns, chat, unit=unit)


def description(learner: Learner, tree: SkillTree) -> dict[str, Any]:
    """The variables of a template by which a persona is told who it is."""
    ranked = sorted(learner.mastery.items(), key=lambda row: row[1])
    names = [(tree[s].name if s in tree else s, m) for s, m in ranked]
    return {
        "grade": learner.grade or "K",
        "strong": ", ".join(n for n, m in names if m >= 0.7) or "basic counting",
        "weak": ", ".join(n for n, m in names if m < 0.7) or "nothing in particular",
        "habits": "; ".join(tree.misconception(m).name for m in learner.misconceptions),
    }


async def small_model(problem: Problem, turns: Sequence[Turn], chat: Chat, *, wrong: str, unit: str) -> Turn:
    """A small model's turn, as it is."""
    values = shared_values(problem, turns, "en") | {"wrong": wrong}
    return await _from_model("student_model", values, turns, chat, unit=unit)


async def _from_model(
    template: str, values: dict[str, Any], turns: Sequence[Turn], chat: Chat, *, unit: str
) -> Turn:  # fmt: skip
    key = Key(unit, chat.role, template, f"{len(turns)}")
    try:
        reply = await chat.text(render(template, **values), key=key, max_tokens=MAX_TOKENS, stop=NEXT_SPEAKER)
    except OutputError as error:
        return Turn(speaker="student", text="", refused=(str(error),))
    tokens = reply.prompt_tokens + reply.completion_tokens
    return Turn(speaker="student", text=tidy(reply.text, "student"), tokens=tokens, latency_s=reply.latency_s)
