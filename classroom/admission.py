"""Whether a word problem that a model wrote enters a plan. Code decides; the model's own answer is only a witness.

Admitted is a problem whose expression is built as the skill's own problems are (`shape`), whose answer is worked out
from the expression and equals what the model believed, whose text and expression agree (`story`), which reads at grade,
repeats no problem of the plan or the test, and which a second solution, from the text alone, answers with the same
value. The second solution is asked for elsewhere (`agents.proposer`), only for what passes here.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from classwright.classroom.expression_form import Reading, take_apart
from classwright.classroom.proposals import FAMILY
from classwright.classroom.shape import learn_shape, samples
from classwright.classroom.slots import SlotRules, check_words
from classwright.classroom.story import StoryForm, asked_unit, learn_stories, sentences, story_faults
from classwright.classroom.worked_steps import twin, worked_steps
from classwright.errors import InputError
from classwright.skilltree.expression import evaluate, value
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Form, Problem
from classwright.skilltree.skill import Skill
from classwright.skilltree.values import mixed_text

WORDS = (10, 80)
MOST_IN_SENTENCE = 30
_FORM_WORDS: dict[Form, str] = {
    "simplest": r"simplest|lowest terms", "mixed": r"mixed number", "improper": r"improper", "decimal": r"decimal",
    "fraction": r"fraction", "percent": r"percent", "scientific": r"scientific", "expanded": r"expand|parentheses",
    "factored": r"factor",
}  # fmt: skip
"""What a question must say where only one form of the answer is right."""


class Offer(NamedTuple):
    """A word problem as a model gives it."""

    text: str
    expression: str
    answer: str


@dataclass(frozen=True)
class Terms:
    """What an offer is held to.

    Attributes:
        skill: The skill it should practice.
        level: The level it was asked for; another one that it fits is taken.
        taken: What `bank.numbers` says of the items of the plan and the tests.
        reading_grade: Highest reading grade; None for another language than English.
        examples: Texts that were shown to the model.
    """

    skill: Skill
    level: int
    taken: frozenset[str]
    reading_grade: float | None
    examples: Sequence[str] = ()


def written_skills(skills: Collection[str]) -> list[str]:
    """Those of some skills for which a model may write problems: their own are stories that code can read."""
    return [s for s in skills if learn_stories(s)]


def admit(offer: Offer, terms: Terms, number: int) -> tuple[Problem | None, list[str]]:
    """The problem that an offer becomes, or every reason why it does not become one.

    Args:
        offer: What the model wrote.
        terms: What it is held to.
        number: Last part of the problem's id and its seed, once a plan.
    """
    try:
        expression = plain_expression(offer.expression)
        reading, right = take_apart(expression), _answer(expression, terms.skill.id)
    except InputError as e:
        return None, [str(e)]
    shape, stories = learn_shape(terms.skill.id), learn_stories(terms.skill.id)
    level = shape.level_of(expression, terms.level)
    if level is None:
        return None, [shape.fault(expression, terms.level)]
    form = stories.get(reading.pattern)
    if form is None:
        return None, [f"no story of this skill asks for {expression}"]
    text = " ".join(offer.text.split())
    same = twin(terms.skill.id, level, expression, text)
    answer = same.answer if same else right
    draft = Problem(
        id=f"{terms.skill.id}/model/{number}", skill=terms.skill.id, level=level, seed=number, text=text, answer=answer,
        expression=expression, steps=same.steps if same else worked_steps(expression, answer, terms.skill.method),
        values=same.values if same else {}, family=FAMILY, form=form.form, unit=asked_unit(text),
    )  # fmt: skip
    faults = _faults(offer, draft, reading, form, terms)
    return (None, faults) if faults else (draft, [])


def plain_expression(written: str) -> str:
    """An expression without what models put around it: dollar signs, commas in numbers, the result.

    "$5 * 3 = $15" is 5 * 3; an equation with one letter is to be solved for it.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", written.replace("$", "")).strip().rstrip(".")
    if "=" not in plain or re.match(r"[a-z_]{3,}\(", plain):
        return plain
    letters = sorted(set(re.findall(r"(?<![a-zA-Z])[a-z](?![a-zA-Z])", plain)))
    if not letters:
        return plain.partition("=")[0].strip()
    alone = re.fullmatch(
        r"[a-z]\s*=([^=a-z]+)|([^=a-z]+)=\s*[a-z]", plain
    )  # "x = (35 - 10) / 5" is no equation to solve
    if alone:
        return (alone[1] or alone[2]).strip()
    return f"solve({plain}, {letters[0]})" if len(letters) == 1 else plain


def _answer(expression: str, skill: str) -> str:
    """The value of an expression, as a mixed number where the skill's answers are written so."""
    found = value(expression)
    mixed = isinstance(found, Fraction) and "." not in expression and _writes_mixed(skill)
    return mixed_text(found) if mixed else evaluate(expression)


@cache
def _writes_mixed(skill: str) -> bool:
    return any(re.fullmatch(r"-?\d+ \d+/\d+", p.answer) for p in samples(skill, 60))


def _faults(offer: Offer, draft: Problem, reading: Reading, form: StoryForm, terms: Terms) -> list[str]:
    found = story_faults(draft.text, draft.expression, draft.answer, form)
    if grade(offer.answer, draft.model_copy(update={"form": "", "unit": ""})).result != "right":
        found.append(f"the answer is {draft.answer}, and the model said {offer.answer[:40]}")
    if form.form in _FORM_WORDS and not re.search(_FORM_WORDS[form.form], draft.text, re.I):
        found.append(f"it does not say that the answer should be in {form.form} form")
    if _item(reading) in {_item_of(t, terms.skill.id) for t in terms.taken}:
        found.append("its numbers are those of a problem of the plan or of a test")
    if any(_masked(draft.text) == _masked(old) for old in terms.examples):
        found.append("it is an example with other numbers")
    if any(len(s.split()) > MOST_IN_SENTENCE for s in sentences(draft.text)):
        found.append(f"it has a sentence of more than {MOST_IN_SENTENCE} words")
    return found + check_words(draft.text, SlotRules(WORDS, terms.reading_grade, [draft.text]))


def _item(reading: Reading) -> tuple[str, tuple[object, ...]]:
    """What two problems share that only differ in the order of their numbers."""
    return reading.pattern, tuple(sorted([*reading.leaves, *reading.listed]))


def _item_of(taken: str, skill: str) -> tuple[str, tuple[object, ...]] | None:
    own, _, expression = taken.partition(" ")
    try:
        return _item(take_apart(expression)) if own == skill else None
    except InputError:
        return None


def _masked(text: str) -> str:
    """A text without its numbers."""
    return " ".join(re.sub(r"[\d./,$%]+", "#", text).lower().split())


def item_key(p: Problem) -> tuple[str, tuple[object, ...]]:
    """What two problems of a skill share that are the same item but for their story and the order of their numbers."""
    return _item(take_apart(p.expression))
