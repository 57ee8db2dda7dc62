import json
import os
import shutil
import signal

import pytest

from classwright.distill import export as export_module
from classwright.distill import train as train_module
from classwright.distill.base import load_model, load_tokenizer
from classwright.distill.checkpoints import last_whole
from classwright.distill.examine import shuffled_replies
from classwright.distill.faults import out_of_memory
from classwright.distill.masks import encode
from classwright.distill.rows import Message, PreferenceRow, write_exam, write_rows
from classwright.distill.schedule import copies, order
from classwright.distill.settings import TrainSettings
from classwright.distill.train import train
from classwright.distill.train_grpo import answer_of, reward
from classwright.distill.train_log import read_log
from classwright.distill.train_sft import _Padded, weighted_loss
from classwright.errors import ClasswrightError, InputError
from tests.distill.tiny_base import add_item, add_row, tiny_base, tiny_data

pytestmark = pytest.mark.filterwarnings("ignore")
KEPT = ("adapter/adapter_model.safetensors", "merged/model.safetensors", "student.gguf", "adapter.gguf")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return tiny_data(tmp_path_factory.mktemp("tiny") / "data")


def settings(base, **changes):
    plain = {"base": str(base), "rank": 4, "batch": 4, "threads": 1, "reply_tokens": 4, "eval_items": 2, "rate": 0.01,
             "precision": "fp32", "length": 64}  # fmt: skip
    return TrainSettings.model_validate(plain | changes)


def weights(out, names=KEPT):
    return {name: (out / name).read_bytes() for name in names}


def last_name(out, *, clean=True):
    last = last_whole(out / "checkpoints", clean=clean)
    return last and last.name


def losses(out):
    return [line["loss"] for line in read_log(out) if "loss" in line]


def batch_of(rows, base):
    tokenizer = load_tokenizer(base)
    chats = [(encode(row, tokenizer), row.weight) for row in rows]
    padded = _Padded(tokenizer.pad_token_id)
    return padded([{"input_ids": c.ids, "weights": [w * kept for kept in c.mask]} for c, w in chats])


