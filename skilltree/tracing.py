"""Bayesian knowledge tracing: how the belief that a skill is known moves with every answer.

Corbett & Anderson (1995), "Knowledge tracing: modeling the acquisition of procedural knowledge". A skill is known or
not; a right answer may be a guess, a wrong one a slip; after every opportunity an unknown skill may be learned and,
optionally, a known one forgotten.
"""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field, model_validator

Probability = Field(ge=0, le=1)


class BKT(BaseModel):
    """Parameters of one skill.

    The bounds keep the model identifiable and its meaning straight: a learner who knows the skill must be likelier to
    answer right than one who does not (slip + guess < 1; Beck & Chang 2007, van de Sande 2013), and learning must move
    forward (learn + forget < 1).

    Attributes:
        prior: P(L0), the chance that the skill is known before the first answer.
        learn: P(T), the chance that it is learned at one opportunity.
        slip: P(S), the chance of a wrong answer although it is known.
        guess: P(G), the chance of a right answer although it is not known.
        forget: P(F), the chance that it is forgotten between opportunities; 0 in the original model.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prior: float = Probability
    learn: float = Probability
    slip: float = Probability
    guess: float = Probability
    forget: float = Field(default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _identifiable(self) -> "BKT":
        if self.slip + self.guess >= 1:
            raise ValueError(f"slip + guess must be below 1, not {self.slip + self.guess:.3g}")
        if self.learn + self.forget >= 1 and self.forget > 0:
            raise ValueError(f"learn + forget must be below 1, not {self.learn + self.forget:.3g}")
        return self

    def predict(self, known: float) -> float:
        """The chance of a right answer when the skill is known with probability `known`."""
        return known * (1 - self.slip) + (1 - known) * self.guess

    def posterior(self, known: float, correct: bool) -> float:
        """P(known) after an answer, before the learning that the opportunity brings (Bayes' rule)."""
        if_known = 1 - self.slip if correct else self.slip
        if_unknown = self.guess if correct else 1 - self.guess
        evidence = known * if_known + (1 - known) * if_unknown
        return known if evidence == 0 else known * if_known / evidence

    def update(self, known: float, correct: bool) -> float:
        """P(known) after an answer and the opportunity to learn (and forget) that it was."""
        after = self.posterior(known, correct)
        return after * (1 - self.forget) + (1 - after) * self.learn

    def trace(self, responses: Iterable[bool]) -> list[float]:
        """P(known) before the first answer and after each: one value more than there are responses."""
        belief = [self.prior]
        for correct in responses:
            belief.append(self.update(belief[-1], correct))
        return belief


DEFAULT = BKT(prior=0.5, learn=0.1, slip=0.1, guess=0.2)
"""Where nothing is fitted. The first answer is right with probability .55, the lower half's figure of Koedinger et al.
(PNAS 2023); slip and guess are typical fitted values (Corbett & Anderson 1995 cap them at .1 and .3)."""
