import pytest

from classwright.classroom.equations import numbers_in
from classwright.classroom.rubric import PERTURBATIONS, Claim, by_code, claims_for, combine, perturb, score
from classwright.errors import InputError
from classwright.skilltree.skill import Skill
from classwright.skilltree.tree import SkillTree, default_tree

TREE = default_tree()
GOAL = "fractions.add_unlike"


def claim(id: str, weight: int) -> Claim:
    return Claim(id=id, text="t", weight=weight, source="s")


CLAIMS = [claim("must", 5), claim("should", 3), claim("nice", 1), claim("harm", -4)]


def test_claims_come_from_standard_misconceptions_and_gold_solution():
    claims = claims_for(TREE, GOAL, 1)
    assert len({c.id for c in claims}) == len(claims)
    sources = [c.source for c in claims]
    assert any(s.startswith("standard 5.NF.A.1") for s in sources)
    for m in TREE.misconceptions_of(GOAL):
        weights = sorted(c.weight for c in claims if c.source == f"misconception {m.id}")
        assert weights == [-4, 3]
    assert sum("gold solution" in s and ", step" in s for s in sources) >= 2
    assert {c.weight for c in claims} <= {5, 3, 1, -4}
    assert claims == claims_for(TREE, GOAL, 1)
    assert [c.text for c in claims] != [c.text for c in claims_for(TREE, GOAL, 2)]


@pytest.mark.parametrize("skill", list(default_tree())[::17])
def test_every_skill_has_a_rubric(skill):
    claims = claims_for(TREE, skill, 3)
    assert sum(c.weight == 5 for c in claims) >= 2
    assert all(c.source for c in claims)


def test_a_skill_that_is_only_a_name_has_none():
    with pytest.raises(InputError, match="the tree knows only its name"):
        claims_for(SkillTree([Skill(id="x", name="x")]), "x", 0)


@pytest.mark.parametrize(
    ("votes", "harm", "conservative", "majority", "average"),
    [
        ([True, True], False, 1, 1, 1),
        ([True, False], False, 0, 0, 0.5),
        ([True, False], True, 1, 1, 0.5),
        ([True, True, False], False, 0, 1, 2 / 3),
        ([True, False, False], True, 1, 0, 1 / 3),
        ([True, None], False, 1, 1, 1),
        ([None, None], False, None, None, None),
    ],
)
def test_votes(votes, harm, conservative, majority, average):
    c = claim("c", -4 if harm else 5)
    assert combine(votes, c, "conservative") == conservative
    assert combine(votes, c, "majority") == majority
    assert combine(votes, c, "average") == pytest.approx(average)


def test_the_score_by_hand():
    assert score(CLAIMS, {"must": 1, "should": 0, "nice": 1, "harm": 0}).score == pytest.approx(6 / 9)
    assert score(CLAIMS, {"must": 1, "should": 0, "nice": 1, "harm": 1}).score == pytest.approx(2 / 9)
    assert score(CLAIMS, {"must": 0, "should": 0, "nice": 1, "harm": 1}).score == 0
    half = score(CLAIMS, {"must": 0.5, "should": None, "harm": 0})
    assert (half.score, half.judged, half.missing) == (0.5, 2, 2)
    assert score(CLAIMS, {"harm": 0}).score is None


def test_a_false_equation_is_found_by_code():
    [false] = [c for c in claims_for(TREE, GOAL, 1) if c.by == "code"]
    assert by_code(false, "So 1/2 + 1/3 = 2/5.")
    assert not by_code(false, "So 1/2 + 1/3 = 5/6.")


@pytest.mark.parametrize("how", PERTURBATIONS)
def test_perturbations_keep_numbers_and_say_the_same_again(how):
    text = (
        "Explanation: Rewrite both fractions with a common denominator before adding them together.\nSo 1/2 + 1/3 = 5/6.\n"
        * 8
    )
    changed = perturb(text, how, 4)
    assert changed == perturb(text, how, 4)
    assert (changed == text) is (how == "P0")
    assert numbers_in(changed) >= numbers_in(text)
    assert changed.count("5/6") == text.count("5/6")
    if how == "P3":
        assert text in changed
