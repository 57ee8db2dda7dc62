"""order: in which order to teach skills, predicted from their distances and measured on a real small learner.

Curriculum Designer (Singh et al., 2022) scores an order from D, the distances between the skills' mean features, and v,
the normalized variance of D's rows: 1 - v(c0) + sum over i <= (n-1)/2 of 1 - D(c_i, c_(n-1-i)) + D(c_i, c_(i+1)). Here
only orders that respect the prerequisites count. What it should predict is measured: a small network learns the skills
one after the other in each order, and forgetting is how much of each skill is lost by the end. The rank correlation of
score and forgetting stands beside a permutation null, and recall@k says how many of the k best orders are among the k
with the highest scores.
"""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.effects import estimate as mean_of
from classwright.classroom.effects import permutation_null, spearman
from classwright.classroom.small_learner import SmallLearner, encode
from classwright.errors import InputError
from classwright.graphs.teach.frame import Cost, Outcome, Stage, Values, table
from classwright.skilltree.bank import generator_ids, problems
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree, default_tree

MOST = 7
"""Skills at most: 7 have 5,040 orders."""


class Settings(BaseModel):
    """Part `[teach.order]` of a recipe.

    Attributes:
        skills: The skills to order, 3 to 7.
        level: Difficulty of their problems.
        problems: Problems per skill; the learner is tested on what it practiced, as forgetting is losing what one had.
        epochs: Passes over a skill's problems.
        seeds: Of the learner.
        top: k of recall@k.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    skills: tuple[str, ...] = (
        "counting.add_within_10", "counting.subtract_within_10", "counting.add_within_20",
        "counting.subtract_within_20", "whole.multiply_facts",
    )  # fmt: skip
    level: int = Field(default=2, ge=1, le=3)
    problems: int = Field(default=60, ge=10, le=2000)
    epochs: int = Field(default=60, ge=1, le=500)
    seeds: tuple[int, ...] = Field(default=(0, 1, 2), min_length=1)
    top: int = Field(default=3, ge=1)

    def checked(self) -> "Settings":
        """The same settings.

        Raises:
            InputError: too few or too many skills, or one without problems.
        """
        unknown = [s for s in self.skills if s not in generator_ids()]
        if unknown:
            raise InputError(f"[teach.order] skills: no problems for {', '.join(unknown)}")
        if not 3 <= len(set(self.skills)) == len(self.skills) <= MOST:
            raise InputError(f"[teach.order] skills: 3 to {MOST} different ones, not {len(self.skills)}")
        return self


def units(s: Settings) -> list[str]:
    """One unit a seed: every order of the skills is learned with it."""
    return [f"s{seed}" for seed in s.seeds]


def cost(s: Settings) -> Cost:
    """No model is asked."""
    return Cost(0, 0)


def allowed(skills: Sequence[str], tree: SkillTree) -> list[tuple[str, ...]]:
    """All orders in which no skill comes before one that it needs, directly or not."""
    below = {s: set(tree.ancestors(s)) & set(skills) for s in skills}
    return [
        order
        for order in permutations(skills)
        if all(below[s] <= set(order[:place]) for place, s in enumerate(order))
    ]  # fmt: skip


def distances(features: Sequence[np.ndarray]) -> np.ndarray:
    """Cosine distances between the skills' mean features, scaled so that the largest is 1, (n, n)."""
    means = np.stack([f.mean(axis=0) for f in features])
    unit = means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    d = np.clip(1 - unit @ unit.T, 0, None)
    np.fill_diagonal(d, 0)
    return d / d.max() if d.max() > 0 else d


