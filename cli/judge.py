"""`classwright judge`: put judges on trial, and check a lesson against the rubric of its skill."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from classwright.cli import options, output

app = typer.Typer(no_args_is_help=True, help="Put judges on trial; judge a lesson by the rubric of its skill.")

LONGEST_TEXT = 12_000
"""Characters of a text to be judged; more would not fit into a small model's context with the question."""


class LabelFormat(StrEnum):
    """Formats of files with human labels."""

    mrbench = "mrbench"
    csv = "csv"


class VoteRule(StrEnum):
    """How several judges make one verdict."""

    conservative = "conservative"
    majority = "majority"
    average = "average"


@app.command()
def check(
    lessons: Annotated[
        int, typer.Option(min=0, max=100, help="Real lessons, each put against six planted ones; 0: labels only.")
    ] = 4,
    labels: Annotated[Path | None, typer.Option(metavar="FILE", help="Texts that people labeled.")] = None,
    format: Annotated[
        LabelFormat,
        typer.Option(
            help="mrbench: JSON of the MRBench development set. csv: columns text, label, and if wanted dimension "
            "(a name or a question) and context; one row a label."
        ),
    ] = LabelFormat.mrbench,
    rows: Annotated[int, typer.Option(min=0, help="Labeled texts to use, drawn by the seed; 0: all.")] = 100,
    thorough: Annotated[
        bool, typer.Option("--all", help="Ask a judge everything, also what cannot change its standing any more.")
    ] = False,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """See whether the evaluators of a recipe can be believed: planted lessons, swaps, human labels."""
    from classwright.errors import InputError
    from classwright.graphs.judge_check_result import CheckRequest
    from classwright.graphs.judge_run import start

    settings = options.recipe_of(recipe, base_only)
    if not lessons and labels is None:
        raise InputError("--lessons 0 leaves nothing to do without --labels FILE")
    request = CheckRequest(
        lessons=lessons,
        seed=settings.seed if seed is None else seed,
        labels=str(labels.resolve()) if labels else None,
        format=format.value,
        digest=_digest(labels, format.value) if labels else "",
        rows=rows,
        thorough=thorough,
    )
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(request, settings, gguf=str(model) if model else None, root=root, progress=progress)
    output.emit(summary, json=json, text=lambda: describe_check(summary))


def _digest(labels: Path, format: str) -> str:
    """The hash of a file of labels that can be read."""
    from hashlib import sha256

    from classwright.classroom.human_labels import read_labels

    read_labels(labels, "csv" if format == "csv" else "mrbench")  # every mistake in it is found before a run is made
    return sha256(labels.read_bytes()).hexdigest()


def describe_check(summary: dict[str, Any]) -> str:
    """The summary of a check for a person."""
    lines = []
    for judge in summary["judges"]:
        why = f": {judge['why']}" if judge["why"] else ""
        lines.append(f"{judge['judge']} ({judge['model']}): {judge['status']}{why}")
        if judge["accuracy"] is not None:
            lines.append(
                f"  planted pairs: {judge['right']} of {judge['judged']} right, accuracy {judge['accuracy']:.2f} "
                f"[{judge['low']:.2f}, {judge['high']:.2f}]; {judge['flips']} flips; first lesson chosen "
                f"{judge['first']:.0%}; length bias {_figure(judge['length_bias'])}; {judge['valid']:.0%} valid"
            )
        if judge["asked"] < judge["planned"] and judge["status"] == "withheld":
            why = "the bar was out of reach" if judge["asked"] else "it failed before (--all asks them all the same)"
            lines.append(f"  planted pairs asked: {judge['asked']} of {judge['planned']}; {why}")
        not_below = [c["control"] for c in judge["controls"] if c["below"] is False]
        if judge["controls"]:
            lines.append(
                f"  levels: {', '.join(not_below)} not below the real lesson"
                if not_below
                else "  levels: every control below the real lesson"
            )
        if summary["lessons"]:
            own = judge["own_words"]
            found = own["note"] if own["bias"] is None else f"{own['bias']:+.2f} on {own['pairs']} pairs"
            lines.append(f"  self-preference: {found}")
        for d in judge["labels"]:
            figures = (
                "no valid label"
                if d["accuracy"] is None
                else f"accuracy {d['accuracy']:.3f} [{d['low']:.3f}, {d['high']:.3f}], macro-F1 {d['macro_f1']:.3f}"
            )
            lines.append(
                f"  {d['dimension']}: {figures} on {d['n']} rows ({d['missing']} missing); always "
                f"{d['majority']!r}: {d['majority_accuracy']:.3f}, {d['majority_f1']:.3f}; "
                + ("better than that" if d["usable"] else "withheld: not clearly better than that")
            )
    for a in summary["agreement"]:
        shown = a["note"] or f"alpha {a['alpha']:.2f} [{a['low']:.2f}, {a['high']:.2f}] on {a['units']} units"
        lines.append(f"Agreement on {a['what']}: {shown}")
    if summary["lessons"]:
        bar = summary["bar"]
        lines.append(
            f"Bar (ours): {bar['accuracy']:.0%} of planted pairs right in both orders, interval above "
            f"{bar['chance']:.0%}, {bar['valid']:.0%} valid"
        )
    if summary["texts"]:
        lines.append(f"Labels: {summary['texts']} of {summary['of']} texts")
    lines.append(f"Cost: {summary['calls']} replies, {summary['tokens']} tokens, {summary['seconds']} s")
    lines.append(f"Report: {summary['report']}")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:+.2f}"


