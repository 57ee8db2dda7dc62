"""ThinkTuning: rollouts in which a teacher's feedback stands between two tries of the student.

"ThinkTuning: Instilling Cognitive Reflections without Distillation" (2025): in GRPO a share of the rollouts is guided:
the student tries, the teacher comments, the student goes on. The student is to learn its own words, so the teacher's
tokens are masked: they take part in no loss and count in no length. A mask is what TRL's GRPO trainer reads from a
rollout function as `env_mask`: 1 for the model's own tokens, 0 for others.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Literal, NamedTuple, TypeVar

Author = Literal["student", "teacher"]
P = TypeVar("P")


class Rollout(NamedTuple):
    """The tokens after a prompt, and which of them are the student's.

    Attributes:
        ids: Token ids.
        mask: 1 for a token of the student, 0 for one of the feedback; as long as `ids`.
    """

    ids: tuple[int, ...]
    mask: tuple[int, ...]

    @property
    def last(self) -> tuple[int, ...]:
        """The student's last try."""
        return self.ids[len(self.mask) - self.mask[::-1].index(0) :] if 0 in self.mask else self.ids


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
    prompts: Sequence[P],
    student: Callable[[Sequence[P], Sequence[Sequence[int]]], Sequence[Sequence[int]]],
    feedback: Callable[[Sequence[P], Sequence[Sequence[int]]], Sequence[Sequence[int]]],
    *,
    group: int,
    guided: float,
    longest: int | None = None,
    rng: Random,
) -> list[Rollout]:
    """One rollout a prompt; of each group of rollouts some are guided.

    Args:
        prompts: Those of one group stand together and are the same.
        student: (prompts, ids so far of each) -> ids it writes next to each; () so far for its first try.
        feedback: (prompts, ids of the first tries) -> ids of the teacher's comment on each; none for nothing to say.
        group: Rollouts of one prompt; the prompts of this call may end within a group.
        guided: Share of a group that gets feedback, 0..1; their number is rounded to the nearest.
        longest: Tokens of a rollout at most.
        rng: Draws which of them are guided.
    """
    parts: list[list[tuple[Author, Sequence[int]]]] = [
        [("student", tried)] for tried in student(prompts, [()] * len(prompts))
    ]
    chosen: list[int] = []
    for start in range(0, len(prompts), group):
        size = min(group, len(prompts) - start)
        chosen += sorted(start + n for n in rng.sample(range(size), round(guided * size)))
    said = feedback([prompts[n] for n in chosen], [parts[n][0][1] for n in chosen]) if chosen else []
    heard = [(n, words) for n, words in zip(chosen, said, strict=True) if words]
    if heard:
        again = student([prompts[n] for n, _ in heard], [(*parts[n][0][1], *words) for n, words in heard])
        for (n, words), more in zip(heard, again, strict=True):
            parts[n].append(("teacher", words))
            parts[n].append(("student", more))
    return [assemble(p, longest) for p in parts]


def masked_labels(prompt: Sequence[int], rollout: Rollout, ignored: int = -100) -> list[int]:
    """Labels for a supervised loss: the student's tokens; -100 for the prompt and for the feedback."""
    return [ignored] * len(prompt) + [i if m else ignored for i, m in zip(rollout.ids, rollout.mask, strict=True)]
