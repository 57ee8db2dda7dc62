"""What makes two problems alike: the template they are made from, and the numbers they are made of.

A split by row would put the same question with other numbers, or the same numbers in another story, on both sides.
"""

import ast
import re

from classwright.errors import InputError
from classwright.skilltree.bank import generator_ids, problem
from classwright.skilltree.expression import parse
from classwright.skilltree.problem import Problem

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def template(p: Problem) -> str:
    """The template of a problem: what is left of it without its numbers and its scene.

    A generator draws its frame before it looks at the scene, so the bare problem of the same seed tells the frame of a
    story. A problem that no generator made is its own template.
    """
    if p.skill not in generator_ids():
        return p.id
    bare = problem(p.skill, p.seed, p.level)
    frame = _NUMBER.sub("#", bare.text)
    return f"{p.family}, {'story' if p.text != bare.text else 'bare'}: {frame}"


def family(p: Problem) -> str:
    """The problem family, "skill/template": the unit of every split."""
    return f"{p.skill or 'file'}/{template(p)}"


def operands(p: Problem) -> frozenset[str]:
    """The numbers that a problem is made of, whatever their order, what is done with them, and the context.

    Where the expression has no numbers, the text's.
    """
    numbers = _NUMBER.findall(p.expression) or _NUMBER.findall(p.text)
    return frozenset(numbers)


def digits(p: Problem) -> int:
    """The most digits of a whole number in a problem's expression, 0 where there is none."""
    return max((len(n.replace(",", "").partition(".")[0]) for n in _NUMBER.findall(p.expression)), default=0)


def operations(p: Problem) -> frozenset[str]:
    """The names of the operations in a problem's expression ("Add", "Sub", "solve"), to compare problems by."""
    try:
        tree = parse(p.expression)
    except InputError:
        return frozenset()
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    return frozenset({type(n.op).__name__ for n in ast.walk(tree) if isinstance(n, ast.BinOp)} | called)
