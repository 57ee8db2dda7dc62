"""`classwright lesson`: plan a lesson for a learner or a class."""

from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options

BUDGET = 30_000
"""Tokens of one lesson in a comparison: what our loop takes with a few rounds."""
DEFAULT_CLASS = "a class of [lesson] class_size in the recipe"


def lesson(
    topics: Annotated[
        list[str],
        typer.Argument(
            metavar="SKILL", help="A skill id (classwright tree show) or a topic in words; several with --compare"
        ),
    ],
    learner: Annotated[Path | None, typer.Option(help="A learner's TOML file")] = None,
    klass: Annotated[
        str | None,
        typer.Option("--class", metavar="FILE|N", help=f"A class's TOML file, or how many to sample [{DEFAULT_CLASS}]"),
    ] = None,
    minutes: Annotated[int | None, typer.Option(min=5, max=600, help="Length of the lesson [recipe: 45]")] = None,
    interest: Annotated[
        str | None, typer.Option(help="What word problems are about [the learners' first interest]")
    ] = None,
    grain: Annotated[
        str, typer.Option(metavar="GRAIN", help="How narrow an interest is used: topic, subtopic or reference")
    ] = "reference",
    rounds: Annotated[int | None, typer.Option(min=0, max=50, help="Rounds of improvement [recipe]")] = None,
    candidates: Annotated[int | None, typer.Option(min=1, max=50, help="First drafts [recipe]")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed; the same seed gives the same plan [recipe: 0]")] = None,
    recipe: Annotated[Path | None, typer.Option(help="A recipe (TOML): models and settings")] = None,
    model: Annotated[Path | None, typer.Option(help="A GGUF file that replaces the embedded model")] = None,
    base_only: options.BaseOnly = False,
    source: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Your own text (pdf, docx, md, html, txt) that the lesson rests on and cites; may be given again",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A folder that gets a copy of the pages")] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="LIST",
            help="Also write it as docx, pdf, worksheet, answers, pptx, qti21, qti12, anki, xapi with commas, or all",
        ),
    ] = None,
    paper: Annotated[str, typer.Option(help="With --format, size of the pages: letter or a4")] = "letter",
    memory: Annotated[bool, typer.Option(help="Use what earlier lessons showed")] = True,
    proposals: Annotated[
        bool | None,
        typer.Option(
            help="Ask the teacher for whole parts and retold word problems [only a larger model than the embedded one]"
        ),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(metavar="WAYS", help="Compare ways to plan: single,best-of-n,self-refine,eduplanner,full"),
    ] = None,
    without: Annotated[
        str | None,
        typer.Option(metavar="AIDS", help="With --compare, also our way without: tree,analyst,rehearsal,memory"),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="With --compare, so many seeds from --seed on")] = 1,
    budget_tokens: Annotated[
        int, typer.Option(min=1000, help="With --compare, tokens that each lesson may take")
    ] = BUDGET,
    review: Annotated[
        bool, typer.Option("--review", help="Decide about the plan: accept, edit, have sections made again, reject")
    ] = False,
    decisions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --review, decisions made beforehand (TOML)")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else there")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress")] = False,
) -> None:
    """Plan a lesson: drafted, checked by code, rehearsed on simulated students, improved, and written as pages."""
    from classwright.cli.output import emit, progress_bar
    from classwright.cli.review import decide_with
    from classwright.errors import InputError
    from classwright.graphs import compare as comparison
    from classwright.graphs.lesson_run import start
    from classwright.graphs.source_text import read_sources
    from classwright.reports.export import ALL, parse_formats, parse_paper

    settings = options.recipe_of(recipe, base_only)
    if compare is None and (len(topics) > 1 or without or seeds > 1):
        raise InputError(
            "several skills, --without and --seeds belong to --compare; put a topic of several words into quotes"
        )
    if decisions is not None and not review:
        raise InputError("--decisions belongs to --review")
    if review and compare is not None:
        raise InputError("--review is for one lesson; a comparison plans without a teacher")
    if compare is not None and source:
        raise InputError("--from is for one lesson; a comparison gives every way the same, and only ours reads sources")
    if compare is not None and (formats is not None or out is not None):
        raise InputError("--format and --out are for one lesson; the lessons of a comparison stay in its run")
    wanted, size = parse_formats(formats) if formats is not None else [], parse_paper(paper)
    decide = decide_with(decisions, json=json) if review else None
    asked: dict[str, Any] = dict(
        learner=learner, klass=klass, minutes=minutes, interest=interest, rounds=rounds, candidates=candidates,
        memory=memory, embedded_only=model is None, proposals=proposals, review=review, grain=grain,
    )  # fmt: skip
    first = settings.seed if seed is None else seed
    requests = [build_request(t, settings, seed=first + n, **asked) for t in topics for n in range(seeds)]
    if "xapi" in wanted and ALL not in (formats or "") and requests[0].outside:
        raise InputError(
            "--format xapi: statements tell of a rehearsal, which a subject outside the skill tree lacks; leave it out"
        )
    gguf = str(model) if model else None
    if compare is not None:
        chosen = ways_of(compare, without)
        with progress_bar(quiet=quiet) as progress:
            found = comparison.start(
                requests, chosen, settings, budget=budget_tokens, rounds=rounds, gguf=gguf, progress=progress
            )
        emit(found, json=json, text=lambda: table(found))
        return
    with progress_bar(quiet=quiet) as progress:
        sources = read_sources(source or [], progress)
        request = requests[0].model_copy(update={"sources": tuple(s.ref() for s in sources)})
        summary = start(
            request, settings, gguf=gguf, out=out, progress=progress, decide=decide, formats=wanted, paper=size,
            sources=sources,
        )  # fmt: skip
    emit(summary, json=json, text=describe(summary, request.resolved))
    if summary["status"] == "rejected":
        raise typer.Exit(1)


