"""A plausible wrong answer with no idea behind it: a slip of the pen, not a misconception."""

import re
from random import Random

from classwright.skilltree.problem import Problem


def careless_answer(problem: Problem, seed: object) -> str:
    """A wrong answer close to the right one, "" (no answer) where code knows none of that kind.

    Args:
        problem: The problem.
        seed: Anything; the same seed gives the same slip.
    """
    rng = Random(f"careless/{seed}/{problem.id}")
    answer = problem.answer
    if problem.kind == "comparison":
        return rng.choice([sign for sign in "<>=" if sign != answer])
    if problem.kind == "word":
        others = [c for c in problem.choices if c.lower() != answer.lower()]
        return rng.choice(others) if others else ""
    if problem.kind == "expression" and not re.fullmatch(r"-?[\d./ ]+", answer):
        return _nudge(answer, rng)
    if problem.kind == "time" and (clock := re.fullmatch(r"(\d{1,2}):(\d\d)", answer)):
        return _nudge_clock(int(clock[1]), int(clock[2]), rng)
    if problem.kind in ("number", "list", "ratio", "point", "inequality", "equation", "expression"):
        return _nudge(answer, rng)
    return ""


def _nudge_clock(hour: int, minute: int, rng: Random) -> str:
    """A time an hour or five minutes off, so that it still is one."""
    step = rng.choice((-1, 1))
    if rng.random() < 0.5:
        return f"{(hour + step - 1) % 12 + 1}:{minute:02d}"
    return f"{hour}:{(minute + 5 * step) % 60:02d}"


def _nudge(answer: str, rng: Random) -> str:
    """One number of the answer, off by a little; denominators and exponents are left alone."""
    spots = [m for m in re.finditer(r"\d+(?:\.\d+)?", answer) if not answer[: m.start()].rstrip().endswith(("/", "^"))]
    if not spots:
        return ""
    spot = rng.choice(spots)
    old = spot.group()
    if "." in old:
        digits = len(old.split(".")[1])
        units = int(old.replace(".", "")) + rng.choice((-1, 1)) * rng.choice((1, 1, 10))
        units = units if units > 0 else int(old.replace(".", "")) + 1
        new = f"{units // 10**digits}.{units % 10**digits:0{digits}d}"
    else:
        steps = (1, 1, 2, 10) if int(old) > 20 else (1, 1, 2)
        value = int(old) + rng.choice((-1, 1)) * rng.choice(steps)
        new = str(value if value > 0 else int(old) + 1)
    return answer[: spot.start()] + new + answer[spot.end() :]
