"""What the base of a training answers in its exam, for the report's before and after.

A base that several trainings start from is asked once: its answers are kept in the model cache under the checksum of
its weights and of the exam.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from classwright.distill.base import load_tokenizer
from classwright.distill.exam_result import BEFORE, read_answers
from classwright.distill.exam_run import answering, write_marks
from classwright.distill.examine import Marked, examine
from classwright.distill.rows import ExamItem
from classwright.distill.settings import TrainSettings
from classwright.models import weights
from classwright.runs.progress import Progress


def examine_before(
    exam: Sequence[ExamItem], base: Path, settings: TrainSettings, out: Path, progress: Progress
) -> list[Marked]:
    """Write `exam.before.json` of a training, from the cache where the base was asked the same before.

    Args:
        exam: All items.
        base: The directory of the base.
        settings: Of the training; precision and longest reply count.
        out: Where the training goes.
        progress: Told how many are answered.
    """
    kept = weights.cache_folder() / "exams" / f"{_name(exam, base, settings)}.json"

    def ask() -> list[Marked]:
        told: Callable[[int, int], None] = lambda done, of: progress("Examining the base", done, of)  # noqa: E731
        model = answering(base, settings.base_precision)
        return examine(exam, model, load_tokenizer(base), max_tokens=settings.reply_tokens, progress=told)

    marks = read_answers(kept, Marked) if kept.is_file() else ask()
    if not kept.is_file():
        write_marks(kept, marks)
    write_marks(out / BEFORE, marks)
    return marks


def _name(exam: Sequence[ExamItem], base: Path, settings: TrainSettings) -> str:
    digest = sha256(f"{settings.base_precision}/{settings.reply_tokens}".encode())
    for file in sorted([*base.glob("*.safetensors"), *base.glob("*.bin"), *base.glob("tokenizer*.json"),
                        *base.glob("chat_template.jinja")]):  # fmt: skip
        digest.update(weights.sha256(file).encode())
    for item in exam:
        digest.update(item.model_dump_json().encode())
    return digest.hexdigest()[:24]
