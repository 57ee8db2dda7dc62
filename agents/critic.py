"""Models that criticize or guess without evidence: the baselines' ways of judging a plan, for comparison with ours."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from classwright.classroom.plan import LessonPlan
from classwright.classroom.plan_lines import plan_lines
from classwright.errors import OutputError
from classwright.models.chat import Chat
from classwright.models.together import together
from classwright.prompts import render
from classwright.runs.journal import Key
from classwright.skilltree.problem import Problem


class Critique(BaseModel):
    """A model's feedback on its own plan. Flat, so that any server can hold a model to it."""

    done: bool = Field(description="true if nothing needs to change")
    change: int = Field(ge=1, description="Number of the change that matters most")
    advice: str = Field(min_length=5, max_length=300, description="How to do it, one sentence")


class Guess(BaseModel):
    """What a model believes a learner would do after the lesson."""

    right: int = Field(ge=0, description="How many of the questions the learner answers right")
    suggestion: str = Field(max_length=300, description="What would help most, one sentence")


async def criticize(plan: LessonPlan, changes: Sequence[str], chat: Chat, *, unit: str) -> Critique | None:
    """The feedback step of Self-Refine (Madaan et al. 2023, arXiv 2303.17651): the writer judges its own plan.

    Args:
        plan: The plan.
        changes: What could be changed, as sentences.
        chat: The model that wrote the plan.
        unit: Journal unit.

    Returns:
        None where the model gives no valid feedback.
    """
    messages = render("critique", lines=plan_lines(plan), changes=changes)
    try:
        said = await chat.structured(Critique, messages, key=Key(unit, chat.role, "critique", "1"), max_tokens=200)
    except OutputError:
        return None
    return said if said.change <= len(changes) else None


async def guess_score(
    plan: LessonPlan, items: Sequence[Problem], chat: Chat, *, unit: str, times: int = 5
) -> tuple[float | None, str]:
    """EduPlanner's reward (arXiv 2504.05370): a model guesses how many test questions a learner gets right.

    Args:
        plan: The plan.
        items: Test questions, T = 8 as published.
        chat: The evaluator's model.
        unit: Journal unit.
        times: M guesses, whose mean is the score.

    Returns:
        The mean share 0..1 over valid guesses (None without any), and the last suggestion.
    """
    messages = render("guess", lines=plan_lines(plan), audience=plan.audience, items=[p.text for p in items])

    async def one(n: int) -> Guess | None:
        try:
            return await chat.structured(Guess, messages, key=Key(unit, chat.role, "guess", n), max_tokens=160)
        except OutputError:
            return None

    said = [g for g in await together(*(one(n) for n in range(1, times + 1))) if g and g.right <= len(items)]
    if not said:
        return None, ""
    return sum(g.right for g in said) / len(said) / len(items), said[-1].suggestion
