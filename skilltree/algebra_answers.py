"""Grading of algebra: expressions, equations and inequalities, compared by what they mean.

Polynomials (roots and pi included) are compared by their unique normal form; what `polynomial` does not hold is
compared by sympy at fixed points to 40 digits, which needs no simplification and so no time limit.
"""

import re
from typing import Any

from classwright.errors import InputError
from classwright.skilltree import symbolic
from classwright.skilltree.expression import evaluate, value
from classwright.skilltree.forms import expression_fault, repeats_question
from classwright.skilltree.polynomial import Polynomial, lift, lower
from classwright.skilltree.reading import read_number, tidy
from classwright.skilltree.units import measure
from classwright.skilltree.values import Relation
from classwright.skilltree.verdict import Question, Verdict
from classwright.skilltree.word_answers import is_special, special, word

MAX_ANSWER = 200
_NAMES = re.compile(r"(?<![A-Za-z])(?:sqrt|cbrt|abs|pi|and|or)(?![A-Za-z])|(?<=\d)pi(?![A-Za-z])")


def letters_of(answer: str) -> set[str]:
    """The letters that an answer is written with."""
    return set(re.findall(r"[A-Za-z]", _NAMES.sub("", answer)))


def read_algebra(text: str, letters: set[str] | None = None) -> Any | None:
    """The value of written algebra (number, Polynomial, Relation, sympy expression), None for anything else.

    Args:
        text: What was written.
        letters: The letters of the answer; letters side by side that are none of them are a word, not a product.
    """
    if "\\" in text:
        return symbolic.read_latex(text)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text).replace("[", "(").replace("]", ")")
    text = re.sub(r"(?<=\d)\s*x\s*(?=10\s*\^)", "*", text)
    if not text or len(text) > MAX_ANSWER:
        return None
    if letters is not None and any(
        not set(run) <= letters for run in re.findall(r"[A-Za-z]{2,}", _NAMES.sub(" ", text))
    ):
        return None
    try:
        found = value(text)
    except InputError:
        return None
    if isinstance(found, Relation):
        return found
    return None if isinstance(found, str | list | tuple | bool) else found


def same_expression(a: Any, b: Any) -> bool:
    """Whether two values are the same expression."""
    if isinstance(a, Relation) or isinstance(b, Relation):
        return False
    if symbolic.is_symbolic(a) or symbolic.is_symbolic(b):
        return symbolic.same_at_points(a, b)
    return lift(a) == lift(b)


def same_equation(a: Relation, b: Relation) -> bool:
    """Whether one equation is a non-zero multiple of the other, sides swapped or terms moved."""
    if a.signs != ("=",) or b.signs != ("=",):
        return False
    if any(symbolic.is_symbolic(side) for side in (*a.values, *b.values)):
        return all(same_expression(x, y) for x, y in zip(a.values, b.values, strict=True)) or all(
            same_expression(x, y) for x, y in zip(a.values, reversed(b.values), strict=True)
        )
    left, right = (_cleared(lift(r.values[0]) - lift(r.values[1])) for r in (a, b))
    if not left.terms or not right.terms or left.terms.keys() != right.terms.keys():
        return left.terms == right.terms
    key = next(iter(left.terms))
    return left * lift(right.terms[key]) == right * lift(left.terms[key])


def _cleared(difference: Polynomial) -> Polynomial:
    """A difference times the letters in its denominators: y/x - 2 = 0 says what y - 2x = 0 says."""
    lowest: dict[str, int] = {}
    for letters, _ in difference.terms:
        for name, power in letters:
            lowest[name] = min(lowest.get(name, 0), power)
    return difference * Polynomial({(tuple(sorted((n, -p) for n, p in lowest.items() if p)), 1): 1})


def is_solved(relation: Relation) -> bool:
    """Whether an equation or inequality says directly what a letter is: x = 7, 3 < x."""
    letters = [side for side in relation.values if _is_letter(side)]
    others = [side for side in relation.values if not _is_letter(side)]
    return len(letters) == 1 and all(not isinstance(side, Polynomial) or not side.letters() for side in others)


def _is_letter(side: Any) -> bool:
    side = lower(side) if isinstance(side, Polynomial) else side
    return isinstance(side, Polynomial) and side.terms in [{(((n, 1),), 1): 1} for n in side.letters()]


