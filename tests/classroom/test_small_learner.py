import numpy as np

from classwright.classroom.small_learner import SmallLearner, encode
from classwright.skilltree.bank import problems


def taught(skill: str, n: int, answers: list[str]) -> tuple[np.ndarray, np.ndarray]:
    drawn = problems(skill, n, 5, 1)
    return encode(drawn), np.array([answers.index(p.answer) for p in drawn])


ANSWERS = [str(n) for n in range(21)]


def test_problems_differ_where_their_numbers_or_their_words_do():
    add, take = problems("counting.add_within_10", 2, 1, 1)[0], problems("counting.subtract_within_10", 2, 1, 1)[0]
    rows = encode([add, take, add])
    assert rows.shape == (3, 171)
    assert (rows[0] == rows[2]).all()
    assert (rows[0] != rows[1]).any()
    assert rows[:, :123].sum(axis=1).tolist() == [2, 2, 2]


def test_it_learns_what_it_practices_and_forgets_what_it_leaves():
    first = taught("counting.subtract_within_10", 20, ANSWERS)
    second = taught("counting.add_within_10", 20, ANSWERS)
    learner = SmallLearner(171, len(ANSWERS), seed=1)
    before = learner.accuracy(*first)
    learner.train(*first, epochs=150)
    after = learner.accuracy(*first)
    learner.train(*second, epochs=150)
    assert before < 0.4 < 0.95 < after
    assert learner.accuracy(*second) > 0.95
    assert learner.accuracy(*first) < after


def test_the_same_seed_learns_the_same():
    data = taught("counting.add_within_10", 20, ANSWERS)
    weights = []
    for seed in (3, 3, 4):
        learner = SmallLearner(171, len(ANSWERS), seed)
        learner.train(*data, epochs=3)
        weights.append(learner.w1)
    assert (weights[0] == weights[1]).all()
    assert (weights[0] != weights[2]).any()


def test_its_gradient_is_that_of_the_cross_entropy():
    from classwright.classroom.small_learner import RATE

    rng = np.random.default_rng(0)
    x, y = rng.random((4, 6)).astype(np.float32), np.array([0, 1, 2, 1])
    learner = SmallLearner(6, 3, seed=2)

    def loss(w2: np.ndarray) -> float:
        logits = np.maximum(x @ learner.w1 + learner.b1, 0) @ w2 + learner.b2
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(4), y]))

    w2 = learner.w2.astype(float)
    nudge = np.zeros_like(w2)
    nudge[5, 1] = 1e-4
    slope = (loss(w2 + nudge) - loss(w2 - nudge)) / 2e-4
    learner.train(x, y, epochs=1)
    assert np.isclose((w2[5, 1] - learner.w2[5, 1]) / RATE, slope, atol=2e-3)
