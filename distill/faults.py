"""What went wrong in a training, in words that say what to do."""

from classwright.distill.settings import TrainSettings
from classwright.errors import ClasswrightError

_SIGNS = ("out of memory", "can't allocate memory", "cannot allocate memory", "not enough memory", "bad_alloc")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory ran out, on whatever device."""
    return isinstance(error, MemoryError) or any(sign in str(error).lower() for sign in _SIGNS)


def out_of_memory(error: BaseException, settings: TrainSettings) -> ClasswrightError | None:
    """The error that says which batch or length to try; None where memory was not what ran out.

    The memory of a step grows with the tokens of a forward pass: halving the rows at a time halves it and, as the loss
    does not depend on the split, changes nothing else.
    """
    if not is_out_of_memory(error):
        return None
    rows = settings.rows_at_a_time
    smaller = next((n for n in range(rows // 2, 0, -1) if settings.batch % n == 0), 0)
    if smaller:
        advice = f"try --micro {smaller}: the same training with less memory"
    elif not settings.full:
        advice = f"try --length {settings.length // 2}, or a smaller --lora-rank than {settings.rank}"
    else:
        advice = f"try --length {settings.length // 2}, or an adapter (--lora-rank 16) instead of --full"
    return ClasswrightError(f"out of memory with {rows} rows of up to {settings.length} tokens at a time; {advice}")
