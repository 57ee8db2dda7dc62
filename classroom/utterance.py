"""What a simulated student means to say, as code decides it, and how it says so in plain sentences."""

from collections.abc import Collection
from typing import Literal

from pydantic import BaseModel, ConfigDict

from classwright.classroom.chance import chance
from classwright.classroom.student_reply import is_answer
from classwright.skilltree.problem import Problem

Intent = Literal[
    "answer", "careless", "insists", "insight", "repeats", "explains", "confused", "asks", "guesses", "quiet",
    "gives up",
]  # fmt: skip
"""answer: its answer from a misconception; careless: a slip; insists: the same again; insight: right, found after
seeing what was wrong (or known from the start); repeats: an answer it was told; explains: why, asked for it; the others
speak for themselves."""


class Utterance(BaseModel):
    """A student's contribution before anybody words it.

    Attributes:
        intent: What it is.
        answer: The answer it states, "" for none.
        how: The reason it gives, in the first person, "" for none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    intent: Intent
    answer: str = ""
    how: str = ""


_SENTENCES: dict[Intent, tuple[str, ...]] = {
    "answer": ("I got {answer}. {how}", "I think it is {answer}. {how}", "The answer is {answer}. {how}"),
    "careless": ("I got {answer}.", "I think it is {answer}.", "My answer is {answer}."),
    "insists": (
        "I still get {answer}.",
        "I did it again and it is still {answer}.",
        "But it has to be {answer}.",
        "Hm. I don't see what is wrong with {answer}.",
        "I still think the answer is {answer}.",
    ),
    "insight": (
        "Oh, wait. I see what I did wrong. Now I get {answer}.",
        "Hm, that does not fit what I did before. I did it again and now I get {answer}.",
        "Ah, I was mixing things up. The answer is {answer}.",
        "Let me do it again with that. Now I have {answer}.",
    ),
    "repeats": ("Okay, so the answer is {answer}.", "Oh, {answer}. Okay.", "Then I write down {answer}."),
    "explains": ("{how}", "Well, {how}", "I did it like this. {how}"),
    "confused": (
        "I don't understand what you mean.",
        "I am lost. Can you say that in another way?",
        "I don't see how that helps me.",
        "Which part do you mean?",
    ),
    "asks": ("Can you just tell me the answer?", "What is the answer?", "Can't you show me what it is?"),
    "guesses": ("Is it {answer}?", "I don't know. Maybe {answer}?", "I am guessing. The answer is {answer}?"),
    "quiet": ("",),
    "gives up": ("I give up. I can't do this one.", "I don't want to go on with this one.", "I stop here."),
}  # fmt: skip


_WITH_REASON: dict[Intent, tuple[str, ...]] = {
    "insists": (
        "I looked at it again. {how} So I still get {answer}.",
        "But {how} Then it is {answer}.",
        "I don't see what is wrong. {how} That gives {answer} at the end.",
    ),
    "insight": (
        "Oh, wait. {how} Now I get {answer}.",
        "Ah, I see. {how} Then the answer is {answer}.",
        "Hm, that does not fit what I did before. {how} So now I have {answer}.",
    ),
    "repeats": ("Okay. {how} So the answer is {answer}.",),
}  # fmt: skip
"""How it is said where there is a reason; the same sentences without one follow when these are used up."""


def plainly(utterance: Utterance, problem: Problem, *seed: object, said: Collection[str] = ()) -> str:
    """An utterance in a plain sentence that states its answer so that grading reads it; "" is a student's silence.

    Args:
        utterance: What is meant.
        problem: The problem that the answer is to.
        seed: Anything that names the occasion; the same seed gives the same sentence.
        said: What the student said before; another sentence is taken as long as there is one.
    """
    reasons = _WITH_REASON.get(utterance.intent, ()) if utterance.how else ()
    texts = [t for options in (reasons, _SENTENCES[utterance.intent]) for t in _turned(options, utterance, seed)]
    texts = [t for t in texts if t not in said] + [t for t in texts if t in said]
    if not utterance.answer:
        return texts[0]
    return next((t for t in texts if is_answer(t, utterance.answer, problem)), f"The answer is {utterance.answer}.")


def _turned(options: Collection[str], utterance: Utterance, seed: tuple[object, ...]) -> list[str]:
    """The sentences, beginning with the one that the seed picks."""
    first = int(chance("words", utterance.intent, *seed) * len(options))
    if utterance.intent == "explains" and utterance.how.startswith(("I ", "It ", "In ")):
        options, first = ("{how}",), 0
    texts = [_filled(option, utterance) for option in options]
    return [*texts[first:], *texts[:first]]


def _filled(sentence: str, utterance: Utterance) -> str:
    how = utterance.how
    if sentence.startswith("Well,") and how[:1].isupper() and not how.startswith(("I ", "I'")):
        how = how[0].lower() + how[1:]
    return sentence.format(answer=utterance.answer, how=how).strip()
