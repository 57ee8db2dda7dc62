"""The pages of judge runs: the report of a check, and a rubric with its verdicts."""

from collections.abc import Mapping
from typing import Any

from classwright.classroom.rubric import PERTURBATIONS
from classwright.graphs.judge_check_result import CheckResult
from classwright.graphs.judge_rubric import RubricResult
from classwright.reports.lesson import environment


def check_html(result: CheckResult, summary: Mapping[str, Any], identities: Mapping[str, Mapping[str, Any]]) -> str:
    """A self-contained page about a check of the judges.

    Args:
        result: What came out.
        summary: The JSON object of the command.
        identities: Role -> model identity (`Models.identities`).
    """
    judges = {name: i for name, i in identities.items() if name.startswith("evaluators[")}
    return environment(True).get_template("judge.html.j2").render(result=result, summary=summary, identities=judges)


def rubric_markdown(result: RubricResult) -> str:
    """A rubric with the panel's verdicts and where every claim comes from, in Markdown."""
    lines = [f"# Rubric: {result.skill}", "", f"Text: {result.source}. Status: {result.status}.", ""]
    lines += [f"- {j.judge} ({j.model}): {j.status}{': ' + j.why if j.why else ''}" for j in result.judges]
    for r in result.readings:
        shown = "no score" if r.score.score is None else f"{r.score.score:.2f}"
        stable = "" if r.stable is None else f", {r.stable:.0%} of the verdicts as for the clean text"
        lines.append(f"- {r.perturbation} ({PERTURBATIONS[r.perturbation]}): {shown}{stable}")
    lines += ["", "| Claim | Weight | Met | Source | Evidence |", "|---|---|---|---|---|"]
    clean = result.readings[0] if result.readings else None
    for c in result.claims:
        met = clean.met.get(c.id) if clean else None
        quotes = [v.quote for said in (clean.by_judge.values() if clean else ()) for v in said if v.claim == c.id]
        cells = (f"{c.id}: {c.text}", str(c.weight), "missing" if met is None else f"{met:.2g}", c.source,
                 " / ".join(filter(None, quotes)))  # fmt: skip
        lines.append("| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
