"""The frame: what may be claimed, who is silent, and every experiment killed, resumed and replayed."""

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from classwright.errors import ClasswrightError, InputError, UnreachableError
from classwright.graphs.teach import job
from classwright.graphs.teach.frame import Outcome, claim, room, table
from classwright.models.scripted import Say, ScriptedModel, completion
from classwright.models.usage import LimitError
from classwright.runs.journal import JournalError
from classwright.runs.recipe import Limits, ModelSpec, ModelSpecs, Recipe
from tests.fake_openai import Answer, FakeServer
from tests.graphs import test_teach_compose as compose
from tests.graphs import test_teach_intervene as intervene
from tests.graphs import test_teach_iterate as iterate
from tests.graphs import test_teach_prefer as prefer
from tests.graphs import test_teach_select as select
from tests.graphs import test_teach_supervise as supervise
from tests.graphs.scripted_school import quiet
from tests.in_flight import lost_at


def made(arms: dict[str, list[float]], against: list[tuple[str, str]], seeds: int = 1):
    values = {arm: {str(i): [v] for i, v in enumerate(vs)} for arm, vs in arms.items()}
    return table("points", "share", values, {arm: arm for arm in arms}, against=against, controls=("c",), seeds=seeds,
                 seed=0)  # fmt: skip


def test_a_sentence_claims_what_its_interval_and_the_correction_allow():
    arms = {"good": [1.0] * 20, "bad": [0.0] * 20, "same": [float(i % 2) for i in range(20)],
            "c": [float(i % 2) for i in range(20)]}  # fmt: skip
    found = made(arms, [("good", "c"), ("bad", "c"), ("same", "c")], seeds=3)
    lines = Outcome(tables=[found]).claims()
    assert lines[0].startswith(
        "good is above c: +0.500 [+0.300, +0.700], p = 0.002 (McNemar), 0.006 after Holm; 20 items, 3 seeds"
    )
    assert lines[1].startswith("bad is below c: -0.500 [")
    assert (
        lines[2]
        == "no difference between same and c was shown: +0.000 [+0.000, +0.000], p = 1.000 (McNemar), 1.000 after Holm; 20 items, 3 seeds"
    )


def test_many_comparisons_are_corrected_over_all_tables():
    arms = {"a": [1.0] * 6 + [0.0] * 4, "c": [0.0] * 10}
    one = Outcome(tables=[made(arms, [("a", "c")])])
    assert one.tables[0].effects[0].adjusted == pytest.approx(2 / 64)
    assert one.claims()[0].startswith("a is above c")
    two = Outcome(tables=[made(arms, [("a", "c")]), made(arms, [("a", "c")])])
    assert [t.effects[0].adjusted for t in two.tables] == pytest.approx([4 / 64, 4 / 64])
    assert all(": no difference between a and c was shown" in line for line in two.claims())


def test_an_arm_without_items_is_named_and_compared_with_nothing():
    found = made({"a": [], "c": [1.0, 0.0]}, [("a", "c")])
    assert found.effects == []
    assert Outcome(tables=[found]).claims() == ["a: no item is left of “points”"]
    apart = table("points", "share", {"a": {"1": [1.0]}, "c": {"2": [1.0]}}, {"a": "", "c": ""}, against=[("a", "c")],
                  controls=(), seeds=1, seed=0)  # fmt: skip
    assert claim(apart.effects[0], apart).endswith("no item is left that both have; nothing can be said")


def test_room_is_what_at_least_one_arm_leaves():
    none, some, all_ = {"1": [0.0], "2": [0.0]}, {"1": [0.0], "2": [1.0]}, {"1": [1.0], "2": [1.0]}
    assert room("it", none, none).startswith("it is at the floor in every arm (0% right at best)")
    assert room("it", all_).startswith("it is at the ceiling in every arm (100% right at least)")
    assert room("it", none, some) == room("it", all_, some) == room("it", none, all_) == ""
    assert room("it", some, {}) == "no item is left for it"


SCRIPTS = {m.__name__.rpartition("_")[2]: m.planted for m in (select, prefer, iterate, intervene, compose)} | {
    "supervise": supervise.copies(supervise.true_steps), "order": lambda body: "never asked",
}  # fmt: skip
SMALL: dict[str, dict[str, Any]] = {
    "select": {**select.SETTINGS, "problems": 4, "samples": 3, "exam": 2},
    "prefer": prefer.SETTINGS,
    "iterate": {**iterate.SETTINGS, "exam": 4, "rounds": 1, "seeds": [0, 1]},
    "intervene": {**intervene.SETTINGS, "problems": 5},
    "compose": {"items": 2, "seeds": [0, 1]},
    "supervise": {"problems": 4, "seeds": [0, 1]},
    "order": {"problems": 10, "epochs": 60, "seeds": [0, 1, 2, 3]},
}
ASKED = [name for name in SMALL if name != "order"]


def found(summary: dict[str, Any]) -> dict[str, Any]:
    """What must not depend on how often a run was interrupted."""
    return {k: summary[k] for k in ("tables", "figures", "notes", "claims", "silent", "units", "calls", "tokens")}


def clean(name: str, root: Path) -> tuple[dict[str, Any], int]:
    model = ScriptedModel(SCRIPTS[name])
    summary = job.start(name, Recipe(teach={name: SMALL[name]}), root=root, progress=quiet, endpoint=model)
    return summary, len(model.seen)


