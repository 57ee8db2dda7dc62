"""What a lesson holds beyond its slots: proposed parts, word problems in an interest, the learners' language."""

import json
from collections import Counter
from pathlib import Path

import pytest

from classwright.classroom.audience import assemble
from classwright.classroom.equations import numbers_in
from classwright.classroom.plan import TIERS
from classwright.classroom.rehearsal import make_exam
from classwright.classroom.retold import VALIDATORS
from classwright.classroom.review import Decision
from classwright.classroom.verify import verify
from classwright.errors import ClasswrightError
from classwright.graphs.compare import start as compare
from classwright.graphs.compare import ways
from classwright.graphs.lesson_run import resume, start
from classwright.graphs.review_drive import scripted
from classwright.models.roles import Models
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Limits, Recipe
from classwright.skilltree.bank import numbers, problem
from classwright.skilltree.learner import Learner
from classwright.skilltree.tree import default_tree
from tests.agents.scripted_spanish import spanish
from tests.graphs.scripted_agents import play
from tests.graphs.test_lesson import GOAL, quiet, request, run_lesson, stored

TREE = default_tree()


def asked(run: Path) -> Counter[str]:
    """How often each task was asked for."""
    keys = [json.loads(line)["key"].split("/") for line in (run / "journal.jsonl").read_text().splitlines()]
    return Counter(key[2] for key in keys)


def held_out() -> list:
    r = request()
    audience = assemble(r.learners, GOAL, TREE)
    exam = make_exam([*audience.missing, GOAL], r.seed)
    return [*exam.before, *exam.after]


def commuted(p) -> tuple[str, frozenset[str]]:
    return p.skill, frozenset(p.expression.split(" + "))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    summary, model = run_lesson(tmp_path_factory.mktemp("runs"), proposals=True, rounds=0)
    return summary, model, stored(summary)


def test_admitted_parts_are_in_the_plan_and_the_plan_holds(finished):
    summary, _, result = finished
    p = result.proposals
    assert (p.admitted, len(p.problems), {i.kind for i in p.ideas}) == (
        8, 4, {"analogy", "activity", "representation", "question"}
    )  # fmt: skip
    mine = {x.id: x for x in result.plan.practice_problems() if x.family == "model"}
    assert {x.id for x in p.problems} == set(mine)
    assert result.plan.ideas == p.ideas
    assert result.placed == summary["proposals"]["placed"] == 8
    assert verify(result.plan, TREE, held_out()).passed
    assert result.rehearsal.gain.low > 0


def test_no_item_of_the_test_is_proposed_in_any_order(finished):
    _, _, result = finished
    assert not {commuted(p) for p in result.proposals.problems} & {commuted(p) for p in held_out()}


def test_what_was_refused_is_kept_with_its_reason_and_shown(finished):
    summary, _, result = finished
    refused = result.proposals.refused
    assert refused
    assert all("of the plan or of a test" in r.why[0] for r in refused)
    assert summary["proposals"]["proposed"] == 8 + len(refused)
    report = (Path(summary["run"]) / "report.html").read_text()
    assert f"{8 + len(refused)} proposed, second attempts included; 8 admitted, 8 of them in the plan" in report
    assert refused[0].why[0] in report.split("What the model proposed")[1]


def test_word_problems_are_retold_with_their_numbers_and_the_validators_are_shown(finished):
    summary, _, result = finished
    held = {p.id: p for p in result.plan.problems()}
    retold = [m for m in result.personalized if m.source == "model"]
    assert len(retold) >= 4
    for m in result.personalized:
        assert held[m.problem.id] == m.problem
        bank = problem(m.problem.skill, m.problem.seed, m.problem.level, "school")
        assert (m.problem.answer, m.problem.expression, m.problem.values) == (bank.answer, bank.expression, bank.values)
        assert numbers_in(m.problem.text) == numbers_in(bank.text)
    for m in retold:
        assert {r.validator for r in m.rulings} == set(VALIDATORS)
        assert all(r.passed is not False for r in m.rulings)
        assert any(r.by == "solution" and r.passed for r in m.rulings)
    counts = summary["personalized"]["validators"]
    assert list(counts["solvability"]) == [sum(bool(m.rulings) for m in result.personalized), 0, 0]
    report = (Path(summary["run"]) / "report.html").read_text()
    assert "solvability: passed" in report
    assert retold[0].problem.text in report


