"""An adapter by its recipe: dialogues, data, rows within the budget, training, GGUF, examination, card.

Each stage leaves what the next one reads, and goes on where a kill ended it; a stage that is done is not done again.
"""

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from classwright.classroom.chance import chance
from classwright.distill.adapter_recipe import AdapterRecipe
from classwright.distill.exam_result import AFTER, BEFORE, read_answers
from classwright.distill.row_budget import Sized, TaskShare, within_budget
from classwright.distill.rows import (
    CARD,
    EXAM,
    HELD_OUT,
    TRAIN,
    Card,
    Row,
    read_card,
    read_exam,
    read_rows,
    write_card,
    write_exam,
    write_rows,
)
from classwright.errors import ClasswrightError, InputError
from classwright.models.endpoint import Transport
from classwright.models.shipped import MOST_BYTES, AdapterCard
from classwright.runs import lock
from classwright.runs.atomic import check_folder, write_atomic
from classwright.runs.progress import Progress
from classwright.skilltree.tree import default_tree

RECIPE, EVALUATION = "recipe.json", "evaluation.json"
RUNS, DIALOGUES, DATA, CHOSEN, TRAINING = "runs", "dialogues", "data", "chosen", "training"
ALL = "all"
"""As the only skill of a recipe's dialogues: every skill of the tree."""
Say = Callable[[str], None]


def make(
    recipe: AdapterRecipe,
    out: Path,
    progress: Progress = lambda label, done, total: None,
    say: Say = lambda message: None,
    endpoint: Transport | None = None,
) -> dict[str, Any]:
    """Carry a recipe out; called again with the same recipe, go on where it was ended.

    Args:
        recipe: The recipe.
        out: Where everything goes; in the end `<name>.gguf` and `<name>.json`, its card, to be put into
            `models/adapters/`.
        progress: Told how far it is.
        say: Told messages for a person: the table of rows, a decoded sample.
        endpoint: Is examined in place of the model; a `ScriptedModel` in tests.

    Returns:
        The card.

    Raises:
        InputError: `out` holds the work of another recipe, the budget is too small, or as the stages.
        ClasswrightError: The adapter is too large to be shipped, or as the stages.
    """
    check_folder(out)
    held = lock.acquire(out)
    try:
        _same_recipe(recipe, out)
        base = _base(recipe, progress)
        data = _data(recipe, out, progress)
        chosen = _chosen(recipe, data, out, base, progress, say)
        from classwright.distill.train import train

        trained = train(chosen, recipe.train, out / TRAINING, progress, say)
        file = _gguf(recipe, out, base)
        evaluation = _evaluation(recipe, data, out, file, progress, endpoint)
        card = _card(recipe, chosen, trained, file, evaluation)
        write_atomic(out / f"{recipe.name}.json", card.model_dump_json(indent=1) + "\n")
        return card.model_dump(mode="json")
    finally:
        os.close(held)


def _same_recipe(recipe: AdapterRecipe, out: Path) -> None:
    path, text = out / RECIPE, recipe.model_dump_json(indent=1) + "\n"
    if not path.is_file():
        write_atomic(path, text)
    elif json.loads(path.read_text("utf-8")) != json.loads(text):
        raise InputError(f"{out}: holds the work of another recipe (see {RECIPE}); name another folder")


def _base(recipe: AdapterRecipe, progress: Progress) -> Path:
    from classwright.distill.base import trainable

    return trainable(recipe.train.base, progress)


def _data(recipe: AdapterRecipe, out: Path, progress: Progress) -> Path:
    """The whole dataset; its card is written last."""
    from classwright.distill.data import build

    if not (out / DATA / CARD).is_file():
        runs = [_dialogues(recipe, out, progress)] if recipe.dialogues is not None else []
        build(recipe.data, runs, out / DATA, progress=progress)
    return out / DATA


def _dialogues(recipe: AdapterRecipe, out: Path, progress: Progress) -> Path:
    """The run of the dialogues, finished; under a name without its time, as the names of its rows are drawn by."""
    from classwright.graphs.dialogues import resume, start
    from classwright.models.shipped import with_adapters
    from classwright.runs.listing import list_runs
    from classwright.runs.recipe import Recipe

    folder = out / RUNS / DIALOGUES
    if folder.is_dir():
        return folder
    request = recipe.dialogues
    assert request is not None
    if request.skills == (ALL,):
        request = request.model_copy(update={"skills": tuple(default_tree())})
    began = list_runs(out / RUNS)
    if not began:
        plain = with_adapters(Recipe(seed=request.seed), base_only=True)
        run = Path(start(request, plain, root=out / RUNS, progress=progress)["run"])
    else:
        run = began[0].path
        if began[0].status != "finished":
            resume(run, replay=False, progress=progress)
    os.replace(run, folder)
    return folder


def _chosen(recipe: AdapterRecipe, data: Path, out: Path, base: Path, progress: Progress, say: Say) -> Path:
    """The dataset with the rows of the budget; what is held out stays as it is."""
    from classwright.distill.base import load_tokenizer
    from classwright.distill.exam_run import first_of_each
    from classwright.distill.masks import encode

    folder = out / CHOSEN
    if (folder / CARD).is_file():
        return folder
    tokenizer, rows = load_tokenizer(base), [row for row in read_rows(data / TRAIN) if isinstance(row, Row)]
    sized: list[Sized] = []
    for n, row in enumerate(rows):
        if n % 100 == 0:
            progress("counting tokens", n, len(rows))
        tokens = len(encode(row, tokenizer).ids)
        if tokens <= recipe.train.length:
            sized.append(Sized(row, tokens))
    budget = int(recipe.tokens / recipe.train.epochs)
    kept, table = within_budget(sized, budget, recipe.weights, recipe.train.seed)
    say(budget_table(table, len(rows) - len(sized), recipe.train.length))
    folder.mkdir(exist_ok=True)
    write_rows(folder / TRAIN, kept)
    if (data / HELD_OUT).is_file():
        write_atomic(folder / HELD_OUT, (data / HELD_OUT).read_bytes())
    if (data / EXAM).is_file():
        items = sorted(read_exam(data / EXAM), key=lambda i: (chance(recipe.train.seed, "exam", i.id), i.id))
        write_exam(folder / EXAM, first_of_each(items, recipe.per_kind))
    write_card(folder, _chosen_card(recipe, read_card(data), table))
    return folder


