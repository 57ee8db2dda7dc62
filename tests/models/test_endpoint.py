import asyncio
import email.utils
import random
import socket
import time

import pytest

from classwright.errors import ClasswrightError, InputError, UnreachableError
from classwright.models import endpoint as module
from classwright.models.dialect import for_openai, is_openai
from classwright.models.endpoint import Endpoint, asked_wait
from classwright.models.usage import Meter
from tests.fake_openai import Answer, FakeServer, failure, say

BODY = {"model": "m", "messages": [{"role": "user", "content": "x"}], "max_tokens": 5}


def text(completion) -> str:
    return completion.raw["choices"][0]["message"]["content"]


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(module, "BASE_S", 0.002)


async def ask(server: FakeServer, body=BODY, **settings):
    endpoint = Endpoint([server.url], **settings)
    try:
        return await endpoint.complete(body)
    finally:
        await endpoint.close()


async def test_a_reply_comes_back_with_the_time_it_took():
    with FakeServer([Answer(say("hello").data, delay_s=0.1)]) as server:
        reply = await ask(server, api_key="secret", extra={"cache_prompt": False})
    assert text(reply) == "hello"
    assert 0.1 <= reply.latency_s < 2
    [request] = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == BODY | {"cache_prompt": False}
    assert request.headers["authorization"] == "Bearer secret"


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
async def test_a_passing_failure_is_tried_again(status):
    meter = Meter()
    with FakeServer([failure(status), failure(status), say("fine")]) as server:
        assert text(await ask(server, meter=meter)) == "fine"
    assert len(server.requests) == 3
    assert (meter.retries, meter.errors) == (2, 0)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, ClasswrightError, "refuses the request: HTTP 400: too long"),
        (401, InputError, "refuses the key; check the key in MY_KEY: HTTP 401: too long"),
        (404, InputError, "knows no such model or address; check the recipe: HTTP 404: too long"),
        (422, ClasswrightError, "refuses the request: HTTP 422: too long"),
    ],
)
async def test_a_refusal_is_an_error_at_once_in_the_servers_words(status, kind, words):
    meter = Meter()
    with FakeServer([failure(status, "too\n  long"), say("never")]) as server:
        with pytest.raises(kind) as caught:
            await ask(server, meter=meter, key_name="MY_KEY")
        assert str(caught.value) == f"{server.url} {words}"
    assert len(server.requests) == 1
    assert meter.errors == 1


async def test_the_key_is_never_in_a_message():
    server = FakeServer([failure(401, "Incorrect API key provided: sk-12345")])
    with server, pytest.raises(InputError) as caught:
        await ask(server, api_key="sk-12345")
    assert "sk-12345" not in str(caught.value)


async def test_a_server_that_always_fails_is_unreachable_after_every_try():
    meter = Meter()
    with FakeServer([failure(500, "boom")]) as server:
        with pytest.raises(UnreachableError) as caught:
            await ask(server, tries=3, meter=meter)
        assert str(caught.value) == f"{server.url} did not answer (tried 3 times): HTTP 500: boom"
    assert len(server.requests) == 3
    assert (meter.retries, meter.errors) == (2, 1)


async def test_nobody_there_is_unreachable():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    endpoint = Endpoint([f"http://127.0.0.1:{port}/v1"], tries=3)
    with pytest.raises(UnreachableError, match=r"did not answer \(tried 3 times\): Cannot connect"):
        await endpoint.complete(BODY)
    await endpoint.close()


async def test_a_server_that_hangs_is_given_up_and_tried_again():
    with FakeServer([Answer(hang=True), say("awake")]) as server:
        assert text(await ask(server, timeout_s=0.3)) == "awake"
    server = FakeServer([Answer(hang=True)])
    with server, pytest.raises(UnreachableError, match=r"\(tried 2 times\): no reply within 0.2 s"):
        await ask(server, timeout_s=0.2, tries=2)


