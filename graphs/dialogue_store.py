"""What a bulk run stores of each dialogue, and what it therefore still has to do.

A dialogue's result is stored under its unit ("000012-socratic"), each failed try under a name of its own
("000012-socratic!1"), so that nothing is ever overwritten.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from classwright.classroom.dialogue import Dialogue
from classwright.classroom.problem_file import read_problem_file
from classwright.graphs.dialogue_plan import DialogueRequest, Plan
from classwright.graphs.dialogue_schedule import Outcome
from classwright.graphs.dialogue_spec import DialogueSpec
from classwright.graphs.dialogue_summary import FAILED
from classwright.runs.run import Run
from classwright.skilltree.tree import default_tree


def record(run: Run, outcome: Outcome) -> tuple[str, dict[str, Any]]:
    """The name and the JSON that an outcome is stored as; `model_validate` gives the dialogue back."""
    name, cost = outcome.unit, outcome.cost
    stored = {
        "dialogue": outcome.dialogue.model_dump(mode="json", exclude_defaults=True) if outcome.dialogue else None,
        "failure": outcome.failure._asdict() if outcome.failure else None,
        "calls": cost.calls,
        "prompt_tokens": cost.prompt_tokens,
        "completion_tokens": cost.completion_tokens,
        "seconds": round(cost.seconds, 3),
    }
    return (name if outcome.dialogue else f"{name}{FAILED}{failures(run, name) + 1}"), stored


def failures(run: Run, unit: str) -> int:
    """How often a dialogue has failed."""
    count = 0
    while run.has_result(f"{unit}{FAILED}{count + 1}"):
        count += 1
    return count


def is_done(run: Run, unit: str) -> bool:
    """Whether a dialogue has come to its end or has failed."""
    return run.has_result(unit) or run.has_result(f"{unit}{FAILED}1")


def to_hold(run: Run, plan: Plan, *, retry_failed: bool) -> Iterator[tuple[str, DialogueSpec]]:
    """What is not done yet, in order, as (unit, spec).

    A failed one is held again on request: under a name of its own, since the journal's replies made it fail.
    """
    for i in range(len(plan)):
        unit = plan.unit(i)
        if run.has_result(unit):
            continue
        failed = failures(run, unit)
        if not failed:
            yield unit, plan.spec(i)
        elif retry_failed:
            yield unit, plan.spec(i).model_copy(update={"id": f"{unit}.{failed + 1}"})


def problems_path(run: Path, request: DialogueRequest) -> Path:
    """Where a run keeps its copy of the file with problems."""
    return run / f"problems{Path(request.problems).suffix}"


def plan_of(run: Run) -> Plan:
    """The plan of a stored run."""
    request = DialogueRequest.model_validate(run.config["request"])
    if not request.problems:
        return Plan(request, default_tree())
    read = read_problem_file(problems_path(run.path, request), skip_bad=run.config["skip_bad"])
    return Plan(request, default_tree(), read.entries)


def dialogues_of(run: Run) -> Iterator[Dialogue]:
    """The finished dialogues of a run, in the order of their numbers, one at a time."""
    for _, result in run.results_by_unit():
        if result["dialogue"] is not None:
            yield Dialogue.model_validate(result["dialogue"])


def dialogues_named(run: Run, units: Iterable[str]) -> list[Dialogue]:
    """Some finished dialogues, in the order they are asked for."""
    wanted = list(units)
    found = {
        unit: Dialogue.model_validate(result["dialogue"]) for unit, result in run.results() if unit in set(wanted)
    }  # fmt: skip
    return [found[unit] for unit in wanted]
