"""The skill-targeted loop: examine the student, find the skills it lacks, train on rows for those, examine again.

He et al. (2025, "STAT: Skill-Targeted Adaptive Training"): Sel reweights rows that there are, Syn makes new ones, kept
where an independent solution agrees. Khan et al. (2025, "DataEnvGym"): a policy allots the rows of a round. Controls
(every skill alike, the rows nearest to what failed, rows as they come) get the same number of tokens, the same student,
the same exam and the same seeds. What decides (the diagnosis) and what is reported (the test) are different items.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from classwright.classroom.effects import Effect, effect, holm
from classwright.distill.base import STUDENT, load_model, load_tokenizer, trainable
from classwright.distill.exam_result import read_answers
from classwright.distill.exam_run import write_marks
from classwright.distill.examine import Marked, examine
from classwright.distill.families import operands
from classwright.distill.loop_policy import Policy, State, open_ended, skill_list, skill_tree
from classwright.distill.masks import encode
from classwright.distill.profile import Standing, profile
from classwright.distill.rationales import Rationales, make_rationales, row
from classwright.distill.reweight import Made, nearest, select, skill_weights, synthesize
from classwright.distill.rows import TRAIN, Card, ExamItem, Row, write_card, write_rows
from classwright.distill.settings import TrainSettings
from classwright.distill.train import train
from classwright.errors import InputError
from classwright.runs.atomic import write_atomic
from classwright.runs.progress import Progress
from classwright.skilltree.bank import problem
from classwright.skilltree.expression import evaluate
from classwright.skilltree.grading import same_answer
from classwright.skilltree.tree import SkillTree

LoopArm = Literal["sel", "syn", "uniform", "nearest", "random"]
LOOP_ARMS: tuple[LoopArm, ...] = get_args(LoopArm)
Environment = Literal["open-ended", "skill-list", "skill-tree"]
LACKING = 3
"""Skills at the head of the first profile on which the arms are compared."""
PART = {"diagnosis": 0, "test": 1}


class LoopSettings(BaseModel):
    """What a loop is asked for.

    Attributes:
        base: The student before the loop, as the base of a training.
        skills: Skills with a generator, examined and trained.
        arms: How the rows of a round are chosen; "uniform" is what the others are compared with.
        rounds: Trainings of each arm and seed.
        tokens: Tokens of the rows of one round.
        pool: Rows a skill to choose from.
        items: Exam items a skill, of the diagnosis and of the test each.
        levels: Of the problems.
        seeds: One whole loop each.
        environment: The policy by which "syn" allots its rows.
        training: Rank, rate and the rest; its base, seed and exams are the loop's.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base: str = "smollm2"
    skills: tuple[str, ...] = Field(min_length=2)
    arms: tuple[LoopArm, ...] = ("sel", "syn", "uniform")
    rounds: int = Field(default=1, ge=1, le=20)
    tokens: int = Field(default=20_000, ge=500)
    pool: int = Field(default=200, ge=10)
    items: int = Field(default=20, ge=5)
    levels: tuple[int, ...] = (2,)
    seeds: tuple[int, ...] = Field(default=(1, 2, 3), min_length=1)
    environment: Environment = "skill-list"
    training: TrainSettings = TrainSettings()


class ArmResult(BaseModel):
    """An arm over all seeds.

    Attributes:
        rows, tokens: Mean of a round.
        lacking, all: Test accuracy after each round, from 0, means over seeds, on the lacking skills and on all.
    """

    arm: LoopArm
    rows: float
    tokens: float
    lacking: list[float]
    all: list[float]


class LoopResult(BaseModel):
    """What came out.

    Attributes:
        profile: Of the student before the loop, by the diagnosis, the most surely missing skill first.
        lacking: The head of it, on which arms are compared.
        effects: Each arm against "uniform", on the test items of the lacking skills, paired by item, corrected (Holm).
    """

    settings: LoopSettings
    profile: list[Standing]
    lacking: list[str]
    arms: list[ArmResult]
    effects: list[Effect]


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
                say(f"{label}: " + " → ".join(f"{_share(r, lacking):.2f}" for r in rounds) + " on the lacking skills")
    result = LoopResult(
        settings=settings, profile=found, lacking=lacking,
        arms=[_summary(arm, tests[arm], spent[arm], lacking) for arm in settings.arms],
        effects=_effects(settings.arms, tests, lacking),
    )  # fmt: skip
    write_atomic(out / "loop.json", result.model_dump_json(indent=2) + "\n")
    return result


def _run(
    settings: LoopSettings,
    tree: SkillTree,
    made: Rationales,
    exams: Mapping[str, Sequence[ExamItem]],
    before: Mapping[str, list[Marked]],
    student: Path,
    arm: LoopArm,
    seed: int,
    out: Path,
    progress: Progress,
) -> tuple[list[list[Marked]], list[tuple[int, int]]]:
    """The test of an arm before and after every round, and (rows, tokens) of every round."""
    answers, tests, sizes = before["diagnosis"], [before["test"]], []
    tokenizer = load_tokenizer(student)

    def size(row: Row) -> int:
        return len(encode(row, tokenizer).ids)

    for number in range(1, settings.rounds + 1):
        folder = out / f"seed-{seed}" / arm / f"round-{number}"
        rows = _rows(settings, tree, made, answers, arm, size, seed, number)
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        write_rows(data / TRAIN, rows)
        write_card(data, Card(kind="sft", task="rationale", teacher="code", licence="Apache-2.0",
                              notes=(f"Round {number} of the loop's arm {arm}, seed {seed}.",)))  # fmt: skip
        chosen = settings.training.model_copy(update={"base": str(student), "seed": seed, "eval_items": 0})
        train(data, chosen, folder / "student", progress)
        student = folder / "student" / STUDENT
        answers, test = (_asked(exams[part], student, folder / f"{part}.json", settings, progress) for part in PART)
        tests.append(test)
        sizes.append((len(rows), sum(map(size, rows))))
    return tests, sizes


