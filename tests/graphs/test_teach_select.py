"""select: planted pairs and planted teaching decide what every way of picking picks."""

import json
from typing import Any

import pytest

from classwright.graphs.teach.job import settings_of
from classwright.graphs.teach.select import PAIR_LENGTH, Settings, analyze, by, picks, shuffled_auc
from classwright.runs.recipe import Recipe
from tests.graphs.scripted_school import (
    chance,
    dice,
    exam_of,
    means,
    pairs_that_teach,
    ran,
    records,
    row,
    said,
    user_of,
)

SKILL = "counting.add_within_20"
SETTINGS: dict[str, Any] = {"skills": [SKILL], "problems": 20, "samples": 5, "exam": 5, "shots": 2}


def is_pair(body) -> bool:
    return body["max_tokens"] == PAIR_LENGTH


def planted(body):
    """Two of five pairs are right; a wrong one teaches a fifth of the exam."""
    exam = exam_of(body)
    if exam is None:
        return chance(0.9 if "good" in user_of(body) else 0.2)
    return pairs_that_teach(exam, body, shots=SETTINGS["shots"], right=0.4, luck=0.2)


def test_sum_beats_self_consistency_exactly_as_planted_and_claims_keep_to_their_intervals(tmp_path):
    summary, _ = ran("select", SETTINGS, planted, tmp_path)
    held = records(summary)
    expected = {"SUM": 0, "self-consistency": 0, "MAX": 0}
    for record in held.values():
        good = [p["right"] for p in record["pairs"]]
        assert good == ["good" in p["text"] for p in record["pairs"]]
        wrong = [sum(e) / 5 for e, g in zip(record["exam"], good, strict=True) if not g]
        assert all(all(e) for e, g in zip(record["exam"], good, strict=True) if g)
        total = sum(good)  # every right pair scores 1
        # equal sums, and equal counts, go to the larger group, then to the earlier one
        first = good[0]
        expected["SUM"] += total > sum(wrong) or (total == sum(wrong) and (total, first) > (5 - total, not first))
        expected["self-consistency"] += total > 5 - total
        expected["MAX"] += total > 0 and (max(wrong, default=0) < 1 or total >= 3)
    assert {arm: row(summary, arm) for arm in expected} == {a: pytest.approx(n / 20) for a, n in expected.items()}
    assert row(summary, "SUM") > row(summary, "self-consistency") + 0.3
    assert row(summary, "self-eval") == row(summary, "MAX")
    claims = "\n".join(summary["claims"])
    assert "SUM is above self-consistency: " in claims
    assert "20 items, 1 seed" in claims

    effects = summary["tables"][0]["effects"]
    assert len(effects) == 6
    for e, text in zip(effects, summary["claims"], strict=True):
        d = e["difference"]
        outside = d["low"] > 0 or d["high"] < 0
        assert text.startswith("no difference") != (outside and e["adjusted"] < 0.05)
        assert e["adjusted"] >= e["p"]


def test_no_exam_problem_stands_among_what_is_shown_before_it(tmp_path):
    settings = {**SETTINGS, "skills": ["counting.subtract_within_10"], "problems": 5, "shots": 3}
    _, model = ran("select", settings, planted, tmp_path)
    asked = [exam for body in model.seen if (exam := exam_of(body)) is not None]
    assert len(asked) == 5 * (2 * 5 * 5 + 5 + 11)
    assert all(exam.question not in [q for q, _ in exam.shown] for exam in asked)


def test_the_control_with_the_same_labels_sees_them_and_nothing_else_does(tmp_path):
    _, model = ran("select", {**SETTINGS, "problems": 1}, planted, tmp_path)
    told = [exam for body in model.seen if (exam := exam_of(body)) is not None and exam.taught]
    assert len(told) == 5
    assert all(exam.taught.count("ANSWER: ") == 5 for exam in told)


def test_an_endpoint_without_log_probabilities_leaves_self_eval_out_and_says_so(tmp_path):
    def silent(body):
        return planted(body) if exam_of(body) else "A"

    summary, _ = ran("select", {**SETTINGS, "problems": 8}, silent, tmp_path)
    assert row(summary, "self-eval") is None
    assert "self-eval: no item is left of “right answers picked”" in summary["claims"]
    assert "self-eval: the teacher's endpoint gives no log-probabilities" in summary["notes"]
    assert not any("against self-eval" in line or "above self-eval" in line for line in summary["claims"])


