"""A student merged back toward its base, written and examined."""

import pytest

from classwright.distill.base import load_model
from classwright.distill.exam_result import read_answers
from classwright.distill.retained import retain
from classwright.distill.train import train
from classwright.errors import InputError
from tests.distill.test_train import settings
from tests.distill.tiny_base import tiny_base, tiny_data

pytestmark = pytest.mark.filterwarnings("ignore")


def quiet(*_):
    pass


def test_a_merge_is_a_student_between_base_and_tuned(tmp_path):
    base, data = tiny_base(tmp_path / "base"), tiny_data(tmp_path / "data")
    tuned = tmp_path / "tuned"
    train(data, settings(base, rank=0), tuned, before=False)
    found = retain(tuned, tmp_path / "half", 0.25, texts=["The cat sat on the mat."], progress=quiet)
    assert set(found["exam"]) == {"held_out", "longer"}
    old, new, half = (load_model(f).state_dict() for f in (base, tuned / "merged", tmp_path / "half" / "merged"))
    for name, values in half.items():
        assert values.allclose(0.75 * old[name] + 0.25 * new[name], atol=1e-6), name
    assert (tmp_path / "half" / "student.gguf").is_file()
    assert (tmp_path / "half" / "forgetting.json").is_file()
    ids = [a.id for a in read_answers(tmp_path / "half" / "exam.after.json")]
    assert ids == [a.id for a in read_answers(tuned / "exam.after.json")]
    with pytest.raises(InputError, match="no alpha was chosen; give --alpha"):
        retain(tuned, tmp_path / "x", progress=quiet)
    with pytest.raises(InputError, match="no finished training"):
        retain(tmp_path / "half", tmp_path / "x", 0.5, progress=quiet)


def test_the_base_takes_the_exam_once_for_all_trainings(tmp_path, monkeypatch):
    from classwright.distill import exam_before

    monkeypatch.setenv("CLASSWRIGHT_CACHE", str(tmp_path / "cache"))
    base, data = tiny_base(tmp_path / "base"), tiny_data(tmp_path / "data")
    asked, real = [], exam_before.examine
    monkeypatch.setattr(exam_before, "examine", lambda *a, **k: asked.append(1) or real(*a, **k))
    for seed in (1, 2):
        out = tmp_path / f"out-{seed}"
        train(data, settings(base, seed=seed, epochs=0.25), out)
        assert not (out / "exam.before.json").exists()
        train(data, settings(base, seed=seed, epochs=0.25), out, before=True)  # a training that is done gets it too
        assert len(read_answers(out / "exam.before.json")) == 6
    assert asked == [1]
    train(data, settings(base, reply_tokens=5, epochs=0.25), tmp_path / "other", before=True)
    assert asked == [1, 1], "other settings, other answers"
