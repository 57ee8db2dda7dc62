"""Replies of a model to many prompts at a time: greedy, or drawn at a temperature."""

from collections.abc import Callable, Sequence
from typing import Any

BATCH = 32


def generate(
    prompts: Sequence[Sequence[int]],
    model: Any,
    tokenizer: Any,
    *,
    max_tokens: int,
    batch: int = BATCH,
    progress: Callable[[int, int], None] | None = None,
) -> list[str]:
    """Greedy replies to prompts (lists of token ids), in their order, as texts without the stop token."""
    replies = generate_ids(prompts, model, tokenizer, max_tokens=max_tokens, batch=batch, progress=progress)
    return [tokenizer.decode(reply, skip_special_tokens=True).strip() for reply in replies]


def generate_ids(
    prompts: Sequence[Sequence[int]],
    model: Any,
    tokenizer: Any,
    *,
    max_tokens: int,
    temperature: float = 0.0,
    batch: int = BATCH,
    progress: Callable[[int, int], None] | None = None,
) -> list[list[int]]:
    """Replies to prompts (lists of token ids), in their order, as token ids.

    Prompts are padded on the left to the longest of their batch and put into batches by length.

    Args:
        prompts: The prompts.
        model: A causal language model of transformers; it is left in the mode it was in.
        tokenizer: Its tokenizer.
        max_tokens: Longest reply, tokens.
        temperature: 0 for the likeliest token each time; else tokens are drawn, with torch's generator as it stands.
        batch: Prompts at a time.
        progress: Told how many are done, and of how many.

    Returns:
        Each reply up to and with its stop token, which one that was cut off at `max_tokens` lacks.
    """
    import torch

    device = next(model.parameters()).device
    order = sorted(range(len(prompts)), key=lambda i: -len(prompts[i]))
    replies: list[list[int]] = [[] for _ in prompts]
    drawn: dict[str, Any] = {"do_sample": False}
    if temperature > 0:
        drawn = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
    stop = tokenizer.eos_token_id
    training = model.training
    model.eval()
    try:
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            width = len(prompts[chosen[0]])
            ids = torch.full((len(chosen), width), tokenizer.pad_token_id)
            seen = torch.zeros((len(chosen), width), dtype=torch.long)
            for row, i in enumerate(chosen):
                ids[row, width - len(prompts[i]) :] = torch.tensor(prompts[i])
                seen[row, width - len(prompts[i]) :] = 1
            with torch.inference_mode():
                out = model.generate(
                    input_ids=ids.to(device),
                    attention_mask=seen.to(device),
                    max_new_tokens=max_tokens,
                    pad_token_id=tokenizer.pad_token_id,
                    eos_token_id=stop,
                    **drawn,
                )
            for i, reply in zip(chosen, out[:, width:].tolist(), strict=True):
                replies[i] = reply[: reply.index(stop) + 1] if stop in reply else reply
            if progress is not None:
                progress(min(start + batch, len(order)), len(order))
    finally:
        model.train(training)
    return replies
