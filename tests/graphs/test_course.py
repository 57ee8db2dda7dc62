"""Courses: lessons in order, the class carried over, killed and resumed, replayed without a model."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from classwright.cli.course import describe
from classwright.cli.lesson import build_request
from classwright.errors import ClasswrightError, InputError, JournalError
from classwright.graphs.course_lesson import CourseRequest
from classwright.graphs.course_result import CourseResult
from classwright.graphs.course_run import resume, start
from classwright.graphs.lesson_state import LessonRequest
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_agents import play

GOAL = "fractions.add_unlike"


def quiet(label: str, done: int, total: int) -> None:
    assert 0 <= done <= total


def request(goal: str = GOAL, klass: str | None = "12", weeks: int = 2, minutes: int = 45, **more) -> CourseRequest:
    lesson = build_request(
        goal, Recipe(), **({"learner": None, "klass": klass, "minutes": 600, "interest": "baking", "rounds": 0,
        "candidates": 1, "seed": 7, "memory": True, "embedded_only": True} | more),
    )  # fmt: skip
    return CourseRequest(lesson=lesson, weeks=weeks, per_week=2, minutes=minutes)


def run_course(root: Path, asked: CourseRequest | None = None, script=play, **more) -> tuple[dict, ScriptedModel]:
    model = ScriptedModel(script)
    return start(asked or request(), Recipe(), root=root, progress=quiet, endpoint=model, **more), model


def stored(summary: dict) -> CourseResult:
    [line] = (Path(summary["run"]) / "results.jsonl").read_text().splitlines()
    return CourseResult.model_validate(json.loads(line)["result"])


def cells(summary: dict) -> list[Path]:
    return sorted((Path(summary["run"]) / "cells").iterdir())


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    summary, model = run_course(tmp_path_factory.mktemp("runs"), out=out)
    return summary, model, out


def test_lessons_come_in_teaching_order_and_end_with_the_goal(finished):
    result, tree = stored(finished[0]), default_tree()
    taught = [s.skill for s in result.sessions if s.skill]
    assert taught[-1] == GOAL
    assert all(b not in taught[i:] for i, s in enumerate(taught) for b in tree[s].prerequisites)
    assert len(taught) == 4
    assert result.left_out
    assert not result.not_reached
    assert [s.day for s in result.sessions] == [0, 4, 7, 11]


def test_reviews_are_of_skills_taught_before(finished):
    result = stored(finished[0])
    day = {s.skill: s.day for s in result.sessions if s.skill}
    assert sum(len(s.reviews) for s in result.sessions) >= 4
    for s in result.sessions:
        assert all(day[skill] < s.day for skill in s.reviews)
        assert all(p.skill == skill for skill, items in s.reviews.items() for p in items)


def test_the_class_after_a_lesson_is_the_class_of_the_next(finished):
    summary = finished[0]
    requests = [
        LessonRequest.model_validate(json.loads((c / "config.json").read_text())["request"]) for c in cells(summary)
    ]
    skills = [r.skill for r in requests]
    for before, after in pairwise(requests):
        old, new = ([x.mastery[before.skill] for x in r.learners] for r in (before, after))
        assert sum(new) > sum(old)
        assert [x.pseudonym for x in before.learners] == [x.pseudonym for x in after.learners]
    assert skills == [s["skill"] for s in summary["lessons"]]
    assert len({r.seed for r in requests}) == len(requests)
    assert all(s["after"] > s["before"] for s in summary["lessons"])


def test_a_session_keeps_its_minutes_with_its_reviews(finished):
    summary = finished[0]
    for s, cell in zip([s for s in stored(summary).sessions if s.skill], cells(summary), strict=True):
        lesson = json.loads((cell / "plan.json").read_text())["minutes"]
        assert s.minutes == 45 == lesson + 3 * len(s.reviews)


def test_the_index_leads_to_every_lesson_and_says_what_is_simulated(finished):
    summary, _, out = finished
    run = Path(summary["run"])
    page = (run / "index.html").read_text()
    for s in stored(summary).sessions:
        if s.page:
            assert f'href="{s.page}"' in page
            lesson = (run / s.page).read_text()
            words = [w for items in s.reviews.values() for p in items for w in re.findall("[A-Za-z]{4,}", p.text)]
            assert all(word in lesson for word in words)
    assert "Simulated." in page
    assert "src=" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert {p.name for p in out.iterdir()} == {"index.html", *(s.page for s in stored(summary).sessions if s.page)}
    assert (out / "index.html").read_text() == page


def test_retention_has_its_interval(finished):
    kept = finished[0]["retention"]
    assert kept["over_none"]["low"] <= kept["over_none"]["mean"] <= kept["over_none"]["high"]
    assert kept["students"] == 24
    assert "Remembered 14 days later (simulated)" in describe(finished[0], "")


def test_a_replay_needs_no_model(finished):
    summary = finished[0]
    nobody = ScriptedModel([])
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=nobody)
    assert nobody.seen == []
    assert again["lessons"] == summary["lessons"]
    assert again["reused"] == summary["calls"]


def test_a_killed_course_pays_nothing_twice_and_ends_the_same(finished, tmp_path):
    summary, whole, _ = finished
    stop = len(whole.seen) * 2 // 3

    def dies(body):
        if len(first.seen) > stop:
            raise ClasswrightError("power cut")
        return play(body)

    first = ScriptedModel(dies)
    with pytest.raises(ClasswrightError, match="power cut"):
        start(request(), Recipe(), root=tmp_path, progress=quiet, endpoint=first)
    [run] = [p for p in tmp_path.iterdir() if (p / "config.json").exists()]
    assert 1 < len(list((run / "cells").iterdir())) < len(cells(summary)) + 1
    with pytest.raises(ClasswrightError, match="resume"):
        resume(run, replay=True, progress=quiet, endpoint=ScriptedModel([]))
    kept = sum(len((c / "journal.jsonl").read_text().splitlines()) for c in (run / "cells").iterdir())
    recalled = len(list((run / "cells").iterdir()))  # one entry a lesson is the memory's, not a model's
    rest = ScriptedModel(play)
    done = resume(run, replay=False, progress=quiet, endpoint=rest)
    assert len(rest.seen) == len(whole.seen) - (kept - recalled)
    assert stored(done) == stored(summary)
    assert (run / "index.html").read_text() == (Path(summary["run"]) / "index.html").read_text()


def test_another_class_is_not_resumed(finished, tmp_path):
    import shutil

    run = tmp_path / "copy"
    shutil.copytree(finished[0]["run"], run)
    config = json.loads((run / "config.json").read_text())
    config["request"]["lesson"]["learners"][0]["mastery"][GOAL] = 0.01
    (run / "config.json").write_text(json.dumps(config))
    with pytest.raises(JournalError, match="made for another class"):
        resume(run, replay=True, progress=quiet, endpoint=ScriptedModel([]))


def weak(tmp_path: Path, skills: list[str], value: float = 0.1) -> Path:
    file = tmp_path / "weak.toml"
    rows = "\n".join(f'"{s}" = {value}' for s in skills)
    file.write_text(f'name = "Mia Example"\ngrade = 5\n[mastery]\n{rows}\n')
    return file


def test_too_few_weeks_write_nothing(tmp_path):
    file = weak(tmp_path, ["fractions.equivalent", "fractions.add_like", "whole.multiples", GOAL])
    asked = request(klass=None, learner=file, weeks=1)
    with pytest.raises(
        InputError, match=r"4 lessons are needed .* and 1 weeks of 2 have 2\. What fits: .* Take --weeks 2"
    ):
        run_course(tmp_path / "runs", asked)
    assert not (tmp_path / "runs").exists()


def test_what_did_not_hold_is_taught_again_and_a_goal_that_is_missed_is_said(tmp_path):
    """A learner who learns all but nothing: the prerequisites stay missing and do not fit into the goal's lesson."""
    skills = ["fractions.equivalent", "fractions.add_like", "whole.multiples", "fractions.simplify", GOAL]
    asked = request(klass=None, learner=weak(tmp_path, skills, 0.02), weeks=3, minutes=30)
    slow = asked.lesson.students.model_copy(update={"practice": 0.01, "example": 0.0, "explanation": 0.0})
    asked = asked.model_copy(update={"lesson": asked.lesson.model_copy(update={"students": slow})})
    summary, _ = run_course(tmp_path / "runs", asked)
    assert any(s["again"] for s in summary["lessons"])
    assert summary["not_reached"][-1] == GOAL
    page = (Path(summary["run"]) / "index.html").read_text()
    assert "The goal is not reached." in page
    assert "Not reached, plan more weeks" in describe(summary, "")
    for file in Path(summary["run"]).rglob("*"):
        assert not file.is_file() or b"Mia" not in file.read_bytes()


def test_weeks_that_are_left_hold_reviews_and_then_nothing(tmp_path):
    tree = default_tree()
    learner = tmp_path / "strong.toml"
    rows = "\n".join(f'"{s}" = 0.9' for s in tree.ancestors(GOAL))
    learner.write_text(f'grade = 5\n[mastery]\n{rows}\n"{GOAL}" = 0.4\n')
    summary, _ = run_course(tmp_path / "runs", request(klass=None, learner=learner, weeks=5))
    result = stored(summary)
    assert [s.kind for s in result.sessions] == ["lesson", "review", "review", "review", "review"]
    assert [s.day for s in result.sessions] == [0, 4, 7, 14, 28]
    assert result.free == 5
    assert "5 sessions are free" in (Path(summary["run"]) / "index.html").read_text()
