"""Reviews decided beforehand: what each decision does to the plan, and what the journal keeps of it."""

import asyncio
import json

import pytest

from classwright.agents.memory import open_memory
from classwright.agents.teacher_edits import notes_for
from classwright.classroom.review import Decision, Review, check, conclude
from classwright.classroom.sections import problem_sections, section_bodies
from classwright.classroom.verify import verify
from classwright.errors import ClasswrightError, InputError, JournalError, UnreachableError
from classwright.graphs.review_drive import scripted
from classwright.models.embeddings import WordEmbedder
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.runs.run import create_run, open_run
from classwright.skilltree.bank import numbers
from classwright.skilltree.tree import default_tree
from tests.graphs.review_driver import GOAL, carry_out, picked
from tests.graphs.scripted_agents import play

PLAN, _, HELD_OUT = picked()
ACCEPT = Decision(do="accept")


def decided(*decisions: Decision, script=play) -> Review:
    model = ScriptedModel(script)

    async def decide(pause):
        return decisions[pause.number - 1]

    with create_run(None, "lesson", GOAL, {}) as run:
        return asyncio.run(carry_out(run, Recipe(), decide, model))


def edit(section: str, text: str, seconds: float = 0) -> Decision:
    return Decision(do="edit", section=section, text=text, seconds=seconds)


def again(section: str, note: str = "") -> Decision:
    return Decision(do="regenerate", section=section, note=note)


def plain(plan):
    return verify(plan, default_tree(), HELD_OUT)


def test_accepting_changes_nothing():
    review = decided(ACCEPT)
    assert (review.status, review.plan) == ("accepted", PLAN)
    assert conclude(review).sections == []


def test_rejecting_keeps_the_reason():
    review = decided(Decision(do="reject", note="too hard"))
    assert (review.status, conclude(review).reason) == ("rejected", "too hard")


@pytest.mark.parametrize(
    ("decision", "fault"),
    [
        (edit("hook", "Everybody knows that 1/2 + 1/3 = 2/5."), "false equation in hook: 1/2 + 1/3 = 2/5"),
        (edit("minutes", "hook: 9"), "the parts take 50 minutes, the lesson has 45"),
        (edit("exit ticket", "--- new\nquestion: 1/2 + 1/4\nanswer: 3/4"), "no exit-ticket item"),
        (
            edit("guided", "--- new\nquestion: x\nanswer: 2x + 2\nkind: equation"),
            "line 2: the answer '2x + 2' of new is no equation",
        ),
        (edit("guided", f"--- new\nquestion: {HELD_OUT[0].text}\nanswer: {HELD_OUT[0].answer}"), "test leak"),
        (edit("hook", PLAN.hook.text), "nothing was changed"),
        (edit("", "=== hook ===\n"), "line 1: hook is empty"),
        (edit("nosuch", "x"), "there are title"),
        (again("nosuch"), "the plan has no section 'nosuch'"),
        (again("minutes"), "minutes cannot be made again, only edited"),
        (again("note 1"), "note 1 cannot be made again, only edited"),
    ],
)
def test_what_cannot_be_done_says_why_and_leaves_the_plan(decision, fault):
    review = decided(decision, ACCEPT)
    assert fault in review.steps[0].fault
    assert not review.steps[0].taken
    assert review.plan == PLAN


def test_style_is_a_warning_and_truth_is_not():
    review = decided(edit("closing", "Bye.", 4), ACCEPT)
    assert review.plan.closing.text == "Bye."
    assert any("closing: 1 words, not 12 to 80" in w for w in review.steps[0].warnings)
    [section] = conclude(review).sections
    assert (section.section, section.seconds, section.distance) == ("closing", 4, 1)


def test_talk_about_a_problem_that_changed_is_pointed_out():
    problem = PLAN.worked_examples[0].problem
    new = "--- " + problem.id + "\nquestion: Work out 5/11 + 1/3.\nanswer: 26/33\nexpression: 5/11 + 1/3"
    review = decided(edit("example problem 1", new), ACCEPT)
    assert any("example 1: does not mention 26/33" in w for w in review.steps[0].warnings)


def test_a_problem_without_an_expression_is_the_teachers_word():
    body = section_bodies(PLAN)
    own = "\n--- new\nquestion: Which is larger: a half of this cake or a third of it?\nanswer: a half"
    review = decided(
        edit("guided", body["guided"] + own),
        edit("exit ticket", body["exit ticket"] + own.replace("cake", "pie")),
        ACCEPT,
    )
    assert [s.taken for s in review.steps] == [True, True, True]
    checks, unchecked = check(review.plan, plain)
    assert checks.passed
    assert checks.answers == plain(PLAN).answers
    assert unchecked == conclude(review).unchecked
    assert len(unchecked) == 2
    both = decided(edit("guided", body["guided"] + own), edit("exit ticket", body["exit ticket"] + own), ACCEPT)
    assert "test leak" in both.steps[1].fault


def test_a_slot_is_made_again_with_the_note_and_only_that_slot():
    review = decided(again("closing", "let them draw"), ACCEPT)
    assert review.plan.closing.source == "model"
    assert review.plan.model_copy(update={"closing": PLAN.closing}) == PLAN


