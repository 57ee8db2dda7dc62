"""Whether the options of a dataset fit together, and the filters among them."""

from typing import Any

from classwright.distill.candidates import FILTERS, DataRequest
from classwright.errors import InputError

FOR_BANK = {
    "skills": "--skills", "n": "--n", "levels": "--levels", "exam": "--exam", "composed": "--composed",
    "other_skills": "--other-skills",
}  # fmt: skip
"""Fields of a request that only rationales from the problem bank have, and their options."""


def no_strange_options(request: DataRequest, runs: bool) -> None:
    """An option that would be ignored is an error.

    Raises:
        InputError: There is one.
    """
    plain = DataRequest(task=request.task)
    if request.against == "telling" and not (request.pairs and request.task == "tutor"):
        raise InputError("--against telling is for --pairs of --task tutor")
    if runs or request.task == "corpus":
        strange = [option for name, option in FOR_BANK.items() if getattr(request, name) != getattr(plain, name)]
        if strange:
            raise InputError(f"{strange[0]} is for rationales from the problem bank, without a run")
    if runs:
        return
    if request.task == "corpus":
        no_use = {
            "filters": "--filter", "least_score": "--min-score", "pairs": "--pairs", "decides": "--decides",
            "form": "--form", "hard": "--hard", "licence": "--licence",
        }  # fmt: skip
        if strange := [option for name, option in no_use.items() if getattr(request, name) != getattr(plain, name)]:
            raise InputError(f"{strange[0]} is for runs; the corpus has nothing to select by it")
        return
    if request.pairs:
        raise InputError("--pairs: rationales from the problem bank are right, so there is nothing to prefer them to")
    for_runs = {
        "filters": "--filter", "least_score": "--min-score", "decides": "--decides", "form": "--form", "cap": "--cap",
        "hard": "--hard", "held_out": "--held-out", "hold_skills": "--hold-skills", "licence": "--licence",
    }  # fmt: skip
    if strange := [option for name, option in for_runs.items() if getattr(request, name) != getattr(plain, name)]:
        raise InputError(f"{strange[0]} is for runs; rationales from the problem bank have nothing to select by it")


def parse_filters(text: str) -> tuple[Any, ...]:
    """The filters of an option, "verified,leak-free"; "" or "none" for none.

    Raises:
        InputError: There is no such filter.
    """
    names = [name.strip() for name in text.split(",") if name.strip() and name.strip() != "none"]
    if strange := [name for name in names if name not in FILTERS]:
        raise InputError(f"--filter {strange[0]}: there is no such filter; there are {', '.join(FILTERS)}, none")
    return tuple(dict.fromkeys(names))