async def test_a_connection_that_is_cut_is_tried_again():
    with FakeServer([Answer(reset=True), say("whole")]) as server:
        assert text(await ask(server)) == "whole"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html>proxy</html>", "its reply is not JSON"),
        (b"\xff\xfe", "its reply is not JSON"),
        ({"error": {"message": "overloaded"}}, "overloaded"),
        ({"choices": []}, "choices is empty"),
        ([], "not a JSON object"),
        ({"id": "x"}, "not a chat completion: choices"),
    ],
)
async def test_a_reply_that_is_no_completion_is_a_failed_try_and_never_content(data, words):
    with FakeServer([Answer(data)]) as server:
        with pytest.raises(UnreachableError) as caught:
            await ask(server, tries=2)
        assert words in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1
    assert len(server.requests) == 2


async def test_what_a_server_leaves_out_is_filled_in():
    data = {"choices": [{"message": {"content": "hi"}, "finish_reason": "eos"}]}
    with FakeServer([Answer(data)]) as server:
        assert text(await ask(server)) == "hi"


def http_date(seconds: float) -> str:
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


async def test_the_wait_that_a_server_asks_for_is_kept():
    for header, least in (({"Retry_After": "1"}, 1.0), ({"retry_after_ms": "300", "Retry_After": "9"}, 0.3)):
        with FakeServer([failure(429, **header), say("now")]) as server:
            assert text(await ask(server)) == "now"
        first, second = (request.at for request in server.requests)
        assert least <= second - first < least + 2


def test_asked_waits_are_read_in_all_their_forms():
    assert asked_wait({}) == 0
    assert asked_wait({"Retry-After": "2"}) == 2
    assert asked_wait({"Retry-After": "-2"}) == 0
    assert asked_wait({"Retry-After": "soon"}) == 0
    assert asked_wait({"retry-after-ms": "250"}) == 0.25
    assert asked_wait({"Retry-After": http_date(30)}) == pytest.approx(30, abs=1.5)
    assert asked_wait({"Retry-After": http_date(-30)}) == 0


async def test_a_server_that_asks_for_an_hour_is_given_up():
    server = FakeServer([failure(429, "slow down", Retry_After="3600")])
    words = r"\(tried 1 times\): HTTP 429: slow down \(asks to wait 3600 s\)"
    with server, pytest.raises(UnreachableError, match=words):
        await ask(server)


async def test_waits_are_drawn_below_a_bound_that_doubles(monkeypatch):
    monkeypatch.setattr(module, "BASE_S", 0.5)
    waits = []

    class Highest(random.Random):
        def uniform(self, a, b):
            waits.append((a, b))
            return 0.0

    with FakeServer([failure(500)]) as server, pytest.raises(UnreachableError):
        await ask(server, tries=8, jitter=Highest())
    assert waits == [(0, 1.0), (0, 2.0), (0, 4.0), (0, 8.0), (0, 16.0), (0, 20.0), (0, 20.0)]


async def test_no_more_requests_are_under_way_than_there_are_places():
    with FakeServer(lambda request: Answer(say("x").data, delay_s=0.03)) as server:
        endpoint = Endpoint([server.url], concurrency=5)
        await asyncio.gather(*(endpoint.complete(BODY | {"seed": n}) for n in range(25)))
        await endpoint.close()
    assert server.most_at_once == 5
    assert server.connections <= 5


async def test_identical_requests_under_way_share_one_call():
    with FakeServer(lambda request: Answer(say("x").data, delay_s=0.1)) as server:
        endpoint = Endpoint([server.url])
        await asyncio.gather(*(endpoint.complete(dict(BODY)) for _ in range(10)), endpoint.complete(BODY | {"seed": 1}))
        assert len(server.requests) == 2
        await endpoint.complete(BODY)
        assert len(server.requests) == 3, "an answered request is not remembered here; that is the journal's work"
        await endpoint.close()


