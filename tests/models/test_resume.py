import subprocess
import sys
import time
from collections import Counter

import pytest

from classwright.models.scripted import Say, completion
from classwright.runs.journal import Journal
from classwright.runs.listing import list_runs
from classwright.runs.run import open_run
from tests.fake_openai import Answer, FakeServer

PROGRAM = """
import asyncio, sys
from pathlib import Path
from classwright.models.roles import open_models
from classwright.runs.journal import Key
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from classwright.runs.listing import list_runs
from classwright.runs.run import create_run, open_run

url, root = sys.argv[1:]
UNITS, TURNS = 8, 6

async def dialogue(models, run, unit):
    messages = []
    for turn in range(TURNS):
        messages.append({"role": "user", "content": f"{unit}, turn {turn}"})
        reply = await models.chat("student").text(messages, key=Key(unit, "student", "say", turn))
        messages.append({"role": "assistant", "content": reply.text})
    if not run.has_result(unit):
        await run.add_result(unit, [message["content"] for message in messages])

async def main(run):
    recipe = Recipe(models=ModelSpecs(default=ModelSpec(base_url=(url,), model="m", concurrency=4)))
    async with open_models(recipe, run.journal, seed=7) as models:
        await asyncio.gather(*(dialogue(models, run, f"d{n}") for n in range(UNITS)))
        run.finish({"calls": models.meter.calls, "tokens": models.meter.tokens})

found = list_runs(root)
with (open_run(found[0].path) if found else create_run(root, "dialogue", "x", {})) as run:
    asyncio.run(main(run))
"""


def echo(request) -> Answer:
    body = request.body
    text = f"[{body['messages'][-1]['content']}: {body['seed'] % 1000}]"
    return Answer(completion(Say(text), "m", body), delay_s=0.02)


def start(server: FakeServer, root) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, server.url, str(root)])


def question(body) -> tuple[str, int]:
    return body["messages"][-1]["content"], body["seed"]


def stored(root) -> set[tuple[str, int]]:
    """The questions whose replies are in the journal."""
    found = list_runs(root)
    if not found:
        return set()
    with Journal.open(found[0].path / "journal.jsonl", "replay") as journal:
        return {question(entry.extra["request"]) for entry in journal.entries()}


def outcome(root):
    [info] = list_runs(root)
    with open_run(info.path, mode="replay") as run:
        return info.status, dict(sorted(run.results())), run.summary()


@pytest.mark.parametrize("kills", [[3], [10, 30], [1, 5, 20, 40]])
def test_a_run_killed_at_any_moment_ends_like_an_undisturbed_one_and_asks_nothing_twice(tmp_path, kills):
    with FakeServer(echo) as server:
        assert start(server, tmp_path / "calm").wait(60) == 0
        assert len(server.requests) == 48
        calm = outcome(tmp_path / "calm")
    with FakeServer(echo) as server:
        for answered in kills:
            process = start(server, tmp_path / "killed")
            while len(server.requests) < answered and process.poll() is None:
                time.sleep(0.001)
            process.kill()
            process.wait()
            before, kept = len(server.requests), stored(tmp_path / "killed")
            process = start(server, tmp_path / "killed")
            while len(server.requests) < before + 6 and process.poll() is None:
                time.sleep(0.001)
            process.kill()
            process.wait()
            assert kept.isdisjoint(map(question, server.bodies[before:])), "what is on the disk is not asked again"
        assert start(server, tmp_path / "killed").wait(60) == 0
        asked = Counter(map(question, server.bodies))
    assert outcome(tmp_path / "killed") == calm
    assert len(asked) == 48
    # Each of the 8 dialogues has one call under way when it is killed: asked, or answered and not yet on the disk.
    assert sum(asked.values()) - 48 <= 8 * 2 * len(kills)
