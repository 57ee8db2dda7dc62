"""The check of simulated students: the coded one passes, one that solves everything and one that parrots do not."""

import json
from pathlib import Path

import pytest

from classwright.classroom.flip_items import flip_items
from classwright.errors import ClasswrightError, UnreachableError
from classwright.graphs.student_check import UNTAUGHT, resume, said_result, start
from classwright.graphs.student_check_result import StudentCheckRequest
from classwright.models.scripted import ScriptedModel
from classwright.runs.recipe import Recipe
from classwright.skilltree.tree import default_tree
from tests.graphs.scripted_talk import talk

TREE = default_tree()


def quiet(label, done, total):
    pass


def check(tmp_path, script=(), **more):
    model = ScriptedModel(script)
    request = StudentCheckRequest.model_validate({"n": 40, "seed": 1, "tracked": 90} | more)
    return start(request, Recipe(), root=tmp_path, progress=quiet, endpoint=model), model


def solver(items):
    """A model that just solves the problem, whatever it is told."""

    def reply(body):
        system = body["messages"][0]["content"]
        return next(f"I think it is {i.problem.answer}." for i in items if " ".join(i.problem.text.split()) in system)

    return reply


def test_the_coded_student_passes_on_forty_misconceptions_and_asks_no_model(tmp_path):
    summary, model = check(tmp_path)
    [kind] = summary["kinds"]
    assert model.seen == []
    assert kind["items"] == 40
    by = {row["heard"]: row["score"] for row in kind["flips"]}
    assert by["label of the code, a look at the spot"]["score"] >= 0.8
    assert by["words, a look at the spot"]["score"] >= 0.8
    assert all(row["items"] == 40 and row["ungraded"] == 0 for row in by.values())
    assert kind["persistence"]["wrong"] >= 0.9
    assert kind["persistence"]["held"] >= 0.9
    assert [t["largest_gap"] <= 0.1 for t in kind["tracking"]] == [True, True]
    assert kind["voice"]["out_of_role"] == 0
    page = (Path(summary["run"]) / "report.html").read_text(encoding="utf-8")
    assert "Nothing speaks against it." in page or "Speaks against it" in page
    assert "KnowledgeStudent" in page


@pytest.mark.parametrize("kind", ["persona", "model"])
def test_one_that_solves_everything_scores_zero_and_keeps_no_misconception(tmp_path, kind):
    items = flip_items(TREE, 12, 1)
    summary, model = check(tmp_path, solver(items), students=(kind,), n=12, persist=5)
    [found] = summary["kinds"]
    assert found["flips"][0]["score"]["rates"] == {"targeted": 1, "misaligned": 1, "generic": 1}
    assert found["flips"][0]["score"]["score"] == 0
    assert found["persistence"]["wrong"] == 0
    assert found["persistence"]["held"] is None
    assert len(model.seen) == summary["calls"] == 12 * 3 + 5  # a solver is right in its first reply
    assert any("selective flip score 0.00" in d for d in found["doubts"])


def test_one_that_flips_only_when_its_own_idea_is_addressed_scores_one(tmp_path):
    items = flip_items(TREE, 12, 1)

    def holder(body):
        content = body["messages"][1]["content"]
        item = next(i for i in items if " ".join(i.problem.text.split()) in body["messages"][0]["content"])
        seen = " ".join(item.feedback["targeted"].split())[:60] in content
        return f"I think it is {item.problem.answer if seen else item.wrong}."

    summary, _ = check(tmp_path, holder, students=("model",), n=12, persist=4)
    [found] = summary["kinds"]
    assert found["flips"][0]["score"]["score"] == 1
    assert found["persistence"]["wrong"] == 1
    assert summary["calls"] == 36 + 4 * len(UNTAUGHT)


