"""Fidelity: how closely a student follows its teacher, apart from how often either is right.

Stanton et al. (2021, "Does Knowledge Distillation Really Work?"): a student can gain accuracy and still not follow its
teacher, and follow it into its errors; so agreement, divergence and accuracy are separate figures. Divergences are over
the full vocabulary, in nats per token; forward is KL(teacher || student), reverse KL(student || teacher).
"""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from pydantic import BaseModel, ConfigDict

from classwright.classroom.effects import Estimate
from classwright.distill.pooled import pooled
from classwright.distill.scored_tokens import log_probs
from classwright.errors import InputError

NORMAL = 1e-2
"""How far from 0 the log of a row's summed probabilities may be (half precision loses some)."""


class Compared(NamedTuple):
    """Teacher and student after each token of one text; arrays of shape (n,).

    Attributes:
        same: Whether both find the same token likeliest.
        forward, reverse: KL divergences, nats.
        teacher_right, student_right: Whether that token is the one that stands there; None where nobody says which.
    """

    same: np.ndarray
    forward: np.ndarray
    reverse: np.ndarray
    teacher_right: np.ndarray | None
    student_right: np.ndarray | None


class Fidelity(BaseModel):
    """Student against teacher, pooled over tokens (or answers), with intervals over texts.

    Attributes:
        unit: "token" or "answer".
        top1: Share of the same choice.
        forward_kl, reverse_kl: Nats per token; None for answers.
        teacher_accuracy, student_accuracy: Share of right choices; no mean where nobody says what is right.
        same_when_wrong: Share of the same choice where the teacher's is wrong.
    """

    model_config = ConfigDict(frozen=True)

    unit: str
    top1: Estimate
    forward_kl: Estimate | None
    reverse_kl: Estimate | None
    teacher_accuracy: Estimate
    student_accuracy: Estimate
    same_when_wrong: Estimate


def compare(teacher: np.ndarray, student: np.ndarray, gold: Sequence[int] | None = None) -> Compared:
    """Two models over the same tokens.

    Args:
        teacher, student: Log-probabilities, shape (n, vocabulary), natural.
        gold: The n tokens that really come next, where they count as right.

    Raises:
        InputError: Vocabularies or numbers of tokens differ.
        ValueError: A row is no distribution, or a divergence is infinite.
    """
    t, s = np.asarray(teacher, float), np.asarray(student, float)
    if t.ndim != 2 or s.ndim != 2:
        raise ValueError(f"log-probabilities of shape (tokens, vocabulary) are needed, not {t.shape} and {s.shape}")
    if t.shape[1] != s.shape[1]:
        raise InputError(
            f"the teacher has {t.shape[1]} tokens in its vocabulary and the student {s.shape[1]}: nothing can be "
            "compared token by token; take a teacher with the student's tokenizer, or compare answers"
        )
    if len(t) != len(s) or (gold is not None and len(gold) != len(t)):
        raise InputError(f"{len(t)} tokens of the teacher, {len(s)} of the student: the same text is needed for both")
    for who, table in (("teacher", t), ("student", s)):
        if len(table) and float(np.abs(np.log(np.exp(table).sum(axis=1))).max()) > NORMAL:
            raise ValueError(f"the {who}'s rows are no log-probabilities: they do not sum to 1")
    forward, reverse = _divergence(t, s), _divergence(s, t)
    if not (np.isfinite(forward).all() and np.isfinite(reverse).all()):
        raise ValueError("one model rules out a token that the other does not: the divergence is infinite")
    best_t, best_s = t.argmax(axis=1), s.argmax(axis=1)
    right = None if gold is None else np.asarray(gold)
    return Compared(
        best_t == best_s, forward, reverse,
        None if right is None else best_t == right, None if right is None else best_s == right,
    )  # fmt: skip


