"""`classwright lesson --review` and `classwright runs resume` as a person or a script uses them."""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from classwright.cli.main import run
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play
from tests.terminal import Terminal

GOAL = "fractions.add_unlike"
STRIPS = "Here are two strips of paper of equal length. Which one is longer?"
MAIN = "import sys; from classwright.cli.main import run; sys.exit(run(sys.argv[1:]))"


def answer(request) -> Answer:
    reply = play(request.body)
    return Answer(completion(Say(reply if isinstance(reply, str) else json.dumps(reply)), "m", request.body))


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setenv("CLASSWRIGHT_RUNS", str(tmp_path / "runs"))
    with FakeServer(answer) as server:
        (tmp_path / "recipe.toml").write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        yield server


def words(tmp_path: Path, *more: str) -> list[str]:
    recipe = str(tmp_path / "recipe.toml")
    small = ["--class", "4", "--seed", "7", "--rounds", "0", "--candidates", "1", "--recipe", recipe]
    return ["lesson", GOAL, *small, "--review", *more]


def decisions(tmp_path: Path, text: str) -> str:
    file = tmp_path / "decisions.toml"
    file.write_text(text)
    return str(file)


def only_run(tmp_path: Path) -> Path:
    [found] = [p for p in (tmp_path / "runs").iterdir() if (p / "config.json").exists()]
    return found


def test_decisions_from_a_file_give_one_json_object(tmp_path, server, capsys):
    file = decisions(
        tmp_path,
        f'[[decisions]]\ndo = "edit"\nsection = "hook"\ntext = "{STRIPS}"\n[[decisions]]\ndo = "accept"\n',
    )
    assert run(words(tmp_path, "--decisions", file, "--json", "--quiet")) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "accepted"
    assert found["review"]["sections"]["hook"]["distance"] > 0
    folder = Path(found["run"])
    assert STRIPS in (folder / "lesson.html").read_text()
    report = (folder / "report.html").read_text()
    assert "The teacher's review" in report
    assert "hook" in report.split("The teacher's review")[1]
    asked = len(server.bodies)
    assert run(["runs", "replay", str(folder), "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["review"] == found["review"]
    assert len(server.bodies) == asked


def test_a_rejected_lesson_ends_with_1_and_says_why(tmp_path, server, capsys):
    file = decisions(tmp_path, '[[decisions]]\ndo = "reject"\nnote = "too early for them"\n')
    assert run(words(tmp_path, "--decisions", file, "--quiet")) == 1
    out = capsys.readouterr().out
    assert "Review: rejected: too early for them" in out
    assert "Lesson:" not in out
    folder = only_run(tmp_path)
    assert json.loads((folder / "summary.json").read_text())["status"] == "rejected"
    assert not (folder / "lesson.html").exists()
    assert run(["runs", "replay", folder.name, "--quiet"]) == 1


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (["--json"], "needs --decisions FILE"),
        (["--compare", "single,full"], "--review is for one lesson"),
    ],
)
def test_a_review_that_nobody_could_do_is_refused_at_once(tmp_path, server, capsys, more, fault):
    assert run(words(tmp_path, *more, "--quiet")) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert fault in err
    assert not (tmp_path / "runs").exists()
    assert server.bodies == []


def test_decisions_without_a_review_are_refused(tmp_path, capsys):
    file = decisions(tmp_path, '[[decisions]]\ndo = "accept"\n')
    assert run(["lesson", GOAL, "--decisions", file]) == 2
    assert "--decisions belongs to --review" in capsys.readouterr().err


def test_killed_at_a_terminal_with_a_progress_bar_and_resumed_at_the_same_decision(tmp_path, server):
    env = {"PYTHONPATH": str(Path(__file__).parents[2]), "VISUAL": "", "EDITOR": "/no/such/editor"}
    person = Terminal([sys.executable, "-c", MAIN, *words(tmp_path)], env)
    person.expect("Rehearsal: gain")
    person.expect("review 1> ")
    person.send("regenerate closing: shorter\n")
    person.expect("review 2> ")
    person.kill()
    asked = len(server.bodies)
    folder = only_run(tmp_path)
    person = Terminal([sys.executable, "-c", MAIN, "runs", "resume", folder.name], env)
    person.expect("review 2> ")
    assert len(server.bodies) == asked
    person.send("accept\n")
    assert person.wait() == 0
    assert "accepted" in person.seen
    keys = Counter(json.loads(line)["key"] for line in (folder / "journal.jsonl").read_text().splitlines())
    assert max(keys.values()) == 1
    assert [k for k in keys if k.startswith("lesson/teacher/review/")] == [f"lesson/teacher/review/{n}" for n in (1, 2)]
