"""How a skill, a step of its method and its picture are said inside a sentence."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from classwright.corpus.explained import explained
from classwright.skilltree.scenes import NAMES
from classwright.skilltree.skill import Skill

VERBS = frozenset(
    "Act Add Answer Apply Arrange Ask Balance Break Bring Build Bundle Call Cancel Chalk Change Check Choose "
    "Circle Color Combine Compare Complete Convert Copy Count Cover Cross Cut Deal Decide Divide Do Double Draw "
    "Drop Estimate Factor Fill Find Flip Fold Follow Get Give Go Group Halve Hold Imagine Join Jump Keep Label "
    "Lay Leave Let Line List Look Make Mark Match Measure Move Multiply Name Open Place Plot Pour Put Raise Read "
    "Recall Regroup Replace Rewrite Roll Round Say Scoop See Set Shade Share Show Simplify Sketch Solve Sort "
    "Split Square Stack Stand Start Stop Subtract Swap Take Tape Tear Tell Test Think Touch Trace Trade Try Turn "
    "Undo Use Walk Work Write".split()
)
"""First words by which an instruction is known from a statement."""
_PREPOSITION = re.compile(r"\s(?:of|on|in|with|between|from|as|to|by|for|that|about|when|without|across|under|into)\s")


class SkillWords(NamedTuple):
    """A skill in words.

    Attributes:
        phrase: A noun phrase: "today we learn about {phrase}".
        doing: A verb phrase: "you can {doing}"; "" where none is known.
        plural: Whether the noun phrase takes a plural verb.
    """

    phrase: str
    doing: str
    plural: bool


def words_of(skill: Skill) -> SkillWords:
    """What we call a skill: as we wrote it by hand where we did, else its name and its objective."""
    own = explained().get(skill.id)
    phrase = own.phrase if own else skill.name
    doing = own.doing if own else to_you(skill.objective)
    return SkillWords(phrase, doing, _is_plural(phrase))


def to_you(text: str) -> str:
    """ "a fact I know" -> "a fact you know"."""
    for old, new in ((r"\bI\b", "you"), (r"\bme\b", "you"), (r"\bmy\b", "your")):
        text = re.sub(old, new, text)
    return text


def to_i(text: str) -> str:
    """ "what you know" -> "what I know"."""
    text = re.sub(r"\b(of|for|to|with|from|tells|gives|shows) you\b", r"\1 me", text)
    for old, new in ((r"\byou are\b", "I am"), (r"\byou\b", "I"), (r"\byour\b", "my"), (r"\byours\b", "mine")):
        text = re.sub(old, new, text)
    return text


def to_they(text: str) -> str:
    """ "what you see" -> "what they see"."""
    text = re.sub(r"\b(of|for|to|with|from|tells|gives|shows) you\b", r"\1 them", text)
    for old, new in ((r"\byou\b", "they"), (r"\byour\b", "their")):
        text = re.sub(old, new, text)
    return text


def speaks_to_you(text: str) -> bool:
    """Whether a text speaks to its reader, so that it does not fit after "we" or "I"."""
    return re.search(r"\byou(r|rs|rself)?\b", text, re.I) is not None


def sentences(text: str) -> list[str]:
    """The sentences of a text; a period inside a number or an abbreviation ends none."""
    return [s for s in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9“\"])", text.strip()) if s]


def verb_phrase(sentence: str, longest: int = 18) -> str:
    """An instruction as a verb phrase: "Add the ones." is "add the ones".

    Returns:
        "" for a text of more than one sentence, a statement, a condition, or more than `longest` words.
    """
    text = sentence.strip()
    if len(sentences(text)) != 1 or not is_instruction(text) or len(text.split()) > longest or text[-1] in "?!":
        return ""
    return lowered(text.rstrip("."))


def is_instruction(text: str) -> bool:
    """Whether a text begins with what to do."""
    first = re.match(r"[A-Za-z]+(?=[ ,])", text)
    return bool(first) and first[0] in VERBS


def lowered(text: str) -> str:
    """A sentence as it goes on after a comma or colon: its first letter small, unless the word is a name or a sign."""
    first = re.match(r"[A-Z][a-z]+|A(?= )", text)
    if not first or first[0] in NAMES:
        return text
    return text[0].lower() + text[1:]


def raised(text: str) -> str:
    """A text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def method_phrases(method: Sequence[str]) -> list[str]:
    """The steps of a method as verb phrases, those that are none left out."""
    return [phrase for step in method if (phrase := verb_phrase(step, 14))]


def _is_plural(phrase: str) -> bool:
    head = _PREPOSITION.split(f"{phrase} ")[0].strip()
    if head.split()[0].endswith("ing"):
        return False
    return bool(re.search(r"\band\b", head)) or bool(re.search(r"[^s]s$", head))
