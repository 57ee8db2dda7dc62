"""What an endpoint does is seen by its effect: fields that a server ignores are not taken for features."""

import json
import math

import pytest
from pydantic import BaseModel

from classwright.errors import InputError, OutputError, UnreachableError
from classwright.models import endpoint as endpoint_module
from classwright.models.capabilities import measure
from classwright.models.chat import Chat
from classwright.models.endpoint import Endpoint
from classwright.models.scripted import Say, ScriptedModel, completion
from classwright.models.served import check_same, distance, list_models
from classwright.runs.capabilities import Capabilities
from classwright.runs.journal import Key
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe, load_recipe
from tests.fake_openai import Answer, FakeServer, failure, say


class Color(BaseModel):
    color: str


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(endpoint_module, "BASE_S", 0.002)


async def seen(answer, model: str = "m") -> Capabilities:
    """What is found at a server that answers with a function of the request."""
    with FakeServer(answer) as server:
        transport = Endpoint([server.url])
        try:
            return (await measure(Chat("tutor", transport, model)))[0]
        finally:
            await transport.close()


def everything(request) -> Answer:
    """A server that does all of it, as vLLM does."""
    body = request.body
    if request.path.endswith("/models"):
        listed = [{"id": "m", "max_model_len": 2048}, {"id": "m@1", "parent": "m", "max_model_len": None}]
        return Answer({"data": listed})
    if request.path.endswith("/completions") and "prompt" in body:
        return failure(404)
    text = '{"answer": "okra-4417-violin"}' if "response_format" in body else "Blue."
    raw = completion(Say(text, logprobs={"B": -0.5} if body.get("logprobs") else {}), "m", body)
    raw["choices"] = raw["choices"] * body.get("n", 1)
    if body.get("prompt_logprobs"):
        raw["prompt_logprobs"] = [None, {"7": {"logprob": -1.5}}]
    return Answer(raw)


async def test_a_server_that_does_everything():
    found = await seen(everything)
    assert found.model_copy(update={"parallel": 1}) == Capabilities(
        json_schema=True, logprobs=True, prompt_logprobs="chat", n=True, context=2048
    )


async def test_an_adapter_has_the_context_of_its_base():
    assert (await seen(everything, "m@1")).context == 2048


async def test_a_server_that_takes_every_field_and_does_nothing_with_it():
    found = await seen(lambda request: say("Blue."))
    assert found.model_copy(update={"parallel": 1}) == Capabilities(json_schema=False, logprobs=False)


async def test_a_schema_read_as_advice_is_no_schema():
    """An object of the right form, or a guess at the color, is not the one value that the schema allows."""

    def advised(request) -> Answer:
        return say('{"answer": "blue"}' if request.body and "response_format" in request.body else "Blue.")

    assert not (await seen(advised)).json_schema


@pytest.mark.parametrize("status", [400, 422, 500])
async def test_a_field_that_is_refused_is_no_feature(status):
    def refusing(request) -> Answer:
        plain = {"model", "messages", "temperature", "max_tokens", "seed"}
        return say("Blue.") if request.body and set(request.body) == plain else failure(status, "unknown field")

    found = await seen(refusing)
    assert (found.json_schema, found.logprobs, found.prompt_logprobs, found.n) == (False, False, "no", False)


async def test_numbers_that_are_no_probabilities_are_none():
    assert not (await seen(lambda request: say("Blue.", logprobs={"Blue": 3.0}))).logprobs


@pytest.mark.parametrize(("echoed", "expected"), [(True, "echo"), (False, "no")])
async def test_log_probabilities_of_the_prompt_by_echo(echoed, expected):
    def completions(request) -> Answer:
        if request.body is None or "prompt" not in request.body:
            return say("Blue.")
        prompt = request.body["prompt"] if echoed else ""
        values = [None, *[-1.0] * len(prompt.split())]
        return Answer({"choices": [{"text": f"{prompt} seven", "logprobs": {"token_logprobs": values}}]})

    assert (await seen(completions)).prompt_logprobs == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [(say("Blue.", reasoning="It scatters."), "field"), (say("<think>It scatters.</think>Blue."), "tags"),
     (say("<think>It scatters because"), "tags"), (say("Blue."), "none")],
)  # fmt: skip
async def test_where_the_thinking_is(said, expected):
    assert (await seen(lambda request: said)).reasoning == expected


async def test_requests_that_wait_for_each_other_do_not_run_at_a_time():
    delayed = completion(Say("1"), "m", {})

    async def parallel(places: int) -> int:
        with FakeServer(lambda request: Answer(delayed, delay_s=0.05)) as server:
            transport = Endpoint([server.url], concurrency=places)
            found, _ = await measure(Chat("tutor", transport, "m"))
            await transport.close()
        return found.parallel

    assert await parallel(1) == 1
    assert await parallel(32) >= 5


async def test_a_server_that_dies_while_it_is_asked_is_unreachable_not_unable():
    count = 0

    def dying(request) -> Answer:
        nonlocal count
        count += 1
        return say("Blue.") if count == 1 else Answer(reset=True)

    with pytest.raises(UnreachableError):
        await seen(dying)


