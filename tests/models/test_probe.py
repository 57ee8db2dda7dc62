import math

import pytest

from classwright.models import endpoint as endpoint_module
from classwright.models.chat import Chat
from classwright.models.endpoint import Endpoint
from classwright.models.probe import probe
from classwright.models.scripted import Say, ScriptedModel
from tests.fake_openai import Answer, FakeServer, failure, say


def answer(body):
    if "response_format" in body:
        return {"answer": "okra-4417-violin"}
    return Say("A", logprobs={"A": -0.1}) if body.get("logprobs") else "Blue."


async def test_a_model_that_can_do_everything():
    result = await probe(Chat("tutor", ScriptedModel(answer), "big"))
    assert result._replace(latency_s=0, capabilities=None) == (True, "big", 0, None, "", 0)
    assert result.capabilities is not None
    assert (result.capabilities.json_schema, result.capabilities.logprobs) == (True, True)


async def test_a_model_that_only_talks():
    result = await probe(Chat("tutor", ScriptedModel(lambda body: "Blue."), "big"))
    assert result.ok
    assert result.capabilities is not None
    assert (result.capabilities.json_schema, result.capabilities.logprobs) == (False, False)


async def test_a_model_that_is_not_there(monkeypatch):
    monkeypatch.setattr(endpoint_module, "BASE_S", 0.002)
    with FakeServer([failure(500, "boom")]) as server:
        transport = Endpoint([server.url])
        result = await probe(Chat("tutor", transport, "big"))
        await transport.close()
    assert result == (
        False,
        "big",
        0.0,
        None,
        f"{server.url} did not answer (tried 4 times): HTTP 500: boom",
        3,
    )


def serving(blue: float) -> FakeServer:
    def reply(request) -> Answer:
        return Answer({"data": [{"id": "big"}]}) if request.body is None else say(
            "Blue.", logprobs={"Blue": math.log(blue), "A": math.log(1 - blue)}
        )  # fmt: skip

    return FakeServer(reply)


@pytest.mark.parametrize("blue", [0.6, 0.2])
async def test_several_servers_must_serve_one_model_and_one_that_is_down_is_left_out(monkeypatch, blue):
    monkeypatch.setattr(endpoint_module, "BASE_S", 0.002)
    with serving(0.6) as one, serving(blue) as other:
        transport = Endpoint([one.url, other.url, "http://127.0.0.1:9/v1"])
        result = await probe(Chat("tutor", transport, "big"))
        await transport.close()
    assert result.ok == (blue == 0.6)
    if not result.ok:
        assert "serve different models under the name big" in result.error
        assert result.exit_code == 2
