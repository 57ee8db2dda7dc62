import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classwright.errors import InputError
from classwright.skilltree.bkt_fit import simulate
from classwright.skilltree.response_log import load_log
from classwright.skilltree.tracing import BKT
from classwright.skilltree.tracing_evaluation import auc, evaluate_model


def write_log(path, models: dict[str, BKT], learners: int, seed: int):
    lines = ["learner,skill,correct,time,problem"]
    for k, (name, model) in enumerate(models.items()):
        for i, row in enumerate(simulate(model, learners, 8, seed + k)):
            lines += [f"L{i},{name},{c},{t},{name}-{t % 3}" for t, c in enumerate(row)]
    path.write_text("\n".join(lines))
    return load_log(path)


def test_tracing_beats_both_baselines_where_learners_differ(tmp_path):
    log = write_log(
        tmp_path / "a.csv",
        {
            "a": BKT(prior=0.5, learn=0.05, slip=0.05, guess=0.1),
            "b": BKT(prior=0.4, learn=0.1, slip=0.1, guess=0.1),
        },
        400,
        7,
    )
    found = evaluate_model(log, seed=1)
    assert (found.tested_on, found.trained_on, found.unpredicted) == (80, 320, 0)
    assert found.responses == 80 * 16
    assert found.always_correct.auc == 0.5
    assert found.per_item.auc is not None
    assert found.tracing.auc is not None
    assert found.tracing.auc > found.per_item.auc + 0.2
    assert found.tracing.accuracy > max(found.per_item.accuracy, found.always_correct.accuracy) + 0.15
    table = found.table()
    for word in ("tracing", "per item", "always correct", "80 held-out"):
        assert word in table


def test_no_model_beats_the_baselines_where_nothing_is_to_know(tmp_path):
    coin = BKT(prior=1.0, learn=0.5, slip=0.3, guess=0.3)
    found = evaluate_model(write_log(tmp_path / "b.csv", {"a": coin}, 300, 3))
    assert found.tracing.accuracy == pytest.approx(found.always_correct.accuracy, abs=0.01)
    assert found.tracing.auc == pytest.approx(0.5, abs=0.06)


def test_a_learner_alone_cannot_be_evaluated_and_new_skills_are_counted(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("learner,skill,correct,time\na,x,1,1\n")
    with pytest.raises(InputError, match="at least two learners"):
        evaluate_model(load_log(path))
    path.write_text("learner,skill,correct,time\na,x,1,1\na,own-a,1,2\nb,x,0,1\nb,own-b,0,2\n")
    assert evaluate_model(load_log(path)).unpredicted == 1


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans()), min_size=1, max_size=12))
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs):
    right = [p for p, y in pairs if y]
    wrong = [p for p, y in pairs if not y]
    found = auc(np.array([p for p, _ in pairs]), np.array([y for _, y in pairs]))
    if not right or not wrong:
        assert found is None
    else:
        wins = [(a > b) + 0.5 * (a == b) for a in right for b in wrong]
        assert found == pytest.approx(sum(wins) / len(wins))
