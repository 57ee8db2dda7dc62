"""The scheduler of bulk dialogues, with dialogues that do as they are told."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from classwright.errors import ClasswrightError, JournalError, OutputError, UnreachableError
from classwright.graphs import dialogue_pause
from classwright.graphs.dialogue_pause import Pause
from classwright.graphs.dialogue_schedule import HOPELESS, SEEN, TOKENS_A_TURN, Outcome, Schedule
from classwright.models.usage import LimitError, Meter


class Stage:
    """Dialogues that take calls of 100 tokens, and what came of them."""

    def __init__(self, do=None, *, window=4, budget=None, patience_s=5.0):
        self.meter, self.outcomes, self.most, self.now = Meter(), [], 0, 0
        self.do = do or self.talk
        self.schedule = Schedule(self.hold, self.store, self.meter, window, Pause(patience_s, 0.02), budget)

    async def hold(self, spec: Any) -> Any:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await self.do(spec)
        finally:
            self.now -= 1

    async def talk(self, spec: Any, calls: int = 3, seconds: float = 0.001) -> Any:
        for _ in range(calls):
            await asyncio.sleep(seconds)
            self.meter.add(90, 10, seconds)
        return SimpleNamespace(id=spec.id)

    async def store(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def run(self, n: int) -> str:
        specs = (
            (f"u{i}", SimpleNamespace(id=f"u{i}", turns=2, words="model", student="knowledge", tutor="socratic"))
            for i in range(n)
        )
        return asyncio.run(self.schedule.run(specs))  # pyright: ignore[reportArgumentType]

    @property
    def units(self) -> list[str]:
        return sorted(o.unit for o in self.outcomes)


def test_all_are_held_once_and_no_more_than_the_window_at_a_time():
    stage = Stage(window=4)
    assert stage.run(30) == ""
    assert stage.units == sorted(f"u{i}" for i in range(30))
    assert stage.most == 4
    assert all(o.cost.calls == 3 and o.cost.tokens == 300 for o in stage.outcomes)
    assert stage.schedule.asked_s == pytest.approx(30 * 0.003)
    assert stage.schedule.longest_s == pytest.approx(0.003)


def test_a_failure_is_stored_with_its_reason_and_the_others_go_on():
    async def do(spec):
        if spec.id == "u3":
            raise OutputError("no valid\nDecision")
        if spec.id == "u5":
            raise ZeroDivisionError("a fault of the program")
        return await stage.talk(spec)

    stage = Stage(do)
    assert stage.run(10) == ""
    failed = {o.unit: o.failure for o in stage.outcomes if o.failure}
    assert failed == {"u3": ("OutputError", "no valid Decision"), "u5": ("ZeroDivisionError", "a fault of the program")}
    assert (stage.schedule.held, stage.schedule.failed) == (8, 2)


def test_when_the_first_ones_all_fail_the_rest_is_not_tried():
    async def do(spec):
        raise OutputError("no text")

    stage = Stage(do)
    with pytest.raises(ClasswrightError, match=f"the first {HOPELESS} dialogues failed, the last one: no text"):
        stage.run(500)
    assert len(stage.outcomes) < HOPELESS + 4


def test_a_damaged_journal_ends_the_run():
    async def do(spec):
        if spec.id == "u2":
            raise JournalError("line 3 is damaged")
        return await stage.talk(spec)

    stage = Stage(do)
    with pytest.raises(JournalError, match="line 3"):
        stage.run(100)
    assert len(stage.outcomes) < 10


def test_no_dialogue_begins_that_could_go_beyond_the_budget():
    guess = 2 * TOKENS_A_TURN
    stage = Stage(window=50, budget=3 * guess)
    assert stage.run(1000) == "budget"
    # At first three fit by the guess; once it is known that a dialogue takes 300 tokens, all that fit are held.
    assert stage.meter.tokens <= 3 * guess
    assert stage.meter.tokens > 3 * guess - 2 * 330 - 300
    assert all(o.failure is None for o in stage.outcomes)
    assert len(stage.outcomes) > SEEN


def test_a_budget_too_small_for_one_dialogue_holds_none():
    stage = Stage(budget=2 * TOKENS_A_TURN - 1)
    assert stage.run(5) == "budget"
    assert stage.outcomes == []


def test_a_hard_limit_lets_the_others_end():
    async def do(spec):
        if spec.id == "u1":
            raise LimitError("limit of 5 model calls reached")
        return await stage.talk(spec)

    stage = Stage(do)
    assert stage.run(100) == "limit of 5 model calls reached"
    assert "u1" not in stage.units
    assert "u0" in stage.units


def test_a_dead_endpoint_is_waited_for_and_nothing_is_lost_or_counted_twice():
    dead = {"from": 8, "until": 0.0}

    async def do(spec):
        loop = asyncio.get_running_loop()
        for i in range(3):
            reused = i < answered.get(spec.id, 0)
            if not reused:
                if sum(answered.values()) >= dead["from"]:
                    dead["until"] = dead["until"] or loop.time() + 0.3
                    if loop.time() < dead["until"]:
                        tries.append(spec.id)
                        raise UnreachableError("http://x did not answer")
                await asyncio.sleep(0.001)
                answered[spec.id] = i + 1
            stage.meter.add(90, 10, 0.001, reused=reused)
        return SimpleNamespace(id=spec.id)

    answered: dict[str, int] = {}
    tries: list[str] = []
    stage = Stage(do, window=10)
    assert stage.run(30) == ""
    assert stage.units == sorted(f"u{i}" for i in range(30))
    assert all(o.failure is None for o in stage.outcomes)
    assert stage.meter.tokens == 30 * 300
    assert {o.cost.calls for o in stage.outcomes} == {3}
    # Each of the ten found it dead once at most; after that one at a time tried: 0.02, 0.04, 0.08, 0.16 s.
    assert len(tries) <= 10 + 5
    assert 0.2 < stage.schedule.pause.total_s < 2
    assert stage.schedule.pause.message == ""


def test_patience_ends():
    async def do(spec):
        if spec.id not in ("u0", "u1"):
            raise UnreachableError("http://x did not answer")
        return await stage.talk(spec)

    stage = Stage(do, patience_s=0.2)
    with pytest.raises(UnreachableError, match=r"http://x did not answer; waited 0.2 s"):
        stage.run(20)
    assert stage.units == ["u0", "u1"]


def test_one_that_never_gets_an_answer_while_others_do_is_a_failure(monkeypatch):
    monkeypatch.setattr(dialogue_pause, "SETTLE_S", 0.0)

    async def do(spec):
        if spec.id == "u4":
            raise UnreachableError("http://x did not answer: timeout")
        return await stage.talk(spec, seconds=0.02)

    stage = Stage(do)
    assert stage.run(60) == ""
    failed = {o.unit: o.failure for o in stage.outcomes if o.failure}
    assert list(failed) == ["u4"]
    assert "3 times while others got theirs" in failed["u4"].message


def test_canceling_ends_all_at_once():
    async def do(spec):
        await asyncio.sleep(60)

    async def main():
        task = asyncio.create_task(stage.schedule.run(specs))
        await asyncio.sleep(0.05)
        assert stage.now == 300
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert stage.now == 0

    stage = Stage(do, window=300)
    specs: Any = iter([(f"u{i}", SimpleNamespace(id=f"u{i}")) for i in range(400)])
    asyncio.run(asyncio.wait_for(main(), 5))
    assert stage.outcomes == []
