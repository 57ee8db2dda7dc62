"""Bulk runs of dialogues against scripted endpoints: start, resume, retry, budget, replay."""

import json
from pathlib import Path
from typing import Any

import pytest

from classwright.classroom.transcripts import read_transcripts
from classwright.errors import ClasswrightError, InputError, JournalError, UnreachableError
from classwright.graphs.dialogue_plan import DialogueRequest
from classwright.graphs.dialogues import resume, start
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.runs.run import open_run
from tests.graphs.scripted_talk import talk

SKILL = "fractions.add_unlike"


class Told(list):
    """What the progress said."""

    def __call__(self, label: str, done: int, total: int) -> None:
        self.append((label, done, total))


def request(**more: Any) -> DialogueRequest:
    return DialogueRequest(**({"skills": (SKILL,), "n": 6, "students": 3, "seed": 4} | more))


def hold(
    tmp_path: Path, asked: DialogueRequest, script: Any = talk, **more: Any
) -> tuple[dict[str, Any], ScriptedModel]:
    model = ScriptedModel(script)
    return start(asked, Recipe(), root=tmp_path / "runs", progress=Told(), endpoint=model, **more), model


def go_on(run: str, script: Any = talk, **more: Any) -> tuple[dict[str, Any], ScriptedModel]:
    model = ScriptedModel(script)
    return resume(Path(run), replay=False, progress=Told(), endpoint=model, **more), model


def stored(run: str) -> dict[str, Any]:
    lines = (Path(run) / "results.jsonl").read_text().splitlines()
    return {line["unit"]: line["result"] for line in map(json.loads, lines)}


def only_run(tmp_path: Path) -> str:
    [run] = (tmp_path / "runs").iterdir()
    return str(run)


def test_a_run_holds_every_dialogue_and_compares_tutors_in_pairs(tmp_path):
    summary, model = hold(tmp_path, request(tutors=("socratic", "tell"), words="student"))
    assert (summary["status"], summary["dialogues"], summary["failed"], summary["planned"]) == ("finished", 12, 0, 12)
    assert summary["calls"] == len(model.seen) > 0
    socratic, tell = summary["tutors"]
    assert (socratic["tutor"], tell["tutor"]) == ("socratic", "tell")
    assert (socratic["told"], tell["told"]) == (0, 1)
    assert socratic["solved"] > tell["solved"] == 0
    assert tell["measures"]["moves"]["telling"] > 0
    [pair] = summary["pairs"]
    assert (pair["solved"]["mean"], pair["solved"]["n"]) == (pytest.approx(-socratic["solved"]), 6)
    results = stored(summary["run"])
    assert sorted(results) == sorted(f"{i:06d}-{t}" for i in range(6) for t in ("socratic", "tell"))
    assert sum(r["calls"] for r in results.values()) == summary["calls"]
    page = (Path(summary["run"]) / "report.html").read_text()
    assert "The worst" in page
    assert "http" not in page.replace("http://www.w3.org/", "")


def test_students_never_enter_a_run_with_their_names(tmp_path):
    from classwright.skilltree.learner import Learner

    learner = Learner(pseudonym="owl-1", grade=5, misconceptions=("fractions.keeps_the_numerators",))
    summary, _ = hold(tmp_path, request(learners=(learner,), words="code", n=2))
    assert "owl-1" in (Path(summary["run"]) / "results.jsonl").read_text()
    assert json.loads((Path(summary["run"]) / "config.json").read_text())["request"]["learners"][0]["name"] == ""


def test_out_gets_the_report_and_the_dialogues(tmp_path):
    hold(tmp_path, request(words="code"), out=tmp_path / "out")
    assert "Tutors" in (tmp_path / "out" / "report.html").read_text()
    read = read_transcripts(tmp_path / "out" / "dialogues.jsonl", "jsonl")
    assert len(read.dialogues) == 6


def test_a_failed_dialogue_is_an_error_record_and_can_be_held_again(tmp_path):
    def broken(body):
        return Exception("boom") if "Problem: " in str(body) and body["seed"] % 3 == 0 else talk(body)

    summary, _ = hold(tmp_path, request(n=12, tutors=("model",), student="model", turns=2), broken)
    failed = {unit for unit, result in stored(summary["run"]).items() if result["failure"]}
    assert 0 < len(failed) == summary["failed"] < 12
    assert {u.partition("!")[2] for u in failed} == {"1"}
    assert summary["failures"][0]["kind"] == "Exception"
    assert "Failures" in (Path(summary["run"]) / "report.html").read_text()

    again, model = go_on(summary["run"])
    assert (again["failed"], model.seen) == (summary["failed"], [])
    mended, model = go_on(summary["run"], retry_failed=True)
    assert (mended["failed"], mended["dialogues"], mended["retried"]) == (0, 12, len(failed))
    # A repeated try is asked anew, as the replies that are stored made it fail.
    assert {r["dialogue"]["id"] for r in stored(summary["run"]).values() if r["dialogue"]} == {
        f"{i:06d}-model.2" if f"{i:06d}-model!1" in failed else f"{i:06d}-model" for i in range(12)
    }


