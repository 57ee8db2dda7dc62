"""Packing, PS-KD and ThinkTuning, trained for real on the tiny base."""

import json

import pytest

from classwright.distill.base import load_model, load_tokenizer
from classwright.distill.masks import encode
from classwright.distill.rows import Message
from classwright.distill.schedule import packs
from classwright.distill.train import train
from classwright.distill.train_log import read_log
from classwright.distill.train_pskd import epochs_done
from classwright.distill.train_sft import Tokens, _Padded, rounded, weighted_loss
from classwright.distill.train_thinktuning import comment, hint_of
from tests.distill.test_train import in_a_process_that_kills_itself, killing, losses, settings, weights
from tests.distill.tiny_base import add_row, tiny_data

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tiny_data(tmp_path_factory.mktemp("tiny") / "data", exam=False)


def test_rows_go_to_the_first_open_sequence_with_room():
    assert packs([5, 4, 3, 6, 2], 10) == [[0, 1], [2, 3], [4]]
    assert packs([9, 9, 1, 1], 10) == [[0, 2], [1, 3]]
    assert packs([9, 9, 1, 1], 10, open_at_once=1) == [[0], [1, 2], [3]]
    assert packs([], 10) == []


def test_batches_have_few_widths():
    assert [rounded(n) for n in (1, 8, 9, 131, 255, 256, 257, 500, 513)] == [8, 8, 16, 136, 256, 256, 272, 512, 544]
    assert len({rounded(n) for n in range(1, 513)}) == 48
    assert all(n <= rounded(n) <= max(n + 7, n * 17 // 16) for n in range(1, 5000))


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_packed_rows_do_not_see_each_other(base, attention):
    """The loss of four rows in two sequences is the loss of the four rows apart."""
    rows = [add_row(1, 2), add_row(30, 47, weight=2.5), add_row(5, 600), add_row(7, 8)]
    model, tokenizer = load_model(base), load_tokenizer(base)
    model.set_attn_implementation(attention)
    tokens = [Tokens(c.ids, [r.weight * k for k in c.mask]) for r in rows for c in [encode(r, tokenizer)]]
    pad = _Padded(tokenizer.pad_token_id)
    apart = pad([{"input_ids": t.ids, "weights": t.weights} for t in tokens])
    packed = pad([
        {"input_ids": [*a.ids, *b.ids], "weights": [*a.weights, *b.weights],
         "position_ids": [*range(len(a.ids)), *range(len(b.ids))]}
        for a, b in (tokens[:2], tokens[2:])
    ])  # fmt: skip
    assert weighted_loss(model, packed)[0].item() == pytest.approx(weighted_loss(model, apart)[0].item(), rel=1e-5)
    blurred = {**packed, "position_ids": None}
    del blurred["position_ids"]
    assert weighted_loss(model, blurred)[0].item() != pytest.approx(weighted_loss(model, apart)[0].item(), rel=1e-3)


def test_a_packed_training_takes_all_rows_in_fewer_steps(base, data, tmp_path):
    """16 rows of some 30 tokens: in sequences of 128 tokens at most, two of them a step."""
    plain = train(data, settings(base, length=128, batch=2), tmp_path / "plain")
    packed = train(data, settings(base, length=128, batch=2, pack=True, epochs=1), tmp_path / "packed")
    assert plain["steps"] == 8
    assert packed["steps"] < 4
    assert packed["supervised"] == plain["supervised"]
    with pytest.raises(ValueError, match="pack is for sft"):
        settings(base, method="pskd", epochs=2, pack=True)


def test_ps_kd_is_plain_in_its_first_epoch_and_softer_after_it(base, data, tmp_path):
    plain = settings(base, epochs=2, keep_order=True)
    train(data, plain, tmp_path / "sft")
    train(data, plain.model_copy(update={"method": "pskd"}), tmp_path / "pskd")
    sft, soft = losses(tmp_path / "sft"), losses(tmp_path / "pskd")
    assert soft[:4] == sft[:4]
    assert soft[4] > sft[4], "the target is spread over what the model said an epoch ago"
    with pytest.raises(ValueError, match="needs more than one; give --epochs"):
        settings(base, method="pskd")
    assert [epochs_done(step, 8, 2) for step in (0, 3, 4, 7, 8)] == [0, 0, 1, 1, 2]


def test_ps_kd_killed_after_its_first_epoch_gives_the_same_model_to_the_bit(base, data, tmp_path):
    from classwright.distill.train_log import TrainLog

    plan = settings(base, method="pskd", epochs=3, eval_every=3)
    train(data, plan, tmp_path / "whole")
    in_a_process_that_kills_itself(
        killing(TrainLog, "add", lambda log, **line: line["step"] == 8), data, plan, tmp_path / "killed"
    )
    train(data, plan, tmp_path / "killed")
    assert weights(tmp_path / "killed") == weights(tmp_path / "whole")
    assert losses(tmp_path / "killed") == losses(tmp_path / "whole")


def test_a_comment_is_what_the_template_writes_between_two_replies(base):
    tokenizer = load_tokenizer(base)
    asked = add_row(1, 2).messages[:1]
    tail = tokenizer.decode(comment(asked, "ANSWER: 4", "Look again.", tokenizer))
    assert tail == "\n<|im_start|>user\nLook again.<|im_end|>\n<|im_start|>assistant\n"
    worked = add_row(1, 2, messages=(*asked, Message(role="assistant", content="Count on. 1, 2, 3.\nANSWER: 3")))
    assert hint_of(worked) == "Count on."
    assert hint_of(add_row(1, 2)) == ""


@pytest.mark.parametrize("taught", [False, True])
def test_thinktuning_trains_with_feedback_of_code_or_of_a_teacher(base, data, tmp_path, monkeypatch, taught):
    from classwright.distill import train_thinktuning

    rolled = []

    def kept(*args, **more):
        rolled.extend(found := real(*args, **more))
        return found

    real = train_thinktuning.rollouts
    monkeypatch.setattr(train_thinktuning, "rollouts", kept)
    plan = settings(base, method="thinktuning", generations=2, epochs=0.25, teacher=str(base) if taught else None,
                    reply_tokens=12, length=128)  # fmt: skip
    out = tmp_path / "out"
    summary = train(data, plan, out)
    assert summary["state"] == "done"
    assert all("reward" in line for line in read_log(out) if "loss" in line)
    assert len(rolled) >= 4
    assert json.loads((out / "training.json").read_text())["config"]["guided"] == 0.5
