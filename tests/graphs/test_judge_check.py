import json
import re
from collections import Counter
from pathlib import Path

import pytest

from classwright.classroom.human_labels import MRBENCH
from classwright.cli.main import run as command_line
from classwright.errors import ClasswrightError, InputError
from classwright.graphs.judge_check_result import CheckRequest, CheckResult
from classwright.graphs.judge_lessons import draft_lessons
from classwright.graphs.judge_run import resume, start
from classwright.models.scripted import Say, ScriptedModel, completion
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from classwright.skilltree.tree import default_tree
from tests.agents.scripted_judges import judge_by, knows, with_pairs
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play

N, SEED = 2, 5
LESSONS = draft_lessons(default_tree(), N, SEED)
REAL = knows(x.plan for x in LESSONS)
GOOD = judge_by(REAL)


def quiet(label: str, done: int, total: int) -> None:
    assert total == 0 or done <= total


def checked(root: Path, script, recipe: Recipe | None = None, **changes):
    model = ScriptedModel(script)
    request = CheckRequest.model_validate({"lessons": N, "seed": SEED} | changes)
    return start(request, recipe or Recipe(), root=root, progress=quiet, endpoint=model), model


def panel(url: str, *models: str) -> Recipe:
    specs = tuple(ModelSpec(base_url=(url,), model=name) for name in models)
    return Recipe(models=ModelSpecs(evaluators=specs))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return checked(tmp_path_factory.mktemp("runs"), GOOD)


def test_a_good_judge_is_admitted(finished):
    summary, model = finished
    [judge] = summary["judges"]
    assert (judge["status"], judge["why"]) == ("admitted", "")
    assert (judge["right"], judge["judged"], judge["planned"]) == (12, 12, 12)
    assert judge["low"] > 0.7
    assert [c["below"] for c in judge["controls"]] == [True] * 6
    assert "another admitted judge" in judge["own_words"]["note"]
    assert all("there is one judge" in a["note"] for a in summary["agreement"])
    # 5 empty, 5 real; 12 controls and 6 swaps in both orders; levels of 6 controls and of the other lesson
    assert len(model.seen) == summary["calls"] == 10 + 36 + 35
    keys = [json.loads(line)["key"] for line in (Path(summary["run"]) / "journal.jsonl").read_text().splitlines()]
    assert max(Counter(keys).values()) == 1


def test_lessons_are_of_different_skills_and_reproducible():
    again = draft_lessons(default_tree(), N, SEED)
    assert [x.plan for x in again] == [x.plan for x in LESSONS]
    assert len({x.plan.skill for x in draft_lessons(default_tree(), 12, 1)}) == 12


def test_the_report_shows_standing_bar_and_every_pair(finished):
    summary, _ = finished
    page = Path(summary["report"]).read_text(encoding="utf-8")
    assert "<strong>admitted</strong>" in page
    assert "The bar is ours" in page
    for kind in ("none", "off-topic", "begging", "wrong answers", "leak", "padded", "reordered", "longer", "shorter"):
        assert f"<td>{kind}</td>" in page
    assert not re.search(r"(src|href)=[\"']?http", page)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (with_pairs(lambda a, b: 1, GOOD), "chooses the first lesson whatever it is"),
        (with_pairs(lambda a, b: 1 if len(a) > len(b) else 2, GOOD), "prefers the longer lesson"),
        (judge_by(REAL, level=lambda text: 5), "rates a lesson that teaches nothing 5.0 of 5"),
        (lambda body: "hm", "no valid judgment of an empty lesson"),
    ],
)
def test_planted_biases_are_caught_for_what_they_are(tmp_path, script, why):
    summary, model = checked(tmp_path, script)
    [judge] = summary["judges"]
    assert judge["status"] == "withheld"
    assert why in judge["why"]
    assert len(model.seen) < 40
    assert why in Path(summary["report"]).read_text(encoding="utf-8")