def test_a_hint_is_asked_for_the_retold_problem(finished):
    _, model, result = finished
    [first, *_] = [m.problem for m in result.personalized if m.problem in result.plan.guided.problems]
    prompts = [b["messages"][1]["content"] for b in model.seen if "Task: hint" in b["messages"][1]["content"]]
    assert any(first.text in prompt for prompt in prompts)


def test_drafts_share_their_retold_problems(finished):
    summary, _, result = finished
    tasks = asked(Path(summary["run"]))
    assert tasks["recontext_solve"] <= tasks["recontext"] <= 2 * 8 + 2
    assert {s.plan for s in result.steps if not s.dropped} == {"plan1", "plan2"}


def test_replay_gives_the_same_and_asks_nobody(finished):
    summary, _, _ = finished
    nobody = ScriptedModel([])
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=nobody)
    assert nobody.seen == []
    for part in ("proposals", "personalized", "calls"):
        assert json.dumps(again[part]) == json.dumps(summary[part])


@pytest.mark.parametrize(
    "before", ["recontext_solve", "hook", "propose_solution", "propose_problem", "propose_question"]
)
def test_stopped_anywhere_in_the_drafts_it_goes_on_to_the_same_plan(finished, tmp_path, before):
    summary, _, result = finished
    signs = {"recontext_solve": "You solve math problems", "hook": "Task: opening", "propose_solution": "Task: calculation",
             "propose_problem": "Task: word problem", "propose_question": "Task: question"}  # fmt: skip

    def stops(body):
        text = " ".join(m["content"] for m in body["messages"])
        if signs[before] in text and sum(signs[before] in str(b["messages"]) for b in model.seen) > 1:
            raise ClasswrightError("power cut")
        return play(body)

    model = ScriptedModel(stops)
    with pytest.raises(ClasswrightError, match="power cut"):
        start(request(proposals=True, rounds=0), Recipe(), root=tmp_path, progress=quiet, endpoint=model)
    [run] = [p for p in tmp_path.iterdir() if (p / "config.json").exists()]
    kept = asked(run).total() - 1  # one entry is the memory's
    more = ScriptedModel(play)
    done = resume(run, replay=False, progress=quiet, endpoint=more)
    assert stored(done).plan == result.plan
    assert stored(done).proposals == result.proposals
    assert len(more.seen) == summary["calls"] - kept


@pytest.mark.parametrize("calls", [3, 9, 60])
def test_at_a_cap_the_plan_is_whole_and_a_replay_gives_up_at_the_same_place(tmp_path, calls):
    recipe = Recipe(limits=Limits(calls=calls))
    summary = start(
        request(proposals=True, rounds=0), recipe, root=tmp_path, progress=quiet, endpoint=ScriptedModel(play)
    )
    result = stored(summary)
    assert summary["calls"] <= calls
    assert result.stopped.startswith("budget: ")
    assert verify(result.plan, TREE, held_out()).passed
    assert result.personalized
    if calls < 60:
        assert not [p for p in result.plan.problems() if p.family == "model"]
        assert {m.source for m in result.personalized} == {"bank"}
        assert all("limit of" in m.why for m in result.personalized)
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["calls"] == summary["calls"]


def test_a_model_that_fails_the_trial_is_asked_for_nothing_and_the_report_says_so(tmp_path):
    def cannot(body):
        good = play(body)
        return good | {"calculation": "1 + 1"} if isinstance(good, dict) and "calculation" in good else good

    summary, _ = run_lesson(tmp_path, cannot, proposals=True, rounds=0, candidates=1)
    assert summary["proposals"]["asked"] is False
    assert not {"propose_problem", "propose_analogy"} & set(asked(Path(summary["run"])))
    assert "No part was asked for: it solved 0 of 3" in (Path(summary["run"]) / "report.html").read_text()


def test_without_proposals_the_bank_tells_every_interest_and_no_call_more_is_made(tmp_path):
    summary, _ = run_lesson(tmp_path / "a", rounds=0)
    bare, _ = run_lesson(tmp_path / "b", rounds=0, interest=None,
                         learners=tuple(x.model_copy(update={"interests": ()}) for x in request().learners))  # fmt: skip
    result = stored(summary)
    assert result.proposals is None
    assert {m.source for m in result.personalized} == {"bank"}
    assert not {t for t in asked(Path(summary["run"])) if t.startswith(("propose", "recontext"))}
    assert summary["calls"] - summary["slots"]["model"] == bare["calls"] - bare["slots"]["model"]
    assert stored(bare).personalized == []
    passed, failed, _ = summary["personalized"]["validators"]["solvability"]
    assert (passed > 0, failed) == (True, 0)


