"""`classwright tree fit`, `place` and `diagnose`: what response logs, a placement test and wrong answers say."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output

if TYPE_CHECKING:
    from classwright.skilltree.bkt_fit import BktFit
    from classwright.skilltree.placement import Placement
    from classwright.skilltree.placement_trial import Trial
    from classwright.skilltree.response_log import Log
    from classwright.skilltree.tree import SkillTree

TreeFile = Annotated[
    Path | None, typer.Option("--tree", metavar="FILE", help="Another tree (.toml or .json) than the shipped one.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `classwright tree`."""
    app.command()(fit)
    app.command()(place)
    app.command()(diagnose)


def _tree(file: Path | None) -> "SkillTree":
    from classwright.skilltree.tree import SkillTree, default_tree

    return default_tree() if file is None else SkillTree.load(file)


def fit(
    log: Annotated[Path, typer.Argument(metavar="LOG.csv", help="Responses: learner, skill, correct, time.")],
    tree: TreeFile = None,
    any_skill: Annotated[bool, typer.Option("--any-skill", help="Take every skill, without a tree.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail at the first row that cannot be used.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Fit forgetting too.")] = False,
    items: Annotated[int, typer.Option(min=0, help="Fit items too (2-PL) and show the most discriminating.")] = 0,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Fit knowledge tracing to a response log, and show how well it predicts learners it has not seen."""
    from dataclasses import asdict

    from classwright.errors import InputError
    from classwright.skilltree.bkt_log import fit_log
    from classwright.skilltree.response_log import load_log
    from classwright.skilltree.tracing_evaluation import evaluate_model

    found = None if any_skill else _tree(tree)
    try:
        responses = load_log(log, found, strict)
    except InputError as error:
        if found is not None and "unknown skill" in str(error):
            raise InputError(f"{error}; --tree FILE names the log's tree, --any-skill does without one") from error
        raise
    fits = fit_log(responses, found, forget=forget, seed=seed or 0)
    result: dict[str, Any] = {
        "log": str(log),
        "format": responses.format,
        "responses": len(responses),
        "learners": len(responses.learners),
        "skipped": dict(responses.skipped),
        "unknown_skills": dict(responses.unknown),
        "skills": {name: _fit_record(one) for name, one in fits.items()},
        "evaluation": None,
    }
    table = ""
    if len(responses.learners) > 1:
        evaluation = evaluate_model(responses, found, seed=seed or 0, forget=forget)
        result["evaluation"], table = asdict(evaluation), evaluation.table()
    if items:
        result["items"] = _items(responses, items)
    output.emit(result, json=json, text=lambda: _fit_page(result, table))


def _fit_record(one: "BktFit") -> dict[str, Any]:
    return {
        "parameters": one.model.model_dump(),
        "standard_errors": one.errors,
        "intervals": one.intervals,
        "log_likelihood": one.log_likelihood,
        "iterations": one.iterations,
        "converged": one.converged,
        "learners": one.learners,
        "responses": one.responses,
        "prior_expected_from_prerequisites": one.belief.mode if one.belief else None,
    }


def _items(responses: "Log", k: int) -> list[dict[str, Any]]:
    import math

    from classwright.skilltree.irt import fit_irt

    found = fit_irt(responses.matrix())
    return [
        {
            "item": responses.items[i],
            "discrimination": round(float(found.discrimination[i]), 3),
            "difficulty": None if math.isnan(b := float(found.difficulty[i])) else round(b, 3),
        }
        for i in found.most_discriminating(k)
    ]


def _fit_page(result: dict[str, Any], evaluation: str) -> Any:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table("skill", "learners", "P(L0)", "P(T)", "P(S)", "P(G)", "P(F)", "", box=None, pad_edge=False)
    for name, one in result["skills"].items():
        cells = []
        for part in ("prior", "learn", "slip", "guess", "forget"):
            error = one["standard_errors"].get(part)
            value = f"{one['parameters'][part]:.2f}"
            cells.append("" if part not in one["standard_errors"] else f"{value} ± {error:.2f}" if error else value)
        table.add_row(name, str(one["learners"]), *cells, "" if one["converged"] else "did not converge")
    lines = [f"{result['responses']} responses of {result['learners']} learners, read as {result['format']}"]
    lines += [f"left out: {count} rows, {reason}" for reason, count in result["skipped"].items()]
    after = [f"\n{evaluation}"] if evaluation else ["one learner only: nothing to test the models on"]
    for one in result.get("items", ()):
        after.append(f"item {one['item']}: discrimination {one['discrimination']}, difficulty {one['difficulty']}")
    return Group(Text("\n".join(lines)), table, Text("\n".join(after)))


def place(
    goal: Annotated[str | None, typer.Option(metavar="SKILL", help="Ask only about this skill and below.")] = None,
    budget: Annotated[int, typer.Option(min=1, max=200, help="Questions at most.")] = 24,
    interest: Annotated[str | None, typer.Option(help="What word problems are about.")] = None,
    simulate: Annotated[int, typer.Option(min=0, max=10_000, help="Test so many simulated learners instead.")] = 0,
    grade: Annotated[int | None, typer.Option(min=0, max=12, help="Grade of the learner, for --out.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the learner found as TOML.")] = None,
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Find out what a learner knows in few questions, here in the terminal; or try the test on simulated learners."""
    from classwright.errors import InputError
    from classwright.skilltree.placement import Placement

    tree = _tree(None)
    if simulate:
        _simulate(tree, simulate, budget, seed or 0, json=json)
        return
    if out is not None and grade is None:
        raise InputError("--out writes a learner's file, which needs a grade: add --grade")
    test = Placement(tree, seed=seed or 0, budget=budget, goal=goal, interest=interest)
    finished = _ask_all(test)
    known = test.mastery()
    result = {
        "finished": finished,
        "questions": [{"skill": a.skill, "correct": a.correct, "bits": round(a.bits, 2)} for a in test.asked],
        "known": sum(p >= 0.5 for p in known.values()),
        "skills": len(known),
        "expected_misjudged": round(test.doubt(), 4),
        "teach_next": list(test.frontier())[:10],
        "mastery": {name: round(p, 3) for name, p in known.items()},
        "learner": str(out) if out else None,
    }
    if out is not None and grade is not None:
        _write_learner(out, grade, known)
    output.emit(result, json=json, text=lambda: _placed(result, tree))


def _ask_all(test: "Placement") -> bool:
    """Ask until the test is over (True) or the input ends (False); questions go to standard error."""
    from classwright.skilltree.grading import grade as grade_answer

    _write("Write each answer and press Enter; write ? if you do not know.\n")
    while (question := test.next_question()) is not None:
        choices = f" ({' / '.join(question.choices)})" if question.choices else ""
        _write(f"\n{len(test.asked) + 1}. {question.text}{choices}\n> ")
        while True:
            line = sys.stdin.readline()
            if not line:
                _write("\n")
                return False
            given = line.strip()
            if given == "?":
                test.record(False)
                break
            verdict = grade_answer(given, question)
            if verdict.result != "ungradable":
                test.record(verdict.result == "right")
                break
            _write(f"That cannot be read as an answer ({verdict.reason}); please write it once more.\n> ")
    return True


def _write(text: str) -> None:
    """Questions are no progress messages: they are shown with --quiet too."""
    sys.stderr.write(text)
    sys.stderr.flush()


def _write_learner(path: Path, grade: int, known: dict[str, float]) -> None:
    from classwright.runs.atomic import write_atomic

    lines = [f"grade = {grade}", "", "[mastery]", *(f'"{name}" = {p:.2f}' for name, p in known.items())]
    write_atomic(path, "\n".join(lines) + "\n")


def _placed(result: dict[str, Any], tree: "SkillTree") -> str:
    right = sum(q["correct"] for q in result["questions"])
    lines = [
        f"{len(result['questions'])} questions, {right} right" + ("" if result["finished"] else ", stopped early"),
        f"probably knows {result['known']} of {result['skills']} skills "
        f"({result['expected_misjudged']:.0%} of these judgments are expected to be wrong; more than that "
        "for a learner who has learned here and there)",
    ]
    if result["teach_next"]:
        lines.append("ready to learn next:")
        lines += [f"  {name}: {tree[name].name}" for name in result["teach_next"]]
    return "\n".join(lines)


def _simulate(tree: "SkillTree", learners: int, budget: int, seed: int, *, json: bool) -> None:
    from dataclasses import asdict

    from classwright.skilltree.placement_trial import try_placement

    trials = {
        order: try_placement(tree, learners, budget=budget, seed=seed, order=order)
        for order in ("informative", "random")
    }
    result = {order: asdict(trial) for order, trial in trials.items()}
    output.emit(result, json=json, text="\n".join(_trial(order, trial) for order, trial in trials.items()))


def _trial(order: str, trial: "Trial") -> str:
    kinds = ", ".join(f"{kind} {share:.1%}" for kind, share in trial.by_kind.items())
    return (
        f"{order:12} {trial.right:.1%} of the skills judged right ({kinds}); {trial.enough:.0%} of {trial.learners} "
        f"learners with at least 90 %; {trial.questions:.1f} questions on average, at most {trial.most}"
    )


def diagnose(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV: problem (its id), answer and, for a class, learner.")
    ],
    seed: options.Seed = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Say which misconceptions explain wrong answers, what to ask next, and what to do about composed problems."""
    from classwright.skilltree.answer_sheet import load_answers

    tree = _tree(None)
    result = {"learners": [_diagnosis(sheet, tree, seed or 0) for sheet in load_answers(file)]}
    output.emit(result, json=json, text="\n\n".join(_diagnosed(one, tree) for one in result["learners"]))


def _diagnosis(sheet: Any, tree: "SkillTree", seed: int) -> dict[str, Any]:
    from classwright.skilltree.diagnosis import diagnose as find
    from classwright.skilltree.diagnosis import telling_problem

    found = find(sheet.answers, tree)
    likely = {name: round(p, 3) for name, p in found.posterior.items() if p >= 0.05}
    record: dict[str, Any] = {
        "learner": sheet.learner,
        "wrong": found.wrong,
        "right": found.right,
        "ungradable": found.ungradable,
        "likeliest": found.likeliest,
        "misconceptions": likely,
        "none": round(found.none, 3),
        "ask_next": None,
        "composed": [_composed(sheet, name) for name in sheet.wholes],
    }
    if likely and max(likely.values()) < 0.9:
        skill = next(p.skill for p, _ in sheet.answers if {m.id for m in tree.misconceptions_of(p.skill)} & set(likely))
        own = {m.id: likely[m.id] for m in tree.misconceptions_of(skill) if m.id in likely}
        p = telling_problem(skill, own, tree, seed)
        record["ask_next"] = {"id": p.id, "text": p.text, "answer": p.answer}
    return record


def _composed(sheet: Any, name: str) -> dict[str, Any]:
    """The We-Math case of one composed problem, None where an answer is missing or cannot be read."""
    from classwright.skilltree.grading import grade as grade_answer
    from classwright.skilltree.we_math import next_step

    whole = sheet.wholes[name]
    asked = (whole.problem, *whole.parts)
    answers = [sheet.given.get(p.id) for p in asked]
    verdicts = [None if a is None else grade_answer(a, p).result for a, p in zip(answers, asked, strict=True)]
    missing = [p.id for p, verdict in zip(asked, verdicts, strict=True) if verdict in (None, "ungradable")]
    if missing:
        return {"problem": name, "case": None, "missing": missing}
    step = next_step(whole, verdicts[0] == "right", [verdict == "right" for verdict in verdicts[1:]])
    return {"problem": name, "case": step.case, "action": step.action, "skills": list(step.skills), "words": step.words}


def _diagnosed(one: dict[str, Any], tree: "SkillTree") -> str:
    head = f"{one['learner']}: " if one["learner"] else ""
    lines = [f"{head}{one['wrong']} wrong, {one['right']} right"]
    if one["ungradable"]:
        lines[0] += f", {one['ungradable']} could not be read"
    for name, p in one["misconceptions"].items():
        held = tree.misconception(name)
        lines.append(f"  {p:.0%} {name}: {held.name}")
        if name == one["likeliest"]:
            lines.append(f"      {held.repair}")
    if one["likeliest"] is None:
        lines.append(f"  no misconception stands out (none at all: {one['none']:.0%})")
    if one["ask_next"]:
        lines.append(f"  to be surer, ask: {one['ask_next']['text']} (answer {one['ask_next']['answer']})")
    for c in one["composed"]:
        said = f"{c['case']}: {c['words']}" if c["case"] else f"no verdict without {', '.join(c['missing'])}"
        lines.append(f"  {c['problem']}: {said}")
    return "\n".join(lines)
