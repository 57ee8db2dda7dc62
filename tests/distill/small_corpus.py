"""A small dataset of the corpus: real pairs of a few skills, split and written as `distill data --task corpus` does."""

from itertools import islice
from pathlib import Path

import pytest

from classwright.corpus.analogies import analogy_pairs
from classwright.corpus.dialogue_pairs import dialogue_pairs
from classwright.corpus.lesson_pairs import lesson_pairs
from classwright.corpus.optimizer_pairs import optimizer_pairs
from classwright.distill import corpus_rows
from classwright.distill.candidates import DataRequest
from classwright.distill.data import build
from classwright.skilltree.tree import default_tree

TREE = default_tree()
SKILLS = list(TREE)[::40]


def make_small_corpus(folder: Path) -> Path:
    """A dataset with rows of every kind of agent."""
    lessons = list(lesson_pairs(TREE, seed=1, per_skill=2, skills=SKILLS))
    choices = list(optimizer_pairs(TREE, seed=1, per_skill=2, skills=SKILLS))
    ideas = list(analogy_pairs(TREE, seed=1, per_skill=1))[:12]
    talks = list(islice(dialogue_pairs(TREE, seed=1, rounds=1), 500))
    voices = [p for p in dialogue_pairs(TREE, seed=1, rounds=0) if p.task == "student_says"][:60]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus_rows, "lesson_pairs", lambda tree, *, seed: iter(lessons))
        patch.setattr(corpus_rows, "analogy_pairs", lambda tree, *, seed: iter(ideas))
        patch.setattr(corpus_rows, "optimizer_pairs", lambda tree, *, seed: iter(choices))
        patch.setattr(corpus_rows, "dialogue_pairs", lambda tree, *, seed: iter([*talks, *voices]))
        build(DataRequest(task="corpus", held_out=0.4, seed=1), [], folder, progress=lambda *_: None)
    return folder
