"""Generalized knowledge distillation (Agarwal et al., 2024): half of the batches on the data, half on own replies.

TRL keeps it under `trl.experimental`, from where things may vanish: this is all that we know of it.
"""

from typing import Any

from classwright.distill.rows import Row
from classwright.distill.setup import Setup
from classwright.errors import ClasswrightError


def trainer(setup: Setup) -> Any:
    """The trainer of a generalized distillation.

    Raises:
        ClasswrightError: The installed TRL has no GKD any more.
    """
    from datasets import Dataset

    try:
        from trl.experimental.gkd import GKDConfig, GKDTrainer
    except ImportError as error:
        raise ClasswrightError("the installed TRL has no GKD; take --method on-policy, or TRL 1.16") from error
    from classwright.distill.masks import encode
    from classwright.distill.teacher import load_teacher

    rows = [row for row in setup.rows if isinstance(row, Row)]
    setup.check_lengths([len(encode(row, setup.tokenizer).ids) for row in rows])
    messages = [{"messages": [message.model_dump() for message in row.messages]} for row in setup.drawn(rows)]
    config = GKDConfig(
        **setup.arguments(),
        max_length=setup.settings.length,
        max_new_tokens=setup.settings.reply_tokens,
        temperature=setup.settings.temperature,
    )
    return GKDTrainer(
        **setup.parts(),
        teacher_model=load_teacher(setup),
        args=config,
        train_dataset=Dataset.from_list(messages),
    )