@pytest.mark.parametrize("name", ASKED)
def test_an_experiment_that_breaks_off_goes_on_asks_nothing_twice_and_replays(name, tmp_path):
    undisturbed, asked = clean(name, tmp_path / "clean")
    assert asked <= undisturbed["calls"] <= job.estimate_cost(name, Recipe(teach={name: SMALL[name]})).calls
    before = 0

    def breaks_off(body):
        nonlocal before
        if before >= asked // 2:
            return UnreachableError("gone")
        before += 1
        return SCRIPTS[name](body)

    root = tmp_path / "broken"
    with pytest.raises(UnreachableError):
        job.start(name, Recipe(teach={name: SMALL[name]}), root=root, progress=quiet,
                  endpoint=ScriptedModel(breaks_off))  # fmt: skip
    run = next(root.iterdir())
    with pytest.raises(JournalError):
        job.resume(run, replay=True, progress=quiet)
    again = ScriptedModel(SCRIPTS[name])
    assert found(job.resume(run, replay=False, progress=quiet, endpoint=again)) == found(undisturbed)
    keys = [str(json.loads(line)["key"]) for line in (run / "journal.jsonl").read_text().splitlines()]
    assert len(keys) == len(set(keys)) == undisturbed["calls"]
    assert before + len(again.seen) == asked
    replayed = job.resume(run, replay=True, progress=quiet)
    assert {k: v for k, v in found(replayed).items() if k not in ("calls", "tokens")} == {
        k: v for k, v in found(undisturbed).items() if k not in ("calls", "tokens")
    }


def test_a_run_at_its_limit_stops_and_keeps_what_it_has(tmp_path):
    with pytest.raises(LimitError):
        job.start("select", Recipe(teach={"select": SMALL["select"]}, limits=Limits(calls=40)), root=tmp_path,
                  progress=quiet, endpoint=ScriptedModel(SCRIPTS["select"]))  # fmt: skip
    run = next(tmp_path.iterdir())
    assert len((run / "journal.jsonl").read_text().splitlines()) == 40


PLACES = 4
CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(
    [f"classwright.graphs.teach.{name}" for name in job.EXPERIMENTS]
    + ["classwright.graphs.teach.job", "aiohttp", "openai.types.chat", "tests.graphs.test_teach_frame", "matplotlib.figure"]
)  # fmt: skip


def work(name: str, url: str, root: Path, run: Path | None) -> None:
    """What a child process does: start the run, or go on with it."""
    if run is not None:
        job.resume(run, replay=False, progress=quiet)
        return
    spec = ModelSpec(base_url=(url,), model="scripted", concurrency=PLACES)
    job.start(name, Recipe(teach={name: SMALL[name]}, models=ModelSpecs(default=spec)), root=root, progress=quiet)


def run_in(root: Path) -> Path | None:
    return next((p for p in root.glob("2*") if (p / "config.json").exists()), None)


def progress_of(root: Path) -> int:
    run = run_in(root)
    files = (run / "journal.jsonl", run / "results.jsonl") if run else ()
    return sum(f.read_bytes().count(b"\n") for f in files if f.exists())


@pytest.mark.parametrize("name", list(SMALL))
def test_an_experiment_that_is_killed_ends_like_an_undisturbed_one(name, tmp_path):
    def answer(request) -> Answer:
        reply = SCRIPTS[name](request.body)
        say = reply if isinstance(reply, Say) else Say(reply)
        return Answer(completion(say, "scripted", request.body), delay_s=0.004)

    undisturbed, asked = clean(name, tmp_path / "clean")
    root = tmp_path / "broken"
    with FakeServer(answer) as server:
        process = CHILDREN.Process(target=work, args=(name, server.url, root, None))
        process.start()
        goal = asked // 2 if asked else 1
        while process.is_alive() and progress_of(root) < goal:
            time.sleep(0.002)
        assert process.is_alive()
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        killed = time.monotonic()
        process.join()
        run = run_in(root)
        lost = lost_at(killed, server, run)
        assert lost <= 2 * PLACES
        process = CHILDREN.Process(target=work, args=(name, server.url, root, run))
        process.start()
        process.join(120)
        assert process.exitcode == 0
        assert run is not None
        summary = json.loads((run / "summary.json").read_text())
        # Beyond a clean run only what was in flight when it was killed is asked again.
        assert len(server.bodies) <= asked + lost
    assert found(summary) == found(undisturbed)
    units = [json.loads(line)["unit"] for line in (run / "results.jsonl").read_text().splitlines()]
    assert len(units) == len(set(units)) == summary["units"]


def test_a_run_of_something_else_cannot_be_an_experiment():
    with pytest.raises(InputError, match="there is no experiment lesson; there are select, prefer, "):
        job.experiment("lesson")
    assert issubclass(InputError, ClasswrightError)


def test_sentences_of_several_tables_name_theirs_and_a_flat_one_says_so():
    about = {"a": "arm", "b": "control"}
    rising = {"a": {f"i{n}": [1.0] for n in range(8)}, "b": {f"i{n}": [float(n < 3)] for n in range(8)}}
    flat = {arm: {f"i{n}": [0.0] for n in range(8)} for arm in about}
    tables = [
        table(title, "share right", values, about, against=[("a", "b")], controls=["b"], seeds=1, seed=0)
        for title, values in (("k = 4", rising), ("k = 5", flat))
    ]
    first, second = Outcome(tables=tables).claims()
    assert first.startswith("k = 4: ")
    assert second == "k = 5: every arm is at the floor: nothing is right, so no difference can show"
    assert not Outcome(tables=tables[:1]).claims()[0].startswith("k = 4")
