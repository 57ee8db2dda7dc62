"""A bulk run of dialogues, killed at random moments: every dialogue is there once, and nothing stored is asked again."""

import json
import multiprocessing
import os
import random
import signal
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from classwright.models.scripted import Say, completion
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from classwright.skilltree.bank import CONTENT
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_talk import talk
from tests.in_flight import lost_at

KILLS, DIALOGUES, PLACES = 20, 200, 8
CHILDREN = multiprocessing.get_context("forkserver")
# Children are forks of a process that has imported everything already: twenty starts would be most of the time.
CHILDREN.set_forkserver_preload(
    ["classwright.graphs.dialogues", "classwright.graphs.dialogue", "aiohttp", "openai.types.chat"]
    + [f"classwright.skilltree.content.{name}" for name in CONTENT]
)


def answer(request) -> Answer:
    return Answer(completion(Say(talk(request.body)), "m", request.body), delay_s=0.01)


def work(url: str, root: Path, run: Path | None) -> None:
    """What a child process does: start the run, or go on with it."""
    from classwright.graphs.dialogue_plan import DialogueRequest
    from classwright.graphs.dialogues import resume, start

    def progress(label: str, done: int, total: int) -> None:
        pass

    if run is not None:
        resume(run, replay=False, progress=progress)
        return
    spec = ModelSpec(base_url=(url,), model="m", concurrency=PLACES)
    request = DialogueRequest(skills=("fractions.add_unlike",), n=DIALOGUES, seed=5, students=4, turns=4)
    start(request, Recipe(models=ModelSpecs(default=spec)), root=root, progress=progress)


def child(url: str, root: Path) -> ForkServerProcess:
    process = CHILDREN.Process(target=work, args=(url, root, only_run(root)))
    process.start()
    return process


def finish(url: str, root: Path) -> Path:
    process = child(url, root)
    process.join(120)
    assert process.exitcode == 0
    run = only_run(root)
    assert run is not None
    return run


def only_run(root: Path) -> Path | None:
    runs = [p for p in root.glob("2*") if (p / "config.json").exists()]
    return runs[0] if runs else None


def replies(run: Path | None) -> int:
    journal = run / "journal.jsonl" if run else None
    return journal.read_bytes().count(b"\n") if journal and journal.exists() else 0


def held(run: Path) -> dict[str, list[str]]:
    """Unit -> what was said; every unit must be there once."""
    lines = [json.loads(line) for line in (run / "results.jsonl").read_text().splitlines()]
    units = [line["unit"] for line in lines]
    assert len(units) == len(set(units)) == DIALOGUES
    return {line["unit"]: [turn["text"] for turn in line["result"]["dialogue"]["turns"]] for line in lines}


def test_two_hundred_dialogues_killed_at_twenty_random_moments_end_like_undisturbed_ones(tmp_path):
    rng = random.Random(11)
    with FakeServer(answer) as server:
        undisturbed = finish(server.url, tmp_path / "clean")
        asked_clean = len(server.requests)
        server.requests.clear()
        server.answered.clear()

        broken, lost, kills = tmp_path / "broken", 0, 0
        while kills < KILLS:
            before, wanted = replies(only_run(broken)), rng.randint(1, asked_clean // (KILLS + 2))
            process = child(server.url, broken)
            while process.is_alive() and replies(only_run(broken)) < before + wanted:
                time.sleep(0.005)
            time.sleep(rng.uniform(0, 0.03))
            if not process.is_alive():
                break  # it finished before the next kill
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            killed = time.monotonic()
            process.join()
            kills += 1
            new = lost_at(killed, server, only_run(broken), lost)
            assert new <= 2 * PLACES  # at the server, and on their way to the disk
            lost += new
        run = finish(server.url, broken)
        asked = len(server.requests)
    assert kills == KILLS
    assert held(run) == held(undisturbed)
    # Beyond a clean run only what was in flight when a process was killed is asked again.
    assert asked == asked_clean + lost
