"""Worked steps of a problem that no generator wrote.

They are a bank problem's own where the numbers are the same, else the operations of the expression, one a step.
"""

import ast
import re
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from classwright.errors import InputError
from classwright.skilltree.bank import problem
from classwright.skilltree.expression import evaluate, parse, value
from classwright.skilltree.problem import Problem
from classwright.skilltree.values import mixed_text, show

SEEDS = 1500
"""Problems a level that are looked through for one with the same numbers."""
_SIGNS: dict[type, str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "×", ast.Div: "÷", ast.Pow: "^"}
_EVERYWHERE = frozenset(
    (
        "number numbers what whole equal each many more find left there this that they then parts part all "
        "have with from same write into make does line"
    ).split()
)


def twin(skill: str, level: int, expression: str, text: str) -> Problem | None:
    """A bank problem with the same expression whose steps speak of nothing but the numbers; None if there is none.

    Args:
        skill: Its skill, which has a generator.
        level: Its level.
        expression: What it asks.
        text: The story that the steps are to explain: they may use its words, no others from another story.
    """
    wanted = expression.replace(" ", "")
    own = set(re.findall(r"[a-z]{4,}|\d+", text.lower()))
    for seed in range(SEEDS):
        p = problem(skill, seed, level)
        if p.expression.replace(" ", "") == wanted:
            said = set(re.findall(r"[a-z]{4,}", " ".join(p.steps).lower()))
            told = set(re.findall(r"[a-z]{4,}", p.text.lower()))
            extra = set(re.findall(r"\d+", p.text)) - own
            if not extra and not (said & told) - own - _EVERYWHERE:
                return p
            return None
    return None


def worked_steps(expression: str, answer: str, method: Sequence[str] = ()) -> tuple[str, ...]:
    """The operations of an expression as steps, each a true equation, the last with the answer.

    Args:
        expression: In the language of `expression.evaluate`.
        answer: Its value as the problem gives it.
        method: How the skill is done, for an expression whose operations say nothing (a median, say).
    """
    steps: list[str] = []
    tree = parse(expression)
    if isinstance(tree, ast.Call):
        solving = isinstance(tree.func, ast.Name) and tree.func.id == "solve" and len(tree.args) == 2
        steps += _solve_steps(expression, answer) if solving else method
    else:
        _reduce(tree, steps, "." in expression)
    last = f"So the answer is {answer}."
    return (*steps, last)


def _solve_steps(expression: str, answer: str) -> list[str]:
    """The equation, what it comes down to where it is linear, and the solution put in."""
    equation, _, letter = expression.strip()[len("solve(") : -1].rpartition(",")
    letter, left, _, right = letter.strip(), *equation.partition("=")
    shown = f"{left.strip()} = {right.strip()}"
    steps = [f"Write {letter} for what is asked: {shown}."]
    try:
        at = [_at(left, letter, x) - _at(right, letter, x) for x in (0, 1, 2)]
    except (InputError, TypeError):
        at = []
    if len(at) == 3 and at[2] - at[1] == at[1] - at[0] != 0:
        slope, rest = at[1] - at[0], -at[0]
        if slope not in (1, -1) and slope.denominator == 1:
            steps.append(f"Bring the numbers to one side: {show(slope)}{letter} = {show(rest)}.")
    return [*steps, f"{letter} = {answer}, because it makes both sides equal."]


def _at(side: str, letter: str, x: int) -> Fraction:
    found = value(f"at({side}, {letter}={x})")
    return Fraction(found)


class _Part(NamedTuple):
    """A number on the way, and how it is written."""

    value: Fraction
    shown: str


def _reduce(node: ast.expr, steps: list[str], decimals: bool) -> _Part | None:
    """A node of plain arithmetic worked out; its operations are appended to the steps, the innermost first."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _reduce(node.operand, steps, decimals)
        return None if inner is None else _Part(-inner.value, f"-{inner.shown}")
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return _Part(Fraction(node.value), str(node.value))
    if not isinstance(node, ast.BinOp):
        return None
    literal = _literal(node, decimals)
    if literal is not None:
        return literal
    a, b = _reduce(node.left, steps, decimals), _reduce(node.right, steps, decimals)
    if a is None or b is None:
        return None
    result = Fraction(evaluate(f"({a.value}) {_ascii(node.op)} ({b.value})"))
    bottoms = {a.value.denominator, b.value.denominator}
    if isinstance(node.op, ast.Add | ast.Sub) and not decimals and len(bottoms) == 2 and 1 not in bottoms:
        bottom = lcm(*bottoms)
        new = [f"{x.shown} = {_over(x.value, bottom)}" for x in (a, b) if x.value.denominator != bottom]
        steps.append(f"Use {bottom} as the bottom number: {' and '.join(new)}.")
    second = f"({b.shown})" if b.shown.startswith("-") else b.shown
    found = _Part(result, show(result, True) if decimals else mixed_text(result))
    steps.append(f"{a.shown} {_SIGNS[type(node.op)]} {second} = {found.shown}.")
    return found


def _literal(node: ast.BinOp, decimals: bool) -> _Part | None:
    """A decimal, a fraction or a mixed number, which is one number and no step."""
    source = ast.unparse(node)
    if match := re.fullmatch(r"(\d+) / (\d+)", source):
        top, bottom = int(match[1]), int(match[2])
        tenths = str(bottom).strip("0") == "1"
        if not bottom or not (top % bottom or tenths):
            return None
        x = Fraction(top, bottom)
        return _Part(x, show(x, True) if decimals and tenths else f"{top}/{bottom}")
    if match := re.fullmatch(r"(\d+) \+ (\d+) / (\d+)", source):
        whole, top, bottom = map(int, match.groups())
        return _Part(whole + Fraction(top, bottom), f"{whole} {top}/{bottom}") if bottom and top < bottom else None
    return None


def _ascii(op: ast.operator) -> str:
    return {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}[type(op)]


def _over(x: Fraction, bottom: int) -> str:
    return f"{x.numerator * (bottom // x.denominator)}/{bottom}"
