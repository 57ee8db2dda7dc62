"""`classwright copilot`: for a program, and at a real terminal."""

import json
import re
import sys
from pathlib import Path

import pytest

from classwright.cli.main import run
from tests.fake_openai import Answer, FakeServer, say
from tests.graphs.test_copilot import GOOD, strategy_of
from tests.terminal import Terminal

TALK = "Ms. Okafor: Hi Zorana, what did you do?\nZorana: I did 12 + 5, and Kwame too. Mail me: zo@example.org\n"
COMMAND = ("from classwright.cli.main import main; main()",)


def answer(request) -> Answer:
    tags = re.findall(r"\[NAME-\d+\]", request.body["messages"][1]["content"])
    return say(json.dumps({"sentence": GOOD[strategy_of(request.body)].replace("[NAME-2]", tags[0])}))


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.txt").write_text(TALK)
    with FakeServer(answer) as server:
        (tmp_path / "r.toml").write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\n')
        yield server


ARGUMENTS = ["copilot", "--topic", "taking away, for Bo", "--history", "talk.txt", "--grade", "4", "--recipe", "r.toml"]


def test_json_suggests_with_names_that_never_left(place, capsys, tmp_path):
    (tmp_path / "names.txt").write_text("Bo\n")
    assert run([*ARGUMENTS, "--names", "names.txt", "--json", "--quiet"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["suggestions"][0]["text"] == "What happens to the pens when you give some away, Zorana?"
    assert len({x["strategy"] for x in found["suggestions"]}) == 3
    sent = json.dumps(place.bodies)
    for secret in ("Zorana", "Kwame", "Okafor", "zo@", "Bo"):
        assert re.search(rf"\b{re.escape(secret)}", sent) is None
    assert found["checked"]["leak guard"] is False


def test_a_learners_file_gives_name_and_grade(place, capsys, tmp_path):
    (tmp_path / "l.toml").write_text('name = "Quill Marsh"\ngrade = 3\n')
    (tmp_path / "talk.txt").write_text("Tutor: hi quill, so?\nStudent: i took marsh and 5, 12 - 5 = 8\n")
    arguments = [x for x in ARGUMENTS if x not in ("--grade", "4")]
    assert run([*arguments, "--learner", "l.toml", "--json", "-q"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["grade"] == 3
    assert "uill" not in json.dumps(place.bodies)
    assert "marsh" not in json.dumps(place.bodies)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--topic", " "], "--topic is empty"),
        (["--problem", "What is 2 + 2?"], "--problem and --answer belong together"),
        (["--history", "none.txt"], "none.txt: cannot be read"),
        (["--names", "none.txt"], "none.txt: cannot be read"),
    ],
)
def test_mistakes_are_one_line(place, capsys, arguments, message):
    assert run([*ARGUMENTS, *arguments, "-q"]) == 2
    assert message in capsys.readouterr().err
    assert place.bodies == []


@pytest.fixture
def spawn(place, tmp_path):
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, pathlib\np = pathlib.Path(sys.argv[1])\nt = p.read_text()\n"
        f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(t)\np.write_text('Zorana, how many pens are gone, and who has them?')\n"
    )
    terminals: list[Terminal] = []

    def make(*arguments: str) -> Terminal:
        root = str(Path(__file__).parents[2])
        env = {"PYTHONPATH": root, "VISUAL": f"{sys.executable} {editor}", "CLASSWRIGHT_RUNS": str(tmp_path / "runs")}
        terminals.append(Terminal([sys.executable, "-c", *COMMAND, *arguments], env))
        return terminals[-1]

    yield make
    for terminal in terminals:
        terminal.kill()


def test_a_tutor_chooses_edits_and_accepts_at_the_terminal(spawn, place, tmp_path):
    person = spawn(*ARGUMENTS)
    person.expect("copilot 1> ")
    assert "give some away, Zorana?" in person.seen
    person.send("9\n")
    person.expect("there is no suggestion '9'; there are 1, 2, 3")
    person.send("r\n")
    person.expect("copilot 2> ")
    person.send("2\n")
    person.expect("copilot 3> ")
    person.send("q\n")
    person.expect("goes on there")
    assert person.wait() == 1
    [run_dir] = (tmp_path / "runs").iterdir()
    asked = len(place.bodies)

    person = spawn("runs", "resume", run_dir.name)
    person.expect("copilot 3> ")
    assert len(place.bodies) == asked
    person.send("e\n")
    person.expect("copilot 4> ")
    person.send("a\n")
    person.expect("accepted")
    assert person.wait() == 0
    entries = [json.loads(line) for line in (run_dir / "journal.jsonl").read_text().splitlines()]
    logged = [e["reply"] for e in entries if "/person/" in e["key"]]
    assert [x["do"] for x in logged] == ["regenerate", "choose", "edit", "accept"]
    assert logged[2]["text"].startswith("[NAME-5], how many")  # a session that goes on knows no names; 4 are taken
    assert "Zorana" not in "".join(f.read_text() for f in run_dir.rglob("*") if f.is_file())


def test_an_accepted_sentence_is_printed_with_names_and_a_rejection_is_said(spawn):
    person = spawn(*ARGUMENTS)
    person.expect("copilot 1> ")
    person.send("e 1\n")
    person.expect("copilot 2> ")
    assert "1: Zorana, how many pens are gone, and who has them?" in person.seen
    person.send("a\n")
    assert person.wait() == 0
    assert person.seen.rstrip().endswith("Zorana, how many pens are gone, and who has them?")
    person = spawn(*ARGUMENTS)
    person.expect("copilot 1> ")
    person.send("x\n")
    person.expect("rejected")
    assert person.wait() == 1


def test_the_embedded_model_is_not_asked(place, capsys, tmp_path):
    assert run([x for x in ARGUMENTS if x not in ("--recipe", "r.toml")]) == 2
    assert "the embedded model is too small" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
