"""iterate: material that answers the planted failures repairs them; reflecting on random answers does not."""

import re

import pytest

from classwright.errors import InputError
from classwright.graphs.teach.iterate import seen_by_teacher
from classwright.graphs.teach.job import estimate_cost, settings_of
from classwright.graphs.teach.school import Answer
from classwright.runs.recipe import Recipe
from classwright.skilltree.bank import problems
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_school import dice, exam_of, ran, records, row, said, solve, system_of, user_of

SKILL = "counting.subtract_within_10"
SETTINGS = {"skills": [SKILL], "level": 3, "exam": 12, "students": 2, "rounds": 2, "candidates": 2, "shots": 1}
LINE = re.compile(r"^student (\d+) on '(.*)' answered '(.*)'; right is (\S+)$", re.M)


def result(question: str) -> int:
    return solve(question) - int(question.rstrip("?").split(" - ")[-1])


def fails(question: str) -> bool:
    return dice("fails", question) < 0.4


def planted(body):
    """Students fail two of five problems until the material has the rule; the teacher sees it in failures alone."""
    exam = exam_of(body)
    if exam is not None:
        return f"Work.\nANSWER: {result(exam.question) + (fails(exam.question) and 'RULE' not in exam.taught)}"
    if "improves" not in system_of(body):
        return "Count back."
    seen = LINE.findall(user_of(body))
    failed = [answer != right for _, _, answer, right in seen]
    if "what does the material lack" in user_of(body):
        return "It lacks the RULE." if seen and all(failed) else "It lacks nothing."
    return "Count back. RULE." if "lacks the RULE" in user_of(body) else "Count back well."


def test_failures_are_repaired_and_the_random_ablation_is_not(tmp_path):
    summary, _ = ran("iterate", {**SETTINGS, "seeds": [0, 1]}, planted, tmp_path)
    assert row(summary, "failures") == 1
    assert row(summary, "random") == row(summary, "first material") == row(summary, "no material") < 0.75
    assert summary["tables"][0]["rows"][0]["value"]["items"] == 24  # problems
    assert summary["tables"][0]["rows"][0]["value"]["values"] == 48  # answered by two students
    assert any(line.startswith("failures is above random: ") for line in summary["claims"])
    for record in records(summary).values():
        assert record["material"]["failures"] == "Count back. RULE."


def test_the_cost_that_is_named_is_the_calls_that_are_made(tmp_path):
    settings = {**SETTINGS, "beam": 2, "rounds": 3, "exam": 4}
    summary, _ = ran("iterate", settings, planted, tmp_path)
    assert summary["calls"] == estimate_cost("iterate", Recipe(teach={"iterate": settings})).calls


def test_students_differ_and_no_exam_problem_is_a_worked_example(tmp_path):
    _, model = ran("iterate", {**SETTINGS, "exam": 6, "shots": 2}, planted, tmp_path)
    asked = [(exam, body["temperature"]) for body in model.seen if (exam := exam_of(body)) is not None]
    questions = {exam.question for exam, _ in asked}
    assert len(questions) == 12
    assert not questions & {q for exam, _ in asked for q, _ in exam.shown}
    assert len({(tuple(exam.shown), t) for exam, t in asked}) == 2
    assert {t for _, t in asked} == {0.0, 0.5}


def test_a_teacher_who_writes_nothing_keeps_the_first_material(tmp_path):
    def mute(body):
        return "" if "improves" in system_of(body) else planted(body)

    summary, _ = ran("iterate", {**SETTINGS, "exam": 4}, mute, tmp_path)
    assert next(iter(records(summary).values()))["material"] == {
        "": "Count back.", "failures": "Count back.", "random": "Count back.",
    }  # fmt: skip


def test_what_the_teacher_sees():
    p = problems(SKILL, 6, 1, 1)
    answers = [Answer("student 1", q, "99" if n < 2 else q.answer, n >= 2) for n, q in enumerate(p)]
    failures = seen_by_teacher("failures", answers, "x")
    assert sorted(LINE.findall(failures)) == sorted(("1", q.text, "99", q.answer) for q in p[:2])
    assert len(LINE.findall(seen_by_teacher("random", answers, "x"))) == 4
    assert seen_by_teacher("failures", answers[2:], "x") == "No student failed."


REPAIRS = {m.id: m.repair for m in default_tree().misconceptions_of(SKILL)}


def tutor_of_ideas(body):
    """A teacher who writes the repair of an idea whose wrong answers it sees: too large by one, or the sum."""
    if "improves" not in system_of(body):
        return "Take the second number away from the first."
    found = {
        "counting.adds_for_take_away" if int(said_) == int(a) + int(b) else "counting.counts_back_from_the_start_number"
        for a, b, said_, right in re.findall(r"(\d+) - (\d+)\S* answered '(\d+)'; right is (\d+)", user_of(body))
        if int(said_) in (int(a) + int(b), int(right) + 1)
    }
    return " ".join(REPAIRS[m] for m in sorted(found)) or "Take away."


def test_students_of_code_are_repaired_by_material_that_answers_their_misconception(tmp_path):
    settings = {
        "skills": [SKILL],
        "exam": 10,
        "students": 4,
        "students_kind": "knowledge",
        "rounds": 3,
        "seeds": [0, 1],
    }
    summary, model = ran("iterate", settings, tutor_of_ideas, tmp_path)
    assert row(summary, "failures") > row(summary, "first material") >= row(summary, "no material")
    assert all(exam_of(body) is None for body in model.seen)  # only the teacher is a model
    assert summary["calls"] == estimate_cost("iterate", Recipe(teach={"iterate": settings})).calls


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"skills": [SKILL], "exam": 11}, "has only 21 different problems at level 1, fewer than the 22 asked for"),
        ({"file": "x.jsonl"}, "unknown key file"),
        ({"students_kind": "persona"}, "students_kind: "),
    ],
)
def test_bad_settings_are_named(settings, message):
    with pytest.raises(InputError) as caught:
        settings_of("iterate", Recipe(teach={"iterate": settings}))
    assert message in str(caught.value)


def test_students_without_room_silence_it(tmp_path):
    def wrong(body):
        exam = exam_of(body)
        return planted(body) if exam is None else said(exam.question, right=False)

    summary, _ = ran("iterate", {**SETTINGS, "level": 1, "exam": 4}, wrong, tmp_path)
    assert "at the floor in every arm" in summary["silent"]
    assert summary["claims"] == []
