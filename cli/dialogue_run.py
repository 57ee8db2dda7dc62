"""`classwright dialogue SKILL...`: hold many teacher-student dialogues at once."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.graphs.dialogue_plan import DialogueRequest
    from classwright.runs.recipe import Recipe

TUTORS = ("socratic", "bridge", "model", "tell", "next-step")


class Student(StrEnum):
    """Who plays the students."""

    knowledge = "knowledge"
    persona = "persona"
    model = "model"


class DecidedBy(StrEnum):
    """Where a bridge tutor's decisions come from."""

    none = "none"
    self = "self"
    random = "random"


class WordedBy(StrEnum):
    """Who words what code decided."""

    model = "model"
    student = "student"
    code = "code"


class Press(StrEnum):
    """How students press the tutor."""

    none = "none"
    all = "all"
    context_switch = "context switch"
    authority = "authority"
    face_saving = "face-saving"


def run(
    topics: Annotated[
        list[str] | None, typer.Argument(metavar="[SKILL]...", help="Skill ids or topics in words, by turns.")
    ] = None,
    problems: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Problems from a file instead: GSM8K's, MathDial's or own jsonl, or CSV."),
    ] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=10_000_000, help="Dialogues that each tutor holds.")] = 100,
    tutor: Annotated[
        str, typer.Option(metavar="LIST", help=f"Tutors with commas, all on the same cases: {', '.join(TUTORS)}.")
    ] = "socratic",
    student: Annotated[Student, typer.Option(help="Who plays the students.")] = Student.knowledge,
    students: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Sample so many students a skill [30].")
    ] = None,
    klass: Annotated[str | None, typer.Option("--class", metavar="FILE", help="A class's TOML file.")] = None,
    turns: Annotated[int, typer.Option(min=1, max=200, help="Tutor turns at most.")] = 10,
    tests: Annotated[
        int | None, typer.Option(min=0, max=40, help="Problems of the test before and after [4, 0 without a skill].")
    ] = None,
    words: Annotated[WordedBy, typer.Option(help="Who words what code decided; code asks no model.")] = WordedBy.model,
    decision: Annotated[DecidedBy, typer.Option(help="Where a bridge tutor's decisions come from.")] = DecidedBy.self,
    pressure: Annotated[Press, typer.Option(help="How students press; all: drawn by case.")] = Press.none,
    language: Annotated[str, typer.Option(help="Language that the tutor speaks.")] = "en",
    budget_tokens: Annotated[
        int | None, typer.Option(min=1, help="Let no dialogue begin that could take the run beyond so many tokens.")
    ] = None,
    window: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Dialogues that go on at once [twice the endpoints' places].")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=0, help="Seconds for which an endpoint that does not answer is waited for.")
    ] = 300.0,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out and count bad lines of the file.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder that gets a copy of the report and the dialogues.")
    ] = None,
    engine: options.EngineOption = None,
    workers: options.Workers = None,
    address: options.Address = None,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Hold many dialogues at once: tutors meet the same students at the same problems, and are compared in pairs."""
    from classwright.cli.dialogue_page import describe
    from classwright.errors import InputError
    from classwright.graphs.dialogues import start

    settings, cluster = options.recipe_of(recipe, base_only), options.engine(engine, workers, address)
    if topics and problems is not None:
        raise InputError("SKILL and --problems exclude each other: the problems come from the tree or from the file")
    if not topics and problems is None:
        raise InputError("name a skill (classwright tree show lists them) or a file with --problems")
    if klass is not None and students is not None:
        raise InputError("--class and --students exclude each other: a class is read or sampled")
    request = build_request(
        topics or [], settings, problems=problems, klass=klass, students=students, seed=seed, n=n,
        tutors=tutors_of(tutor), student=student.value, turns=turns, tests=tests, words=words.value,
        decision=decision.value, pressure="" if pressure is Press.none else pressure.value, language=language,
    )  # fmt: skip
    if problems is not None and skip_bad:
        say_skipped(problems)
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(
            request, settings, problems=problems, skip_bad=skip_bad, budget=budget_tokens, window=window,
            patience_s=patience, gguf=str(model) if model else None, root=root, out=out, engine=cluster,
            progress=progress,
        )  # fmt: skip
    output.emit(summary, json=json, text=lambda: describe(summary))


def tutors_of(text: str) -> tuple[str, ...]:
    """The tutors that `--tutor` names.

    Raises:
        InputError: none, or an unknown one; the nearest is named.
    """
    from difflib import get_close_matches

    from classwright.errors import InputError

    names = options.words(text)
    for name in names:
        if name == "human":
            raise InputError("--tutor human: a person talks in `classwright play`, not in a bulk run")
        if name not in TUTORS:
            near = get_close_matches(name, TUTORS, 1, 0.0)[0]
            raise InputError(f"--tutor {name}: unknown; did you mean {near}? There are {', '.join(TUTORS)}")
    if not names:
        raise InputError(f"--tutor names no tutor; there are {', '.join(TUTORS)}")
    return tuple(dict.fromkeys(names))


def build_request(
    topics: list[str],
    settings: "Recipe",
    *,
    problems: Path | None,
    klass: str | None,
    students: int | None,
    seed: int | None,
    **more: Any,
) -> "DialogueRequest":
    """The request that the options mean.

    Raises:
        InputError: an unknown skill, a subject outside the tree, a bad class file.
    """
    import asyncio

    from classwright.agents.resolve import resolve_topic
    from classwright.cli.lesson import learning_model
    from classwright.errors import InputError
    from classwright.graphs.dialogue_plan import CLASS_SIZE, DialogueRequest
    from classwright.models.embeddings import WordEmbedder
    from classwright.skilltree.learner import load_learners, public
    from classwright.skilltree.tree import default_tree

    tree, embed = default_tree(), WordEmbedder().embed
    skills: list[str] = []
    for topic in topics:
        found = asyncio.run(resolve_topic(topic, tree, embed))
        if found.skill is None:
            raise InputError(f"{found.note}; dialogues need a skill of the tree, or problems of your own (--problems)")
        if found.note:
            output.say(found.note)
        skills.append(found.skill)
    return DialogueRequest(
        skills=tuple(dict.fromkeys(skills)),
        problems=problems.name if problems is not None else "",
        learners=tuple(public(x) for x in load_learners(Path(klass), tree)) if klass is not None else (),
        students=students or CLASS_SIZE,
        seed=settings.seed if seed is None else seed,
        learning=learning_model(settings.students),
        **more,
    )


def say_skipped(problems: Path) -> None:
    """Say how many lines of a file are left out, and why."""
    from classwright.classroom.problem_file import read_problem_file

    skipped = read_problem_file(problems, skip_bad=True).skipped
    if skipped:
        reasons = ", ".join(f"{n} {reason}" for reason, n in skipped.items())
        output.say(f"{problems}: {sum(skipped.values())} lines left out ({reasons})")
