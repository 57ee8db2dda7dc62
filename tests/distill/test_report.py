"""The report of a training: what it says, and that it says no more than was measured."""

import json
from math import log
from pathlib import Path

import pytest
from lxml import html  # pyright: ignore[reportAttributeAccessIssue]

from classwright.classroom.effects import estimate
from classwright.cli.main import run
from classwright.distill.capacity import advise
from classwright.distill.fidelity import answer_fidelity, compare, fidelity
from classwright.distill.forgetting import TextLoss, forgetting
from classwright.distill.provenance import Sentence, provenance
from classwright.distill.report import Findings, report
from classwright.distill.report_files import add
from classwright.distill.retain import Point, RetainCurve
from classwright.distill.rows import Card, ExamItem, write_card
from classwright.distill.training_set import validation
from classwright.errors import InputError

ASK = [{"role": "user", "content": "?"}]


def write_exams(folder: Path, *, before: int, after: int, n: int = 30) -> None:
    for name, right in (("before", before), ("after", after)):
        rows = [
            {"id": f"{kind}{i}", "skill": f"add.{'ab'[i % 2]}", "kind": kind, "right": i < right, "reply": "ANSWER: 5"}
            for kind in ("held_out", "longer")
            for i in range(n)
        ]
        (folder / f"exam.{name}.json").write_text(json.dumps(rows))


def write_training(folder: Path, **more) -> None:
    curve = [
        {"step": step, "loss": 2 - step / 100, "accuracy": {"held_out": new, "longer": old}}
        for step, new, old in ((0, 0.0, 0.5), (50, 0.5, 0.2), (100, 0.8, 0.4))
    ]
    config = {"method": "sft", "base": "SmolLM2-135M-Instruct", "lora": {"r": 16}, "rate": 0.0005, "odd": "a|b"}
    (folder / "training.json").write_text(json.dumps({"config": config, "curves": curve, **more}))


def measured(folder: Path) -> None:
    import numpy as np

    t, s = np.log([[0.5, 0.5], [0.75, 0.25]]), np.log([[0.5, 0.5], [0.25, 0.75]])
    add(folder, "fidelity", fidelity([compare(t, s, [1, 0])], seed=0))
    add(folder, "answers", answer_fidelity(["5", "6"], ["5", "6"], ["5", "7"], seed=0))
    sentence = Sentence("x", 0.9, 0.1, 0.9, "teacher")
    add(folder, "provenance", provenance([[sentence], [sentence, None]], seed=0))
    losses = [TextLoss(10, 10 * log(4) + n) for n in range(6)]
    add(folder, "forgetting", forgetting(losses, [TextLoss(t, x + 5) for t, x in losses], seed=0))
    points = [
        Point(alpha=a, scores={"task": estimate({"i": [a]}, seed=0), "general": estimate({"i": [1 - a]}, seed=0)})
        for a in (0.0, 0.5, 1.0)
    ]
    add(folder, "retain", RetainCurve(points=points, target="task", general="general", chosen=0.0))
    card = Card(
        kind="sft", task="rationale", teacher="Qwen2.5-7B", licence="Apache-2.0", counts={"split": {"train": 800}}
    )
    write_card(folder, card)


def text_of(folder: Path) -> str:
    page = (folder / "report.html").read_text()
    assert not any(x in page for x in ("<script", "<link", "<img", "http://www.google", "src="))
    return " ".join(html.fromstring(page).text_content().split())


def rows_of(folder: Path) -> dict[str, list[str]]:
    """First cell -> the others, of all tables."""
    page = html.fromstring((folder / "report.html").read_text())
    cells = [[" ".join(td.text_content().split()) for td in tr.iter("td")] for tr in page.iter("tr")]
    return {row[0]: row[1:] for row in cells if row}


def headings(folder: Path) -> list[str]:
    return [h.text_content().strip() for h in html.fromstring((folder / "report.html").read_text()).iter("h2")]


def test_everything_that_was_measured_is_shown(tmp_path):
    write_exams(tmp_path, before=1, after=24)
    write_training(tmp_path, seconds=341.5, tokens=120_000, peak_mb=2900.5, agreement=0.998)
    measured(tmp_path)
    found = report(tmp_path)
    assert headings(tmp_path) == [
        "What may be said", "Accuracy before and after", "What is still missing", "Curves", "Stability while training",
        "Forgetting on general text", "RETAIN", "Fidelity to the teacher, token by token",
        "Fidelity to the teacher, answer by answer", "Where sentences come from", "Size of the teacher", "Training and its cost",
        "Training data", "Settings", "What was not measured",
    ]  # fmt: skip
    assert found.missing == ["We-Math's categories: composed exam items with their sub-problems (ids x, x#1, x#2)"]
    text = text_of(tmp_path)
    assert "all items: accuracy has risen: +76.7 points" in text
    assert "general text has become less likely (forgetting): +0.500 nats per token [+0.500, +0.500]; 6 texts" in text
    assert "Warning. The teacher is 51.9 times the student" in text
    rows = rows_of(tmp_path)
    assert rows["The same where the teacher is wrong"] == ["1.000 [1.000, 1.000]", "1"]  # of answers, the last table
    assert rows["Forward KL(teacher ‖ student), nats per token"] == ["0.2747 [0.2747, 0.2747]", "2"]
    assert rows["min-ACC: mean of the other kinds' lowest accuracy"] == ["0.200"]
    assert rows["lora.r"] == ["16"]
    assert rows["odd"] == ["a|b"]
    assert rows["tokens of the data"] == ["120000"]
    assert rows["seconds of training and evaluation"] == ["341.5"]
    assert rows["most memory, MB"] == ["2,900.5"]
    assert (tmp_path / "report.html").read_text().count("<svg") == 7


