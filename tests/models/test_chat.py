import asyncio
import math

import pytest
from pydantic import BaseModel, Field

from classwright.errors import ClasswrightError, JournalError, OutputError, UnreachableError
from classwright.models import endpoint as endpoint_module
from classwright.models.chat import Chat, request_hash, request_seed
from classwright.models.endpoint import Endpoint
from classwright.models.scripted import Say, ScriptedModel
from classwright.models.usage import LimitError, Meter
from classwright.runs.journal import Journal, Key
from classwright.runs.recipe import Limits, ModelSpec
from tests.fake_openai import Answer, FakeServer, failure, say

ASK = [{"role": "system", "content": "You teach."}, {"role": "user", "content": "Add 1/2 and 1/3."}]
K = Key("lesson", "teacher", "hook", 0)


class Plan(BaseModel):
    title: str
    minutes: int = Field(ge=5, le=90)


GOOD = {"title": "Halves", "minutes": 20}


def chat(model, **settings) -> Chat:
    return Chat("teacher", model, "big", **settings)


async def test_text_comes_with_its_reasoning_apart():
    model = ScriptedModel([Say("<think>five sixths</think>It is 5/6.", finish_reason="length")])
    reply = await chat(model).text(ASK, key=K, max_tokens=9, temperature=0.4, stop=["\n"])
    assert (reply.text, reply.reasoning, reply.finish_reason, reply.cached) == (
        "It is 5/6.",
        "five sixths",
        "length",
        False,
    )
    [body] = model.seen
    assert body == {
        "model": "big",
        "messages": ASK,
        "temperature": 0.4,
        "max_tokens": 9,
        "seed": request_seed(0, K),
        "stop": ["\n"],
    }


async def test_what_the_recipe_says_wins_over_what_a_call_asks_for():
    model = ScriptedModel(["a", "b"])
    spec = ModelSpec(temperature=0.1, max_tokens=4000, extra_body={"chat_template_kwargs": {"enable_thinking": False}})
    await chat(model, spec=spec).text(ASK, key=K, max_tokens=9, temperature=0.9)
    assert model.seen[0]["temperature"] == 0.1
    assert model.seen[0]["max_tokens"] == 4000
    assert model.seen[0]["chat_template_kwargs"] == {"enable_thinking": False}
    await chat(model).text(ASK, key=K, temperature=0.0)
    assert (model.seen[1]["temperature"], model.seen[1]["max_tokens"]) == (0.0, 512)


@pytest.mark.parametrize("text", ["", "  \n", "<think>only thoughts</think>"])
async def test_a_reply_without_text_is_an_error(text):
    with pytest.raises(OutputError, match=r"teacher \(big\), lesson/teacher/hook/0 replied without text"):
        await chat(ScriptedModel([text])).text(ASK, key=K)


async def test_structured_asks_for_the_schema_and_validates():
    model = ScriptedModel([GOOD])
    assert await chat(model).structured(Plan, ASK, key=K) == Plan(title="Halves", minutes=20)
    assert model.seen[0]["response_format"]["json_schema"]["name"] == "Plan"