def ways_of(compare: str, without: str | None) -> Any:
    """The ways that `--compare` and `--without` name.

    Raises:
        InputError: an unknown way or aid; the nearest is named.
    """
    from difflib import get_close_matches
    from typing import get_args

    from classwright.errors import InputError
    from classwright.graphs.compare import ways
    from classwright.graphs.lesson_state import Aid, Arm

    def names(text: str | None, known: tuple[str, ...], option: str) -> list[str]:
        found = options.words(text)
        for name in found:
            if name not in known:
                near = get_close_matches(name, known, 1, 0.0)[0]
                raise InputError(f"{option} {name}: unknown; did you mean {near}? There are {', '.join(known)}")
        return list(dict.fromkeys(found))

    chosen = ways(names(compare, get_args(Arm), "--compare"), names(without, get_args(Aid), "--without"))
    if len(chosen) < 2:
        raise InputError("--compare needs at least two ways, for example single,full")
    return chosen


def table(found: dict[str, Any]) -> Any:
    """A comparison for a person."""
    from rich.table import Table

    rows = found["rows"]
    out = Table("way", "gain", f"against {rows[0]['way']}", "CIDDP", "tokens", "lessons", box=None, pad_edge=False)
    for n, row in enumerate(rows):
        ciddp = f"{row['ciddp']:.2f}" if row["ciddp"] is not None else row["unjudged"]
        difference = "" if n == 0 else interval(row["difference"], "+.3f")
        out.add_row(
            row["way"], interval(row["gain"], ".3f"), difference, ciddp, f"{row['tokens']:.0f}", str(row["cells"])
        )
    out.caption = f"Report: {found['report']}"
    return out


def interval(estimate: dict[str, Any], form: str) -> str:
    """A mean with its interval."""
    if estimate["mean"] is None:
        return "at the ceiling"
    return f"{estimate['mean']:{form}} [{estimate['low']:{form}}, {estimate['high']:{form}}]"


