import asyncio
import json
from pathlib import Path

import pytest

from classwright.classroom.plan_lines import plan_lines
from classwright.classroom.rubric import claims_for
from classwright.classroom.verify import verify
from classwright.cli.main import run as command_line
from classwright.errors import UnreachableError
from classwright.graphs.judge_rubric import RubricRequest
from classwright.graphs.judge_run import resume, start
from classwright.graphs.lesson_result import LessonResult
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from classwright.runs.run import create_run
from classwright.skilltree.tree import default_tree
from tests.agents.scripted_judges import plan_for
from tests.fake_openai import FakeServer, say

GOAL = "fractions.add_unlike"
TEXT = "\n".join(plan_lines(plan_for(GOAL)))
CLAIMS = claims_for(default_tree(), GOAL, 0)
TWO = Recipe(models=ModelSpecs(evaluators=(ModelSpec(temperature=0.1), ModelSpec(temperature=0.2))))


def quiet(label: str, done: int, total: int) -> None:
    pass


def reader(body):
    """Finds everything that is good in a text about fractions, and nothing in any other; no harm."""
    user = body["messages"][1]["content"]
    text, claim = user.removeprefix("The text:\n").split("\n\nStatement: ")
    harm = "as if it were right" in claim
    met = "denominator" in text and not harm
    return {"quote": "parts stay the same size" if met else "", "met": met}


def judged(root, script=reader, recipe=TWO, **changes):
    request = RubricRequest.model_validate({"skill": GOAL, "text": TEXT, "source": "a draft"} | changes)
    model = ScriptedModel(script)
    return start(request, recipe, root=root, progress=quiet, endpoint=model), model


def test_two_judges_give_a_verdict_with_evidence_and_sources(tmp_path):
    summary, model = judged(tmp_path)
    assert summary["status"] == "verdict"
    score = summary["scores"]["P0"]
    assert (score["score"], score["judged"], score["missing"]) == (1, len(CLAIMS), 0)
    assert len(model.seen) == 2 * (4 + len(CLAIMS) - 1)
    page = (Path(summary["run"]) / "rubric.md").read_text()
    assert "parts stay the same size" in page
    assert "standard 5.NF.A.1" in page
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["claims"] == summary["claims"]


def test_one_judge_is_one_view(tmp_path):
    summary, _ = judged(tmp_path, recipe=Recipe())
    assert summary["status"] == "single judge"


def test_judges_that_differ_are_counted_by_the_vote(tmp_path):
    picture = next(c.id for c in CLAIMS if c.source.endswith("picture"))

    def differ(body):
        said = reader(body)
        return {"quote": "", "met": False} if body["temperature"] == 0.2 and "picture or a model" in str(body) else said

    scores = {vote: judged(tmp_path / vote, differ, vote=vote)[0] for vote in ("conservative", "majority", "average")}
    met = {vote: {c["id"]: c["met"] for c in s["claims"]}[picture] for vote, s in scores.items()}
    assert met == {"conservative": 0, "majority": 0, "average": 0.5}
    positive = sum(c.weight for c in CLAIMS if c.weight > 0)
    assert scores["conservative"]["scores"]["P0"]["score"] == pytest.approx((positive - 1) / positive)
    assert scores["average"]["scores"]["P0"]["score"] == pytest.approx((positive - 0.5) / positive)


def test_met_without_words_of_the_text_is_missing(tmp_path):
    def invents(body):
        said = reader(body)
        return (
            said | {"quote": "a sentence that is nowhere"}
            if "vocabulary" not in str(body) and "word" in str(body["messages"][1]["content"].split("Statement: ")[1])
            else said
        )

    summary, _ = judged(tmp_path, invents)
    missing = [c["id"] for c in summary["claims"] if c["met"] is None]
    assert missing
    assert summary["scores"]["P0"]["missing"] == len(missing)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (
            lambda body: {"quote": body["messages"][1]["content"].split("\n")[1], "met": True},
            "claims met in a text about something else",
        ),
        (lambda body: {"quote": "made up altogether", "met": True}, "its evidence is not in the text"),
        (lambda body: "yes", "no JSON object"),
    ],
)
def test_a_judge_that_finds_everything_everywhere_is_withheld(tmp_path, script, why):
    summary, model = judged(tmp_path, script)
    assert summary["status"] == "withheld"
    assert summary["scores"] == {}
    assert all(why in j["why"] for j in summary["judges"])
    assert len(model.seen) <= 16


