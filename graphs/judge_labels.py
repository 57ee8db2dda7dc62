"""A judge's labels against those of people, dimension by dimension, beside always saying the most frequent one."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from classwright.agents.absence import unless_absent
from classwright.agents.labeler import label
from classwright.classroom.agreement import score_labels
from classwright.classroom.human_labels import Labeled, LabelFile, read_labels, sample
from classwright.errors import InputError
from classwright.graphs.judge_check_result import CheckRequest, DimensionScore
from classwright.models.chat import Chat
from classwright.models.together import together


def labeled(request: CheckRequest) -> tuple[LabelFile | None, list[Labeled]]:
    """The file of labeled texts and the texts drawn from it; nothing where none is asked for.

    Raises:
        InputError: The file is not what it should be, or changed since the run began.
    """
    if request.labels is None:
        return None, []
    path = Path(request.labels)
    file = read_labels(path, "csv" if request.format == "csv" else "mrbench")
    if request.digest and sha256(path.read_bytes()).hexdigest() != request.digest:
        raise InputError(f"{path}: changed since the run began; put the old file back or start a new run")
    return file, sample(file.rows, request.rows, request.seed)


async def label_all(chat: Chat, file: LabelFile, rows: Sequence[Labeled]) -> tuple[list[DimensionScore], str]:
    """One judge's labels of all texts scored by dimension, and why it is absent, if it is."""
    places = [(row, dimension) for row in rows for dimension in row.labels]

    async def work() -> list[str | None]:
        return await together(*(label(row, d, file, chat, unit=f"label.{row.id}") for row, d in places))

    said, absent = await unless_absent(chat, work, unit="labels", task="labels")
    scores = []
    for dimension in file.questions:
        pairs = [
            (row.labels[dimension], answer)
            for (row, d), answer in zip(places, said or [None] * len(places), strict=True)
            if d == dimension
        ]
        if pairs:
            everyone = [row.labels[dimension] for row in file.rows if dimension in row.labels]
            scores.append(_dimension(dimension, pairs, score_labels(everyone, everyone).majority))
    return scores, absent


def _dimension(dimension: str, pairs: Sequence[tuple[str, str | None]], majority: str) -> DimensionScore:
    gold = [g for g, _ in pairs]
    if all(p is None for _, p in pairs):
        base = score_labels(gold, gold, majority)
        return DimensionScore(
            dimension=dimension, n=0, missing=len(gold), majority=base.majority,
            majority_accuracy=base.majority_accuracy, majority_f1=base.majority_f1,
        )  # fmt: skip
    s = score_labels(gold, [p for _, p in pairs], majority)
    usable = s.low > s.majority_accuracy and s.macro_f1 > s.majority_f1
    return DimensionScore(dimension=dimension, **s._asdict(), usable=usable)
