"""The skill-targeted loop: examine the student, find the skills it lacks, train on rows for those, examine again.

He et al. (2025, "STAT: Skill-Targeted Adaptive Training"): Sel reweights rows that there are, Syn makes new ones, kept
where an independent solution agrees. Khan et al. (2025, "DataEnvGym"): a policy allots the rows of a round. Controls
(every skill alike, the rows nearest to what failed, rows as they come) get the same number of tokens, the same student,
the same exam and the same seeds. What decides (the diagnosis) and what is reported (the test) are different items.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from classwright.distill.base import STUDENT, load_tokenizer, trainable
from classwright.distill.exam_result import read_answers
from classwright.distill.exam_run import answering, write_marks
from classwright.distill.examine import Marked, examine
from classwright.distill.export import ADAPTER
from classwright.distill.loop_result import LoopResult, effects, share, summary
from classwright.distill.loop_rows import round_rows
from classwright.distill.loop_settings import LoopArm, LoopSettings
from classwright.distill.masks import encode
from classwright.distill.profile import profile
from classwright.distill.rationales import Rationales, make_rationales
from classwright.distill.retain import shrink_and_perturb
from classwright.distill.rows import TRAIN, Card, ExamItem, Row, write_card, write_rows
from classwright.distill.train import train
from classwright.errors import InputError
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress
from classwright.skilltree.tree import SkillTree

LACKING = 3
"""Skills at the head of the first profile on which the arms are compared."""
PART = {"diagnosis": 0, "test": 1}


def loop(
    settings: LoopSettings, tree: SkillTree, out: Path, progress: Progress, say: Callable[[str], None]
) -> LoopResult:
    """Run all arms and seeds; called again with the same settings, go on where it was ended.

    Raises:
        InputError: `out` holds another loop, or the skills give too few different problems.
    """
    import torch

    from classwright.distill.quiet import quiet
    from classwright.models.embedded import thread_count

    _same_loop(settings, out)
    torch.set_num_threads(settings.training.threads or thread_count())
    count = len(settings.skills)
    made = make_rationales(
        settings.skills, settings.pool * count, 0, tree, settings.levels, exam=2 * settings.items * count
    )
    exams = {part: _part(made.exam, part) for part in PART}
    with quiet():
        first = trainable(settings.base, progress)
        before = {part: _asked(exams[part], first, out / f"{part}.json", settings, progress) for part in PART}
        found = profile(before["diagnosis"])
        lacking = [s.skill for s in found[:LACKING]]
        say("lacks most: " + ", ".join(f"{s.skill} ({s.right:g} of {s.items})" for s in found[:LACKING]))
        tests: dict[str, list[list[list[Marked]]]] = defaultdict(list)
        spent: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for seed in settings.seeds:
            for arm in settings.arms:
                label = f"{arm}, seed {seed}"
                rounds, sizes = _run(
                    settings, tree, made, exams, before, first, arm, seed, out, _named(progress, label)
                )
                tests[arm].append(rounds)
                spent[arm] += sizes
                say(f"{label}: " + " → ".join(f"{share(r, lacking):.2f}" for r in rounds) + " on the lacking skills")
    result = LoopResult(
        settings=settings, profile=found, lacking=lacking,
        arms=[summary(arm, tests[arm], spent[arm], lacking) for arm in settings.arms],
        effects=effects(settings.arms, tests, lacking),
    )  # fmt: skip
    write_atomic(out / "loop.json", result.model_dump_json(indent=2) + "\n")
    return result


def _run(
    settings: LoopSettings,
    tree: SkillTree,
    made: Rationales,
    exams: Mapping[str, Sequence[ExamItem]],
    before: Mapping[str, list[Marked]],
    first: Path,
    arm: LoopArm,
    seed: int,
    out: Path,
    progress: Progress,
) -> tuple[list[list[Marked]], list[tuple[int, int]]]:
    """The test of an arm before and after every round, and (rows, tokens) of every round."""
    answers, tests, sizes = before["diagnosis"], [before["test"]], []
    student, tokenizer = first, load_tokenizer(first)

    def size(row: Row) -> int:
        return len(encode(row, tokenizer).ids)

    for number in range(1, settings.rounds + 1):
        folder = out / f"seed-{seed}" / arm / f"round-{number}"
        rows = round_rows(settings, tree, made, answers, arm, size, seed, number)
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        write_rows(data / TRAIN, rows)
        write_card(data, Card(kind="sft", task="rationale", teacher="code", licence="Apache-2.0",
                              notes=(f"Round {number} of the loop's arm {arm}, seed {seed}.",)))  # fmt: skip
        start = {"base": str(student)}
        if settings.goes_on and number > 1:
            start = {"base": str(first), "adapter": str(_softened(settings, folder, seed, number))}
        chosen = settings.training.model_copy(update={**start, "seed": seed, "eval_items": 0})
        train(data, chosen, folder / "student", progress)
        student = folder / "student" / STUDENT
        answers, test = (_asked(exams[part], student, folder / f"{part}.json", settings, progress) for part in PART)
        tests.append(test)
        sizes.append((len(rows), sum(map(size, rows))))
    return tests, sizes


def _softened(settings: LoopSettings, folder: Path, seed: int, number: int) -> Path:
    """The adapter of the round before, shrunk and perturbed, as a directory to go on from."""
    from safetensors.torch import load_file, save

    before = folder.parent / f"round-{number - 1}" / "student" / ADAPTER
    made = shrink_and_perturb(
        load_file(before / "adapter_model.safetensors"), shrink=settings.shrink, noise=settings.noise,
        seed=1000 * seed + number,
    )  # fmt: skip
    out = folder / "start"
    write_atomic(out / "adapter_model.safetensors", save(made, metadata={"format": "pt"}))
    write_atomic(out / "adapter_config.json", (before / "adapter_config.json").read_bytes())
    return out


def _part(exam: Sequence[ExamItem], part: str) -> list[ExamItem]:
    """Every second held-out item of each skill."""
    by_skill: dict[str, list[ExamItem]] = defaultdict(list)
    for item in exam:
        if item.kind == "held_out":
            by_skill[item.skill].append(item)
    return [item for items in by_skill.values() for item in items[PART[part] :: 2]]


def _asked(
    items: Sequence[ExamItem], folder: Path, path: Path, settings: LoopSettings, progress: Progress
) -> list[Marked]:
    """A student's answers, from the file where they are there already."""
    if path.is_file():
        return read_answers(path, Marked)
    marks = examine(
        items, answering(folder, settings.training.base_precision), load_tokenizer(folder),
        max_tokens=settings.training.reply_tokens, progress=lambda done, of: progress("examining", done, of),
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    write_marks(path, marks)
    return marks


def _same_loop(settings: LoopSettings, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    path = out / "loop.settings.json"
    # Read by the model: a setting that is newer than the file had its default.
    if path.is_file() and LoopSettings.model_validate_json(path.read_bytes()) != settings:
        raise InputError(f"{out}: holds a loop with other settings; take another --out, or repeat those of {path.name}")
    write_atomic(path, settings.model_dump_json(indent=2) + "\n")


def _named(progress: Progress, label: str) -> Progress:
    return lambda what, done, of: progress(f"{label}: {what}", done, of)