def test_perturbations_show_who_is_moved_by_a_premise(tmp_path):
    def believes(body):
        return {"quote": "", "met": False} if "experts have established" in str(body) else reader(body)

    steady, _ = judged(tmp_path / "steady", perturbed=True)
    moved, _ = judged(tmp_path / "moved", believes, perturbed=True)
    assert [s["stable"] for s in steady["scores"].values()] == [None, 1, 1, 1]
    shaken = [s["stable"] for s in moved["scores"].values()]
    assert shaken[:3] == [None, 1, 1]
    assert shaken[3] < 0.5
    assert moved["scores"]["P3"]["score"] == 0


def test_words_of_the_premise_are_no_evidence(tmp_path):
    def quotes_premise(body):
        said = reader(body)
        return (
            said | {"quote": "this text meets every point of any rubric"}
            if "experts have established" in str(body)
            else said
        )

    summary, _ = judged(tmp_path, quotes_premise, perturbed=True)
    harms = sum(c.weight < 0 for c in CLAIMS)
    assert summary["scores"]["P3"]["judged"] == harms


def test_a_judge_that_drops_out_counts_nowhere(tmp_path):
    def tires(body):
        return (
            UnreachableError("gone")
            if body["temperature"] == 0.2
            and "Robins" not in str(body)
            and "denominator" in body["messages"][1]["content"].split("Statement")[0]
            else reader(body)
        )

    summary, _ = judged(tmp_path, tires)
    assert summary["status"] == "single judge"
    assert [j["status"] for j in summary["judges"]] == ["admitted", "unreachable"]
    assert summary["scores"]["P0"]["score"] == 1


def test_the_command_shows_claims_and_judges_a_text(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert command_line(["judge", "rubric", GOAL, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [c["id"] for c in shown["claims"]] == [c.id for c in CLAIMS]
    Path("plan.txt").write_text(TEXT)
    with FakeServer(lambda request: say(json.dumps(reader(request.body)))) as server:
        Path("r.toml").write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        assert command_line(["judge", "rubric", GOAL, "--text", "plan.txt", "--recipe", "r.toml", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "single judge" in said
    assert "P0, clean: 1.00" in said


def finished_lesson(root: Path, **changes) -> str:
    plan = plan_for(GOAL).model_copy(update=changes)
    result = LessonResult(plan=plan, checks=verify(plan, default_tree()))
    with create_run(root, "lesson", GOAL, {"seed": 0}) as run:
        asyncio.run(run.add_result("lesson", result.model_dump(mode="json")))
        run.finish({})
        return run.id


def test_the_command_judges_a_finished_lesson_run(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = finished_lesson(tmp_path / "runs")
    with FakeServer(lambda request: say(json.dumps(reader(request.body)))) as server:
        Path("r.toml").write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        assert command_line(["judge", "rubric", run, "--recipe", "r.toml", "--quiet", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["skill"], found["source"]) == (GOAL, run)
    assert found["scores"]["P0"]["score"] == 1
    assert command_line(["judge", "rubric", run, "--text", "plan.txt"]) == 2
    assert "--text goes with a skill's id" in capsys.readouterr().err
    outside = finished_lesson(tmp_path / "runs", skill="topic:Rome")
    assert command_line(["judge", "rubric", outside]) == 2
    assert "outside the skill tree" in capsys.readouterr().err
    assert command_line(["judge", "rubric", found["run"]]) == 2
    assert "no finished lesson run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fractions.add_unlik"], "did you mean fractions.add_unlike"),
        ([GOAL, "--text", "none.txt"], "none.txt: cannot be read"),
        ([GOAL, "--text", "empty.txt"], "empty.txt: is empty"),
        ([GOAL, "--text", "long.txt"], "long.txt: 12001 characters; judge it in parts"),
    ],
)
def test_mistakes_are_one_line(tmp_path, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    Path("empty.txt").write_text(" \n")
    Path("long.txt").write_text("x" * 12_001)
    assert command_line(["judge", "rubric", *arguments]) == 2
    assert message in capsys.readouterr().err
