"""`classwright play` as a person at a terminal and a script over a pipe use it."""

import io
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from classwright.cli.main import run
from classwright.graphs.play import PlayRequest, play_spec
from classwright.skilltree.tree import default_tree
from tests.terminal import Terminal

SKILL = "fractions.add_unlike"
MAIN = "import sys; from classwright.cli.main import run; sys.exit(run(sys.argv[1:]))"
TREE = default_tree()
ANSWER = play_spec(PlayRequest(side="student", skill=SKILL, seed=4), TREE).problem.answer
TAUGHT = play_spec(PlayRequest(side="teacher", skill=SKILL, seed=4), TREE)


@pytest.fixture
def spawn(tmp_path):
    """Starts commands at terminals of their own, in this test's folder of runs."""
    terminals: list[Terminal] = []

    def start(*words: str) -> Terminal:
        environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "CLASSWRIGHT_RUNS": str(tmp_path / "runs")}
        terminals.append(Terminal([sys.executable, "-c", MAIN, *words], environment))
        return terminals[-1]

    yield start
    for terminal in terminals:
        terminal.kill()


def only_run(tmp_path: Path) -> Path:
    [found] = [p for p in (tmp_path / "runs").iterdir() if (p / "config.json").exists()]
    return found


def test_a_student_quits_in_the_middle_and_goes_on_to_a_solved_problem(spawn, tmp_path):
    person = spawn("play", "--as", "student", SKILL, "--seed", "4")
    person.expect("You are the student.")
    person.expect("you> ")
    person.send("2/24\n")
    person.expect("Tutor: ")
    person.expect("you> ")
    person.send("/hint\n")
    person.expect(f"Hint: {TREE[SKILL].method[0]}")
    person.expect("you> ")
    person.send("/what\n")
    person.expect("/hint")
    person.expect("you> ")
    person.send("/quit\n")
    person.expect("The talk is open; `classwright runs resume")
    assert person.wait() == 0
    again = spawn("runs", "resume", only_run(tmp_path).name)
    again.expect("you> 2/24")
    again.expect("Tutor: ")
    again.expect("you> ")
    again.send(f"Oh, then it is {ANSWER}.\n")
    again.expect("Tutor: ")
    again.expect("The observer's notes")
    again.expect("The student had the right answer in line 3")
    assert again.wait() == 0
    assert (only_run(tmp_path) / "summary.json").exists()


def test_a_teacher_cures_what_the_student_held_and_is_told_at_the_end(spawn):
    assert TAUGHT.misconception
    m = TREE.misconception(TAUGHT.misconception)
    person = spawn("play", "--as", "teacher", SKILL, "--seed", "4")
    person.expect(f"The right answer, for you only: {TAUGHT.problem.answer}.")
    person.expect("Student: ")
    person.expect("you> ")
    person.send(f"{m.question}\n")
    person.expect("(The student has the right answer.")
    person.expect("you> ")
    person.send("What was wrong with your first idea?\n")
    person.expect("Student: ")
    person.expect("you> ")
    person.send("Well done.\n")
    person.expect("The observer's notes")
    assert m.name not in person.seen.split("The observer's notes")[0]
    person.expect(m.name)
    person.expect("what it did")
    assert person.wait() == 0


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 0)])
def test_keys_that_end_a_program_leave_the_talk_open(spawn, tmp_path, key, code):
    person = spawn("play", "--as", "student", SKILL, "--seed", "4")
    person.expect("you> ")
    person.send("2/24\n")
    person.expect("Tutor: ")
    person.expect("you> ")
    person.send(key)
    person.expect("goes on there.")
    assert person.wait() == code
    assert not (only_run(tmp_path) / "summary.json").exists()


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def test_over_a_pipe_standard_output_is_one_json_object(monkeypatch, capsys):
    typed(monkeypatch, "2/24", "", f"{ANSWER}", "I see.")
    assert run(["play", "--as", "student", SKILL, "--seed", "4", "--json"]) == 0
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert (found["status"], found["ended"], found["side"]) == ("finished", "solved", "student")
    assert "Tutor: " in shown.err


def test_a_left_talk_tells_nothing_that_is_hidden(monkeypatch, capsys):
    typed(monkeypatch, "How did you get that?")
    assert run(["play", "--as", "teacher", SKILL, "--seed", "4", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == "open"
    assert found["notes"]["effects"] == []
    assert TAUGHT.misconception
    assert TREE.misconception(TAUGHT.misconception).name not in json.dumps(found)


def test_what_is_no_words_or_too_long_is_asked_for_again(monkeypatch, capsys):
    typed(monkeypatch, "x" * 5000, "2\x1b[D/24\x07", "/quit")
    assert run(["play", "--as", "student", SKILL, "--seed", "4"]) == 0
    assert "That is 5000 characters long" in capsys.readouterr().err
    [found] = Path(os.environ["CLASSWRIGHT_RUNS"]).iterdir()
    assert '"text": "2/24"' in (found / "journal.jsonl").read_text().replace('":"', '": "')


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--as", "student", "--misconception", "x"], "--student and --misconception are for --as teacher"),
        (["--as", "teacher", "--tutor", "bridge"], "--tutor is for --as student"),
        (["--as", "teacher", "--misconception", "x"], "x"),
        ([], "--as"),
    ],
)
def test_options_that_do_not_fit_are_refused(words, message, capsys):
    assert run(["play", SKILL, *words]) == 2
    assert message in capsys.readouterr().err


def test_a_dead_endpoint_ends_the_talk_and_keeps_it(tmp_path, monkeypatch, capsys):
    (tmp_path / "r.toml").write_text('[models.default]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m"\n')
    monkeypatch.setattr("classwright.models.endpoint.BASE_S", 0.001)
    typed(monkeypatch, "2/24")
    assert run(["play", "--as", "student", SKILL, "--recipe", str(tmp_path / "r.toml")]) == 3
    assert "did not answer" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
