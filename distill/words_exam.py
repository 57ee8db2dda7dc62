"""The examination of a model's words on held-out rows of the corpus, and the comparison of several models.

A model is asked what an agent would ask, and the agent's own checks decide whether its first answer would have been
used (`corpus.put`). The figures can fail: `BARS` says what the adapter that ships must reach.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from classwright.distill.copying import Copied, copied
from classwright.distill.held_rows import HeldRow, drawn, read_held
from classwright.distill.move_reader import MoveReader, told_submove
from classwright.distill.rows import TRAIN, Row, read_rows
from classwright.distill.word_answers import ask_words
from classwright.distill.word_judging import Judged, judge_words
from classwright.distill.word_measures import Answer, Measures, Share, measure_words, wording, words_in
from classwright.distill.word_models import slug
from classwright.errors import InputError
from classwright.models.endpoint import Transport
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.progress import Progress
from classwright.runs.recipe import Recipe
from classwright.skilltree.tree import default_tree

WORDS, FOLDER = "words.json", "words"
"""The result of a comparison, and the folder beside it with what each model said."""
PER_TASK, SAMPLES, JUDGED = 40, 3, 4
"""Rows of a task that are asked, that are shown, and that judges compare."""
BARS = {"accepted": ("at least", 0.75), "numbers": ("at least", 0.99), "verbatim": ("at most", 0.3)}
"""Measure -> what the adapter that ships must reach (issue 8, "Must show")."""


class Bar(BaseModel):
    """A measure against what it must reach.

    Attributes:
        met: Whether it does; None where it could not be measured.
        surely: Whether the whole interval does.
    """

    model_config = ConfigDict(frozen=True)

    measure: str
    wanted: str
    met: bool | None
    surely: bool | None


class ModelWords(BaseModel):
    """What one model's words are worth.

    Attributes:
        total: Over all rows.
        tasks: Task -> the same.
        bars: `BARS` over all rows.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    seed: int
    per_task: int
    total: Measures
    tasks: dict[str, Measures]
    bars: tuple[Bar, ...]


class Sample(BaseModel):
    """A row that is shown: what it gave, and each model's text with the reason why it was refused ("" if used)."""

    model_config = ConfigDict(frozen=True)

    task: str
    skill: str
    held: tuple[str, ...]
    prompt: str
    texts: dict[str, str]
    refused: dict[str, str]


class WordsReport(BaseModel):
    """Models side by side, on the same rows.

    Attributes:
        data: The dataset directory's name.
        rows: Rows that every model was asked, of `held_out`.
    """

    model_config = ConfigDict(frozen=True)

    data: str
    rows: int
    held_out: int
    models: tuple[ModelWords, ...]
    judged: Judged
    samples: tuple[Sample, ...]