def _chosen_card(recipe: AdapterRecipe, whole: Card, table: list[TaskShare]) -> Card:
    counts = {"chosen": {t.task: t.rows for t in table}, "tokens": {t.task: t.tokens for t in table}}
    of = sum(t.of_rows for t in table)
    note = (
        f"Chosen of {of} rows for {recipe.tokens:,} tokens in {recipe.train.epochs:g} epochs; the other counts are of "
        "the whole."
    )
    return whole.model_copy(update={"counts": whole.counts | counts, "notes": (*whole.notes, note)})


def budget_table(table: list[TaskShare], longer: int, length: int) -> str:
    """What was chosen, for a person."""
    lines = [f"{'task':<18}{'rows':>7}{'of':>7}{'tokens':>11}{'of':>11}{'a row':>7}"]
    for t in table:
        lines.append(f"{t.task:<18}{t.rows:>7}{t.of_rows:>7}{t.tokens:>11,}{t.of_tokens:>11,}{t.tokens // t.rows:>7}")
    rows, tokens = sum(t.rows for t in table), sum(t.tokens for t in table)
    of_rows, of_tokens = sum(t.of_rows for t in table), sum(t.of_tokens for t in table)
    lines.append(f"{'all':<18}{rows:>7}{of_rows:>7}{tokens:>11,}{of_tokens:>11,}{tokens // rows:>7}")
    return "\n".join(lines + ([f"{longer} rows of more than {length} tokens are left out"] if longer else []))


def _gguf(recipe: AdapterRecipe, out: Path, base: Path) -> Path:
    from classwright.distill.convert import adapter_to_gguf
    from classwright.distill.export import ADAPTER

    file = out / f"{recipe.name}.gguf"
    if not file.is_file():
        adapter_to_gguf(out / TRAINING / ADAPTER, base, file, "f16")
    if (size := file.stat().st_size) > MOST_BYTES:
        raise ClasswrightError(
            f"{file}: {size:,} bytes are more than the {MOST_BYTES:,} that are shipped; take a smaller train.rank than "
            f"{recipe.train.rank}"
        )
    return file


def _evaluation(
    recipe: AdapterRecipe, data: Path, out: Path, file: Path, progress: Progress, endpoint: Transport | None
) -> dict[str, Any]:
    """What the adapter does on what was held out, beside what the base does."""
    path = out / EVALUATION
    if path.is_file():
        return json.loads(path.read_text("utf-8"))
    if recipe.data.task == "corpus":
        from classwright.distill.word_models import BASE
        from classwright.distill.words_exam import evaluate_words

        model = f"{BASE}+{file}" if _ours(recipe) else str(out / TRAINING)
        found = evaluate_words(
            model, data, out, per_task=recipe.per_task, seed=recipe.train.seed, progress=progress, endpoint=endpoint
        )
    else:
        found = _examined(recipe, out / CHOSEN, out, progress)
    write_atomic(path, json.dumps(found, indent=1) + "\n")
    return found


def _examined(recipe: AdapterRecipe, chosen: Path, out: Path, progress: Progress) -> dict[str, Any]:
    """The held-out exam, of the base and of the student; right is what the student that it plays would answer."""
    from classwright.distill.exam_run import examine_model
    from classwright.distill.examine import scores

    if not (chosen / EXAM).is_file():
        return {}
    train = recipe.train
    base = examine_model(
        train.base, chosen, out / BEFORE, reply_tokens=train.reply_tokens, threads=train.threads, progress=progress
    )
    after = scores(read_answers(out / TRAINING / AFTER))
    return {"base": base["exam"], recipe.name: {kind: list(score) for kind, score in after.items()}}


def _ours(recipe: AdapterRecipe) -> bool:
    """Whether the base is the embedded model."""
    return recipe.train.base.lower() == "smollm2"


def _card(
    recipe: AdapterRecipe, chosen: Path, trained: dict[str, Any], file: Path, evaluation: dict[str, Any]
) -> AdapterCard:
    from classwright.models.weights import SMOLLM2
    from classwright.models.weights import sha256 as sum_of

    data, base, ours = read_card(chosen), recipe.train.base, _ours(recipe)
    return AdapterCard(
        name=recipe.name,
        base=SMOLLM2.name if ours else base,
        base_sha256=SMOLLM2.sha256 if ours else "",
        sha256=sum_of(file),
        size=file.stat().st_size,
        tasks=recipe.tasks,
        licence=recipe.licence,
        data={
            "task": data.task, "teacher": data.teacher, "licence": data.licence, "prompts": data.prompts,
            "rows": data.counts["chosen"], "tokens": data.counts["tokens"],
            "sha256": sha256((chosen / TRAIN).read_bytes()).hexdigest(),
        },
        recipe=recipe.model_dump(mode="json"),
        training={k: trained[k] for k in ("steps", "rows", "tokens", "supervised", "seconds", "peak_mb", "agreement")},
        evaluation=evaluation,
        made_with=trained["versions"],
    )  # fmt: skip
