"""Moments of a transcript that a teacher passed over, found by code and quoted.

Speech is not timed in a transcript, so a tutor's waiting (Rowe 1974) can only be seen where there is none at all: a
question that the tutor follows with more questions, or goes on from without a reply. An error is only what is certain:
a false equation, or a wrong answer to what was just asked.
"""

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.equations import false_equations
from classwright.classroom.mentions import mentions
from classwright.classroom.moves import classify
from classwright.classroom.strategies import enacted
from classwright.classroom.talk_lines import TalkLine, beginning, find_quote
from classwright.skilltree.grading import grade

Kind = Literal["error passed over", "error confirmed", "confusion passed over", "told at once", "no wait"]

_LOST = re.compile(r"\b(?:i (?:do not|don't|dont) (?:get|understand|know|see)|i(?:'m| am) (?:\w+ )?(?:lost|confused|stuck|not sure)|(?:this|that|it)(?: is|'s) (?:so |very )?confusing|"
                   r"no idea|makes no sense|can you (?:explain|help|repeat)|what do you mean|i give up)\b", re.I)  # fmt: skip
_CLAIMS = re.compile(r"\b(?:answer|i got|i get|i end up|result)\b", re.I)
_COMPUTE = re.compile(
    r"\bwhat(?:'s|’s| is| do you get for| would be)\s+((?:\d[\d.,/]*\s*[-+*/x×÷−]\s*)+\d[\d/]*(?:\.\d+)?)\s*\?", re.I
)
_ANSWER = re.compile(
    r"(?:^|\b(?:i got|i get|it is|it's|that is|that's|answer is|equals|is it|maybe|i think))\W*(-?\d[\d/]*(?:\.\d+)?)(?![\w/]|\.\d|\s*[-+*/x×÷−=])",
    re.I,
)
_DOUBTS = re.compile(r"\b(?:no|not|\w*n't|dont|but|almost|nearly|close|wrong|incorrect|mistake|check|sure|again|careful|hmm+|wait|why|how|actually|try|"
                     r"look|think|remember|let's|lets)\b", re.I)  # fmt: skip
_GREETS = re.compile(r"\b(?:how are you|how do you feel|are you (?:there|ok|ready)|how is it going)\b", re.I)
_CONFIRMS = re.compile(r"\b(?:yes|yep|right|correct|exactly|perfect|well done|good job|great job|great work|good work|excellent|brilliant|"
                       r"you got it|that's it|spot on|great|good|nice|awesome)\b", re.I)  # fmt: skip


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


def questions(text: str) -> list[str]:
    """The sentences of a text that ask."""
    return [s for s in re.split(r"(?<=[.!?])\s+", text.strip()) if s.endswith("?")]


def error_in(line: TalkLine, before: TalkLine | None, dialogue: Dialogue) -> str:
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


def moments_of(dialogue: Dialogue, lines: Sequence[TalkLine]) -> list[Moment]:
    """The moments, in order."""
    found = []
    for i, line in enumerate(lines):
        after = lines[i + 1] if i + 1 < len(lines) else None
        if line.turn.speaker == "tutor" and (stacked := _no_wait(line, after)):
            then = after if after is not None and after.turn.speaker == "tutor" else line
            found.append(
                Moment(kind="no wait", line=line.number, quote=stacked, then=then.number, reply=beginning(then))
            )
        if line.turn.speaker != "student" or after is None or after.turn.speaker != "tutor":
            continue
        error = error_in(line, lines[i - 1] if i else None, dialogue)
        kind = _passed_over(line, after, error)
        if kind:
            quote = find_quote(error, line) or beginning(line)
            found.append(Moment(kind=kind, line=line.number, quote=quote, then=after.number, reply=beginning(after)))
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
    asked = [q for q in questions(line.turn.text) if not _GREETS.search(q)]
    goes_on = after is not None and after.turn.speaker == "tutor" and after.turn.text != line.turn.text
    return " ".join(asked[0].split()) if len(asked) > 2 or (asked and goes_on) else ""
