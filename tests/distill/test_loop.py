import json

import pytest

from classwright.distill.base import load_tokenizer
from classwright.distill.examine import Marked
from classwright.distill.loop import loop
from classwright.distill.loop_rows import round_rows
from classwright.distill.loop_settings import LoopSettings
from classwright.distill.masks import encode
from classwright.distill.rationales import make_rationales
from classwright.distill.settings import TrainSettings
from classwright.errors import InputError
from classwright.skilltree.tree import default_tree

pytestmark = pytest.mark.filterwarnings("ignore")
TREE = default_tree()
SKILLS = ("whole.add_2digit", "whole.subtract_2digit", "counting.add_within_20")


def quiet(*_):
    pass


def asked(base, **changes):
    training = TrainSettings(rank=2, batch=4, threads=1, reply_tokens=4, eval_items=0, precision="fp32")
    plain = {"base": str(base), "skills": SKILLS, "tokens": 1200, "pool": 10, "items": 5, "seeds": (1,),
             "training": training}  # fmt: skip
    return LoopSettings.model_validate(plain | changes)


def answers(made, right_skills):
    return [
        Marked(id=i.id, skill=i.skill, kind=i.kind, right=i.skill in right_skills, answer=i.answer, reply="")
        for i in made.exam if i.kind == "held_out"
    ]  # fmt: skip


@pytest.mark.parametrize("arm", ["sel", "syn", "uniform", "nearest", "random"])
def test_every_arm_gets_as_many_tokens_and_those_that_target_teach_what_is_missing(base, arm):
    settings = asked(base, pool=40, tokens=4000)
    made = make_rationales(SKILLS, 120, 0, TREE, (2,), exam=30)
    tokenizer = load_tokenizer(base)

    def size(row):
        return len(encode(row, tokenizer).ids)

    rows = round_rows(settings, TREE, made, answers(made, SKILLS[1:]), arm, size, 1, 1)
    spent = sum(map(size, rows))
    assert 4000 - max(map(size, rows)) < spent <= 4000
    share = sum(size(r) for r in rows if r.skill == SKILLS[0]) / spent
    if arm in ("sel", "syn"):
        assert share == 1
    elif arm in ("uniform", "random"):
        assert 0.15 < share < 0.55
    exam = {i.messages[-1].content for i in made.exam}
    assert not exam & {r.messages[-2].content for r in rows}
    assert rows == round_rows(settings, TREE, made, answers(made, SKILLS[1:]), arm, size, 1, 1)


def test_a_loop_runs_is_resumed_and_says_nothing_that_was_not_shown(base, tmp_path):
    out, said = tmp_path / "loop", []
    settings = asked(base, arms=("sel", "uniform"))
    first = loop(settings, TREE, out, quiet, said.append)
    assert [a.arm for a in first.arms] == ["sel", "uniform"]
    assert all(len(a.lacking) == 2 and 0 < a.tokens <= 1200 for a in first.arms)
    assert first.lacking == [s.skill for s in first.profile]
    assert first.effects[0].control == "uniform"
    assert not first.effects[0].shown
    assert said[0].startswith("lacks most: ")
    stored = (out / "loop.json").read_bytes()
    answers = out / "seed-1" / "sel" / "round-1" / "test.json"
    marks = answers.read_bytes()
    answers.unlink()  # as a kill between training and test would leave it
    assert loop(settings, TREE, out, quiet, said.append) == first
    assert ((out / "loop.json").read_bytes(), answers.read_bytes()) == (stored, marks)
    with pytest.raises(InputError, match="holds a loop with other settings"):
        loop(asked(base, arms=("sel", "uniform"), tokens=1300), TREE, out, quiet, said.append)
    assert json.loads(stored)["settings"]["tokens"] == 1200


def test_a_round_goes_on_from_the_adapter_before_it_shrunk_and_perturbed(base, tmp_path):
    from safetensors.torch import load_file

    name = "adapter_model.safetensors"
    loop(asked(base, arms=("uniform",), rounds=2, shrink=0.5, noise=0.1), TREE, tmp_path, quiet, quiet)
    rounds = tmp_path / "seed-1" / "uniform"
    before, start = load_file(rounds / "round-1/student/adapter" / name), load_file(rounds / "round-2/start" / name)
    for key, old in before.items():
        new = start[key]
        if "lora_A" in key:
            assert (new == old).all()
        else:
            assert (new - 0.5 * old).std() == pytest.approx(0.1 * old.std(), rel=0.5)
    record = json.loads((rounds / "round-2/student/training.json").read_text())
    assert record["config"]["adapter"] == str(rounds / "round-2/start")
    assert record["config"]["base"] == str(base)
    with pytest.raises(ValueError, match="are for an adapter's delta"):
        asked(base, shrink=0.5, training=TrainSettings(rank=0))
