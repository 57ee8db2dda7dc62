"""What a skill-targeted loop is asked for."""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classwright.distill.settings import TrainSettings

LoopArm = Literal["sel", "syn", "uniform", "nearest", "random"]
LOOP_ARMS: tuple[LoopArm, ...] = get_args(LoopArm)
Environment = Literal["open-ended", "skill-list", "skill-tree"]


class LoopSettings(BaseModel):
    """What a loop is asked for.

    Attributes:
        base: The student before the loop, as the base of a training.
        skills: Skills with a generator, examined and trained.
        arms: How the rows of a round are chosen; "uniform" is what the others are compared with.
        rounds: Trainings of each arm and seed.
        tokens: Tokens of the rows of one round.
        pool: Rows a skill to choose from.
        items: Exam items a skill, of the diagnosis and of the test each.
        levels: Of the problems.
        seeds: One whole loop each.
        environment: The policy by which "syn" allots its rows.
        shrink, noise: Between rounds the adapter's delta is made so many times as large, with noise of so many standard
            deviations, and the next round goes on from it (Ash & Adams, 2020). Off (1 and 0), a round begins with a
            fresh adapter on the student of the round before.
        training: Rank, rate and the rest; its base, seed and exams are the loop's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = "smollm2"
    skills: tuple[str, ...] = Field(min_length=2)
    arms: tuple[LoopArm, ...] = ("sel", "syn", "uniform")
    rounds: int = Field(default=1, ge=1, le=20)
    tokens: int = Field(default=20_000, ge=500)
    pool: int = Field(default=200, ge=10)
    items: int = Field(default=20, ge=5)
    levels: tuple[int, ...] = (2,)
    seeds: tuple[int, ...] = Field(default=(1, 2, 3), min_length=1)
    environment: Environment = "skill-list"
    shrink: float = Field(default=1.0, ge=0, le=1)
    noise: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    training: TrainSettings = TrainSettings()

    @model_validator(mode="after")
    def _has_an_adapter(self) -> "LoopSettings":
        if self.goes_on and self.training.full:
            raise ValueError("shrink and noise are for an adapter's delta; on all weights they destroy a model")
        return self

    @property
    def goes_on(self) -> bool:
        """Whether a round goes on from the adapter of the one before, shrunk and perturbed."""
        return self.shrink < 1 or self.noise > 0
