"""Where the sentences of a distilled student come from: its teacher, itself, both, or the distillation.

Yan et al. (2026, "Distribution-Aligned Sequence Distillation", section 4): replies of the distilled student are scored
by the teacher, by the student as it was before, and by the distilled one. A sentence's probability is the geometric
mean of its tokens' probabilities, so models with different tokenizers can be compared. With d = p_T - p_S

    teacher   d >  0.2          student   d < -0.2
    boosted   |d| <= 0.2 and p_D more than 0.2 above both          shared   everything else

The paper says that p_D of a boosted sentence "differs significantly" while p_T and p_S are close; taking the same
margin for that is our choice.
"""

from collections import Counter
from collections.abc import Sequence
from math import exp
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from classwright.classroom.effects import Estimate
from classwright.classroom.source import sentences
from classwright.distill.pooled import pooled
from classwright.distill.scored_tokens import ScoredReply

MARGIN = 0.2
Origin = Literal["teacher", "student", "boosted", "shared"]
ORIGINS: tuple[Origin, ...] = ("teacher", "student", "boosted", "shared")


class Sentence(NamedTuple):
    """A sentence of a reply with its probabilities under the three models, each 0..1."""

    text: str
    teacher: float
    student: float
    distilled: float
    origin: Origin


class Provenance(BaseModel):
    """Origins over many replies.

    Attributes:
        shares: Origin -> share of sentences, with its interval over replies; they sum to 1.
        replies: Replies with at least one sentence that all three models could score.
        sentences: Sentences in them.
        unscored: Sentences left out, since a model has no token that begins in them.
    """

    model_config = ConfigDict(frozen=True)

    shares: dict[Origin, Estimate]
    replies: int
    sentences: int
    unscored: int


def origin(teacher: float, student: float, distilled: float, margin: float = MARGIN) -> Origin:
    """Where a sentence comes from, from its probabilities (0..1) under the three models."""
    d = teacher - student
    if d > margin:
        return "teacher"
    if d < -margin:
        return "student"
    return "boosted" if distilled - max(teacher, student) > margin else "shared"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence of a text, characters."""
    spans, at = [], 0
    for sentence in sentences(text):
        start = text.index(sentence, at)
        at = start + len(sentence)
        spans.append((start, at))
    return spans


def sentence_probabilities(text: str, scored: ScoredReply) -> list[float | None]:
    """The probability of each sentence: the geometric mean of those of the tokens that begin in it.

    A token's leading space does not count as its beginning, as most tokenizers put the space before a word into its
    token. None for a sentence in which no token begins.
    """
    begins = []
    for start, end in scored.spans:
        piece = text[start:end]
        begins.append(start + len(piece) - len(piece.lstrip()))
    found: list[float | None] = []
    for start, end in sentence_spans(text):
        mine = [p for p, at in zip(scored.log_probs, begins, strict=True) if start <= at < end]
        found.append(exp(sum(mine) / len(mine)) if mine else None)
    return found


def trace(text: str, teacher: ScoredReply, student: ScoredReply, distilled: ScoredReply) -> list[Sentence | None]:
    """Each sentence of a reply with its origin; None for one that a model has no token for.

    Args:
        text: A reply of the distilled student.
        teacher, student, distilled: It under the teacher, the student before, and the student after distillation.
    """
    rows = zip(
        sentence_spans(text), *(sentence_probabilities(text, s) for s in (teacher, student, distilled)), strict=True
    )
    return [
        None if t is None or s is None or d is None else Sentence(text[a:b], t, s, d, origin(t, s, d))
        for (a, b), t, s, d in rows
    ]


def provenance(replies: Sequence[Sequence[Sentence | None]], *, seed: int) -> Provenance:
    """Shares of the origins over traced replies; intervals by a bootstrap over replies.

    Args:
        replies: One entry a reply (see `trace`).
        seed: Seed of the bootstrap.
    """
    scored = [[s.origin for s in reply if s is not None] for reply in replies]
    scored = [row for row in scored if row]
    counts = [Counter(row) for row in scored]
    sizes = [len(row) for row in scored]
    return Provenance(
        shares={o: pooled([c[o] for c in counts], sizes, seed=seed) for o in ORIGINS},
        replies=len(scored),
        sentences=sum(sizes),
        unscored=sum(s is None for reply in replies for s in reply),
    )
