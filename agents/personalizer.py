"""The personalizer: a bank problem retold for a learner's interest, and what four validators say about it.

After the study of personalized problems with teachers and pupils (SPECS, "Teacher in the loop"): solvability, realism,
readability, authenticity, and one revision, from which most of the gain came. Code decides what it can; what only a
model can say is marked as its opinion. What does not pass twice stays as the bank tells it.
"""

import math
import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.words import ATTEMPTS, tidy
from classwright.classroom.realism import realism
from classwright.classroom.recontext import (
    authenticity,
    carries_context,
    readability_fault,
    recontext,
    solvability_fault,
    story_words,
    told,
)
from classwright.classroom.skeleton import sentences, skeleton
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.grading import grade
from classwright.skilltree.interests import Grain, Interest, own_words, read_interest, subtopics
from classwright.skilltree.problem import Problem
from classwright.skilltree.scenes import NAMES, SCHOOL

Validator = Literal["solvability", "realism", "readability", "authenticity"]
SOLUTION_TOKENS = 400


class Ruling(BaseModel):
    """What was found on one validator.

    Attributes:
        passed: None where nobody could say.
        by: Who decided: "code", "solution" (a model's solution graded by code), or "opinion" (a model's yes or no).
        why: The fault, or what the ruling rests on.
    """

    validator: Validator
    passed: bool | None
    by: Literal["code", "solution", "opinion"]
    why: str = ""


class Attempt(BaseModel):
    """One rewritten text with its rulings; none where the model gave no text."""

    text: str
    rulings: list[Ruling]

    @property
    def faults(self) -> list[Ruling]:
        """The rulings that refuse it."""
        return [r for r in self.rulings if r.passed is False]


class Personalized(BaseModel):
    """A problem in an interest, and how it came about.

    Attributes:
        problem: The model's version if every validator let it pass, else the bank's own.
        interest: The phrase at the grain that was used.
        grain: The grain that was used: an interest is widened to what was asked for, never narrowed.
        source: Whose context it is.
        why: Why the bank's version stands; "" for the model's.
    """

    problem: Problem
    interest: str
    grain: Grain
    source: Literal["model", "bank"]
    why: str = ""
    attempts: list[Attempt] = []


class Things(BaseModel):
    """What one counts or buys in an interest."""

    model_config = ConfigDict(extra="forbid")

    things: list[str] = Field(description="Common nouns in the plural")


async def personalize(
    problem: Problem,
    interest: str,
    grain: Grain,
    chat: Chat,
    *,
    unit: str,
    place: str = "1",
    reading_level: float,
    things: Sequence[str] = (),
    solver: Chat | None = None,
    critic: Chat | None = None,
) -> Personalized:
    """A bank problem retold for an interest at a grain, or the bank's own version with the reason.

    Args:
        problem: A problem of the bank, told in any interest or bare; its numbers and its answer never change.
        interest: A learner's own words.
        grain: How narrow the context should be.
        chat: The model that rewrites.
        unit: Journal unit.
        place: Distinguishes problems of a unit.
        reading_level: Grade whose texts the learners can read.
        things: What belongs to an interest that the tables do not know, as `name_things` gives it.
        solver: Solves the rewritten problem; None: the model that rewrites, in a conversation of its own.
        critic: A model whose opinion on realism and authenticity is wanted; None: no opinion.
    """
    wanted = read_interest(interest).at(grain)
    own = told(problem, wanted.words)
    base = _base(problem, own, wanted)
    attempts: list[Attempt] = []

    def outcome(made: Problem, source: Literal["model", "bank"], why: str = "") -> Personalized:
        return Personalized(
            problem=made, interest=wanted.words, grain=wanted.grain, source=source, why=why, attempts=attempts
        )

    if not carries_context(base):
        return outcome(own, "bank", "its numbers stand in bare mathematics: an interest could only decorate it")
    for n in range(ATTEMPTS):
        fault, last = _fault(attempts), attempts[-1].text if attempts else ""
        try:
            text = await _rewrite(base, wanted, things, last, fault, chat, unit=unit, place=f"{place}.{n}")
        except OutputError as e:
            lost = Ruling(validator="solvability", passed=False, by="code", why=str(e))
            attempts.append(Attempt(text="", rulings=[lost]))
            continue
        rulings = _by_code(base, text, wanted, things, reading_level)
        if all(r.passed is not False for r in rulings):
            rulings = await _by_model(base, text, wanted, rulings, solver or chat, critic, unit, f"{place}.{n}")
        attempts.append(Attempt(text=text, rulings=rulings))
        if not attempts[-1].faults:
            return outcome(recontext(base, text, wanted.words), "model")
    return outcome(own, "bank", _fault(attempts))


async def name_things(interest: str, chat: Chat, *, unit: str) -> tuple[str, ...]:
    """A model's list of what one counts or buys in an interest, for interests that the tables do not know.

    An opinion: `Ruling.why` says so wherever it decides. Empty where the model gives no usable list.
    """
    try:
        reply = await chat.structured(
            Things, render("recontext_things", interest=interest), key=Key(unit, chat.role, "recontext_things", 1),
            max_tokens=160, temperature=0.0,
        )  # fmt: skip
    except OutputError:
        return ()
    plain = (re.sub(r"^(?:the|a|an) ", "", thing.strip().lower()) for thing in reply.things)
    return tuple(dict.fromkeys(t for t in plain if re.fullmatch(r"[a-z][a-z' -]{2,25}", t) and len(t.split()) < 3))[:12]


