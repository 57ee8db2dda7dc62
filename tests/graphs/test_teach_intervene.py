"""intervene: a perfect mental model reaches the oracle, noise equals chance, a misaligned teacher does harm."""

from itertools import permutations
from random import Random

import pytest

from classwright.errors import InputError
from classwright.graphs.teach.intervene import BUDGETS, ORDERS, Order, Settings, analyze, area, areas, curve, orders
from tests.graphs.scripted_school import chance, dice, exam_of, means, ran, row, said, system_of, user_of


def item(alone: bool, personal: bool, *, predicted: float = 0.0, plain: bool | None = None, astray: bool = False):
    return {"alone": alone, "personal": personal, "plain": personal if plain is None else plain, "astray": astray,
            "predicted_alone": 0.0, "predicted_helped": predicted, "confidence": float(alone)}  # fmt: skip


def school(n: int, seed: int, predict) -> list[dict]:
    """Half are right alone; explanations help half of the others and confuse a tenth of those who were right."""
    rng = Random(seed)
    out = []
    for _ in range(n):
        alone = rng.random() < 0.5
        personal = rng.random() > 0.1 if alone else rng.random() < 0.5
        out.append(item(alone, personal, predicted=predict(alone, personal, rng), plain=alone))
    return out


def perfect(alone: bool, personal: bool, rng: Random) -> float:
    return float(personal) - float(alone)


def noise(alone: bool, personal: bool, rng: Random) -> float:
    return rng.random()


def outcome_of(predict, seeds: int = 20, n: int = 20):
    s = Settings(seeds=tuple(range(seeds)), problems=n)
    return analyze(s, {f"s{k}": {"items": school(n, k, predict)} for k in range(seeds)})


def test_a_perfect_mental_model_reaches_the_oracle():
    found = means(outcome_of(perfect))
    assert found["utility"] == found["oracle"]
    assert found["utility"] > found["random"] > found["no help"]
    spearman = outcome_of(perfect).figures["Spearman of predicted and true utility, within a seed"]
    assert spearman.mean == pytest.approx(1)
    assert any(line.startswith("utility is above random: ") for line in outcome_of(perfect).claims())


def test_a_mental_model_that_is_noise_equals_chance_within_the_interval():
    outcome = outcome_of(noise)
    against = next(e for e in outcome.tables[0].effects if e.control == "random")
    assert against.difference.low is not None
    assert against.difference.high is not None
    assert against.difference.low < 0 < against.difference.high
    assert any(line.startswith("no difference between utility and random was shown") for line in outcome.claims())


def test_over_all_rankings_that_noise_can_make_utility_is_exactly_random():
    items = school(5, 3, noise)
    by_noise = []
    for scores in permutations((0.1, 0.2, 0.3, 0.4, 0.5)):
        ranked = [{**i, "predicted_helped": s} for i, s in zip(items, scores, strict=True)]
        by_noise.append(area(curve(ranked, orders(ranked, 0)["utility"])))
    every = Order([list(p) for p in permutations(range(5))], "personal")
    assert sum(by_noise) / len(by_noise) == pytest.approx(area(curve(items, every)))
    # and that is the straight line between no help and help for all
    none, all_ = sum(i["alone"] for i in items) / 5, sum(i["personal"] for i in items) / 5
    assert curve(items, every) == pytest.approx([none + b * (all_ - none) for b in BUDGETS])


def test_a_budget_helps_the_first_of_the_order():
    items = [item(False, True, predicted=0.1), item(True, True, predicted=0.9), item(False, True, predicted=0.5),
             item(False, False, predicted=0.4), item(True, False, predicted=0.2)]  # fmt: skip
    order = orders(items, 0)["utility"]
    assert order.orders == [[1, 2, 3, 4, 0]]
    assert curve(items, order) == pytest.approx([2 / 5, 2 / 5, 3 / 5, 3 / 5, 2 / 5, 3 / 5])
    assert area(curve(items, order)) == pytest.approx(0.2 * (0.2 + 0.4 + 0.6 + 0.6 + 0.4 + 0.3))
    assert sum(areas(items, order)) / 5 == pytest.approx(area(curve(items, order)))
    assert area([1] * 6) == pytest.approx(1)


def test_the_misaligned_teacher_picks_the_lowest_utility_and_random_is_many_orders():
    items = school(9, 1, noise)
    made = orders(items, 4)
    assert made["misaligned"].orders[0] == made["utility"].orders[0][::-1]
    assert made["misaligned"].explanation == "astray"
    assert len(made["random"].orders) == ORDERS
    assert len({tuple(o) for o in made["random"].orders}) == ORDERS


def test_a_problem_without_a_prediction_is_left_out_and_counted():
    items = school(20, 0, perfect)
    items[3]["predicted_helped"] = None
    outcome = analyze(Settings(problems=20), {"s0": {"items": items}})
    assert all(r.value.items == 19 for r in outcome.tables[0].rows)
    assert any(note.startswith("1 problems are left out") for note in outcome.notes)


def test_nothing_is_said_where_no_explanation_changes_anything():
    items = [item(n % 2 == 0, n % 2 == 0, astray=n % 2 == 0) for n in range(10)]
    assert analyze(Settings(problems=10), {"s0": {"items": items}}).silent == "no explanation changed any outcome"


SETTINGS = {"skills": ["counting.add_within_20"], "problems": 15, "examples": 2, "shots": 1, "seeds": [0, 1]}


def helpless(question: str) -> bool:
    return dice("hard", question) < 0.6


def understands(question: str) -> bool:
    return dice("understands", question) < 0.6


def planted(body, logprobs: bool = True):
    """Explanations help where the student understands; the mental model knows it all."""
    exam = exam_of(body)
    if exam is not None:
        right = not helpless(exam.question)
        if "Trap" in exam.taught:
            right = False
        elif "Hint" in exam.taught:
            right = right or understands(exam.question)
        return said(exam.question, right=right)
    system, user = system_of(body), user_of(body)
    if system.startswith("You explain"):
        return "Trap." if "astray" in system else "Hint."
    if not logprobs:
        return "A"
    question = user.rpartition("Problem: ")[2].splitlines()[0]
    right = not helpless(question) or ("Explanation given" in user.rpartition("Problem: ")[2] and understands(question))
    return chance(0.95 if right else 0.05)


def test_a_whole_run_with_planted_students(tmp_path):
    summary, model = ran("intervene", SETTINGS, planted, tmp_path)
    assert row(summary, "utility") == row(summary, "oracle")
    assert row(summary, "misaligned") < row(summary, "no help") < row(summary, "random") < row(summary, "utility")
    assert any(line.startswith("misaligned is below no help: ") for line in summary["claims"])
    asked = [user_of(body) for body in model.seen if system_of(body).startswith("You predict")]
    assert len(asked) == 2 * 2 * 15
    for prompt in asked:  # the gold answer of the problem is in no prompt of a prediction
        question = prompt.rpartition("Problem: ")[2]
        assert "ANSWER" not in question
        assert prompt.count("The student answered") == 2
    assert summary["calls"] == 2 * (15 * 10 + 2 * 3)


def test_an_endpoint_without_log_probabilities_is_named_after_one_problem(tmp_path):
    with pytest.raises(InputError, match="needs the log-probabilities of an answer, and the teacher's endpoint gives"):
        ran("intervene", SETTINGS, lambda body: planted(body, logprobs=False), tmp_path)
