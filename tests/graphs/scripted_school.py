"""Scripted teachers and students for learning-by-teaching experiments, and a way to run one without a model."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from classwright.graphs.teach import job
from classwright.graphs.teach.frame import Outcome
from classwright.graphs.teach.select import PAIR_LENGTH
from classwright.models.scripted import Say, ScriptedModel
from classwright.runs.recipe import Recipe

Body = dict[str, Any]


class Exam(NamedTuple):
    """A request of prompts/exam: the question, what stood before it (question, work), and what was taught."""

    question: str
    shown: list[tuple[str, str]]
    taught: str


def exam_of(body: Body) -> Exam | None:
    """The exam question of a request, None for any other request."""
    system, *turns = [m["content"] for m in body["messages"]]
    if not system.startswith("You solve math problems"):
        return None
    return Exam(turns[-1], list(zip(turns[:-1:2], turns[1:-1:2], strict=True)), system.partition("taught:\n")[2])


def system_of(body: Body) -> str:
    return body["messages"][0]["content"]


def user_of(body: Body) -> str:
    return body["messages"][-1]["content"]


def solve(question: str) -> int:
    """The answer of "What is 10 - 3?"."""
    a, sign, b = re.search(r"(\d+) ([+-]) (\d+)", question).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return int(a) + int(b) if sign == "+" else int(a) - int(b)


def dice(*what: object) -> float:
    """A number in 0..1 that belongs to `what`."""
    return Random(repr(what)).random()


def said(question: str, *, right: bool, work: str = "Work.") -> str:
    return f"{work}\nANSWER: {solve(question) + (not right)}"


def chance(p: float) -> Say:
    """The reply to a choice of A (right) or B (wrong)."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return Say("A" if p > 0.5 else "B", logprobs={"A": math.log(p), "B": math.log(1 - p)})


def quiet(label: str, done: int, total: int) -> None:
    pass


def ran(
    name: str, settings: dict[str, Any], script: Callable[[Body], Any], root: Path, seed: int = 0
) -> tuple[dict[str, Any], ScriptedModel]:
    """The summary of an experiment's run, and the model that was asked."""
    model = ScriptedModel(script)
    recipe = Recipe(seed=seed, teach={name: settings})
    return job.start(name, recipe, root=root, progress=quiet, endpoint=model), model


def row(summary: dict[str, Any], arm: str, table: int = 0) -> float:
    """The mean of an arm."""
    return next(r["value"]["mean"] for r in summary["tables"][table]["rows"] if r["arm"] == arm)


def records(summary: dict[str, Any]) -> dict[str, Any]:
    """Unit -> record of a run."""
    from classwright.runs.run import open_run

    with open_run(summary["run"], mode="replay") as run:
        return dict(run.results())


def means(outcome: Outcome) -> dict[str, float]:
    """Arm -> mean in an outcome's first table, of the arms that have one."""
    return {r.arm: r.value.mean for r in outcome.tables[0].rows if r.value.mean is not None}


def pairs_that_teach(exam: Exam, body: Body, *, shots: int, right: float, luck: float) -> str:
    """A teacher whose pairs are right by chance; a student who learns all from a right pair, else has luck."""
    if body["max_tokens"] == PAIR_LENGTH:
        good = dice("pair", body["seed"], exam.question) < right
        return said(exam.question, right=good, work="good way" if good else "bad way")
    taught = exam.shown[-1][1] if len(exam.shown) > shots else ""
    return said(exam.question, right="good" in taught or dice("luck", exam.question) < luck)
