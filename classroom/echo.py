"""Whether a small model's words repeat its instructions instead of following them."""

import re
from collections.abc import Collection, Iterator

RUN = 5
"""Words in a row from which a text repeats its instructions."""
DIVIDER = "---"
"""Stands in a prompt between what was said and what is to be done."""


def echo(text: str, prompt: str, free: Collection[str] = ()) -> str:
    """Why a text is an echo of its prompt, "" if it is not.

    Args:
        text: The reply.
        prompt: The last message of the prompt; only what follows its last line `---` counts as instructions.
        free: Parts of the instructions that may be repeated: an example, a point, an answer.
    """
    instructions = re.split(rf"^{DIVIDER}$", prompt, flags=re.M)[-1]
    for part in free:
        instructions = instructions.replace(part, " | ") if part else instructions
    told = {run for piece in instructions.split("|") for run in _runs(piece)}
    found = next((run for run in _runs(text) if run in told), None)
    return f"repeats the instructions (“{' '.join(found)}”)" if found else ""


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))
