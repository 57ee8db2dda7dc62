"""What every method's trainer is made from: model, tokenizer, rows, and the arguments that they share."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classwright.distill.rows import PreferenceRow, Row
from classwright.distill.schedule import copies, order
from classwright.distill.settings import TrainSettings
from classwright.errors import InputError

BYTES_A_CELL = 8
"""Memory of plain attention for one query and key of one head and layer, until the step is done: probabilities in
float32, and twice in bfloat16."""
PLAIN_BYTES = 1 << 30
"""Memory up to which attention is computed the plain way."""
EVALUATIONS = 4
"""Evaluations in a training, where nobody says how often."""


@dataclass
class Setup:
    """A training that is ready to begin.

    Attributes:
        base: The directory of the model.
        rows: To learn from.
        checkpoints: Where checkpoints go.
        teacher: The directory of the teacher, if the method has one.
    """

    settings: TrainSettings
    base: Path
    model: Any
    tokenizer: Any
    rows: Sequence[Row | PreferenceRow]
    checkpoints: Path
    teacher: Path | None = None
    left_out: int = 0

    @property
    def group(self) -> int:
        """Rows of one step of the optimizer over all devices."""
        return self.settings.batch * int(os.environ.get("WORLD_SIZE", "1"))  # set by accelerate launch and torchrun

    @property
    def rank(self) -> int:
        """The number of this process among several, from 0."""
        return int(os.environ.get("RANK", "0"))

    def order(self, lengths: Sequence[int], group: int | None = None) -> list[int]:
        """The rows of the training in their order; those of a group are of like length, a step's unless told."""
        if self.settings.keep_order:
            wanted = max(1, round(self.settings.epochs * len(lengths)))
            return [i % len(lengths) for i in range(wanted)]
        return order(lengths, self.settings.epochs, group or self.group, self.settings.seed)

    def drawn(self, rows: Sequence[Any]) -> list[Any]:
        """Rows drawn by weight and put in order, for a trainer whose loss knows no weights."""
        chosen = copies([row.weight for row in rows], self.settings.seed)
        if not chosen:
            raise InputError("no row was drawn: all weights are close to 0")
        return [rows[chosen[i]] for i in self.order([0] * len(chosen))]

    def check_lengths(self, lengths: Sequence[int]) -> None:
        """See that no row has to be cut.

        Raises:
            InputError: One is longer than `length`.
        """
        over = [n for n in lengths if n > self.settings.length]
        if over:
            raise InputError(
                f"{len(over)} rows are longer than {self.settings.length} tokens (the longest: {max(over)}) and would "
                f"lose their end; take --length {max(over)} or leave them out"
            )

    def plain_attention(self, longest: int) -> None:
        """Compute attention the plain way where a CPU has the memory for it.

        In bfloat16 PyTorch's fused kernel takes a fifth longer for a whole step on a CPU (rows of 100 tokens, EPYC).

        Args:
            longest: Tokens of the longest row.
        """
        import torch

        config = self.model.config
        cells = self.settings.rows_at_a_time * longest**2 * config.num_attention_heads * config.num_hidden_layers
        on_cpu = not torch.cuda.is_available() and self.settings.base_precision == "bf16"
        if on_cpu and cells * BYTES_A_CELL <= PLAIN_BYTES:
            self.model.set_attn_implementation("eager")

    def arguments(self, *, generates: bool = False) -> dict[str, Any]:
        """The arguments that TRL's configurations share; a trainer that generates has its own way to keep the order."""
        import torch

        s = self.settings
        gpu = torch.cuda.is_available()
        return {
            "output_dir": str(self.checkpoints),
            "per_device_train_batch_size": s.rows_at_a_time,
            "gradient_accumulation_steps": s.batch // s.rows_at_a_time,
            "num_train_epochs": 1,  # the order of the rows holds all epochs
            "learning_rate": s.learning_rate,
            "lr_scheduler_type": "cosine",
            "warmup_steps": 0.05,
            "weight_decay": 0.0,
            "max_grad_norm": 1.0,
            "optim": "adamw_torch",
            "seed": s.seed,
            "data_seed": s.seed,
            "use_cpu": not gpu,
            "bf16": s.base_precision == "bf16",  # of the computation: weights that are trained stay float32
            "gradient_checkpointing": False,
            "logging_steps": 1,
            "logging_nan_inf_filter": False,
            "save_strategy": "no",  # `Watch` says when
            "report_to": "none",
            "disable_tqdm": True,
            "log_level": "error",
            "ddp_find_unused_parameters": False,
            **({"shuffle_dataset": False} if generates else {"train_sampling_strategy": "sequential"}),
        }

    def parts(self) -> dict[str, Any]:
        """What every trainer of TRL takes: the model, its tokenizer and the adapter that is to be trained."""
        return {"model": self.model, "processing_class": self.tokenizer, "peft_config": self.lora()}

    def lora(self) -> Any:
        """The configuration of a fresh adapter; None for full training, and where an adapter is gone on from."""
        if self.settings.full or self.settings.adapter is not None:
            return None
        from peft import LoraConfig

        rank = self.settings.rank
        return LoraConfig(
            r=rank, lora_alpha=2 * rank, lora_dropout=0.0, target_modules="all-linear", task_type="CAUSAL_LM"
        )
