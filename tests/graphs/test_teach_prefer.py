"""prefer: pairs, gap, cap, item choice and reliability on records made by hand; runs with scripted models."""

import json
from pathlib import Path

import pytest

from classwright.agents.model_student import Exemplar
from classwright.errors import InputError
from classwright.graphs.teach.job import estimate_cost, settings_of
from classwright.graphs.teach.prefer import Settings, analyze, usable
from classwright.graphs.teach.prefer_pairs import discriminating, lines, pairs, reliability, scores, teaching
from classwright.runs.recipe import Recipe
from tests.graphs.scripted_school import dice, exam_of, pairs_that_teach, ran, row, system_of, user_of

ITEMS = ["a", "b", "c", "d"]


def record(exam, right, texts=None, items=ITEMS):
    return {"items": items, "exam": exam, "right": right, "prompt": [{"role": "user", "content": "Q"}],
            "texts": texts or [f"t{n}" for n in range(len(exam))], "nothing": [True] + [False] * (len(items) - 1)}  # fmt: skip


ONE = record([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0]], [True, False, False, True])


def test_a_rationale_is_scored_half_by_its_answer_half_by_what_it_teaches():
    assert teaching(ONE, set(ITEMS)) == [1, 0.5, 0, 0.75]
    assert scores(ONE, set(ITEMS)) == [1, 0.25, 0, 0.875]
    assert scores(ONE, {"a"}) == [1, 0.5, 0, 1]
    assert scores(record([[1, 0, 0, 0]], [None]), set(ITEMS)) == [0.25]


def test_pairs_differ_by_more_than_the_gap_better_first():
    assert pairs(ONE, set(ITEMS), 0.3, 8, "u") == [(0, 1), (0, 2), (3, 1), (3, 2)]
    assert pairs(ONE, set(ITEMS), 0.25, 8, "u") == [(0, 1), (0, 2), (3, 1), (3, 2)]  # .25 - 0 is no more than the gap
    assert (1, 2) in pairs(ONE, set(ITEMS), 0.24, 8, "u")
    assert pairs(ONE, set(ITEMS), 0.9, 8, "u") == [(0, 2)]
    assert pairs(ONE | {"texts": ["t0", " ", "t2", ""]}, set(ITEMS), 0.3, 8, "u") == [(0, 2)]


def test_no_more_pairs_than_the_cap_and_always_the_same_ones():
    drawn = pairs(ONE, set(ITEMS), 0.3, 2, "u")
    assert len(drawn) == 2
    assert set(drawn) < {(0, 1), (0, 2), (3, 1), (3, 2)}
    assert drawn == pairs(ONE, set(ITEMS), 0.3, 2, "u")
    assert {tuple(pairs(ONE, set(ITEMS), 0.3, 2, str(n))) for n in range(20)} != {tuple(drawn)}


def test_items_that_tell_rationales_apart_are_kept():
    # a and b go with ability; c is solved by chance, d by all
    rows = [[k >= 8, k >= 6, dice(k) < 0.5, True] for k in range(16)]
    held = {"s0/p000": record([list(map(int, r)) for r in rows], [True] * 16)}
    assert discriminating(held, 2) == {"a", "b"}
    assert discriminating(held, 0) == set(ITEMS)
    assert discriminating(held, 4) == set(ITEMS)


def test_items_are_chosen_per_exam():
    rows = [[int(k >= 8), int(k >= 6), 1, int(dice(k) < 0.5)] for k in range(16)]
    other = record([r[::-1] for r in rows], [True] * 16, items=["e", "f", "g", "h"])
    assert discriminating({"x": record(rows, [True] * 16), "y": other}, 2) == {"a", "b", "g", "h"}


def test_reliability_is_the_stepped_up_correlation_of_halves():
    # every half of the exam gives the same score
    same = record([[1, 1, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]], [True] * 3)
    assert reliability({"u": same}, set(ITEMS), 0) == pytest.approx(1)
    # of two items the halves are always these two columns: their correlation is 0.5, stepped up 2 r / (1 + r)
    two = record([[1, 1], [1, 1], [0, 0], [1, 0], [0, 1], [0, 0], [1, 1], [0, 0]], [True] * 8, items=["a", "b"])
    assert reliability({"u": two}, {"a", "b"}, 0) == pytest.approx(2 * 0.5 / 1.5)
    assert reliability({"u": record([[1, 1], [1, 1]], [True] * 2, items=["a", "b"])}, {"a", "b"}, 0) is None


def test_a_problem_that_is_easier_for_all_makes_no_reliability():
    easy = record([[1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 1, 0]], [True] * 4)
    hard = record([[0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]], [True] * 4)
    found = reliability({"e": easy, "h": hard}, set(ITEMS), 0)
    assert found is not None
    assert found < 0


