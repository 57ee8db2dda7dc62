"""An adapter by its recipe, with a tiny base: stages, resume, the same again, what is refused."""

import json
import os
from hashlib import sha256

import pytest

from classwright.distill import make as stages
from classwright.distill.adapter_recipe import AdapterRecipe, load_adapter_recipe
from classwright.distill.make import make
from classwright.distill.rows import read_card, read_exam, read_rows
from classwright.errors import InputError
from classwright.models.scripted import ScriptedModel
from classwright.models.shipped import AdapterCard
from classwright.prompts import prompt_hashes
from classwright.skilltree.tree import default_tree
from tests.distill.small_corpus import make_small_corpus

SKILLS = ["whole.add_2digit", "whole.subtract_2digit", "whole.multiply_facts"]
TRAIN = {"rank": 2, "length": 4000, "batch": 4, "eval_items": 2, "reply_tokens": 8, "threads": 1, "eval_every": 4}
STUDENT = {
    "name": "small-student", "tasks": ["student_persona", "student_exam"], "tokens": 30_000, "per_kind": 3,
    "dialogues": {"skills": SKILLS, "n": 60, "tests": 2, "turns": 3, "words": "code"},
    "data": {"task": "student", "held_out": 0.1, "filters": []},
}  # fmt: skip


def student(base, **changes) -> AdapterRecipe:
    return AdapterRecipe.model_validate(STUDENT | {"train": TRAIN | {"base": str(base)}} | changes)


def test_a_student_from_dialogues_to_card_and_again_the_same(base, tmp_path):
    said: list[str] = []
    card = make(student(base), tmp_path / "one", say=said.append)
    assert AdapterCard.model_validate(card).tasks == ("student_persona", "student_exam")
    out = tmp_path / "one"
    file = out / "small-student.gguf"
    assert card["sha256"] == sha256(file.read_bytes()).hexdigest()
    assert card["size"] == file.stat().st_size
    assert json.loads((out / "small-student.json").read_text()) == card

    assert sum(card["data"]["tokens"].values()) <= 30_000
    rows = read_rows(out / "chosen" / "train.jsonl")
    assert 0 < len(rows) < len(read_rows(out / "data" / "train.jsonl"))
    assert {row.task for row in rows} == {"student_persona", "student_exam"} == set(card["data"]["rows"])
    assert read_card(out / "chosen").counts["chosen"] == card["data"]["rows"]
    assert any(line.startswith("task") for line in said)

    asked = len(read_exam(out / "chosen" / "exam.jsonl"))
    assert 0 < asked <= 6
    for who in ("base", "small-student"):
        assert sum(items for _, items in card["evaluation"][who].values()) == asked

    again = make(student(base), tmp_path / "two")
    assert again["sha256"] == card["sha256"]
    assert again["evaluation"] == card["evaluation"]


@pytest.mark.parametrize("stage", ["_chosen", "_gguf", "_evaluation", "_card"])
def test_what_is_done_is_not_done_again_after_a_stop(base, tmp_path, monkeypatch, stage):
    class StopError(Exception):
        pass

    def stop(*args, **more):
        raise StopError

    with monkeypatch.context() as patch:
        patch.setattr(stages, stage, stop)
        with pytest.raises(StopError):
            make(student(base), tmp_path)
    kept = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.jsonl")}
    if stage == "_chosen":
        assert (tmp_path / "data" / "card.json").is_file()
    card = make(student(base), tmp_path)
    assert kept == {p: p.stat().st_mtime_ns for p in kept}
    assert make(student(base), tmp_path) == card


def test_a_folder_of_another_recipe_is_refused(base, tmp_path):
    (tmp_path / "recipe.json").write_text(student(base, tokens=40_000).model_dump_json())
    with pytest.raises(InputError, match="holds the work of another recipe"):
        make(student(base), tmp_path)


def test_the_corpus_is_chosen_from_trained_on_and_examined(base, tmp_path):
    os.makedirs(tmp_path / "out")
    make_small_corpus(tmp_path / "out" / "data")
    recipe = AdapterRecipe.model_validate({
        "name": "small-tutor", "tasks": ["hook", "note"], "tokens": 25_000, "data": {"task": "corpus"}, "per_task": 2,
        "train": TRAIN | {"base": str(base)},
    })  # fmt: skip
    card = make(recipe, tmp_path / "out", endpoint=ScriptedModel(lambda body: "Let us begin."))
    assert set(card["data"]["rows"]) >= {"hook", "talk", "tutor_socratic"}
    assert card["evaluation"]["total"]["accepted"]["of"] > 5
    assert set(card["data"]["prompts"]) <= set(prompt_hashes())


@pytest.mark.parametrize("name", ["embedded-tutor", "embedded-student"])
def test_the_recipes_that_come_along_fit_the_program(name):
    recipe = load_adapter_recipe(name)
    assert recipe.name == name
    assert set(recipe.tasks) <= set(prompt_hashes())
    assert set(recipe.weights) <= set(recipe.tasks)
    assert all(skill in default_tree() for skill in recipe.data.hold_skills)
    assert recipe.tokens <= 2_200_000, "two cores read 400 tokens a second: more is not done in two hours"


@pytest.mark.parametrize(("changes", "words"), [
    ({"data": {"task": "corpus"}}, "the corpus needs no dialogues"),
    ({"dialogues": None}, "every other data is made of"),
    ({"dialogues": {"skills": SKILLS, "words": "model"}}, "words = \"code\""),
    ({"train": {"rank": 0}}, "sft with a rank"),
    ({"weights": {"student_exam": 0}}, "weights.student_exam: should be above 0"),
    ({"tokns": 3}, "tokns"),
])  # fmt: skip
def test_a_recipe_that_does_not_fit_together_is_refused(base, changes, words):
    with pytest.raises(ValueError, match=words):
        student(base, **changes)