def test_the_loss_is_the_weighted_mean_over_supervised_tokens(base):
    import torch

    rows = [add_row(1, 2), add_row(30, 47, weight=2.5), add_row(5, 600, weight=0.25)]
    model, inputs = load_model(base), batch_of(rows, base)
    with torch.no_grad():
        logits = model(input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"]).logits.double()
    total = counted = 0.0
    for r, row in enumerate(rows):
        chat = encode(row, load_tokenizer(base))
        for place, kept in enumerate(chat.mask):
            if kept:
                total -= row.weight * logits[r, place - 1].log_softmax(-1)[chat.ids[place]].item()
                counted += row.weight
    assert weighted_loss(model, inputs)[0].item() == pytest.approx(total / counted, rel=1e-5)


def test_a_row_of_weight_two_counts_as_two_rows(base):
    model = load_model(base)
    heavy = weighted_loss(model, batch_of([add_row(1, 2, weight=2), add_row(30, 40)], base))[0]
    twice = weighted_loss(model, batch_of([add_row(1, 2), add_row(1, 2), add_row(30, 40)], base))[0]
    assert heavy.item() == pytest.approx(twice.item(), rel=1e-6)


def test_loss_and_weights_do_not_depend_on_the_micro_batches(base, tmp_path):
    """Replies of 2 to 9 tokens and weights that differ: a mean of the micro-batches' means would be another number."""
    import torch
    from safetensors.torch import load_file

    rows = [add_row(1, 2), add_row(7, 99999, weight=3), add_row(5, 6, weight=0.5), add_row(123456, 7)]
    data = tiny_data(tmp_path / "data", rows, exam=False)
    outs = {}
    for micro in (4, 2, 1):
        outs[micro] = tmp_path / f"micro{micro}"
        train(data, settings(base, micro=micro, epochs=2, rate=1e-3), outs[micro])
    first = weighted_loss(load_model(base), batch_of(rows, base))[0].item()
    for micro, out in outs.items():
        assert losses(out)[0] == pytest.approx(first, rel=1e-5), micro
        assert losses(out) == pytest.approx(losses(outs[4]), rel=1e-5)
        ours, whole = (load_file(o / KEPT[0]) for o in (out, outs[4]))
        assert all(torch.allclose(ours[name], whole[name], atol=2e-5) for name in whole)


def in_a_process_that_kills_itself(patch, *arguments):
    """Run a training in a forked process that `patch` has prepared to end itself with kill -9 somewhere."""
    child = os.fork()
    if child == 0:
        try:
            patch()
            train(*arguments)
        finally:
            os._exit(7)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it ended by itself"
    assert os.WTERMSIG(status) == signal.SIGKILL


def killing(where, name, when=lambda *a, **k: True):
    """A patch: the named function of a module kills the process, before it does anything, the first time `when` holds."""

    def patch():
        real = getattr(where, name)

        def deadly(*args, **kwargs):
            if when(*args, **kwargs):
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        setattr(where, name, deadly)

    return patch


def test_a_training_killed_everywhere_gives_the_same_model_to_the_bit(base, data, tmp_path):
    from classwright.distill import watch
    from classwright.distill.train_log import TrainLog

    plan = settings(base, epochs=2, eval_every=3)
    whole = tmp_path / "whole"
    summary = train(data, plan, whole)
    assert summary["steps"] == 8

    out = tmp_path / "killed"
    at = lambda step: lambda log, **line: line["step"] == step  # noqa: E731
    in_a_process_that_kills_itself(killing(TrainLog, "add", at(2)), data, plan, out)  # before any checkpoint
    in_a_process_that_kills_itself(killing(TrainLog, "add", at(5)), data, plan, out)  # between two
    assert last_name(out) == "checkpoint-3"
    evaluated = killing(watch, "examine", lambda *a, **k: (out / "checkpoints" / "checkpoint-3").exists())
    in_a_process_that_kills_itself(evaluated, data, plan, out)  # in generation, at step 6
    half = killing(watch, "mark_whole", lambda path: path.name == "checkpoint-6")
    in_a_process_that_kills_itself(half, data, plan, out)  # a checkpoint is written, but not marked whole
    assert last_name(out, clean=False) == "checkpoint-3"
    in_a_process_that_kills_itself(killing(export_module, "adapter_to_gguf"), data, plan, out)  # in the export
    assert json.loads((out / "training.json").read_text())["state"] == "trained"
    assert not (out / "student.gguf").exists(), "an export is put in place whole"
    assert last_name(out) == "checkpoint-8"
    in_a_process_that_kills_itself(killing(train_module, "examine"), data, plan, out)  # in the exam at the end
    assert json.loads((out / "training.json").read_text())["state"] == "exported"
    again = train(data, plan, out)

    assert weights(out) == weights(whole)
    assert losses(out) == losses(whole)
    assert [e["accuracy"] for e in read_log(out) if "accuracy" in e] == [
        e["accuracy"] for e in read_log(whole) if "accuracy" in e
    ]
    assert again["exam"] == summary["exam"]
    assert not (out / "checkpoints").exists()
    assert not (out / ".export").exists()

    changed = (out / "student.gguf").stat().st_mtime_ns
    assert train(data, plan, out) == again, "a training that is done is not done again"
    assert (out / "student.gguf").stat().st_mtime_ns == changed
    with pytest.raises(InputError, match=r"holds a training with rate 0.01 instead of 0.02; name another --out"):
        train(data, plan.model_copy(update={"rate": 0.02}), out)


def test_a_model_learns_what_the_data_says_and_nothing_from_shuffled_replies(base, tmp_path):
    """The negative control: equal rows, but each reply stands under another question."""
    rows = [add_row(a, b) for a, b in [(1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 3)]]  # six different sums
    exam = [add_item(a, b) for a, b in [(1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 3)]]
    right = {}
    for name, learned in (("real", rows), ("control", shuffled_replies(rows))):
        folder = tmp_path / name
        write_rows(folder / "train.jsonl", learned)
        write_exam(folder / "exam.jsonl", exam)
        plan = settings(base, rank=0, rate=0.01, epochs=60, batch=6, eval_items=6, eval_every=60, reply_tokens=8)
        summary = train(folder, plan, tmp_path / f"out-{name}")
        right[name] = summary["validation"]
        curve = [line["accuracy"] for line in read_log(tmp_path / f"out-{name}") if "accuracy" in line]
        assert curve[0] == 0
    assert right == {"real": [6, 6], "control": [0, 6]}
    assert json.loads((tmp_path / "out-real" / "training.json").read_text())["curves"][-2]["accuracy"] == {
        "held_out": 1.0
    }


def test_training_stops_when_nothing_gets_better(base, data, tmp_path):
    summary = train(data, settings(base, rate=1e-9, epochs=5, eval_every=2, patience=2), tmp_path / "out")
    assert (summary["steps"], summary["stopped_early"]) == (4, True)
    assert summary["best"]["step"] == 4


def test_a_loss_that_is_no_number_stops_and_keeps_the_last_good_checkpoint(base, data, tmp_path):
    import torch
    from safetensors.torch import load_file

    out = tmp_path / "out"
    with pytest.raises(
        ClasswrightError, match=r"the loss is no number after step \d+; .* lower --lr than 1e\+30"
    ) as error:
        train(data, settings(base, rate=1e30, epochs=5, eval_every=1), out)
    assert error.value.exit_code == 1
    kept = load_file(out / "checkpoints" / str(last_name(out)) / "adapter_model.safetensors")
    assert all(torch.isfinite(values).all() for values in kept.values())


@pytest.mark.parametrize("ask", [lambda torch: torch.empty(10**15), lambda torch: (_ for _ in ()).throw(MemoryError())])
def test_memory_that_runs_out_names_what_to_try(base, ask):
    import torch

    with pytest.raises((RuntimeError, MemoryError)) as error:
        next(iter(ask(torch)))
    assert "with 6 rows of up to 64 tokens at a time; try --micro 3" in str(
        out_of_memory(error.value, settings(base, batch=6))
    )
    assert "try --length 32, or a smaller --lora-rank" in str(out_of_memory(error.value, settings(base, batch=1)))
    assert "try --length 32, or an adapter" in str(out_of_memory(error.value, settings(base, batch=1, rank=0)))
    assert out_of_memory(RuntimeError("shapes differ"), settings(base)) is None


def test_a_merged_model_that_says_something_else_is_not_exported(base, data, tmp_path, monkeypatch):
    def spoiled(folder, *args):
        import torch

        model = load_model(folder, *args)
        if "merged" in str(folder):
            with torch.no_grad():
                model.model.layers[0].mlp.up_proj.weight.mul_(-3)
        return model

    monkeypatch.setattr(export_module, "load_model", spoiled)
    with pytest.raises(ClasswrightError, match=r"agreement 0\.\d\d\d, wanted 0.99\); not exported"):
        train(data, settings(base), tmp_path / "out")
    assert not (tmp_path / "out" / "merged").exists()


def test_dpo_begins_at_the_logarithm_of_two_and_learns_to_prefer(base, tmp_path):
    asked = (Message(role="user", content="1 + 2"),)
    rows = [PreferenceRow(id=f"p{n}", prompt=asked, chosen=f"ANSWER: {n}", rejected=f"I say {n}") for n in range(8)]
    write_rows(tmp_path / "data" / "train.jsonl", rows)
    plan = settings(base, method="dpo", loss="sigmoid_norm", epochs=4)
    summary = train(tmp_path / "data", plan, tmp_path / "out")
    assert summary["files"] == ["adapter", "adapter.gguf", "merged", "student.gguf"]
    assert losses(tmp_path / "out")[0] == pytest.approx(0.693147, abs=1e-5)
    lines = [line for line in read_log(tmp_path / "out") if "loss" in line]
    assert lines[-1]["margin"] > lines[0]["margin"] == 0
    with pytest.raises(InputError, match="preference pairs, which only dpo learns from"):
        train(tmp_path / "data", settings(base), tmp_path / "other")


@pytest.mark.parametrize("method", ["on-policy", "gkd"])
def test_a_student_that_is_its_teacher_has_nothing_to_learn(base, data, tmp_path, method):
    """Zero divergence at the first step, and above zero from a teacher that says something else."""
    plan = settings(base, method=method, teacher=str(base), epochs=0.25)
    train(data, plan, tmp_path / "same")
    assert losses(tmp_path / "same")[0] == pytest.approx(0, abs=1e-5)
    teacher = tiny_base(tmp_path / "teacher", seed=9)
    train(data, plan.model_copy(update={"teacher": str(teacher)}), tmp_path / "other")
    assert losses(tmp_path / "other")[0] > 0.01


def test_a_teacher_of_other_words_or_another_vocabulary_is_refused(base, data, tmp_path):
    wide = tiny_base(tmp_path / "wide", vocabulary=120)
    with pytest.raises(InputError, match="wide: vocabulary mismatch: .* over 120 tokens, the student's over 105"):
        train(data, settings(base, method="on-policy", teacher=str(wide)), tmp_path / "a")
    other = shutil.copytree(base, tmp_path / "other")
    text = (other / "tokenizer.json").read_text().replace('"ANSWER":', '"answer":').replace('"ANSW",', '"ANSW" ,')
    text = text.replace('[\n        "ANSW" ,\n        "ER"\n      ]', '["a", "b"]')
    merges = json.loads(text)
    merges["model"]["merges"] = [m for m in merges["model"]["merges"] if m not in (["a", "b"], ["ANSW", "ER"])]
    (other / "tokenizer.json").write_text(json.dumps(merges))
    with pytest.raises(InputError, match="mixed tokenizers: 1 of its 105 tokens are others"):
        train(data, settings(base, method="gkd", teacher=str(other)), tmp_path / "b")


def test_grpo_rewards_graded_answers_and_leaves_out_rows_without_one(base, tmp_path):
    wordy = add_row(1, 1, id="w", messages=(add_row(1, 1).messages[0], Message(role="assistant", content="No idea.")))
    assert answer_of(add_row(3, 4)) == "7"
    assert answer_of(wordy) is None
    asked = [[{"role": "assistant", "content": text}] for text in ("3 + 4 = 7. ANSWER: 7", "ANSWER: 8", "hm")]
    assert reward(asked, ["7", "7", "7"]) == [1.0, 0.0, 0.0]
    data = tiny_data(tmp_path / "data", [add_row(3, 4), add_row(1, 3), wordy])
    summary = train(data, settings(base, method="grpo", generations=2), tmp_path / "out")
    assert (summary["left_out"], summary["rows"]) == (1, 3)
    assert all("reward" in line for line in read_log(tmp_path / "out") if "loss" in line)


def test_a_dataset_that_cannot_be_trained_on_is_one_line(base, data, tmp_path):
    (tmp_path / "empty").mkdir()
    cases = [
        (tmp_path / "empty", {}, "holds no train.jsonl; make a dataset with `classwright distill data`"),
        (tiny_data(tmp_path / "zero", [add_row(1, 2, weight=0)]), {}, "no usable rows, all have weight 0"),
        (data, {"length": 20}, r"rows are longer than 20 tokens \(the longest: \d+\).*take --length \d+"),
        (data, {"method": "dpo"}, "supervised rows, which dpo cannot learn from"),
    ]
    for folder, changes, words in cases:
        with pytest.raises(InputError, match=words):
            train(folder, settings(base, **changes), tmp_path / "out" / folder.name / words[:5])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"micro": 3}, "micro 3 is no divisor of batch 4"),
        ({"method": "gkd"}, "learns from a teacher; name one with --teacher"),
        ({"teacher": "x"}, "has no teacher"),
        ({"method": "grpo", "generations": 3}, "generations 3 is no divisor"),
        ({"method": "thinktuning", "teacher": "x", "guided": 0.1}, "of 4 replies to a prompt is none"),
        ({"reply_tokens": 64}, "leaves no room for a prompt"),
        ({"adapter": "x", "rank": 0}, "merge it, and name it as --base"),
    ],
)
def test_settings_that_do_not_fit_together(base, changes, words):
    with pytest.raises(ValueError, match=words):
        settings(base, **changes)