def test_an_interest_is_widened_to_the_grain_for_the_class_and_every_prompt(tmp_path):
    people = tuple(x.model_copy(update={"interests": ("Minecraft", "Roblox")}) for x in request().learners)
    summary, model = run_lesson(
        tmp_path, proposals=True, rounds=0, candidates=1, learners=people, interest="Minecraft", grain="topic"
    )
    assert "Minecraft" not in str(model.seen)
    assert {(m.interest, m.grain) for m in stored(summary).personalized} == {("games", "topic")}
    narrow, model = run_lesson(
        tmp_path / "n", proposals=True, rounds=0, candidates=1, learners=people, interest="Minecraft"
    )
    assert {(m.interest, m.grain) for m in stored(narrow).personalized} == {("Minecraft", "reference")}
    assert "Name Minecraft." in str(model.seen)


def test_each_group_has_a_tier_of_its_own_in_its_own_interest(tmp_path):
    needed = TREE.prerequisites(GOAL)[0]
    known = dict.fromkeys(TREE.ancestors(GOAL), 0.9)
    people = [
        *(Learner(pseudonym=f"stuck-{i}", grade=5, interests=("dogs",), mastery={**known, needed: 0.3, GOAL: 0.3})
          for i in range(2)),
        *(Learner(pseudonym=f"ready-{i}", grade=5, interests=("space",), mastery={**known, GOAL: 0.6}) for i in range(4)),
        *(Learner(pseudonym=f"done-{i}", grade=5, interests=("music",), mastery={**known, GOAL: 0.95}) for i in range(2)),
    ]  # fmt: skip
    summary, _ = run_lesson(tmp_path, proposals=True, rounds=0, candidates=1, learners=tuple(people))
    plan = stored(summary).plan
    told = {tier: {p.interest for p in plan.independent.tier(tier)} - {None} for tier in TIERS}
    assert told == {"support": {"dogs"}, "core": {"space"}, "stretch": {"music"}}
    assert [p.skill for p in plan.independent.support][:2] == [needed, needed]
    assert {p.skill for tier in ("core", "stretch") for p in plan.independent.tier(tier)} == {GOAL}
    assert {g.name: g.learners for g in plan.groups} == {
        "support": ("stuck-0", "stuck-1"), "core": tuple(f"ready-{i}" for i in range(4)), "stretch": ("done-0", "done-1")
    }  # fmt: skip


def test_a_plan_ends_in_the_learners_language_with_its_mathematics_intact(finished, tmp_path):
    _, _, english = finished
    summary, model = run_lesson(tmp_path, proposals=True, rounds=0, language="es")
    result = stored(summary)
    assert result.english == english.plan  # everything before the translation is the same lesson
    assert (result.plan.language, result.plan.title) == ("es", spanish(english.plan.title))
    t = summary["translation"]
    assert (t["language"], t["complete"], t["left"], t["changed"]) == ("es", True, 0, [])
    assert (t["equations"] > 50, t["numbers"] > 500) == (True, True)
    assert [numbers(p) for p in result.plan.problems()] == [numbers(p) for p in english.plan.problems()]
    assert [p.answer for p in result.plan.problems()] == [p.answer for p in english.plan.problems()]
    assert {i.kind: i.text.text for i in result.plan.ideas} == {
        i.kind: spanish(i.text.text) for i in english.plan.ideas
    }
    before = [b for b in model.seen if "You translate" not in b["messages"][0]["content"]]
    assert "es" not in {part for b in before for part in str(b["messages"][0]["content"]).split('"')[1::2]}
    report = (Path(summary["run"]) / "report.html").read_text()
    assert f"Translated into es at the end: {t['pieces']} of {t['pieces']} texts" in report
    assert spanish(english.plan.title) in (Path(summary["run"]) / "lesson.md").read_text()


