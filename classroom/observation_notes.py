"""What an observer notes after a dialogue, by code alone: facts with line numbers, what each move did, missed moments.

The measures and most moments are those of `observation`; here comes what only a dialogue of ours knows (the student's
state before and after each turn) and what a colleague at the back of the room would write down beside it.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.dialogue_metrics import leaking_turns
from classwright.classroom.graded import grade
from classwright.classroom.moments import Moment
from classwright.classroom.moves import Move, Submove, classify, classify_submove
from classwright.classroom.observation import Observed, observe
from classwright.classroom.talk_lines import TalkLine, talk_lines
from classwright.classroom.turn import Turn
from classwright.classroom.tutor_checks import affirms_wrong
from classwright.skilltree.tree import SkillTree

LONGEST_QUOTE = 80
"""Characters of a line that a note quotes."""
_WHAT = {
    "error confirmed": "the error was praised", "error passed over": "the error was passed over",
    "confusion passed over": "the confusion was passed over", "told at once": "it was corrected at once",
}  # fmt: skip
_SAYS_IT = re.compile(r"^(?:it(?:'s| is)|that(?:'s| is)|the answer\b|so\b|you get\b|we get\b|because\b)", re.I)
_EQUALS = re.compile(r"\d\s*(?:=|is|equals|makes)\s*\$?\d", re.I)


class Effect(BaseModel):
    """What one move of the tutor did, as the coded student's state shows.

    Attributes:
        line: The tutor's line.
        addressed: Whether it answered a misconception that the student held; None where it held none, or nobody says
            what the move answered.
        found: Whether the student has the right answer in its next turn, for the first time.
        dropped: Names of misconceptions that it gave up for good with that turn.
        mastery: Mastery of the skill before and after.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: int
    move: Move
    submove: Submove
    addressed: bool | None
    found: bool
    dropped: tuple[str, ...]
    mastery: tuple[float, float]

    def did(self) -> str:
        """The effect in words."""
        found = [*(f"gave up for good: {name}" for name in self.dropped), *(["found the answer"] if self.found else [])]
        if found:
            return "; ".join(found)
        return {True: "answered the misconception, no change yet", False: "did not answer what was held",
                None: "no change"}[self.addressed]  # fmt: skip


