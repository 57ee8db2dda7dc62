"""One problem of a file, from the record that holds it to a `Problem` whose answer code can grade."""

import json
import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from classwright.classroom.dialogue import problem_from_text
from classwright.classroom.solution_steps import read_solution
from classwright.classroom.wrong_solution import WrongSolution, written_solution
from classwright.errors import InputError
from classwright.skilltree.grading import grade
from classwright.skilltree.problem import Problem
from classwright.skilltree.reading import ReadNumber, read_number, tidy
from classwright.skilltree.values import decimal_text, mixed_text

MAX_QUESTION, MAX_SOLUTION, MAX_ANSWER, MAX_ID = 8_000, 20_000, 200, 150
"""Characters."""
KEYS = ("id", "question", "answer", "steps", "wrong_solution", "wrong_solutions", "skill", "unit")
"""Keys of our own format."""
_MATHDIAL = "ground_truth"
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WORDS = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,3}")


class Refused(InputError):
    """A line that cannot be used.

    Attributes:
        reason: What kind of fault it is, to be counted.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class FileProblem(NamedTuple):
    """A problem of a file.

    Attributes:
        problem: The problem; `values["worked"]` is its solution as the file has it, where it has one.
        wrong: Wrong solutions that the file gives.
        repeats: Whether its format gives a problem several times, with another wrong solution each.
    """

    problem: Problem
    wrong: tuple[WrongSolution, ...] = ()
    repeats: bool = False


def problem_of(record: Mapping[str, Any], source: str, line: int) -> FileProblem:
    """The problem of a record.

    Args:
        record: GSM8K's (question, answer with `#### n`), MathDial's (question, ground_truth with the answer as its last
            line), or our own; numbers may be texts.
        source: Name of the file, for the id of a problem that has none.
        line: Its line, likewise.

    Raises:
        Refused: something is missing or cannot be graded.
    """
    mathdial = _MATHDIAL in record
    if not mathdial:
        for key in record:
            if fault := unknown_key(key, record):
                raise Refused("unknown key", fault)
    question = _text(record, "question", MAX_QUESTION)
    if not question:
        raise Refused("no question", "question is missing or empty")
    said = _text(record, _MATHDIAL if mathdial else "answer", MAX_SOLUTION)
    worked, answer = _parts(said, mathdial)
    if not answer:
        raise Refused("no answer", f"{_MATHDIAL if mathdial else 'answer'} is missing or empty" if not said
                      else "answer has a solution and no line #### with the answer")  # fmt: skip
    own = _listed(record, "steps")
    own = _text(record, "steps", MAX_SOLUTION).split("\n") if own is None else [" ".join(t.split("\n")) for t in own]
    own = [line.strip() for line in own if line.strip()]
    if own and worked:
        raise Refused("two solutions", "has steps, and a solution in its answer too; keep one")
    worked = worked or "\n".join(own)
    name = _name(record, source, line, mathdial)
    problem = problem_from_text(name, question, answer, tuple(step.text for step in read_solution(worked)))
    problem = problem.model_copy(
        update={"skill": _text(record, "skill", MAX_ID), "values": {"worked": worked} if worked else {}}
        | _readable(answer, _text(record, "unit", MAX_ID))
    )
    return FileProblem(problem, _wrong(record, problem, mathdial), repeats=mathdial)


def unknown_key(key: str, record: Collection[str]) -> str:
    """What is wrong with a key that looks like a misspelled one of ours; "" for nothing. Other keys are left alone."""
    near = [] if not isinstance(key, str) or key in KEYS or not key else get_close_matches(key.lower(), KEYS, 1, 0.8)
    return f"unknown key {key[:40]!r}; did you mean {near[0]}?" if near and near[0] not in record else ""


def _name(record: Mapping[str, Any], source: str, line: int, mathdial: bool) -> str:
    given = _text(record, "qid" if mathdial else "id", MAX_ID)
    if mathdial:
        return f"mathdial/{given or line}"
    return given or f"{source[:60]}/{line}"


def _text(record: Mapping[str, Any], key: str, longest: int) -> str:
    return _checked(key, record.get(key), longest)


def _checked(key: str, value: object, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused("not a text", f"{key} is no text but {type(value).__name__}")
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > longest:
        raise Refused("too long", f"{key} has {len(text)} characters, more than {longest}")
    if _UNSEEN.search(text):
        raise Refused("unprintable", f"{key} holds characters that cannot be printed")
    return text


def _listed(record: Mapping[str, Any], key: str) -> list[str] | None:
    """The texts of a list, in JSON or written as JSON in the cell of a table; None for a single text."""
    value = record.get(key)
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, list):
        return None
    return [text for item in value if (text := _checked(key, item, MAX_SOLUTION))]


def _parts(said: str, mathdial: bool) -> tuple[str, str]:
    """The worked solution and the final answer."""
    if "####" in said:
        worked, _, answer = said.rpartition("####")
        return worked.strip(), answer.strip()
    if mathdial:
        worked, _, answer = said.rpartition("\n")
        return worked.strip(), answer.strip()
    if "<<" in said and ">>" in said:
        return said, ""  # GSM8K's annotations without its last line
    return "", said


def _readable(answer: str, unit: str) -> dict[str, Any]:
    """How an answer is stored so that it can be graded: its canonical text, kind and unit.

    Raises:
        Refused: it is no number, no expression and no short word.
    """
    if len(answer) > MAX_ANSWER:
        raise Refused("too long", f"the answer has {len(answer)} characters, more than {MAX_ANSWER}")
    number = read_number(answer)
    if number is not None:
        text = _canonical(number, answer)
        return {"answer": text, "expression": text, "unit": unit or number.unit}
    if _WORDS.fullmatch(answer):
        low = answer.lower()
        return {"kind": "word", "unit": unit, "choices": ("yes", "no") if low in ("yes", "no") else ()}
    for kind in ("expression", "equation", "inequality", "ratio", "point"):
        changed = {"kind": kind, "unit": unit}
        try:
            fits = re.search(r"[\dx]", answer) and _fits(answer, changed)
        except InputError:
            continue
        if fits:
            return changed
    raise Refused("unreadable answer", f"the answer {answer[:40]!r} cannot be graded: no number, expression or word")


def _fits(answer: str, changed: Mapping[str, Any]) -> bool:
    """Whether an answer is right where it is the answer."""
    return grade(answer, problem_from_text("", "", answer).model_copy(update=changed)).result == "right"


def _canonical(number: ReadNumber, written: str) -> str:
    if number.spelling == "percent":
        return f"{decimal_text(100 * number.value) or mixed_text(100 * number.value)}%"
    if number.spelling == "fraction":
        top, bottom = number.parts[1], number.parts[2]
        return f"{'-' * (number.value < 0)}{abs(top)}/{abs(bottom)}"
    if number.spelling == "mixed":
        return mixed_text(number.value)
    cents = re.search(r"\.\d0\b|\.00\b", tidy(written))
    text = decimal_text(number.value) or str(number.value)
    if cents and number.spelling == "decimal" and ("$" in written or number.unit == "dollars"):
        whole, _, places = text.partition(".")
        text = f"{whole}.{places.ljust(2, '0')}"
    return text


def _wrong(record: Mapping[str, Any], problem: Problem, mathdial: bool) -> tuple[WrongSolution, ...]:
    if mathdial:
        text = _text(record, "student_incorrect_solution", MAX_SOLUTION)
        found = written_solution(text, problem) if text else None
        # its students are right now and then; such a solution is no wrong one, and the problem is as good without
        return (found,) if found else ()
    texts = []
    for key in ("wrong_solution", "wrong_solutions"):
        listed = _listed(record, key)
        texts += [_text(record, key, MAX_SOLUTION)] if listed is None else listed
    made = []
    for text in filter(None, texts):
        found = written_solution(text, problem)
        if found is None:
            raise Refused("wrong solution is right", f"a wrong solution comes to the answer {problem.answer}")
        made.append(found)
    return tuple(made)
