"""A lesson of the tree that rests on a teacher's own text: told, cited, shown, kept and held to."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from classwright.classroom.review import Decision
from classwright.classroom.source import Source
from classwright.classroom.support import cited, support
from classwright.errors import JournalError
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_run import resume, start
from classwright.graphs.review_drive import scripted
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from tests.agents.scripted_spanish import good
from tests.graphs.scripted_agents import facts, play
from tests.graphs.test_lesson import quiet, request, stored

NOTES = Source(
    name="notes.pdf",
    paged=True,
    pages=(
        "# Fractions\n\nThe denominator says how many equal parts the whole is cut into. Pieces of different size cannot "
        "be counted together.\n",
        "",
        "To add fractions with unlike denominators, first write them with the same denominator.\n\nShortcut for adding "
        "fractions with unlike denominators: 1/2 + 1/3 = 2/5.\n\nThe bus to the lake leaves at eight in the morning.\n",
    ),
)
SAYS = (
    "The denominator says how many equal parts the whole is cut into. Fractions were found in a cave by kings. To add "
    "fractions with unlike denominators, we first write them with the same denominator. That is fair to all."
)
"""An explanation of which the source says two sentences, nobody one."""


def teaches(body: dict[str, Any]) -> Any:
    f = facts(body)
    if f.get("Task") == "explanation" and "unlike" in f.get("Skill", ""):
        return SAYS
    return play(body)


def run(root: Path, *decisions: Decision, script: Any = teaches, **changes: Any) -> tuple[dict, LessonResult, list]:
    model = ScriptedModel(script)
    asked = request(rounds=0, candidates=1, sources=(NOTES.ref(),), review=bool(decisions), **changes)
    summary = start(
        asked, Recipe(), root=root, progress=quiet, endpoint=model, sources=[NOTES],
        decide=scripted(decisions) if decisions else None,
    )  # fmt: skip
    return summary, stored(summary), model.seen


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return run(tmp_path_factory.mktemp("runs"))


def test_the_writer_is_told_what_the_text_says(finished):
    _, _, seen = finished
    [asked] = [
        b["messages"][1]["content"]
        for b in seen
        if "Task: explanation" in b["messages"][1]["content"] and "unlike" in facts(b)["Skill"]
    ]
    assert "“To add fractions with unlike denominators, first write them with the same denominator.”" in asked
    assert "2/5" not in asked
    assert "bus" not in asked


def test_sentences_are_cited_by_page_and_the_others_are_marked(finished):
    summary, result, _ = finished
    plan = result.plan
    text = next(e.text.text for e in plan.explanations if e.skill == plan.skill)
    where = {p.id: p.source for p in plan.passages}
    assert {where[i] for i in cited(plan)} == {"notes.pdf, page 1", "notes.pdf, page 3"}
    assert "is cut into [S" in text
    assert "by kings. To add" in text
    said = support(plan)
    assert [line.partition(": ")[2] for line in said.claims] == ["Fractions were found in a cave by kings."]
    assert said.faults == ["notes.pdf, page 3 says 1/2 + 1/3 = 2/5, which is false; it was not used"]
    pages = {p for page in NOTES.pages for p in page.split("\n")}
    assert all(p.text in pages for p in plan.passages)
    assert (summary["verified"], summary["unsupported"]) == (True, 1)
    assert summary["sources"]["files"] == [{"name": "notes.pdf", "pages": 3, "blank": [2]}]
    assert summary["checks"]["false_equations"] == 0


def test_pages_and_report_show_passages_claims_and_faults(finished):
    summary, _, _ = finished
    for name in ("lesson.md", "lesson.html", "report.html"):
        text = (Path(summary["run"]) / name).read_text()
        assert "notes.pdf, page 3" in text
        assert "Fractions were found in a cave by kings." in text
        assert "No source says this" in text
        assert "False in the source" in text
    report = (Path(summary["run"]) / "report.html").read_text()
    assert "What the sources say" in report
    assert "page 2 (pictures or scans)" in report


def test_a_replay_needs_neither_a_model_nor_the_index(finished, tmp_path):
    summary, _, _ = finished
    copy = tmp_path / Path(summary["run"]).name
    shutil.copytree(summary["run"], copy)
    again = resume(copy, replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["sources"] == summary["sources"]
    assert not (tmp_path / "memory").exists()
    next((copy / "sources").iterdir()).write_text("Something else.")
    with pytest.raises(JournalError, match=r"text of notes\.pdf is missing or was changed"):
        resume(copy, replay=True, progress=quiet, endpoint=ScriptedModel([]))


def test_a_text_about_something_else_is_said_to_say_nothing(tmp_path):
    bus = Source(name="trip.md", pages=("The bus to the lake leaves at eight in the morning. Bring a raincoat.",))
    asked = request(rounds=0, candidates=1, sources=(bus.ref(),))
    summary = start(asked, Recipe(), root=tmp_path, progress=quiet, endpoint=ScriptedModel(play), sources=[bus])
    assert (summary["sources"]["found"], summary["sources"]["cited"]) == (0, 0)
    assert (
        "Nothing in the sources was found to bear on the subject" in (Path(summary["run"]) / "report.html").read_text()
    )


def test_a_review_cites_anew_and_says_nothing_of_marks(tmp_path):
    text = (
        "Pieces of different size cannot be counted together. So we look for pieces of the same size first. That is "
        "why we write both fractions with one denominator before we add them."
    )
    explanation = "explanation 1"
    summary, result, seen = run(
        tmp_path,
        Decision(do="edit", section=explanation, text=text, seconds=3),
        Decision(do="regenerate", section=explanation, note="shorter"),
        Decision(do="edit", section="closing", text="Say it to a partner.", seconds=3),
        Decision(do="accept"),
    )
    assert set(summary["review"]["sections"]) == {explanation, "closing"}
    assert result.review is not None
    assert result.review.steps[0].warnings == []
    assert "[S" in result.plan.explanations[0].text.text
    asked = [b["messages"][1]["content"] for b in seen if "shorter" in b["messages"][1]["content"]]
    assert "the class text says: “" in asked[0]
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["sources"] == summary["sources"]


def test_marks_go_with_a_translation_to_the_end_of_its_texts(tmp_path):
    people = [x.model_copy(update={"language": "es"}) for x in request().learners]

    def translates(body: dict[str, Any]) -> Any:
        if not body["messages"][0]["content"].startswith("You translate teaching material"):
            return teaches(body)
        assert "[S" not in body["messages"][-1]["content"]
        return good(body)

    _, result, _ = run(tmp_path, script=translates, learners=tuple(people), language="es")
    assert result.translation is not None
    assert result.translation.changed == []
    text = next(e.text.text for e in result.plan.explanations if e.skill == result.plan.skill)
    assert "Fractions were found" not in text
    assert text.endswith(("[S1, S2]", "[S2, S1]"))
    assert support(result.plan).claims == ["explanation 1: Fractions were found in a cave by kings."]
