"""supervise: examples with controlled errors, and planted students who copy one kind of them."""

import pytest

from classwright.graphs.teach.job import settings_of
from classwright.graphs.teach.supervise import RATES, arm, material, spoil
from classwright.runs.recipe import Recipe
from classwright.skilltree.bank import problems
from tests.graphs.scripted_school import dice, exam_of, ran, row, said, solve

SETTINGS = {"problems": 12, "examples": 4, "seeds": [0, 1]}


def true_steps(question: str, shown: str) -> bool:
    return str(solve(question)) in shown.rsplit("\n", 1)[0].rsplit("= ", 1)[-1]


def true_answer(question: str, shown: str) -> bool:
    return shown.rsplit("ANSWER: ", 1)[-1] == str(solve(question))


def copies(kind):
    """A student who errs as often as its examples do, in the kind that it looks at; half right without any."""

    def script(body):
        exam = exam_of(body)
        assert exam is not None
        good = [kind(q, w) for q, w in exam.shown]
        p = sum(good) / len(good) if good else 0.5
        return said(exam.question, right=dice(exam.question) < 0.1 + 0.8 * p)

    return script


@pytest.mark.parametrize(("kind", "name"), [(true_steps, "steps"), (true_answer, "outcomes")])
def test_the_kind_of_error_that_a_student_copies_is_found_at_matched_levels_of_the_other(tmp_path, kind, name):
    summary, _ = ran("supervise", SETTINGS, copies(kind), tmp_path)
    other = {"steps": "outcomes", "outcomes": "steps"}[name]
    assert row(summary, f"{name} 100% wrong") < row(summary, f"{name} 50% wrong") < row(summary, f"{name} 0% wrong")
    assert row(summary, f"{other} 100% wrong") == row(summary, f"{other} 0% wrong")
    claims = summary["claims"]
    assert any(line.startswith(f"{name} 100% wrong is below {name} 0% wrong: ") for line in claims)
    assert any(line.startswith(f"no difference between {other} 100% wrong and {other} 0% wrong") for line in claims)
    assert summary["calls"] == 2 * 10 * 12


def test_errors_come_at_the_rate_that_is_asked_for_and_one_kind_leaves_the_other_alone():
    drawn = problems("counting.add_within_20", 4, 1, 1)
    for o in RATES:
        for w in RATES:
            made = material(drawn, o, w, 3)
            bad_answers = sum(e.answer != p.answer for e, p in zip(made, drawn, strict=True))
            bad_steps = sum(e.rationale != "\n".join(p.steps) for e, p in zip(made, drawn, strict=True))
            assert (bad_answers, bad_steps) == (4 * o, 4 * w)


def test_a_wrong_step_keeps_its_form():
    p = problems("counting.subtract_within_10", 1, 2, 1)[0]
    made = spoil(p, outcome=False, step=True, seed=1)
    assert made.answer == p.answer
    for right, wrong in zip(p.steps, made.rationale.splitlines(), strict=True):
        assert right != wrong
        assert "".join(c for c in right if not c.isdigit()) == "".join(c for c in wrong if not c.isdigit())


def test_arms_are_named_by_their_rates():
    assert arm(0.5, 1) == "outcomes 50% wrong, steps 100% wrong"


@pytest.mark.parametrize(("right", "word"), [(True, "ceiling"), (False, "floor")])
def test_a_student_without_room_silences_it(tmp_path, right, word):
    def script(body):
        exam = exam_of(body)
        assert exam is not None
        return said(exam.question, right=right)

    summary, _ = ran("supervise", {"problems": 4, "seeds": [0]}, script, tmp_path)
    assert word in summary["silent"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"skills": ["counting.add_within_5"], "problems": 20}, "has only 10 different problems at level 1"),
        ({"shots": 3}, "unknown key shots"),
        (
            {"skills": ["geometry.quadrilaterals"], "problems": 2, "examples": 2},
            "code cannot make a wrong answer and wrong steps for geometry.quadrilaterals",
        ),
    ],
)
def test_bad_settings_are_named(settings, message):
    from classwright.errors import InputError

    with pytest.raises(InputError) as caught:
        settings_of("supervise", Recipe(teach={"supervise": settings}))
    assert message in str(caught.value)
