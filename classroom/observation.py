"""What code sees in one transcript without any model: numbered lines, exact quotes, measures, moments passed over.

Speech is not timed in a transcript, so a tutor's waiting (Rowe 1974) can only be seen where there is none at all: a
question that the tutor follows with more questions or goes on from without a reply. The measures are those of
`dialogue_metrics`.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from classwright.classroom.bridge import Strategy
from classwright.classroom.dialogue import Dialogue
from classwright.classroom.dialogue_metrics import measure
from classwright.classroom.equations import false_equations
from classwright.classroom.mentions import mentions
from classwright.classroom.moves import Move, classify
from classwright.classroom.strategies import enacted
from classwright.classroom.turn import Turn
from classwright.skilltree.grading import grade

Kind = Literal["error passed over", "error confirmed", "confusion passed over", "told at once", "no wait"]

LEAST_QUOTE = 2
"""Words of a quote, unless it is a whole line."""
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "`": "'", "–": "-", "—": "-", "−": "-"})
_OPEN = re.compile(r"\b(?:why|how (?:did|do|can|could|would|might|come)|explain|what do you (?:think|notice|mean)|tell me (?:more|how|about)|"
                   r"walk me|talk me|show me how|what would happen|what makes you|describe|in your own words)\b", re.I)  # fmt: skip
_LOST = re.compile(r"\b(?:i (?:do not|don't|dont) (?:get|understand|know|see)|i(?:'m| am) (?:\w+ )?(?:lost|confused|stuck|not sure)|(?:this|that|it)(?: is|'s) (?:so |very )?confusing|"
                   r"no idea|makes no sense|can you (?:explain|help|repeat)|what do you mean|i give up)\b", re.I)  # fmt: skip
_CLAIMS = re.compile(r"\b(?:answer|i got|i get|i end up|result)\b", re.I)
_COMPUTE = re.compile(r"\bwhat(?:'s|’s| is| do you get for| would be)\s+((?:\d[\d.,/]*\s*[-+*/x×÷−]\s*)+\d[\d/]*(?:\.\d+)?)\s*\?", re.I)
_ANSWER = re.compile(r"(?:^|\b(?:i got|i get|it is|it's|that is|that's|answer is|equals|is it|maybe|i think))\W*(-?\d[\d/]*(?:\.\d+)?)(?![\w/]|\.\d|\s*[-+*/x×÷−=])", re.I)
_DOUBTS = re.compile(r"\b(?:no|not|\w*n't|dont|but|almost|nearly|close|wrong|incorrect|mistake|check|sure|again|careful|hmm+|wait|why|how|actually|try|"
                     r"look|think|remember|let's|lets)\b", re.I)  # fmt: skip
_GREETS = re.compile(r"\b(?:how are you|how do you feel|are you (?:there|ok|ready)|how is it going)\b", re.I)
_CONFIRMS = re.compile(r"\b(?:yes|yep|right|correct|exactly|perfect|well done|good job|great job|great work|good work|excellent|brilliant|"
                       r"you got it|that's it|spot on|great|good|nice|awesome)\b", re.I)  # fmt: skip


class TalkLine(NamedTuple):
    """One turn as people refer to it.

    Attributes:
        number: The line of a plain-text file, else the number of the turn from 1.
        who: "Tutor", "Student", or the student's tag where there are several.
        turn: What was said.
    """

    number: int
    who: str
    turn: Turn

    def __str__(self) -> str:
        """ "12 Student: I got 7." """
        return f"{self.number} {self.who}: {' '.join(self.turn.text.split()) or '(says nothing)'}"


class Moment(BaseModel):
    """A place in a transcript.

    Attributes:
        kind: What code found there.
        line: Number of the line that it is about; `then` is the tutor's line after it (the same where the tutor only asks
            several things at once).
        quote, reply: Words of these lines, exactly as they stand there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    line: int
    quote: str
    then: int
    reply: str


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


