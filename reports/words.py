"""The page about models' words on held-out rows: tables of all models side by side, and what they said."""

from typing import Any

from classwright.reports.lesson import environment

ROWS = (
    ("used by the agent", "accepted"),
    ("numbers copied exactly", "numbers"),
    ("verbatim in the training texts", "verbatim"),
    ("nearly verbatim (one run of 80 % of the words)", "near"),
    ("the same as another text of the model", "twins"),
    ("repeats itself", "repeats"),
    ("readable for its grade", "readable"),
    ("move as wanted (classifier by rules)", "moves"),
    ("kind of move as wanted (classifier learned from the training texts)", "kinds"),
    ("choice as ours", "choices"),
)
"""What a row of the table says, and the share of `distill.word_measures.Measures` in it."""
MEANS = (
    ("longest run in the training texts, share of a text", "run", "%.2f"),
    ("reading grade", "reading", "%.1f"),
    ("tokens a second", "speed", "%.1f"),
    ("seconds a text", "seconds", "%.2f"),
)


def words_html(found: Any) -> str:
    """A self-contained page about a comparison (`distill.words_exam.WordsReport`)."""
    return environment(True).get_template("words_page.html.j2").render(w=found, rows=ROWS, means=MEANS)


def words_markdown(found: Any) -> str:
    """The same in Markdown."""
    return environment(False).get_template("words.md.j2").render(w=found, rows=ROWS, means=MEANS)
