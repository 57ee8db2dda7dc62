"""The lesson job with a teacher in it: what the result holds, and what the next lesson is told."""

import json
from pathlib import Path

from classwright.classroom.review import Decision
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_run import rebuild_memory, resume, start
from classwright.graphs.review_drive import scripted
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from tests.graphs.scripted_agents import play
from tests.graphs.test_lesson import quiet, request

STRIPS = "Here are two strips of paper of equal length. Which one is longer?"


def run_lesson(root: Path, *decisions: Decision, **changes) -> tuple[dict, LessonResult, ScriptedModel]:
    model = ScriptedModel(play)
    asked = request(rounds=0, candidates=1, review=bool(decisions), **changes)
    decide = scripted(decisions) if decisions else None
    summary = start(asked, Recipe(), root=root, progress=quiet, endpoint=model, decide=decide)
    [line] = (Path(summary["run"]) / "results.jsonl").read_text().splitlines()
    return summary, LessonResult.model_validate(json.loads(line)["result"]), model


def edit(section: str, text: str) -> Decision:
    return Decision(do="edit", section=section, text=text, seconds=5)


def test_what_a_teacher_changed_is_in_the_result_and_in_the_next_lesson(tmp_path):
    summary, result, _ = run_lesson(tmp_path, edit("hook", STRIPS), Decision(do="accept"))
    assert result.plan.hook.text == STRIPS
    assert summary["status"] == "accepted"
    assert summary["review"]["sections"]["hook"]["seconds"] == 5
    nobody = ScriptedModel([])
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=nobody)
    assert again["review"] == summary["review"]
    for _ in range(2):
        _, next_result, model = run_lesson(tmp_path, seed=9)
        openings = [b["messages"][1]["content"] for b in model.seen if "Task: opening" in b["messages"][1]["content"]]
        assert openings
        assert all("two strips of paper" in o for o in openings)
        assert [e.section for e in next_result.advice] == ["hook"]
        assert rebuild_memory(tmp_path) >= 1


def test_a_rejected_plan_is_no_lesson_and_teaches_the_memory_nothing(tmp_path):
    summary, result, _ = run_lesson(tmp_path, edit("hook", STRIPS), Decision(do="reject", note="too early"))
    assert (summary["status"], summary["lesson"], summary["review"]["reason"]) == ("rejected", None, "too early")
    assert result.changed == []
    assert not (Path(summary["run"]) / "lesson.html").exists()
    _, later, _ = run_lesson(tmp_path, seed=9)
    assert later.advice == []