def test_one_that_parrots_is_out_of_role_and_what_cannot_be_graded_is_no_answer(tmp_path):
    def parrot(body):
        return body["messages"][1]["content"].split("Tutor: ")[-1].split("\n")[0]

    summary, _ = check(tmp_path, parrot, students=("persona",), n=6, persist=0)
    [found] = summary["kinds"]
    assert found["voice"]["parroted"] == 1
    assert any("repeat the tutor" in d for d in found["doubts"])
    assert found["flips"][0]["strict"]["items"] == 6
    assert found["persistence"] is None


@pytest.mark.parametrize(("text", "result"), [
    ("ANSWER: The answer is {wrong}.", "wrong"),
    ("ANSWER: The answer is {right}.", "right"),
    ("I see. ANSWER: {right}", "right"),
    ("I still got {wrong}. ANSWER:", "wrong"),
    ("I am still thinking about this.", "ungradable"),
])  # fmt: skip
def test_an_answer_is_read_where_a_model_puts_it(text, result):
    for item in flip_items(TREE, 12, 1):
        said = text.format(wrong=item.wrong, right=item.problem.answer)
        assert said_result(said, item.problem) in {result, "ungradable"}
    fraction = next(
        i for i in flip_items(TREE, 12, 1) if i.misconception == "fractions.add_numerators_and_denominators"
    )
    assert said_result(text.format(wrong=fraction.wrong, right=fraction.problem.answer), fraction.problem) == result


def test_worded_turns_are_all_checked_again(tmp_path):
    summary, model = check(tmp_path, talk, n=5, worded=5, turns=3)
    worded = summary["kinds"][0]["worded"]
    assert worded["dialogues"] == 5
    assert worded["unlike"] == []
    assert worded["worded"] >= 8
    assert worded["turns"] >= worded["worded"]
    assert summary["calls"] == len(model.seen)


def test_a_check_that_was_cut_off_goes_on_and_a_replay_asks_nobody(tmp_path):
    items = flip_items(TREE, 4, 1)
    calls = 0

    def dies(body):
        nonlocal calls
        calls += 1
        return UnreachableError("gone") if calls > 7 else solver(items)(body)

    request = {"students": ("persona",), "n": 4, "persist": 2}
    with pytest.raises(UnreachableError):
        check(tmp_path, dies, **request)
    [run] = tmp_path.iterdir()
    kept = len((run / "journal.jsonl").read_text().splitlines())
    again = ScriptedModel(solver(items))
    summary = resume(run, replay=False, progress=quiet, endpoint=again)
    assert 0 < kept <= 7
    assert len(again.seen) == 12 + 2 - kept
    nobody = ScriptedModel(())
    replayed = resume(run, replay=True, progress=quiet, endpoint=nobody)
    assert nobody.seen == []
    assert replayed["kinds"] == summary["kinds"]
    whole, _ = check(tmp_path / "whole", solver(items), **request)
    assert whole["kinds"] == summary["kinds"]


def test_a_changed_result_is_noticed_in_a_replay(tmp_path):
    summary, _ = check(tmp_path, n=3)
    path = Path(summary["run"]) / "results.jsonl"
    entry = json.loads(path.read_text())
    assert entry["result"]["kinds"][0]["items"] == 3
    assert resume(Path(summary["run"]), replay=True, progress=quiet)["kinds"] == summary["kinds"]
    unfinished = tmp_path / "unfinished"
    with pytest.raises((UnreachableError, ClasswrightError)):
        check(unfinished, lambda body: UnreachableError("gone"), students=("model",), n=1, persist=0)
    [run] = unfinished.iterdir()
    with pytest.raises(ClasswrightError, match="no reply stored"):
        resume(run, replay=True, progress=quiet)


@pytest.mark.integration
def test_the_embedded_model_words_just_what_code_decided(tmp_path):
    request = StudentCheckRequest(n=2, worded=2, turns=2, tracked=9, seed=1)
    summary = start(request, Recipe(), root=tmp_path, progress=quiet)
    worded = summary["kinds"][0]["worded"]
    assert worded["dialogues"] == 2
    assert worded["turns"] >= 3
    assert worded["unlike"] == []
    assert summary["calls"] >= 3