async def test_a_model_that_is_not_known_there():
    with pytest.raises(InputError, match="knows no such model"):
        await seen(lambda request: failure(404, "no model m"))


def chat_with(model: ScriptedModel, **can: bool | int) -> Chat:
    known = Capabilities.model_validate({"json_schema": True, "logprobs": True} | can)
    return Chat("tutor", model, "m", ModelSpec(base_url=("http://127.0.0.1:1/v1",), model="m", capabilities=known))


QUESTION = [{"role": "user", "content": "What color is the sky?"}]


async def test_an_endpoint_without_schemas_is_told_in_words():
    model = ScriptedModel(['Sure: {"color": "blue"}'])
    assert (
        await chat_with(model, json_schema=False).structured(Color, QUESTION, key=Key("u", "a", "t"))
    ).color == "blue"
    (body,) = model.seen
    assert "response_format" not in body
    content = body["messages"][-1]["content"]
    assert content.startswith("What color is the sky?\n\nAnswer with one JSON object only")
    assert json.loads(content.partition("schema: ")[2])["properties"] == {"color": {"type": "string"}}


async def test_an_endpoint_with_schemas_is_asked_as_before():
    for known in (True, False):
        model = ScriptedModel([{"color": "blue"}])
        chat = chat_with(model) if known else Chat("tutor", model, "m")
        await chat.structured(Color, QUESTION, key=Key("u", "a", "t"))
        assert model.seen[0]["response_format"]["type"] == "json_schema"
        assert model.seen[0]["messages"] == QUESTION


async def test_an_endpoint_without_log_probabilities_is_not_asked_for_them():
    model = ScriptedModel([])
    with pytest.raises(OutputError, match="returns no log-probabilities"):
        await chat_with(model, logprobs=False).choice_logprobs(["a", "b"], QUESTION, key=Key("u", "a", "t"))
    assert model.seen == []


async def test_a_reply_takes_no_more_than_half_of_the_context():
    model = ScriptedModel(["x", "y"])
    chat = chat_with(model, context=600)
    await chat.text(QUESTION, key=Key("u", "a", "t", 0), max_tokens=512)
    await chat.text(QUESTION, key=Key("u", "a", "t", 1), max_tokens=100)
    assert [body["max_tokens"] for body in model.seen] == [300, 100]


def test_capabilities_are_in_the_recipe_and_so_in_the_record_of_a_run(tmp_path):
    (tmp_path / "r.toml").write_text(
        '[models.tutor]\nbase_url = "http://127.0.0.1:1/v1"\nmodel = "m"\n'
        "[models.tutor.capabilities]\njson_schema = false\nlogprobs = true\n"
    )
    recipe = load_recipe(tmp_path / "r.toml")
    stored = json.loads(json.dumps(recipe.record()))
    assert stored["models"]["tutor"]["capabilities"]["json_schema"] is False
    assert Recipe.model_validate(stored) == recipe


def test_a_role_with_a_model_of_its_own_takes_no_capabilities_of_the_default():
    can = Capabilities(json_schema=False, logprobs=False)
    default = ModelSpec(base_url=("http://127.0.0.1:1/v1",), model="m", capabilities=can)
    specs = ModelSpecs(default=default, tutor=ModelSpec(model="n"), student=ModelSpec(temperature=0.1)).resolved()
    assert specs["tutor"].capabilities is None
    assert specs["tutor"].base_url == default.base_url
    assert specs["student"].capabilities == can


def serving(tokens: dict[str, float], context: int | None = None):
    def answer(request) -> Answer:
        if request.body is None:
            return Answer({"data": [{"id": "m", "max_model_len": context}]})
        return say("x", logprobs={token: math.log(p) for token, p in tokens.items()})

    return FakeServer(answer)


@pytest.mark.parametrize(
    ("tokens", "context", "problem"),
    [
        ({"The": 0.62, "A": 0.18}, 2048, ""),
        ({"The": 0.1, "Seven": 0.8}, 2048, "next-token probabilities 0.6"),
        ({"The": 0.6, "A": 0.2}, 4096, "2048 and 4096 tokens of context"),
    ],
)
def test_two_endpoints_with_different_models_under_one_name(tokens, context, problem):
    with serving({"The": 0.6, "A": 0.2}, 2048) as one, serving(tokens, context) as other:
        if not problem:
            return check_same([one.url, other.url], "m")
        with pytest.raises(InputError, match="serve different models under the name m") as caught:
            check_same([one.url, other.url], "m")
    return None if problem in str(caught.value) else pytest.fail(str(caught.value))


def test_distance_is_total_variation():
    half = {"a": math.log(0.5), "b": math.log(0.5)}
    assert distance(half, half) == 0
    assert distance({"a": math.log(0.7), "b": math.log(0.3)}, half) == pytest.approx(0.2)


def test_a_server_that_lists_nothing_is_no_list():
    with FakeServer([Answer({"models": []})]) as server, pytest.raises(UnreachableError, match="list of models"):
        list_models(server.url)
