"""The pages of a training: accuracy before and after, curves, forgetting, fidelity, provenance, RETAIN, cost."""

from typing import Any

from markupsafe import Markup

from classwright.reports.charts import dumbbells, intervals
from classwright.reports.lesson import environment
from classwright.reports.teach import curve_svg
from classwright.reports.words import MEANS, ROWS, words_markdown

MOST = 40
"""Rows of a chart; of more groups the table shows all."""
SHARES = (
    ("the same choice as the teacher", "top1"),
    ("the same where the teacher is wrong", "same_when_wrong"),
    ("teacher right", "teacher_accuracy"),
    ("student right", "student_accuracy"),
)
"""Label and field of the shares of a `distill.fidelity.Fidelity`."""


def distill_html(found: Any) -> str:
    """A self-contained page about a training (`distill.report.Findings`)."""
    pairs = [(_label(g), g.before.share, g.after.share) for g in found.groups if g.before and g.after]
    change = dumbbells(pairs[:MOST], "before training", "after training", "share right") if pairs else ""
    return (
        environment(True)
        .get_template("distill.html.j2")
        .render(
            f=found,
            change=Markup(change),
            curves=[Markup(curve_svg(c)) for c in found.curves],
            provenance=Markup(_provenance(found.provenance)),
            fidelities=[(x, Markup(_fidelity(x))) for x in (found.fidelity, found.answers) if x],
            shares=SHARES,
            flat=flat,
            w=found.words,
            rows=ROWS,
            means=MEANS,
        )
    )


def distill_markdown(found: Any) -> str:
    """The same in Markdown, without charts."""
    page = environment(False).get_template("distill.md.j2")
    words = words_markdown(found.words).replace("\n#", "\n##").replace("# ", "## ", 1) if found.words else ""
    fidelities = [x for x in (found.fidelity, found.answers) if x]
    return page.render(f=found, fidelities=fidelities, shares=SHARES, flat=flat, words=words)


def flat(table: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """A nested table of settings as (dotted key, value) rows; numbers are rounded for reading."""
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows += flat(value, f"{prefix}{key}.")
        else:
            shown = f"{value:,.6g}" if isinstance(value, float) else str(value)
            rows.append((f"{prefix}{key}", shown.replace("\n", " ")))
    return rows


def _label(group: Any) -> str:
    return group.name if group.by == "all" else f"{group.by}: {group.name}"


def _provenance(found: Any) -> str:
    if found is None:
        return ""
    return intervals(
        [(o, e.mean, e.low, e.high) for o, e in found.shares.items() if e.mean is not None], "share of sentences"
    )


def _fidelity(found: Any) -> str:
    values = [(label, getattr(found, field)) for label, field in SHARES]
    return intervals([(k, e.mean, e.low, e.high) for k, e in values if e.mean is not None], f"share of {found.unit}s")
