"""`classwright tree`: look at the skill tree, its problems, a learner's way through it, and a picture of it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classwright.cli import options, output, tree_build, tree_io, tree_measure

if TYPE_CHECKING:
    from classwright.skilltree.learner import Learner
    from classwright.skilltree.problem import Problem
    from classwright.skilltree.tree import SkillTree

app = typer.Typer(
    no_args_is_help=True, help="The skill tree: look at it, place learners on it, build and exchange trees."
)

SkillArgument = Annotated[str, typer.Argument(metavar="SKILL", help="Id of a skill, for example fractions.add_unlike.")]
GoalArgument = Annotated[str, typer.Argument(metavar="GOAL", help="Id of the skill to reach.")]
LearnerFile = Annotated[
    Path | None,
    typer.Option(
        "--learner", metavar="FILE", help="A learner or a class (TOML); a class counts with its mean mastery."
    ),
]
TreeFile = Annotated[
    Path | None, typer.Option("--tree", metavar="FILE", help="Another tree (.toml or .json) than the shipped one.")
]


def _tree(file: Path | None) -> "SkillTree":
    from classwright.skilltree.tree import SkillTree, default_tree

    return default_tree() if file is None else SkillTree.load(file)


def _called(learners: "list[Learner]") -> str:
    return learners[0].pseudonym if len(learners) == 1 else f"a class of {len(learners)}"


def _mastery(learners: "list[Learner]") -> dict[str, float]:
    """Mean mastery of every skill over the learners of whom it is known."""
    known: dict[str, list[float]] = {}
    for learner in learners:
        for skill, share in learner.mastery.items():
            known.setdefault(skill, []).append(share)
    return {skill: sum(shares) / len(shares) for skill, shares in known.items()}


@app.command()
def show(
    skill: Annotated[str | None, typer.Argument(metavar="[SKILL]", help="Id of a skill; left out: all skills.")] = None,
    tree: TreeFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Show all skills by strand, or one skill with everything that is known about it."""
    found = _tree(tree)
    if skill is None:
        rows = [{"id": s.id, "name": s.name, "grade": s.grade} for s in found.skills.values()]
        output.emit(
            {"skills": rows, "misconceptions": len(found.misconceptions)}, json=json, text=lambda: _strands(found)
        )
        return
    one = found[skill]
    record = one.model_dump(mode="json") | {
        "dependents": list(found.dependents(skill)),
        "depth": found.depth(skill),
        "misconceptions": [m.model_dump(mode="json") for m in found.misconceptions_of(skill)],
    }
    output.emit(record, json=json, text=lambda: _page(found, skill))


def _grade(grade: int | None) -> str:
    return "" if grade is None else "K" if grade == 0 else str(grade)


def _strands(tree: "SkillTree") -> Any:
    from rich.table import Table

    table = Table("skill", "grade", "name", box=None, pad_edge=False)
    for skill in sorted(tree.skills.values(), key=lambda s: (s.id.split(".")[0], tree.depths[s.id], s.id)):
        table.add_row(skill.id, _grade(skill.grade), skill.name)
    return table


def _page(tree: "SkillTree", name: str) -> str:
    skill = tree[name]
    lines = [f"{skill.name} ({skill.id})"]
    facts = [f"grade {_grade(skill.grade)}"] if skill.grade is not None else []
    lines.append(", ".join([*facts, *skill.standards, f"{tree.depth(name)} steps from the beginning"]))
    lines += [part for part in (skill.description, skill.explanation) if part]
    lines += [f"  {i}. {step}" for i, step in enumerate(skill.method, 1)]
    lines += [f"{term}: {meaning}" for term, meaning in skill.vocabulary.items()]
    lines.append("needs: " + (", ".join(tree.prerequisites(name)) or "nothing before it"))
    lines.append("opens: " + (", ".join(tree.dependents(name)) or "nothing after it"))
    for wrong in tree.misconceptions_of(name):
        lines.append(f'misconception {wrong.id}: {wrong.name}. "{wrong.says}" {wrong.repair}')
    return "\n".join(lines)


@app.command()
def path(
    goal: GoalArgument,
    learner: LearnerFile = None,
    threshold: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Mastery from which a skill need not be taught.")
    ] = 0.8,
    tree: TreeFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """List what to teach, in order, so that a learner reaches a goal.

    What a learner's file does not say is expected by grade: skills of earlier grades count as learned.
    """
    from statistics import mean

    from classwright.classroom.audience import expected_mastery
    from classwright.skilltree.learner import load_learners

    found = _tree(tree)
    people = load_learners(learner, found) if learner else []
    about = [*found.ancestors(goal), goal]
    expected = {name: mean(expected_mastery(x, name, found) for x in people) for name in about} if people else {}
    mastery, title = _mastery(people), _called(people) if people else None
    steps = found.path(goal, expected, threshold)
    rows = [
        {"skill": name, "name": found[name].name, "grade": found[name].grade, "mastery": mastery.get(name)}
        for name in steps
    ]
    output.emit({"goal": goal, "learner": title, "path": rows}, json=json, text=lambda: _steps(rows))


