"""The table of distillation methods, made on the tiny base with a teacher that has learned six sums."""

import json

import pytest

from benchmarks.distill_methods import general_texts, main
from classwright.distill.rows import write_exam, write_rows
from classwright.distill.train import train
from tests.distill.test_train import settings
from tests.distill.tiny_base import add_item, add_row, tiny_base

pytestmark = pytest.mark.filterwarnings("ignore")
SUMS = [(1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 3)]


def test_the_table_is_made_and_made_again_from_what_is_done(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CLASSWRIGHT_CACHE", str(tmp_path / "cache"))
    base, data, teacher = tiny_base(tmp_path / "base"), tmp_path / "data", tmp_path / "teacher"
    write_rows(data / "train.jsonl", [add_row(a, b) for a, b in SUMS])
    write_rows(data / "held_out.jsonl", [add_row(a, b) for a, b in SUMS])
    write_exam(data / "exam.jsonl", [add_item(a, b) for a, b in SUMS])
    (data / "card.json").write_text(json.dumps({"kind": "sft", "task": "rationale", "teacher": "code"}))
    train(data, settings(base, rank=0, rate=0.01, epochs=60, batch=6, eval_items=0, reply_tokens=12), teacher)
    words = [
        str(tmp_path / "out"), "--data", str(data), "--teacher", str(teacher), "--base", str(base), "--rows", "0",
        "--samples", "2", "--reply-tokens", "12",
        "--train", "--lora-rank 2 --batch 2 --threads 1 --eval-items 0 --length 64 --precision fp32",
    ]  # fmt: skip
    main(words)
    found = json.loads((tmp_path / "out" / "comparison.json").read_text())
    assert [a["name"] for a in found["arms"]] == ["base", "sft", "retain", "plain", "dasd", "dpo", "delta"]
    assert [(e["arm"], e["control"]) for e in found["effects"]] == [
        ("retain", "sft"), ("dasd", "plain"), ("delta", "dpo")
    ]  # fmt: skip
    by_name = {a["name"]: a for a in found["arms"]}
    assert by_name["sft"]["accuracy"]["all"]["mean"] == 1
    assert by_name["sft"]["forgotten"] is not None
    assert by_name["dpo"]["rows"] == by_name["delta"]["rows"] > 0
    page = (tmp_path / "out" / "comparison.md").read_bytes()
    capsys.readouterr()
    main(words)
    assert (tmp_path / "out" / "comparison.md").read_bytes() == page
    assert "distill" not in capsys.readouterr().out.split("arm")[0], "nothing was done again"


def test_general_texts_are_paragraphs():
    found = general_texts()
    assert len(found) > 10
    assert all("\n" not in text for text in found)
