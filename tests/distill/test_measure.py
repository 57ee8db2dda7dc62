"""Measurements that need the models, on tiny ones."""

import json
from pathlib import Path

import pytest

from classwright.cli.main import run
from classwright.distill.base import load_model, load_tokenizer
from classwright.distill.masks import encode
from classwright.distill.measure import Speaker, measure, on_replies, reply_likelihood, retain_curve
from classwright.distill.report import report
from classwright.distill.rows import Row, read_rows
from classwright.errors import InputError
from tests.distill.tiny_base import add_row, tiny_base, tiny_data

TEXTS = ["The sun rises in the east.", "Water boils.", "Two and two."]


def silent(label: str, done: int, total: int) -> None: ...


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    import torch

    monkeypatch.setenv("CLASSWRIGHT_THREADS", "1")
    torch.set_num_threads(1)


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A directory as training leaves it: base of seed 0, student of seed 1, its answers to the exam."""
    data, base, out = tiny_data(tmp_path / "data"), tiny_base(tmp_path / "base"), tmp_path / "out"
    tiny_base(out / "merged", seed=1)
    exam = [json.loads(line) for line in (data / "exam.jsonl").read_text().splitlines()]
    marks = [
        {"id": i["id"], "skill": "add", "kind": i["kind"], "answer": i["answer"], "right": n < 2,
         "reply": f"I add them. ANSWER: {i['answer'] if n < 2 else 99}"}
        for n, i in enumerate(exam)
    ]  # fmt: skip
    (out / "exam.after.json").write_text(json.dumps({"rows": marks}))
    (out / "training.json").write_text(json.dumps({"config": {"base": str(base), "data": str(data)}}))
    return out


def test_all_of_it_reaches_the_report(trained):
    teacher = str(tiny_base(trained.parent / "teacher", seed=2))
    written, notes = measure(trained, texts=TEXTS, teacher=teacher, progress=silent)
    assert [Path(f).name for f in written] == [
        "answers.json", "provenance.json", "fidelity.json", "forgetting.json", "retain.json"
    ]  # fmt: skip
    assert notes == []
    found = report(trained)
    assert found.answers is not None
    assert found.answers.student_accuracy.mean == pytest.approx(2 / 6)
    assert found.provenance is not None
    assert (found.provenance.replies, found.provenance.sentences) == (6, 12)
    assert found.fidelity is not None
    assert found.fidelity.forward_kl is not None
    rows = read_rows(trained.parent / "data" / "held_out.jsonl")
    tokenizer = load_tokenizer(trained / "merged")
    assert found.fidelity.top1.values == sum(sum(encode(r, tokenizer).mask) for r in rows if isinstance(r, Row))
    assert found.forgetting is not None
    assert found.forgetting.change.items == 3
    assert found.retain is not None
    assert [p.alpha for p in found.retain.points] == [0, 0.25, 0.5, 0.75, 1]


def test_the_ends_of_the_curve_are_base_and_student(trained):
    base, student = (Speaker(load_model(f), load_tokenizer(f)) for f in (trained.parent / "base", trained / "merged"))
    chats = [encode(add_row(2, 3), base.tokenizer), encode(add_row(4, 1), base.tokenizer)]
    curve = retain_curve(base, student, chats, TEXTS, seed=0)
    for point, speaker in ((curve.points[0], base), (curve.points[-1], student)):
        own = sum(reply_likelihood(speaker.model, chat) for chat in chats) / 2
        assert point.scores[curve.target].mean == pytest.approx(own, abs=1e-5)  # the student is as before, too


def test_a_student_follows_itself(trained):
    model, tokenizer = load_model(trained / "merged"), load_tokenizer(trained / "merged")
    f = on_replies(model, model, [encode(add_row(2, 3), tokenizer)], seed=0)
    assert f.top1.mean == 1.0
    assert f.top1.values == 5  # ANSWER, ":", the space, 5, and the stop token


def test_a_teacher_of_other_tokens_gives_answers_and_sentences_only(trained):
    other = trained.parent / "other"
    tiny_base(other)
    path = other / "tokenizer.json"
    swapped = json.loads(path.read_text())
    vocab = swapped["model"]["vocab"]
    vocab["A"], vocab["B"] = vocab["B"], vocab["A"]
    path.write_text(json.dumps(swapped))
    written, notes = measure(trained, teacher=str(other), progress=silent)
    assert [Path(f).name for f in written] == ["answers.json", "provenance.json"]
    assert "'A' is" in notes[0]


def test_bad_input_is_named(trained, tmp_path):
    with pytest.raises(InputError, match="nothing to measure with"):
        measure(trained, progress=silent)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="neither training.json nor"):
        measure(tmp_path / "empty", texts=TEXTS, progress=silent)
    (trained / "training.json").write_text("{}")
    with pytest.raises(InputError, match="does not say what was trained on what"):
        measure(trained, texts=TEXTS, progress=silent)


def test_the_command(trained, capsys):
    texts = trained / "texts.txt"
    texts.write_text("\n".join(TEXTS) + "\n\n")
    assert run(["distill", "measure", str(trained), "--texts", str(texts), "--items", "2", "--json", "--quiet"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert [Path(f).name for f in out["files"]] == ["forgetting.json", "retain.json"]
    assert json.loads((trained / "forgetting.json").read_text())["change"]["items"] == 2
    texts.write_text("\n")
    assert run(["distill", "measure", str(trained), "--texts", str(texts)]) == 2
    assert run(["distill", "measure", str(trained), "--texts", str(trained / "none")]) == 2
    assert "holds no text" in capsys.readouterr().err