def test_a_budget_stops_the_run_and_a_larger_one_goes_on(tmp_path):
    asked = request(n=30, tutors=("model",), student="model", turns=3)
    whole, _ = hold(tmp_path / "whole", asked)
    budget = whole["tokens"] // 2
    model = ScriptedModel(talk)
    summary = start(asked, Recipe(), root=tmp_path / "runs", progress=Told(), endpoint=model, budget=budget, window=2)
    assert (summary["status"], summary["stopped"]) == ("stopped", "budget")
    assert 0 < summary["dialogues"] < 30
    assert summary["tokens"] <= budget
    with open_run(summary["run"]) as run:
        assert run.summary() is None
    done, more = go_on(summary["run"], budget=2 * whole["tokens"] + 10_000)
    assert (done["status"], done["dialogues"], done["tokens"]) == ("finished", 30, whole["tokens"])
    assert len(model.seen) + len(more.seen) == whole["calls"]
    assert done["tutors"][0]["measures"]["turns"] == whole["tutors"][0]["measures"]["turns"]


def test_an_endpoint_that_stays_dead_ends_the_run_with_how_to_go_on(tmp_path):
    answered = []

    def dies(body):
        answered.append(body)
        return UnreachableError("http://x did not answer") if len(answered) > 10 else talk(body)

    asked = request(tutors=("model",), student="model", turns=4)
    with pytest.raises(
        UnreachableError, match=r"waited 0 s; everything answered is kept, `classwright runs resume .+`"
    ):
        hold(tmp_path, asked, dies, patience_s=0)
    run = only_run(tmp_path)
    summary, model = go_on(run)
    assert (summary["status"], summary["dialogues"]) == ("finished", 6)
    assert len(model.seen) + 10 == summary["calls"] == len((Path(run) / "journal.jsonl").read_text().splitlines())


def test_a_replay_needs_no_model_and_finds_a_difference(tmp_path):
    summary, _ = hold(tmp_path, request(n=4))
    silent = ScriptedModel([])
    again = resume(Path(summary["run"]), replay=True, progress=Told(), endpoint=silent)
    assert (again["dialogues"], again["replies"], again["same"]) == (4, summary["calls"], True)
    with open_run(summary["run"], mode="replay") as run:
        records = list(run.results())
    (Path(summary["run"]) / "results.jsonl").unlink()
    records[1][1]["dialogue"]["turns"][0]["text"] = "I said something else."
    with open_run(summary["run"]) as run:
        import asyncio

        for unit, result in records:
            asyncio.run(run.add_result(unit, result))
    with pytest.raises(ClasswrightError, match=f"{records[1][0]} comes out differently"):
        resume(Path(summary["run"]), replay=True, progress=Told(), endpoint=silent)


def test_problems_of_a_file_are_kept_with_the_run(tmp_path):
    file = tmp_path / "own.jsonl"
    lines = [{"id": f"p{i}", "question": f"Tom has {i} pens and buys 5. How many has he?", "answer": str(i + 5),
              "steps": [f"{i} + 5 = {i + 5}"]} for i in (12, 30, 41)]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, lines)) + "\n{}\n")
    asked = request(skills=(), problems=file.name, n=5, words="code")
    with pytest.raises(InputError, match="line 4"):
        hold(tmp_path, asked, problems=file)
    assert not (tmp_path / "runs").exists()
    summary, _ = hold(tmp_path, asked, problems=file, skip_bad=True)
    file.unlink()
    assert resume(Path(summary["run"]), replay=True, progress=Told())["dialogues"] == 5
    ids = [r["dialogue"]["problem"]["id"] for _, r in sorted(stored(summary["run"]).items())]
    assert ids == ["p12", "p30", "p41", "p12", "p30"]


def test_a_changed_plan_is_refused_on_replay(tmp_path):
    summary, _ = hold(tmp_path, request(n=2, words="code"))
    config = Path(summary["run"]) / "config.json"
    record = json.loads(config.read_text())
    record["request"]["n"] = 1
    config.write_text(json.dumps(record))
    with pytest.raises(JournalError, match="no dialogue 000001-socratic is planned"):
        resume(Path(summary["run"]), replay=True, progress=Told())