@app.command()
def rubric(
    target: Annotated[str, typer.Argument(metavar="SKILL|RUN", help="A skill's id, or a finished lesson run.")],
    text: Annotated[
        Path | None, typer.Option("--text", metavar="FILE", help="Judge this text (UTF-8) by the skill's rubric.")
    ] = None,
    vote: Annotated[VoteRule, typer.Option(help="How judges make one verdict.")] = VoteRule.conservative,
    perturb: Annotated[
        bool, typer.Option("--perturb", help="Judge slips, empty talk and an adversarial premise too (P1 to P3).")
    ] = False,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show the rubric of a skill: claims with weights and sources. With a text or a lesson run, let judges check it."""
    from classwright.classroom.rubric import claims_for
    from classwright.graphs.judge_rubric import RubricRequest
    from classwright.graphs.judge_run import start
    from classwright.skilltree.tree import default_tree

    settings, tree = options.recipe_of(recipe, base_only), default_tree()
    chosen = settings.seed if seed is None else seed
    if target in tree:
        skill, source, judged = target, str(text), _read(text) if text else None
    else:
        skill, source, judged = _lesson(target, root, text)
    claims = claims_for(tree, skill, chosen)
    if judged is None:
        shown = [c.model_dump() for c in claims]
        output.emit({"skill": skill, "claims": shown}, json=json, text=lambda: _claims(skill, shown))
        return
    request = RubricRequest(
        skill=skill, text=judged, source=source, vote=vote.value, perturbed=perturb, seed=chosen
    )  # fmt: skip
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(request, settings, gguf=str(model) if model else None, root=root, progress=progress)
    output.emit(summary, json=json, text=lambda: describe_rubric(summary))


def _read(path: Path) -> str:
    from classwright.errors import InputError

    try:
        found = path.read_text(encoding="utf-8-sig").strip()
    except OSError as e:
        raise InputError(f"{path}: cannot be read: {e.strerror}") from e
    except UnicodeDecodeError as e:
        raise InputError(f"{path}: not UTF-8 (byte {e.start}); save the file as UTF-8") from e
    if not found:
        raise InputError(f"{path}: is empty; there is nothing to judge")
    if len(found) > LONGEST_TEXT:
        raise InputError(f"{path}: {len(found)} characters; judge it in parts of at most {LONGEST_TEXT}")
    return found


def _lesson(target: str, root: Path | None, text: Path | None) -> tuple[str, str, str]:
    """Skill, run id and text of a finished lesson run."""
    from classwright.classroom.plan_lines import BUDGET, plan_lines
    from classwright.errors import InputError
    from classwright.graphs.lesson_result import LessonResult
    from classwright.runs.listing import find_run
    from classwright.runs.run import open_run
    from classwright.skilltree.tree import default_tree

    tree = default_tree()
    try:
        path = find_run(target, root)
    except InputError:
        tree[target]  # names the nearest skill
        raise
    if text is not None:
        raise InputError(f"{target} is a run: --text goes with a skill's id")
    with open_run(path, mode="replay") as run:
        stored = run.result("lesson") if run.job == "lesson" else None
    if stored is None:
        raise InputError(f"{path}: no finished lesson run; name one (classwright runs list) or a skill")
    plan = LessonResult.model_validate(stored).plan
    if plan.skill not in tree:
        raise InputError(f"{path}: its subject is outside the skill tree, which has no rubric for it")
    return plan.skill, path.name, "\n".join(plan_lines(plan, 2 * BUDGET))


def _claims(skill: str, claims: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table("id", "weight", "claim", "source", title=skill, title_justify="left", box=None, pad_edge=False)
    for c in claims:
        table.add_row(c["id"], f"{c['weight']:+d}", c["text"], c["source"])
    return table


def describe_rubric(summary: dict[str, Any]) -> str:
    """The summary of a rubric run for a person."""
    from classwright.classroom.rubric import PERTURBATIONS

    lines = [f"{summary['source']} by the rubric of {summary['skill']}: {summary['status']}"]
    if summary["status"] == "single judge":
        lines.append("This is one judge's view; a verdict needs two or more ([[models.evaluators]] in a recipe).")
    lines += [f"  {j['judge']} ({j['model']}): {j['status']}{': ' + j['why'] if j['why'] else ''}"
              for j in summary["judges"]]  # fmt: skip
    for version, s in summary["scores"].items():
        shown = "no score" if s["score"] is None else f"{s['score']:.2f} ({s['total']:g} of {s['positive']})"
        stable = "" if s["stable"] is None else f"; {s['stable']:.0%} of the verdicts as for the clean text"
        lines.append(
            f"{version}, {PERTURBATIONS[version]}: {shown}, {s['judged']} claims judged, {s['missing']} missing{stable}"
        )
    if summary["scores"]:
        for c in summary["claims"]:
            met = "missing" if c["met"] is None else "met" if c["met"] == 1 else "not met" if not c["met"] else c["met"]
            lines.append(f"  {c['id']:4} {c['weight']:+d} {met}: {c['text']}")
    lines.append(f"Cost: {summary['calls']} replies, {summary['tokens']} tokens, {summary['seconds']} s")
    lines.append(f"Claims, evidence and sources: {Path(summary['run']) / 'rubric.md'}")
    return "\n".join(lines)
