import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from classwright.cli.main import run
from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play
from tests.in_flight import lost_at

GOAL = "fractions.add_unlike"
PLACES = 4
FAST = ("--rounds", "0", "--candidates", "1", "--seed", "7")


def answer(request) -> Answer:
    reply = play(request.body)
    text = reply if isinstance(reply, str) else json.dumps(reply)
    return Answer(completion(Say(text), "m", request.body), delay_s=0.01)


@pytest.fixture
def recipe(tmp_path):
    with FakeServer(answer) as server:
        file = tmp_path / "recipe.toml"
        file.write_text(f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\nconcurrency = {PLACES}\n')
        yield str(file), server


def fails(capsys, *words: str) -> str:
    assert run(["course", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    [line] = [line for line in err.splitlines() if line.startswith("classwright:")]
    return line


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fractions.ad_unlike", "--weeks", "2"], "fractions.add_unlike"),
        ([GOAL, "--weeks", "2", "--class", "0"], "the class is empty"),
        ([GOAL, "--weeks", "0"], "weeks"),
        ([GOAL, "--weeks", "2", "--lessons-per-week", "6"], "lessons-per-week"),
        ([GOAL, "--weeks", "2", "--out", "/proc/nowhere"], "/proc/nowhere: cannot be written"),
        ([GOAL], "weeks"),
    ],
)
def test_what_a_person_got_wrong(capsys, tmp_path, words, message):
    assert message in fails(capsys, *words)
    assert not (tmp_path / "runs").exists()


def test_a_killed_course_is_resumed_at_the_command_line(tmp_path, recipe):
    file, server = recipe
    program = "import sys; from classwright.cli.main import run; sys.exit(run(sys.argv[1:]))"
    words = ("course", GOAL, "--weeks", "1", "--class", "12", "--recipe", file, "--json", "--quiet", *FAST)

    def spawn(root: Path, *command: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "CLASSWRIGHT_RUNS": str(root)}
        return subprocess.Popen(
            [sys.executable, "-c", program, *command], env=environment, stdout=subprocess.PIPE, text=True
        )

    out, _ = spawn(tmp_path / "clean", *words).communicate(timeout=100)
    clean = json.loads(out)
    assert len(clean["lessons"]) == 2
    asked = len(server.bodies)
    assert clean["calls"] == asked
    server.requests.clear()
    server.answered.clear()
    killed = spawn(tmp_path / "broken", *words)
    end = time.monotonic() + 60
    while len(server.bodies) < asked * 2 // 3 and time.monotonic() < end:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    at = time.monotonic()
    killed.communicate()
    [path] = (tmp_path / "broken").glob("2*")
    lost = lost_at(at, server, path)
    assert lost <= 2 * PLACES  # at the server, and on their way to the disk
    out, _ = spawn(tmp_path / "broken", "runs", "resume", path.name, "--json", "--quiet").communicate(timeout=100)
    again = json.loads(out)
    assert again["lessons"] == clean["lessons"]
    assert len(server.bodies) == asked + lost  # beyond a clean course only what was in flight at the kill
    first, second = (Path(s["run"]) for s in (clean, again))
    for page in first.glob("*.html"):
        assert page.read_bytes() == (second / page.name).read_bytes()