def talk_lines(dialogue: Dialogue) -> list[TalkLine]:
    """The turns of a dialogue with their numbers; observers are left out."""
    numbers = dialogue.origin.get("lines")
    if not isinstance(numbers, list) or len(numbers) != len(dialogue.turns):
        numbers = range(1, len(dialogue.turns) + 1)
    students = list(dict.fromkeys(t.label for t in dialogue.turns if t.speaker == "student"))
    found = []
    for number, turn in zip(numbers, dialogue.turns, strict=True):
        if turn.speaker != "observer":
            who = "Tutor" if turn.speaker == "tutor" else "Student"
            if who == "Student" and len(students) > 1:
                who = f"Student {turn.label or students.index(turn.label) + 1}"
            found.append(TalkLine(int(number), who, turn))
    return found


def observe(dialogue: Dialogue) -> Observed:
    """Everything that code can say about one transcript."""
    lines = talk_lines(dialogue)
    m = measure([dialogue])
    asked = [s for t in dialogue.said_by("tutor") for s in _questions(t.text)]
    said = [len(t.text.split()) for t in dialogue.said_by("student")]
    done = [s for line in lines for s in sorted(strategies_of(line, lines))]
    return Observed(
        turns=m.turns, tutor_turns=m.tutor_turns, student_turns=m.student_turns, talk_ratio=m.talk_ratio,
        moves=m.moves, move_entropy=m.move_entropy, uptake=m.uptake, questions=len(asked),
        open_questions=sum(bool(_OPEN.search(s)) for s in asked),
        words_per_student_turn=sum(said) / len(said) if said else None,
        strategies={s: done.count(s) for s in sorted(set(done), key=lambda s: (-done.count(s), s))},
        errors=sum(_errs(line, before, dialogue) != "" for before, line in zip([None, *lines], lines, strict=False)),
        moments=tuple(_moments(dialogue, lines)),
    )  # fmt: skip


def strategies_of(line: TalkLine, lines: Sequence[TalkLine]) -> frozenset[Strategy]:
    """The strategies that a line carries out; none for a student's line."""
    if line.turn.speaker != "tutor":
        return frozenset()
    first = next(x.number for x in lines if x.turn.speaker == "tutor")
    return enacted(line.turn.text, opening=line.number == first)


def find_quote(quote: str, line: TalkLine) -> str | None:
    """The words of a line that a quote copies, exactly as the line has them; None where it does not copy any.

    White space, kinds of quotation marks and dashes, and the case of letters are no difference; nothing may be left
    out, and one word is no quote unless it is the whole line.
    """
    whole = " ".join(line.turn.text.split())
    wanted = _normal(quote).strip(" \"'.…")
    place = _normal(whole).find(wanted) if wanted else -1
    if place < 0 or len(_normal(whole)) != len(whole):
        return None
    if len(wanted.split()) < LEAST_QUOTE and wanted != _normal(whole).strip(" \"'.…"):
        return None
    return whole[place : place + len(wanted)]


def quoted_elsewhere(quote: str, lines: Sequence[TalkLine]) -> list[int]:
    """The numbers of all lines that hold a quote."""
    return [line.number for line in lines if find_quote(quote, line)]


def _normal(text: str) -> str:
    return "".join(_small(c) for c in " ".join(unicodedata.normalize("NFC", text).translate(_MARKS).split()))


def _small(char: str) -> str:
    return char.lower() if len(char.lower()) == 1 else char


def _questions(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?])\s+", text.strip()) if s.endswith("?")]


