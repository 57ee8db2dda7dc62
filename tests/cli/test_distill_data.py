"""`classwright distill data` as a person calls it."""

import json

import pytest

from classwright.cli import main, output
from tests.distill.made_runs import dialogue_run


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch):
    monkeypatch.setattr(output, "settings", output.Settings())


def called(capsys, *words: str, code: int = 0) -> tuple[str, str]:
    assert main.run(["distill", "data", *words]) == code
    return capsys.readouterr()


def test_rationales_need_no_run(capsys, tmp_path):
    out, _ = called(capsys, "--task", "rationale", "--n", "30", "--exam", "10", "--skills", "whole.add_regroup",
                    "--levels", "1,2", "--out", str(tmp_path / "d"), "--json", "--quiet")  # fmt: skip
    found = json.loads(out)
    assert (found["train"], found["held_out"], found["teacher"]) == (30, 10, "code")
    assert found["counts"]["level"] == {"level 1": 15, "level 2": 15}
    assert {p.name for p in (tmp_path / "d").iterdir()} == {
        "train.jsonl", "held_out.jsonl", "exam.jsonl", "card.json", "README.md",
    }  # fmt: skip


def test_a_run_is_named_by_its_id_and_what_is_left_out_is_said(capsys, tmp_path):
    run = dialogue_run(tmp_path / "runs", tutors=("socratic", "tell"))
    out, said = called(capsys, run.name, "--task", "tutor", "--out", str(tmp_path / "d"), "--cap", "2")
    assert "rows to train on" in out
    assert "left out: 16 × a control tutor, which tells" in out
    assert "more than 2 of the same words" in out
    assert "teacher code (Apache-2.0)" in out
    assert f"reading {run.name}" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--task", "tutor"], "--task tutor is made from runs; name one or more (of the job dialogue)"),
        (["nope", "--task", "tutor"], "nope"),
        (["--task", "rationale", "--skills", "whole.add_regrop"], "did you mean whole.add_regroup"),
        (["--task", "rationale", "--levels", "4"], "--levels 4: levels are 1, 2 and 3"),
        (["--task", "rationale", "--filter", "leakfree"], "there is no such filter"),
        (["--task", "poems"], "poems"),
        ([], "--task"),
        (["--task", "rationale", "--hard", "2"], "--hard"),
        (["--task", "rationale", "--hard", "0.5"], "--hard is for runs"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(capsys, tmp_path, words, message):
    out, said = called(capsys, *words, "--out", str(tmp_path / "d"), "--quiet", code=2)
    assert out == ""
    assert message in said
    assert said.startswith("classwright: ")
    assert said.count("\n") == 1
    assert not (tmp_path / "d" / "card.json").exists()


def test_the_rows_are_shown_as_a_base_sees_them(capsys, tmp_path):
    from tests.distill.test_masks import SMOLLM2, tokenizer_with

    base = tmp_path / "base"
    tokenizer_with(SMOLLM2).save_pretrained(str(base))
    (base / "config.json").write_text('{"model_type": "llama"}')
    words = ("--task", "rationale", "--n", "8", "--exam", "4", "--out", str(tmp_path / "d"), "--quiet")
    out, _ = called(capsys, *words, "--base", str(base))
    assert "⟦Ones: " in out
    assert "<|im_end|>⟧" in out
    assert "with loss" in out
    tokenizer_with(None).save_pretrained(str(tmp_path / "bare"))
    (tmp_path / "bare" / "config.json").write_text('{"model_type": "llama"}')
    _, said = called(capsys, *words, "--base", str(tmp_path / "bare"), code=2)
    assert "has no chat template" in said
