"""The page of a comparison: a table with intervals and a chart."""

from typing import Any

from markupsafe import Markup

from classwright.reports.charts import intervals
from classwright.reports.lesson import environment
from classwright.reports.lesson_report import GAIN


def compare_html(comparison: Any) -> str:
    """A self-contained page about a comparison of ways to plan a lesson (`graphs.compare.Comparison`)."""
    rows = comparison.rows
    gains = [(r.way, r.gain.mean, r.gain.low, r.gain.high) for r in rows]
    claims = [claim(r, rows[0].way) for r in rows[1:]]
    page = environment(True).get_template("compare.html.j2")
    return page.render(c=comparison, rows=rows, first=rows[0], chart=Markup(intervals(gains, GAIN)), claims=claims)


def claim(row: Any, first: str) -> str:
    """What may be said of a way (`graphs.compare.Row`) against the first one.

    No effect is claimed whose interval includes zero.
    """
    d = row.difference
    behind = f"{row.cells} lessons, {row.students} simulated students"
    if d.mean is None or d.low is None or d.high is None:
        return f"{row.way}: students were at the ceiling, nothing can be said ({behind})"
    figures = f"{d.mean:+.3f} [{d.low:+.3f}, {d.high:+.3f}]; {behind}"
    if d.low > 0:
        return f"{row.way} gains more than {first}: {figures}"
    if d.high < 0:
        return f"{row.way} gains less than {first}: {figures}"
    return f"no difference between {row.way} and {first} was shown: {figures}"
