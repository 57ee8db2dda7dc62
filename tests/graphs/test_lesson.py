import asyncio
import json
from pathlib import Path

import pytest

from classwright.agents.memory import open_memory
from classwright.errors import ClasswrightError, JournalError
from classwright.graphs.lesson import LessonRequest
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_run import rebuild_memory, resume, start
from classwright.models.embeddings import WordEmbedder
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_agents import facts, play

GOAL = "fractions.add_unlike"


def quiet(label: str, done: int, total: int) -> None:
    assert 0 <= done <= total or total == 0


def request(**changes) -> LessonRequest:
    people = sample_class(6, 7, default_tree(), GOAL)
    values = {
        "topic": GOAL, "skill": GOAL, "learners": tuple(people), "minutes": 45, "interest": "baking",
        "rounds": 1, "candidates": 2, "keep": 1, "seed": 7,
    }  # fmt: skip
    return LessonRequest(**(values | changes))


def run_lesson(root: Path, script=play, **changes) -> tuple[dict, ScriptedModel]:
    model = ScriptedModel(script)
    return start(request(**changes), Recipe(), root=root, progress=quiet, endpoint=model), model


def stored(summary: dict) -> LessonResult:
    [line] = (Path(summary["run"]) / "results.jsonl").read_text().splitlines()
    return LessonResult.model_validate(json.loads(line)["result"])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    root = tmp_path_factory.mktemp("runs")
    return run_lesson(root)


def test_a_lesson_runs_to_its_pages(finished):
    summary, _ = finished
    run = Path(summary["run"])
    assert {p.name for p in run.iterdir()} >= {
        "config.json", "journal.jsonl", "results.jsonl", "summary.json", "lesson.md", "lesson.html", "report.html"
    }  # fmt: skip
    assert summary["checks"]["false_equations"] == summary["checks"]["wrong_answers"] == 0
    assert summary["checks"]["answers"] > 20
    assert summary["gain"]["low"] > 0
    assert summary["ciddp"]["status"] == "admitted"
    assert summary["ciddp"]["mean"] == 4


def test_good_words_of_the_model_are_used(finished):
    summary, _ = finished
    refused = {name: w.refused for name, w in stored(summary).plan.slots() if w.source == "curated"}
    assert summary["slots"]["model"] >= 8
    assert refused == {}


def test_every_reply_is_asked_once(finished):
    summary, model = finished
    keys = [json.loads(line)["key"] for line in (Path(summary["run"]) / "journal.jsonl").read_text().splitlines()]
    assert len(keys) == len(set(keys))
    assert summary["calls"] == len(model.seen)


def test_the_same_seed_gives_the_same_plan_even_with_memory(finished, tmp_path):
    summary, _ = finished
    again, _ = run_lesson(Path(summary["run"]).parent)
    assert stored(again).plan == stored(summary).plan
    other, _ = run_lesson(tmp_path, seed=8)
    assert stored(other).plan != stored(summary).plan


def test_replay_needs_no_model(finished):
    summary, _ = finished
    nobody = ScriptedModel([])
    replayed = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=nobody)
    assert nobody.seen == []
    assert replayed["gain"] == summary["gain"]
    assert replayed["reused"] == summary["calls"]


def test_an_interrupted_run_goes_on_without_asking_again(finished, tmp_path):
    summary, _ = finished

    def stops_after_nine(body):
        if len(model.seen) > 9:
            raise ClasswrightError("power cut")
        return play(body)

    model = ScriptedModel(stops_after_nine)
    with pytest.raises(ClasswrightError, match="power cut"):
        start(request(), Recipe(), root=tmp_path, progress=quiet, endpoint=model)
    [run] = [p for p in tmp_path.iterdir() if (p / "config.json").exists()]
    kept = len((run / "journal.jsonl").read_text().splitlines())
    more = ScriptedModel(play)
    done = resume(run, replay=False, progress=quiet, endpoint=more)
    assert done["calls"] == summary["calls"]
    assert len(more.seen) == summary["calls"] - (kept - 1)  # one entry is the memory's, not a model's
    assert stored(done).plan == stored(summary).plan


def test_a_changed_request_is_not_resumed(finished, tmp_path):
    summary, _ = finished
    import shutil

    run = tmp_path / Path(summary["run"]).name
    shutil.copytree(summary["run"], run)
    config = json.loads((run / "config.json").read_text())
    config["request"]["minutes"] = 50
    (run / "config.json").write_text(json.dumps(config))
    with pytest.raises(JournalError, match=r"journal\.jsonl"):
        resume(run, replay=True, progress=quiet, endpoint=ScriptedModel([]))