def test_thoroughly_a_failed_judge_is_measured_all_the_same(tmp_path):
    summary, _ = checked(tmp_path, judge_by(REAL, level=lambda text: 5), thorough=True)
    [judge] = summary["judges"]
    assert judge["status"] == "withheld"
    assert (judge["right"], judge["judged"]) == (12, 12)


def test_replay_and_resume_ask_nothing_twice(finished, tmp_path):
    summary, model = finished
    nobody = ScriptedModel([])
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=nobody)
    assert again["judges"] == summary["judges"]
    assert again["reused"] == summary["calls"]

    def stops(body):
        return GOOD(body) if len(broken.seen) <= 30 else ClasswrightError("power cut")

    broken = ScriptedModel(stops)
    with pytest.raises(ClasswrightError, match="power cut"):
        start(CheckRequest(lessons=N, seed=SEED), Recipe(), root=tmp_path, progress=quiet, endpoint=broken)
    [run] = [p for p in tmp_path.iterdir() if (p / "config.json").exists()]
    kept = len((run / "journal.jsonl").read_text().splitlines())
    more = ScriptedModel(GOOD)
    done = resume(run, replay=False, progress=quiet, endpoint=more)
    assert done["judges"] == summary["judges"]
    assert len(more.seen) == len(model.seen) - kept


def server_for(*scripts):
    """A real server whose model "m0" plays the first script, "m1" the second, ..."""

    def answer(request):
        reply = scripts[int(request.body["model"][1:])](request.body)
        if isinstance(reply, Answer):
            return reply
        text = reply if isinstance(reply, str) else json.dumps(reply)
        return Answer(completion(Say(text), request.body["model"], request.body))

    return FakeServer(answer)


def vain(me: str):
    """A good judge that writes words of its own kind and likes them best."""

    def script(body):
        user = body["messages"][1]["content"]
        if user.startswith("Task: "):
            said = play(body)
            return f"{'Let us see.' if me == 'm0' else 'Look closely now.'} {said}"
        mine = "Let us see." if me == "m0" else "Look closely now."
        if "Lesson 1:" in user and "Let us see." in user and "Look closely now." in user:
            first, second = user.split("\n\nLesson 2:\n")
            return {"reason": "Mine.", "better": 1 if first.count(mine) > second.count(mine) else 2}
        return GOOD(body)

    return script


def test_two_judges_agree_on_planted_lessons_and_each_likes_its_own_words(tmp_path):
    with server_for(vain("m0"), vain("m1")) as server:
        request = CheckRequest(lessons=N, seed=SEED)
        summary = start(request, panel(server.url, "m0", "m1"), root=tmp_path, progress=quiet)
    assert [j["status"] for j in summary["judges"]] == ["admitted", "admitted"]
    for a in summary["agreement"]:
        assert a["alpha"] == pytest.approx(1)
        assert a["units"] > 10
    own = [j["own_words"] for j in summary["judges"]]
    assert [o["pairs"] for o in own] == [N, N]
    assert [o["bias"] for o in own] == [1, 1]


def test_one_judge_out_of_reach_does_not_hold_up_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr("classwright.models.endpoint.BASE_S", 0.001)
    with server_for(GOOD, lambda body: Answer(status=503)) as server:
        request = CheckRequest(lessons=N, seed=SEED)
        summary = start(request, panel(server.url, "m0", "m1"), root=tmp_path, progress=quiet)
    assert [j["status"] for j in summary["judges"]] == ["admitted", "unreachable"]
    assert "503" in summary["judges"][1]["why"]
    replayed = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=None)
    assert replayed["judges"] == summary["judges"]


def labels_file(tmp_path: Path) -> Path:
    def annotation(good: bool) -> dict:
        return dict.fromkeys(MRBENCH, "Yes" if good else "No") | {"Actionability": "Yes"}

    rows = [
        {
            "conversation_id": str(n),
            "conversation_history": "Student: 1/2 + 1/3 = 2/5",
            "tutor_responses": {
                "A": {"response": f"Look at the denominators again, case {n}.", "annotation": annotation(True)},
                "B": {"response": f"Right, well done, case {n}.", "annotation": annotation(False)},
                "C": {"response": f"Are the parts of one size, case {n}?", "annotation": annotation(True)},
            },
        }
        for n in range(20)
    ]
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(rows))
    return path