BAD = {
    "prose": ("I would teach halves.", "the reply holds no JSON object"),
    "truncated": (Say('{"title": "Hal', finish_reason="length"), "the reply was cut at 2 tokens"),
    "wrong type": ({"title": "x", "minutes": "many"}, "minutes: Input should be a valid integer"),
    "out of range": ({"title": "x", "minutes": 500}, "minutes: Input should be less than or equal to 90"),
    "empty": ("", "the reply is empty"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_reply_that_does_not_fit_is_shown_its_error_once(name):
    bad, problem = BAD[name]
    model = ScriptedModel([bad, GOOD])
    assert (await chat(model).structured(Plan, ASK, key=K)).minutes == 20
    first, second = model.seen
    assert second["messages"][:2] == ASK
    assert [message["role"] for message in second["messages"][2:]] == ["assistant", "user"]
    assert problem in second["messages"][3]["content"]
    assert first["seed"] != second["seed"]


@pytest.mark.parametrize("name", BAD)
async def test_two_replies_that_do_not_fit_are_an_error_that_says_why(name):
    bad, problem = BAD[name]
    model = ScriptedModel([bad, bad])
    with pytest.raises(OutputError) as caught:
        await chat(model).structured(Plan, ASK, key=K)
    assert "no valid Plan after one repair" in str(caught.value)
    assert problem in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert len(model.seen) == 2


@pytest.mark.parametrize(
    "text", ['```json\n{"title": "x", "minutes": 5}\n```', '<think>hm {</think>{"title": "x", "minutes": 5}']
)
async def test_fences_and_thoughts_need_no_repair(text):
    model = ScriptedModel([text])
    assert (await chat(model).structured(Plan, ASK, key=K)).minutes == 5


async def test_choice_logprobs_sum_the_spellings_and_normalize():
    listed = {"A": math.log(0.30), " A": math.log(0.10), "B": math.log(0.10), "The": math.log(0.4)}
    model = ScriptedModel([Say("A", logprobs=listed)])
    found = await chat(model).choice_logprobs(["yes", "no"], ASK, key=K)
    assert list(found) == ["yes", "no"]
    assert math.exp(found["yes"]) == pytest.approx(0.8)
    assert math.exp(found["no"]) == pytest.approx(0.2)
    body = model.seen[0]
    assert (body["max_tokens"], body["temperature"], body["logprobs"], body["top_logprobs"]) == (1, 0.0, True, 20)
    assert body["messages"][-1]["content"].startswith("Add 1/2 and 1/3.\n\nA. yes\nB. no\n\n")
    assert ASK[-1]["content"] == "Add 1/2 and 1/3.", "the caller's messages are not changed"


async def test_a_letter_that_is_not_listed_gets_the_least_listed_probability_as_a_bound():
    model = ScriptedModel([Say("A", logprobs={"A": math.log(0.6), "x": math.log(0.2)})])
    found = await chat(model).choice_logprobs(["one", "two", "three"], ASK, key=K)
    assert [math.exp(value) for value in found.values()] == pytest.approx([0.6, 0.2, 0.2])


async def test_probabilities_that_are_not_there_are_an_error_never_a_guess():
    with pytest.raises(OutputError, match="returns no log-probabilities"):
        await chat(ScriptedModel(["A"])).choice_logprobs(["yes", "no"], ASK, key=K)
    with pytest.raises(OutputError, match="none of A, B is among the likeliest first tokens"):
        await chat(ScriptedModel([Say("x", logprobs={"x": -0.1})])).choice_logprobs(["yes", "no"], ASK, key=K)
    for options in (["one"], ["same", "same"], [str(n) for n in range(21)]):
        with pytest.raises(ValueError, match="different options"):
            await chat(ScriptedModel([])).choice_logprobs(options, ASK, key=K)


async def everything(asked: Chat) -> list[object]:
    text = await asked.text(ASK, key=K)
    plan = await asked.structured(Plan, ASK, key=K._replace(task="plan"))
    odds = await asked.choice_logprobs(["yes", "no"], ASK, key=K._replace(task="odds"))
    return [text._replace(cached=False), plan, odds]


SCRIPT = [Say("hello", reasoning="hm"), "prose", GOOD, Say("A", logprobs={"A": -0.1, "B": -3.0})]


async def test_a_second_run_on_the_same_journal_asks_nothing_and_counts_the_same(tmp_path):
    with Journal.open(tmp_path / "j") as journal:
        first, meter = ScriptedModel(SCRIPT), Meter()
        before = await everything(chat(first, journal=journal, meter=meter))
        assert len(first.seen) == len(journal) == 4
        keys = [str(entry.key) for entry in journal.entries()]
        assert keys == [
            "lesson/teacher/hook/0",
            "lesson/teacher/plan/0",
            "lesson/teacher/plan/0r1",
            "lesson/teacher/odds/0",
        ]
        assert [entry.extra["request"] for entry in journal.entries()] == first.seen
    for mode in ("append", "replay"):
        with Journal.open(tmp_path / "j", mode) as journal:
            none, again = ScriptedModel([]), Meter()
            assert await everything(chat(none, journal=journal, meter=again)) == before
            assert none.seen == []
            assert (again.calls, again.tokens, again.reused) == (meter.calls, meter.tokens, 4)
            assert again.seconds == pytest.approx(meter.seconds, abs=0.01)


async def test_an_interrupted_run_asks_only_for_what_is_missing(tmp_path):
    with Journal.open(tmp_path / "j") as journal:
        with pytest.raises(ClasswrightError, match="used up"):
            await everything(chat(ScriptedModel(SCRIPT[:2]), journal=journal))
        assert len(journal) == 2
    with Journal.open(tmp_path / "j") as journal:
        rest = ScriptedModel(SCRIPT[2:])
        await everything(chat(rest, journal=journal))
        assert len(rest.seen) == 2


async def test_replay_of_what_was_never_asked_names_the_key(tmp_path):
    (tmp_path / "j").write_bytes(b"")
    with Journal.open(tmp_path / "j", "replay") as journal:
        with pytest.raises(ClasswrightError, match=r"no reply stored for lesson/teacher/hook/0"):
            await chat(ScriptedModel(["x"]), journal=journal).text(ASK, key=K)


@pytest.mark.parametrize("change", ["prompt", "temperature", "model", "seed"])
async def test_a_changed_request_is_refused_not_answered_from_the_journal(tmp_path, change):
    with Journal.open(tmp_path / "j") as journal:
        await chat(ScriptedModel(["x"]), journal=journal).text(ASK, key=K)
        other = chat(ScriptedModel(["y"]), journal=journal, seed=1 if change == "seed" else 0)
        other.model = "small" if change == "model" else "big"
        messages = ASK[:1] if change == "prompt" else ASK
        with pytest.raises(JournalError, match="answers another request"):
            await other.text(messages, key=K, temperature=0.1 if change == "temperature" else None)


async def test_another_address_is_no_other_request(tmp_path):
    with FakeServer([say("x")]) as one, FakeServer([say("y")]) as two, Journal.open(tmp_path / "j") as journal:
        for server in (one, two):
            transport = Endpoint([server.url], extra={"cache_prompt": False})
            assert (await chat(transport, journal=journal).text(ASK, key=K)).text == "x"
            await transport.close()
        assert two.requests == []


async def test_an_error_is_never_stored(tmp_path, monkeypatch):
    monkeypatch.setattr(endpoint_module, "BASE_S", 0.002)
    with FakeServer([failure(500), failure(500), say("fine")]) as server, Journal.open(tmp_path / "j") as journal:
        transport, meter = Endpoint([server.url], tries=2), Meter()
        asked = chat(transport, journal=journal, meter=meter)
        with pytest.raises(UnreachableError):
            await asked.text(ASK, key=K)
        assert (len(journal), meter.calls) == (0, 0)
        assert (await asked.text(ASK, key=K)).text == "fine"
        await transport.close()
    assert (len(journal), meter.calls) == (1, 1)


async def test_a_reply_is_on_the_disk_before_it_is_returned(tmp_path):
    with Journal.open(tmp_path / "j") as journal:
        await chat(ScriptedModel(["x"]), journal=journal).text(ASK, key=K)
        with Journal.open(tmp_path / "j", "replay") as reader:
            assert K in reader


async def test_at_temperature_0_identical_requests_under_way_share_one_reply_under_two_keys(tmp_path):
    with FakeServer(lambda _: Answer(say("x").data, delay_s=0.1)) as server, Journal.open(tmp_path / "j") as journal:
        transport, meter = Endpoint([server.url]), Meter()
        asked = chat(transport, journal=journal, meter=meter)
        keys = [K._replace(ordinal=n) for n in range(3)]
        await asyncio.gather(*(asked.text(ASK, key=key, temperature=0) for key in keys))
        assert (len(server.requests), len(journal), meter.calls) == (1, 3, 3)
        await asyncio.gather(*(asked.text(ASK, key=key._replace(task="t"), temperature=0.5) for key in keys))
        assert len({body["seed"] for body in server.bodies[1:]}) == 3, (
            "where something is drawn each key has its own seed"
        )
        await transport.close()


async def test_a_cap_on_calls_stops_before_the_call_that_would_exceed_it(tmp_path):
    model, meter = ScriptedModel(lambda _: "x"), Meter()
    with Journal.open(tmp_path / "j") as journal:
        asked = chat(model, journal=journal, meter=meter, limits=Limits(calls=3))
        tasks = (asked.text(ASK, key=K._replace(ordinal=n)) for n in range(8))
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [isinstance(outcome, LimitError) for outcome in outcomes] == [False] * 3 + [True] * 5
        assert len(model.seen) == 3
        again = chat(model, journal=journal, limits=Limits(calls=3))
        for n in range(3):
            assert (await again.text(ASK, key=K._replace(ordinal=n))).cached
        with pytest.raises(LimitError, match="limit of 3 model calls reached"):
            await again.text(ASK, key=K._replace(ordinal=9))


async def test_a_cap_on_tokens_counts_what_the_next_call_may_take():
    model = ScriptedModel(lambda _: "x " * 50)
    asked = chat(model, limits=Limits(tokens=200))
    await asked.text(ASK, key=K, max_tokens=100)
    used = asked.meter.tokens
    assert 50 < used < 100
    with pytest.raises(LimitError, match=f"limit of 200 tokens reached \\({used} used"):
        await asked.text(ASK, key=K, max_tokens=200)
    await asked.text(ASK, key=K, max_tokens=50)


def test_hash_and_seed_are_the_same_everywhere():
    body = {"model": "m", "messages": [{"role": "user", "content": "½"}], "temperature": 0.7}
    assert request_hash(body) == request_hash(dict(reversed(body.items())))
    assert request_hash(body) == "235ee5c7311b5f281a1b64cbecccab07ad3a61df078bacc9f54d999585e11dbd"
    assert request_seed(7, K) == 1304783226
    assert request_seed(7, K) != request_seed(8, K)
    assert request_seed(7, K) != request_seed(7, K.retry(1))
    assert request_seed(7, None) == request_seed(7, None)
    assert 0 <= request_seed(7, None) < 2**31
