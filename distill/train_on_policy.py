"""On-policy distillation: the student writes, the teacher's distribution is learned at every token it wrote.

TRL's DistillationTrainer (Agarwal et al., 2024). Rows are drawn by their weights; of a row only the prompt is used.
"""

from typing import Any

from classwright.distill.rows import Row
from classwright.distill.setup import Setup
from classwright.distill.training_set import prompt_of


def trainer(setup: Setup) -> Any:
    """The trainer of an on-policy distillation."""
    from datasets import Dataset
    from trl.trainer.distillation_config import DistillationConfig
    from trl.trainer.distillation_trainer import DistillationTrainer

    from classwright.distill.teacher import load_teacher

    rows = setup.drawn([row for row in setup.rows if isinstance(row, Row)])
    config = DistillationConfig(
        **setup.arguments(generates=True),
        max_completion_length=setup.settings.reply_tokens,
        temperature=setup.settings.temperature,
    )
    return DistillationTrainer(
        **setup.parts(),
        teacher_model=load_teacher(setup),
        args=config,
        train_dataset=Dataset.from_list([{"prompt": prompt_of(row)} for row in rows]),
    )