def reads_labels(body):
    user = body["messages"][1]["content"]
    if "Text to label:" not in user:
        return GOOD(body)
    if "what the student should do next" in user:
        return {"reason": "r", "label": "Yes"}
    if "case 3" in user:
        return {"reason": "r", "label": "Perhaps"}
    return {"reason": "r", "label": "No" if "well done" in user else "Yes"}


def test_labels_are_held_against_people_and_the_majority(tmp_path):
    request = {"labels": str(labels_file(tmp_path)), "rows": 0}
    summary, _ = checked(tmp_path / "runs", reads_labels, **request)
    [judge] = summary["judges"]
    assert (summary["texts"], summary["of"]) == (60, 60)
    by_name = {d["dimension"]: d for d in judge["labels"]}
    location = by_name["Mistake_Location"]
    assert (location["n"], location["missing"]) == (57, 3)
    assert (location["accuracy"], location["macro_f1"]) == (1, 1)
    assert location["majority_accuracy"] == pytest.approx(40 / 60)
    assert location["majority_f1"] == pytest.approx(0.4)  # Yes: 2*40/100 = .8, No: 0
    assert location["usable"]
    assert not by_name["Actionability"]["usable"]  # right in all, but so is always saying Yes
    assert "always saying Yes" in Path(summary["report"]).read_text(encoding="utf-8")


def test_labels_alone_and_a_changed_file(tmp_path):
    path = labels_file(tmp_path)
    summary, model = checked(tmp_path / "runs", reads_labels, lessons=0, labels=str(path), rows=5)
    assert (summary["texts"], summary["of"], summary["lessons"]) == (5, 60, [])
    assert len(model.seen) >= 20
    assert (summary["judges"][0]["status"], summary["judges"][0]["why"]) == (
        "untried",
        "no planted lessons were asked for",
    )
    wrong = CheckRequest(lessons=0, labels=str(path), digest="0" * 64)
    with pytest.raises(InputError, match=r"labels\.json: changed since the run began"):
        start(wrong, Recipe(), root=tmp_path / "runs", progress=quiet, endpoint=ScriptedModel([]))


def test_the_result_is_stored_whole(finished):
    summary, _ = finished
    [line] = (Path(summary["run"]) / "results.jsonl").read_text().splitlines()
    result = CheckResult.model_validate(json.loads(line)["result"])
    assert result.lessons == [x.plan.skill for x in LESSONS]
    assert len(result.judges[0].standing.tried) == 18


def test_the_command_prints_standing_and_intervals(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with server_for(vain("m0"), with_pairs(lambda a, b: 2, GOOD)) as server:
        Path("r.toml").write_text(
            f'[[models.evaluators]]\nbase_url = "{server.url}"\nmodel = "m0"\n'
            f'[[models.evaluators]]\nbase_url = "{server.url}"\nmodel = "m1"\n'
        )
        arguments = ["judge", "check", "--recipe", "r.toml", "--lessons", str(N), "--seed", str(SEED), "--quiet"]
        assert command_line(arguments) == 0
    said = capsys.readouterr().out
    assert "evaluators[0] (m0): admitted" in said
    assert "accuracy 1.00 [0.76, 1.00]" in said
    assert "evaluators[1] (m1): withheld: chooses the second lesson whatever it is" in said
    assert re.search(r"Agreement on preferences: alpha -?\d\.\d\d \[-?\d\.\d\d, -?\d\.\d\d\]", said)
    assert "Bar (ours)" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--lessons", "0"], "--lessons 0 leaves nothing to do"),
        (["--labels", "none.json"], "none.json: cannot be read"),
        (["--labels", "bad.csv", "--format", "csv"], "bad.csv, row 1: no column label"),
    ],
)
def test_a_mistake_is_found_before_a_run_is_made(tmp_path, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    Path("bad.csv").write_text("text,score\na,1\n")
    assert command_line(["judge", "check", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
    assert not (tmp_path / "runs").exists()
