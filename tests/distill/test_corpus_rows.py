"""Our own texts as a training set: candidates, what is held out, and the options that have no use for it."""

import json
from collections import Counter

import pytest

from classwright.corpus.pair import Pair
from classwright.distill import corpus_rows
from classwright.distill.candidates import OWN, DataRequest
from classwright.distill.corpus_rows import as_candidates
from classwright.distill.data import build
from classwright.distill.licences import checked_licence
from classwright.distill.rows import Row, read_card, read_rows
from classwright.distill.selection import held_apart, split
from classwright.errors import InputError

PROMPT = [{"role": "system", "content": "Write."}]


def pairs():
    """600 pairs over 12 skills, 2 tasks, 10 interests, 6 misconceptions and 25 patterns a task."""
    for n in range(600):
        task = ("hook", "note")[n % 2]
        prompt = [*PROMPT, {"role": "user", "content": f"{task} {n}"}]
        wrong, liked = (f"m{n % 6}", "") if task == "note" else ("", f"i{n % 10}")
        yield Pair(
            task,
            prompt,
            f"text number {n} in words {'abcdefghij'[n % 10] * (n % 37 + 1)}",
            f"s{n % 12}",
            f"p{n // 2 % 25}",
            wrong,
            liked,
        )


@pytest.fixture
def candidates():
    return list(as_candidates(pairs()))


def test_a_pair_becomes_a_row_that_trains_its_text_alone(candidates):
    c = candidates[3]
    assert isinstance(c.row, Row)
    assert c.row.messages[-1].content == c.row.messages[c.row.trained[0]].content
    assert (c.row.family, c.row.skill, c.teacher) == ("s3/note", "s3", (OWN,))
    assert dict(c.apart) == {"pattern note": "p1", "misconception": "m3"}
    assert len({c.row.id for c in candidates}) == len(candidates)


def test_an_example_in_the_prompt_is_not_trained():
    few = [
        *PROMPT,
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "user", "content": "c"},
    ]
    [c] = as_candidates([Pair("hook", few, "d", "s", "p")])
    assert isinstance(c.row, Row)
    assert [c.row.messages[i].content for i in c.row.trained] == ["d"]


def test_held_interests_misconceptions_and_patterns_are_in_no_row_to_train_on(candidates):
    train, held = split(candidates, Counter(), 0.2, (), 5)
    apart = held_apart(candidates, 0.2, 5)
    assert {kind for kind, _ in apart} == {"interest", "misconception", "pattern hook", "pattern note"}
    assert not [c for c in train if apart & set(c.apart)]
    families = {c.row.family for c in train}
    assert all(apart & set(c.apart) or c.row.family not in families for c in held)
    assert len(train) + len(held) == len(candidates)


def test_nothing_is_held_apart_without_a_share(candidates):
    assert held_apart(candidates, 0, 5) == set()


def test_one_value_of_a_kind_stays_in_training(candidates):
    values = {v for k, v in held_apart(candidates, 0.99, 5) if k == "interest"}
    assert 0 < len(values) < 10


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(corpus_rows, "lesson_pairs", lambda tree, *, seed: pairs())
    monkeypatch.setattr(corpus_rows, "analogy_pairs", lambda tree, *, seed: iter(()))
    monkeypatch.setattr(corpus_rows, "optimizer_pairs", lambda tree, *, seed: iter(()))
    monkeypatch.setattr(corpus_rows, "dialogue_pairs", lambda tree, *, seed: iter(()))


def made(out, **options):
    return build(DataRequest(task="corpus", **options), [], out, progress=lambda *_: None)


def test_a_dataset_with_its_card(small, tmp_path):
    summary = made(tmp_path, held_out=0.2, hold_skills=("s4",))
    card = read_card(tmp_path)
    assert (card.task, card.teacher, card.licence, card.sources) == ("corpus", OWN, "Apache-2.0", ("corpus",))
    train, held = read_rows(tmp_path / "train.jsonl"), read_rows(tmp_path / "held_out.jsonl")
    assert summary["train"] == len(train)
    assert "s4" not in {r.skill for r in train}
    assert "s4" in {r.skill for r in held}
    assert card.counts["held-out interest"]
    assert not (tmp_path / "exam.jsonl").exists()


def test_the_same_seed_gives_the_same_files(small, tmp_path):
    for name in ("a", "b"):
        made(tmp_path / name, seed=7)
    for file in ("train.jsonl", "held_out.jsonl"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize("options", [{"pairs": True}, {"form": "chat"}, {"n": 5}, {"hard": 0.5}, {"least_score": 0.1}])
def test_an_option_that_would_be_ignored_is_an_error(small, tmp_path, options):
    with pytest.raises(InputError, match="--"):
        made(tmp_path, **options)


def test_a_run_is_no_part_of_the_corpus(tmp_path):
    with pytest.raises(InputError, match="name no run"):
        build(DataRequest(task="corpus"), ["some-run"], tmp_path, progress=lambda *_: None)


def test_the_licence_of_our_texts_is_the_repositorys():
    from importlib.resources import files

    assert checked_licence([OWN]) == "Apache-2.0"
    assert "Apache-2.0" in files("classwright.corpus").joinpath("README.md").read_text(encoding="utf-8")


def test_the_rows_can_be_read_again(candidates):
    assert json.loads(candidates[0].row.model_dump_json())["source"] == "corpus"
