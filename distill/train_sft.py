"""Supervised fine-tuning: TRL's SFTTrainer on tokens with weights."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from classwright.distill.rows import Row
from classwright.distill.schedule import packs
from classwright.distill.setup import Setup


class Tokens(NamedTuple):
    """A row as it is trained on.

    Attributes:
        ids: Token ids, (n,).
        weights: The row's weight on its supervised tokens, 0 on the others, (n,).
    """

    ids: list[int]
    weights: list[float]


def trainer(setup: Setup) -> Any:
    """The trainer of a supervised fine-tuning.

    The loss of a step is sum(w * nll) / sum(w) over the tokens of all its rows, however they are split into
    micro-batches and devices; w is a row's weight on its supervised tokens and 0 on others. So a row of weight 2 counts
    as two such rows.
    """
    rows = tokens_of(setup)
    lengths = [len(row.ids) for row in rows]
    if setup.settings.pack:
        order = setup.order(lengths, group=1)
        chosen = packs([lengths[i] for i in order], setup.settings.length, 1 if setup.settings.keep_order else 64)
        sequences = [[rows[order[place]] for place in places] for places in chosen]
    else:
        sequences = [[rows[i]] for i in setup.order(lengths)]
    return made(setup, sequences, weighted_trainer())


def tokens_of(setup: Setup) -> list[Tokens]:
    """The rows of a training as tokens.

    Raises:
        InputError: One is longer than the settings allow.
    """
    from classwright.distill.masks import encode

    encoded = [(encode(row, setup.tokenizer), row.weight) for row in setup.rows if isinstance(row, Row)]
    setup.check_lengths([len(e.ids) for e, _ in encoded])
    return [Tokens(e.ids, [weight * kept for kept in e.mask]) for e, weight in encoded]


def made(setup: Setup, sequences: Sequence[Sequence[Tokens]], kind: type, **more: Any) -> Any:
    """A trainer on sequences of one row each, or of several that do not see each other.

    Args:
        setup: The training.
        sequences: In their order.
        kind: `weighted_trainer()`, or a class made from it.
        more: Further arguments of `kind`.
    """
    from datasets import Dataset
    from trl.trainer.sft_config import SFTConfig

    columns: dict[str, Any] = {
        "input_ids": [[i for row in rows for i in row.ids] for rows in sequences],
        # The first token of a packed row would be learned from the last one of the row before it.
        "weights": [[w for row in rows for w in (0.0, *row.weights[1:])] for rows in sequences],
    }
    if setup.settings.pack:
        columns["position_ids"] = [[n for row in rows for n in range(len(row.ids))] for rows in sequences]
    config = SFTConfig(
        **setup.arguments(),
        max_length=None,
        remove_unused_columns=False,
        dataset_kwargs={"skip_prepare_dataset": True},
    )
    setup.plain_attention(max(map(len, columns["input_ids"])))
    trainer = kind(
        **setup.parts(),
        args=config,
        train_dataset=Dataset.from_dict(columns),
        data_collator=_Padded(setup.tokenizer.pad_token_id),
        **more,
    )
    if config.bf16:  # autocast sees to the types; PEFT would turn what goes into every adapter to float32 and back
        for module in trainer.model.modules():
            if hasattr(module, "cast_input_dtype_enabled"):
                module.cast_input_dtype_enabled = False
    return trainer


def weighted_loss(model: Any, inputs: dict[str, Any], total: Any = None) -> tuple[Any, Any]:
    """The weighted negative log-likelihood of a batch, nats a token, and how many supervised tokens came first.

    Logits are computed only where some row of the batch has a supervised token: on a CPU they are a fifth of the work.

    Args:
        model: A causal language model of transformers.
        inputs: As `_Padded` makes them.
        total: What the sum is divided by; the sum of this batch's weights where it is None.
    """
    from torch.nn.functional import cross_entropy

    places, targets, weights = supervised(inputs)
    logits = model(**seen(inputs), logits_to_keep=places).logits
    losses = cross_entropy(logits.float().flatten(0, 1), targets.flatten(), reduction="none").view(targets.shape)
    first = ((logits.detach().argmax(-1) == targets) & (weights > 0)).sum()
    return (losses * weights).sum() / (weights.sum() if total is None else total), first


def supervised(inputs: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Places (n,) before which some row of a batch has a supervised token, with targets and weights (rows, n) there."""
    import torch

    weights, targets = inputs["weights"][:, 1:], inputs["input_ids"][:, 1:]
    places = torch.nonzero((weights > 0).any(0)).squeeze(1)
    return places, targets[:, places], weights[:, places]


def seen(inputs: dict[str, Any]) -> dict[str, Any]:
    """What of a batch the model is given."""
    return {name: inputs[name] for name in ("input_ids", "attention_mask", "position_ids") if name in inputs} | {
        "use_cache": False
    }


def rounded(width: int) -> int:
    """The next of few widths: a multiple of 8, of 16 from 256 tokens, of 32 from 512 ...; at most a sixteenth is added.

    oneDNN keeps what it compiled for each new shape: of SmolLM2-135M 16 MB for each width of a batch, for good.
    """
    step = 1 << max(3, width.bit_length() - 5)
    return -(-width // step) * step


class _Padded:
    """Puts sequences together, padded on the right: `input_ids`, `weights`, (sequences, tokens) each.

    Beside them stands `attention_mask`, or for packed sequences `position_ids`, which begin anew with every row: by
    them transformers keeps the rows apart.
    """

    def __init__(self, pad: int) -> None:
        self.pad = pad

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        import torch

        width = rounded(max(len(row["input_ids"]) for row in rows))
        packed = "position_ids" in rows[0]
        ids = torch.full((len(rows), width), self.pad)
        weights = torch.zeros((len(rows), width))
        seen = torch.zeros((len(rows), width), dtype=torch.long)
        for i, row in enumerate(rows):
            n = len(row["input_ids"])
            ids[i, :n] = torch.as_tensor(row["input_ids"])
            weights[i, :n] = torch.as_tensor(row["weights"], dtype=torch.float32)
            if packed:
                seen[i, :n] = torch.as_tensor(row["position_ids"])
                seen[i, n:] = torch.arange(width - n)  # the padding is a row of its own
            else:
                seen[i, :n] = 1
        return {"input_ids": ids, "weights": weights, "position_ids" if packed else "attention_mask": seen}


def weighted_trainer() -> type:
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
            loss, first = self.loss_of(model, inputs, num_items_in_batch)
            counted = (inputs["weights"][:, 1:] > 0).sum()
            self._metrics["train"]["token_accuracy"].append((first / counted.clamp(min=1)).item())
            return loss * self.accelerator.num_processes  # gradients are averaged over devices

        def loss_of(self, model: Any, inputs: dict[str, Any], total: Any) -> tuple[Any, Any]:
            """As `weighted_loss`."""
            return weighted_loss(model, inputs, total)

    return WeightedSFTTrainer
