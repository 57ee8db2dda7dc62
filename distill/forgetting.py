"""Forgetting on general text: what a model's perplexity on texts outside its training does when it is tuned."""

from collections.abc import Sequence
from math import exp
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from classwright.classroom.effects import Estimate
from classwright.distill.pooled import pooled
from classwright.distill.scored_tokens import log_probs
from classwright.errors import InputError


class TextLoss(NamedTuple):
    """A text under a model: tokens that were predicted, and their summed negative log-likelihood, nats."""

    tokens: int
    nats: float


class Forgetting(BaseModel):
    """Perplexity before and after.

    Attributes:
        before, after: Perplexity, exp of the mean nats per token; the interval's ends likewise.
        change: After minus before, nats per token; above 0 the texts have become less likely.
    """

    model_config = ConfigDict(frozen=True)

    before: Estimate
    after: Estimate
    change: Estimate


def text_losses(model: Any, tokenizer: Any, texts: Sequence[str], longest: int = 1024) -> list[TextLoss]:
    """The loss of each text.

    Args:
        model: A causal language model of transformers.
        tokenizer: Its tokenizer.
        texts: Plain texts; what is beyond `longest` tokens is cut off.
        longest: Tokens of a text at most.

    Raises:
        InputError: There is no text, or one is shorter than two tokens.
    """
    if not texts:
        raise InputError("no general text to measure forgetting on; give some")
    found = []
    for text in texts:
        ids = tokenizer(text, add_special_tokens=True)["input_ids"][:longest]
        if len(ids) < 2:
            raise InputError(f"{text[:60]!r} has {len(ids)} tokens: too short to measure forgetting on")
        table = log_probs(model, ids)
        found.append(TextLoss(len(ids) - 1, -float(sum(table[i, token] for i, token in enumerate(ids[1:])))))
    return found


def forgetting(before: Sequence[TextLoss], after: Sequence[TextLoss], *, seed: int) -> Forgetting:
    """The same texts before and after training.

    Args:
        before, after: One entry a text, in the same order.
        seed: Seed of the bootstrap over texts.

    Raises:
        ValueError: Other texts, or none.
    """
    tokens = [loss.tokens for loss in before]
    if not tokens or tokens != [loss.tokens for loss in after]:
        raise ValueError("the texts before and after are not the same")
    first, then = (pooled([loss.nats for loss in side], tokens, seed=seed) for side in (before, after))
    change = pooled([b.nats - a.nats for a, b in zip(before, after, strict=True)], tokens, seed=seed)
    return Forgetting(before=_perplexity(first), after=_perplexity(then), change=change)


def _perplexity(nats: Estimate) -> Estimate:
    ends = {name: exp(value) for name in ("mean", "low", "high") if (value := getattr(nats, name)) is not None}
    return nats.model_copy(update=ends)
