"""A dialogue so far as a model reads it: one line a turn, cut so that a server's prefix cache serves it.

The text of a turn is a prefix of the text of the next, so a server computes only what is new. Where a talk outgrows
the window, its older half goes at once: cutting a line a turn would change the beginning, and so everything, each time.
"""

from collections.abc import Sequence

from classwright.classroom.turn import Turn

WINDOW = 8_000
"""Characters of a talk that a model reads, about 2,000 tokens."""
LONGEST_TURN = 1_200
"""Characters of one turn that a model reads: its beginning and its end, where answers stand."""
NAMES = {"tutor": "Tutor", "student": "Student", "observer": "Observer"}


def transcript(turns: Sequence[Turn], window: int = WINDOW) -> str:
    """The talk, oldest first; a silence is said to be one."""
    lines = [f"{NAMES[t.speaker]}: {one_line(t.text) or '(says nothing)'}" for t in turns]
    while sum(map(len, lines)) > window and len(lines) > 2:
        lines = lines[(len(lines) + 1) // 2 :]
    return "\n".join(lines) or "(nothing yet)"


def one_line(text: str) -> str:
    """A turn on one line, shortened in its middle; no line break of a speaker can pass for another speaker."""
    text = " ".join(text[:LONGEST_TURN].split()) if len(text) <= LONGEST_TURN else " ".join(
        f"{text[: LONGEST_TURN // 2]} ... {text[-LONGEST_TURN // 2 :]}".split()
    )  # fmt: skip
    return text
