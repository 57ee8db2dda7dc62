"""Group-relative policy optimization (Shao et al., 2024): several replies a prompt, rewarded by grading their answers.

The answer is the one that the row's own last reply gives; the exam is never seen. Rows are drawn by their weights.
"""

from typing import Any

from classwright.distill.rows import Row
from classwright.distill.setup import Setup
from classwright.distill.training_set import prompt_of
from classwright.errors import InputError
from classwright.skilltree.grading import same_answer
from classwright.skilltree.reading import extract_answer


def trainer(setup: Setup) -> Any:
    """The trainer of a GRPO training.

    Raises:
        InputError: No row's reply gives a number as its answer.
    """
    return grpo(setup, reward_funcs=reward)


def grpo(setup: Setup, **more: Any) -> Any:
    """TRL's GRPO trainer on the prompts of the rows with an answer; `more` are its further arguments.

    Raises:
        InputError: No row's reply gives a number as its answer.
    """
    from datasets import Dataset
    from trl.trainer.grpo_config import GRPOConfig
    from trl.trainer.grpo_trainer import GRPOTrainer

    known = [(row, answer) for row in setup.rows if isinstance(row, Row) and (answer := answer_of(row)) is not None]
    setup.left_out = len(setup.rows) - len(known)
    if not known:
        raise InputError("no row's reply ends in a number as its answer (ANSWER: 42), so no reply could be rewarded")
    answers = {row.id: answer for row, answer in known}
    rows = setup.drawn([row for row, _ in known])
    config = GRPOConfig(
        **setup.arguments(generates=True),
        num_generations=setup.settings.generations,
        max_completion_length=setup.settings.reply_tokens,
        temperature=setup.settings.temperature,
    )
    return GRPOTrainer(
        **setup.parts(),
        args=config,
        train_dataset=Dataset.from_list([{"prompt": prompt_of(row), "answer": answers[row.id]} for row in rows]),
        **more,
    )


def answer_of(row: Row) -> str | None:
    """The number that a row's last trained reply gives as its answer; None where it gives none."""
    answer = extract_answer(row.messages[max(row.trained)].content)
    return answer if answer is not None and same_answer(answer, answer) else None


def reward(completions: list[Any], answer: list[str], **_: Any) -> list[float]:
    """1 for a reply whose final answer is right, else 0; as TRL calls it."""
    return rewarded([c if isinstance(c, str) else c[-1]["content"] for c in completions], answer)


def rewarded(replies: list[str], answers: list[str]) -> list[float]:
    """1 for a reply whose final answer is right, else 0."""
    return [float(same_answer(text, wanted)) for text, wanted in zip(replies, answers, strict=True)]
