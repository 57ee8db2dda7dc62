"""The whole loop on a subject that code knows nothing of: drafts, judges, edits, a teacher, resume and replay."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from classwright.classroom.free_checks import agreement
from classwright.classroom.review import Decision
from classwright.classroom.source import Source
from classwright.errors import ClasswrightError, JournalError
from classwright.graphs.lesson_result import LessonResult
from classwright.graphs.lesson_run import resume, start
from classwright.graphs.review_drive import scripted
from classwright.models.scripted import ScriptedModel
from classwright.reports.export import FORMATS
from classwright.runs.recipe import Limits, Recipe
from tests.graphs.topic_script import ANSWERS, OUTLINE, TEXT, Q, judged_well, judging, request, script, user

LEAF = Source(name="leaf.md", pages=(TEXT,))
BETTER = OUTLINE["explanation"].replace("Plants sing at noon to please the bees. ", "")
REASON = "Plants can live because they make their own food in their leaves. "


def quiet(label: str, done: int, total: int) -> None:
    assert 0 <= done <= total or total == 0


def run(
    root: Path, reply: Any, *decisions: Decision, sources: tuple[Source, ...] = (), recipe: Recipe | None = None,
    **changes: Any,
) -> tuple[dict[str, Any], LessonResult]:  # fmt: skip
    asked = request(**changes, review=bool(decisions), sources=tuple(s.ref() for s in sources))
    summary = start(
        asked, recipe or Recipe(), root=root, progress=quiet, sources=sources, endpoint=ScriptedModel(reply),
        decide=scripted(decisions) if decisions else None,
    )  # fmt: skip
    return summary, stored(summary)


def stored(summary: dict[str, Any]) -> LessonResult:
    [line] = (Path(summary["run"]) / "results.jsonl").read_text().splitlines()
    return LessonResult.model_validate(json.loads(line)["result"])


def page(summary: dict[str, Any], name: str = "lesson.md") -> str:
    return (Path(summary["run"]) / name).read_text()


def best_with(emphasis: str) -> Any:
    """A teacher whose draft of one emphasis gives a reason, which is what the judge likes."""

    def outline(body: dict[str, Any]) -> dict[str, Any]:
        return OUTLINE | {"explanation": REASON + OUTLINE["explanation"]} if emphasis in user(body) else OUTLINE

    return outline


def test_judges_find_the_draft_that_is_planted_as_the_best(tmp_path):
    teacher = script(**{"plan a lesson": best_with("concrete examples")})
    summary, result = run(tmp_path, judged_well(teacher), candidates=4)
    assert result.ciddp is not None
    assert result.ciddp.status == "admitted"
    assert [s.status for s in result.judges] == ["admitted"]
    assert result.front[0] == "plan4"
    assert result.plan.approach == "examples"
    bouts = [b for b in result.bouts if "plan4" in (b.a, b.b)]
    assert len(bouts) >= 2
    assert all((b.wins_a if b.a == "plan4" else b.wins_b) == 1 for b in bouts)
    assert (summary["verified"], summary["gain"], summary["stopped"]) == (False, None, "rounds")
    assert summary["agreed"] == {"by_code": 12, "by_opinion": 0, "open": 0, "by_teacher": 0}


def test_the_optimizer_answers_what_the_source_does_not_say(tmp_path):
    summary, result = run(tmp_path, judged_well(script(explanation=BETTER)), sources=(LEAF,), candidates=1, rounds=2)
    first, edited = [s for s in result.steps if s.plan in ("plan1", "plan2")]
    assert (first.by, edited.parent, edited.round) == ("draft", "plan1", 1)
    assert edited.change.startswith("Write the explanation again (no support in the class text)")
    assert result.front[0] != "plan1"
    assert not any("sing" in line for line in result.plan.unsupported)
    assert "[S1]" in result.plan.explanations[0].text.text
    assert summary["sources"]["files"] == [{"name": "leaf.md", "pages": 0, "blank": []}]
    assert summary["sources"]["cited"] >= 2


def test_without_judges_the_draft_with_the_fewest_doubts_is_picked(tmp_path):
    plain = {"explanation": BETTER,
             "closing": "Say to a partner what goes into a leaf. Then say what comes out of it, and how you know."}  # fmt: skip

    def outline(body: dict[str, Any]) -> dict[str, Any]:
        return OUTLINE | plain if "Emphasis: many questions" in user(body) else OUTLINE

    _, result = run(tmp_path, judging(script(**{"plan a lesson": outline})), sources=(LEAF,), candidates=3)
    assert result.ciddp is not None
    assert result.ciddp.status == "withheld"
    assert result.plan.approach == "practice"


def test_a_loop_without_a_better_plan_ends_after_its_patience(tmp_path):
    def same(body: dict[str, Any]) -> dict[str, Any]:
        said = re.search(r"How many: (\d)", user(body))
        assert said
        return {"questions": ["What is left over?"] * int(said[1]), "answers": ["oxygen"] * int(said[1])}

    refused = script(**{"write questions": same}, **dict.fromkeys(("explanation", "activity", "hook", "closing"), "No"))
    _, result = run(tmp_path, judged_well(refused), candidates=1, rounds=8, patience=2)
    assert result.stopped == "no progress: 2 rounds brought no better plan"
    assert result.front == ["plan1"]
    assert all(s.dropped for s in result.steps[1:])


def test_pages_say_what_nothing_supports_and_that_code_verified_nothing(tmp_path):
    summary, result = run(tmp_path, judging(script(wrong=frozenset({Q[5]}))), candidates=1)
    for text in (page(summary), page(summary, "lesson.html"), page(summary, "report.html")):
        assert "ot verified by code" in text or "no fact in it was checked by code" in text
        assert "Plants sing at noon to please the bees." in text
        assert "No source says this. Check it before you teach it" in text
        assert "was left out: two solutions disagree" in text
        assert "Two independent solutions agree on 12 of 12 answers" in text
    assert result.plan.passages == []
    assert summary["sources"] is None
    assert summary["unsupported"] >= 5


def test_a_source_is_cited_in_the_pages_and_the_report(tmp_path):
    summary, result = run(tmp_path, judging(script()), sources=(LEAF,), candidates=1)
    assert all(" ".join(p.text.split()) in " ".join(TEXT.split()) for p in result.plan.passages)
    assert "Water climbs from the roots through thin tubes" in page(summary)
    assert "**[S1]** “" in page(summary)
    report = page(summary, "report.html")
    assert "What the sources say" in report
    assert f"{len(result.plan.passages)} are cited" in report or "are cited in it" in report


def test_a_run_replays_without_a_model_or_the_original(tmp_path):
    summary, _ = run(tmp_path, judged_well(script(explanation=BETTER)), sources=(LEAF,), candidates=2, rounds=1)
    nobody = ScriptedModel([])
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=nobody)
    assert (again["title"], again["sources"], nobody.seen) == (summary["title"], summary["sources"], [])


@pytest.mark.parametrize("calls", [3, 20, 40])
def test_a_run_that_broke_off_ends_like_an_undisturbed_one(tmp_path, calls):
    good = judged_well(script(explanation=BETTER))
    whole, _ = run(tmp_path / "whole", good, sources=(LEAF,), candidates=2, rounds=1)
    said = 0

    def breaks(body: dict[str, Any]) -> Any:
        nonlocal said
        said += 1
        return good(body) if said <= calls else ClasswrightError("the power went out")

    with pytest.raises(ClasswrightError, match="power"):
        run(tmp_path / "broken", breaks, sources=(LEAF,), candidates=2, rounds=1)
    [path] = [p for p in (tmp_path / "broken").iterdir() if (p / "config.json").exists()]
    later = ScriptedModel(good)
    summary = resume(path, replay=False, progress=quiet, endpoint=later)
    assert page(summary, "plan.json") == page(whole, "plan.json")
    assert (summary["calls"], summary["reused"] + len(later.seen)) == (whole["calls"], whole["calls"])


def test_a_source_that_was_changed_since_is_refused(tmp_path):
    summary, _ = run(tmp_path, judging(script()), sources=(LEAF,), candidates=1)
    [kept] = (Path(summary["run"]) / "sources").iterdir()
    original = kept.read_text()
    for text in (original + "Oxygen is blue.\n", None):
        kept.write_text(text) if text else kept.unlink()
        with pytest.raises(JournalError, match=r"text of leaf\.md is missing or was changed"):
            resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    kept.write_text(original)
    resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))


def test_at_a_cap_the_drafts_that_are_whole_stand(tmp_path):
    capped = Recipe(limits=Limits(calls=45))
    summary, result = run(tmp_path, judged_well(script()), recipe=capped, candidates=3, rounds=3)
    assert summary["stopped"].startswith("budget")
    assert summary["calls"] <= 45
    assert any(s.dropped.startswith("budget") for s in result.steps)
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert (again["calls"], again["stopped"]) == (summary["calls"], summary["stopped"])
    with pytest.raises(ClasswrightError, match="no draft of a lesson on 'photosynthesis' could be used: budget"):
        run(tmp_path / "b", judged_well(script()), recipe=Recipe(limits=Limits(calls=3)), candidates=1)


def edit(section: str, text: str) -> Decision:
    return Decision(do="edit", section=section, text=text, seconds=2)


NEW = {"What do plants give us?": "oxygen", "What do roots drink?": "water"}


def fresh(body: dict[str, Any]) -> dict[str, Any]:
    found = re.search(r"How many: (\d)", user(body))
    assert found
    pairs = list(NEW.items())[: int(found[1])]
    return {"questions": [q for q, _ in pairs], "answers": [a for _, a in pairs]}


def solve(body: dict[str, Any]) -> dict[str, str]:
    found = re.search(r"^Question: (.+)$", user(body), re.M)
    assert found
    return {"reason": "It is so.", "answer": (ANSWERS | NEW)[found[1]]}


def test_a_teacher_edits_has_sections_made_again_and_accepts(tmp_path):
    noted = []

    def hook(body: dict[str, Any]) -> str:
        noted.append(user(body))
        return "Hold a leaf against the light. What do you see in it? Why might it be so green?"

    teacher = script(hook=hook, answer=solve, **{"write questions": fresh})
    summary, result = run(
        tmp_path, judging(teacher),
        edit("title", "Leaves at work"),
        Decision(do="regenerate", section="hook", note="begin with a real leaf"),
        Decision(do="regenerate", section="exit ticket", note="easier ones"),
        Decision(do="accept"), candidates=1,
    )  # fmt: skip
    assert summary["status"] == "accepted"
    assert result.plan.title == "Leaves at work"
    assert result.plan.hook.text.startswith("Hold a leaf")
    assert "begin with a real leaf" in noted[0]
    assert [p.text for p in result.plan.exit_ticket.problems] == list(NEW)
    assert result.plan.objectives[0].assessed_by == result.plan.exit_ticket.problems[0].id
    assert set(summary["review"]["sections"]) >= {"title", "hook", "exit ticket"}
    assert result.checks.findings == []
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["review"] == summary["review"]


def test_an_answer_that_a_teacher_changes_is_the_teachers(tmp_path):
    body = "--- {id}\nquestion: What climbs from the roots?\nanswer: sap\nkind: word\nstep: The text says so."

    async def decide(pause: Any) -> Decision:
        if pause.number > 1:
            assert pause.last.fault == ""
            return Decision(do="accept")
        old = next(p for p in pause.plan.problems() if p.text == "What climbs from the roots?")
        section = next(t for t in ("support", "core", "stretch") if old in pause.plan.independent.tier(t))
        others = [p for p in pause.plan.independent.tier(section) if p != old]
        kept = "\n\n".join(
            f"--- {p.id}\nquestion: {p.text}\nanswer: {p.answer}\nkind: word\nstep: {p.steps[0]}" for p in others
        )
        return edit(f"independent {section}", f"{body.format(id=old.id)}\n\n{kept}")

    asked = request(candidates=1, review=True)
    summary = start(
        asked, Recipe(), root=tmp_path, progress=quiet, decide=decide, endpoint=ScriptedModel(judging(script()))
    )
    result = stored(summary)
    assert agreement(result.plan) == (11, 0, 0, 1)
    assert len(summary["review"]["unchecked"]) == 1
    assert "Two independent solutions agree on 11 of 12 answers; 1 is the teacher's." in page(summary)


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (Decision(do="regenerate", section="vocabulary"), "cannot be made again, only edited; there can be warm-up"),
        (Decision(do="regenerate", section="colsing"), "did you mean closing"),
        (Decision(do="regenerate", section="closing"), "closing stays as it is: the new closing was not used: "),
        (Decision(do="regenerate", section="guided"), "guided stays as it is: only 0 of 2 new questions"),
        (edit("closing", "So 2 + 2 = 5."), "false equation in closing"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_plan_stays(tmp_path, decision, says):
    seen = []

    async def decide(pause: Any) -> Decision:
        seen.append(pause)
        return decision if pause.number == 1 else Decision(do="reject", note="not for us")

    useless = script(closing="No", **{"write questions": {"questions": [], "answers": []}})
    asked = request(candidates=1, review=True)
    summary = start(
        asked, Recipe(), root=tmp_path, progress=quiet, decide=decide, endpoint=ScriptedModel(judging(useless))
    )
    assert says in seen[1].last.fault
    assert seen[1].plan == seen[0].plan
    assert any("Not verified by code" in line for line in seen[0].about)
    assert any("Answers on which two independent solutions agree: 12" in line for line in seen[0].about)
    assert (summary["status"], summary["lesson"]) == ("rejected", None)


def test_an_edit_moves_the_citations_with_it(tmp_path):
    text = "Oxygen is left over and goes out into the air. Plants were painted by kings. Who knows more about them?"
    _, result = run(
        tmp_path, judging(script()), edit("explanation 1", text), Decision(do="accept"), sources=(LEAF,), candidates=1
    )
    said = result.plan.explanations[0].text.text
    assert said.startswith("Oxygen is left over and goes out into the air [S")
    assert "kings. Who" in said
    assert not any("sing at noon" in line for line in result.plan.unsupported)


def test_every_format_can_be_had_and_the_key_says_that_code_verified_nothing(tmp_path):
    asked = request(candidates=1, sources=(LEAF.ref(),))
    summary = start(
        asked, Recipe(), root=tmp_path, progress=quiet, endpoint=ScriptedModel(judging(script())), sources=[LEAF],
        formats=list(FORMATS),
    )  # fmt: skip
    assert set(summary["left_out"]) == {"xapi"}
    for name in ("lesson.docx", "answers.docx"):
        [path] = [f for f in summary["files"] if f.endswith(name)]
        document = Document(path)
        cells = [c.text for t in document.tables for r in t.rows for c in r.cells]
        text = "\n".join([*(p.text for p in document.paragraphs), *cells])
        assert "Not verified by code." in text
