"""How well knowledge tracing predicts learners it has not seen, beside what needs no model at all.

AUC and accuracy alone say little: where 80 % of the answers are right, always saying "right" is 80 % accurate. So the
same responses are also predicted by the constant "right" and by each item's share of right answers in the training
part, and the three are reported together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from classwright.errors import InputError
from classwright.skilltree.bkt_fit import BktFit, Bounds
from classwright.skilltree.bkt_log import STRENGTH, beliefs, fit_log
from classwright.skilltree.response_log import Log
from classwright.skilltree.tree import SkillTree


@dataclass(frozen=True)
class Scores:
    """How good predictions are.

    Attributes:
        auc: Chance that a right answer was predicted with a higher probability than a wrong one, ties count half; None
            where all answers are right or all are wrong.
        accuracy: Share of answers where "right" was predicted with at least .5 and was right, or below and was wrong.
        rmse: Root mean squared error of the predicted probability.
    """

    auc: float | None
    accuracy: float
    rmse: float


@dataclass(frozen=True)
class Evaluation:
    """Knowledge tracing and the baselines on the same responses of held-out learners.

    Attributes:
        tracing: The fitted models.
        always_correct: The constant 1.
        per_item: Each item's share of right answers in training (each skill's where the log has no items, or the item
            does not occur in training), with one right and one wrong answer added.
        trained_on: Learners.
        tested_on: Learners.
        responses: Responses predicted.
        unpredicted: Responses to skills that do not occur in training, left out of all three.
    """

    tracing: Scores
    always_correct: Scores
    per_item: Scores
    trained_on: int
    tested_on: int
    responses: int
    unpredicted: int

    def table(self) -> str:
        """The three as lines of text."""
        lines = [f"{'':16}{'AUC':>7}{'accuracy':>10}{'RMSE':>7}"]
        for name in ("tracing", "per_item", "always_correct"):
            s: Scores = getattr(self, name)
            auc = f"{s.auc:.3f}" if s.auc is not None else "-"
            lines.append(f"{name.replace('_', ' '):16}{auc:>7}{s.accuracy:>10.3f}{s.rmse:>7.3f}")
        lines.append(f"{self.responses} responses of {self.tested_on} held-out learners, fitted on {self.trained_on}")
        if self.unpredicted:
            lines.append(f"{self.unpredicted} responses left out: their skills do not occur in training")
        return "\n".join(lines)


def evaluate_model(
    log: Log,
    tree: SkillTree | None = None,
    *,
    share: float = 0.2,
    seed: int = 0,
    forget: bool = False,
    bounds: Bounds | None = None,
    strength: float = STRENGTH,
) -> Evaluation:
    """Fit on some learners, predict each next response of the others from their own responses before it.

    Args:
        log: The responses.
        tree: Prerequisites; see `fit_log`.
        share: Share of the learners that is held out.
        seed: Seed of the split and of the fits.
        forget: Fit P(F) too.
        bounds: Largest slip and guess.
        strength: See `fit_log`.

    Raises:
        InputError: Fewer than two learners, or none of the held-out responses can be predicted.
    """
    people = np.unique(log.learner)
    if len(people) < 2:
        raise InputError(f"{log.source}: an evaluation needs at least two learners, there is {len(people)}")
    drawn = np.random.default_rng(seed).permutation(people)[: min(max(1, round(share * len(people))), len(people) - 1)]
    held = np.zeros(len(log.learners), dtype=bool)
    held[drawn] = True
    train, test = log.of_learners(~held), log.of_learners(held)
    fits = fit_log(train, tree, forget=forget, bounds=bounds, strength=strength, seed=seed)
    predicted = predict(test, fits)
    usable = ~np.isnan(predicted)
    if not usable.any():
        raise InputError(f"{log.source}: no skill of the held-out learners occurs with the others")
    truth = test.correct[usable]
    return Evaluation(
        tracing=scores(predicted[usable], truth),
        always_correct=scores(np.ones(len(truth)), truth),
        per_item=scores(_item_shares(train, test)[usable], truth),
        trained_on=len(people) - len(drawn),
        tested_on=len(drawn),
        responses=len(truth),
        unpredicted=int((~usable).sum()),
    )


def predict(log: Log, fits: Mapping[str, BktFit]) -> np.ndarray:
    """P(right) of every response from the same learner's earlier ones to the skill, (n,); NaN where no model fits."""
    found = np.full(len(log), np.nan)
    for name, fit in fits.items():
        at = np.flatnonzero(log.skill == log.skills.index(name))
        rows, _ = log.sequences(name)
        known = beliefs(fit.model, rows)[:, :-1]
        found[at] = (known * (1 - fit.model.slip) + (1 - known) * fit.model.guess)[rows >= 0]
    return found


def scores(predicted: np.ndarray, truth: np.ndarray) -> Scores:
    """AUC, accuracy and RMSE of predicted probabilities (n,) of the outcomes (n,) bool, n > 0."""
    truth = np.asarray(truth, dtype=bool)
    return Scores(
        auc=auc(predicted, truth),
        accuracy=float(((predicted >= 0.5) == truth).mean()),
        rmse=float(np.sqrt(((predicted - truth) ** 2).mean())),
    )


def auc(predicted: np.ndarray, truth: np.ndarray) -> float | None:
    """Area under the ROC curve by ranks, ties at their mean rank (Mann & Whitney 1947); None for a single class."""
    right = int(truth.sum())
    wrong = len(truth) - right
    if not right or not wrong:
        return None
    _, place, count = np.unique(predicted, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    return float((rank[truth].sum() - right * (right + 1) / 2) / (right * wrong))


def _item_shares(train: Log, test: Log) -> np.ndarray:
    """The share of right answers in training to each test response's item, or skill where the item is new."""
    skill = _shares(train.skill, train.correct, len(train.skills))[test.skill]
    if not train.items:
        return skill
    seen = np.bincount(train.item[train.item >= 0], minlength=len(train.items)) > 0
    known = train.item >= 0
    item = _shares(train.item[known], train.correct[known], len(train.items))
    return np.where((test.item >= 0) & seen[test.item], item[test.item], skill)


def _shares(group: np.ndarray, correct: np.ndarray, groups: int) -> np.ndarray:
    return (np.bincount(group, correct, groups) + 1) / (np.bincount(group, minlength=groups) + 2)