def test_the_stability_gap_is_computed_from_the_curves(tmp_path):
    write_training(tmp_path)
    found = report(tmp_path)
    assert found.stability is not None
    assert (found.stability.current, found.stability.min_acc) == ("held_out", 0.2)
    assert found.stability.wc_acc == pytest.approx(0.5 * 0.8 + 0.5 * 0.2)
    assert found.stability.forgetting == pytest.approx({"held_out": 0, "longer": 0.3})


def test_what_is_missing_is_said_and_its_part_left_out(tmp_path):
    write_exams(tmp_path, before=1, after=24)
    (tmp_path / "exam.before.json").unlink()
    found = report(tmp_path)
    assert headings(tmp_path) == ["Accuracy before and after", "What is still missing", "What was not measured"]
    assert found.claims == []
    assert [line.split(":")[0] for line in found.missing] == [
        "accuracy before training", "settings, curves and cost of the training", "the stability gap",
        "forgetting on general text", "fidelity to the teacher, token by token", "fidelity of answers",
        "where sentences come from", "the RETAIN curve", "the capacity gap", "We-Math's categories",
        "the dataset's card",
    ]  # fmt: skip


def test_an_effect_within_chance_is_not_claimed_anywhere(tmp_path):
    write_exams(tmp_path, before=14, after=15)
    losses = [TextLoss(10, 20.0 + n) for n in range(6)]
    changed = [TextLoss(t, x + (1 if n % 2 else -1)) for n, (t, x) in enumerate(losses)]
    add(tmp_path, "forgetting", forgetting(losses, changed, seed=0))
    found = report(tmp_path)
    assert len(found.claims) == 6
    assert all("no change" in line for line in found.claims)
    for page in ("report.html", "report.md"):
        said = (tmp_path / page).read_text()
        assert not any(word in said for word in ("has risen", "has fallen", "more likely", "less likely"))


def test_few_texts_show_no_forgetting(tmp_path):
    add(tmp_path, "forgetting", forgetting([TextLoss(10, 20.0)], [TextLoss(10, 30.0)], seed=0))
    assert report(tmp_path).claims == [
        "general text: too few texts to say anything: +1.000 nats per token [+1.000, +1.000]; 1 texts"
    ]


def test_a_student_at_the_floor_cannot_speak(tmp_path):
    write_exams(tmp_path, before=0, after=1)
    found = report(tmp_path)
    assert "at the floor" in found.silent
    assert found.claims == []
    assert "Accuracy cannot speak: the student is at the floor" in text_of(tmp_path)


def trained(folder: Path, seed: int = 0) -> tuple[set[str], list[int]]:
    """Ids of the ten items that chose the checkpoint as training draws them, and what it records of them."""
    rows = json.loads((folder / "exam.after.json").read_text())
    items = [
        ExamItem.model_validate({"messages": ASK, "answer": "5", **{k: r[k] for k in ("id", "kind")}}) for r in rows
    ]
    chose = {item.id for item in validation(items, 10, seed)}
    return chose, [sum(r["right"] for r in rows if r["id"] in chose), 10]


def test_items_that_chose_the_checkpoint_are_left_out_of_every_figure(tmp_path):
    write_exams(tmp_path, before=1, after=24)
    chose, told = trained(tmp_path)
    config = {"config": {"eval_items": 10, "seed": 0}, "validation": told}
    (tmp_path / "training.json").write_text(json.dumps(config))
    found = report(tmp_path)
    assert found.validation == 10
    kept = [i for i in range(30) if f"held_out{i}" not in chose]
    after = next(g.after for g in found.groups if g.name == "held_out")
    assert after is not None
    assert (after.items, after.share) == (20, sum(i < 24 for i in kept) / 20)
    assert sum(s.items for s in found.profile) == 50
    assert "10 items that chose the checkpoint are left out." in text_of(tmp_path)


def test_where_they_cannot_be_told_from_the_others_the_report_says_so(tmp_path):
    write_exams(tmp_path, before=1, after=24)
    _, (right, items) = trained(tmp_path)
    config = {"config": {"eval_items": 10, "seed": 0}, "validation": [right - 1, items]}
    (tmp_path / "training.json").write_text(json.dumps(config))
    found = report(tmp_path)
    assert found.validation == 0
    assert any("cannot be told from the others" in line for line in found.missing)


