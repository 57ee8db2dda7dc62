"""The capacity gap: how large a teacher should be for a student.

Zhang et al. (2023, "Towards the Law of Capacity Gap in Distilling Language Models"): the best teacher is about 2.5
times as large as the student; a far larger one teaches worse. The law was found for language modeling with logits; for
training on a teacher's texts it is a hint, and the advice says so.
"""

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

BEST, FAR = 2.5, 10.0
NEAR = 2.0
"""Within this factor of the best ratio a teacher counts as near it; our choice."""
NAMED = {"smollm2": 135_000_000}
"""Sizes of models whose name here does not say them."""
_SIZE = re.compile(r"(?<![A-Za-z0-9.])(\d+(?:\.\d+)?)\s*([bBmM])(?![A-Za-z0-9])")
_EXPERTS = re.compile(r"\d\s*x\s*\d+(?:\.\d+)?\s*b|(?<![A-Za-z0-9])a\d+(?:\.\d+)?b(?![A-Za-z0-9])", re.IGNORECASE)


class Advice(BaseModel):
    """What the ratio of two sizes says.

    Attributes:
        ratio: Teacher's parameters over the student's.
        verdict: "small" (below 1.25), "close" (within a factor of two of 2.5), "large", "too large" (above 10).
        best: Parameters of a teacher of 2.5 times the student.
        words: One or two sentences.
    """

    model_config = ConfigDict(frozen=True)

    ratio: float
    verdict: Literal["small", "close", "large", "too large"]
    best: int
    words: str


def advise(teacher: int, student: int) -> Advice:
    """Advice on a teacher and a student.

    Args:
        teacher, student: Parameters, above 0.

    Raises:
        ValueError: One is not above 0.
    """
    if teacher <= 0 or student <= 0:
        raise ValueError(f"{teacher} and {student} parameters")
    ratio, best = teacher / student, round(BEST * student)
    said = f"The teacher is {ratio:.3g} times the student"
    hint = f"about {BEST} times ({shown(best)}) was best where it was measured, with logits of language models"
    if ratio > FAR:
        words = f"{said}, more than {FAR:g} times: a smaller teacher may teach better; {hint}."
        return Advice(ratio=ratio, verdict="too large", best=best, words=words)
    if ratio < BEST / NEAR:
        words = f"{said}: it may have little to teach that the student lacks; {hint}."
        return Advice(ratio=ratio, verdict="small", best=best, words=words)
    if ratio > BEST * NEAR:
        return Advice(ratio=ratio, verdict="large", best=best, words=f"{said}; {hint}.")
    return Advice(ratio=ratio, verdict="close", best=best, words=f"{said}, near the best that was measured; {hint}.")


def parameters_in(name: str) -> int | None:
    """The parameters that a model's name speaks of ("Qwen2.5-7B-Instruct": 7 000 000 000).

    None where it names no size or several, and for mixtures of experts, whose size is two numbers.
    """
    if name.lower() in NAMED:
        return NAMED[name.lower()]
    if _EXPERTS.search(name):
        return None
    found = {float(number) * (1e9 if unit in "bB" else 1e6) for number, unit in _SIZE.findall(name)}
    return round(found.pop()) if len(found) == 1 else None


def shown(parameters: int) -> str:
    """A number of parameters for a person: "135M", "1.5B"."""
    if parameters >= 1_000_000_000:
        return f"{parameters / 1e9:.3g}B"
    return f"{parameters / 1e6:.3g}M" if parameters >= 1_000_000 else f"{parameters:,}"
