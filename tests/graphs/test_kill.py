"""A lesson run, killed at random moments: nothing finished is asked again and the plan is that of an undisturbed run."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from classwright.models.scripted import Say, completion
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_agents import play
from tests.in_flight import lost_at

KILLS = 20
PLACES = 2


def answer(request) -> Answer:
    reply = play(request.body)
    text = reply if isinstance(reply, str) else json.dumps(reply)
    return Answer(completion(Say(text), "m", request.body), delay_s=0.05)


def command(root: Path, *words: str) -> subprocess.Popen[bytes]:
    program = "import sys; from classwright.cli.main import run; sys.exit(run(sys.argv[1:]))"
    environment = {**os.environ, "CLASSWRIGHT_RUNS": str(root)}
    root.mkdir(exist_ok=True)
    with (root / "stderr.txt").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-c", program, *words], env=environment, stdout=subprocess.DEVNULL, stderr=errors
        )


def finish(process: subprocess.Popen[bytes], root: Path) -> None:
    try:
        assert process.wait(120) == 0, (root / "stderr.txt").read_text()
    finally:
        process.kill()
        process.wait()


def only_run(root: Path) -> Path | None:
    runs = [p for p in root.glob("2*") if (p / "config.json").exists()]
    return runs[0] if runs else None


def replies(run: Path | None) -> int:
    journal = run / "journal.jsonl" if run else None
    return len(journal.read_bytes().splitlines()) if journal and journal.exists() else 0


def killed_and_resumed(tmp_path: Path, most: int, settings: str, step: int) -> tuple[int, Path]:
    """How often a lesson was killed until it ended like an undisturbed one, and its run.

    Args:
        tmp_path: Where runs go.
        most: Kills at most.
        settings: The lesson's settings in the recipe.
        step: Replies between two kills at most.
    """
    rng = random.Random(7)
    with FakeServer(answer) as server:
        recipe = tmp_path / "recipe.toml"
        recipe.write_text(
            f'[models.default]\nbase_url = "{server.url}"\nmodel = "m"\nconcurrency = {PLACES}\n[lesson]\n{settings}'
        )
        lesson = ("lesson", "fractions.add_unlike", "--class", "6", "--seed", "7", "--recipe", str(recipe), "--quiet")
        clean, broken = tmp_path / "clean", tmp_path / "broken"
        finish(command(clean, *lesson), clean)
        undisturbed = only_run(clean)
        assert undisturbed is not None
        asked_clean = len(server.bodies)
        server.requests.clear()
        server.answered.clear()

        kills = lost = 0
        while kills < most:
            run = only_run(broken)
            process = command(broken, "runs", "resume", run.name) if run else command(broken, *lesson)
            before, wanted = replies(run), rng.randint(1, step)
            while process.poll() is None and replies(only_run(broken)) < before + wanted:
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.05))
            if process.poll() is not None:
                break  # it finished before the next kill
            process.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            process.wait()
            kills += 1
            new = lost_at(killed, server, only_run(broken), lost)
            assert new <= 2 * PLACES  # at the server, and on their way to the disk
            lost += new
        run = only_run(broken)
        assert run is not None
        finish(command(broken, "runs", "resume", run.name), broken)
    assert (run / "plan.json").read_bytes() == (undisturbed / "plan.json").read_bytes()
    keys = Counter(json.loads(line)["key"] for line in (run / "journal.jsonl").read_text().splitlines())
    assert max(keys.values()) == 1
    # Beyond a clean run only what was in flight when a process was killed is asked again.
    assert len(server.bodies) == asked_clean + lost
    return kills, run


def test_a_lesson_killed_at_twenty_random_moments_ends_like_an_undisturbed_one(tmp_path):
    kills, _ = killed_and_resumed(tmp_path, KILLS, "rounds = 1\nproposals = false\n", 4)
    assert kills >= 10


def test_so_does_one_that_is_killed_while_it_retells_and_proposes(tmp_path):
    kills, run = killed_and_resumed(tmp_path, 4, "rounds = 0\ncandidates = 1\n", 16)
    assert kills >= 3
    proposals = json.loads((run / "summary.json").read_text())["proposals"]
    assert proposals["admitted"] >= 6
