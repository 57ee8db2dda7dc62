"""`classwright dialogue SKILL...` as a person calls it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from classwright.cli import main, output
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer, failure
from tests.graphs.scripted_talk import talk

SKILL = "fractions.add_unlike"


@pytest.fixture(autouse=True)
def fresh_settings(monkeypatch):
    monkeypatch.setattr(output, "settings", output.Settings())


def called(capsys, *words: str, code: int = 0) -> tuple[str, str]:
    assert main.run(["dialogue", *words]) == code
    return capsys.readouterr()


def refused(capsys, *words: str) -> str:
    out, message = called(capsys, *words, code=2)
    assert out == ""
    assert message.startswith("classwright: ")
    assert message.count("\n") == 1
    return message


def test_a_first_word_that_is_no_command_is_a_skill(capsys, tmp_path):
    out, _ = called(capsys, SKILL, "--n", "4", "--words", "code", "--json", "--quiet")
    result = json.loads(out)
    assert (result["status"], result["dialogues"]) == ("finished", 4)
    assert result["run"].startswith(str(tmp_path))
    again, _ = called(capsys, "run", SKILL, "--n", "4", "--words", "code", "--json", "--quiet")
    alike = ("calls", "dialogues", "tutors", "pairs", "failures")
    assert {k: json.loads(again)[k] for k in alike} == {k: result[k] for k in alike}


def test_an_option_may_come_first_and_a_topic_in_words_is_understood(capsys):
    out, said = called(capsys, "--n", "2", "--words", "code", "--tutor", "tell,next-step", "fraction addition")
    assert "4 of 4 dialogues" in out
    assert "next-step minus tell, learned" in out
    assert "“fraction addition” was understood as fractions." in said


def test_the_help_names_the_commands(capsys):
    out, _ = called(capsys, "--help")
    assert all(name in out for name in ("run", "score", "export", "SKILL"))
    assert "--budget-tokens" in called(capsys, "run", "--help")[0]


def test_resume_and_replay_of_a_run(capsys):
    run = json.loads(called(capsys, SKILL, "--n", "3", "--words", "code", "--json", "--quiet")[0])["run"]
    for action, key, value in (("resume", "dialogues", 3), ("replay", "same", True)):
        assert main.run(["runs", action, Path(run).name, "--json", "--quiet"]) == 0
        assert json.loads(capsys.readouterr().out)[key] == value


def test_only_dialogues_take_a_budget_on_resume(capsys, tmp_path):
    from classwright.runs.run import create_run

    with create_run(None, "lesson", "x", {"request": {}}) as run:
        pass
    assert main.run(["runs", "resume", run.id, "--budget-tokens", "5"]) == 2
    assert "--budget-tokens and --retry-failed are for runs of dialogues" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([SKILL, "--tutor", "socratik"], r"--tutor socratik: unknown; did you mean socratic\?"),
        ([SKILL, "--tutor", "human"], "classwright play"),
        ([SKILL, "--tutor", ","], "names no tutor"),
        (["fractions.add_unlikely"], SKILL),
        (["the French Revolution"], "outside the skill tree"),
        (["--n", "3"], "name a skill"),
        ([SKILL, "--problems", "x.jsonl"], "exclude each other"),
        ([SKILL, "--class", "x.toml", "--students", "3"], "exclude each other"),
        ([SKILL, "--class", "nowhere.toml"], "nowhere.toml"),
        (["--problems", "nowhere.jsonl"], "nowhere.jsonl"),
        ([SKILL, "--n", "0"], "--n"),
        ([SKILL, "--words", "nobody"], "nobody"),
    ],
)
def test_bad_options_are_one_line_and_leave_nothing(capsys, tmp_path, words, message):
    assert re.search(message, refused(capsys, *words))
    assert not (tmp_path / "runs").exists()


GOOD = {"id": "a", "question": "Tom has 12 pens and buys 5. How many has he?", "answer": "17", "steps": ["12 + 5 = 17"]}


def problem_file(tmp_path: Path, *lines: bytes) -> str:
    path = tmp_path / "p.jsonl"
    path.write_bytes(b"\n".join([json.dumps(GOOD).encode(), *lines]) + b"\n")
    return str(path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (json.dumps(GOOD | {"id": "b", "answer": ""}).encode(), "line 2: .*answer"),
        (json.dumps(GOOD).encode(), "line 2: .*id a is already in line 1"),
        (json.dumps(GOOD | {"id": "b", "answer": "1" * 100_000}).encode(), "line 2: .*100000 digits"),
        (json.dumps(GOOD | {"id": "b"}).encode().replace(b"Tom", b"T\xf6m"), "line 2: .*UTF-8"),
    ],
)
def test_a_problem_file_with_faults_is_refused_or_they_are_counted(capsys, tmp_path, line, reason):
    file = problem_file(tmp_path, line)
    message = refused(capsys, "--problems", file, "--words", "code")
    assert re.search(reason, message)
    assert "--skip-bad" in message
    assert not (tmp_path / "runs").exists()
    out, said = called(capsys, "--problems", file, "--words", "code", "--n", "2", "--skip-bad", "--json")
    assert json.loads(out)["dialogues"] == 2
    assert "1 lines left out" in said


def test_export_writes_the_dialogues_of_a_run(capsys, tmp_path):
    run = Path(json.loads(called(capsys, SKILL, "--n", "3", "--words", "code", "--json", "--quiet")[0])["run"]).name
    for format in ("jsonl", "chat", "mathdial", "xapi"):
        out, _ = called(capsys, "export", run, "--format", format, "--out", str(tmp_path / format), "--json")
        assert json.loads(out)["dialogues"] == 3
    lines = (tmp_path / "jsonl").read_text().splitlines()
    assert len(lines) == 3
    out, _ = called(capsys, "score", str(tmp_path / "jsonl"), "--json")
    assert json.loads(out)["dialogues"] == 3
    assert "messages" in json.loads((tmp_path / "chat").read_text().splitlines()[0])


def recipe(tmp_path: Path, server: FakeServer, places: int = 4) -> str:
    path = tmp_path / "recipe.toml"
    path.write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\nconcurrency = {places}\n')
    return str(path)


def test_progress_shows_a_dead_endpoint_and_the_end_says_how_to_go_on(capsys, tmp_path, monkeypatch):
    from classwright.models import endpoint

    monkeypatch.setattr(endpoint, "BASE_S", 0.01)

    def dies(request):
        if len(server.requests) > 30:
            return failure(503)
        return Answer(completion(Say(talk(request.body)), "m", request.body))

    with FakeServer(dies) as server:
        words = (SKILL, "--n", "40", "--recipe", recipe(tmp_path, server), "--patience", "1.5")
        out, said = called(capsys, *words, code=3)
    assert out == ""
    assert re.search(r"^paused, trying again in \d s: http", said, re.M)
    last = said.splitlines()[-1]
    assert re.search(
        r"did not answer .*503.*; everything answered is kept, `classwright runs resume \d+-\d+-dialogue-", last
    )


def test_ctrl_c_stops_at_once_and_names_the_command_that_goes_on(tmp_path):
    def slow(request):
        return Answer(completion(Say(talk(request.body)), "m", request.body), delay_s=0.1)

    with FakeServer(slow) as server:
        program = "import sys; from classwright.cli.main import run; sys.exit(run(sys.argv[1:]))"
        words = ["dialogue", SKILL, "--n", "500", "--recipe", recipe(tmp_path, server, 64), "--json"]
        process = subprocess.Popen(
            [sys.executable, "-c", program, *words], env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        while len(server.requests) < 300:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        stopped = time.monotonic()
        out, errors = process.communicate(timeout=30)
        took = time.monotonic() - stopped
    assert process.returncode == 130
    assert out == b""
    last = errors.decode().splitlines()[-1]
    named = re.fullmatch(
        r"classwright: stopped, everything answered is kept; `classwright runs resume (\S+)` goes on with it", last
    )
    assert named
    assert (tmp_path / "runs" / named[1] / "journal.jsonl").exists()
    assert took < 10  # within a second where nothing else runs
    # What was answered a moment before is there, whole.
    lines = (tmp_path / "runs" / named[1] / "journal.jsonl").read_text().splitlines()
    assert len(lines) >= sum(at < stopped - 0.5 for at in server.answered)
