"""Two control tutors that a good one must beat: one tells the answer at once, one always says the next step."""

from collections.abc import Sequence

from classwright.classroom.graded import any_right
from classwright.classroom.socratic import NextMove
from classwright.classroom.turn import Turn
from classwright.skilltree.problem import Problem


def tell(problem: Problem, turns: Sequence[Turn]) -> NextMove:
    """Says the solution with its answer in its first turn, and closes once the student has it."""
    if _solved(problem, turns):
        return _close()
    steps = " ".join(step.rstrip(".") + "." for step in problem.steps)
    unit = f" {problem.unit}" if problem.unit else ""
    text = f"{steps} So the answer is {problem.answer}{unit}.".strip()
    return NextMove("telling", "reveal answer", None, "Tell the solution and the answer.", text)


def next_step(problem: Problem, turns: Sequence[Turn]) -> NextMove:
    """Says the next step of the worked solution, whatever the student said, and the answer after the last one."""
    if _solved(problem, turns):
        return _close()
    done = sum(t.speaker == "tutor" for t in turns)
    if done < len(problem.steps) - 1:
        step = problem.steps[done].rstrip(".")
        return NextMove("telling", "reveal strategy", None, "Tell the next step.", f"Next: {step}. Now go on.")
    return tell(problem, turns)


def _solved(problem: Problem, turns: Sequence[Turn]) -> bool:
    return any_right((t.text for t in turns if t.speaker == "student"), problem)


def _close() -> NextMove:
    return NextMove("generic", "general inquiry", None, "Close.", "Good. Let us go on to the next one.", closes=True)