class Notes(BaseModel):
    """An observer's notes.

    Attributes:
        facts: What happened, a sentence each.
        missed: Moments to think about, a sentence each with its lines.
        effects: What each move did; empty where the student's state is not known, or not to be shown yet.
        sentence: A model's sentence that passed its checks; "" for none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    facts: tuple[str, ...]
    missed: tuple[str, ...]
    effects: tuple[Effect, ...] = ()
    sentence: str = ""

    def lines(self) -> list[str]:
        """The notes as text, one a line, without the effects."""
        found = [*self.facts, *(f"To think about: {m}" for m in self.missed)]
        return [*found, f"In words: {self.sentence}"] if self.sentence else found


def take_notes(dialogue: Dialogue, tree: SkillTree, *, reveal: bool = True) -> Notes:
    """Notes about a dialogue.

    Args:
        dialogue: Finished, or as far as it came.
        tree: Names of misconceptions.
        reveal: Whether what the student holds and what moves did may be told; not while the talk may still go on.
    """
    lines = talk_lines(dialogue)
    effects = tuple(_effects(dialogue, lines, tree)) if reveal else ()
    o = observe(dialogue)
    facts = [*_talk(dialogue, o), *_told(dialogue, lines)]
    if reveal:
        facts += _student(dialogue, lines, effects, tree)
    return Notes(facts=tuple(facts), missed=tuple(_missed(dialogue, lines, o.moments)), effects=effects)


def _talk(dialogue: Dialogue, o: Observed) -> list[str]:
    if not o.tutor_turns:
        return ["The tutor said nothing."]
    share = f", and spoke {o.talk_ratio:.0%} of the words" if o.talk_ratio is not None else ""
    openly = f" ({o.open_questions} for a how or why)" if o.open_questions else ""
    facts = [f"The tutor spoke {_times(o.tutor_turns)}, the student {_times(o.student_turns)}. "
             f"The tutor asked {_count(o.questions, 'question')}{openly}{share}."]  # fmt: skip
    moves = [t.move or classify(t.text, opening=i == 0) for i, t in enumerate(dialogue.said_by("tutor"))]
    counted = ", ".join(
        f"{move} {moves.count(move)}" for move in sorted(set(moves), key=lambda m: (-moves.count(m), m))
    )
    taken = f" {o.uptake:.0%} of the replies took up what the student brought." if o.uptake is not None else ""
    return [*facts, f"Moves: {counted}.{taken}"]


def _told(dialogue: Dialogue, lines: Sequence[TalkLine]) -> list[str]:
    number = {id(line.turn): line.number for line in lines}
    told = [(number[id(t)], t.submove or classify_submove(t.text)) for t in _telling(dialogue)]
    facts = [f"Told: {_listed([f'line {n} ({kind})' for n, kind in told])}."] if told else []
    for i, why in leaking_turns(dialogue):
        facts.append(f"Line {number[id(dialogue.turns[i])]} gives the answer away: {why}.")
    return facts


def _student(
    dialogue: Dialogue, lines: Sequence[TalkLine], effects: Sequence[Effect], tree: SkillTree
) -> list[str]:  # fmt: skip
    facts = []
    right = next((x for x in lines if _right(x.turn, dialogue)), None)
    if right is not None:
        before = [x for x in lines if x.number < right.number and x.turn.speaker == "tutor"]
        after = f", after line {before[-1].number} ({_submove(before[-1].turn)})" if before else " from the start"
        facts.append(f"The student had the right answer in line {right.number}{after}.")
    elif dialogue.problem is not None:
        facts.append("The student never had the right answer.")
    if dialogue.misconception:
        name = _name(dialogue.misconception, tree)
        fell = next((e for e in effects if name in e.dropped), None)
        facts.append(f"The student held a misconception: it {name}.")
        facts.append(f"It gave that up with the move in line {fell.line} ({fell.submove})." if fell else
                     "It still held that at the end.")  # fmt: skip
    if dialogue.pre and dialogue.post:
        pre, post = sum(dialogue.pre), sum(dialogue.post)
        facts.append(f"On {len(dialogue.pre)} problems of the same kind it had {pre} right before and {post} after.")
    return facts


def _effects(dialogue: Dialogue, lines: Sequence[TalkLine], tree: SkillTree) -> list[Effect]:
    found: list[Effect] = []
    solved = any(_right(x.turn, dialogue) for x in lines[:1])
    for a, b in pairwise(lines):
        heard, said = a.turn, b.turn
        if heard.speaker != "tutor" or said.speaker != "student" or said.before is None or said.after is None:
            continue
        held, kept = said.before.misconceptions, said.after.misconceptions
        right = _right(said, dialogue)
        found.append(Effect(
            line=a.number, move=heard.move or classify(heard.text), submove=_submove(heard),
            addressed=None if not held else heard.addresses in held if heard.addresses else
            False if heard.source == "curated" else None,
            found=right and not solved, dropped=tuple(_name(m, tree) for m in held if m not in kept),
            mastery=(said.before.mastery, said.after.mastery),
        ))  # fmt: skip
        solved = solved or right
    return found


def _missed(dialogue: Dialogue, lines: Sequence[TalkLine], moments: Sequence[Moment]) -> list[str]:
    notes: list[tuple[int, str]] = []
    confirmed: set[int] = set()
    for m in moments:
        if m.kind == "no wait":
            notes.append((m.line, f"line {m.line} asks “{_short(m.quote)}” and goes on without waiting."))
            continue
        notes.append((m.line, f"line {m.line} “{_short(m.quote)}”: {_WHAT[m.kind]} (line {m.then})."))
        confirmed |= {m.then} if m.kind == "error confirmed" else set()
    turns = [line.turn for line in lines]
    for i, line in enumerate(lines):
        if line.turn.speaker != "tutor":
            continue
        if (
            dialogue.problem
            and line.number not in confirmed
            and affirms_wrong(line.turn.text, dialogue.problem, turns[:i])
        ):
            notes.append((line.number, f"line {line.number} praises a wrong answer: “{_short(line.turn.text)}”."))
        if asked := _answers_itself(line.turn.text):
            notes.append((line.number, f"line {line.number} asks “{_short(asked)}” and answers it itself."))
    notes += _told_after_silence(lines)
    notes += _told_in_a_row(dialogue, lines)
    return [text for _, text in sorted(notes, key=lambda x: x[0])]


def _told_after_silence(lines: Sequence[TalkLine]) -> list[tuple[int, str]]:
    """Questions that the tutor answers because the student does not."""
    found = []
    for ask, said, then in zip(lines, lines[1:], lines[2:], strict=False):
        silent = said.turn.speaker == "student" and (not said.turn.text.strip() or said.turn.intent == "confused")
        if ask.turn.speaker == "tutor" and ask.turn.text.rstrip().endswith("?") and silent and _tells(then.turn):
            found.append((then.number, f"line {then.number} tells what line {ask.number} asked, as no answer came."))
    return found


def _told_in_a_row(dialogue: Dialogue, lines: Sequence[TalkLine]) -> list[tuple[int, str]]:
    rows: list[list[int]] = [[]]
    for line in lines:
        if line.turn.speaker == "tutor":
            if _tells(line.turn):
                rows[-1].append(line.number)
            elif rows[-1]:
                rows.append([])
    return [(row[0], f"{_listed([f'line {n}' for n in row])}: told {_times(len(row))} in a row.")
            for row in rows if len(row) > 1]  # fmt: skip


def _answers_itself(text: str) -> str:
    """The question of a turn that the same turn answers, "" for none."""
    parts = [p for p in re.split(r"(?<=[.?!])\s+", " ".join(text.split())) if p]
    for question, answer in pairwise(parts):
        if question.endswith("?") and not answer.endswith("?") and (_SAYS_IT.search(answer) or _EQUALS.search(answer)):
            return question
    return ""


def _telling(dialogue: Dialogue) -> list[Turn]:
    return [t for t in dialogue.said_by("tutor") if _tells(t)]


def _tells(turn: Turn) -> bool:
    return turn.speaker == "tutor" and (turn.move or classify(turn.text)) == "telling"


def _right(turn: Turn, dialogue: Dialogue) -> bool:
    problem = dialogue.problem
    return turn.speaker == "student" and problem is not None and grade(turn.text[-4000:], problem).result == "right"


def _submove(turn: Turn) -> Submove:
    return turn.submove or classify_submove(turn.text)


def _name(misconception: str, tree: SkillTree) -> str:
    known = tree.misconceptions.get(misconception)
    return known.name if known else misconception


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items)


def _times(n: int) -> str:
    return "once" if n == 1 else "twice" if n == 2 else f"{n} times"


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
