"""order: the score against values worked out by hand, the allowed orders, and what agreement is worth."""

import numpy as np
import pytest

from classwright.graphs.teach.job import settings_of
from classwright.graphs.teach.order import (
    Settings,
    agreement,
    allowed,
    analyze,
    distances,
    forgetting,
    score,
)
from classwright.runs.recipe import Recipe
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_school import ran, row

D = np.array([
    [0.0, 0.1, 0.2, 0.3, 0.4],
    [0.1, 0.0, 0.5, 0.6, 0.7],
    [0.2, 0.5, 0.0, 0.8, 0.9],
    [0.3, 0.6, 0.8, 0.0, 1.0],
    [0.4, 0.7, 0.9, 1.0, 0.0],
])  # fmt: skip


def by_hand(order: tuple[int, ...]) -> float:
    """1 - v(c0), and for i = 0, 1, 2: 1 - D(c_i, c_(4-i)) + D(c_i, c_(i+1))."""
    a, b, c, d, e = order
    v = D.var(axis=1) / D.var(axis=1).sum()
    return (1 - v[a]) + (1 - D[a, e] + D[a, b]) + (1 - D[b, d] + D[b, c]) + (1 - D[c, c] + D[c, d])


def test_the_score_of_five_skills_is_the_one_worked_out_by_hand():
    # mean square less squared mean of each row: .06 - .2^2, .222 - .38^2, .348 - .48^2, .418 - .54^2, .492 - .6^2
    variances = [0.02, 0.0776, 0.1176, 0.1264, 0.132]
    assert D.var(axis=1) == pytest.approx(variances)
    first = 1 - 0.02 / sum(variances)
    # 1 - .4 + .1, 1 - .6 + .5, 1 - 0 + .8
    assert score((0, 1, 2, 3, 4), D) == pytest.approx(first + 0.7 + 0.9 + 1.8)
    # 1 - .4 + 1, 1 - .6 + .8, 1 - 0 + .5
    assert score((4, 3, 2, 1, 0), D) == pytest.approx(1 - 0.132 / sum(variances) + 1.6 + 1.2 + 1.5)
    for order in ((2, 0, 4, 1, 3), (1, 3, 0, 2, 4), (3, 4, 1, 0, 2)):
        assert score(order, D) == pytest.approx(by_hand(order))


def test_distances_are_cosines_scaled_to_one():
    d = distances([np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 3.0]]), np.array([[1.0, 1.0]])])
    assert d[0, 1] == 1
    assert d[0, 2] == pytest.approx(1 - 1 / np.sqrt(2))
    assert np.diag(d).tolist() == [0, 0, 0]
    assert (d == d.T).all()
    assert distances([np.ones((2, 2)), np.ones((1, 2))]).max() == 0


def test_only_orders_that_respect_the_prerequisites_are_allowed():
    tree = default_tree()
    skills = ("counting.add_within_20", "counting.add_within_10", "counting.add_within_5")
    assert allowed(skills, tree) == [skills[::-1]]
    for order in allowed(Settings().skills, tree):
        for place, skill in enumerate(order):
            assert not set(tree.ancestors(skill)) & set(order[place + 1 :])


def test_forgetting_is_the_mean_loss_from_the_best_to_the_end():
    matrix = np.array([[0.8, 0.1, 0.0], [0.6, 0.9, 0.1], [0.3, 0.7, 1.0]])
    assert forgetting(matrix) == pytest.approx(((0.8 - 0.3) + (0.9 - 0.7)) / 2)
    assert forgetting(np.array([[1.0]])) == 0


def test_agreement_of_planted_orders():
    scores = np.arange(24.0)[None, :].repeat(2, axis=0)
    perfect = agreement(scores, scores * 3, 3, seed=0)
    assert perfect["Spearman"][0] == pytest.approx([1, 1])
    assert perfect["Spearman"][1] == pytest.approx(1 / 1001)
    assert perfect["recall"][0] == [1, 1]
    assert perfect["recall"][1] < 0.01
    against = agreement(scores, -scores, 3, seed=0)
    assert against["Spearman"][0] == pytest.approx([-1, -1])
    assert against["Spearman"][1] == 1
    assert against["recall"][0] == [0, 0]


def test_equal_orders_agree_by_chance_only():
    flat = np.zeros((80, 10))
    found = agreement(flat, flat, 2, seed=1)
    assert "Spearman" not in found
    assert np.mean(found["recall"][0]) == pytest.approx(0.2, abs=0.08)
    assert found["recall"][1] > 0.05


def rows(lost: list[float], scores: list[float], learned: float = 0.9) -> dict:
    orders = allowed(Settings().skills, default_tree())[: len(lost)]
    return {"orders": [{"order": list(o), "score": s, "forgetting": x, "final": 0.5, "learned": learned}
                       for o, s, x in zip(orders, scores, lost, strict=True)], "distances": []}  # fmt: skip


def test_the_table_shows_the_orders_that_the_score_picks():
    orders = allowed(Settings().skills, default_tree())
    own = orders.index(tuple(k for k in default_tree() if k in Settings().skills))
    lost = [0.1 * (n + 1) for n in range(len(orders))]
    outcome = analyze(Settings(seeds=(0,)), {"s0": rows(lost, [-x for x in lost])})
    found = {r.arm: r.value.mean for r in outcome.tables[0].rows}
    assert found["highest score"] == found["least forgetting (oracle)"] == pytest.approx(0.1)
    assert found["lowest score"] == pytest.approx(max(lost))
    assert found["tree's own order"] == pytest.approx(lost[own])
    assert found["all orders"] == pytest.approx(np.mean(lost))


def test_a_learner_that_learned_or_forgot_nothing_silences_the_experiment():
    n = len(allowed(Settings().skills, default_tree()))
    spread = [0.1 * k for k in range(n)]
    assert "learned nothing" in analyze(Settings(), {"s0": rows(spread, spread, learned=0.02)}).silent
    assert "alike in every order" in analyze(Settings(), {"s0": rows([0.0] * n, spread)}).silent


def test_a_real_learner_is_measured_without_any_model(tmp_path):
    settings = {"problems": 15, "epochs": 15, "seeds": [0, 1]}
    summary, model = ran("order", settings, lambda body: "never", tmp_path)
    assert model.seen == []
    assert row(summary, "lowest score") >= 0
    assert summary["figures"]["accuracy on a skill right after learning it"]["mean"] > 0.3
    n = len(allowed(Settings().skills, default_tree()))
    assert summary["notes"][0].startswith(f"{n} orders of 5 skills respect the prerequisites")
    assert any("one-sided" in note for note in summary["notes"])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"skills": ["counting.add_within_5", "counting.add_within_10"]}, "skills: 3 to 7, not 2"),
        ({"seeds": [2, 2]}, "a seed twice is one seed"),
        ({"problems": 60}, "fewer than the 60 asked for"),
        ({"epoch": 3}, "unknown key epoch; did you mean epochs?"),
    ],
)
def test_bad_settings_are_named(settings, message):
    from classwright.errors import InputError

    with pytest.raises(InputError) as caught:
        settings_of("order", Recipe(teach={"order": settings}))
    assert message in str(caught.value)