@pytest.mark.parametrize(("right", "word"), [(True, "ceiling"), (False, "floor")])
def test_a_student_without_room_silences_the_experiment(tmp_path, right, word):
    def script(body):
        exam = exam_of(body)
        if exam is None:
            return chance(0.5)
        if is_pair(body):
            return said(exam.question, right=dice(body["seed"]) < 0.5)
        return said(exam.question, right=right)

    summary, _ = ran("select", {**SETTINGS, "problems": 6}, script, tmp_path)
    assert word in summary["silent"]
    assert summary["claims"] == []
    page = (tmp_path / summary["run"] / "report.html").read_text()
    assert "The experiment cannot speak:" in page
    assert "What may be said" not in page


def test_no_mixed_problem_no_word(tmp_path):
    def script(body):
        exam = exam_of(body)
        return chance(0.5) if exam is None else said(exam.question, right=is_pair(body) or dice(exam.question) < 0.5)

    summary, _ = ran("select", {**SETTINGS, "problems": 6}, script, tmp_path)
    assert summary["silent"] == "no problem has both right and wrong pairs"


def synthetic(n: int) -> dict[str, dict]:
    """Right pairs are taught with by 0.7, wrong ones by 0.4, of 20 exam problems."""
    out = {}
    for unit in range(n):
        pairs, exams = [], []
        for k in range(6):
            right = dice("r", unit, k) < 0.5
            pairs.append({"text": "", "answer": "1" if right else "2", "right": right})
            exams.append([dice("e", unit, k, i) < (0.7 if right else 0.4) for i in range(20)])
        out[f"s0/p{unit:03d}"] = {
            "pairs": pairs, "labeled": pairs, "greedy": pairs[0], "exam": exams, "short": exams,
            "nothing": [i < 8 for i in range(20)], "belief": [0.5] * 6, "gold": "1", "problem": f"p{unit}",
            "kind": "number", "form": "",
        }  # fmt: skip
    return out


def test_shuffled_exams_tell_nothing():
    held = synthetic(150)
    outcome = analyze(Settings(problems=150, samples=6, exam=20), held)
    shuffled = outcome.figures["AUC with shuffled exams"]
    assert shuffled.mean == pytest.approx(0.5, abs=0.03)
    true = outcome.figures["AUC of the teaching score within a problem"].mean
    # P(Binomial(20, .7) > Binomial(20, .4)) + half the ties
    from scipy.stats import binom

    good, bad = binom.pmf(range(21), 20, 0.7), binom.pmf(range(21), 20, 0.4)
    exact = sum(good[i] * (bad[:i].sum() + bad[i] / 2) for i in range(21))
    assert true == pytest.approx(exact, abs=0.02)
    found = means(outcome)
    assert found["SUM"] > found["self-consistency"] + 0.1
    assert abs(found["SUM, shuffled exams"] - found["self-consistency"]) < 0.1
    assert found["no demonstration, same labels"] == found["self-consistency"]


def test_shuffling_is_fair_for_the_best_scores_too():
    labels = [True, True, False, False, False]
    assert shuffled_auc([1, 0.9, 0.1, 0.1, 0], labels, "x") == pytest.approx(0.5, abs=0.15)
    many = [shuffled_auc([1, 0.9, 0.1, 0.1, 0], labels, str(n)) for n in range(60)]
    assert sum(many) / 60 == pytest.approx(0.5, abs=0.02)


def test_answers_that_are_equal_count_together_and_none_counts_as_wrong():
    pair = {"text": "", "right": True}
    record = synthetic(1)["s0/p000"]
    pairs = [{**pair, "answer": "1/2"}, {**pair, "answer": "3", "right": False}, {**pair, "answer": "0.5"}]
    record |= {"pairs": pairs, "labeled": [{"text": "", "answer": "", "right": False}], "exam": [[0], [1], [0]],
               "short": [[0], [0], [0]], "belief": [0.1, 0.9, None]}  # fmt: skip
    right = picks(record, 0).right
    assert right["self-consistency"] is True
    assert right["SUM"] is False
    assert right["no demonstration, same labels"] is False
    assert "self-eval" not in right


