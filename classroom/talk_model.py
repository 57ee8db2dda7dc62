"""How a simulated student reacts in a conversation: every number that decides what a tutor's move does to it.

Two things are kept apart, as performance during instruction and lasting learning are not the same (Soderstrom & Bjork,
2015): an insight, by which the student sees that its idea fails on this problem and finds the right answer to it; and
a misconception given up for good, which isomorphic problems after the dialogue show. The size of lasting learning is
that of `LearningModel` (Koedinger et al., PNAS 2023): a dialogue on one problem is one practice opportunity, +0.1
log-odds, and a move that answers the misconception is a repair at hand. The chances of an insight are our choices;
their order follows what tutoring research agrees on: a counterexample or a look at the very spot helps more than a
general question (VanLehn, 2011), being told the answer teaches least (Chi et al., 2001).
"""

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.moves import Submove

INSIGHT: dict[Submove, float] = {
    "seek strategy": 0.2,
    "guide student focus": 0.95,
    "recall relevant information": 0.6,
    "ask for explanation": 0.1,
    "seek self-correction": 0.3,
    "perturb the question": 0.7,
    "seek world knowledge": 0.2,
    "reveal strategy": 0.95,
    "reveal answer": 0.0,
    "greeting": 0.0,
    "general inquiry": 0.0,
}


class TalkModel(BaseModel):
    """Parameters of a conversation; all settable in a recipe.

    Attributes:
        insight: Per kind of move, the chance that a ready student who holds a misconception sees that it fails here,
            when the move addresses that misconception.
        own_insight: The same chance for any move that does not address it; over six such moves 6 % find the answer,
            so that an untaught misconception persists.
        recheck: Chance that a careless error is found after any move but a greeting.
        at_spot: Share of `insight` for a student with a wrong solution of a problem without a skill, when the move
            names a number of the line where it goes wrong.
        elsewhere: Share of these chances, and of `recheck` for a slip in such a solution, when the move does not. With
            these two the Socratic tutor's strict success@1/3/5/7 over 243 problems of GSM8K was .17/.58/.80/.84; that
            of MathDial's teachers, by its own metric, is .35/.55/.71/.81.
        lasting: Share of `LearningModel.repair` with which a misconception is given up for good when the student, after
            an insight, finds the answer itself.
        told_lasting: Share of that chance that is left when the strategy was told.
        copied: Share of the practice effect that an answer teaches which was only told.
        explained: Share of `LearningModel.repair_at_hand` for a student who says afterward why its idea failed.
        strategy: Log-odds for a strategy that is told, once a dialogue (a worked example is worth 0.1).
        confused, asks, guesses, quiet: Chances, per turn that helped nothing, that the student says it does not
            understand, asks for the answer, guesses, says nothing.
        patience: Turns in a row that helped nothing after which a student may give up.
        gives_up: Chance to give up on each such turn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    insight: dict[Submove, float] = Field(default_factory=lambda: dict(INSIGHT))
    own_insight: float = Field(default=0.01, ge=0, le=1)
    recheck: float = Field(default=0.5, ge=0, le=1)
    at_spot: float = Field(default=0.5, ge=0, le=1)
    elsewhere: float = Field(default=0.3, ge=0, le=1)
    lasting: float = Field(default=1.0, ge=0, le=1)
    told_lasting: float = Field(default=0.3, ge=0, le=1)
    copied: float = Field(default=0.2, ge=0, le=1)
    explained: float = Field(default=1.0, ge=0, le=1)
    strategy: float = Field(default=0.05, ge=0)
    confused: float = Field(default=0.15, ge=0, le=1)
    asks: float = Field(default=0.08, ge=0, le=1)
    guesses: float = Field(default=0.06, ge=0, le=1)
    quiet: float = Field(default=0.06, ge=0, le=1)
    patience: int = Field(default=4, ge=1)
    gives_up: float = Field(default=0.25, ge=0, le=1)