def test_lines_are_in_the_trainers_conversational_format():
    s = Settings(seeds=(0,), exam=4)
    found = [json.loads(line) for line in lines(s, {"s0/p000": ONE})]
    assert len(found) == 4
    assert found[0] == {
        "prompt": [{"role": "user", "content": "Q"}],
        "chosen": [{"role": "assistant", "content": "t0"}],
        "rejected": [{"role": "assistant", "content": "t1"}],
        "chosen_score": 1.0, "rejected_score": 0.25, "unit": "s0/p000",
    }  # fmt: skip


def test_no_pair_no_word():
    flat = record([[1, 0, 1, 0], [1, 0, 0, 1]], [True, True])
    assert analyze(Settings(exam=4), {"s0/p000": flat}).silent == "no two rationales differ by more than 0.3"


SKILL = "counting.add_within_20"
SETTINGS = {"skills": [SKILL], "problems": 3, "samples": 4, "exam": 4, "shots": 1}


def planted(body):
    """Right rationales teach all, wrong ones a quarter."""
    exam = exam_of(body)
    if exam is None:
        return f"What is {2 + body['seed'] % 7} + {3 + body['seed'] % 5}?"
    return pairs_that_teach(exam, body, shots=1, right=0.5, luck=0.25)


def test_a_run_writes_pairs_of_good_over_bad_rationales_and_a_card(tmp_path):
    summary, _ = ran("prefer", SETTINGS, planted, tmp_path)
    written = [json.loads(x) for x in (Path(summary["run"]) / "preferences.jsonl").read_text().splitlines()]
    assert written
    for line in written:
        assert "good" in line["chosen"][0]["content"]
        assert "bad" in line["rejected"][0]["content"]
        assert [m["role"] for m in line["prompt"]] == ["system", "user"]
        assert line["chosen_score"] - line["rejected_score"] > 0.3
    card = (Path(summary["run"]) / "card.md").read_text()
    assert f"- Pairs of rationales: {len(written)} of " in card
    assert "Teacher: scripted; student: scripted" in card
    assert row(summary, "chosen") == 1
    assert summary["claims"] == []  # chosen are above rejected by construction
    assert summary["calls"] == estimate_cost("prefer", Recipe(teach={"prefer": SETTINGS})).calls


def test_questions_are_scored_by_what_they_teach_and_copies_are_left_out(tmp_path):
    def script(body):
        exam = exam_of(body)
        if exam is None:
            return user_of(body).splitlines()[1] if body["seed"] % 2 else f"What is {2 + body['seed'] % 7} + 4?"
        return planted(body)

    settings = {**SETTINGS, "kind": "question", "samples": 6}
    summary, model = ran("prefer", settings, script, tmp_path)
    asked = [b for b in model.seen if system_of(b).startswith("You write practice problems")]
    assert len(asked) == 3 * 6
    copied = sum(b["seed"] % 2 for b in asked)
    assert f"{copied} questions could not be used (no text, no answer, or a copy)" in summary["notes"]
    assert summary["calls"] == estimate_cost("prefer", Recipe(teach={"prefer": settings})).calls
    path = Path(summary["run"]) / "preferences.jsonl"
    for line in map(json.loads, path.read_text().splitlines() if path.exists() else []):
        assert line["chosen"][0]["content"].endswith(" + 4?")
        assert line["prompt"][0]["content"] == "You write practice problems for students."


def test_what_is_a_usable_question():
    known = {"what is 2 + 3?"}
    assert usable(Exemplar("What is  4 + 3?", "", "7"), known) == "What is  4 + 3?"
    assert usable(Exemplar("What is 2  + 3?", "", "5"), known) == ""
    assert usable(Exemplar("What is 4 + 3?", "", ""), known) == ""


def test_one_exam_for_all_rationales_of_a_skill_where_items_are_chosen(tmp_path):
    summary, model = ran("prefer", {**SETTINGS, "exam_from": "skill", "keep": 2}, planted, tmp_path)
    asked = {e.question for b in model.seen if (e := exam_of(b)) is not None and b["max_tokens"] != 200}
    assert len(asked) == 4
    assert "exam items that count: 2 of 4" in summary["notes"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"keep": 2}, 'keep picks items that all rationales met: it needs exam_from = "skill"'),
        ({"kind": "lesson"}, "kind: "),
        ({"gapp": 0.2}, "unknown key gapp; did you mean gap?"),
    ],
)
def test_bad_settings_are_named(settings, message):
    with pytest.raises(InputError) as caught:
        settings_of("prefer", Recipe(teach={"prefer": settings}))
    assert message in str(caught.value)
