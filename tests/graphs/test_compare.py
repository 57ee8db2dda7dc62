import json
from pathlib import Path

import pytest

from classwright.classroom.audience import assemble, students
from classwright.classroom.draft import draft_plan
from classwright.classroom.edits import apply_edit, possible_edits
from classwright.classroom.learning import LearningModel
from classwright.classroom.rehearsal import make_exam, rehearse
from classwright.errors import ClasswrightError
from classwright.graphs.compare import Estimate, Row, pooled_difference, pooled_gain, resume, start, ways
from classwright.models.scripted import ScriptedModel
from classwright.reports.compare import claim
from classwright.runs.recipe import Recipe
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_agents import play
from tests.graphs.test_lesson import GOAL, quiet, request

TREE = default_tree()
HELD = [m.id for m in TREE.misconceptions_of(GOAL)]


EQUIVALENT = [m.id for m in TREE.misconceptions_of("fractions.equivalent")]


def planted(**changes):
    """A class with three wrong ideas, one of them of a prerequisite, in a world where answering them is what counts."""
    people = tuple(
        Learner(
            pseudonym=f"L{n}",
            grade=5,
            misconceptions=(*HELD, EQUIVALENT[0]),
            mastery=dict.fromkeys(TREE.ancestors(GOAL), 0.9) | {"fractions.equivalent": 0.55, GOAL: 0.4},
        )
        for n in range(24)
    )
    strong = LearningModel(repair=0.95, freed=1.5, repair_at_hand=0.02)
    return request(learners=people, students=strong, **changes)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    root = tmp_path_factory.mktemp("compare")
    requests = [planted(seed=seed) for seed in (1, 2)]
    chosen = ways(["single", "best-of-n", "self-refine", "eduplanner", "full"], ["tree", "analyst", "rehearsal"])
    model = ScriptedModel(play)
    found = start(requests, chosen, Recipe(), budget=60_000, rounds=2, root=root, progress=quiet, endpoint=model)
    return found, {row["way"]: row for row in found["rows"]}, model


def test_ways_order_as_planted(compared):
    _, rows, _ = compared
    gain = {way: row["gain"]["mean"] for way, row in rows.items()}
    assert gain["full"] == max(gain.values())
    assert gain["full"] > gain["full without analyst"] > gain["full without tree"] > gain["full without rehearsal"]
    assert rows["full"]["difference"]["low"] > 0  # against single, on the same students
    assert rows["single"]["difference"] == {"mean": 0, "low": 0, "high": 0}


def test_the_loop_finds_about_the_best_of_all_plans_that_two_edits_reach(compared):
    found, _, _ = compared
    ask = planted(seed=1)
    audience = assemble(ask.learners, GOAL, TREE)
    exam = make_exam([*audience.missing, GOAL], ask.seed)
    items = [*exam.before, *exam.after]
    people = students(audience, TREE, ask.seed, ask.students)

    def gain(plan):
        return rehearse(plan, people, exam, ask.seed)

    best = 0.0
    for approach in ("balanced", "practice"):
        plan = draft_plan(TREE, audience, 45, approach, ask.seed, ask.interest, items)
        first = gain(plan)
        for edit in possible_edits(plan, first, TREE):
            once, _ = apply_edit(plan, edit, TREE, ask.seed, items)
            second = gain(once)
            twice = [gain(apply_edit(once, e, TREE, ask.seed, items)[0]) for e in possible_edits(once, second, TREE)]
            best = max([best, *(r.gain.mean or 0.0 for r in (first, second, *twice))])
    [cell] = Path(found["run"]).glob("cells/full+000*")
    reached = json.loads((cell / "summary.json").read_text())["gain"]["mean"]
    assert reached >= 0.95 * best


def test_every_way_keeps_to_the_budget(compared):
    found, rows, _ = compared
    for path in Path(found["run"]).glob("cells/*/summary.json"):
        assert json.loads(path.read_text())["tokens"] <= 60_000
    assert rows["single"]["tokens"] < rows["full"]["tokens"]


def test_the_test_of_a_comparison_is_in_no_plan(compared):
    found, rows, _ = compared
    assert all(row["cells"] == 2 and row["students"] == 48 for row in rows.values())
    page = (Path(found["run"]) / "report.html").read_text()
    assert "full gains more than single" in page
    assert "48 simulated students" in page


def test_a_finished_comparison_replays_without_a_model(compared):
    found, _, _ = compared
    again = resume(Path(found["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["rows"] == found["rows"]


def test_an_interrupted_comparison_pays_nothing_twice(compared, tmp_path):
    _found, _, _whole = compared
    few = [planted(seed=1)]
    chosen = ways(["single", "full"], [])

    lost = []

    def stops(body):
        if len(model.seen) > 20:
            lost.append(body)
            raise ClasswrightError("power cut")
        return play(body)

    model = ScriptedModel(stops)
    with pytest.raises(ClasswrightError, match="power cut"):
        start(few, chosen, Recipe(), budget=60_000, rounds=2, root=tmp_path, progress=quiet, endpoint=model)
    [run] = [p for p in tmp_path.iterdir() if (p / "config.json").exists()]
    more = ScriptedModel(play)
    done = resume(run, replay=False, progress=quiet, endpoint=more)
    clean = ScriptedModel(play)
    straight = start(
        few, chosen, Recipe(), budget=60_000, rounds=2, root=tmp_path / "b", progress=quiet, endpoint=clean
    )
    assert done["rows"] == straight["rows"]
    assert len(model.seen) - len(lost) + len(more.seen) == len(clean.seen)


def test_pooled_figures_are_those_of_all_students():
    cells = [[(0.5, 0.75)] * 4, [(0.5, 1.0)] * 4]
    assert pooled_gain(cells, 1).mean == pytest.approx(0.75)
    better = [[(0.5, 0.85)] * 4, [(0.5, 1.0)] * 4]
    d = pooled_difference(cells, better, 1)
    assert d.mean == pytest.approx(0.1)
    assert d.low == pytest.approx(0.0)
    assert d.high == pytest.approx(0.2)
    assert pooled_gain([[(1.0, 1.0)]], 1).mean is None


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [(0.1, 0.3, "gains more than single"), (-0.3, -0.1, "gains less than single"), (-0.1, 0.3, "no difference")],
)
def test_no_effect_is_claimed_whose_interval_includes_zero(low, high, says):
    estimate = Estimate(mean=(low + high) / 2, low=low, high=high)
    row = Row(way="full", gain=estimate, difference=estimate, ciddp=None, tokens=1, calls=1, cells=3, students=72)
    assert says in claim(row, "single")
    assert "72 simulated students" in claim(row, "single")
