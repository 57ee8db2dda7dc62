"""The page about a check of simulated students."""

from collections.abc import Mapping
from typing import Any

from classwright.reports.lesson import environment


def student_check_html(request: Any, result: Any, summary: Mapping[str, Any]) -> str:
    """A self-contained page (of `graphs.student_check_result`): flips, persistence, error rates, words, doubts."""
    page = environment(True).get_template("student_check.html.j2")
    return page.render(request=request, kinds=result.kinds, summary=summary)
