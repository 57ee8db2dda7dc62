"""The page about a file of labeled student feedback."""

from collections.abc import Mapping
from typing import Any

from classwright.reports.lesson import environment


def feedback_html(feedback: Any, result: Any, summary: Mapping[str, Any]) -> str:
    """A self-contained page (of `graphs.feedback.Feedback` and `FeedbackResult`): totals, kappas, what is withheld."""
    examples = {}
    for label in feedback.labels:
        found = [i for i, has in enumerate(result.verdicts[label]) if has][:3]
        examples[label] = [(feedback.rows[i].line, feedback.rows[i].text, result.reasons[label][i]) for i in found]
    page = environment(True).get_template("feedback.html.j2")
    return page.render(feedback=feedback, totals=result.totals, examples=examples, summary=summary)
