"""RETAIN: a tuned model merged back toward its base, so that it keeps what the base could do.

Yadav et al. (2025, "Robust Finetuning of Vision-Language-Action Robot Policies via Parameter Merging"), after WiSE-FT
(Wortsman et al., 2022): theta = (1 - a) base + a tuned, with a chosen on held-out data. For an adapter the same is a
times its delta. Shrink and perturb (Ash & Adams, 2020) is for an adapter's delta only, between rounds: on all weights
of a pretrained model it destroyed it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.effects import Estimate, estimate
from classwright.errors import InputError

ALPHAS = (0.0, 0.25, 0.5, 0.75, 1.0)
Weights = Mapping[str, Any]
"""A state dict: name -> tensor."""
Score = Callable[[dict[str, Any]], Mapping[str, Mapping[str, float]]]
"""Of weights: measure -> item -> value, higher is better; the same items every time."""


class Point(BaseModel):
    """A merged model: its share of the tuned one, 0..1, and the mean of each measure."""

    model_config = ConfigDict(frozen=True)

    alpha: float = Field(ge=0, le=1)
    scores: dict[str, Estimate]


class RetainCurve(BaseModel):
    """The sweep.

    Attributes:
        points: By rising alpha.
        target: Measure of what was trained.
        general: Measure of what is to be kept.
        chosen: The alpha that `choose` takes.
    """

    model_config = ConfigDict(frozen=True)

    points: list[Point]
    target: str
    general: str
    chosen: float


def merge(base: Weights, tuned: Weights, alpha: float) -> dict[str, Any]:
    """(1 - alpha) base + alpha tuned, computed in fp32 and given back in the base's type; the inputs stay as they are.

    Tensors that hold no fractions (positions, say) are the tuned model's.

    Raises:
        InputError: Names or shapes differ.
    """
    if base.keys() != tuned.keys():
        name = min(base.keys() ^ tuned.keys())
        raise InputError(f"{name} is in only one of the two models: they cannot be merged; the base must be its own")
    merged = {}
    for name, old in base.items():
        new = tuned[name]
        if old.shape != new.shape:
            raise InputError(f"{name} is {tuple(old.shape)} in the base and {tuple(new.shape)} in the tuned model")
        if not old.is_floating_point():
            merged[name] = new.clone()
        elif alpha == 1:
            merged[name] = new.to(old.dtype, copy=True)
        else:
            merged[name] = old.float().lerp(new.float(), alpha).to(old.dtype)
    return merged


def scale_adapter(adapter: Weights, alpha: float) -> dict[str, Any]:
    """A LoRA adapter whose delta B A is alpha times as large: B is scaled, A stays.

    Raises:
        InputError: The adapter holds more than LoRA pairs (DoRA magnitudes, biases, whole modules), which have no such
            delta; merge it and use `merge`.
    """
    return {name: w * alpha if _is_b(name) else w.clone() for name, w in _checked(adapter).items()}


def shrink_and_perturb(adapter: Weights, *, shrink: float = 1.0, noise: float = 0.0, seed: int = 0) -> dict[str, Any]:
    """An adapter with a smaller, noisier delta, to go on training from; by default unchanged.

    B becomes shrink B + noise std(B) N(0, 1), so that the delta is shrunk exactly and perturbed within the directions
    that A reads.

    Args:
        adapter: LoRA weights.
        shrink: Factor of the delta, 0..1.
        noise: Standard deviation of the noise, in those of B.
        seed: Of the noise; it depends on nothing else, not on the order of the names.

    Raises:
        ValueError: A setting is out of range.
        InputError: As `scale_adapter`.
    """
    import torch

    if not 0 <= shrink <= 1 or noise < 0:
        raise ValueError(f"shrink {shrink} must be 0..1 and noise {noise} at least 0")
    generator = torch.Generator().manual_seed(seed)
    made = scale_adapter(adapter, shrink)
    if noise:
        for name in sorted(filter(_is_b, made)):
            b = adapter[name]
            drawn = torch.randn(b.shape, generator=generator).to(b.device)
            made[name] = (made[name].float() + noise * b.float().std(correction=0) * drawn).to(b.dtype)
    return made


def sweep(
    merged: Callable[[float], dict[str, Any]],
    score: Score,
    *,
    target: str,
    general: str,
    alphas: Sequence[float] = ALPHAS,
    give: float = 0.01,
    seed: int,
) -> RetainCurve:
    """Score the merged model at each alpha.

    Args:
        merged: Weights at an alpha: `lambda a: merge(base, tuned, a)` or `lambda a: scale_adapter(adapter, a)`.
            Both must be copies: peft and torch give live tensors, which loading the first result would overwrite.
        score: Measures them on held-out data, neither trained on nor in the final exam.
        target, general: Measures that `choose` weighs.
        alphas: From 0 (the base) to 1 (the tuned model); both are always scored.
        give: See `choose`.
        seed: Seed of the bootstrap over items.
    """
    points = []
    for alpha in sorted({0.0, 1.0, *alphas}):
        measured = score(merged(alpha))
        scores = {name: estimate({i: [v] for i, v in items.items()}, seed=seed) for name, items in measured.items()}
        points.append(Point(alpha=alpha, scores=scores))
    return RetainCurve(points=points, target=target, general=general, chosen=choose(points, target, general, give))


def choose(points: Sequence[Point], target: str, general: str, give: float = 0.01) -> float:
    """The alpha with the best target among those whose general score is at most `give` below the base's.

    The base itself (alpha 0) always is; of equals the smallest alpha wins. The rule is our choice.

    Raises:
        ValueError: A measure is missing at an alpha, or alpha 0 is.
    """

    def mean(point: Point, name: str) -> float:
        found = point.scores[name].mean if name in point.scores else None
        if found is None:
            raise ValueError(f"no {name} at alpha {point.alpha}")
        return found

    base = next((p for p in points if p.alpha == 0), None)
    if base is None:
        raise ValueError("the base (alpha 0) is not among the points")
    floor = mean(base, general) - give
    kept = [p for p in points if mean(p, general) >= floor]
    return max(kept, key=lambda p: (mean(p, target), -p.alpha)).alpha


def _is_b(name: str) -> bool:
    return ".lora_B." in name or ".lora_embedding_B" in name


def _checked(adapter: Weights) -> Weights:
    strange = next((n for n in adapter if not _is_b(n) and ".lora_A." not in n and ".lora_embedding_A" not in n), None)
    if strange or not adapter:
        raise InputError(f"the adapter holds {strange or 'nothing'}: only plain LoRA pairs have a delta to scale")
    return adapter
