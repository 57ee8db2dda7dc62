"""A small real learner: a network with one hidden layer that learns a skill's problems by gradient descent, on a CPU.

It is what orders of skills are measured on: it really learns, and it really forgets (McCloskey & Cohen, 1989).
"""

import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from classwright.skilltree.problem import Problem

NUMBERS = 41
"""Values 0..40 of each number have a place of their own; larger ones share the last."""
PLACES = 3
WORDS = 48
HIDDEN, RATE, BATCH = 64, 0.15, 16


def encode(problems: Sequence[Problem]) -> np.ndarray:
    """Problems as rows (n, 171): the first three numbers one-hot, the words hashed into 48 places."""
    rows = np.zeros((len(problems), PLACES * NUMBERS + WORDS), np.float32)
    for row, p in zip(rows, problems, strict=True):
        for place, number in enumerate(re.findall(r"\d+", p.text)[:PLACES]):
            row[place * NUMBERS + min(int(number[:6]), NUMBERS - 1)] = 1
        for word in set(re.findall(r"[a-z]{2,}|[+×÷−-]", p.text.lower())):
            row[PLACES * NUMBERS + crc32(word.encode()) % WORDS] = 0.5
    return rows


class SmallLearner:
    """A network with one hidden layer of 64 rectified units and a softmax over answers.

    Args:
        features: Length of an input row.
        classes: Answers.
        seed: Of the first weights and of the order of the examples.
    """

    def __init__(self, features: int, classes: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.w1 = self.rng.normal(0, (2 / features) ** 0.5, (features, HIDDEN)).astype(np.float32)
        self.b1 = np.zeros(HIDDEN, np.float32)
        self.w2 = self.rng.normal(0, (2 / HIDDEN) ** 0.5, (HIDDEN, classes)).astype(np.float32)
        self.b2 = np.zeros(classes, np.float32)

    def train(self, x: np.ndarray, y: np.ndarray, *, epochs: int) -> None:
        """Stochastic gradient descent on the cross-entropy.

        Args:
            x: (n, features).
            y: Class of each row, (n,).
            epochs: Passes.
        """
        for _ in range(epochs):
            order = self.rng.permutation(len(x))
            for start in range(0, len(x), BATCH):
                self._step(x[order[start : start + BATCH]], y[order[start : start + BATCH]])

    def _step(self, x: np.ndarray, y: np.ndarray) -> None:
        hidden = np.maximum(x @ self.w1 + self.b1, 0)
        logits = hidden @ self.w2 + self.b2
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        p /= len(y)
        back = (p @ self.w2.T) * (hidden > 0)
        self.w2 -= RATE * hidden.T @ p
        self.b2 -= RATE * p.sum(axis=0)
        self.w1 -= RATE * x.T @ back
        self.b1 -= RATE * back.sum(axis=0)

    def accuracy(self, x: np.ndarray, y: np.ndarray) -> float:
        """Share of rows whose likeliest answer is right, 0..1."""
        hidden = np.maximum(x @ self.w1 + self.b1, 0)
        return float(((hidden @ self.w2 + self.b2).argmax(axis=1) == y).mean())
