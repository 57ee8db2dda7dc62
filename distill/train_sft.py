"""Supervised fine-tuning: TRL's SFTTrainer on tokens with weights."""

from collections.abc import Sequence
from typing import Any

from classwright.distill.rows import Row
from classwright.distill.setup import Setup


def trainer(setup: Setup) -> Any:
    """The trainer of a supervised fine-tuning.

    The loss of a step is sum(w * nll) / sum(w) over the tokens of all its rows, however they are split into
    micro-batches and devices; w is a row's weight on its supervised tokens and 0 on others. So a row of weight 2 counts
    as two such rows.
    """
    from datasets import Dataset
    from trl.trainer.sft_config import SFTConfig

    from classwright.distill.masks import encode

    encoded = [(encode(row, setup.tokenizer), row.weight) for row in setup.rows if isinstance(row, Row)]
    setup.check_lengths([len(e.ids) for e, _ in encoded])
    order = setup.order([len(e.ids) for e, _ in encoded])
    data = Dataset.from_dict(
        {
            "input_ids": [encoded[i][0].ids for i in order],
            "weights": [[encoded[i][1] * kept for kept in encoded[i][0].mask] for i in order],
        }
    )
    config = SFTConfig(
        **setup.arguments(),
        max_length=None,
        remove_unused_columns=False,
        dataset_kwargs={"skip_prepare_dataset": True},
    )
    setup.plain_attention(max(len(e.ids) for e, _ in encoded))
    made = _trainer_class()(
        **setup.parts(),
        args=config,
        train_dataset=data,
        data_collator=_Padded(setup.tokenizer.pad_token_id),
    )
    if config.bf16:  # autocast sees to the types; PEFT would turn what goes into every adapter to float32 and back
        for module in made.model.modules():
            if hasattr(module, "cast_input_dtype_enabled"):
                module.cast_input_dtype_enabled = False
    return made


def weighted_loss(model: Any, inputs: dict[str, Any], total: Any = None) -> tuple[Any, Any]:
    """The weighted negative log-likelihood of a batch, nats a token, and how many supervised tokens came first.

    Logits are computed only where some row of the batch has a supervised token: on a CPU they are a fifth of the work.

    Args:
        model: A causal language model of transformers.
        inputs: `input_ids`, `attention_mask`, `weights`, each (rows, tokens), padded on the right.
        total: What the sum is divided by; the sum of this batch's weights where it is None.
    """
    import torch
    from torch.nn.functional import cross_entropy

    weights, targets = inputs["weights"][:, 1:], inputs["input_ids"][:, 1:]
    places = torch.nonzero((weights > 0).any(0)).squeeze(1)
    logits = model(
        input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], logits_to_keep=places, use_cache=False
    ).logits
    weights, targets = weights[:, places], targets[:, places]
    losses = cross_entropy(logits.float().flatten(0, 1), targets.flatten(), reduction="none").view(targets.shape)
    first = ((logits.detach().argmax(-1) == targets) & (weights > 0)).sum()
    return (losses * weights).sum() / (weights.sum() if total is None else total), first


class _Padded:
    """Puts rows together, padded on the right to the longest."""

    def __init__(self, pad: int) -> None:
        self.pad = pad

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        import torch

        width = max(len(row["input_ids"]) for row in rows)
        ids = torch.full((len(rows), width), self.pad)
        seen = torch.zeros((len(rows), width), dtype=torch.long)
        weights = torch.zeros((len(rows), width))
        for i, row in enumerate(rows):
            n = len(row["input_ids"])
            ids[i, :n] = torch.as_tensor(row["input_ids"])
            seen[i, :n] = 1
            weights[i, :n] = torch.as_tensor(row["weights"], dtype=torch.float32)
        return {"input_ids": ids, "attention_mask": seen, "weights": weights}


def _trainer_class() -> type:
    """TRL's trainer with our loss; made here, as importing TRL takes seconds."""
    import torch
    from trl.trainer.sft_trainer import SFTTrainer

    class WeightedSFTTrainer(SFTTrainer):
        """SFTTrainer whose loss is weighted a token and normalized over a whole step."""

        def _get_num_items_in_batch(self, batch_samples: list[Any], device: Any) -> Any:
            """The weights of all micro-batches and devices of a step, instead of the number of their tokens."""
            total = torch.tensor(sum(float(batch["weights"][:, 1:].sum()) for batch in batch_samples), device=device)
            return torch.as_tensor(self.accelerator.gather(total)).sum()

        def compute_loss(
            self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
        ) -> Any:
            """See `weighted_loss`."""
            loss, first = weighted_loss(model, inputs, num_items_in_batch)
            supervised = (inputs["weights"][:, 1:] > 0).sum()
            self._metrics["train"]["token_accuracy"].append((first / supervised.clamp(min=1)).item())
            return loss * self.accelerator.num_processes  # gradients are averaged over devices

    return WeightedSFTTrainer