def _base(problem: Problem, own: Problem, wanted: Interest) -> Problem:
    """The version that the model retells: for a named reference the one in its subtopic, which is halfway there."""
    if wanted.grain == "reference" and subtopics(wanted):
        return own
    return told(problem, SCHOOL)


def _fault(attempts: Sequence[Attempt]) -> str:
    return "; ".join(f"{r.validator}: {r.why}" for r in attempts[-1].faults[:2]) if attempts else ""


async def _rewrite(
    base: Problem, wanted: Interest, things: Sequence[str], last: str, fault: str, chat: Chat, *, unit: str, place: str
) -> str:
    spoken = [token for s in skeleton(base.text) for token in s.tokens]
    messages = render(
        "recontext", interest=wanted.words, things=own_words(wanted) or things, problem=base.text,
        names=list(dict.fromkeys(t for t in spoken if t in NAMES)), numbers=[t for t in spoken if t not in NAMES],
        replace=story_words(base), reference=wanted.grain == "reference", last=last, fault=fault,
    )  # fmt: skip
    longest = 40 + 3 * len(base.text.split())
    reply = await chat.text(messages, key=Key(unit, chat.role, "recontext", place), max_tokens=longest)
    text = re.sub(r"^(?:new )?problem:\s*", "", tidy(reply.text), flags=re.I)
    return " ".join(tidy(text).split())


def _by_code(base: Problem, text: str, wanted: Interest, things: Sequence[str], reading_level: float) -> list[Ruling]:
    """The four validators as far as code can say."""
    name = wanted.words if wanted.grain == "reference" else ""
    fault = solvability_fault(base, text, name)
    if not fault and [" ".join(s.split()) for s in sentences(text)] == sentences(base.text):
        fault = "the story was not changed"
    possible = realism(text)
    used = authenticity(base, text, wanted, things)
    tied = f"tied to the quantities by {used.thing!r}" + ("" if used.known else ", a thing that a model named")
    return [
        Ruling(validator="solvability", passed=not fault, by="code", why=fault),
        Ruling(
            validator="realism", passed=False if possible.fault else True if possible.spoke else None, by="code",
            why=possible.fault or ("" if possible.spoke else "code has no rule for these quantities"),
        ),
        _ruling("readability", readability_fault(base, text, reading_level, name)),
        Ruling(
            validator="authenticity", passed=not used.fault, by="code" if used.known else "opinion",
            why=used.fault or tied,
        ),
    ]  # fmt: skip


def _ruling(validator: Validator, fault: str) -> Ruling:
    return Ruling(validator=validator, passed=not fault, by="code", why=fault)


async def _by_model(
    base: Problem, text: str, wanted: Interest, rulings: list[Ruling], solver: Chat, critic: Chat | None,
    unit: str, place: str,
) -> list[Ruling]:  # fmt: skip
    """The rulings with a solution of the rewritten text and, where a critic is there, its opinions."""
    asked: list[Validator] = [v for v in ("realism", "authenticity") if critic]
    solution, *opinions = await together(
        _solution(base, text, solver, unit, place),
        *(_opinion(v, text, wanted.words, critic, unit, place) for v in asked if critic),
    )
    found = [r for r in rulings if not (r.passed is None and r.validator in {o.validator for o in opinions})]
    return [*found, solution, *opinions]


async def _solution(base: Problem, text: str, solver: Chat, unit: str, place: str) -> Ruling:
    """Whether a model that sees only the rewritten text finds the answer that code knows."""
    key = Key(unit, solver.role, "recontext_solve", place)
    try:
        reply = await solver.text(
            render("recontext_solve", problem=text), key=key, max_tokens=SOLUTION_TOKENS, temperature=0.0
        )
    except OutputError as e:
        return Ruling(validator="solvability", passed=False, by="solution", why=f"no solution: {e}")
    verdict = grade(reply.text, base.model_copy(update={"text": text}))
    if verdict.result == "right":
        return Ruling(validator="solvability", passed=True, by="solution", why=f"solved independently: {verdict.value}")
    said = verdict.value if verdict.result == "wrong" else verdict.reason
    return Ruling(validator="solvability", passed=False, by="solution", why=f"solved as {said}, not {base.answer}")


async def _opinion(validator: Validator, text: str, interest: str, critic: Chat, unit: str, place: str) -> Ruling:
    """A model's yes or no, asked in both orders as models prefer a letter; missing where it gives none."""
    messages = render("recontext_opinion", problem=text, interest=interest, validator=validator)
    try:
        views = await together(
            *(
                critic.choice_logprobs(
                    order, messages, key=Key(unit, critic.role, f"recontext_{validator}", f"{place}.{i}")
                )
                for i, order in enumerate((("yes", "no"), ("no", "yes")))
            )
        )
    except OutputError as e:
        return Ruling(validator=validator, passed=None, by="opinion", why=str(e))
    yes = sum(math.exp(view["yes"]) for view in views) / len(views)
    return Ruling(validator=validator, passed=yes >= 0.5, by="opinion", why=f"a model says yes with {yes:.0%}")