async def test_at_temperature_0_an_answer_is_shared_later_too(monkeypatch):
    monkeypatch.setattr(module, "KEPT", 2)
    with FakeServer(lambda request: say("x")) as server:
        endpoint = Endpoint([server.url])
        asked = [BODY | {"temperature": 0, "seed": n} for n in range(3)]
        for body in (asked[0], asked[0], asked[1], asked[0], asked[2], asked[1]):
            await endpoint.complete(body)
        assert len(server.requests) == 3
        await endpoint.complete(asked[0])
        assert len(server.requests) == 4, "only so many are kept"
        await endpoint.close()


async def test_a_shared_failure_reaches_everyone_and_is_not_kept():
    with FakeServer([failure(400, "no"), say("yes")]) as server:
        endpoint = Endpoint([server.url])
        outcomes = await asyncio.gather(*(endpoint.complete(BODY) for _ in range(3)), return_exceptions=True)
        assert [str(outcome) for outcome in outcomes] == [f"{server.url} refuses the request: HTTP 400: no"] * 3
        assert text(await endpoint.complete(BODY)) == "yes"
        await endpoint.close()


async def test_one_who_gives_up_does_not_take_the_reply_from_the_others():
    with FakeServer(lambda request: Answer(say("x").data, delay_s=0.2)) as server:
        endpoint = Endpoint([server.url])
        first, second = (asyncio.create_task(endpoint.complete(BODY)) for _ in range(2))
        await asyncio.sleep(0.05)
        first.cancel()
        assert text(await second) == "x"
        with pytest.raises(asyncio.CancelledError):
            await first
        assert len(server.requests) == 2, "the second sends what the first has given up"

        alone = asyncio.create_task(endpoint.complete(BODY))
        await asyncio.sleep(0.05)
        alone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await alone
        assert text(await endpoint.complete(BODY)) == "x"
        assert len(server.requests) == 4
        await endpoint.close()


async def test_several_servers_share_the_load_and_stand_in_for_each_other():
    def slow(request):
        return Answer(say("x").data, delay_s=0.02)

    with FakeServer(slow) as one, FakeServer(slow) as two:
        endpoint = Endpoint([one.url, two.url], concurrency=8)
        await asyncio.gather(*(endpoint.complete(BODY | {"seed": n}) for n in range(40)))
        assert max(len(one.requests), len(two.requests)) <= 26  # all begin alike: at most 5 of 8 at one server
        await endpoint.close()
    with FakeServer([failure(503)]) as broken, FakeServer([say("well")]) as well:
        endpoint = Endpoint([broken.url, well.url])
        for n in range(4):
            assert text(await endpoint.complete(BODY | {"seed": n})) == "well"
        await endpoint.close()


async def test_one_endpoint_serves_one_loop_after_it_was_closed_another():
    with FakeServer([say("x")]) as server:
        endpoint = Endpoint([server.url])
        assert text(await endpoint.complete(BODY)) == "x"
        await endpoint.close()
        await endpoint.close()
        assert text(await endpoint.complete(BODY)) == "x"
        await endpoint.close()


def test_openai_itself_gets_requests_in_its_own_form():
    assert is_openai("https://api.openai.com/v1")
    assert is_openai("https://mine.openai.azure.com/openai/v1")
    assert not is_openai("http://127.0.0.1:8000/v1")
    assert not is_openai("https://notopenai.com/v1")
    schema = {"properties": {"title": {"type": "string", "maxLength": 5}, "n": {"type": "integer", "minimum": 1}}}
    sent = for_openai({"model": "m", "max_tokens": 5, "response_format": {"json_schema": {"schema": schema}}})
    assert sent["max_completion_tokens"] == 5
    assert "max_tokens" not in sent
    fields = sent["response_format"]["json_schema"]["schema"]["properties"]
    assert fields == {"title": {"type": "string"}, "n": {"type": "integer", "minimum": 1}}
    assert schema["properties"]["title"]["maxLength"] == 5
