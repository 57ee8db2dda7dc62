"""`classwright tree import, export, fit, place, diagnose` as a person calls them."""

import io
import json
from pathlib import Path

import pytest

from classwright.cli.main import run
from classwright.skilltree import bank
from classwright.skilltree.bkt_fit import simulate
from classwright.skilltree.learner import load_learners
from classwright.skilltree.tracing import BKT
from classwright.skilltree.tree import SkillTree, default_tree

HELD = "fractions.add_numerators_and_denominators"


@pytest.fixture
def tree(capsys, monkeypatch):
    """Calls `classwright tree ...`; returns standard output and standard error."""

    def call(*arguments: object, code: int = 0, typed: str = "") -> tuple[str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert run(["tree", *map(str, arguments)]) == code
        return capsys.readouterr()

    return call


def as_json(said: tuple[str, str]) -> dict:
    return json.loads(said[0])


def test_import_of_standards_reports_what_is_dropped_and_writes_a_valid_tree(tree, tmp_path):
    graph = tmp_path / "graph.json"
    graph.write_text(
        json.dumps(
            {
                "nodes": [{"id": i, "description": f"do {i}", "group": "Grade 2"} for i in ("a", "b", "c")],
                "links": [
                    {"source": "a", "target": "b", "type": "Dependency"},
                    {"source": "b", "target": "c", "type": "Conceptual Connection"},
                ],
            }
        )
    )
    out = tmp_path / "t.toml"
    found = as_json(tree("import", graph, "--format", "ccss", "--out", out, "--json"))
    assert (found["skills"], found["edges"], found["longest_path"], found["alone"]) == (3, 1, 2, 1)
    assert [(d["count"], d["what"].split(":")[0]) for d in found["dropped"]] == [
        (1, "links of type Conceptual Connection")
    ]
    assert as_json(tree("validate", out, "--json"))["ok"]
    assert SkillTree.load(out)["b"].prerequisites == ("a",)
    assert "dropped: 1 links" in tree("import", graph, "--format", "ccss", "--out", out)[0]


def test_a_bad_import_writes_nothing(tree, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"nodes": [{"id": "a"}], "links": []}')
    out = tmp_path / "t.json"
    said = tree("import", bad, "--format", "ccss", "--out", out, code=2)
    assert "nodes[0] has no description" in said[1]
    assert said[1].count("\n") == 1
    assert not out.exists()
    assert "there is no format" in tree("import", bad, "--format", "xml", "--out", out, code=2)[1]


@pytest.mark.parametrize(("form", "name"), [("case", "t.json"), ("csv", "t.csv")])
def test_export_and_import_give_the_shipped_tree_back(tree, tmp_path, form, name):
    file, out = tmp_path / name, tmp_path / "back.json"
    made = as_json(tree("export", "--format", form, "--out", file, "--json"))
    assert all(Path(f).is_file() for f in made["files"])
    tree("import", file, "--format", form, "--out", out)
    assert SkillTree.load(out) == default_tree()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    lines = ["learner,skill,correct,time,problem"]
    for place, (name, prior) in enumerate(
        (("fractions.add_like", 0.7), ("fractions.add_unlike", 0.3), ("dancing", 0.5))
    ):
        rows = simulate(BKT(prior=prior, learn=0.1, slip=0.1, guess=0.1), 120, 6, place)
        for i, row in enumerate(rows):
            lines += [f"L{i},{name},{c},{10 * place + t},{name}-{t}" for t, c in enumerate(row)]
    path.write_text("\n".join(lines))
    return path


def test_fit_shows_parameters_with_their_errors_beside_the_baselines(tree, log):
    found = as_json(tree("fit", log, "--items", 2, "--json"))
    assert list(found["skills"]) == ["fractions.add_like", "fractions.add_unlike"]
    assert found["skipped"] == {"unknown skill": 720}
    assert found["unknown_skills"] == {"dancing": 720}
    one = found["skills"]["fractions.add_unlike"]
    assert one["parameters"]["prior"] == pytest.approx(0.3, abs=0.15)
    assert one["prior_expected_from_prerequisites"] is not None
    assert one["standard_errors"]["prior"] > 0
    scores = found["evaluation"]
    assert scores["tracing"]["auc"] > scores["per_item"]["auc"] > scores["always_correct"]["auc"] == 0.5
    assert len(found["items"]) == 2
    text = tree("fit", log)[0]
    assert text.index("tracing") < text.index("per item") < text.index("always correct")
    assert "left out: 720 rows, unknown skill" in text
    assert len(as_json(tree("fit", log, "--any-skill", "--json"))["skills"]) == 3


def test_fit_refuses_what_it_cannot_use(tree, log, tmp_path):
    assert "line 1442: unknown skill 'dancing'" in tree("fit", log, "--strict", code=2)[1]
    strange = tmp_path / "strange.csv"
    strange.write_text("learner,skill,correct,time\na,dancing,1,1\n")
    assert "--any-skill" in tree("fit", strange, code=2)[1]


def test_place_asks_in_the_terminal_and_writes_a_learner(tree, tmp_path):
    out = tmp_path / "learner.toml"
    typed = "what?\n" + "?\n" * 40
    goal = "fractions.add_unlike"
    said = tree("place", "--goal", goal, "--seed", 3, "--json", "--out", out, "--grade", 4, typed=typed)
    assert "cannot be read as an answer" in said[1]
    found = as_json(said)
    assert found["finished"]
    assert found["questions"]
    assert not any(q["correct"] for q in found["questions"])
    assert found["mastery"][goal] < 0.1
    (learner,) = load_learners(out, default_tree())
    assert learner.grade == 4
    assert learner.mastery[goal] == pytest.approx(found["mastery"][goal], abs=0.01)


def test_place_takes_right_answers_and_an_early_end(tree):
    from classwright.skilltree.placement import Placement

    twin = Placement(default_tree(), seed=5)
    answers = []
    for _ in range(3):
        question = twin.next_question()
        assert question is not None
        answers.append(question.answer)
        twin.record(True)
    found = as_json(tree("place", "--seed", 5, "--json", typed="\n".join(answers) + "\n"))
    assert not found["finished"]
    assert [q["correct"] for q in found["questions"]] == [True] * 3
    assert found["known"] > 100
    assert "stopped early" in tree("place", "--seed", 5, typed="")[0]
    assert "needs a grade" in tree("place", "--out", "x.toml", code=2)[1]


def test_place_simulates_against_random_order(tree):
    found = as_json(tree("place", "--simulate", 9, "--seed", 2, "--json"))
    assert found["informative"]["learners"] == found["random"]["learners"] == 9
    assert set(found["informative"]["by_kind"]) == {"level", "uneven", "scattered"}
    assert "random" in tree("place", "--simulate", 3, "--budget", 5)[0]


def test_diagnose_names_misconceptions_and_the_next_step_of_composed_problems(tree, tmp_path):
    rows = ["learner,problem,answer"]
    for seed in range(40):
        p = bank.problem("fractions.add_unlike", seed, 2)
        if (wrong := bank.wrong_answer(HELD, p)) and len(rows) < 4:
            rows.append(f'A,{p.id},"{wrong}"')
    whole = bank.composed("whole.two_deliveries", 3, 2)
    rows += [f"B,{whole.problem.id},1", f'B,{whole.parts[0].id},"{whole.parts[0].answer}"', f"B,{whole.parts[1].id},7"]
    file = tmp_path / "answers.csv"
    file.write_text("\n".join(rows))
    a, b = as_json(tree("diagnose", file, "--json"))["learners"]
    assert (a["learner"], a["wrong"], a["likeliest"]) == ("A", 3, HELD)
    assert a["misconceptions"][HELD] > 0.9
    assert b["likeliest"] is None
    assert b["composed"][0]["case"] == "IK"
    assert b["composed"][0]["skills"] == [whole.parts[1].skill]
    text = tree("diagnose", file)[0]
    assert default_tree().misconception(HELD).repair in text
    assert "to be surer, ask" in text
    file.write_text("\n".join(rows[:1] + rows[-2:]))
    (b,) = as_json(tree("diagnose", file, "--json"))["learners"]
    assert b["composed"][0] == {"problem": whole.problem.id, "case": None, "missing": [whole.problem.id]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("problem\nx\n", "missing column answer"),
        ("problem,answer\n", "no answers"),
        ("problem,answer\nfractions.add_like,3\n", "line 2: 'fractions.add_like' is no problem's id"),
        ("problem,answer\nfractions.dance/1/1,3\n", "line 2: skill fractions.dance has no problem generator"),
        ("problem,answer\nwhole.two_deliveries/1/1#9,3\n", "line 2: .*2 sub-problems"),
        ("problem,answer\nfractions.add_like/1/1#1,3\n", "line 2: .*no composed problem"),
    ],
)
def test_a_bad_answer_sheet_names_the_line(tree, tmp_path, text, message):
    import re

    file = tmp_path / "answers.csv"
    file.write_text(text)
    said = tree("diagnose", file, code=2)[1]
    assert re.search(message, said)
    assert "answers.csv" in said
