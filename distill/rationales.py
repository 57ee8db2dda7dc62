"""Supervised rows that need no model: bank problems with their worked steps as a rationale that ends in "ANSWER: x".

A small model learns arithmetic from digit-by-digit steps (800 of them brought SmolLM2-135M from 2 to about 75 of 100
two-digit problems). The prompt is the exam's own, so what is trained is what is asked at run time. The exam holds
problems with unseen operands, problems of templates that training never saw, and problems with longer numbers.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from random import Random
from typing import NamedTuple

from classwright.classroom.transcript_text import one_line
from classwright.distill.families import digits, family, operands, operations, template
from classwright.distill.rows import ExamItem, Message, Row
from classwright.errors import InputError
from classwright.prompts import render
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree

TWO_DIGIT = ("whole.add_2digit", "whole.add_regroup", "whole.subtract_2digit", "whole.subtract_regroup")
"""Two-digit addition and subtraction, without and with a trade."""
SOURCE = "classwright rationales"
EXAM = 200
"""Held-out problems; of the other kinds half as many."""
STORIES = 0.5
"""Share of problems that are told as a story."""
UNSEEN = 0.25
"""Share of templates that are kept for the exam."""
DRAWS = 400
"""Draws in a row without a new problem after which a skill counts as used up."""
_INTERESTS = ("football", "baking", "swimming", "music", "dogs", "gardening", "reading", "trains")
_CHECK = re.compile(r"^Check\b")


class Rationales(NamedTuple):
    """What was made.

    Attributes:
        train: Rows to train on.
        held_out: Rows of the exam's held-out problems, for the loss on unseen operands.
        exam: Items, kinds "held_out", "unseen_template" and "longer".
        levels: Level -> training rows.
        notes: What could not be made, in sentences.
    """

    train: list[Row]
    held_out: list[Row]
    exam: list[ExamItem]
    levels: dict[str, int]
    notes: list[str]


def worked(p: Problem) -> str:
    """A problem's steps in one line, without its check and without the line that only repeats question and answer."""
    steps = [s for s in p.steps if not _CHECK.match(s)]
    last = steps[-1].rstrip(".") if steps else ""
    left, equals, right = last.partition(" = ")
    repeats = right == f"{p.answer}" and re.findall(r"\d+", left) == re.findall(r"\d+", p.expression)
    if len(steps) > 1 and ((equals and repeats) or last.startswith("The answer is")):
        steps.pop()
    return " ".join(s if s.endswith((".", "!", "?")) else f"{s}." for s in steps)


def rationale(p: Problem) -> str:
    """The worked steps and the answer, as an exam wants it: "Ones: 5 + 9 = 14. ... ANSWER: 74", on two lines."""
    return f"{worked(p)}\nANSWER: {p.answer}".strip()


def prompt(p: Problem) -> tuple[Message, ...]:
    """What an exam asks (see `agents.model_student`)."""
    asked = render("exam", material="", exemplars=[], question=one_line(p.text))
    return tuple(Message.model_validate(m) for m in asked)


def row(p: Problem, source: str = SOURCE) -> Row:
    """The supervised row of a problem."""
    messages = (*prompt(p), Message(role="assistant", content=rationale(p)))
    return Row(id=_id(p), messages=messages, skill=p.skill, family=family(p), source=source)


def item(p: Problem, kind: str) -> ExamItem:
    """The exam item of a problem."""
    return ExamItem(id=_id(p), messages=prompt(p), answer=p.answer, skill=p.skill, kind=kind, answer_kind=p.kind,
                    form=p.form, choices=p.choices)  # fmt: skip