def test_ties_go_to_the_larger_group_then_to_the_earlier():
    assert by([[0], [1, 2]], [1, 0.5, 0.5], sum) == 1
    assert by([[0], [1]], [1, 1], sum) == 0
    assert by([], [], sum) is None


def gsm8k(tmp_path, n=12):
    lines = [
        {"question": f"Ann has {i} apples and buys {i + 1} more. How many apples does she have?",
         "answer": f"She has {i} + {i + 1} = {2 * i + 1}.\n#### {2 * i + 1}"}
        for i in range(3, 3 + n)
    ]  # fmt: skip
    path = tmp_path / "gsm8k.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.parametrize("source", ["nearest", "skill"])
def test_problems_of_a_file(tmp_path, source):
    def script(body):
        exam = exam_of(body)
        if exam is None:
            return chance(0.5)
        n = 2 * int("".join(c for c in exam.question.split(" apples")[0] if c.isdigit())) + 1
        return f"Work.\nANSWER: {n + (dice(body['seed'], len(exam.shown), exam.question) < 0.5)}"

    settings = {"file": str(gsm8k(tmp_path)), "problems": 3, "samples": 3, "exam": 4, "exam_from": source, "shots": 1}
    summary, model = ran("select", settings, script, tmp_path)
    assert summary["units"] == 3
    asked = [exam for body in model.seen if (exam := exam_of(body)) is not None and not is_pair(body)]
    assert all(exam.question not in [q for q, _ in exam.shown] for exam in asked)
    taught = {exam.shown[-1][0] for exam in asked if len(exam.shown) == 2}
    assert len(taught) == 3
    if source == "skill":  # one exam for all
        assert len({exam.question for exam in asked}) == 4
        assert not taught & {exam.question for exam in asked}


def wrong(settings: dict) -> str:
    from classwright.errors import InputError

    with pytest.raises(InputError) as caught:
        settings_of("select", Recipe(teach={"select": settings}), "my.toml")
    message = str(caught.value)
    assert message.startswith("my.toml, [teach.select]: ")
    assert "\n" not in message
    return message.removeprefix("my.toml, [teach.select]: ")


def test_bad_input_is_named_before_anything_is_asked(tmp_path):
    file = str(gsm8k(tmp_path, 3))
    assert wrong({"sampels": 3}) == "unknown key sampels; did you mean samples?"
    assert wrong({"seeds": [1, 1]}) == "seeds [1, 1]: a seed twice is one seed; name different ones"
    assert wrong({"seeds": []}).startswith("seeds: ")
    assert wrong({"skills": ["whole.no_such"]}).startswith("skills: no problems for whole.no_such")
    assert wrong({"skills": [SKILL, SKILL]}).startswith("skills ")
    assert "has only 21 different problems at level 1, fewer than the 40 asked for" in wrong(
        {"skills": ["counting.subtract_within_10"], "problems": 40}
    )
    assert "3 problems, fewer than the 4 asked for" in wrong({"file": file, "problems": 4, "exam_from": "skill"})
    assert wrong({"file": file}).startswith('exam_from = "variants" needs skills of the bank')
    assert "none.jsonl: cannot be read" in wrong({"file": str(tmp_path / "none.jsonl"), "exam_from": "skill"})
    no_gold = tmp_path / "bare.jsonl"
    no_gold.write_text(
        '{"question": "What is 2 + 3?", "answer": "2 + 3 = 5\\n#### 5"}\n{"question": "What is 2 + 4?"}\n'
    )
    bare = {"file": str(no_gold), "problems": 1, "exam_from": "skill"}
    assert "bare.jsonl: line 2: answer is missing or empty; skip_bad = true leaves such lines out" in wrong(bare)
    settings_of("select", Recipe(teach={"select": {**bare, "skip_bad": True}}))


def test_a_table_for_no_experiment_is_named():
    from classwright.errors import InputError

    with pytest.raises(InputError, match=r"my.toml, \[teach.selct\]: there is no such experiment; there are select, "):
        settings_of("select", Recipe(teach={"selct": {}}), "my.toml")
    with pytest.raises(InputError, match="there is no experiment selct"):
        settings_of("selct", Recipe())
