"""Preference training: TRL's DPOTrainer.

With loss "sigmoid_norm" log-probabilities are divided by length (delta learning, Geng et al., 2025). Rows are drawn by
their weights.
"""

from typing import Any

from classwright.distill.masks import encode_pair
from classwright.distill.rows import PreferenceRow
from classwright.distill.setup import Setup


def trainer(setup: Setup) -> Any:
    """The trainer of a preference training; its reference is the base as it was."""
    from datasets import Dataset
    from trl.trainer.dpo_config import DPOConfig
    from trl.trainer.dpo_trainer import DPOTrainer

    rows = [row for row in setup.rows if isinstance(row, PreferenceRow)]
    setup.check_lengths([max(len(e.ids) for e in encode_pair(row, setup.tokenizer)) for row in rows])
    data = Dataset.from_list(
        [
            {
                "prompt": [message.model_dump() for message in row.prompt],
                "chosen": [{"role": "assistant", "content": row.chosen}],
                "rejected": [{"role": "assistant", "content": row.rejected}],
            }
            for row in setup.drawn(rows)
        ]
    )
    config = DPOConfig(
        **setup.arguments(),
        loss_type=[setup.settings.loss],
        beta=setup.settings.preference_beta,
        max_length=setup.settings.length,
    )
    return DPOTrainer(
        **setup.parts(),
        args=config,
        train_dataset=data,
    )
