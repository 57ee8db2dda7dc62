"""The teacher of a distillation on distributions: it must cut and count words as the student does."""

from typing import Any

from classwright.distill.base import check_fit, load_model, load_tokenizer
from classwright.distill.setup import Setup
from classwright.errors import InputError


def load_teacher(setup: Setup) -> Any:
    """The teacher's model, in the precision of the student.

    Raises:
        InputError: Its tokenizer is another, or its vocabulary has another size.
    """
    assert setup.teacher is not None  # the settings see to it
    tokenizer = load_tokenizer(setup.teacher)
    mine, others = setup.tokenizer.get_vocab(), tokenizer.get_vocab()
    if mine != others:
        different = sum(mine.get(token) != index for token, index in others.items())
        raise InputError(
            f"{setup.teacher}: mixed tokenizers: {different} of its {len(others)} tokens are others than the "
            f"student's {len(mine)}, so its distributions cannot be compared; take a teacher of the same family, or "
            "--method sft on texts that it wrote"
        )
    model = load_model(setup.teacher, setup.settings.base_precision)
    check_fit(tokenizer, model, setup.teacher)
    sizes = (setup.model.config.vocab_size, model.config.vocab_size)
    if sizes[0] != sizes[1]:
        raise InputError(
            f"{setup.teacher}: vocabulary mismatch: the teacher's distributions are over {sizes[1]} tokens, the "
            f"student's over {sizes[0]}; take a teacher with the same vocabulary, or --method sft on texts it wrote"
        )
    return model
