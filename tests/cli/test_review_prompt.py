"""The terminal side of a review, over a pipe of lines."""

import asyncio
import io
import sys

import pytest

from classwright.classroom.audience import assemble
from classwright.classroom.draft import draft_plan
from classwright.classroom.review import Change, Decision, ReviewStep
from classwright.classroom.sections import to_text
from classwright.cli.review import at_terminal, decide_with, load_decisions
from classwright.errors import ClasswrightError, InputError
from classwright.graphs.review_desk import Decide, Pause
from classwright.skilltree.sampling import sample_class
from classwright.skilltree.tree import default_tree

GOAL = "fractions.add_unlike"


def plan():
    tree = default_tree()
    return draft_plan(tree, assemble(sample_class(6, 7, tree, GOAL), GOAL, tree), 45, "balanced", 7, None)


PLAN = plan()


def first(**more) -> Pause:
    return Pause(run="r1", number=1, plan=PLAN, about=["Rehearsal: gain 0.41"], **more)


async def answer(decide: Decide, pause: Pause) -> Decision:
    return await decide(pause)


@pytest.fixture
def ask(monkeypatch, capfd):
    """Asks with these lines; returns the decision and what was shown."""

    def run(*lines: str, pause: Pause | None = None) -> tuple[Decision, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        decision = asyncio.run(answer(at_terminal(), pause or first()))
        out, err = capfd.readouterr()
        assert out == ""
        return decision, err

    return run


@pytest.fixture
def editor(tmp_path, monkeypatch):
    """An editor that replaces one text by another."""

    def make(old: str, new: str, code: int = 0) -> None:
        file = tmp_path / "editor.py"
        file.write_text(
            "import sys, pathlib\np = pathlib.Path(sys.argv[1])\nt = p.read_text()\n"
            f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(t)\n"
            f"p.write_text(t.replace({old!r}, {new!r}))\nsys.exit({code})\n"
        )
        monkeypatch.setenv("VISUAL", f"{sys.executable} '{file}'")

    return make


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["accept"], {"do": "accept"}),
        (["", "a"], {"do": "accept"}),
        (["reject no time for it"], {"do": "reject", "note": "no time for it"}),
        (["r hook: shorter, please"], {"do": "regenerate", "section": "hook", "note": "shorter, please"}),
        (["regen exit"], {"do": "regenerate", "section": "exit ticket", "note": ""}),
        (["r example problem 1 easier"], {"do": "regenerate", "section": "example problem 1", "note": "easier"}),
    ],
)
def test_one_line_is_one_decision(ask, lines, expected):
    decision, _ = ask(*lines)
    assert decision.model_dump(include=set(expected)) == expected


def test_the_first_pause_shows_the_plan_and_its_figures(ask):
    _, shown = ask("a")
    assert PLAN.title in shown
    assert "Rehearsal: gain 0.41" in shown
    assert "5 problems: " in shown


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("rej", "review 1>"),
        ("sohw", "'sohw'? There are accept, edit, regenerate, show"),
        ("re", "'re'? There are"),
        ("show hok", "no section 'hok'; did you mean hook?"),
        ("r", "the plan has no section ''"),
        ("discard", "There is nothing to drop"),
        ("?", "have a section made again"),
        ("show closing", PLAN.closing.text[:40]),
    ],
)
def test_what_is_no_decision_is_answered_and_the_question_stays(ask, line, message):
    decision, shown = ask(line, "accept")
    assert message in shown
    assert decision.do == ("reject" if line == "rej" else "accept")


@pytest.mark.parametrize("lines", [[], ["quit"]])
def test_leaving_names_the_way_back(ask, lines):
    with pytest.raises(ClasswrightError, match="open at decision 1; `classwright runs resume r1` goes on there"):
        ask(*lines)


def test_an_edit_takes_what_the_editor_left(ask, editor, tmp_path):
    editor(PLAN.closing.text, "Bye.")
    decision, _ = ask("edit closing")
    assert (decision.do, decision.section) == ("edit", "closing")
    assert "Bye." in decision.text
    assert decision.seconds > 0
    assert (tmp_path / "seen").read_text() == to_text(PLAN, ["closing"])
    decision, _ = ask("edit")
    assert decision.section == ""
    assert (tmp_path / "seen").read_text() == to_text(PLAN)


def test_an_editor_that_changes_nothing_or_fails_changes_nothing(ask, editor, monkeypatch):
    editor("a", "a")
    _, shown = ask("edit hook", "a")
    assert "Nothing was changed." in shown
    editor("a", "b", code=3)
    _, shown = ask("edit hook", "a")
    assert "ended with 3; nothing was changed" in shown
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    _, shown = ask("edit hook", "a")
    assert "/no/such/editor: cannot be started" in shown
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "")
    monkeypatch.setenv("PATH", "/nowhere")
    _, shown = ask("edit hook", "a")
    assert "no editor: set VISUAL or EDITOR" in shown


def refused() -> Pause:
    text = to_text(PLAN, ["hook"]).replace(PLAN.hook.text, "2 + 2 = 5, as you know.")
    step = ReviewStep(
        decision=Decision(do="edit", section="hook", text=text), taken=False, fault="false equation in hook"
    )
    return Pause(run="r1", number=2, plan=PLAN, last=step, pending=text)


def test_an_edit_that_was_not_taken_can_be_gone_on_with_or_dropped(ask, editor, tmp_path):
    editor("= 5", "= 4")
    decision, shown = ask("edit", pause=refused())
    assert "Not taken: false equation in hook" in shown
    assert (tmp_path / "seen").read_text().startswith("% NOT TAKEN: false equation in hook\n")
    assert "2 + 2 = 4, as you know." in decision.text
    assert "NOT TAKEN" not in decision.text
    ask("discard", "edit", "a", pause=refused())
    assert (tmp_path / "seen").read_text() == to_text(PLAN)


def test_what_changed_is_shown(ask):
    change = Change(section="hook", before="a", after="b", distance=0.5, seconds=1)
    step = ReviewStep(decision=Decision(do="edit"), taken=True, changes=[change], warnings=["hook: 1 words"])
    _, shown = ask("a", pause=Pause(run="r1", number=2, plan=PLAN, last=step))
    assert "hook changed (50% of its words)" in shown
    assert "to think about: hook: 1 words" in shown


def test_nobody_can_be_asked_beside_json(tmp_path):
    with pytest.raises(InputError, match="--decisions FILE"):
        decide_with(None, json=True)
    file = tmp_path / "d.toml"
    file.write_text('[[decisions]]\ndo = "accept"\n')
    decide = decide_with(file, json=True)
    assert asyncio.run(answer(decide, first())) == Decision(do="accept")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "decisions"),
        ('[[decisions]]\ndo = "edit"\nsection = "hook"\ntext = "x"\n', "must be accept or reject"),
        ('[[decisions]]\ndo = "accept"\n[[decisions]]\ndo = "reject"\n', "must be accept or reject"),
        ('[[decisions]]\ndo = "acept"\n', "accept"),
        ('[[decisions]]\ndo = "accept"\nsektion = "hook"\n', "did you mean section"),
    ],
)
def test_a_wrong_file_of_decisions_is_named(tmp_path, text, message):
    file = tmp_path / "d.toml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_decisions(file)
    assert str(file) in str(caught.value)
    assert message in str(caught.value)
