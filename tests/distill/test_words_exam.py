"""Models' words on held-out rows: the agents' own checks decide, and every figure can fail."""

import json
from pathlib import Path
from typing import Any

import pytest

from classwright.cli.main import run as command_line
from classwright.distill.held_rows import KINDS, HeldRow, drawn, read_held
from classwright.distill.report import report
from classwright.distill.rows import Row, read_rows
from classwright.distill.word_models import recipe_of, slug
from classwright.distill.words_exam import compare_words, evaluate_words
from classwright.errors import InputError, JournalError, UnreachableError
from classwright.models.scripted import Say, ScriptedModel
from classwright.runs.recipe import Recipe
from tests.distill.small_corpus import make_small_corpus
from tests.fake_openai import FakeServer, say

QUIET: dict[str, Any] = {"progress": lambda label, done, total: None}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return make_small_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def rows(data) -> list[HeldRow]:
    return read_held(data)


def by_prompt(rows):
    return {json.dumps(r.prompt): r for r in rows}


def parrot(rows, change=lambda row, text: text):
    """A model that says our own text for a row, changed."""
    known = by_prompt(rows)

    def script(body):
        row = known[json.dumps([{"role": m["role"], "content": m["content"]} for m in body["messages"]])]
        return change(row, row.curated)

    return ScriptedModel(script)


def test_every_row_says_by_what_it_is_held_out(rows, data):
    trained = {r.family for r in read_rows(data / "train.jsonl")}
    assert {k for r in rows for k in r.about.held} == set(KINDS) - {"skill"}
    for r in rows:
        assert ("family" in r.about.held) == (r.row.family not in trained)
    assert {r.about.asked.kind for r in rows} == {
        "slot",
        "says",
        "tutor",
        "student",
        "observer",
        "optimizer",
        "analogy",
    }


def test_our_own_texts_pass_the_agents_checks(data, tmp_path):
    found = evaluate_words("curated", data, tmp_path, per_task=0, **QUIET)
    assert found["total"]["accepted"]["share"] == 1
    assert found["total"]["numbers"]["share"] > 0.98
    assert found["total"]["choices"]["share"] == 1
    assert found["total"]["speed"]["mean"] is None
    assert json.loads((tmp_path / "words" / "curated.json").read_text()) == found


def test_a_model_is_asked_just_the_rows_prompts_at_run_time_settings(rows, data, tmp_path):
    server_rows = drawn(rows, 6, 0)
    script: Any = parrot(rows).script

    def answer(request):
        return say(script(request.body))

    with FakeServer(answer) as server:
        found = evaluate_words(f"tiny@{server.url}", data, tmp_path, per_task=6, **QUIET)
        assert found["total"]["accepted"]["share"] == 1
        assert found["total"]["seconds"]["mean"] > 0
        assert len(server.bodies) == len(server_rows) == found["total"]["rows"]
        assert {json.dumps(b["messages"]) for b in server.bodies} == {json.dumps(r.prompt) for r in server_rows}
        assert {b["temperature"] for b in server.bodies} == {0.7}
        again = evaluate_words(f"tiny@{server.url}", data, tmp_path, per_task=6, **QUIET)
        assert again == found
        assert len(server.bodies) == len(server_rows)
        with pytest.raises(JournalError):
            evaluate_words(f"tiny@{server.url}", data, tmp_path, per_task=0, seed=3, **QUIET)


def test_a_killed_examination_goes_on(rows, data, tmp_path):
    script: Any = parrot(rows).script
    asked: list[Any] = []

    def dies(body):
        asked.append(body)
        return UnreachableError("gone") if len(asked) == 9 else script(body)

    with pytest.raises(UnreachableError):
        evaluate_words("embedded", data, tmp_path, per_task=4, **QUIET, endpoint=ScriptedModel(dies))
    healthy = ScriptedModel(script)
    found = evaluate_words("embedded", data, tmp_path, per_task=4, **QUIET, endpoint=healthy)
    assert 0 < len(healthy.seen) <= found["total"]["rows"] - 8
    whole = evaluate_words("embedded", data, tmp_path / "other", per_task=4, **QUIET, endpoint=ScriptedModel(script))
    assert whole["total"]["accepted"] == found["total"]["accepted"]


