import json
import os
import re
import socket

import pytest

from classwright.cli.main import run
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play

GOAL = "fractions.add_unlike"


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "runs"


def answer(request) -> Answer:
    reply = play(request.body)
    return Answer(completion(Say(reply if isinstance(reply, str) else json.dumps(reply)), "m", request.body))


def recipe(path, url, more="") -> str:
    file = path / "recipe.toml"
    file.write_text(f'[models.default]\nbase_url = "{url}"\nmodel = "m"\ntimeout_s = 5\n{more}')
    return str(file)


def fails(capsys, *words) -> tuple[int, str]:
    code = run(["lesson", *words])
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line for line in err.splitlines() if line.startswith("classwright:")]
    assert len(lines) == 1
    return code, lines[0]


def test_one_json_object_with_everything_a_script_needs(tmp_path, capsys):
    with FakeServer(answer) as server:
        words = [
            "lesson",
            GOAL,
            "--class",
            "4",
            "--seed",
            "7",
            "--rounds",
            "0",
            "--candidates",
            "1",
            "--json",
            "--quiet",
        ]
        assert run([*words, "--recipe", recipe(tmp_path, server.url), "--out", str(tmp_path / "out")]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == ""
    assert {"run", "lesson", "skills", "gain", "ciddp", "checks", "slots", "calls", "tokens", "seconds"} <= set(found)
    assert set(found["gain"]) == {"mean", "low", "high", "n"}
    assert set(found["checks"]) == {"equations", "false_equations", "answers", "wrong_answers"}
    assert set(found["slots"]) == {"model", "curated"}
    assert (found["checks"]["false_equations"], found["checks"]["wrong_answers"]) == (0, 0)
    assert (tmp_path / "out" / "lesson.html").read_text() == (tmp_path / found["lesson"]).read_text()


def test_a_learner_changes_path_tiers_and_context_and_the_name_stays_away(tmp_path, capsys):
    file = tmp_path / "mia.toml"
    file.write_text(
        'name = "Mia Example"\ngrade = 5\ninterests = ["space"]\n'
        'misconceptions = ["fractions.add_numerators_and_denominators"]\n'
        '[mastery]\n"fractions.add_like" = 0.3\n"fractions.add_unlike" = 0.2\n'
    )
    with FakeServer(answer) as server:
        words = ["lesson", GOAL, "--seed", "7", "--rounds", "0", "--candidates", "1", "--json", "--quiet"]
        given = recipe(tmp_path, server.url)
        assert run([*words, "--recipe", given, "--learner", str(file)]) == 0
        mine = json.loads(capsys.readouterr().out)
        assert run([*words, "--recipe", given, "--class", "4"]) == 0
        theirs = json.loads(capsys.readouterr().out)
    assert mine["skills"] == ["fractions.add_like", GOAL]
    assert theirs["skills"] == [GOAL]
    text = (tmp_path / mine["run"] / "lesson.md").read_text()
    assert "Review" in text
    for folder, _, names in os.walk(tmp_path / mine["run"]):
        for name in names:
            with open(os.path.join(folder, name), "rb") as f:
                assert b"Mia" not in f.read()


def test_a_topic_in_words_says_how_it_was_understood(tmp_path, capsys):
    with FakeServer(answer) as server:
        words = ["lesson", "add fractions with unlike denominators", "--class", "3", "--rounds", "0"]
        assert run([*words, "--candidates", "1", "--quiet", "--recipe", recipe(tmp_path, server.url)]) == 0
    assert "was understood as fractions.add_unlike" in capsys.readouterr().out


OUTLINE = {
    "title": "Photosynthesis", "objective": "I can say what a plant needs to make sugar.",
    "hook": "Why do plants stand in the light? Let us ask what they do there.",
    "explanation": "A plant takes in water through its roots and carbon dioxide through its leaves. Light gives it the "
    "energy to turn both into sugar. Oxygen is left over.",
    "key_terms": ["chlorophyll: the green matter that takes in light", "glucose: a sugar"],
    "common_mistake": "Plants eat soil.", "how_to_answer_it": "Weigh a pot before and after a plant has grown.",
    "activity": "Draw a leaf with arrows for what goes in and what comes out.",
    "warm_up_questions": ["What do roots stand in?"], "warm_up_answers": ["soil"],
    "guided_questions": ["What goes in?", "What comes out?"], "guided_answers": ["water and carbon dioxide", "oxygen"],
    "practice_questions": ["Where?", "When?", "Why?"], "practice_answers": ["in leaves", "in light", "to make sugar"],
    "exit_questions": ["What does a plant need?"], "exit_answers": ["light, water and carbon dioxide"],
    "closing": "Say it to a partner in one sentence.",
}  # fmt: skip


def test_a_subject_outside_the_tree_is_planned_by_the_model_and_marked(tmp_path, capsys):
    answers = {
        q: a
        for name in ("warm_up", "guided", "practice", "exit")
        for q, a in zip(OUTLINE[f"{name}_questions"], OUTLINE[f"{name}_answers"], strict=True)
    }

    def outline(request) -> Answer:
        asked = re.search(r"^Question: (.+)$", request.body["messages"][1]["content"], re.M)
        said = {"reason": "It is so.", "answer": answers[asked[1]]} if asked else OUTLINE
        return Answer(completion(Say(json.dumps(said)), "m", request.body))

    with FakeServer(outline) as server:
        words = ["lesson", "photosynthesis", "--class", "3", "--json", "--quiet"]
        assert run([*words, "--recipe", recipe(tmp_path, server.url)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verified"] is False
    assert found["gain"] is None
    assert "Not verified by code" in (tmp_path / found["run"] / "lesson.md").read_text()


def test_the_embedded_model_refuses_such_a_subject_with_advice(capsys, own_runs):
    code, line = fails(capsys, "photosynthesis", "--class", "3")
    assert code == 2
    assert "--model" in line
    assert not own_runs.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["fractions.add_unlik"], "fractions.add_unlike"),
        ([GOAL, "--class", "0"], "empty"),
        ([GOAL, "--class", "3", "--learner", "x.toml"], "exclude each other"),
        ([GOAL, "--learner", "nobody.toml"], "nobody.toml"),
        ([GOAL, "--class", "3", "--minutes", "10"], "10 minutes are too few"),
        ([GOAL, "--class", "3", "--recipe", "none.toml"], "none.toml"),
    ],
)
def test_bad_input_is_one_line_exit_2_and_nothing_written(capsys, own_runs, words, says):
    code, line = fails(capsys, *words)
    assert code == 2
    assert says in line
    assert not own_runs.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b'grade = 5\n[mastery]\n"fractions.nothing" = 0.5\n', "fractions.nothing"),
        (b'grade = 5\n[mastery]\n"fractions.add_like" = 80\n', "0.8"),
        (b'grade = "five"\n', "grade"),
        (b"grade = 5\ninterest = ['x']\n", "interests"),
        (b"grade = 5\nname = '\xff'\n", "UTF-8"),
        (b"learners = []\n", "empty"),
    ],
)
def test_a_bad_learner_file_is_named_with_what_is_wrong(tmp_path, capsys, own_runs, text, says):
    (tmp_path / "bad.toml").write_bytes(text)
    code, line = fails(capsys, GOAL, "--learner", "bad.toml")
    assert code == 2
    assert "bad.toml" in line
    assert says in line
    assert not own_runs.exists()