def build_request(
    topic: str,
    settings: Any,
    *,
    learner: Path | None,
    klass: str | None,
    minutes: int | None,
    interest: str | None,
    rounds: int | None,
    candidates: int | None,
    seed: int | None,
    memory: bool,
    embedded_only: bool,
    proposals: bool | None = None,
    review: bool = False,
    grain: str = "reference",
) -> Any:
    """The request that the options mean, with every mistake found before anything is written.

    Raises:
        InputError: learner and class together, a bad file, an unknown skill or grain, too few minutes, or a subject
            outside the tree for the embedded model.
    """
    import asyncio
    from difflib import get_close_matches

    from classwright.agents.resolve import resolve_topic
    from classwright.classroom.audience import assemble
    from classwright.classroom.free_plan import check_subject_minutes
    from classwright.classroom.timetable import check_minutes
    from classwright.errors import InputError
    from classwright.graphs.lesson_state import TOPIC, LessonRequest
    from classwright.graphs.topic_draft import refusal
    from classwright.models.embeddings import WordEmbedder
    from classwright.skilltree.interests import GRAINS
    from classwright.skilltree.learner import load_learners, public
    from classwright.skilltree.sampling import sample_class
    from classwright.skilltree.tree import default_tree

    if learner is not None and klass is not None:
        raise InputError("--learner and --class exclude each other: a lesson is for one learner or for a class")
    if grain not in GRAINS:
        near = get_close_matches(grain, GRAINS, 1, 0.0)
        raise InputError(
            f"--grain {grain}: did you mean {near[0] if near else GRAINS[0]}? There are {', '.join(GRAINS)}"
        )
    tree = default_tree()
    chosen = settings.seed if seed is None else seed
    found = asyncio.run(resolve_topic(topic, tree, WordEmbedder().embed))
    if found.skill is None and embedded_only and settings.models.teacher.over(settings.models.default).embedded:
        raise InputError(refusal(topic))
    if learner is not None:
        learners = load_learners(learner, tree)
    elif klass is not None and not klass.isdigit():
        learners = load_learners(Path(klass), tree)
    else:
        n = int(klass) if klass is not None else settings.lesson.class_size
        learners = sample_class(n, chosen, tree, found.skill or next(iter(tree))) if n else []
    if not learners:
        raise InputError("the class is empty: a lesson needs at least one learner")
    people = [public(x) for x in learners]
    length = minutes or settings.lesson.minutes
    if found.skill is None:
        check_subject_minutes(length)
    else:
        audience = assemble(people, found.skill, tree)
        check_minutes(length, found.skill, audience.missing, tree)
        interest = interest or next(iter(audience.interests()), None)
    languages = {x.language for x in people}
    return LessonRequest(
        topic=topic,
        skill=found.skill or TOPIC + topic,
        resolved=found.note,
        learners=tuple(people),
        minutes=length,
        interest=interest,
        grain=grain,
        language=languages.pop() if len(languages) == 1 else "en",
        rounds=settings.lesson.rounds if rounds is None else rounds,
        candidates=settings.lesson.candidates if candidates is None else candidates,
        keep=settings.lesson.keep,
        samples=settings.lesson.samples,
        epsilon=settings.lesson.epsilon,
        patience=settings.lesson.patience,
        proposals=wants_proposals(settings, proposals, embedded_only),
        seed=chosen,
        memory=memory,
        review=review,
        students=learning_model(settings.students),
    )


def wants_proposals(settings: Any, option: bool | None, embedded_only: bool) -> bool:
    """Whether the teacher is asked for whole parts: as the option or the recipe says, else not the embedded model."""
    if option is not None:
        return option
    if settings.lesson.proposals is not None:
        return settings.lesson.proposals
    return not (embedded_only and settings.models.teacher.over(settings.models.default).embedded)


def learning_model(parameters: dict[str, float]) -> Any:
    """The learning model with a recipe's parameters.

    Raises:
        InputError: an unknown parameter, or one out of range.
    """
    from pydantic import ValidationError

    from classwright.classroom.learning import LearningModel
    from classwright.errors import InputError
    from classwright.runs.tomlfile import explain

    try:
        return LearningModel(**parameters)
    except ValidationError as error:
        raise InputError(f"recipe, [students]: {explain(error, LearningModel)}") from error