def test_composed_items_are_diagnosed(tmp_path):
    rows = [{"id": i, "kind": "composed", "right": r} for i, r in (("x", False), ("x#1", True), ("x#2", True))]
    (tmp_path / "exam.after.json").write_text(json.dumps(rows))
    found = report(tmp_path)
    assert found.we_math is not None
    assert found.we_math.after["strict"].ig == 1.0
    assert found.we_math.before == {}
    assert "Composed problems (We-Math)" in headings(tmp_path)


def test_the_markdown_and_the_json_say_the_same(tmp_path):
    write_exams(tmp_path, before=1, after=24)
    write_training(tmp_path)
    measured(tmp_path)
    found = report(tmp_path)
    assert Findings.model_validate_json((tmp_path / "report.json").read_text()) == found
    text = (tmp_path / "report.md").read_text()
    for line in (*found.claims, *found.missing):
        assert f"\n- {line}\n" in text
    assert "| kind longer | 3.3 % [1, 17] | 80.0 % [63, 90] | +76.7 [" in text
    assert "| odd | a\\|b |" in text
    assert "| 0.5 | 0.500 [0.500, 0.500] | 0.500 [0.500, 0.500] |" in text
    assert all(f"\n\n{line}\n\n" in text for line in text.split("\n") if line.startswith("## "))
    table = [line for line in text.split("\n") if line.startswith(("| kind longer", "| kind held_out"))]
    assert {line.count("|") for line in table} == {7}


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    write_exams(tmp_path, before=1, after=24)
    write_training(tmp_path)
    measured(tmp_path)
    pages = []
    for _ in range(2):
        report(tmp_path, seed=3)
        pages.append([(tmp_path / f"report.{e}").read_bytes() for e in ("html", "md", "json")])
    assert pages[0] == pages[1]


def test_the_log_gives_the_losses_and_a_torn_line_is_passed_over(tmp_path):
    write_training(tmp_path)
    lines = [
        '{"step": 1, "loss": 3.0}',
        '{"step": 1, "loss": 2.5}',
        '{"step": 2, "loss": NaN}',
        '{"step": 2, "accuracy": 0.5}',
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(lines) + '\n{"step": 3, "lo')
    curve = next(c for c in report(tmp_path).curves if c.title == "Loss in training")
    assert curve.lines == {"loss": [(1.0, 2.5)]}
    (tmp_path / "log.jsonl").write_text("{broken\n")
    with pytest.raises(InputError, match="log.jsonl: damaged"):
        report(tmp_path)


def test_one_accuracy_is_that_of_all_items(tmp_path):
    (tmp_path / "training.json").write_text('{"curves": [{"step": 0, "accuracy": 0.1}, {"step": 5, "accuracy": 0.5}]}')
    found = report(tmp_path)
    assert found.stability is not None
    assert (found.stability.current, found.stability.wc_acc) == ("all items", 0.5)


def test_bad_input_is_named(tmp_path):
    with pytest.raises(InputError, match="no such directory"):
        report(tmp_path / "none")
    with pytest.raises(InputError, match="neither training.json nor exam.after.json"):
        report(tmp_path)
    (tmp_path / "fidelity.json").write_text('{"unit": "token"}')
    with pytest.raises(InputError, match="fidelity.json: top1"):
        report(tmp_path)
    (tmp_path / "fidelity.json").unlink()
    (tmp_path / "training.json").write_text("{")
    with pytest.raises(InputError, match="training.json"):
        report(tmp_path)


def test_a_measurement_goes_under_its_own_name(tmp_path):
    advice = advise(5, 2)
    with pytest.raises(ValueError, match="fidelity: a measurement"):
        add(tmp_path, "fidelity", advice)
    with pytest.raises(ValueError, match="one of fidelity, answers"):
        add(tmp_path, "other", advice)
    add(tmp_path, "capacity", advice)
    assert report(tmp_path).capacity == advice


def test_the_command(tmp_path, capsys):
    write_exams(tmp_path, before=1, after=24)
    assert (
        run(["distill", "report", str(tmp_path), "--json", "--quiet", "--teacher-size", "1B", "--student-size", "400M"])
        == 0
    )
    out = json.loads(capsys.readouterr().out)
    assert out["capacity"]["ratio"] == 2.5
    assert out["claims"][0].startswith("all items: accuracy has risen")
    assert all(Path(f).is_file() for f in out["files"])
    assert run(["distill", "report", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "kind longer" in shown
    assert "Not measured: settings, curves and cost of the training; the stability gap;" in shown
    assert run(["distill", "report", str(tmp_path / "none")]) == 2
    assert run(["distill", "report", str(tmp_path), "--teacher-size", "big"]) == 2
    assert "--teacher-size big: give a number of parameters" in capsys.readouterr().err