def test_too_few_minutes_for_the_prerequisites_says_what_fits(tmp_path, capsys):
    (tmp_path / "far.toml").write_text(
        'grade = 5\n[mastery]\n"fractions.add_like" = 0.1\n"fractions.equivalent" = 0.1\n'
    )
    code, line = fails(capsys, GOAL, "--learner", "far.toml", "--minutes", "25")
    assert code == 2
    assert "What fits: a lesson on fractions." in line


def test_an_unreachable_endpoint_is_exit_3_and_says_how_often_it_was_tried(tmp_path, capsys):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = recipe(tmp_path, f"http://127.0.0.1:{port}/v1")
    code, line = fails(capsys, GOAL, "--class", "3", "--quiet", "--recipe", given)
    assert code == 3
    assert "tried" in line


def test_an_output_folder_that_cannot_be_written_is_found_before_anything_is_asked(tmp_path, capsys, own_runs):
    (tmp_path / "file").write_text("")
    code, line = fails(capsys, GOAL, "--class", "3", "--out", str(tmp_path / "file" / "x"))
    assert code == 2
    assert "--out" in line
    assert not own_runs.exists()


@pytest.mark.integration
def test_the_embedded_model_plans_a_short_lesson(capsys):
    words = ["lesson", GOAL, "--class", "4", "--seed", "7", "--minutes", "25", "--rounds", "0", "--candidates", "1"]
    assert run([*words, "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["calls"] > 10
    assert (found["checks"]["false_equations"], found["checks"]["wrong_answers"]) == (0, 0)
    assert sum(found["slots"].values()) > 8
