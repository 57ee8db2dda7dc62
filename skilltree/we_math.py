"""What a learner's answers to a composed problem and its sub-problems say: the We-Math diagnosis.

Qiao et al. (2024), "We-Math: Does your large multimodal model achieve human-like mathematical reasoning?". A composed
problem needs k skills and has a sub-problem for each. With M: the composed problem is right, s: how many of the k
sub-problems are right,

    IK  insufficient knowledge      not M and s < k
    IG  inadequate generalization   not M and s = k
    CM  complete mastery            M and s = k  (strict),  M and s > 0  (loose)
    RM  rote memorization           M and s < k  (strict),  M and s = 0  (loose)

Score = (CM + IG / 2) / N, RM rate = RM / (CM + RM).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from classwright.skilltree.bank import Composed

Case = Literal["IK", "IG", "CM", "RM"]
Mode = Literal["strict", "loose"]
Action = Literal["teach", "compose", "advance", "probe"]


@dataclass(frozen=True)
class NextStep:
    """What to do about one composed problem.

    Attributes:
        case: What the answers say.
        action: "teach" the failed sub-skills (IK), practice to "compose" them (IG), "advance" (CM), or "probe" again
            because the right answer may be luck or memory (RM).
        skills: What to teach, compose or probe; () to advance.
        words: One sentence for the teacher.
    """

    case: Case
    action: Action
    skills: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Rates:
    """The four cases over many problems.

    Attributes:
        n: Problems.
        ik: Share of IK, 0..1; ig, cm, rm likewise; they sum to 1.
        rm_rate: RM / (CM + RM); None where no composed problem is right.
        score: (CM + IG / 2) / N, 0..1.
    """

    n: int
    ik: float
    ig: float
    cm: float
    rm: float
    rm_rate: float | None
    score: float


def case(whole: bool, parts: Sequence[bool], mode: Mode = "strict") -> Case:
    """The case of one composed problem.

    Args:
        whole: Whether the composed problem was answered right.
        parts: Whether each sub-problem was, at least one.
        mode: How much it takes to count as complete mastery.

    Raises:
        ValueError: There is no sub-problem.
    """
    if not parts:
        raise ValueError("a composed problem has at least one sub-problem")
    if not whole:
        return "IG" if all(parts) else "IK"
    mastered = all(parts) if mode == "strict" else any(parts)
    return "CM" if mastered else "RM"


def rates(results: Iterable[tuple[bool, Sequence[bool]]], mode: Mode = "strict") -> Rates:
    """The rates over composed problems, each (whole right, sub-problems right).

    Raises:
        ValueError: There are none.
    """
    cases = [case(whole, parts, mode) for whole, parts in results]
    if not cases:
        raise ValueError("no composed problem to rate")
    n = len(cases)
    ik, ig, cm, rm = (cases.count(name) for name in ("IK", "IG", "CM", "RM"))
    return Rates(n, ik / n, ig / n, cm / n, rm / n, rm / (cm + rm) if cm + rm else None, (cm + ig / 2) / n)


def next_step(problem: Composed, whole: bool, parts: Sequence[bool], mode: Mode = "strict") -> NextStep:
    """What to do after a learner answered a composed problem and its sub-problems.

    Args:
        problem: The composed problem.
        whole: Whether it was answered right.
        parts: Whether each of its sub-problems was, in their order.
        mode: See `case`.

    Raises:
        ValueError: Another number of results than sub-problems.
    """
    if len(parts) != len(problem.parts):
        raise ValueError(f"{len(parts)} results for {len(problem.parts)} sub-problems")
    found = case(whole, parts, mode)
    every = tuple(dict.fromkeys(p.skill for p in problem.parts))
    failed = tuple(dict.fromkeys(p.skill for p, right in zip(problem.parts, parts, strict=True) if not right))
    if found == "IK":
        return NextStep(found, "teach", failed, f"Teach {_and(failed)} first: the sub-problem on it went wrong.")
    if found == "IG":
        return NextStep(found, "compose", every, f"Each step is right alone: practice putting {_and(every)} together.")
    if found == "RM":
        return NextStep(
            found, "probe", failed, f"The answer is right but not {_and(failed)}: ask again with other numbers."
        )
    if failed:  # only the loose mode overlooks a failed part
        return NextStep(found, "advance", (), f"Go on; keep an eye on {_and(failed)}.")
    return NextStep(found, "advance", (), "Go on: the whole and every step are right.")


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