def _errs(line: TalkLine, before: TalkLine | None, dialogue: Dialogue) -> str:
    """The error of a student's line as it stands there, "" if code sees none.

    An error is a false equation, a wrong answer to a computation that the tutor just asked for ("What is 3 + 4?"), or a
    wrong answer to the dialogue's problem that is said to be the answer.
    """
    if line.turn.speaker != "student":
        return ""
    if wrong := [e for e in false_equations(line.turn.text, questions=False) if not _rounded(e)]:
        return wrong[0]
    said = [" ".join(s.split()) for s in re.split(r"(?<=[.!?])\s+", line.turn.text.strip()[-4000:])]
    asked = _COMPUTE.findall(before.turn.text) if before is not None and before.turn.speaker == "tutor" else []
    answers = [(s, _ANSWER.findall(s)) for s in said]
    stated = [(s, found[0]) for s, found in answers if len(found) == 1]
    if len(asked) == 1 and len(stated) == 1 and false_equations(f"{asked[0]} = {stated[0][1]}"):
        return stated[0][0]
    if dialogue.problem is None:
        return ""
    found = {s: grade(s, dialogue.problem).result for s in said if re.search(r"\d", s)}
    claims = [s for s, result in found.items() if result == "wrong" and _CLAIMS.search(s)]
    if claims and "right" not in found.values():  # a step's number may differ from the answer
        return claims[-1]
    return ""


def _rounded(equation: str) -> bool:
    """Whether an equation is a division whose result is only rounded ("70/24 = 2.92")."""
    match = re.search(r"([\d.,]+)\s*[/÷]\s*\$?([\d.,]+)\s*=\s*\$?(\d+(?:\.\d+)?)", equation)
    if match is None:
        return False
    above, below = (float(match[i].replace(",", "").strip(".") or 0) for i in (1, 2))
    decimals = len(match[3].partition(".")[2])
    return below != 0 and abs(above / below - float(match[3])) < 10**-decimals


def _moments(dialogue: Dialogue, lines: Sequence[TalkLine]) -> list[Moment]:
    found = []
    for i, line in enumerate(lines):
        after = lines[i + 1] if i + 1 < len(lines) else None
        if line.turn.speaker == "tutor" and (stacked := _no_wait(line, after)):
            then = after if after is not None and after.turn.speaker == "tutor" else line
            found.append(Moment(kind="no wait", line=line.number, quote=stacked, then=then.number, reply=_quote(then)))
        if line.turn.speaker != "student" or after is None or after.turn.speaker != "tutor":
            continue
        error = _errs(line, lines[i - 1] if i else None, dialogue)
        kind = _passed_over(line, after, error)
        if kind:
            quote = find_quote(error, line) or _quote(line)
            found.append(Moment(kind=kind, line=line.number, quote=quote, then=after.number, reply=_quote(after)))
    return found


def _passed_over(line: TalkLine, after: TalkLine, error: str) -> Kind | None:
    reply = after.turn.text
    if error:
        if _CONFIRMS.search(reply) and not _DOUBTS.search(reply) and "?" not in reply:
            return "error confirmed"
        tells = classify(reply) == "telling" or "provide_strategy" in enacted(reply)
        if tells and "?" not in reply and not _asks_to_think(reply):
            return "told at once"
        heard = {m.value for m in mentions(error)} & {m.value for m in mentions(reply)}
        if not heard and not _DOUBTS.search(reply) and "?" not in reply:
            return "error passed over"
    elif _LOST.search(line.turn.text) and not error:
        helps = enacted(reply) & {"explain_concept", "provide_example", "provide_hint", "simplify_question",
                                  "provide_strategy", "ask_question", "provide_similar_problem"}  # fmt: skip
        if not helps:
            return "confusion passed over"
    return None


def _asks_to_think(text: str) -> bool:
    return re.search(r"\b(?:try|check|think|look|read|explain|show)\b", text, re.I) is not None


def _no_wait(line: TalkLine, after: TalkLine | None) -> str:
    """The first of several questions asked at once, or the question that the tutor goes on from; "" for none."""
    asked = [q for q in _questions(line.turn.text) if not _GREETS.search(q)]
    goes_on = after is not None and after.turn.speaker == "tutor" and after.turn.text != line.turn.text
    return " ".join(asked[0].split()) if len(asked) > 2 or (asked and goes_on) else ""


def _quote(line: TalkLine, longest: int = 160) -> str:
    whole = " ".join(line.turn.text.split())
    return whole if len(whole) <= longest else whole[:longest].rsplit(" ", 1)[0]