def _steps(rows: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table("", "skill", "grade", "name", "mastery", box=None, pad_edge=False)
    for i, row in enumerate(rows, 1):
        known = "" if row["mastery"] is None else f"{row['mastery']:.0%}"
        table.add_row(str(i), row["skill"], _grade(row["grade"]), row["name"], known)
    return table


@app.command()
def validate(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A tree (.toml or .json); else the shipped one.")
    ] = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Check a tree: every fault is named, and what there is is counted. Exit code 2 when there is a fault."""
    from classwright.skilltree import bank
    from classwright.skilltree.tree import TreeError

    counts: dict[str, int] = {}
    try:
        tree = _tree(file)
    except TreeError as error:
        faults = list(error.faults)
    else:
        faults = _uncovered(tree) if file is None else []
        counts = {
            "skills": len(tree),
            "edges": tree.graph.number_of_edges(),
            "misconceptions": len(tree.misconceptions),
            "generators": len(bank.generator_ids() & set(tree)),
            "rules": len(bank.rule_ids() & set(tree.misconceptions)),
            "composed": sum(set(skills) <= set(tree) for skills in bank.composed_skills().values()),
            "longest_path": len(tree.longest_path()),
        }
    words = [f"{name.replace('_', ' '):15} {n}" for name, n in counts.items()] + [f"{'faults':15} {len(faults)}"]
    output.emit({"ok": not faults, **counts, "faults": faults}, json=json, text="\n".join(words))
    if not json:
        for fault in faults:
            output.complain(fault)
    if faults:
        raise typer.Exit(2)


def _uncovered(tree: "SkillTree") -> list[str]:
    """What the shipped tree and the problem bank do not have of each other."""
    from classwright.skilltree import bank

    wanted = (
        ("skill", "generator", set(tree), bank.generator_ids()),
        ("misconception", "rule", set(tree.misconceptions), bank.rule_ids()),
    )
    faults = []
    for word, part, own, declared in wanted:
        faults += [f"{word} {name} has no {part}" for name in sorted(own - declared)]
        faults += [f"the {part} {name} is of no {word} in the tree" for name in sorted(declared - own)]
    for name, skills in bank.composed_skills().items():
        faults += [
            f"the composed problem {name} needs the unknown skill {skill}" for skill in skills if skill not in tree
        ]
    return faults


@app.command()
def problems(
    skill: SkillArgument,
    n: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many different problems.")] = 5,
    level: Annotated[int, typer.Option(min=1, max=3, help="Difficulty, 1 is the easiest.")] = 1,
    interest: Annotated[str | None, typer.Option(help="What word problems are about, for example baking.")] = None,
    seed: options.Seed = None,
    answers: Annotated[bool, typer.Option("--answers/--no-answers", help="Show answers and worked steps.")] = True,
    wrong: Annotated[bool, typer.Option("--wrong", help="Show what each misconception would answer.")] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Print problems of a skill, the same for the same seed."""
    from classwright.skilltree import bank

    tree = _tree(None)
    found = bank.problems(tree[skill].id, n, seed or 0, level, interest)
    if len(found) < n:
        output.say(f"{skill} has only {len(found)} different problems at level {level}")
    records = []
    for p in found:
        record: dict[str, Any] = p.model_dump(mode="json") if answers else {"id": p.id, "text": p.text}
        if wrong:
            record["wrong"] = _wrong_answers(tree, p)
        records.append(record)
    result = {"skill": skill, "level": level, "seed": seed or 0, "problems": records}
    output.emit(result, json=json, text=lambda: "\n\n".join(_problem(i, r) for i, r in enumerate(records, 1)))


def _wrong_answers(tree: "SkillTree", p: "Problem") -> dict[str, str]:
    from classwright.skilltree import bank

    found = {m.id: bank.wrong_answer(m.id, p) for m in tree.misconceptions_of(p.skill)}
    return {name: answer for name, answer in found.items() if answer is not None}


def _problem(number: int, record: dict[str, Any]) -> str:
    lines = [f"{number}. {record['text']}"]
    if "answer" in record:
        lines += [f"   {step}" for step in record["steps"]]
        lines.append(f"   Answer: {record['answer']} {record['unit']}".rstrip())
    lines += [f"   {name} would say {answer}" for name, answer in record.get("wrong", {}).items()]
    return "\n".join(lines)


@app.command()
def draw(
    learner: LearnerFile = None,
    goal: Annotated[
        str | None, typer.Option(metavar="SKILL", help="Draw only this skill and what it builds on.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to: .svg, or .html for a page to zoom in.")] = Path(
        "skilltree.html"
    ),
    tree: TreeFile = None,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Draw the tree, colored by a learner's mastery if one is given."""
    from classwright.errors import InputError
    from classwright.reports.tree_picture import draw_page, draw_svg
    from classwright.runs.atomic import write_atomic
    from classwright.skilltree.learner import load_learners

    draw_it = {".svg": draw_svg, ".html": draw_page, ".htm": draw_page}.get(out.suffix.lower())
    if draw_it is None:
        raise InputError(f"{out}: a picture is drawn as .svg or .html")
    found = _tree(tree)
    people = load_learners(learner, found) if learner else []
    mastery, who = (_mastery(people), _called(people)) if people else (None, None)
    what = f"The way to {found[goal].name}" if goal else "The skill tree"
    title = f"{what}: {who}" if who else what
    write_atomic(out, draw_it(found, mastery, goal, title))
    skills = len(found.ancestors(goal)) + 1 if goal else len(found)
    output.emit(
        {"file": str(out), "skills": skills, "goal": goal, "learner": who}, json=json, text=f"{out}: {skills} skills"
    )


tree_io.register(app)
tree_measure.register(app)
tree_build.register(app)
