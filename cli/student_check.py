"""`classwright dialogue check-students`: whether simulated students can be believed."""

from typing import Annotated, Any

import typer

from classwright.cli import options, output

KINDS = ("knowledge", "persona", "model")


def check_students(
    student: Annotated[
        str, typer.Option("--student", help="Kinds of students, by commas: knowledge, persona, model.")
    ] = "knowledge",
    n: Annotated[
        int, typer.Option("--n", min=0, help="Misconceptions, one problem each, drawn by the seed; 0: all.")
    ] = 0,
    skills: Annotated[
        str | None, typer.Option("--skills", metavar="IDS", help="Only misconceptions of these skills.")
    ] = None,
    persist: Annotated[
        int | None,
        typer.Option(min=0, help="Of those, how many are watched over six turns that teach nothing; left out: all for "
                     "knowledge, 20 for a model's, as each costs six calls."),
    ] = None,
    tracked: Annotated[int, typer.Option(min=9, help="Students whose error rate is held to their mastery.")] = 1000,
    worded: Annotated[
        int, typer.Option(min=0, help="Dialogues in which a model words a coded student and every turn is checked.")
    ] = 0,
    turns: Annotated[int, typer.Option(min=1, help="Tutor turns of those at most.")] = 6,
    recipe: options.RecipeFile = None,
    model: options.ModelFile = None,
    base_only: options.BaseOnly = False,
    seed: options.Seed = None,
    root: options.RunsFolder = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:  # fmt: skip
    """Check simulated students: selective flip score, persistence, error rates, and their words."""
    from classwright.graphs.student_check import start
    from classwright.graphs.student_check_result import StudentCheckRequest
    from classwright.skilltree.tree import default_tree

    tree = default_tree()
    settings = options.recipe_of(recipe, base_only)
    request = StudentCheckRequest.model_validate(
        {
            "students": chosen_kinds(student), "n": n, "persist": persist, "tracked": tracked, "worded": worded,
            "turns": turns, "skills": tuple(tree[s].id for s in options.words(skills)),
            "seed": settings.seed if seed is None else seed,
        }
    )  # fmt: skip
    with output.progress_bar(quiet=quiet) as progress:
        summary = start(request, settings, gguf=str(model) if model else None, root=root, progress=progress)
    output.emit(summary, json=json, text=lambda: describe(summary))


def chosen_kinds(text: str) -> tuple[str, ...]:
    """The kinds of an option, each once.

    Raises:
        InputError: one is unknown, or there is none.
    """
    from difflib import get_close_matches

    from classwright.errors import InputError

    wanted = tuple(dict.fromkeys(word.lower() for word in options.words(text)))
    for word in wanted:
        if word not in KINDS:
            near = get_close_matches(word, KINDS, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(KINDS)}"
            raise InputError(f"--student: no kind {word!r} that can be checked; {hint}")
    if not wanted:
        raise InputError(f"--student: names none; there are {', '.join(KINDS)}")
    return wanted


def describe(summary: dict[str, Any]) -> str:
    """The summary for a person."""
    lines = []
    for kind in summary["kinds"]:
        lines.append(f"{kind['student']}: {kind['items']} misconceptions")
        for row in kind["flips"]:
            lines.append(f"  selective flip score ({row['heard']}): {_score(row['score'])}")
            if row["score"] is None or row["score"]["ungraded"]:
                lines.append(f"    with what cannot be graded as not right: {_score(row['strict'])}")
        kept = kind["persistence"]
        if kept is not None:
            held = "" if kept["held"] is None else f"; {kept['held']:.1%} still hold the misconception"
            lines.append(
                f"  untaught, six turns: {kept['wrong']:.1%} of {kept['talks']} stay wrong "
                f"[{kept['low']:.0%}, {kept['high']:.0%}]{held}"
            )
        for t in kind["tracking"]:
            lines.append(
                f"  error rate tracks mastery, {'with' if t['misconceptions'] else 'without'} a misconception: largest "
                f"gap {100 * t['largest_gap']:.1f} points, {'monotone' if t['monotone'] else 'NOT monotone'}"
            )
        worded = kind["worded"]
        if worded is not None:
            lines.append(
                f"  words against code: {worded['turns'] - len(worded['unlike'])} of {worded['turns']} turns alike "
                f"({worded['worded']} in a model's words, {worded['refused']} wordings refused)"
            )
        v = kind["voice"]
        lines.append(
            f"  words: {_share(v['out_of_role'])} not a student's (first {_share(v['early'])}, fourth and later "
            f"{_share(v['late'])}), {_share(v['parroted'])} repeat the tutor, {_share(v['too_hard'])} too hard to read"
        )
        lines += [f"  doubt: {doubt}" for doubt in kind["doubts"]]
    lines.append(f"Cost: {summary['calls']} replies, {summary['tokens']} tokens, {summary['seconds']} s")
    lines.append(f"Report: {summary['run']}/report.html")
    return "\n".join(lines)


def _score(score: dict[str, Any] | None) -> str:
    if score is None:
        return "none, too few answers could be graded"
    rates = ", ".join(f"{name} {share:.0%}" for name, share in score["rates"].items())
    ungraded = f", {score['ungraded']} answers not gradable" if score["ungraded"] else ""
    return f"{score['score']:.2f} [{score['low']:.2f}, {score['high']:.2f}] on {score['items']} ({rates}{ungraded})"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
