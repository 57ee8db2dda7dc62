"""Whether an idea that a model proposed enters a plan: an analogy, an activity, a representation, a question.

An idea is words about the skill, never a new fact about it: mathematical terms that the tree's own words for the skill
do not hold are refused, as are numbers, equations and steps of a method.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, Field

from classwright.classroom.slots import SlotRules, check_words, longer_words
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree

IdeaKind = Literal["analogy", "activity", "representation", "question"]
PLACES: dict[IdeaKind, str] = {
    "analogy": "explanation",
    "representation": "explanation",
    "question": "explanation",
    "activity": "guided practice",
}
"""Where each kind belongs, a row of the timetable in lower case."""
ALWAYS_THERE = ("paper", "pencil", "pencils", "board", "blackboard", "whiteboard", "chalk", "notebook", "notebooks")


class Analogy(BaseModel):
    """X is like Y, because Z."""

    mathematics: str = Field(description="The part of the skill, in the words of the facts")
    everyday: str = Field(description="The everyday thing it is like")
    because: str = Field(description="What is the same in both, one sentence")

    def text(self) -> str:
        """The analogy as the teacher says it."""
        left, right = clean(self.mathematics), clean(self.everyday)
        why = re.sub(r"^(because|since|as)\s+", "", clean(self.because), flags=re.I)
        left = re.sub(rf"\s+(is|are) like {re.escape(right)}.*$", "", left, flags=re.I)
        right = re.sub(r"^.*\b(is|are) like\s+", "", right, flags=re.I)
        left, right, why = left[:1].upper() + left[1:], right[:1].lower() + right[1:], why[:1].upper() + why[1:]
        return f"{left} is like {right}. {why}."


class Activity(BaseModel):
    """Something that learners do."""

    materials: list[str] = Field(description="Only from the materials given; may be empty")
    minutes: int = Field(ge=1, le=60)
    steps: str = Field(description="Two or three sentences: what learners do")

    def text(self) -> str:
        """The activity as the teacher reads it."""
        return self.steps.strip()


class Representation(BaseModel):
    """Another way to show the skill."""

    shown_with: str = Field(description="What it is drawn or laid with")
    how: str = Field(description="Two sentences: what is drawn and what learners see in it")

    def text(self) -> str:
        """The representation as the teacher reads it."""
        return self.how.strip()


class Question(BaseModel):
    """A question that provokes thinking."""

    question: str = Field(description="One open question that begins with why, how or what")

    def text(self) -> str:
        """The question as the teacher asks it."""
        return self.question.strip()


SCHEMAS: dict[IdeaKind, type[Analogy | Activity | Representation | Question]] = {
    "analogy": Analogy,
    "activity": Activity,
    "representation": Representation,
    "question": Question,
}


def clean(text: str) -> str:
    """Words without the mark at their end."""
    return " ".join(text.split()).rstrip(".!;, ")


@dataclass(frozen=True)
class IdeaTerms:
    """What an idea is held to.

    Attributes:
        skill: The skill.
        tree: Where the terms of other skills come from.
        materials: What the plan has.
        minutes: Minutes of the part it goes to.
        reading_grade: Highest reading grade of what learners hear; None for another language than English.
        others: Texts that it may not repeat.
    """

    skill: Skill
    tree: SkillTree
    materials: Sequence[str]
    minutes: int
    reading_grade: float | None
    others: Sequence[str]


def idea_faults(idea: Analogy | Activity | Representation | Question, terms: IdeaTerms) -> list[str]:
    """Every reason why an idea does not enter the plan; empty if it does.

    The topic is not checked here, as it needs embeddings.
    """
    skill, text = terms.skill, idea.text()
    own = f"{skill.name}. {skill.description} {skill.explanation} {' '.join(skill.method)} {' '.join(skill.vocabulary)}"
    spoken = isinstance(idea, Analogy | Question)
    rules = SlotRules(
        (6, 45) if isinstance(idea, Question) else (10, 70),
        terms.reading_grade if spoken else None,
        [own, skill.picture],
        content=own,
        content_words=2,
        avoid=terms.others,
    )
    found = check_words(text, rules)
    if strange := sorted(_terms_in(text, terms.tree) - longer_words(f"{own} {skill.picture}")):
        found.append(f"a mathematical term that is not this skill's: {_full(text, strange[0])}")
    if re.search(r"\d\s*[-+×*/=]\s*\d", text):
        found.append("it computes")
    match idea:
        case Analogy():
            found += _analogy_faults(idea, own)
        case Question():
            found += _question_faults(text, skill)
        case Representation():
            found += _representation_faults(idea, skill)
        case Activity():
            found += _activity_faults(idea, terms)
    return found


def _analogy_faults(idea: Analogy, own: str) -> list[str]:
    found = []
    named, everyday = longer_words(idea.mathematics), longer_words(idea.everyday)
    if not named & longer_words(own):
        found.append("what it compares is not in the words of the skill")
    if not everyday or everyday & longer_words(own):
        found.append("it compares the skill with itself")
    if len(longer_words(idea.because)) < 3:
        found.append("it does not say what is the same in both")
    because = longer_words(idea.because)
    if not because & longer_words(own):
        found.append("its reason says nothing about the skill")
    return found


_OPEN = re.compile(
    r"\bwhy\b|\bhow (can|could|do|does|would|might|else|come)\b"
    r"|\bwhat (would|happens|could|might|if|changes|stays|is the (same|difference)|do you notice|makes)\b"
    r"|\bwhen (would|does|do|can|could)\b",
    re.I,
)
_YES_NO = re.compile(r"^(is|are|am|was|do|does|did|can|could|will|would|should|has|have|may|might)\b", re.I)


def _question_faults(text: str, skill: Skill) -> list[str]:
    found = []
    asked = re.split(r"(?<=[.!?])\s+", text.strip())[-1]
    if not text.endswith("?"):
        found.append("it does not end with a question mark")
    if text.count("?") > 1:
        found.append("it asks more than one question")
    if _YES_NO.match(asked):
        found.append("it can be answered by yes or no")
    if not _OPEN.search(asked):
        found.append("it does not ask for a reason or a way")
    method = [longer_words(step) for step in skill.method]
    told = longer_words(text)
    if any(len(step) > 2 and len(step & told) >= 0.75 * len(step) for step in method) or re.search(
        r"\bbecause\b", text
    ):
        found.append("it gives its answer")
    return found


_DRAWINGS = tuple(
    (
        "line bar strip tape area array grid frame block tile counter circle table graph balance scale chart cube coin "
        "diagram rectangle square row arrow picture drawing map rod dot stick card string ruler clock jar box"
    ).split()
)
"""What mathematics is shown with."""


_LAYS = r"\b(draw|show|lay|mark|shade|color|fold|cut|place|put|split|stack|line up|use|build|jump)\w*\b"


def _representation_faults(idea: Representation, skill: Skill) -> list[str]:
    found = []
    shown = f"{idea.shown_with} {idea.how}".lower()
    if not any(d in idea.shown_with.lower() for d in _DRAWINGS):
        found.append(f"{clean(idea.shown_with)[:40]} is nothing to draw or lay out")
    elif not longer_words(idea.shown_with) & longer_words(idea.how) and not any(
        d in idea.how.lower() for d in _DRAWINGS if d in idea.shown_with.lower()
    ):
        found.append("its text does not use what it is shown with")
    old = longer_words(skill.picture)
    if old and len(old & longer_words(shown)) >= 0.6 * len(old):
        found.append("it is the plan's own picture")
    if not re.search(_LAYS, shown):
        found.append("it does not say what is drawn or laid")
    return found


_THINGS = frozenset(
    (
        "cards dice die scissors glue tape computer computers tablet tablets app video phone calculator calculators "
        "ruler rulers blocks cubes tiles counters coins beans beads pizza cake cookies fruit markers stickers string "
        "balls cups water spinner spinners worksheet worksheets flashcards clay sticks straws boxes toys music "
        "website internet"
    ).split()
)
"""Things that a text may ask for without listing them."""


_WHO = r"\b(learners?|students?|partners?|groups?|pairs?|class|children|everyone|each|they|teams?)\b"


def _activity_faults(idea: Activity, terms: IdeaTerms) -> list[str]:
    found = []
    there = _stems([*terms.materials, *ALWAYS_THERE])
    missing = [m for m in idea.materials if m.strip() and not _stems([m]) <= there]
    if missing:
        found.append(f"needs {clean(missing[0])[:40]}, which the lesson does not have")
    used = set(re.findall(r"[a-z]+", idea.steps.lower()))
    if extra := sorted(t for t in _THINGS if t in used and not _stems([t]) & there):
        found.append(f"uses {extra[0]}, which the lesson does not have")
    if idea.minutes > terms.minutes:
        found.append(f"takes {idea.minutes} minutes, and its part has {terms.minutes}")
    if not re.search(_WHO, idea.steps, re.I):
        found.append("does not say who does what")
    return found


_SMALL = frozenset(
    "a an the of for to in and or with each learner two one three four some sheets sheet equal set sets".split()
)


def _stems(things: Sequence[str]) -> set[str]:
    words = (w for t in things for w in re.findall(r"[a-z]+", t.lower()) if w not in _SMALL)
    return {w[:-1] if w.endswith("s") and len(w) > 3 else w for w in words}


_OPERATIONS = (
    "added adding addition subtract subtraction subtracting multiply multiplied multiplying multiplication divide "
    "divided dividing division cross-multiply invert flipping numerator denominator equation formula fraction decimal "
    "percent ratio algorithm variable exponent square-root average factor factoring multiples"
)


@cache
def _lexicon(words: frozenset[str]) -> frozenset[str]:
    return frozenset(longer_words(" ".join(words)))


def _terms_in(text: str, tree: SkillTree) -> set[str]:
    """The mathematical terms of a text, by their first five letters.

    They are the vocabulary of the tree in words of more than six letters, and the names of the operations.
    """
    terms = {w for s in tree for term in tree[s].vocabulary for w in term.split() if len(w) > 6}
    everyday = _EVERYDAY
    return (longer_words(text) & _lexicon(frozenset(terms) | frozenset(_OPERATIONS.split()))) - everyday


_EVERYDAY = frozenset(
    longer_words(
        "without several smallest largest another between through something different balance picture whole amount "
        "share minute second greater longer shorter population interest straight steady missing outcome opposite "
        "question number solution counting counted distance relation system possible model"
    )
)
"""Words of the vocabulary that everyday talk needs too."""


def _full(text: str, stem: str) -> str:
    """The word of a text that begins with a stem."""
    return next((w for w in re.findall(r"[A-Za-z]+", text) if w.lower().startswith(stem)), stem)