def test_what_stays_english_is_said_with_its_reason(tmp_path):
    closing = stored(run_lesson(tmp_path / "en", rounds=0, candidates=1)[0]).plan.closing.text

    def loses(body):
        good = play(body)
        return (
            "77"
            if "You translate" in body["messages"][0]["content"] and closing in body["messages"][-1]["content"]
            else good
        )

    summary, _ = run_lesson(tmp_path / "es", loses, rounds=0, candidates=1, language="es")
    result = stored(summary)
    assert result.translation is not None
    [(where, why)] = result.translation.untranslated
    assert where == "closing"
    assert "77 was added" in why
    assert (summary["translation"]["complete"], summary["language"]) == (False, "en")
    assert result.plan.closing.text == closing
    report = (Path(summary["run"]) / "report.html").read_text()
    assert "not everything that learners see was translated" in report
    assert why in report


def test_the_embedded_model_translates_nothing_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(Models, "embedded", lambda self, role: role == "teacher")
    summary, model = run_lesson(tmp_path, rounds=0, candidates=1, language="es")
    assert not any("You translate" in b["messages"][0]["content"] for b in model.seen)
    assert summary["language"] == "en"
    assert "too small to write Spanish" in summary["translation"]["why"]
    assert summary["translation"]["left"] == summary["translation"]["pieces"] > 50
    assert "the plan is in English" in (Path(summary["run"]) / "report.html").read_text()


def test_the_loop_leaves_room_for_the_translation(tmp_path):
    free, _ = run_lesson(tmp_path / "free", rounds=1, candidates=1, language="es")
    recipe = Recipe(limits=Limits(calls=free["calls"] + 3))
    summary = start(
        request(rounds=3, candidates=1, language="es"),
        recipe,
        root=tmp_path,
        progress=quiet,
        endpoint=ScriptedModel(play),
    )
    assert stored(summary).stopped == "budget: another round could go beyond the cap"
    assert (summary["language"], summary["translation"]["complete"]) == ("es", True)


def test_a_review_is_in_english_and_the_accepted_plan_is_translated(tmp_path):
    decisions = [
        Decision(do="edit", section="hook", text="Here are two strips of paper of equal length. Which one is longer?"),
        Decision(do="regenerate", section="guided"),
        Decision(do="accept"),
    ]
    shown = []

    async def decide(pause):
        shown.append(pause.plan)
        return await scripted(decisions)(pause)

    ask = request(proposals=True, rounds=0, candidates=1, language="es", review=True)
    summary = start(ask, Recipe(), root=tmp_path, progress=quiet, endpoint=ScriptedModel(play), decide=decide)
    result = stored(summary)
    assert {p.language for p in shown} == {"en"}
    assert summary["status"] == "accepted"
    assert result.plan.hook.text == spanish("Here are two strips of paper of equal length. Which one is longer?")
    assert verify(result.english, TREE, held_out()).passed
    held = {p.id for p in result.plan.problems()}
    assert {m.problem.id for m in result.personalized} <= held
    told = {m.problem.id for m in result.personalized}
    assert {p.id for p in shown[0].guided.problems[:2]} & {p.id for p in shown[0].problems() if p.interest}
    assert not told & {p.id for p in result.plan.guided.problems}  # what was made again is not spoken of
    again = resume(Path(summary["run"]), replay=True, progress=quiet, endpoint=ScriptedModel([]))
    assert again["translation"] == summary["translation"]


def test_a_rejected_plan_is_not_translated(tmp_path):
    ask = request(rounds=0, candidates=1, language="es", review=True)
    model = ScriptedModel(play)
    decide = scripted([Decision(do="reject", note="no")])
    summary = start(ask, Recipe(), root=tmp_path, progress=quiet, endpoint=model, decide=decide)
    assert (summary["status"], summary["translation"]) == ("rejected", None)
    assert not any("You translate" in b["messages"][0]["content"] for b in model.seen)


def test_in_a_comparison_only_our_ways_propose_and_nobody_translates(tmp_path):
    ask = request(proposals=True, language="es")
    chosen = ways(["single", "best-of-n", "self-refine", "eduplanner", "full"], [])
    found = compare(
        [ask], chosen, Recipe(), budget=60_000, rounds=0, root=tmp_path, progress=quiet, endpoint=ScriptedModel(play)
    )
    tasks = {p.name.split("+")[0]: asked(p) for p in (Path(found["run"]) / "cells").iterdir()}
    assert set(tasks) == {"single", "best-of-n", "self-refine", "eduplanner", "full"}
    ours = {way for way, seen in tasks.items() if seen["propose_problem"] and seen["recontext"]}
    assert ours == {"single", "full"}
    assert not any(seen["translate"] for seen in tasks.values())