def _rows(
    settings: LoopSettings,
    tree: SkillTree,
    made: Rationales,
    answers: Sequence[Marked],
    arm: LoopArm,
    size: Callable[[Row], int],
    seed: int,
    number: int,
) -> list[Row]:
    """The rows of a round: of the pool, or new ones; as many tokens whatever the arm."""
    found, pool, draw = profile(answers), made.train, 1000 * seed + number
    if arm == "syn":
        new = _synthesized(settings, tree, made, answers, found, size, draw)
        return select(new, "random", settings.tokens, size, seed=draw, most=1)
    if arm == "nearest":
        asked = {item.id: item.messages[-1].content for item in made.exam}
        failed = [asked[a.id] for a in answers if a.right is not True]
        if failed:
            return select(pool, "nearest", settings.tokens, size, nearness=_near(pool, failed), seed=draw)
        arm = "random"
    return select(pool, arm, settings.tokens, size, shares=skill_weights(found), seed=draw)


def _near(pool: Sequence[Row], failed: Sequence[str]) -> dict[str, float]:
    from classwright.models.embeddings import WordEmbedder

    return nearest(pool, failed, WordEmbedder().embed_now)


def _synthesized(
    settings: LoopSettings,
    tree: SkillTree,
    made: Rationales,
    answers: Sequence[Marked],
    found: Sequence[Standing],
    size: Callable[[Row], int],
    draw: int,
) -> list[Row]:
    """New rows of the bank where the policy wants them, more than enough for the tokens."""
    smallest = min(map(size, made.train))
    budget = settings.tokens // smallest + len(settings.skills)
    state = State(draw, answers, found, settings.skills, budget, draw)
    plan = _policy(settings, tree)(state)
    wanted = dict(plan.skills)
    skill_of = {item.id: item.skill for item in made.exam}
    for failed, n in plan.like.items():  # the bank makes rows like an item by making rows of its skill
        wanted[skill_of[failed]] = wanted.get(skill_of[failed], 0) + n
    wanted = wanted or dict.fromkeys(settings.skills, budget // len(settings.skills) + 1)
    exam = {item.messages[-1].content for item in made.exam}
    worked: dict[str, str] = {}

    def make(skill: str, n: int) -> Made | None:
        rng = Random(f"syn/{draw}/{skill}/{n}")
        p = problem(skill, rng.randrange(2**31), rng.choice(settings.levels), None)
        new = row(p)
        if new.messages[-2].content in exam or not operands(p):
            return None
        worked[new.id] = p.expression
        return Made(new, p.answer)

    def solve(made: Made) -> list[str | None]:
        try:
            return [evaluate(worked[made.row.id])]
        except InputError:
            return [None]

    return synthesize(wanted, make, solve, agree=1, same=same_answer).rows


def _policy(settings: LoopSettings, tree: SkillTree) -> Policy:
    if settings.environment == "skill-tree":
        return skill_tree(tree, known=settings.skills)
    return open_ended if settings.environment == "open-ended" else skill_list


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
        items, load_model(folder, settings.training.base_precision), load_tokenizer(folder),
        max_tokens=settings.training.reply_tokens, progress=lambda done, of: progress("examining", done, of),
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    write_marks(path, marks)
    return marks


def _summary(
    arm: LoopArm, tests: Sequence[Sequence[Sequence[Marked]]], sizes: Sequence[tuple[int, int]], lacking: Sequence[str]
) -> ArmResult:
    rounds = range(len(tests[0]))
    everything = sorted({m.skill for m in tests[0][0]})

    def means(skills: Sequence[str]) -> list[float]:
        return [sum(_share(seed[r], skills) for seed in tests) / len(tests) for r in rounds]

    return ArmResult(
        arm=arm, rows=sum(n for n, _ in sizes) / len(sizes), tokens=sum(t for _, t in sizes) / len(sizes),
        lacking=means(lacking), all=means(everything),
    )  # fmt: skip


def _share(marks: Sequence[Marked], skills: Sequence[str]) -> float:
    counted = [m.right is True for m in marks if m.skill in skills]
    return sum(counted) / len(counted)


def _effects(
    arms: Sequence[LoopArm], tests: Mapping[str, Sequence[Sequence[Sequence[Marked]]]], lacking: Sequence[str]
) -> list[Effect]:
    if "uniform" not in arms:
        return []
    values: dict[str, dict[str, list[float]]] = {}
    for arm in arms:
        values[arm] = defaultdict(list)
        for seed in tests[arm]:
            for mark in seed[-1]:
                if mark.skill in lacking:
                    values[arm][mark.id].append(float(mark.right is True))
    return holm([effect(arm, "uniform", values, seed=0) for arm in arms if arm != "uniform"])


def _same_loop(settings: LoopSettings, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    path = out / "loop.settings.json"
    if path.is_file() and json.loads(path.read_text("utf-8")) != json.loads(settings.model_dump_json()):
        raise InputError(f"{out}: holds a loop with other settings; take another --out, or repeat those of {path.name}")
    write_atomic(path, settings.model_dump_json(indent=2) + "\n")


def _named(progress: Progress, label: str) -> Progress:
    return lambda what, done, of: progress(f"{label}: {what}", done, of)
