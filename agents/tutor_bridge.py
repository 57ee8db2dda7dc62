"""The Bridge tutor: a decision about error, strategy and intention comes before the words (Wang et al., NAACL 2024)."""

from collections.abc import Sequence
from random import Random
from typing import Literal

from classwright.agents.tutor import Spoken, shared_values, spoken, write_turn
from classwright.agents.tutor_free import from_model
from classwright.classroom.bridge import ERRORS, INTENTIONS, STRATEGIES, Decision
from classwright.classroom.graded import grade
from classwright.classroom.socratic import next_move
from classwright.classroom.turn import Turn
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

CLOSING = frozenset({"affirm_correct_answer"})
"""Strategies that end a dialogue once it is solved."""


async def bridge(
    problem: Problem,
    tree: SkillTree,
    turns: Sequence[Turn],
    chat: Chat,
    *,
    source: Literal["none", "self", "given", "random"],
    given: Decision | None,
    unit: str,
    seed: int,
    language: str,
) -> Spoken:
    """The tutor's next turn; see `agents.tutor_socratic.socratic`.

    Args:
        source: Whose decision the words follow: none at all, the model's own, a given one, or a random one.
        given: The given one.
    """
    shared = shared_values(problem, turns, language)
    decision: Decision | None = None
    failed: tuple[str, ...] = ()
    if source == "self":
        try:
            decision = await decide(problem, turns, chat, unit=unit)
        except OutputError as error:
            failed = (f"no decision: {error}",)
    elif source == "given":
        decision = given
    elif source == "random":
        rng = Random(f"decision/{seed}/{unit}/{len(turns)}")
        decision = Decision(error=rng.choice(ERRORS), strategy=rng.choice(STRATEGIES), intention=rng.choice(INTENTIONS))
    said = {part: getattr(decision, part).replace("_", " ") if decision else "" for part in
            ("error", "strategy", "intention")}  # fmt: skip
    written = await write_turn(
        "tutor_bridge", shared | said | {"answer": problem.answer}, problem, turns, chat, unit=unit
    )
    written = written._replace(refused=(*failed, *written.refused))
    if written.text is None:
        return spoken(next_move(problem, tree, turns, seed=seed), written, decision=decision)
    turn = from_model(turns, written.text, written).model_copy(update={"decision": decision})
    last = next((t for t in reversed(turns) if t.speaker == "student"), None)
    solved = last is not None and grade(last.text, problem).result == "right"
    return Spoken(turn, solved and decision is not None and decision.strategy in CLOSING)


async def decide(problem: Problem, turns: Sequence[Turn], chat: Chat, *, unit: str) -> Decision:
    """A model's decision about the student's last words.

    Raises:
        OutputError: no valid decision after one repair.
    """
    values = shared_values(problem, turns, "en") | {
        "errors": ", ".join(ERRORS), "strategies": ", ".join(STRATEGIES), "intentions": ", ".join(INTENTIONS),
        "answer": problem.answer,
    }  # fmt: skip
    key = Key(unit, chat.role, "bridge_decision", f"{len(turns)}")
    return await chat.structured(Decision, render("bridge_decision", **values), key=key, max_tokens=80, temperature=0)
