"""Problems in the text form that a teacher edits, and what a problem becomes when a teacher has changed it."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fractions import Fraction
from hashlib import sha256
from typing import get_args

from classwright.classroom.section_text import Block, Section, read_blocks, write_block
from classwright.errors import InputError
from classwright.skilltree.expression import evaluate, value
from classwright.skilltree.grading import same_answer
from classwright.skilltree.problem import Form, Kind, Problem
from classwright.skilltree.reading import read_number
from classwright.skilltree.values import Relation

FIELDS = ("question", "answer", "expression", "step", "unit", "choice", "kind", "form", "skill")
TEACHER = "teacher"
"""The family of a problem whose numbers are a teacher's; no buggy rule knows it."""
NEW = "new"
_BARE = re.compile(
    r"(?:what is|work out|calculate|find|how much is)?:?\s*([\d ./()+*×÷^−-]*\d[)]*)\s*=?\s*\??\.?", re.IGNORECASE
)


def write_problems(problems: Iterable[Problem], goal: str) -> str:
    """Problems as the body of a section; what is as usual (a number, on the goal) is left out."""
    return "\n\n".join(_write(p, goal) for p in problems)


def _write(p: Problem, goal: str) -> str:
    fields = [("question", p.text), ("answer", p.answer)]
    if p.expression:
        fields.append(("expression", p.expression))
    fields += [("unit", p.unit)] if p.unit else []
    fields += [("choice", c) for c in p.choices]
    fields += [("kind", p.kind)] if p.kind != "number" else []
    fields += [("form", p.form)] if p.form else []
    fields += [("skill", p.skill)] if p.skill != goal else []
    return write_block(p.id, [*fields, *(("step", s) for s in p.steps)])


def read_problems(
    section: Section, own: Sequence[Problem], others: Sequence[Problem], goal: str
) -> list[tuple[Problem | None, Problem]]:
    """The problems of a section in the order of the file, each with the one it was before (None: it is new).

    A problem that was not changed stays the very same. A changed one gets a new id, as its old one says how the bank
    makes it again; where its expression or kind changed it is the teacher's own, and steps that were not changed with
    it are left out, as they work out the old numbers.

    Args:
        section: As it was read.
        own: The problems that the section held.
        others: Problems of other sections, which may have been moved here.
        goal: The lesson's skill, which a new problem is on unless it says otherwise.

    Raises:
        InputError: with the line's number: an unknown problem, one without question or answer, an unknown kind or form.
    """
    waiting = list(own)
    found = []
    for block in read_blocks(section, FIELDS):
        old = None
        if block.header.lower() != NEW:
            old = next((p for p in waiting if p.id == block.header), None)
            if old is not None:
                waiting.remove(old)
            else:
                old = next((p for p in others if p.id == block.header), None)
            if old is None:
                raise InputError(
                    f"line {block.number}: the plan has no problem {block.header}; yours begins with --- new"
                )
        found.append((old, _read(block, old, goal)))
    return found


def _read(block: Block, old: Problem | None, goal: str) -> Problem:
    text, answer = block.one("question"), block.one("answer")
    for name, said in (("question", text), ("answer", answer)):
        if not said.strip():
            raise InputError(f"line {block.number}: the {name} of {block.header} is empty")
    expression, steps = block.one("expression", ""), tuple(block.all("step"))
    form = _one_of(block, "form", get_args(Form), "")
    choices = tuple(block.all("choice"))
    kind = _one_of(block, "kind", get_args(Kind), "number" if old else _kind(answer, expression, choices))
    new = {
        "text": text, "answer": answer, "expression": expression, "unit": block.one("unit", ""), "choices": choices,
        "kind": kind, "form": form, "skill": block.one("skill", goal), "steps": steps,
    }  # fmt: skip
    if old is not None and all(getattr(old, name) == stated for name, stated in new.items()):
        return old
    expression = new["expression"] = expression or _stated(text)
    if old is not None and steps == old.steps and (answer, expression) != (old.answer, old.expression):
        new["steps"] = ()
    digest = sha256("\x1f".join((text, answer, expression)).encode()).hexdigest()[:8]
    new["id"] = f"{new['skill']}/{TEACHER}/{digest}"
    if old is None:
        made = Problem(**new, level=2, seed=0, values={}, family=TEACHER)
    else:
        unknown = not expression and (text, answer) != (old.text, old.answer)  # no code says whether it still holds
        if unknown or (expression, kind, new["skill"]) != (old.expression, old.kind, old.skill):
            new |= {"values": {}, "family": TEACHER}
        made = old.model_copy(update=new)
    _check_readable(block, made)
    return made


def _one_of(block: Block, name: str, known: Sequence[str], default: str) -> str:
    """The value of a field that has few.

    Raises:
        InputError: another one; the nearest is named.
    """
    said = block.one(name, default).strip()
    if said in known:
        return said
    near = get_close_matches(said, known, n=1)
    advice = f"did you mean {near[0]}?" if near else f"there are {', '.join(k for k in known if k)}"
    raise InputError(f"line {block.number}: unknown {name} {said!r} of {block.header}; {advice}")


def _kind(answer: str, expression: str, choices: Sequence[str]) -> str:
    """How the answer of a new problem is read: as a number if it is one, else as what its expression gives."""
    if choices or (not expression and read_number(answer) is None):
        return "word"
    if read_number(answer) is not None or not expression:
        return "number"
    try:
        found = value(expression)
    except InputError:
        return "number"  # the plan's check says what is wrong with the expression
    match found:
        case int() | Fraction():
            return "number"
        case Relation():
            return "equation" if set(found.signs) == {"="} else "inequality"
        case list():
            return "list"
        case tuple():
            return "point"
        case str():
            return "comparison" if found in "<>=" else "ratio" if re.fullmatch(r"\d+(:\d+)+", found) else "word"
    return "expression"


def _check_readable(block: Block, p: Problem) -> None:
    """Refuse an answer that would not even be right where it is given word for word.

    Raises:
        InputError: see above; with the line's number.
    """
    try:
        fits = same_answer(p.answer, p.answer, kind=p.kind, form=p.form)
    except InputError:
        fits = False
    if not fits or (p.choices and p.answer not in p.choices):
        what = f"is none of its choices ({', '.join(p.choices)})" if fits else f"is no {p.form} {p.kind}"
        raise InputError(f"line {block.number}: the answer {p.answer!r} of {block.header} {' '.join(what.split())}")


def _stated(question: str) -> str:
    """The expression of a question that is nothing but arithmetic ("What is 1/2 + 1/3?"), "" for any other."""
    found = _BARE.fullmatch(question.strip())
    if not found or not re.search(r"\d\)*\s*[+*×÷^−/-]", found[1]):
        return ""
    try:
        evaluate(found[1].strip())
    except InputError:
        return ""
    return found[1].strip()


def without_code(p: Problem) -> bool:
    """Whether a problem's answer was stated by a teacher, with no expression from which code could work it out."""
    return p.family == TEACHER and not p.expression
