"""ThinkTuning: rollouts in which a teacher's feedback stands between two tries of the student.

"ThinkTuning: Instilling Cognitive Reflections without Distillation" (2025): in GRPO a share of the rollouts is guided:
the student tries, the teacher comments, the student goes on. The student is to learn its own words, so the teacher's
tokens are masked: they take part in no loss and count in no length. A mask is what TRL's GRPO trainer reads from a
rollout function as `env_mask`: 1 for the model's own tokens, 0 for others.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Literal, NamedTuple

Author = Literal["student", "teacher"]


class Rollout(NamedTuple):
    """The tokens after a prompt, and which of them are the student's.

    Attributes:
        ids: Token ids.
        mask: 1 for a token of the student, 0 for one of the feedback; as long as `ids`.
    """

    ids: tuple[int, ...]
    mask: tuple[int, ...]


def assemble(parts: Sequence[tuple[Author, Sequence[int]]], longest: int | None = None) -> Rollout:
    """One rollout from its parts in order.

    Args:
        parts: Who wrote which token ids. Each part is tokenized by itself, so no token belongs to two authors.
        longest: Tokens kept, from the start; None for all.

    Raises:
        ValueError: No token of the student is left: nothing could be learned.
    """
    ids = [i for _, part in parts for i in part][:longest]
    mask = [int(author == "student") for author, part in parts for _ in part][:longest]
    if not any(mask):
        raise ValueError("no token of the student in the rollout")
    return Rollout(tuple(ids), tuple(mask))


def rollouts(
    prompt: Any,
    student: Callable[[Any, Sequence[int]], Sequence[int]],
    feedback: Callable[[Any, Sequence[int]], Sequence[int]],
    *,
    group: int,
    guided: float,
    longest: int | None = None,
    seed: int,
) -> list[Rollout]:
    """The group of rollouts of one prompt, some of them guided.

    Args:
        prompt: As the callbacks want it.
        student: (prompt, ids so far) -> ids it writes next; () so far for its first try.
        feedback: (prompt, ids of the first try) -> ids of the teacher's comment; none for nothing to say.
        group: Rollouts in all.
        guided: Share of them that get feedback, 0..1; their number is rounded to the nearest.
        longest: Tokens of a rollout at most.
        seed: Which of them are guided.
    """
    which = set(Random(f"thinktuning/{seed}/{prompt}").sample(range(group), round(guided * group)))
    found = []
    for n in range(group):
        parts: list[tuple[Author, Sequence[int]]] = [("student", student(prompt, ()))]
        said = feedback(prompt, parts[0][1]) if n in which else ()
        if said:
            parts.append(("teacher", said))
            parts.append(("student", student(prompt, (*parts[0][1], *said))))
        found.append(assemble(parts, longest))
    return found


def masked_labels(prompt: Sequence[int], rollout: Rollout, ignored: int = -100) -> list[int]:
    """Labels for a supervised loss: the student's tokens; -100 for the prompt and for the feedback."""
    return [ignored] * len(prompt) + [i if m else ignored for i, m in zip(rollout.ids, rollout.mask, strict=True)]
