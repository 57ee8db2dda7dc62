"""Whether an answer of the right value also has the form that was asked for: simplest, mixed, decimal, factored ..."""

import ast
import re
from math import gcd

from classwright.skilltree.expression import parse, value
from classwright.skilltree.polynomial import Polynomial, lift, lower, square_part
from classwright.skilltree.problem import Form
from classwright.skilltree.reading import ReadNumber


def number_fault(number: ReadNumber, form: Form, answer: ReadNumber) -> str | None:
    """What is wrong with the spelling of a number for a form; None when nothing is."""
    spelling, (whole, top, bottom) = number.spelling, number.parts
    in_fractions = spelling in ("fraction", "mixed")
    plain = spelling in ("integer", "words")
    match form:
        case "simplest":
            if in_fractions and (bottom < 2 or gcd(top, bottom) != 1 or (whole and top >= bottom)):
                return "the fraction is not in simplest form"
            if not in_fractions and not plain and answer.spelling in ("fraction", "mixed", "integer"):
                return "the answer should be a fraction in simplest form"
        case "fraction" | "improper":
            if not (
                spelling == "fraction"
                or (form == "fraction" and spelling == "mixed")
                or (plain and answer.spelling == "integer")
            ):
                return (
                    "the answer should be a fraction"
                    if form == "fraction"
                    else "the answer should be an improper fraction"
                )
        case "mixed":
            if not (spelling == "mixed" or plain or (spelling == "fraction" and abs(number.value) < 1)):
                return "the answer should be a mixed number"
            if in_fractions and top >= bottom:
                return "the fraction part of a mixed number is less than one"
        case "decimal":
            if spelling not in ("decimal", "integer", "words"):
                return "the answer should be a decimal"
        case "percent":
            if spelling != "percent":
                return "the answer should be a percent"
    return None


def expression_fault(text: str, form: Form, answer: str) -> str | None:
    """What is wrong with the form of an expression of the right value; None when nothing is."""
    if _SCIENTIFIC.fullmatch(answer):
        form = "scientific"  # an answer written like that asks for that
    match form:
        case "expanded" | "simplest":
            return _sum_fault(text, form, answer)
        case "factored":
            return _product_fault(text, answer)
        case "scientific":
            return scientific_fault(text)
    return None


def scientific_fault(text: str) -> str | None:
    """Whether a text is `a x 10^n` with 1 <= |a| < 10."""
    if _SCIENTIFIC.fullmatch(text.replace("−", "-").strip()):
        return None
    return "the answer should be a number from 1 up to 10 times a power of ten"


_SCIENTIFIC = re.compile(r"-?[1-9](?:\.\d+)?\s*(?:\*|x|×)\s*10\s*\^\s*\(?-?\d+\)?")


def _sum_fault(text: str, form: Form, answer: str) -> str | None:
    """An expanded or simplest sum: no parentheses around sums, one term for each term of the normal form."""
    terms = _addends(parse(text))
    result = lower(value(answer))
    if not isinstance(result, Polynomial):
        return _numeric_sum_fault(terms, answer)
    for term in terms:
        if any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.Add | ast.Sub) for n in _factors_of(term)):
            return "there are still parentheses to multiply out"
    if len(terms) != len(result.terms):
        return "like terms are still to be combined" if len(terms) > len(result.terms) else None
    letters = [n.id for term in terms for n in _letters_by_term(term)]
    wanted = sum(len(monomial) for monomial, _ in result.terms)
    if form == "simplest" and len(letters) > wanted:
        return "powers of the same letter are still to be combined"
    roots = re.findall(r"sqrt\((\d+)\)", text.replace(" ", ""))
    if form == "simplest" and any(square_part(int(n))[0] != 1 for n in roots if len(n) < 12):
        return "a square root is not in simplest form"
    return None


def _numeric_sum_fault(terms: list[ast.expr], answer: str) -> str | None:
    """Expanded form of a number: the same addends as the answer, in any order."""
    wanted = sorted(str(value(ast.unparse(term))) for term in _addends(parse(answer)))
    given = sorted(str(value(ast.unparse(term))) for term in terms)
    return None if given == wanted else "the addends are not those of the expanded form"


def _product_fault(text: str, answer: str) -> str | None:
    """A product of factors none of which can be factored again."""
    factors = _factors_of(parse(text))
    bases = [node.left if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) else node for node in factors]
    sums = [lower(value(ast.unparse(base))) for base in bases]
    whole = lift(value(answer))
    if len(factors) == 1 and len(_factors_of(parse(answer))) > 1 and not isinstance(factors[0], ast.BinOp | ast.Name):
        return "the answer should be a product"
    for part in sums:
        if isinstance(part, Polynomial) and len(part.terms) > 1:
            number, letters = part.content()
            if (number.numerator != 1 or letters) and part.letters():
                return "a factor has still a common factor"
            if part == whole and len(_factors_of(parse(answer))) > 1:
                return "the answer should be a product"
            if _splits(part):
                return "a factor can still be factored"
    return None


def _splits(part: Polynomial) -> bool:
    """Whether a polynomial has more than one factor over the rationals."""
    if max((power for monomial, _ in part.terms for _, power in monomial), default=0) < 2:
        return False
    again = value(f"factor({part})")
    factors = _factors_of(parse(again))
    return sum(not isinstance(factor, ast.Constant) for factor in factors) > 1 or any(_is_power(f) for f in factors)


def _is_power(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow)


def _addends(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return _addends(node.left) + _addends(node.right)
    return [node]


def _factors_of(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        return _factors_of(node.left) + _factors_of(node.right)
    if isinstance(node, ast.UnaryOp):
        return _factors_of(node.operand)
    return [node]


def _letters_by_term(node: ast.expr) -> list[ast.Name]:
    functions = {n.func for n in ast.walk(node) if isinstance(n, ast.Call)}
    return [n for n in ast.walk(node) if isinstance(n, ast.Name) and n not in functions]


def repeats_question(text: str, question: str, answer: str) -> bool:
    """Whether an expression is just what the question shows, unless the answer itself stands there."""
    squeezed = re.sub(r"[\s*]", "", text)
    asked = re.sub(r"[\s*·×]", "", question)
    return len(squeezed) > 2 and squeezed != re.sub(r"[\s*]", "", answer) and squeezed in asked
