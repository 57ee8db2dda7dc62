"""How varied texts are: the share of their n-grams that are different (distinct-n, Li et al. 2016)."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from classwright.distill.copying import words_of

DRAWS, MOST = 200, 200
"""Samples, and texts of one at most."""
ORDERS = (1, 2, 3)


class Spread(BaseModel):
    """A figure of samples of a fixed size.

    Attributes:
        mean, low, high: Over the samples, with their middle 95 %.
        texts: Texts of a sample.
    """

    model_config = ConfigDict(frozen=True)

    mean: float
    low: float
    high: float
    texts: int


def distinct(texts: Sequence[Sequence[str]], n: int) -> float | None:
    """Different n-grams over all n-grams of some texts, 0..1; None where they have none."""
    grams = [tuple(t[i : i + n]) for t in texts for i in range(len(t) - n + 1)]
    return len(set(grams)) / len(grams) if grams else None


def variety(texts: Sequence[str], *, seed: int, size: int = 0) -> dict[int, Spread]:
    """Distinct-1, -2 and -3 of samples of texts.

    Distinct-n falls with the number of texts, and a bootstrap, which draws texts twice, makes it too low: so samples
    are drawn without replacement (subsampling, Politis & Romano 1994), and figures compare only at the same size.

    Args:
        texts: The texts.
        seed: Draws the samples.
        size: Texts of a sample; 0: half of them, at most `MOST`.

    Returns:
        n -> figure; n is left out where the texts are too short or fewer than two.
    """
    import numpy as np

    spoken, rng = [words_of(t) for t in texts], np.random.default_rng(seed)
    size = min(size or min(len(texts) // 2, MOST), len(texts))
    if size < 1 or len(texts) < 2:
        return {}
    samples = [[spoken[i] for i in rng.choice(len(spoken), size, replace=False)] for _ in range(DRAWS)]
    found = {}
    for n in ORDERS:
        values = [v for s in samples if (v := distinct(s, n)) is not None]
        if len(values) == DRAWS:
            low, high = np.quantile(values, (0.025, 0.975))
            found[n] = Spread(mean=float(np.mean(values)), low=float(low), high=float(high), texts=size)
    return found
