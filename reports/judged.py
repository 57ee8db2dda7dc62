"""What may be said of the judges' levels: a score, or why there is none. Not heard is not the same as not believed."""

from classwright.agents.evaluator import Ciddp

STANDINGS = {
    "admitted": "admitted",
    "withheld": "withheld: not believed",
    "unreachable": "unreachable",
    "untried": "not tried",
}
"""A judge's status as a page says it."""


def judged(found: Ciddp) -> str:
    """The judges' mean level in words.

    Returns:
        "4.2 of 5"; "not believed (withheld: ...)" where judges failed their trial; "unreachable (...)" where none
        answered; "missing (...)" where those that are believed gave no valid judgment, of some criterion or of any.
    """
    return in_words(found.status, found.mean, found.levels, found.why)


def in_words(status: str, mean: float | None, levels: dict[str, float | None], why: str) -> str:
    """As `judged`, from the parts of a stored summary."""
    if mean is not None:
        return f"{mean:.1f} of 5" + (f" (without {why})" if why else "")
    if status == "withheld":
        return f"not believed (withheld: {why})"
    if status == "admitted":
        return f"missing (no valid judgment of {', '.join(c for c, level in levels.items() if level is None)})"
    return f"{status} ({why})"


def unjudged(statuses: set[str]) -> str:
    """Why several lessons have no mean level, in a table's cell."""
    names = {"withheld": "not believed", "admitted": "missing"}
    return ", ".join(sorted({names.get(status, status) for status in statuses})) or "not asked"