def test_every_epoch_goes_through_all_rows_in_batches_of_like_length():
    lengths = [n % 40 for n in range(640)]
    rows = order(lengths, 2, 8, seed=3)
    assert sorted(rows) == sorted([*range(640), *range(640)])
    assert rows == order(lengths, 2, 8, seed=3) != order(lengths, 2, 8, seed=4)
    padded = sum(8 * max(lengths[i] for i in rows[k : k + 8]) for k in range(0, 1280, 8))
    assert sum(lengths) * 2 / padded > 0.9, "hardly any padding"
    assert len(order(lengths, 0.25, 8, seed=3)) == 160


def test_rows_are_drawn_by_weight():
    drawn = copies([2.0, 0.5, 0.0] * 1000, seed=1)
    counts = [sum(i % 3 == kind for i in drawn) for kind in range(3)]
    assert counts[0] == 2000
    assert abs(counts[1] - 500) < 4 * (1000 * 0.25) ** 0.5
    assert counts[2] == 0


def test_rows_stand_in_the_order_of_the_data_where_that_is_asked(base, tmp_path):
    easy, hard = [add_row(1, b) for b in range(4)], [add_row(123456, b, id=f"h{b}") for b in range(4)]
    data = tiny_data(tmp_path / "data", easy + hard, exam=False)
    train(data, settings(base, keep_order=True, rate=1e-9), tmp_path / "out")
    model = load_model(base)
    expected = [weighted_loss(model, batch_of(rows, base))[0].item() for rows in (easy, hard)]
    assert losses(tmp_path / "out") == pytest.approx(expected, rel=1e-4)