def describe_parts(summary: dict[str, Any]) -> list[str]:
    """What was proposed, told in an interest and translated, and what is hard to read, a line each."""
    lines = []
    if (p := summary["proposals"]) and p["asked"]:
        lines.append(f"Proposed: {p['proposed']} parts, {p['admitted']} admitted, {p['placed']} in the plan")
    elif p:
        lines.append(f"Proposed: nothing was asked for: {p['why']}")
    if told := summary["personalized"]:
        missed = [f"{name} {n}" for name, (_, n, _) in told["validators"].items() if n]
        faults = f"; not passed: {', '.join(missed)}" if missed else ""
        lines.append(
            f"In an interest: {told['problems']} word problems, {told['by_model']} retold by the model{faults}"
        )
    if t := summary["translation"]:
        said = (
            f"nothing was translated: {t['why']}" if t["why"] else f"{t['left']} of {t['pieces']} texts stayed English"
        )
        intact = "" if t["why"] else f"; {t['equations']} equations, {len(t['changed'])} texts with one changed"
        lines.append(f"Language {t['language']}: {said}{intact}")
    if summary["reading"]:
        lines.append(f"Hard to read for these learners: {summary['reading']} texts (see the report)")
    return lines


def describe(summary: dict[str, Any], resolved: str) -> str:
    """The summary for a person."""
    from classwright.graphs.lesson_sources import in_lines

    lines = [resolved] if resolved else []
    lines.append(f"{summary['title']}, {summary['minutes']} minutes")
    if gain := summary["gain"]:
        if gain["mean"] is None:
            lines.append(
                f"Rehearsal: {gain['n']} simulated students were at the ceiling before; no gain can be measured"
            )
        else:
            interval = f"[{gain['low']:.2f}, {gain['high']:.2f}]"
            lines.append(f"Rehearsal: gain {gain['mean']:.2f} {interval} with {gain['n']} simulated students")
    c, s = summary["checks"], summary["slots"]
    if summary["verified"]:
        lines.append(
            f"Checked by code: {c['answers']} answers ({c['wrong_answers']} wrong), "
            f"{c['equations']} equations ({c['false_equations']} false)"
        )
    else:
        lines.append("Not verified by code: the subject is outside the skill tree")
    kept = f"; curated: {', '.join(summary['curated_slots'])}" if s["model"] and s["curated"] else ""
    lines.append(f"Words: {s['model']} of {s['model'] + s['curated']} text slots in the model's words{kept}")
    lines += [*in_lines(summary), *describe_parts(summary)]
    if ciddp := summary["ciddp"]:
        from classwright.reports.judged import in_words

        rest = {name: level for name, level in ciddp.items() if name not in ("mean", "status", "why")}
        lines.append(f"Judges: {in_words(ciddp['status'], ciddp['mean'], rest, ciddp['why'])}")
    lines.append(f"Cost: {summary['calls']} replies, {summary['tokens']} tokens, {summary['seconds']} s")
    if r := summary["review"]:
        reason = f": {r['reason']}" if r["reason"] else ""
        changed = ", ".join(f"{name} ({s['distance']:.0%})" for name, s in r["sections"].items()) or "nothing"
        lines.append(f"Review: {summary['status']}{reason}, {r['decisions']} decisions, {r['seconds']:.0f} s")
        lines.append(f"Changed by the teacher: {changed}")
        if r["unchecked"]:
            lines.append(f"Checked by the teacher, not by code: {len(r['unchecked'])} answers")
    if summary["lesson"]:
        lines.append(f"Lesson: {summary['lesson']}")
    lines += [f"Report: {Path(summary['run']) / 'report.html'}"]
    pages = ("lesson.md", "lesson.html", "report.html", "plan.json")
    if more := [name for name in map(Path, summary["files"]) if name.name not in pages]:
        names = dict.fromkeys(path.name for path in more)
        lines.append(f"Files: {', '.join(names)} in {' and '.join(dict.fromkeys(str(p.parent) for p in more))}")
    lines += [f"Left out: {name}: {why}" for name, why in summary["left_out"].items()]
    return "\n".join(lines)
