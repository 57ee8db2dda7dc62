"""Distribution-aligned sequence distillation: what to sample from a teacher, in which order, and who begins.

Yan et al. (2026, "Distribution-Aligned Sequence Distillation for Superior Long-CoT Reasoning"):

- temperature schedule (section 3): first samples of low temperature, then of high, two stages of fine-tuning;
- divergence-aware sampling (4): of several samples those rich in sentences with p_T >> p_S are trained on;
- mixed policy (5): the student begins, the teacher goes on, and the student's part is trained on like the rest (masking
  it was worse there).

How a model is asked is the caller's: all of it is functions over callbacks.
"""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from classwright.distill.provenance import MARGIN, sentence_spans
from classwright.distill.rows import Message, Row

LOW, HIGH = 0.6, 1.0
"""Temperatures of the two stages as published."""
LATEST = 0.9
"""The student's part is at most this share of its reply, so that something is left to complete; our choice."""
T = TypeVar("T")
Prompt = tuple[Message, ...]


class Sample(NamedTuple):
    """A teacher's reply.

    Attributes:
        text: The reply.
        sentences: (p_T, p_S) of each sentence: its probability under teacher and student, 0..1.
        temperature: It was drawn at.
    """

    text: str
    sentences: tuple[tuple[float, float], ...]
    temperature: float = 1.0


def temperature(stage: int, low: float = LOW, high: float = HIGH) -> float:
    """The sampling temperature of a stage: low in the first (0), high in all later ones."""
    return low if stage == 0 else high


def scheduled(low: Sequence[T], high: Sequence[T], *, seed: int) -> list[T]:
    """Rows in the order in which they are to be trained: all of low temperature, then all of high, each shuffled.

    The trainer must keep this order (no shuffling of its own).
    """
    rng = Random(f"dasd/{seed}")
    return [*rng.sample(low, len(low)), *rng.sample(high, len(high))]


def richness(sample: Sample, margin: float = MARGIN) -> float:
    """Share of a reply's sentences that the teacher finds likelier than the student by more than the margin, 0..1."""
    return sum(t - s > margin for t, s in sample.sentences) / len(sample.sentences) if sample.sentences else 0.0


def divergence_aware(samples: Sequence[Sample], keep: int, margin: float = MARGIN) -> list[Sample]:
    """The `keep` samples of a prompt that are richest in teacher sentences, richest first.

    Among equals the larger mean of p_T - p_S comes first, then the earlier sample. The paper does not say how ties are
    broken, nor whether it ranks or draws; ranking is our choice.
    """

    def gap(s: Sample) -> float:
        return sum(t - u for t, u in s.sentences) / len(s.sentences) if s.sentences else 0.0

    return sorted(samples, key=lambda s: (-richness(s, margin), -gap(s)))[:keep]


def sample_divergent(
    prompts: Iterable[T],
    draw: Callable[[T, float, int], Sequence[str]],
    score: Callable[[T, str], Sequence[tuple[float, float]]],
    *,
    stage: int,
    samples: int = 4,
    keep: int = 1,
    margin: float = MARGIN,
    accept: Callable[[T, str], bool] = lambda prompt, text: True,
) -> list[tuple[T, Sample]]:
    """Draw, check, score and keep for every prompt.

    Args:
        prompts: What is asked.
        draw: (prompt, temperature, n) -> n replies of the teacher.
        score: (prompt, reply) -> (p_T, p_S) of its sentences.
        stage: 0 for low temperature, 1 for high.
        samples: Replies drawn per prompt.
        keep: Replies kept per prompt, at most; equal replies count once.
        margin: Of a teacher sentence.
        accept: Whether a reply may be trained on at all (its answer is right, say); all are scored that may.

    Returns:
        The kept ones with their prompts; a prompt of which no reply is accepted has none.
    """
    at = temperature(stage)
    found: list[tuple[T, Sample]] = []
    for prompt in prompts:
        texts = dict.fromkeys(text for text in draw(prompt, at, samples) if text.strip() and accept(prompt, text))
        scored = [Sample(text, tuple(score(prompt, text)), at) for text in texts]
        found += [(prompt, s) for s in divergence_aware(scored, keep, margin)]
    return found


def cut(text: str, rng: Random, earliest: float = 0.5, latest: float = LATEST) -> str:
    """The beginning of a reply, up to a random place between two shares of its length, as published beyond the half.

    The place is moved to the nearest end of a sentence between the two where there is one, else to a space.
    """
    low, high = earliest * len(text), latest * len(text)
    at = rng.uniform(low, high)
    ends = [end for _, end in sentence_spans(text)] or [0]
    spaces = [n for n, sign in enumerate(text) if sign.isspace()]
    inside = [e for e in ends if low <= e <= high] or [e for e in spaces if low <= e <= high]
    return text[: min(inside, key=lambda e: abs(e - at))] if inside else text[: round(at)]


def mixed_policy(
    rows: Iterable[Row],
    student: Callable[[Prompt], str],
    teacher: Callable[[Prompt, str], str],
    *,
    seed: int,
    accept: Callable[[Row, str], bool] = lambda row, text: True,
    differs: Callable[[Row, str], bool] = lambda row, text: True,
) -> list[Row]:
    """Replies that the student begins and the teacher ends.

    Args:
        rows: Rows whose last message is the teacher's own reply.
        student: Prompt -> the student's whole reply.
        teacher: (prompt, the student's beginning) -> how the teacher goes on.
        seed: Of the places where replies are cut; a row's place depends on nothing else but its id.
        accept: (row, mixed reply) -> whether it may be trained on (its answer is right, say).
        differs: (row, the student's reply) -> whether it is worth mending: as published, where it strays far from the
            teacher's.

    Returns:
        A new row for each accepted reply, all of it trained, the student's part too; its id ends in "+mixed".
    """
    found = []
    for row in rows:
        prompt = row.messages[:-1]
        own = student(prompt)
        if not own.strip() or not differs(row, own):
            continue
        begun = cut(own, Random(f"mixed/{seed}/{row.id}"))
        mixed = begun + teacher(prompt, begun)
        if mixed == begun or not accept(row, mixed):
            continue
        last = len(row.messages) - 1
        messages = (*prompt, Message(role="assistant", content=mixed))
        kept = tuple(sorted({*(i for i in row.trained if i < last), last}))
        found.append(row.model_copy(update={"id": f"{row.id}+mixed", "messages": messages, "trained": kept}))
    return found
