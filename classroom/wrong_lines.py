"""A changed solution in words: the lines of the right one, with what follows from the change put in."""

import re
from collections.abc import Mapping
from fractions import Fraction

from classwright.classroom.arithmetic import NUMBER, Term, number_of
from classwright.classroom.equations import false_equations
from classwright.classroom.solution_chain import Chain, Redone, write
from classwright.classroom.solution_steps import Calculation

_PROSE_NUMBER = re.compile(rf"(?<![\w.,/]){NUMBER}(?![\w/]|[.,]\d)")
_CUE = re.compile(
    r"\b(half|third|quarter|twice|thrice|double\w*|triple\w*|times|product|multipl\w+|divid\w+|split|share\w*|sum|total|"
    r"add\w*|plus|together|combined|altogether|differ\w+|subtract\w*|minus|more|fewer|less|left|remain\w*|percent\w*|"
    r"each|every|per|of|increase\w*|decrease\w*|discount\w*|off|average\w*|older|younger|take\w*|gave|lost|"
    r"combin\w+|spends?|spent|doubl\w+|longer|shorter|fold|half-\w+)\b|%|/",
    re.I,
)
"""Words that say which operation is meant: they do not stand beside another one."""


def wrong_lines(chain: Chain, redone: Redone) -> tuple[str, ...] | None:
    """The lines of a changed solution, without a line for the answer; None where words and numbers would not agree."""
    change = redone.change
    first = chain.lines[change.at]
    new = _renamed(chain, redone)
    lines = []
    for number, step in enumerate(chain.steps):
        if number < first:
            lines.append(step.text)
            continue
        if change.stops:
            lines.append(step.text)
            break
        here = [i for i, line in enumerate(chain.lines) if line == number]
        if number == first and change.skipped:
            if len(here) > 1:
                return None
            continue
        text = _line(chain, redone, number, here, new)
        own = number == first and change.terms is None  # a slip: its own equation is meant to be false
        if len(false_equations(text)) > len(false_equations(step.text)) + own:
            return None
        lines.append(text)
    return tuple(lines)


def _renamed(chain: Chain, redone: Redone) -> Mapping[Fraction, Fraction]:
    """Old result -> new, where a number in the text can mean nothing else."""
    kept = {c.result for c, x in zip(chain.calculations, redone.results, strict=True) if c.result == x}
    new: dict[Fraction, set[Fraction]] = {}
    for c, x in zip(chain.calculations, redone.results, strict=True):
        if c.result not in kept and c.result not in chain.given:
            new.setdefault(c.result, set()).add(x)
    return {old: values.pop() for old, values in new.items() if len(values) == 1}


def _line(chain: Chain, redone: Redone, number: int, here: list[int], new: Mapping[Fraction, Fraction]) -> str:
    text = chain.steps[number].text
    out, at = "", 0
    for i in here:
        c, terms, result = chain.calculations[i], redone.terms[i], redone.results[i]
        own = redone.change.at == i
        before = text[at : c.start]
        if (terms, result) == (c.terms, c.result) and not own:
            out += _prose(before, new) + text[c.start : c.end]
        elif (
            own and redone.change.terms is not None and (redone.change.says or not c.expressed or _CUE.search(before))
        ) or (c.expressed and _left_behind(chain, redone, i, before, new)):
            out += (", " if at else "") + (redone.change.says or _equation(text, c, terms, result))
        elif c.expressed:
            out += _prose(before, new) + _equation(text, c, terms, result)
        else:
            out += _prose(before, new) + _shown(text, c, result)
        at = c.end
    return out + _prose(text[at:], new)


def _left_behind(chain: Chain, redone: Redone, i: int, before: str, new: Mapping[Fraction, Fraction]) -> bool:
    """Whether the words before a calculation go on naming a number that it no longer has."""
    pairs = zip(chain.calculations[i].terms, redone.terms[i], strict=False)
    gone = {number_of(a.text) for a, b in pairs if a != b and a.is_number} - set(new)
    return any(number_of(m[0]) in gone for m in _PROSE_NUMBER.finditer(before))


def _equation(text: str, c: Calculation, terms: tuple[Term, ...], result: Fraction) -> str:
    return f"{spelled(terms)} = {_shown(text, c, result)}"


def _shown(text: str, c: Calculation, result: Fraction) -> str:
    money = bool(re.search(r"\$\s?[\d.,]+$", text[c.start : c.end]))
    return write(result, "$" * money + c.shown)


def spelled(terms: tuple[Term, ...]) -> str:
    """A calculation as it is written, with spaces around its signs."""
    out = ""
    for i, term in enumerate(terms):
        sign = term.text in "+-*/" and i > 0 and terms[i - 1].text not in "(+-*/"
        out += f" {term.written or 'x'} " if sign else term.written
    return out


def _prose(text: str, new: Mapping[Fraction, Fraction]) -> str:
    def changed(match: re.Match[str]) -> str:
        value = number_of(match[0])
        return write(new[value], match[0]) if value is not None and value in new else match[0]

    return _PROSE_NUMBER.sub(changed, text)