def test_words_that_fail_twice_are_not_used():
    review = decided(again("closing"), ACCEPT, script=lambda body: "Sure! Here is a closing.")
    assert "the model's new words were not used" in review.steps[0].fault
    assert review.plan == PLAN


@pytest.mark.parametrize("section", ["warm-up", "guided", "independent core", "exit ticket", "example problem 2"])
def test_other_problems_of_the_same_skills_and_levels(section):
    review = decided(again(section), ACCEPT)
    old, new = problem_sections(PLAN)[section], problem_sections(review.plan)[section]
    assert review.steps[0].taken
    assert [(p.skill, p.level, p.interest) for p in old] == [(p.skill, p.level, p.interest) for p in new]
    assert not {numbers(p) for p in new} & {numbers(p) for p in [*PLAN.problems(), *HELD_OUT]}
    assert check(review.plan, plain)[0].passed
    assert review == decided(again(section), ACCEPT)


def test_the_hints_are_about_the_new_problems():
    review = decided(again("guided"), ACCEPT)
    assert {c.section for c in review.steps[0].changes} == {"guided", "hint 1", "hint 2"}
    assert all(h.source == "model" for h in review.plan.guided.hints)


def test_an_edit_of_several_sections_shares_its_time():
    text = "=== title ===\nFractions\n=== closing ===\n" + "Tell a partner what you did. " * 9
    review = decided(Decision(do="edit", text=text, seconds=100), ACCEPT)
    shares = {c.section: c.seconds for c in review.steps[0].changes}
    assert sum(shares.values()) == pytest.approx(100, abs=0.05)
    assert shares["closing"] > shares["title"] > 0


def test_an_unreachable_model_ends_the_run_and_the_decision_is_kept():
    def down(body):
        raise UnreachableError("nobody there")

    with pytest.raises(UnreachableError), create_run(None, "lesson", GOAL, {}) as run:
        asyncio.run(carry_out(run, Recipe(), scripted([again("closing", "shorter"), ACCEPT]), ScriptedModel(down)))
    with open_run(run.path) as resumed:
        done = asyncio.run(carry_out(resumed, Recipe(), scripted([again("hook"), ACCEPT]), ScriptedModel(play)))
    assert done.steps[0].decision.note == "shorter"  # what was stored counts, not what the script says now
    assert done.plan.closing.source == "model"
    with open_run(run.path, mode="replay") as replayed:
        assert asyncio.run(carry_out(replayed, Recipe(), scripted([]), ScriptedModel([]))) == done


def test_a_replay_stops_at_an_open_decision():
    with pytest.raises(InputError, match="the decisions end at 1"), create_run(None, "lesson", GOAL, {}) as run:
        asyncio.run(carry_out(run, Recipe(), scripted([edit("closing", "Bye.")]), ScriptedModel([])))
    with (
        open_run(run.path, mode="replay") as replayed,
        pytest.raises(ClasswrightError, match="decision 2 .* still open"),
    ):
        asyncio.run(carry_out(replayed, Recipe(), scripted([]), ScriptedModel([])))


def test_a_batch_stops_at_a_decision_that_is_not_taken():
    with pytest.raises(InputError, match=r"decision 1 \(edit\) was not taken: false equation"):
        with create_run(None, "lesson", GOAL, {}) as run:
            asyncio.run(carry_out(run, Recipe(), scripted([edit("hook", "2 + 2 = 5."), ACCEPT]), ScriptedModel([])))


def test_a_decision_about_another_plan_is_refused():
    with create_run(None, "lesson", GOAL, {}) as run:
        asyncio.run(carry_out(run, Recipe(), scripted([ACCEPT]), ScriptedModel([])))
    lines = (run.path / "journal.jsonl").read_text().splitlines()
    entry = json.loads(lines[0]) | {"hash": "0" * 64}
    with create_run(None, "lesson", GOAL, {}) as other:
        asyncio.run(other.journal.append(_key(entry["key"]), entry["hash"], entry["reply"]))
        with pytest.raises(JournalError, match="answers another request"):
            asyncio.run(carry_out(other, Recipe(), scripted([ACCEPT]), ScriptedModel([])))


def _key(text: str):
    from classwright.runs.journal import Key

    return Key.parse(text)


def test_what_a_teacher_changed_is_recalled_for_the_skill_and_its_like(tmp_path):
    tree = default_tree()
    accepted = [
        edit("hook", "Here are two strips of paper of equal length."),
        again("closing", "let them draw"),
        ACCEPT,
    ]
    decided(*accepted)
    decided(edit("hook", "Never mind."), Decision(do="reject"))

    def recalled(*skills: str):
        about = {s: f"{tree[s].name}. {tree[s].description}" for s in skills}

        async def ask():
            with open_memory(tmp_path / "runs" / "memory", WordEmbedder().embed) as memory:
                return await memory.recall_edits(about)

        return asyncio.run(ask())

    edits = recalled(GOAL)
    assert {e.section for e in edits} == {"hook", "closing"}
    notes = notes_for(PLAN, edits)
    assert set(notes) == {"hook", "closing"}
    assert "two strips of paper of equal length" in notes["hook"]
    assert "let them draw" in notes["closing"]
    assert {e.section for e in recalled("fractions.subtract_unlike")} == {"hook", "closing"}
    assert recalled("counting.count_on") == []
