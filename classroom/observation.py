"""What code measures in one transcript without any model; the measures are those of `dialogue_metrics`."""

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from classwright.classroom.bridge import Strategy
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.dialogue_metrics import measure
from classwright.classroom.moments import Moment, error_in, moments_of, questions
from classwright.classroom.moves import Move
from classwright.classroom.strategies import enacted
from classwright.classroom.talk_lines import TalkLine, talk_lines

_OPEN = re.compile(
    r"\b(?:why|how (?:did|do|can|could|would|might|come)|explain|what do you (?:think|notice|mean)|tell me (?:more|how|"
    r"about)|walk me|talk me|show me how|what would happen|what makes you|describe|in your own words)\b",
    re.I,
)


class Observed(BaseModel):
    """What code measured in one transcript. A share is None where there is nothing to take it of.

    Attributes:
        talk_ratio: The tutor's share of all words.
        moves: Move -> share of the tutor's turns (labeled, else by rules).
        uptake: Share of replies that take up what the student brought.
        questions: Sentences of the tutor that ask; `open_questions` of them ask how, why or for an explanation.
        strategies: Bridge strategy -> the tutor's turns that carry it out, by rules.
        errors: Student turns with a false equation or a wrong answer to the problem, as far as code can see.
        moments: Places that were passed over, in order.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    turns: int
    tutor_turns: int
    student_turns: int
    talk_ratio: float | None
    moves: dict[Move, float]
    move_entropy: float | None
    uptake: float | None
    questions: int
    open_questions: int
    words_per_student_turn: float | None
    strategies: dict[str, int]
    errors: int
    moments: tuple[Moment, ...]


def observe(dialogue: Dialogue) -> Observed:
    """Everything that code can say about one transcript."""
    lines = talk_lines(dialogue)
    m = measure([dialogue])
    asked = [s for t in dialogue.said_by("tutor") for s in questions(t.text)]
    said = [len(t.text.split()) for t in dialogue.said_by("student")]
    done = [s for line in lines for s in sorted(strategies_of(line, lines))]
    return Observed(
        turns=m.turns, tutor_turns=m.tutor_turns, student_turns=m.student_turns, talk_ratio=m.talk_ratio,
        moves=m.moves, move_entropy=m.move_entropy, uptake=m.uptake, questions=len(asked),
        open_questions=sum(bool(_OPEN.search(s)) for s in asked),
        words_per_student_turn=sum(said) / len(said) if said else None,
        strategies={s: done.count(s) for s in sorted(set(done), key=lambda s: (-done.count(s), s))},
        errors=sum(error_in(line, before, dialogue) != "" for before, line in zip([None, *lines], lines, strict=False)),
        moments=tuple(moments_of(dialogue, lines)),
    )  # fmt: skip


def strategies_of(line: TalkLine, lines: Sequence[TalkLine]) -> frozenset[Strategy]:
    """The strategies that a line carries out; none for a student's line."""
    if line.turn.speaker != "tutor":
        return frozenset()
    first = next(x.number for x in lines if x.turn.speaker == "tutor")
    return enacted(line.turn.text, opening=line.number == first)
