"""What a model says of tokens that stand there already: log-probabilities over the vocabulary, and those of a reply."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from classwright.distill.masks import render_chat
from classwright.distill.rows import Message
from classwright.errors import InputError


class ScoredReply(NamedTuple):
    """A reply under a model.

    Attributes:
        log_probs: Natural logarithm of each token's probability given all before it.
        spans: (start, end) of each token in the reply, characters.
    """

    log_probs: tuple[float, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def mean(self) -> float:
        """Mean log-likelihood, nats per token, at most 0.

        Raises:
            ValueError: the reply has no token.
        """
        if not self.log_probs:
            raise ValueError("a reply without a token has no likelihood")
        return sum(self.log_probs) / len(self.log_probs)


def log_probs(model: Any, ids: Sequence[int]) -> np.ndarray:
    """Log-probabilities of what comes next, after each token but the last.

    Args:
        model: A causal language model of transformers; its mode is kept.
        ids: Token ids, at least two.

    Returns:
        float32 of shape (len(ids) - 1, vocabulary); row i is about token i + 1, given those up to i.

    Raises:
        InputError: fewer than two tokens, or one that the model's vocabulary lacks.
    """
    import torch

    if len(ids) < 2:
        raise InputError(f"{len(ids)} tokens: at least two are needed to ask what comes next")
    size = model.get_input_embeddings().num_embeddings
    if strange := next((i for i in ids if not 0 <= i < size), None):
        raise InputError(
            f"token {strange} is outside the model's vocabulary of {size}; tokenize with its own tokenizer"
        )
    training = model.training
    model.eval()
    try:
        with torch.no_grad():
            logits = model(torch.tensor([list(ids)], device=model.device)).logits[0, :-1]
        return torch.log_softmax(logits.float(), dim=-1).cpu().numpy()
    finally:
        model.train(training)


def score_reply(model: Any, tokenizer: Any, prompt: Sequence[Message], reply: str) -> ScoredReply:
    """The tokens of a reply after a prompt.

    Args:
        model: A causal language model of transformers.
        tokenizer: Its fast tokenizer, with a chat template.
        prompt: The chat before it.
        reply: What comes after them, without a stop token.

    Raises:
        InputError: The tokenizer has no chat template, or cannot say where its tokens stand.
    """
    if not tokenizer.is_fast:
        raise InputError(f"{tokenizer.name_or_path or 'the tokenizer'}: a slow tokenizer cannot say where tokens stand")
    before = render_chat(prompt, tokenizer, reply=True)
    encoded = tokenizer(before + reply, add_special_tokens=False, return_offsets_mapping=True)
    ids, places = encoded["input_ids"], encoded["offset_mapping"]
    # A token that reaches from the prompt into the reply is the reply's.
    mine = [i for i, (_, end) in enumerate(places) if end > len(before) and i > 0]
    if not mine:
        return ScoredReply((), ())
    table = log_probs(model, ids)
    return ScoredReply(
        tuple(float(table[i - 1, ids[i]]) for i in mine),
        tuple((max(0, places[i][0] - len(before)), places[i][1] - len(before)) for i in mine),
    )