def test_nonsense_is_refused_and_fails_the_bars(data, tmp_path):
    model = ScriptedModel(lambda body: "Sure! Here is the text: the answer is 987654.")
    found = evaluate_words("embedded", data, tmp_path, per_task=5, **QUIET, endpoint=model)
    assert found["total"]["accepted"]["share"] == 0
    assert found["total"]["numbers"]["share"] == 0
    assert found["total"]["twins"]["share"] == 1
    met = {b["measure"]: b["met"] for b in found["bars"]}
    assert met == {"accepted": False, "numbers": False, "verbatim": True}


def test_only_the_first_answer_counts(rows, data, tmp_path):
    """A second attempt, by which an agent mends a refused one, is never asked for."""
    model = ScriptedModel(lambda body: "No.")
    found = evaluate_words("embedded", data, tmp_path, per_task=5, **QUIET, endpoint=model)
    assert len(model.seen) == found["total"]["rows"]
    assert not [b for b in model.seen if "was not used" in json.dumps(b) or "was not right" in json.dumps(b)]


def test_copies_of_the_training_texts_are_found(rows, data, tmp_path):
    trained = {}
    for r in read_rows(data / "train.jsonl"):
        assert isinstance(r, Row)
        trained.setdefault(r.family.rsplit("/", 1)[1], r.messages[r.trained[0]].content)
    known = by_prompt(rows)

    def script(body):
        row = known[json.dumps(body["messages"])]
        return trained.get(row.about.task) or trained["hook"]

    found = evaluate_words("embedded", data, tmp_path, per_task=4, **QUIET, endpoint=ScriptedModel(script))
    assert found["total"]["verbatim"]["share"] == 1
    assert found["total"]["run"]["mean"] == 1
    assert not {b["measure"]: b["met"] for b in found["bars"]}["verbatim"]


def test_a_reply_that_is_cut_and_an_empty_one_are_refused(rows, data, tmp_path):
    tutor = [r for r in rows if r.about.task == "tutor_socratic"]
    cut = parrot(rows, lambda row, text: Say(text, finish_reason="length"))
    found = evaluate_words("embedded", data, tmp_path / "a", per_task=3, **QUIET, endpoint=cut)
    assert tutor
    assert found["tasks"]["tutor_socratic"]["accepted"]["yes"] == 0
    empty = evaluate_words("embedded", data, tmp_path / "b", per_task=3, **QUIET, endpoint=ScriptedModel(lambda b: ""))
    assert empty["total"]["accepted"]["yes"] == 0
    assert empty["total"]["verbatim"] is None


def test_a_choice_that_is_not_ours_is_used_but_counted(rows, data, tmp_path):
    def other(row, text):
        if row.about.task != "optimize":
            return text
        right = json.loads(text)["edit"]
        return json.dumps({"reason": "This is what they need.", "edit": 2 if right == 1 else 1})

    found = evaluate_words("embedded", data, tmp_path, per_task=3, **QUIET, endpoint=parrot(rows, other))
    assert found["tasks"]["optimize"]["accepted"]["share"] == 1
    assert found["tasks"]["optimize"]["choices"]["share"] == 0
    broken = parrot(rows, lambda row, text: "{" if row.about.task == "optimize" else text)
    found = evaluate_words("embedded", data, tmp_path / "b", per_task=3, **QUIET, endpoint=broken)
    assert found["tasks"]["optimize"]["accepted"]["share"] == 0


def test_a_dataset_of_other_prompts_is_an_error(rows, data, tmp_path):
    import shutil

    old = tmp_path / "old"
    shutil.copytree(data, old)
    text = (old / "held_out.jsonl").read_text()
    (old / "held_out.jsonl").write_text(text.replace("Task: hint", "Task: a hint").replace("You are", "You be"))
    with pytest.raises(InputError, match="another version"):
        evaluate_words("curated", old, tmp_path, per_task=2, **QUIET)
    (old / "asked.jsonl").unlink()
    with pytest.raises(InputError, match=r"asked\.jsonl"):
        evaluate_words("curated", old, tmp_path, **QUIET)


