"""The page of a coached transcript."""

from collections.abc import Mapping, Sequence
from typing import Any

from classwright.reports.lesson import environment


def coach_html(lines: Sequence[str], summary: Mapping[str, Any]) -> str:
    """A self-contained page.

    Args:
        lines: The transcript, one line a turn with its number.
        summary: The JSON object of the command.
    """
    marked = {m["line"] for key in ("highlights", "missed", "suggestions") for m in summary[key]}
    marked |= {m["line"] for m in summary["observed"]["moments"]}
    rows = [(line.split(" ", 1)[0], line, int(line.split(" ", 1)[0]) in marked) for line in lines]
    return environment(True).get_template("coach.html.j2").render(rows=rows, s=summary, o=summary["observed"])