def make_rationales(
    skills: Sequence[str], n: int, seed: int, tree: SkillTree, levels: Sequence[int] = (2,), exam: int = EXAM
) -> Rationales:
    """Draw `n` training rows and the exam. The same arguments give the same rows.

    No operands of a held-out or unseen-template problem occur in training, in whatever order, operation or context.

    Args:
        skills: Skills with a generator, by turns.
        n: Training rows.
        seed: Draws everything.
        tree: For the skills that come after the trained ones, which have longer numbers.
        levels: 1 to 3, in turns: levels of one skill differ in the numbers' size and in the way of asking.
        exam: Held-out items; half as many of each other kind.

    Raises:
        InputError: A skill without a generator, or too few different problems.
    """
    for skill in skills:
        if skill not in generator_ids():
            raise InputError(f"skill {skill}: has no problem generator; `classwright tree show` lists those that have")
    rng = Random(f"rationales/{seed}")
    unseen = _unseen_templates(skills, levels, rng)
    places = list(dict.fromkeys((skill, level) for level in levels for skill in skills))
    held = _draw(places, exam, rng, lambda p: template(p) not in unseen)
    other = _draw(places, exam // 2, rng, lambda p: template(p) in unseen) if unseen else []
    banned = {operands(p) for p in (*held, *other)}
    train = _draw(places, n, rng, lambda p: template(p) not in unseen and operands(p) not in banned)
    for what, found, wanted in (("held-out", held, exam), ("training", train, n)):
        if len(found) < wanted:
            raise InputError(
                f"{', '.join(skills)}: only {len(found)} different {what} problems of {wanted} at level "
                f"{', '.join(map(str, levels))}; ask for fewer, or for more skills or levels"
            )
    longer = _longer(train, places, tree, exam // 2, rng)
    notes = [
        text
        for missing, text in (
            (not other, "No template could be kept from training, so there is no exam on unseen templates."),
            (not longer, "No skill that follows asks the same with longer numbers, so there is no exam on them."),
        )
        if missing
    ]
    items = [
        item(p, kind)
        for kind, found in (("held_out", held), ("unseen_template", other), ("longer", longer))
        for p in found
    ]
    counts = Counter(f"level {p.level}" for p in train)
    return Rationales([row(p) for p in train], [row(p) for p in held], items, dict(sorted(counts.items())), notes)


def _id(p: Problem) -> str:
    return f"{p.id}/{p.interest or 'bare'}"


def _problem(skill: str, level: int, rng: Random) -> Problem:
    interest = rng.choice(_INTERESTS) if rng.random() < STORIES else None
    return problem(skill, rng.randrange(2**31), level, interest)


def _draw(
    places: Sequence[tuple[str, int]], n: int, rng: Random, fits: Callable[[Problem], bool]
) -> list[Problem]:  # fmt: skip
    """Up to `n` problems with different operands within a skill, skills and levels in turn."""
    found: list[Problem] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    left = list(places)
    while left and len(found) < n:
        for skill, level in tuple(left):
            p = next(_fresh(skill, level, rng, fits, seen), None)
            if p is None:
                left.remove((skill, level))
                continue
            seen.add((skill, operands(p)))
            found.append(p)
    return found[:n]


def _fresh(
    skill: str, level: int, rng: Random, fits: Callable[[Problem], bool], seen: set[tuple[str, frozenset[str]]]
) -> Iterator[Problem]:
    for _ in range(DRAWS):
        p = _problem(skill, level, rng)
        if (skill, operands(p)) not in seen and fits(p):
            yield p


def _unseen_templates(skills: Sequence[str], levels: Sequence[int], rng: Random) -> set[str]:
    """Templates that training does not see: a quarter, but of no skill and level the last one, bare or as a story."""
    found: dict[tuple[str, int, bool], set[str]] = {}
    for skill in skills:
        for level in levels:
            for _ in range(60):
                p = _problem(skill, level, rng)
                found.setdefault((skill, level, ", story: " in template(p)), set()).add(template(p))
    templates = sorted(set().union(*found.values()))
    wanted = max(1, round(UNSEEN * len(templates)))
    rng.shuffle(templates)
    unseen: set[str] = set()
    for one in templates:
        if len(unseen) < wanted and all(len(kinds - unseen - {one}) > 0 for kinds in found.values() if one in kinds):
            unseen.add(one)
    return unseen


def _longer(
    train: Sequence[Problem], places: Sequence[tuple[str, int]], tree: SkillTree, n: int, rng: Random
) -> list[Problem]:  # fmt: skip
    """Problems with the same operations on numbers of one digit more, of the skills and of those that build on them."""
    most, known = max(map(digits, train)), {(operations(p), len(operands(p))) for p in train}
    skills = list(dict.fromkeys(skill for skill, _ in places))
    after = [d for s in skills if s in tree for d in tree.dependents(s) if d in generator_ids()]
    wider = [(skill, level) for skill in dict.fromkeys((*skills, *after)) for level in (1, 2, 3)]

    def fits(p: Problem) -> bool:
        return digits(p) == most + 1 and (operations(p), len(operands(p))) in known

    possible = [(s, level) for s, level in wider if any(fits(_problem(s, level, rng)) for _ in range(20))]
    return _draw(_by_operation(possible, fits, rng), n, rng, fits)


def _by_operation(
    places: Sequence[tuple[str, int]], fits: Callable[[Problem], bool], rng: Random
) -> list[tuple[str, int]]:  # fmt: skip
    """Places repeated so that every operation comes as often as any other, whatever the number of its skills."""
    groups: dict[frozenset[str], list[tuple[str, int]]] = {}
    for skill, level in places:
        drawn = (_problem(skill, level, rng) for _ in range(200))
        if p := next((p for p in drawn if fits(p)), None):
            groups.setdefault(operations(p), []).append((skill, level))
    turns = [cycle(group) for group in groups.values()]
    longest = max(map(len, groups.values()), default=0)
    return [next(turn) for _ in range(longest) for turn in turns]
