"""ModelStudent: a language model that really takes an exam, with what it was taught standing in its context."""

from collections.abc import Sequence
from typing import NamedTuple

from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import extract_answer
from classwright.skilltree.verdict import Result

MAX_TOKENS = 160


class Exemplar(NamedTuple):
    """A worked example as a student sees it; without a rationale it shows the answer only."""

    question: str
    rationale: str
    answer: str

    def text(self) -> str:
        """What stands after the question."""
        return f"{self.rationale.strip()}\nANSWER: {self.answer}".strip()


class ExamAnswer(NamedTuple):
    """One answer in an exam.

    Attributes:
        text: What the student wrote, "" where it wrote nothing.
        result: Its grade; "ungradable" counts as not right in a score and is reported apart.
        answer: The answer as read, "" for none.
        tokens: Prompt and reply.
    """

    text: str
    result: Result
    answer: str
    tokens: int


async def take(
    problem: Problem,
    chat: Chat,
    *,
    key: Key,
    exemplars: Sequence[Exemplar] = (),
    material: str = "",
    temperature: float = 0.0,
    max_tokens: int = MAX_TOKENS,
) -> ExamAnswer:
    """Answer one exam problem.

    Args:
        problem: The problem.
        chat: The student.
        key: Journal key.
        exemplars: Worked examples that stand before the question, as earlier turns.
        material: Teaching text that stands before everything, "" for none.
        temperature: 0 for the likeliest answer.
        max_tokens: Longest answer.
    """
    messages = render("exam", material=material, exemplars=[(e.question, e.text()) for e in exemplars],
                      question=problem.text)  # fmt: skip
    try:
        reply = await chat.text(messages, key=key, max_tokens=max_tokens, temperature=temperature)
    except OutputError:
        return ExamAnswer("", "ungradable", "", 0)
    answer = extract_answer(reply.text) or ""
    verdict = grade(reply.text, problem)
    return ExamAnswer(reply.text, verdict.result, answer, reply.prompt_tokens + reply.completion_tokens)
