"""One turn of a dialogue: who said what, what kind of move it was, and what it did to the student."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from classwright.classroom.bridge import Decision
from classwright.classroom.moves import MOVES, Move, Submove

Speaker = Literal["tutor", "student", "observer"]
Source = Literal["model", "curated", "human"]
_NOT_KEPT: set[str] = set()


class StudentState(BaseModel):
    """What a KnowledgeStudent knows at one moment.

    Attributes:
        mastery: Of the dialogue's skill, 0..1.
        misconceptions: Ids of the misconceptions still held.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    mastery: float = Field(ge=0, le=1)
    misconceptions: tuple[str, ...] = ()


class Turn(BaseModel):
    """What one participant says at once. An empty text is a student who stays silent.

    Attributes:
        move: The tutor's move; None for a student's or observer's turn, and where nobody has said or classified it.
        submove: The kind of `move`, where it is known.
        decision: What the tutor decided first; None where it decides nothing.
        addresses: The misconception that a tutor's move answers, None for none or unknown.
        intent: What a coded student means to say ("answer", "asks", ...); "" for any other speaker.
        before, after: The student's state around this turn; None for a person or a model, whose state nobody knows.
        latency_s: Seconds that the turn took to make; None where not measured.
        tokens: Tokens that the turn cost, prompt and reply; None where no model was asked.
        source: Where the words come from.
        meant: The curated words of a decided turn, where a model put them into its own; "" where nothing was decided,
            or the text is these words.
        refused: Why earlier words for this turn were not used, one line each (leak guard, equation check).
        label: The speaker as a foreign transcript names them ("Teacher", "Mariana"); "" in our own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    speaker: Speaker
    text: str
    move: Move | None = None
    submove: Submove | None = None
    decision: Decision | None = None
    addresses: str | None = None
    intent: str = ""
    before: StudentState | None = None
    after: StudentState | None = None
    latency_s: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    tokens: int | None = Field(default=None, ge=0)
    source: Source = "model"
    meant: str = ""
    refused: tuple[str, ...] = ()
    label: str = ""

    @model_validator(mode="after")
    def _fits(self) -> "Turn":
        if self.submove is not None and (self.move is None or self.submove not in MOVES[self.move]):
            raise ValueError(f"{self.submove} is no kind of the move {self.move}")
        if self.speaker != "tutor" and (self.move or self.decision or self.addresses):
            raise ValueError("only a tutor's turn has a move or a decision")
        # Nobody asks which fields were given, and a set of their names would be more than half of a turn's memory.
        object.__setattr__(self, "__pydantic_fields_set__", _NOT_KEPT)
        return self
