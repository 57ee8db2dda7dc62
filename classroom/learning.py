"""The learning model of a simulated student: every number that decides how much a lesson teaches.

The defaults are calibrated to how people learn with instructional technology (Koedinger, Carvalho, Liu & McLaughlin,
PNAS 2023, 27 data sets): about +0.1 log-odds of a right answer per practice opportunity with feedback, alike across
learners, from about 65 % right after verbal instruction; seven opportunities take a typical learner to 80 %.
Where that study is silent (worked examples, readiness, misconceptions) the size is our choice and says so.
"""

from math import exp, log

from pydantic import BaseModel, ConfigDict, Field

Share = Field(ge=0, le=1)


class LearningModel(BaseModel):
    """Parameters of learning; all settable in a recipe.

    Attributes:
        practice: Log-odds per practice opportunity with feedback on errors (Koedinger et al. 2023).
        example: Log-odds per worked example studied; equal to practice (worked-example effect, Sweller & Cooper 1985,
            says at least as much for novices).
        explanation: Log-odds per five minutes of explanation, at most `explanation_cap` a lesson (our choice).
        explanation_cap: See `explanation`.
        without_feedback: Share of the practice effect that remains where nobody says right or wrong (our choice).
        unready: Share of any effect that remains when the prerequisites are wholly missing (our choice).
        ready_at: Mastery of a prerequisite from which it no longer holds learning back.
        reinforced: Share of the practice effect that remains while a misconception of the skill is held (our choice).
        repair: Chance that a full repair, taught to the class, frees a ready learner from the misconception.
        repair_minutes: Minutes that make a repair a full one; fewer count in proportion.
        repair_at_hand: Chance that the same move, used in practice when the wrong answer shows, frees the learner.
        freed: Log-odds won when a misconception is given up, as the errors it caused go away (our choice).
        express: Share of a holder's errors that are the misconception's own; the others are careless.
        level_step: Log-odds between neighboring difficulty levels.
        slip: Chance of a careless error of a learner who has fully mastered a skill.
        guess: Chance of a right answer with no mastery at all.
        minutes_per_problem: Minutes a learner takes for one practice problem.
        forgetting: Exponent of the power law by which what was learned fades over days, (1 + days)^-forgetting (Wixted
            & Carpenter 2007); divided by the number of sessions in which the skill was met, so that spaced practice
            lasts longer than massed (Cepeda et al. 2006). The size is our choice.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    practice: float = Field(default=0.10, ge=0)
    example: float = Field(default=0.10, ge=0)
    explanation: float = Field(default=0.10, ge=0)
    explanation_cap: float = Field(default=0.30, ge=0)
    without_feedback: float = Field(default=0.3, ge=0, le=1)
    unready: float = Field(default=0.25, ge=0, le=1)
    ready_at: float = Field(default=0.8, gt=0, le=1)
    reinforced: float = Field(default=0.5, ge=0, le=1)
    repair: float = Field(default=0.5, ge=0, le=1)
    repair_minutes: float = Field(default=4.0, gt=0)
    repair_at_hand: float = Field(default=0.15, ge=0, le=1)
    freed: float = Field(default=0.6, ge=0)
    express: float = Field(default=0.85, ge=0, le=1)
    level_step: float = Field(default=0.4, ge=0)
    slip: float = Field(default=0.03, ge=0, le=0.5)
    guess: float = Field(default=0.02, ge=0, le=0.5)
    minutes_per_problem: float = Field(default=1.5, gt=0)
    forgetting: float = Field(default=0.12, ge=0, le=1)


def logit(p: float) -> float:
    """Log-odds of a probability, kept finite: p is clipped to 0.001..0.999."""
    p = min(max(p, 0.001), 0.999)
    return log(p / (1 - p))


def probability(x: float) -> float:
    """The probability with log-odds x."""
    return 1 / (1 + exp(-x))