def solution_set(text: str) -> str | None:
    """An inequality in one letter in canonical form ("x < 8", "-2 < x <= 5"); None when it is none."""
    text = text.strip()
    text = re.sub(r"\s+(?:is\s+)?(?:less than or equal to|at most)\s+", " <= ", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+(?:is\s+)?(?:greater than or equal to|at least)\s+", " >= ", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+(?:is\s+)?less than\s+", " < ", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+(?:is\s+)?(?:greater|more) than\s+", " > ", text, flags=re.IGNORECASE)
    text = text.replace("=<", "<=").replace("=>", ">=").replace(" AND ", " and ").replace(" OR ", " or ")
    if len(text) > MAX_ANSWER or not re.search(r"[<>]|=", text) or re.search(r"[A-Za-z]{4,}", text.replace("sqrt", "")):
        return None
    letters = set(re.findall(r"[A-Za-z]", re.sub(r"\b(?:and|or|sqrt|pi|abs)\b", "", text)))
    if len(letters) != 1:
        return None
    try:
        return evaluate(f"solve({text}, {letters.pop()})")
    except InputError:
        return None


def expression(text: str, problem: Question) -> Verdict | None:
    """Judge an algebraic expression (or an irrational number) by its value and form."""
    text = _without_unit(text, problem.unit)
    given, answer = read_algebra(text, letters_of(problem.answer)), read_algebra(tidy(problem.answer))
    if answer is None:
        return word(text, problem)
    if given is None:
        given = read_number(text)
        given = None if given is None else given.value
    if isinstance(given, Relation) and given.signs == ("=",) and not isinstance(answer, Relation):
        given = _side_of(given)  # "A = 9pi", "2x + 3x = 5x"
        text = text.rsplit("=", 1)[1].strip() if given is not None else text
    if given is None or isinstance(given, Relation):
        return None
    if not same_expression(given, answer):
        return Verdict("wrong", "the expression is not equal to the answer", text)
    fault = _algebra_form_fault(text, problem)
    if not fault and repeats_question(text, problem.text, problem.answer):
        fault = "it only repeats the question"
    return Verdict("wrong", fault, text) if fault else Verdict("right", "", text)


def _without_unit(text: str, unit: str) -> str:
    """An expression without the unit behind it: "9pi square cm" is "9pi"."""
    words = text.split(" ")
    for n in range(1, min(4, len(words))):
        tail = " ".join(words[-n:])
        if (unit and tail.lower() == unit.lower()) or (
            len(tail) > 1 and measure(tail) and (not unit or measure(tail) == measure(unit))
        ):
            return " ".join(words[:-n])
    return text


def _algebra_form_fault(text: str, problem: Question) -> str | None:
    try:
        return expression_fault(text, problem.form, problem.answer)
    except InputError:
        return "the form of the expression is not the one asked for"


def _side_of(relation: Relation) -> Any | None:
    left, right = relation.values
    if (isinstance(left, Polynomial) and len(left.terms) == 1 and len(left.letters()) == 1) or same_expression(
        left, right
    ):
        return right
    return None


def equation(text: str, problem: Question) -> Verdict | None:
    """Judge an equation: any equivalent one, solved exactly when the answer is."""
    given, answer = read_algebra(text, letters_of(problem.answer)), read_algebra(tidy(problem.answer))
    if not isinstance(answer, Relation):
        raise InputError(f"the answer {problem.answer!r} of a problem of kind equation is no equation")
    if given is not None and not isinstance(given, Relation):
        if not (isinstance(given, Polynomial) and is_letter(answer.values[0])):
            return None
        given = Relation((answer.values[0], given), ("=",))  # "2x + 1" for y = 2x + 1
    if given is None or given.signs != ("=",):
        return None
    if not same_equation(given, answer):
        return Verdict("wrong", "the equation says something different", text)
    if is_solved(given) != is_solved(answer):
        return Verdict(
            "wrong",
            "the equation should be written, not solved" if is_solved(given) else "the equation is not solved",
            text,
        )
    return Verdict("right", "", text)


def is_letter(side: Any) -> bool:
    """Whether one side of an equation is a single letter."""
    return isinstance(side, Polynomial) and str(side).isalpha()


def inequality(text: str, problem: Question) -> Verdict | None:
    """Judge an inequality by its solutions, solved exactly when the answer is."""
    if is_special(text) or is_special(problem.answer):
        return special(text, problem, solution_set(text) is not None)
    given, answer = solution_set(text), solution_set(problem.answer)
    if answer is None:
        raise InputError(f"the answer {problem.answer!r} of a problem of kind inequality is no inequality")
    if given is None:
        return None
    if given != answer:
        return Verdict("wrong", "the inequality has other solutions", text)
    relation, wanted = read_algebra(text), read_algebra(problem.answer)
    if isinstance(relation, Relation) and isinstance(wanted, Relation) and is_solved(relation) != is_solved(wanted):
        return Verdict(
            "wrong",
            "the inequality is not solved" if is_solved(wanted) else "the inequality should be written, not solved",
            text,
        )
    return Verdict("right", "", text)