def score(order: Sequence[int], d: np.ndarray) -> float:
    """Curriculum Designer's score of an order.

    Args:
        order: Places in `d`.
        d: Distances between skills, 0..1, (n, n).
    """
    n = len(order)
    variance = d.var(axis=1)
    v = variance / variance.sum() if variance.sum() > 0 else variance
    total = 1 - float(v[order[0]])
    for i in range((n - 1) // 2 + 1):
        mirror = order[n - 1 - i]
        after = float(d[order[i], order[i + 1]]) if i + 1 < n else 0.0
        total += 1 - float(d[order[i], mirror]) + after
    return total


def forgetting(accuracy: np.ndarray) -> float:
    """Mean loss of each skill but the last from its own training to the end (Chaudhry et al., 2018).

    Args:
        accuracy: (stages, skills): after stage i, the accuracy on the skill that stage j trains, 0..1.
    """
    n = len(accuracy)
    return float(np.mean([accuracy[j:, j].max() - accuracy[-1, j] for j in range(n - 1)])) if n > 1 else 0.0


async def run(unit: str, stage: Stage) -> dict[str, Any]:
    """One seed: every allowed order, its score and what the learner forgot."""
    s: Settings = stage.settings
    seed = int(unit[1:])
    sets = {k: problems(k, s.problems, seed + 11, s.level) for k in s.skills}
    short = [k for k, drawn in sets.items() if len(drawn) < 10]
    if short:
        raise InputError(f"{short[0]} has only {len(sets[short[0]])} different problems at level {s.level}")
    answers = sorted({p.answer for drawn in sets.values() for p in drawn})
    data = {k: _data(drawn, answers) for k, drawn in sets.items()}
    d = distances([x for x, _ in data.values()])
    place = {k: i for i, k in enumerate(s.skills)}
    rows = []
    for order in allowed(s.skills, stage.tree):
        matrix = learn([data[k] for k in order], len(answers), s.epochs, seed)
        rows.append({"order": list(order), "score": score([place[k] for k in order], d),
                     "forgetting": forgetting(matrix), "final": float(matrix[-1].mean()),
                     "learned": float(np.mean(np.diag(matrix)))})  # fmt: skip
    return {"orders": rows, "distances": d.round(4).tolist()}


def _data(drawn: Sequence[Problem], answers: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    place = {a: i for i, a in enumerate(answers)}
    return encode(drawn), np.array([place[p.answer] for p in drawn])


def learn(stages: Sequence[tuple[np.ndarray, np.ndarray]], classes: int, epochs: int, seed: int) -> np.ndarray:
    """Train one learner on the skills in this order; (stages, skills) accuracies on what each skill practiced."""
    learner = SmallLearner(stages[0][0].shape[1], classes, seed)
    matrix = np.zeros((len(stages), len(stages)))
    for i, (x, y) in enumerate(stages):
        learner.train(x, y, epochs=epochs)
        matrix[i] = [learner.accuracy(*skill) for skill in stages]
    return matrix


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Whether the score predicts which orders forget least."""
    values: Values = {"highest score": {}, "least forgetting (oracle)": {}, "lowest score": {}, "tree's own order": {},
                      "all orders": {}}  # fmt: skip
    ranks: dict[str, list[float]] = {}
    nulls: dict[str, list[float]] = {}
    recall: dict[str, list[float]] = {}
    learned: dict[str, list[float]] = {}
    tree_order = [k for k in default_tree() if k in s.skills]
    n = 0
    for unit, record in records.items():
        rows = record["orders"]
        n = len(rows)
        scores, lost = [r["score"] for r in rows], [r["forgetting"] for r in rows]
        values["highest score"][unit] = [lost[int(np.argmax(scores))]]
        values["lowest score"][unit] = [lost[int(np.argmin(scores))]]
        values["least forgetting (oracle)"][unit] = [min(lost)]
        values["tree's own order"][unit] = [next(r["forgetting"] for r in rows if r["order"] == tree_order)]
        values["all orders"][unit] = [float(np.mean(lost))]
        learned[unit] = [float(np.mean([r["learned"] for r in rows]))]
        if (r := spearman(scores, [-x for x in lost])) is not None:
            ranks[unit] = [r]
            nulls[unit] = [permutation_null(scores, [-x for x in lost], seed=s.seeds[0]) or 1.0]
        k = min(s.top, n)
        best, high = set(np.argsort(lost, kind="stable")[:k]), set(np.argsort([-x for x in scores], kind="stable")[:k])
        recall[unit] = [len(best & high) / k]
    about = {
        "highest score": "the order that the score likes best",
        "tree's own order": "the teaching order of the skill tree",
        "all orders": "mean over all allowed orders",
        "lowest score": "the order that it likes least",
        "least forgetting (oracle)": "the best order, known only afterward",
    }
    found = table("forgetting", "accuracy lost (less is better)", values, about,
                  against=[("highest score", "all orders"), ("highest score", "lowest score"),
                           ("tree's own order", "all orders")],
                  controls=("all orders", "lowest score"), seeds=len(s.seeds), seed=s.seeds[0])  # fmt: skip
    k = min(s.top, n)
    figures = {
        "Spearman of score and (less) forgetting": mean_of(ranks, seed=s.seeds[0]),
        "p of the permutation null": mean_of(nulls, seed=s.seeds[0]),
        f"recall@{k} (chance {k / n:.2f})" if n else "recall": mean_of(recall, seed=s.seeds[0]),
        "accuracy on a skill right after learning it": mean_of(learned, seed=s.seeds[0]),
    }
    notes = [f"{n} orders of {len(s.skills)} skills respect the prerequisites"]
    silent = "only one order respects the prerequisites: there is nothing to choose" if n < 3 else ""
    return Outcome(tables=[found], figures=figures, notes=notes, silent=silent)
