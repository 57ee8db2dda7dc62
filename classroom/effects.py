"""What an experiment may claim: paired differences with intervals, effect sizes, exact tests, correction, ranking.

The unit of resampling is the item (a problem, a learner): seeds and samples of one item are averaged first, as they are
not independent.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np
from pydantic import BaseModel, ConfigDict

from classwright.classroom.resampling import resampled_means

RESAMPLES = 4000
LEVEL = 0.95
EXACT = 12
"""Items up to which a sign-flip test goes through all 2^n signs."""


class Estimate(BaseModel):
    """A mean over items with its percentile bootstrap interval (Efron & Tibshirani, 1993).

    Attributes:
        mean, low, high: None where there is no item.
        items: Items behind it.
        values: Single values behind it, over all items.
    """

    model_config = ConfigDict(frozen=True)

    mean: float | None
    low: float | None
    high: float | None
    items: int
    values: int


class Effect(BaseModel):
    """One arm against another on the same items.

    Attributes:
        difference: Mean over items of arm minus control.
        size: Cohen's dz, the mean difference over its standard deviation; None where nothing varies.
        p: Two-sided: McNemar's exact test where every item is right or wrong once, else a sign-flip permutation test.
        test: "McNemar" or "sign flip".
        adjusted: `p` after Holm's correction over the comparisons of the experiment.
    """

    model_config = ConfigDict(frozen=True)

    arm: str
    control: str
    difference: Estimate
    size: float | None
    p: float | None
    test: str
    adjusted: float | None = None

    @property
    def shown(self) -> bool:
        """Whether an effect may be claimed: its interval leaves out zero, and it stands after correction."""
        d = self.difference
        if d.low is None or d.high is None:
            return False
        return (d.low > 0 or d.high < 0) and (self.adjusted is None or self.adjusted < 1 - LEVEL)


def estimate(values: Mapping[str, Sequence[float]], *, seed: int, resamples: int = RESAMPLES) -> Estimate:
    """The mean of the items' means.

    Args:
        values: Item -> its values; items without any are left out.
        seed: Seed of the bootstrap over items.
        resamples: Bootstrap samples.
    """
    means = np.array([float(np.mean(v)) for _, v in sorted(values.items()) if len(v)])
    count = sum(len(v) for v in values.values())
    if not len(means):
        return Estimate(mean=None, low=None, high=None, items=0, values=0)
    drawn = resampled_means(means, np.random.default_rng(seed), resamples)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(mean=float(means.mean()), low=float(low), high=float(high), items=len(means), values=count)


def effect(
    arm: str,
    control: str,
    values: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> Effect:
    """An arm against a control, on the items that both have.

    Args:
        arm, control: Names in `values`.
        values: Arm -> item -> values.
        seed: Seed of bootstrap and permutations.
        resamples: Of each.
    """
    mine, theirs = values[arm], values[control]
    common = [i for i in sorted(mine) if i in theirs and len(mine[i]) and len(theirs[i])]
    d = {i: [float(np.mean(mine[i])) - float(np.mean(theirs[i]))] for i in common}
    difference = estimate(d, seed=seed, resamples=resamples)
    flat = np.array([v[0] for v in d.values()])
    spread = float(flat.std(ddof=1)) if len(flat) > 1 else 0.0
    binary = all(len(side[i]) == 1 and side[i][0] in (0, 1) for i in common for side in (mine, theirs))
    return Effect(
        arm=arm,
        control=control,
        difference=difference,
        size=float(flat.mean() / spread) if spread > 0 else None,
        p=(mcnemar(flat) if binary else sign_flip(flat, seed=seed, resamples=resamples)) if len(flat) else None,
        test="McNemar" if binary else "sign flip",
    )


def mcnemar(differences: Sequence[float] | np.ndarray) -> float:
    """McNemar's exact two-sided test (1947): items won against items lost, ties left out."""
    from scipy.stats import binomtest

    won, lost = int(np.sum(np.asarray(differences) > 0)), int(np.sum(np.asarray(differences) < 0))
    return float(binomtest(won, won + lost).pvalue) if won + lost else 1.0


def sign_flip(differences: np.ndarray, *, seed: int, resamples: int = RESAMPLES) -> float:
    """Two-sided permutation test of paired differences: under no effect each could as well have the other sign.

    Up to 12 items it is exact; beyond, signs are drawn and the observed ones count as one draw more (Phipson & Smyth,
    2010).
    """
    d = np.asarray(differences, float)
    least = abs(d.mean()) - 1e-12
    if len(d) <= EXACT:
        return float(np.mean(np.abs(np.array(list(product((-1, 1), repeat=len(d)))) @ d) / len(d) >= least))
    rng = np.random.default_rng(seed)
    extreme = sum(abs(rng.choice((-1.0, 1.0), len(d)) @ d) / len(d) >= least for _ in range(resamples))
    return float((1 + extreme) / (1 + resamples))


def holm(effects: Sequence[Effect]) -> list[Effect]:
    """The same effects with Holm's (1979) step-down correction over all that have a p value."""
    tested = sorted((e.p, n) for n, e in enumerate(effects) if e.p is not None)
    adjusted: dict[int, float] = {}
    largest = 0.0
    for rank, (p, n) in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * p))
        adjusted[n] = largest
    return [e.model_copy(update={"adjusted": adjusted.get(n)}) for n, e in enumerate(effects)]


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Area under the ROC curve: the chance that a positive scores above a negative, ties half; None without both."""
    from scipy.stats import rankdata

    positive = np.array(labels, bool)
    n = int(positive.sum())
    if len(scores) != len(positive):
        raise ValueError(f"{len(scores)} scores and {len(positive)} labels")
    if not 0 < n < len(positive):
        return None
    wins = rankdata(scores)[positive].sum() - n * (n + 1) / 2
    return float(wins / (n * (len(positive) - n)))


def spearman(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Spearman's rank correlation; None where either does not vary or there are fewer than three."""
    from scipy.stats import spearmanr

    if len(a) < 3 or len(set(a)) < 2 or len(set(b)) < 2:
        return None
    return float(spearmanr(a, b)[0])  # pyright: ignore[reportArgumentType]


def permutation_p(statistic: Callable[[np.ndarray], float], n: int, *, seed: int, resamples: int = 1000) -> float:
    """Chance of a statistic at least as high as the observed one if the cases were shuffled; one-sided.

    Args:
        statistic: Of an order of the cases, a permutation of 0..n-1; the observed one is in their own order.
        n: Cases.
        seed: Of the shuffles.
        resamples: How many.
    """
    rng = np.random.default_rng(seed)
    least = statistic(np.arange(n)) - 1e-12
    return (1 + sum(statistic(rng.permutation(n)) >= least for _ in range(resamples))) / (1 + resamples)
