"""The page of a bulk run of dialogues: tutors in a table and in pairs, charts, three dialogues in full, the cost."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from classwright.classroom.dialogue import Dialogue
from classwright.reports.charts import intervals
from classwright.reports.dialogue_charts import move_bars, success_curves
from classwright.reports.lesson import environment

if TYPE_CHECKING:
    from classwright.classroom.gain import Difference
    from classwright.graphs.dialogue_plan import DialogueRequest
    from classwright.graphs.dialogue_summary import Outcomes


def dialogues_html(
    request: "DialogueRequest", found: "Outcomes", summary: dict[str, Any], shown: Iterable[Dialogue]
) -> str:  # fmt: skip
    """A self-contained page.

    Args:
        request: What was asked for.
        found: What came out.
        summary: The run's summary, for cost and efficiency.
        shown: The dialogues that `found.shown` names, in its order.
    """
    rows = found.tutors
    measured = [(r.tutor, r.measures.gain) for r in rows if r.measures.gain]
    gains = [(tutor, gain.mean, gain.low, gain.high) for tutor, gain in measured]
    curves = {
        row.tutor: [(a.k, a.success.share, a.success.low, a.success.high) for a in row.success.at] for row in rows
    }
    moves = {r.tutor: r.measures.moves for r in rows if r.measures.moves}
    return environment(True).get_template("dialogues.html.j2").render(
        r=request, rows=rows, s=summary, failures=found.failures,
        curves=Markup(success_curves(curves)), moves=Markup(move_bars(moves)) if moves else "",
        gains=Markup(intervals(gains, "normalized learning gain")) if gains else "",
        claims=[line for pair in found.pairs for line in pair_claims(pair)],
        shown=list(zip(found.shown, shown, strict=True)),
    )  # fmt: skip


def pair_claims(pair: Any) -> list[str]:
    """What may be said of two tutors on the same cases (`graphs.dialogue_summary.Pair`)."""
    lines = []
    for difference, more, what in (
        (pair.solved, "more students get there without being told", "in how many get there without being told"),
        (pair.gain, "more of the test is learned", "in what is learned"),
    ):
        if difference is not None:
            lines.append(claim(difference, pair.first, pair.second, more, what))
    return lines


def claim(d: "Difference", first: str, second: str, more: str, what: str) -> str:
    """One sentence; no difference is claimed whose interval includes zero."""
    figures = f"{second} minus {first} {d.mean:+.1%} [{d.low:+.1%}, {d.high:+.1%}], {d.n} cases"
    if d.low > 0:
        return f"With {second} {more} than with {first}: {figures}."
    if d.high < 0:
        return f"With {first} {more} than with {second}: {figures}."
    return f"No difference {what} was shown between {first} and {second}: {figures}."
