"""A bulk run on two servers, one of which dies in the middle: every reply is there once, the run as with one server."""

import json
from pathlib import Path

from classwright.graphs.dialogue_plan import DialogueRequest
from classwright.graphs.dialogues import start
from classwright.models import endpoint
from classwright.models.scripted import Say, completion
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from tests.fake_openai import Answer, FakeServer
from tests.graphs.scripted_talk import talk

DIALOGUES, PLACES, LAST = 30, 8, 60


def quiet(label: str, done: int, total: int) -> None:
    """Says nothing."""


def answer(request) -> Answer:
    return Answer(completion(Say(talk(request.body)), "m", request.body), delay_s=0.005)


def held(root: Path, *urls: str) -> tuple[dict, dict[str, str]]:
    """The summary of a run, and its replies by key."""
    spec = ModelSpec(base_url=urls, model="m", concurrency=PLACES)
    request = DialogueRequest(skills=("fractions.add_unlike",), n=DIALOGUES, seed=5, students=4, turns=4)
    told = start(request, Recipe(models=ModelSpecs(default=spec)), root=root, progress=quiet)
    entries = [json.loads(line) for line in (Path(told["run"]) / "journal.jsonl").read_text().splitlines()]
    assert len({e["key"] for e in entries}) == len(entries)
    return told, {e["key"]: e["reply"]["raw"]["choices"][0]["message"]["content"] for e in entries}


def test_a_server_that_dies_in_the_middle_costs_no_reply(tmp_path, monkeypatch):
    monkeypatch.setattr(endpoint, "BASE_S", 0.01)
    answered = 0

    def until_it_dies(request) -> Answer:
        nonlocal answered
        answered += 1
        return answer(request) if answered <= LAST else Answer(reset=True)

    with FakeServer(answer) as one, FakeServer(until_it_dies) as other:
        told, replies = held(tmp_path / "two", one.url, other.url)
        tries = len(one.requests) + len(other.requests)
    with FakeServer(answer) as one:
        alone, expected = held(tmp_path / "one", one.url)
    assert answered > LAST, "it died in the middle"
    assert (told["dialogues"], told["failed"], told["errors"]) == (DIALOGUES, 0, 0)
    assert replies == expected
    # Only what was on its way to the dead server, and what was tried there after a rest, was asked again.
    assert told["retries"] == tries - len(replies) == answered - LAST
    assert 1 <= told["retries"] <= 3 * PLACES
    assert alone["retries"] == 0
