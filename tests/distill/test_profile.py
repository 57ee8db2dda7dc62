"""The missing-skill profile."""

import pytest

from classwright.distill.exam_result import Answered
from classwright.distill.profile import diagnose, missing_skills, profile


def answers(skill: str, right: int, wrong: int, kind: str = "held_out") -> list[Answered]:
    marks = [True] * right + [False] * wrong
    return [Answered(id=f"{skill}/{kind}/{n}", skill=skill, kind=kind, right=m) for n, m in enumerate(marks)]


def test_shares_have_wilsons_interval():
    (s,) = profile(answers("add", 8, 2))
    assert (s.items, s.right, s.accuracy) == (10, 8, 0.8)
    assert (s.low, s.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)  # Wilson 1927, 8 of 10
    assert s.missing == pytest.approx(0.2)


def test_what_is_surely_missing_stands_first():
    exam = [*answers("few", 0, 3), *answers("many", 10, 90), *answers("known", 95, 5)]
    assert [s.skill for s in profile(exam)] == ["many", "few", "known"]
    assert missing_skills(profile(exam)) == ["many", "few"]
    assert missing_skills(profile(answers("few", 1, 1))) == []  # two items show nothing


def test_planted_deficits_are_the_top_of_the_profile():
    exam = [a for n in range(10) for a in answers(f"s{n}", 3 if n in (2, 5, 7) else 18, 17 if n in (2, 5, 7) else 2)]
    assert [s.skill for s in profile(exam)[:3]] == ["s2", "s5", "s7"]


def test_kinds_missing_judgments_and_repeats():
    exam = [*answers("add", 1, 0), *answers("add", 0, 4, "longer"), Answered(id="u", skill="add", right=None)]
    assert profile(exam)[0].accuracy == pytest.approx(0.2)
    assert profile(exam, ["held_out"])[0].accuracy == 1.0
    twice = [Answered(id="i", skill="add", right=m) for m in (True, False)]
    assert (profile(twice)[0].items, profile(twice)[0].right) == (1, 0.5)
    assert profile([Answered(id="u", skill="add", right=None)]) == []


def test_we_maths_rates_over_composed_items():
    def a(name, right):
        return Answered(id=name, skill="s", right=right)

    exam = [a("ik", False), a("ik#1", False), a("ig", False), a("ig#1", True), a("cm", True), a("cm#1", True),
            a("rm", True), a("rm#1", False)]  # fmt: skip
    r = diagnose(exam)
    assert r is not None
    assert (r.n, r.ik, r.ig, r.cm, r.rm, r.rm_rate, r.score) == (4, 0.25, 0.25, 0.25, 0.25, 0.5, 0.375)
    assert diagnose(answers("add", 2, 2)) is None
