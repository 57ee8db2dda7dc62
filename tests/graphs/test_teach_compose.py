"""compose: a planted student who learned to compose, at equal words, and one who did not."""

import re

import pytest

from classwright.classroom.chains import OPERATIONS, Chain, Step
from classwright.graphs.teach.compose import ARMS, Settings, analyze, exams, material
from classwright.graphs.teach.job import estimate_cost, settings_of
from classwright.runs.recipe import Recipe
from tests.graphs.scripted_school import exam_of, ran, row

SAYS = {"Take away": "subtract", "Double": "double", "Go to the next": "next", "Go down": "ten below",
        "Add ten": "ten more", "Add": "add"}  # fmt: skip


def work(question: str, most: int) -> str:
    """A chain worked right for its first `most` steps; then every number stays."""
    start, told = re.match(r"Start with (\d+)\. (.*) What do you get\?", question).groups()  # pyright: ignore[reportOptionalMemberAccess]
    n, lines = int(start), []
    for k, says in enumerate(re.findall(r"[A-Z][^.]*\.", told)):
        skill = next(s for words, s in SAYS.items() if says.startswith(words))
        by = int(re.sub(r"\D", "", says) or 0)
        after = {"add": n + by, "subtract": n - by, "double": 2 * n, "next": n + 1, "ten more": n + 10,
                 "ten below": n - n % 10}[skill]  # fmt: skip
        n = after if k < most else n - 100
        lines.append(f"{says} {n}")
    return "\n".join(lines) + f"\nANSWER: {n}"


def planted(body):
    """Works as many steps as the longest example has, and one more where it saw two lengths."""
    exam = exam_of(body)
    assert exam is not None
    lengths = {len(shown.splitlines()) - 1 for _, shown in exam.shown}
    return work(exam.question, max(lengths) + (len(lengths) > 1))


def test_who_saw_composed_skills_composes_more_of_them(tmp_path):
    summary, _ = ran("compose", {"items": 5, "seeds": [0, 1]}, planted, tmp_path)
    by_title = {t["title"]: n for n, t in enumerate(summary["tables"])}
    assert len(by_title) == 9
    four, five = by_title["skill fraction, k = 4"], by_title["skill fraction, k = 5"]
    assert row(summary, "k = 2, 3", four) == 1
    assert row(summary, "k = 2, 3", five) == pytest.approx(0.8)
    assert row(summary, "k = 1", four) == row(summary, "nothing", four) == pytest.approx(0.25)
    assert row(summary, "k = 2, 3", by_title["full marks, k = 4"]) == 1
    assert row(summary, "k = 2, 3", by_title["full marks, k = 5"]) == 0
    assert row(summary, "k = 2, 3", by_title["all skills, k = 4"]) == 1
    assert row(summary, "k = 1", by_title["skill fraction, held-out skills"]) == 0.5
    assert any(": k = 2, 3 is above k = 1: " in line for line in summary["claims"])
    assert summary["calls"] == estimate_cost("compose", Recipe(teach={"compose": {"items": 5, "seeds": [0, 1]}})).calls
    p = [e for t in summary["tables"] for e in t["effects"]]
    assert len(p) == 18
    assert max(e["adjusted"] for e in p) == 1
    least = min(e["p"] for e in p)
    assert min(e["adjusted"] for e in p) == pytest.approx(18 * least)  # over all tables together


@pytest.mark.parametrize("seed", range(4))
def test_arms_are_equal_in_words_and_different_in_length(seed):
    s = Settings()
    used = {}
    for arm in ARMS:
        shown = material(arm, s, seed)
        used[arm] = sum(len(e.question.split()) + len(e.rationale.split()) + 2 for e in shown)
        lengths = {len(e.rationale.splitlines()) for e in shown}
        assert lengths == {"k = 2, 3": {2, 3}, "k = 1": {1}, "nothing": {1}}[arm]
    assert used["k = 1"] <= s.words
    assert used["k = 2, 3"] <= s.words
    assert abs(used["k = 1"] - used["k = 2, 3"]) < 0.25 * s.words


def test_no_example_shows_a_held_out_skill():
    s = Settings()
    shown = " ".join(e.question for e in material("k = 2, 3", s, 0) + material("k = 1", s, 0))
    assert "Go down" not in shown
    assert "Add ten" not in shown
    assert {step.skill for c in exams(s, 0)["held-out skills"] for step in c.steps} == set(s.held_out)
    assert [len(c.steps) for c in exams(s, 0)["k = 5"]] == [5] * s.items


def test_every_operation_is_done_as_it_is_told():
    for skill in OPERATIONS:
        from random import Random

        says, result = OPERATIONS[skill](24, Random(1))
        problem = Chain(24, (Step(skill, says, result),))
        assert work(problem.text, 1).endswith(f"ANSWER: {result}")


@pytest.mark.parametrize(("marks", "word"), [([0, 0, 0.0], "floor"), ([1, 1, 1.0], "ceiling")])
def test_a_student_without_room_silences_it(marks, word):
    arms = {arm: {test: [marks] * 4 for test in ("k = 4", "k = 5", "held-out skills")} for arm in ARMS}
    record = {"arms": arms, "examples": dict.fromkeys(ARMS, 2)}
    assert word in analyze(Settings(items=4, seeds=(0,)), {"s0": record}).silent


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"skills": ["add", "divide"]}, "skills: there is no divide; there are add, "),
        ({"held_out": ["add"]}, "held_out: add is taught as well"),
        ({"skills": ["add"]}, "needs at least two taught skills"),
        ({"held_out": []}, "needs at least two taught skills and one held out"),
        ({"skills": ["double", "ten below"], "held_out": ["next"], "seeds": [1, 1]}, "a seed twice is one seed"),
        ({"word": 3}, "unknown key word; did you mean words?"),
    ],
)
def test_bad_settings_are_named(settings, message):
    from classwright.errors import InputError

    with pytest.raises(InputError) as caught:
        settings_of("compose", Recipe(teach={"compose": settings}))
    assert message in str(caught.value)