def test_bad_words_keep_the_curated_text_and_say_why(tmp_path):
    def lies(body):
        good = play(body)
        return good + " Remember that 2 + 2 = 5." if isinstance(good, str) else good

    summary, _ = run_lesson(tmp_path, lies, rounds=0, candidates=1)
    plan = stored(summary).plan
    assert summary["slots"]["model"] == 0
    assert summary["checks"]["false_equations"] == 0
    assert all(len(w.refused) == 2 for _, w in plan.slots())
    assert "false equation" in plan.hook.refused[0]


def test_a_judge_that_likes_everything_is_withheld(tmp_path):
    def flatters(body):
        good = play(body)
        return good | {"level": 5} if isinstance(good, dict) and "level" in good else good

    summary, _ = run_lesson(tmp_path, flatters, rounds=0, candidates=1)
    assert summary["ciddp"]["status"] == "withheld"
    assert summary["ciddp"]["mean"] is None
    assert "teaches nothing" in summary["ciddp"]["why"]


def test_a_failed_judgment_is_missing_not_a_score(tmp_path):
    def mumbles(body):
        good = play(body)
        return "four, I think" if isinstance(good, dict) and "level" in good else good

    summary, _ = run_lesson(tmp_path, mumbles, rounds=0, candidates=1)
    assert summary["ciddp"]["clarity"] is None
    assert summary["ciddp"]["status"] == "withheld"


def test_an_optimizer_without_a_valid_choice_leaves_it_to_code(tmp_path):
    def shrugs(body):
        good = play(body)
        return "no idea" if isinstance(good, dict) and "edit" in good else good

    summary, _ = run_lesson(tmp_path, shrugs)
    edited = [s for s in stored(summary).steps if s.parent]
    assert edited
    assert all(s.by == "code" and "no valid choice" in s.reason for s in edited)


def test_interest_changes_the_context_and_nothing_else(finished, tmp_path):
    summary, _ = finished
    other, _ = run_lesson(tmp_path, interest="football")
    a, b = stored(summary).plan.guided.problems[0], stored(other).plan.guided.problems[0]
    assert a.text != b.text
    assert (a.answer, a.expression) == (b.answer, b.expression)


def test_the_hook_is_asked_about_the_interest(finished):
    _, model = finished
    hooks = [facts(b) for b in model.seen if facts(b).get("Task") == "opening"]
    assert hooks
    assert all(f["Interest"] == "baking" for f in hooks)


def test_memory_shows_in_the_next_lesson_on_the_skill(tmp_path):
    first, _ = run_lesson(tmp_path)
    second, _ = run_lesson(tmp_path, seed=9)
    recalled = stored(second).recalled
    assert [o.run for o in recalled] == [Path(first["run"]).name]
    assert Path(first["run"]).name in (Path(second["run"]) / "report.html").read_text()


def test_memory_is_rebuilt_from_the_runs(tmp_path):
    first, _ = run_lesson(tmp_path)
    with open_memory(tmp_path / "memory", WordEmbedder().embed) as memory:
        assert asyncio.run(memory.rebuild([])) == 0
    assert rebuild_memory(tmp_path) == 1
    second, _ = run_lesson(tmp_path, seed=9)
    assert [o.run for o in stored(second).recalled] == [Path(first["run"]).name]


def test_the_last_words_do_not_wait_for_the_last_judgments(tmp_path):
    events: list[tuple[str, str]] = []

    class Timed(ScriptedModel):
        async def complete(self, body):
            judged = "Reply as JSON with: quote" in body["messages"][1]["content"]
            kind = "judgment" if judged else facts(body).get("Task", "")
            events.append(("asked", kind))
            done = await super().complete(body)
            await asyncio.sleep(0.01 * judged)
            events.append(("answered", kind))
            return done

    summary = start(request(), Recipe(), root=tmp_path, progress=quiet, endpoint=Timed(play))
    assert summary["ciddp"]["status"] == "admitted"
    heard = len(events) - 1 - events[::-1].index(("answered", "judgment"))
    assert events.index(("asked", "student answer")) < heard
    assert events.index(("asked", "note for the teacher")) < heard
    capped = Recipe.model_validate({"limits": {"calls": 10_000}})
    events.clear()
    again = start(request(), capped, root=tmp_path / "capped", progress=quiet, endpoint=Timed(play))
    heard = len(events) - 1 - events[::-1].index(("answered", "judgment"))
    assert events.index(("asked", "student answer")) > heard
    assert again["calls"] == summary["calls"]