def _divergence(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """KL(a || b) per row; what `a` rules out adds nothing."""
    p = np.exp(a)
    with np.errstate(invalid="ignore"):
        return np.where(p > 0, p * (a - b), 0.0).sum(axis=1).clip(min=0.0)


def fidelity(texts: Sequence[Compared], *, seed: int) -> Fidelity:
    """The figures over many texts.

    Args:
        texts: One entry a text (see `compare`).
        seed: Seed of the bootstrap over texts.

    Raises:
        ValueError: there is no text.
    """
    if not texts:
        raise ValueError("no text to compare on")

    def over(values: list[np.ndarray | None], where: list[np.ndarray | None] | None = None) -> Estimate:
        masks = where or [None if v is None else np.ones(len(v), bool) for v in values]
        kept = [
            (v[m].sum(), int(m.sum())) for v, m in zip(values, masks, strict=True) if v is not None and m is not None
        ]
        return pooled([s for s, _ in kept], [n for _, n in kept], seed=seed)

    wrong = [None if c.teacher_right is None else ~c.teacher_right for c in texts]
    return Fidelity(
        unit="token",
        top1=over([c.same for c in texts]),
        forward_kl=over([c.forward for c in texts]),
        reverse_kl=over([c.reverse for c in texts]),
        teacher_accuracy=over([c.teacher_right for c in texts]),
        student_accuracy=over([c.student_right for c in texts]),
        same_when_wrong=over([c.same for c in texts], wrong),
    )


def answer_fidelity(
    teacher: Sequence[Hashable], student: Sequence[Hashable], gold: Sequence[Hashable], *, seed: int
) -> Fidelity:
    """The same figures for final answers: also for models with different vocabularies.

    Args:
        teacher, student: Answers in canonical form, None where none could be read; no answer equals no other.
        gold: The right answers.
        seed: Seed of the bootstrap over questions.

    Raises:
        ValueError: No question, or lists of different length.
    """
    if not gold or not len(teacher) == len(student) == len(gold):
        raise ValueError(f"{len(teacher)} and {len(student)} answers to {len(gold)} questions")
    rows = list(zip(teacher, student, gold, strict=True))
    ones = [1] * len(rows)
    same = [t is not None and t == s for t, s, _ in rows]
    wrong = [int(t != g) for t, _, g in rows]
    return Fidelity(
        unit="answer",
        top1=pooled(same, ones, seed=seed),
        forward_kl=None,
        reverse_kl=None,
        teacher_accuracy=pooled([t == g for t, _, g in rows], ones, seed=seed),
        student_accuracy=pooled([s == g for _, s, g in rows], ones, seed=seed),
        same_when_wrong=pooled([a * w for a, w in zip(same, wrong, strict=True)], wrong, seed=seed),
    )


def check_vocabulary(teacher: Any, student: Any) -> None:
    """Check that two tokenizers number the same tokens alike.

    Raises:
        InputError: They do not; names the first token that differs.
    """
    mine, other = teacher.get_vocab(), student.get_vocab()
    if mine == other:
        return
    token = min(t for t in mine.keys() | other.keys() if mine.get(t) != other.get(t))
    raise InputError(
        f"the tokenizers differ ({len(mine)} and {len(other)} tokens; {token!r} is {mine.get(token, 'no token')} and "
        f"{other.get(token, 'no token')}): take a teacher with the student's tokenizer"
    )


def compare_models(teacher: Any, student: Any, texts: Sequence[Sequence[int]], *, seed: int) -> Fidelity:
    """Two causal language models on the same texts, one text at a time.

    Args:
        teacher, student: Models of transformers with the same vocabulary (see `check_vocabulary`).
        texts: Token ids of each text, two or more; the next token counts as right.
        seed: Seed of the bootstrap over texts.

    Raises:
        InputError: Vocabularies differ, or a text is too short.
    """
    return fidelity([compare(log_probs(teacher, ids), log_probs(student, ids), ids[1:]) for ids in texts], seed=seed)