def test_an_adapter_on_a_bfloat16_base_is_trained_in_float32(base, data, tmp_path):
    from safetensors.torch import load_file

    out = tmp_path / "out"
    summary = train(data, settings(base, precision="bf16", epochs=2), out)
    assert {str(values.dtype) for values in load_file(out / KEPT[0]).values()} == {"torch.float32"}
    assert {str(values.dtype) for values in load_file(out / KEPT[1]).values()} == {"torch.float32"}
    assert losses(out)[-1] < losses(out)[0]
    assert summary["agreement"] >= 0.99


def test_a_training_goes_on_from_an_adapter(base, data, tmp_path):
    train(data, settings(base), tmp_path / "first")
    plan = settings(base, adapter=str(tmp_path / "first" / "adapter"), rate=1e-9, epochs=2)
    train(data, plan, tmp_path / "second")
    assert losses(tmp_path / "second")[0] < losses(tmp_path / "first")[0]
    assert weights(tmp_path / "second", KEPT[:1]) != weights(tmp_path / "first", KEPT[:1])


@pytest.mark.parametrize("name", ["ddp", "fsdp"])
def test_the_settings_for_several_gpus_are_read_by_accelerate(name):
    from importlib.resources import files

    from accelerate.commands.config.config_args import ClusterConfig

    config = ClusterConfig.from_yaml_file(str(files("classwright.runs") / f"accelerate-{name}.yaml"))
    assert str(config.distributed_type).endswith({"ddp": "MULTI_GPU", "fsdp": "FSDP"}[name])


def test_the_command_line_trains_and_says_what_does_not_fit(base, data, tmp_path, capsys):
    from classwright.cli.main import run

    shared = ["distill", "train", str(data), "--base", str(base), "--out", str(tmp_path / "out")]
    options = [
        "--lora-rank",
        "2",
        "--batch",
        "4",
        "--threads",
        "1",
        "--reply-tokens",
        "4",
        "--eval-items",
        "2",
        "--json",
    ]
    assert run([*shared, *options, "--length", "64"]) == 0
    printed, said = capsys.readouterr()
    summary = json.loads(printed)
    assert (summary["state"], summary["steps"]) == ("done", 4)
    assert "⟦ANSWER: " in said, "one decoded sample with what is trained"
    assert run([*shared, "--method", "gkd", "--quiet"]) == 2
    assert "gkd learns from a teacher; name one with --teacher" in capsys.readouterr().err
    exam = ["distill", "examine", str(tmp_path / "out"), str(data), "--reply-tokens", "4", "--threads", "1", "--json"]
    assert run(exam) == 0
    assert json.loads(capsys.readouterr().out)["exam"].keys() == {"held_out", "longer"}
