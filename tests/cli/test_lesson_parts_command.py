"""`classwright lesson` with a larger model: what it proposes, retells and translates, as a person or a script sees it."""

import json

import pytest

from classwright.cli.main import run
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play

GOAL = "fractions.add_unlike"
SMALL = ("--seed", "7", "--rounds", "0", "--candidates", "1", "--quiet", "--recipe", "recipe.toml")


def answer(request) -> Answer:
    reply = play(request.body)
    return Answer(completion(Say(reply if isinstance(reply, str) else json.dumps(reply)), "m", request.body))


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with FakeServer(answer) as server:
        (tmp_path / "recipe.toml").write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        yield server


def test_a_larger_model_proposes_and_retells_unless_it_is_told_not_to(server, capsys):
    words = ["lesson", GOAL, "--class", "4", "--interest", "Minecraft", "--grain", "topic", *SMALL]
    assert run(words) == 0
    out = capsys.readouterr().out
    assert "admitted, 8 in the plan" in out
    assert "retold by the model" in out
    assert "Minecraft" not in str(server.bodies)
    asked = len(server.bodies)
    assert run([*words, "--no-proposals", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["proposals"] is None
    assert found["personalized"]["by_model"] == 0
    assert found["personalized"]["validators"]["solvability"][1] == 0
    more = str(server.bodies[asked:])
    assert more
    assert not [sign for sign in ("You retell", "Task: word problem", "Task: calculation") if sign in more]


def test_the_language_of_a_learner_is_that_of_the_lesson(tmp_path, server, capsys):
    (tmp_path / "luz.toml").write_text('grade = 5\nlanguage = "es"\ninterests = ["baking"]\n')
    assert run(["lesson", GOAL, "--learner", "luz.toml", *SMALL]) == 0
    out = capsys.readouterr().out
    assert "Language es: 0 of " in out
    assert "equations, 0 texts with one changed" in out
    assert run(["lesson", GOAL, "--learner", "luz.toml", *SMALL, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["language"], found["translation"]["complete"]) == ("es", True)
    assert found["translation"]["changed"] == []


def test_an_unknown_grain_is_bad_input(server, capsys):
    assert run(["lesson", GOAL, "--class", "3", "--grain", "subtopics", *SMALL]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "--grain subtopics: did you mean subtopic? There are topic, subtopic, reference" in err
    assert server.bodies == []