def test_rows_are_drawn_of_every_kind_and_the_same_for_a_seed(rows):
    few = drawn(rows, 4, 1)
    assert few == drawn(list(reversed(rows)), 4, 1)
    assert few != drawn(rows, 4, 2)
    tutor = [r for r in few if r.about.task == "tutor_socratic"]
    assert len(tutor) == 4
    assert {k for r in tutor for k in r.about.held} >= {"family", "pattern", "misconception"}
    assert len(drawn(rows, 0, 1)) == len(rows)


def seer(rows):
    """A judge that knows our own texts, and calls the longer one better where both or none are ours."""
    ours = {r.curated for r in rows} | {json.loads(r.curated)["reason"] for r in rows if r.about.task == "optimize"}

    def script(body):
        user = body["messages"][1]["content"]
        first = user.split("\n\nText 1:\n")[1].split("\n\nText 2:\n")[0]
        second = user.split("\n\nText 2:\n")[1].split("\n\nWhich text")[0]
        better = 1 if (first in ours, len(first)) >= (second in ours, len(second)) else 2
        return {"reason": "It is clearer.", "better": better}

    return ScriptedModel(script)


def test_an_admitted_judge_compares_blind_in_both_orders(rows, data, tmp_path):
    worse = parrot(rows, lambda row, text: text if row.about.task == "hook" else "Well, I do not know that.")
    judge = seer(rows)
    found = compare_words(
        ["curated", "embedded"], data, tmp_path, per_task=4, judges=Recipe(), judged=2, **QUIET,
        endpoints={"embedded": worse, "judges": judge},
    )  # fmt: skip
    assert found.judged.status == "admitted"
    [bout] = found.judged.bouts
    assert (bout.losses, bout.missing) == (0, 0)
    assert bout.ties == 2  # the hooks are the same text
    assert bout.wins + bout.ties == len(drawn(drawn(rows, 4, 0), 2, 0))
    assert [s.model for s in found.judged.strengths] == ["curated", "embedded"]
    assert not [b for b in judge.seen if "curated" in json.dumps(b["messages"])]
    page = (tmp_path / "words.html").read_text()
    assert "NOT met" in page
    assert "refused:" in page
    assert json.loads((tmp_path / "words.json").read_text())["rows"] == found.rows


def test_a_judge_that_fails_its_trial_is_asked_about_no_model(rows, data, tmp_path):
    first = ScriptedModel(lambda body: {"reason": "The first.", "better": 1})
    found = compare_words(
        ["curated", "embedded"], data, tmp_path, per_task=2, judges=Recipe(), **QUIET,
        endpoints={"embedded": parrot(rows), "judges": first},
    )  # fmt: skip
    assert found.judged.status == "withheld"
    assert "first" in found.judged.why
    assert found.judged.bouts == ()
    assert len(first.seen) < 40


def test_the_training_report_shows_the_words(data, tmp_path):
    compare_words(["curated"], data, tmp_path, per_task=2, **QUIET)
    report(tmp_path)
    for name in ("report.html", "report.md"):
        assert "ords on held-out rows" in (tmp_path / name).read_text()


def test_the_command_prints_one_object(data, tmp_path, capsys):
    options = ["--data", str(data), "--out", str(tmp_path), "--limit", "2"]
    assert command_line(["distill", "words", "curated", *options, "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["models"][0]["total"]["accepted"]["share"] == 1
    assert command_line(["distill", "words", "curated", *options, "--quiet"]) == 0
    assert "used by the agent" in capsys.readouterr().out
    assert command_line(["distill", "words", "no-such.gguf", *options, "--quiet"]) == 2


def test_a_models_name_decides_how_it_is_reached(tmp_path):
    weights, adapter = tmp_path / "a+b.gguf", tmp_path / "made" / "adapter.gguf"
    adapter.parent.mkdir()
    for file in (weights, adapter):
        file.write_bytes(b"GGUF")
    assert recipe_of("curated") is None

    def model(name: str) -> Any:
        recipe = recipe_of(name)
        assert recipe is not None
        return recipe.models.default

    assert model("m@http://127.0.0.1:1/v1").model == "m"
    assert model(str(weights)).gguf == weights
    assert model(f"embedded+{adapter.parent}").adapter == adapter
    with pytest.raises(InputError, match="not there"):
        recipe_of(f"embedded+{tmp_path}/no.gguf")
    assert slug("base") == "base"
    assert slug("a/b") != slug("a-b")