def evaluate_words(
    model: str,
    data: Path,
    out: Path,
    *,
    per_task: int = PER_TASK,
    seed: int = 0,
    progress: Progress = lambda label, done, total: None,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Examine one model; the same call again goes on after a stop.

    Args:
        model: See `word_models.HELP`.
        data: A dataset directory of `classwright distill data --task corpus`.
        out: Where `words/<model>.jsonl`, its journal, and `words/<model>.json`, the result, go.
        per_task: Rows of each task, 0 for all.
        seed: Of rows, replies and bootstraps.
        progress: Told how many are answered.
        endpoint: Answers in place of what the model names.

    Returns:
        The JSON object of `ModelWords`.

    Raises:
        InputError: There is no such model, or the dataset is not of the corpus or of another version.
        JournalError: The journal in `out` belongs to another dataset, seed or settings; name another folder.
        UnreachableError, LimitError: The model does not answer; the same call goes on.
    """
    check_folder(out)
    rows = drawn(read_held(data), per_task, seed)
    answers = _asked(model, rows, out, seed, progress, endpoint)
    found = _measured(model, rows, answers, _training(data), per_task, seed)
    write_atomic(out / FOLDER / f"{slug(model)}.json", found.model_dump_json(indent=1) + "\n")
    return found.model_dump(mode="json")


def compare_words(
    models: Sequence[str],
    data: Path,
    out: Path,
    *,
    per_task: int = PER_TASK,
    seed: int = 0,
    judges: Recipe | None = None,
    judged: int = JUDGED,
    progress: Progress = lambda label, done, total: None,
    endpoints: dict[str, Transport] | None = None,
) -> WordsReport:
    """Examine several models on the same rows, and let judges compare them; writes words.json, words.md and words.html.

    Args:
        models: See `word_models.HELP`; no name twice.
        data, out, per_task, seed, progress: As `evaluate_words`.
        judges: The recipe whose evaluators compare the texts; None: nobody does.
        judged: Rows of each task that they compare.
        endpoints: Model, or "judges", -> what answers in its place.

    Raises:
        InputError: No model is named, or one twice. Else as `evaluate_words`.
    """
    from classwright.reports.words import words_html, words_markdown

    if not models or len(set(models)) != len(models):
        raise InputError("name one or more models, each once")
    check_folder(out)
    held = read_held(data)
    rows, instead = drawn(held, per_task, seed), endpoints or {}
    answers = {m: _asked(m, rows, out, seed, progress, instead.get(m)) for m in models}
    progress("measuring", 0, 0)
    training = _training(data)
    measured = tuple(_measured(m, rows, answers[m], training, per_task, seed) for m in models)
    if judges is None or len(models) < 2:
        why = "no judge was named (--judges RECIPE)" if judges is None else "there is one model only"
        bouts = Judged(status="missing", why=why)
    else:
        chosen = drawn(rows, judged, seed)
        bouts = judge_words(chosen, answers, judges, out / FOLDER, seed=seed, progress=progress,
                            endpoint=instead.get("judges"))  # fmt: skip
    found = WordsReport(
        data=data.name, rows=len(rows), held_out=len(held), models=measured, judged=bouts,
        samples=tuple(_samples(rows, answers, seed)),
    )  # fmt: skip
    write_atomic(out / "words.md", words_markdown(found))
    write_atomic(out / "words.html", words_html(found))
    write_atomic(out / WORDS, found.model_dump_json(indent=1) + "\n")
    return found


def bars(total: Measures) -> tuple[Bar, ...]:
    """The measures that must be reached, over all rows."""
    found = []
    for name, (sense, wanted) in BARS.items():
        value: Share | None = getattr(total, name)
        least = sense == "at least"
        met = None if value is None else value.share >= wanted if least else value.share <= wanted
        surely = None if value is None else value.low >= wanted if least else value.high <= wanted
        found.append(Bar(measure=name, wanted=f"{sense} {wanted:.0%}", met=met, surely=surely))
    return tuple(found)


def _asked(
    model: str, rows: Sequence[HeldRow], out: Path, seed: int, progress: Progress, endpoint: Transport | None
) -> dict[str, Answer]:
    found = ask_words(model, rows, out / FOLDER, default_tree(), seed=seed, progress=progress, endpoint=endpoint)
    return {a.id: a for a in found}


class _Training(NamedTuple):
    """The texts to train on (of one in JSON its words), and a reader of moves that learned from them."""

    texts: list[str]
    reader: MoveReader


def _training(data: Path) -> _Training:
    rows = [row for row in read_rows(data / TRAIN) if isinstance(row, Row)]
    texts = [(row, row.messages[i].content) for row in rows for i in row.trained]
    turns = [(text, kind) for row, text in texts if (kind := told_submove(row.messages[-2].content))]
    said = [words_in(text) if text.startswith("{") else text for _, text in texts]
    return _Training(said, MoveReader(turns))


def _measured(
    model: str, rows: Sequence[HeldRow], answers: dict[str, Answer], training: _Training, per_task: int, seed: int
) -> ModelWords:
    said = [row for row in rows if wording(row, answers[row.about.id].text)]
    runs = copied([wording(row, answers[row.about.id].text) for row in said], training.texts)
    copies: dict[str, Copied] = {row.about.id: c for row, c in zip(said, runs, strict=True)}
    tasks: dict[str, list[HeldRow]] = {}
    for row in rows:
        tasks.setdefault(row.about.task, []).append(row)
    tree = default_tree()

    def measured(own: Sequence[HeldRow]) -> Measures:
        return measure_words(own, answers, copies, training.reader, tree, seed=seed)

    total = measured(rows)
    return ModelWords(
        model=model, seed=seed, per_task=per_task, total=total, bars=bars(total),
        tasks={task: measured(own) for task, own in tasks.items()},
    )  # fmt: skip


def _samples(rows: Sequence[HeldRow], answers: dict[str, dict[str, Answer]], seed: int) -> list[Sample]:
    tasks: dict[str, list[HeldRow]] = {}
    for row in rows:
        tasks.setdefault(row.about.task, []).append(row)
    return [
        Sample(
            task=task, skill=row.row.skill, held=row.about.held, prompt=row.prompt[-1]["content"],
            texts={m: found[row.about.id].text for m, found in answers.items()},
            refused={m: found[row.about.id].refused for m, found in answers.items()},
        )
        for task, own in tasks.items()
        for row in Random(f"{seed}/samples/{task}").sample(own, min(SAMPLES, len(own)))
    ]  # fmt: skip
