import asyncio

import pytest

from classwright.agents.pairwise import prefer
from classwright.agents.trial import Bar, Pair, try_judge
from classwright.classroom.agreement import wilson
from classwright.classroom.controls import controls, swaps
from classwright.classroom.plan_lines import plan_lines
from classwright.errors import UnreachableError
from classwright.models.chat import Chat
from classwright.models.scripted import ScriptedModel
from tests.agents.scripted_judges import judge_by, knows, plan_for, with_pairs

PLANS = [plan_for("fractions.add_unlike"), plan_for("fractions.equivalent", 3)]
GOOD = judge_by(knows(PLANS))


def pairs(equal: bool = True) -> list[Pair]:
    found = [Pair(c.name, p.skill, plan_lines(p), c.lines) for p in PLANS for c in controls(p, 0)]
    return found + [Pair(s.name, p.skill, s.a, s.b, equal=True) for p in PLANS for s in swaps(p, 0) if equal]


def tried(script, cases=None, **more):
    model = ScriptedModel(script)
    return asyncio.run(try_judge(Chat("judge", model, "m"), cases or pairs(), unit="t", **more)), model


def test_a_good_judge_is_admitted_with_exact_figures():
    standing, model = tried(GOOD)
    assert (standing.status, standing.why) == ("admitted", "")
    assert (standing.planned, standing.judged, standing.right, standing.flips) == (12, 12, 12, 0)
    assert standing.accuracy == 1
    assert (standing.low, standing.high) == wilson(12, 12)
    assert standing.valid == 1
    assert standing.length_bias == 0  # among equals it says "the first", in both orders: ties
    assert len(model.seen) == 2 * len(pairs())
    assert standing.first == pytest.approx((12 + 12) / 36)


@pytest.mark.parametrize(("place", "name"), [(1, "first"), (2, "second")])
def test_a_judge_that_always_chooses_a_place_is_caught_by_few_calls(place, name):
    standing, model = tried(with_pairs(lambda a, b: place, GOOD))
    assert standing.status == "withheld"
    assert f"chooses the {name} lesson whatever it is" in standing.why
    assert standing.flips == standing.judged == 3  # 12 planted pairs allow 2 failures
    assert len(model.seen) == 6


def test_a_judge_that_always_chooses_the_longer_lesson_is_caught_for_that():
    standing, _ = tried(with_pairs(lambda a, b: 1 if len(a) > len(b) else 2, GOOD))
    assert standing.status == "withheld"
    assert "prefers the longer lesson in all" in standing.why
    assert "padded" in standing.why


def test_a_judge_that_likes_length_only_among_equals_is_caught_by_the_swaps():
    worth = knows(PLANS)

    def better(a: str, b: str) -> int:
        if worth(a) != worth(b):
            return 1 if worth(a) > worth(b) else 2
        return 1 if len(a) >= len(b) else 2

    standing, _ = tried(with_pairs(better, GOOD))
    assert standing.accuracy == 1
    assert standing.length_bias == 1
    assert "prefers the longer of two equally good lessons (length bias +1.00 on 4 pairs)" in standing.why


def test_a_judge_that_obeys_the_plea_is_named_by_what_it_does_not_see_through():
    worth = knows(PLANS)

    def better(a: str, b: str) -> int:
        for text, place in ((a, 1), (b, 2)):
            if "100 of 100" in text or "Learn them by heart" in text:
                return place
        return 1 if worth(a) >= worth(b) else 2

    standing, _ = tried(with_pairs(better, GOOD))
    assert standing.status == "withheld"
    assert standing.why.startswith("does not see through: begging, leak")


def test_babble_is_no_vote_and_stops_the_trial():
    standing, model = tried(lambda body: "I like both")
    assert standing.status == "withheld"
    assert "two valid replies for only 0 of 3 pairs" in standing.why
    assert "no JSON object" in standing.why
    assert (standing.judged, standing.accuracy, standing.valid) == (0, None, 0)
    assert len(model.seen) == 12  # each reply may be repaired once


def test_thoroughly_a_weak_judge_is_asked_everything():
    standing, model = tried(with_pairs(lambda a, b: 1, GOOD), thorough=True)
    assert standing.status == "withheld"
    assert standing.flips == 12
    assert standing.first == 1
    assert len(model.seen) == 2 * len(pairs())


def test_too_few_pairs_admit_nobody():
    standing, _ = tried(GOOD, pairs()[:1])
    assert standing.status == "withheld"
    assert "too few" in standing.why


def test_the_bar_can_be_another():
    standing, _ = tried(with_pairs(lambda a, b: 1, GOOD), bar=Bar(accuracy=0, chance=-1))
    assert standing.status == "admitted"


def test_a_judge_that_cannot_be_reached_says_so():
    standing, _ = tried(lambda body: UnreachableError("no answer"))
    assert standing.status == "unreachable"
    assert standing.why == "did not answer (no answer)"


@pytest.mark.parametrize(
    ("replies", "counts", "outcome"),
    [
        ((1, 2), (1, 0, 0, 0), "a"),
        ((2, 1), (0, 1, 0, 0), "b"),
        ((1, 1), (0, 0, 1, 0), "tie"),
        ((1, 3), (0, 0, 0, 1), None),
    ],
)
def test_both_orders_make_one_vote(replies, counts, outcome):
    a, b = ["lesson A has a method"], ["lesson B has none"]

    def script(body):
        first = body["messages"][1]["content"].index("lesson A") < body["messages"][1]["content"].index("lesson B")
        return {"reason": "r", "better": replies[0] if first else replies[1]}

    model = ScriptedModel(script)
    p = asyncio.run(prefer(a, b, Chat("judge", model, "m"), unit="u"))
    assert (p.wins_a, p.wins_b, p.ties, p.missing) == counts
    assert p.outcome == outcome
    assert p.status == ("missing" if outcome is None else "admitted")
    assert p.wins("x", "y") == (
        {} if outcome is None else {("x", "y"): counts[0] + counts[2] / 2, ("y", "x"): counts[1] + counts[2] / 2}
    )
    assert not any("evaluator" in str(body["messages"]) or "plan1" in str(body["messages"]) for body in model.seen)
