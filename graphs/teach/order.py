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
from typing import Any, Self

import numpy as np
from pydantic import Field

from classwright.classroom.effects import estimate as mean_of
from classwright.classroom.effects import permutation_p
from classwright.classroom.small_learner import SmallLearner, encode
from classwright.errors import InputError
from classwright.graphs.teach.frame import FLOOR, Cost, Outcome, Stage, Values, table
from classwright.graphs.teach.items import Drawn, draw
from classwright.skilltree.problem import Problem
from classwright.skilltree.tree import SkillTree, default_tree

MOST = 7
"""Skills at most: 7 have 5,040 orders."""
MIN_ORDERS = 3
"""Fewer have no rank correlation."""


class Settings(Drawn):
    """Part `[teach.order]` of a recipe.

    Attributes:
        skills: The skills to order, 3 to 7.
        level: Difficulty of their problems.
        problems: Problems per skill; the learner is tested on what it practiced, as forgetting is losing what one had.
        epochs: Passes over a skill's problems.
        seeds: Of the problems and the learner.
        top: k of recall@k.
    """

    skills: tuple[str, ...] = (
        "counting.add_within_10", "counting.subtract_within_10", "counting.add_within_20",
        "counting.subtract_within_20", "whole.multiply_facts",
    )  # fmt: skip
    level: int = Field(default=2, ge=1, le=3)
    problems: int = Field(default=30, ge=10, le=2000)
    epochs: int = Field(default=60, ge=1, le=500)
    top: int = Field(default=3, ge=1)

    def checked(self) -> Self:
        """The same settings.

        Raises:
            InputError: as `Drawn.checked`; too few or too many skills, or one with fewer problems than asked for.
        """
        super().checked()
        if not 3 <= len(self.skills) <= MOST:
            raise InputError(f"skills: 3 to {MOST}, not {len(self.skills)}")
        for seed in self.seeds:
            for skill in self.skills:
                draw(skill, self.problems, seed + 11, self.level)
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
    d = 1 - unit @ unit.T
    d[d < 1e-6] = 0  # what rounding leaves of skills that are alike must not become the largest distance
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
    sets = {k: draw(k, s.problems, seed + 11, s.level) for k in s.skills}
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


def _recall(scores: np.ndarray, kept: np.ndarray, k: int, rng: np.random.Generator) -> float:
    """Share of the k orders that forget least that are among the k with the highest scores; equals in random order."""

    def top(x: np.ndarray) -> set[int]:
        return set(np.lexsort((rng.permutation(len(x)), -x))[:k].tolist())

    return len(top(scores) & top(kept)) / k


def agreement(scores: np.ndarray, kept: np.ndarray, k: int, seed: int) -> dict[str, tuple[list[float], float]]:
    """How well scores rank orders, with the chance of as much if the orders' scores were shuffled, alike in all seeds.

    Args:
        scores: (seeds, orders).
        kept: What was not forgotten, more is better, (seeds, orders).
        k: Of recall@k.
        seed: Of the shuffles and of the order of equals.

    Returns:
        "Spearman" and "recall" -> (value per seed, p); no "Spearman" where in a seed all orders are alike.
    """
    from scipy.stats import rankdata

    n = scores.shape[1]
    found: dict[str, tuple[list[float], float]] = {}
    if all(len(set(row)) > 1 for row in (*scores, *kept)):
        x, y = rankdata(scores, axis=1), rankdata(kept, axis=1)

        def ranks(order: np.ndarray) -> list[float]:
            return [float(np.corrcoef(a[order], b)[0, 1]) for a, b in zip(x, y, strict=True)]

        found["Spearman"] = ranks(np.arange(n)), permutation_p(lambda o: float(np.mean(ranks(o))), n, seed=seed)

    def recalls(order: np.ndarray) -> list[float]:
        rng = np.random.default_rng(seed)
        return [_recall(a[order], b, k, rng) for a, b in zip(scores, kept, strict=True)]

    found["recall"] = recalls(np.arange(n)), permutation_p(lambda o: float(np.mean(recalls(o))), n, seed=seed)
    return found


ARMS = {
    "highest score": "the order that the score likes best",
    "tree's own order": "the teaching order of the skill tree",
    "all orders": "mean over all allowed orders",
    "lowest score": "the order that it likes least",
    "least forgetting (oracle)": "the best order, known only afterward",
}


def analyze(s: Settings, records: dict[str, dict[str, Any]]) -> Outcome:
    """Whether the score predicts which orders forget least."""
    values: Values = {arm: {} for arm in ARMS}
    tree_order = [k for k in default_tree() if k in s.skills]
    table_of = {name: np.array([[row[name] for row in r["orders"]] for r in records.values()])
                for name in ("score", "forgetting", "learned")}  # fmt: skip
    for unit, scores, lost in zip(records, table_of["score"], table_of["forgetting"], strict=True):
        rows = records[unit]["orders"]
        own = next(n for n, r in enumerate(rows) if r["order"] == tree_order)
        for arm, value in zip(ARMS, (lost[scores.argmax()], lost[own], lost.mean(), lost[scores.argmin()], lost.min()),
                              strict=True):  # fmt: skip
            values[arm][unit] = [float(value)]
    seed, n = s.seeds[0], table_of["score"].shape[1]
    k = min(s.top, n)
    found = table("forgetting", "accuracy lost (less is better)", values, ARMS,
                  against=[("highest score", "all orders"), ("highest score", "lowest score"),
                           ("tree's own order", "all orders")],
                  controls=("all orders", "lowest score"), seeds=len(s.seeds), seed=seed)  # fmt: skip
    learned = {unit: [float(row.mean())] for unit, row in zip(records, table_of["learned"], strict=True)}
    figures = {"accuracy on a skill right after learning it": mean_of(learned, seed=seed)}
    notes = [f"{n} orders of {len(s.skills)} skills respect the prerequisites; an item is a seed"]
    if n < MIN_ORDERS:
        return Outcome(tables=[found], figures=figures, notes=notes,
                       silent=f"only {n} orders respect the prerequisites: there is nothing to rank")  # fmt: skip
    names = {"Spearman": "Spearman of score and (less) forgetting", "recall": f"recall@{k} (chance {k / n:.2f})"}
    for name, (per_seed, p) in agreement(table_of["score"], -table_of["forgetting"], k, seed).items():
        figures[names[name]] = mean_of({unit: [x] for unit, x in zip(records, per_seed, strict=True)}, seed=seed)
        notes.append(f"{names[name]}: p = {p:.3f} against shuffled scores, one-sided")
    return Outcome(tables=[found], figures=figures, notes=notes, silent=_silent(table_of))


def _silent(table_of: dict[str, np.ndarray]) -> str:
    """Why the learner says nothing of orders; "" if it does."""
    if (learned := float(table_of["learned"].mean())) <= FLOOR:
        return f"the learner learned nothing ({learned:.0%} right after practice): more epochs"
    if np.ptp(table_of["forgetting"], axis=1).max() == 0:
        return "the learner forgot alike in every order"
    return ""
