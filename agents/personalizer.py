"""The personalizer: a bank problem retold for a learner's interest, and what four validators say about it.

After the study of personalized problems with teachers and pupils (SPECS, "Teacher in the loop"): solvability, realism,
readability, authenticity, and one revision, from which most of the gain came. Code decides what it can; what only a
model can say is marked as its opinion. What does not pass twice stays as the bank tells it.
"""

import math
import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from classwright.agents.words import ATTEMPTS, tidy
from classwright.classroom.recontext import carries_context, recontext, story_words
from classwright.classroom.retold import (
    Attempt,
    Personalized,
    Ruling,
    Validator,
    by_bank,
    retold_base,
    rulings_by_code,
)
from classwright.classroom.skeleton import sentences, skeleton
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.grading import grade
from classwright.skilltree.interests import Grain, Interest, own_words, read_interest
from classwright.skilltree.problem import Problem
from classwright.skilltree.scenes import NAMES

SOLUTION_TOKENS = 400
DECORATION = "its numbers stand in bare mathematics: an interest could only decorate it"


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
    base = retold_base(problem, wanted)
    attempts: list[Attempt] = []
    if not carries_context(base):
        return by_bank(problem, interest, grain, reading_level, DECORATION)
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
            return Personalized(
                problem=recontext(base, text, wanted.words), interest=wanted.words, grain=wanted.grain, source="model",
                attempts=attempts, rulings=rulings,
            )  # fmt: skip
    stays = by_bank(problem, interest, grain, reading_level, _fault(attempts))
    return stays.model_copy(update={"attempts": attempts})


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
    """The four validators as far as code can say; a text that changed nothing is refused, too."""
    found = rulings_by_code(base, text, wanted, reading_level, things)
    same = [" ".join(s.split()) for s in sentences(text)] == sentences(base.text)
    if found[0].passed and same:
        found[0] = found[0].model_copy(update={"passed": False, "why": "the story was not changed"})
    return found


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
