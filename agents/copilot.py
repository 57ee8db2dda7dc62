"""The copilot: three sentences that a tutor could say next, each with a strategy of its own.

After Tutor CoPilot (Wang et al. 2024): topic, history without names and a strategy go in, one sentence comes out. Which
strategies is decided by code, so that the three differ for certain; the published system lets the tutor choose too.
"""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.evaluator import what_failed
from classwright.agents.words import tidy
from classwright.classroom.bridge import Strategy
from classwright.classroom.equations import false_equations
from classwright.classroom.one_sentence import same, suggestion_faults
from classwright.classroom.strategies import MEANING, enacted
from classwright.classroom.transcript_text import one_line, transcript
from classwright.classroom.turn import Turn
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.grading import grade as grade_answer
from classwright.skilltree.problem import Problem

ATTEMPTS = 2
SUGGESTIONS = 3
LONGEST = 25
"""Words that are asked for; somewhat more passes."""

EXAMPLES: dict[Strategy, tuple[str, str]] = {
    "ask_question": (
        "Student: I added the tops and the bottoms.",
        "What do the pieces look like when you cut a bar into 2 and another one into 3?",
    ),
    "provide_hint": (
        "Student: I don't know what to do with the 0.5.",
        "Think about where you have seen 0.5 on a number line between 0 and 1.",
    ),
    "simplify_question": (
        "Student: 48 divided by 6 is too hard.",
        "Let's start smaller: how many sixes make 12?",
    ),
    "explain_concept": (
        "Student: Why can't I add them like that?",
        "We can only add pieces of the same size, because the bottom number tells how big each piece is.",
    ),
    "provide_example": (
        "Student: What is a multiple?",
        "For example, 3, 6 and 9 are multiples of 3, so we just keep adding 3.",
    ),
    "provide_strategy": (
        "Student: Where do I start?",
        "Draw one bar for each number in the story and then look which one is missing.",
    ),
    "provide_similar_problem": (
        "Student: I can't do 25 % of 80.",
        "Let's try a similar one first: what is half of 80?",
    ),
    "encourage_student": (
        "Student: I always get these wrong.",
        "You drew the picture all by yourself, so let's look at it together once more.",
    ),
    "provide_correction": (
        "Student: 7 times 8 is 54.",
        "You are very close with 54, but count on from 7 times 7 once more.",
    ),
    "affirm_correct_answer": (
        "Student: It is 9 because 3 groups of 3.",
        "Yes, that is right, and your 3 groups show why it works.",
    ),
}
"""Strategy -> what a student said, and a good sentence; written for this."""
OPEN: tuple[Strategy, ...] = (
    "ask_question", "provide_hint", "simplify_question", "explain_concept", "provide_example", "provide_strategy",
    "provide_similar_problem", "encourage_student",
)  # fmt: skip
AFTER_RIGHT: tuple[Strategy, ...] = (
    "affirm_correct_answer", "ask_question", "encourage_student", "explain_concept", "provide_similar_problem"
)  # fmt: skip
"""What is suggested, in this order, while the student is not there yet, and after a right answer."""


class Suggested(BaseModel):
    """One suggestion.

    Attributes:
        strategy: What it does.
        text: The sentence, with tags for names; "" where it is missing.
        refused: Why earlier sentences, or all of them, were not used.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    strategy: Strategy
    text: str = ""
    refused: tuple[str, ...] = ()


class _Sentence(BaseModel):
    sentence: str = Field(max_length=400)


def strategies_for(turns: Sequence[Turn], problem: Problem | None, round: int) -> tuple[Strategy, ...]:
    """The three strategies of a round, all different; the next round has others, until all had their turn.

    What the tutor did in the last turn comes late, confirming only where the student is right for all that code can
    see, and first there.
    """
    last = next((t for t in reversed(turns) if t.speaker == "student"), None)
    tutor = next((t for t in reversed(turns) if t.speaker == "tutor"), None)
    result = grade_answer(last.text[-4000:], problem).result if last and problem else ""
    wrong = result == "wrong" or bool(last and false_equations(last.text, questions=False))
    pool: list[Strategy]
    if wrong:
        pool = [*OPEN[:2], "provide_correction", *OPEN[2:]]
    else:
        pool = list(AFTER_RIGHT if result == "right" else OPEN)
    done = enacted(tutor.text) if tutor else frozenset()
    pool.sort(key=lambda s: s in done and s != "ask_question")
    start = round * SUGGESTIONS
    return tuple(pool[(start + i) % len(pool)] for i in range(SUGGESTIONS))


async def suggest_three(
    topic: str,
    turns: Sequence[Turn],
    chat: Chat,
    *,
    grade: int | None,
    problem: Problem | None,
    round: int,
    known_tags: frozenset[str],
    taken: Sequence[str] = (),
) -> list[Suggested]:
    """Three suggestions, asked for at once; one that fails its checks is asked for once more and is then missing.

    Args:
        topic: What the talk is about, without names.
        turns: The talk, without names.
        chat: The tutor's model.
        grade, problem: See `suggestion_faults`.
        round: 0 for the first three, 1 for those after "regenerate", ...
        known_tags: The tags in the talk.
        taken: Sentences of earlier rounds, not to be written again.

    Raises:
        UnreachableError: The model does not answer.
    """
    strategies = strategies_for(turns, problem, round)
    found = [Suggested(strategy=s) for s in strategies]
    for attempt in range(ATTEMPTS):
        open_ones = [i for i, s in enumerate(found) if not s.text]

        async def ask(i: int, attempt: int = attempt) -> tuple[str, str]:
            values = _values(topic, turns, grade, problem, found[i], taken)
            key = Key("copilot", chat.role, "copilot", f"{round}.{i + 1}.{attempt}")
            try:
                said = await chat.structured(_Sentence, render("copilot", **values), key=key, max_tokens=120)
            except OutputError as error:
                return "", what_failed(error)
            return tidy(said.sentence), ""

        said = await together(*(ask(i) for i in open_ones))
        for i, (text, failed) in zip(open_ones, said, strict=True):
            others = [s.text for s in found if s.text] + list(taken)
            if text and same(text, EXAMPLES[found[i].strategy][1]):
                failed = "it repeats the example of the instructions"
            faults = [failed] if failed else suggestion_faults(
                text, found[i].strategy, turns, grade=grade, problem=problem, others=others, known_tags=known_tags
            )  # fmt: skip
            update: dict[str, Any] = (
                {"text": text} if not faults else {"refused": (*found[i].refused, "; ".join(faults[:3]))}
            )
            found[i] = found[i].model_copy(update=update)
    return found


def _values(
    topic: str,
    turns: Sequence[Turn],
    grade: int | None,
    problem: Problem | None,
    wanted: Suggested,
    taken: Sequence[str],
) -> dict[str, Any]:
    said, sentence = EXAMPLES[wanted.strategy]
    return {
        "topic": topic, "grade": grade, "meaning": MEANING[wanted.strategy], "longest": LONGEST,
        "example": (said, json.dumps(sentence)), "problem": one_line(problem.text) if problem else "",
        "transcript": transcript(turns), "taken": list(taken), "fault": wanted.refused[-1] if wanted.refused else "",
    }  # fmt: skip
