import json
from pathlib import Path

import pytest

from classwright.errors import InputError
from classwright.models.roles import open_models
from classwright.models.scripted import ScriptedModel
from classwright.models.weights import SMOLLM2
from classwright.runs.journal import Journal, Key
from classwright.runs.recipe import Limits, ModelSpec, ModelSpecs, Recipe
from tests.fake_openai import Answer, FakeServer, say

ASK = [{"role": "user", "content": "x"}]


def remote(url: str, model: str = "big", **more) -> ModelSpec:
    return ModelSpec(base_url=(url,), model=model, **more)


def key(task: str) -> Key:
    return Key("u", "a", task, 0)


async def test_each_role_asks_its_own_model_and_the_rest_the_default():
    with FakeServer([say("one")]) as one, FakeServer([say("two")]) as two:
        specs = ModelSpecs(default=remote(one.url), tutor=remote(two.url, "small", temperature=0.1))
        async with open_models(Recipe(models=specs), seed=3) as models:
            assert (await models.chat("teacher").text(ASK, key=key("1"))).text == "one"
            assert (await models.chat("tutor").text(ASK, key=key("2"))).text == "two"
            assert (await models.chat("evaluator").text(ASK, key=key("3"))).text == "one"
            assert (models.meter.calls, len(models.evaluators)) == (3, 1)
            assert models.identities()["tutor"] == {"model": "small", "endpoint": [two.url]}
        assert two.bodies[0]["model"] == "small"
        assert two.bodies[0]["temperature"] == 0.1


async def test_a_panel_has_a_chat_a_judge():
    with FakeServer([say("x")]) as server:
        judges = tuple(remote(server.url, name) for name in ("a", "b", "c"))
        async with open_models(Recipe(models=ModelSpecs(default=remote(server.url), evaluators=judges))) as models:
            for number, judge in enumerate(models.evaluators):
                await judge.text(ASK, key=key(str(number)))
            assert [body["model"] for body in server.bodies] == ["a", "b", "c"]
            assert models.chat("evaluator") is models.evaluators[0]
            with pytest.raises(KeyError):
                models.chat("headmaster")


async def test_roles_at_one_endpoint_share_its_places():
    import asyncio

    with FakeServer(lambda request: Answer(say("x").data, delay_s=0.05)) as server:
        default = remote(server.url, concurrency=2)
        specs = ModelSpecs(default=default, tutor=remote(server.url, "small", concurrency=3))
        async with open_models(Recipe(models=specs)) as models:
            roles = ["teacher", "tutor", "student", "optimizer"] * 3
            await asyncio.gather(*(models.chat(role).text(ASK, key=key(str(n))) for n, role in enumerate(roles)))
    assert server.most_at_once == 3


async def test_the_key_is_read_from_its_variable_and_kept_out_of_everything(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk-secret")
    with FakeServer([say("x")]) as server, Journal.open(tmp_path / "j") as journal:
        recipe = Recipe(models=ModelSpecs(default=remote(server.url, api_key_env="MY_KEY")))
        async with open_models(recipe, journal) as models:
            await models.chat("teacher").text(ASK, key=key("1"))
            assert "sk-secret" not in json.dumps(models.identities()) + recipe.model_dump_json()
        assert server.requests[0].headers["authorization"] == "Bearer sk-secret"
    assert b"sk-secret" not in (tmp_path / "j").read_bytes()


async def test_a_key_that_is_not_set_is_named_before_anything_is_asked(monkeypatch):
    monkeypatch.delenv("MY_KEY", raising=False)
    recipe = Recipe(models=ModelSpecs(default=remote("http://127.0.0.1:1/v1", api_key_env="MY_KEY")))
    with pytest.raises(InputError, match="MY_KEY is not set"):
        async with open_models(recipe):
            pass


async def test_a_replay_needs_no_model_no_key_and_no_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_KEY", "sk")
    with FakeServer([say("x")]) as server, Journal.open(tmp_path / "j") as journal:
        specs = ModelSpecs(default=remote(server.url, api_key_env="MY_KEY"))
        async with open_models(Recipe(models=specs), journal) as models:
            await models.chat("teacher").text(ASK, key=key("1"))
    monkeypatch.delenv("MY_KEY")
    with Journal.open(tmp_path / "j", "replay") as journal:
        specs = specs.model_copy(update={"student": ModelSpec(gguf=Path("gone.gguf"))})
        async with open_models(Recipe(models=specs), journal) as models:
            assert (await models.chat("teacher").text(ASK, key=key("1"))).text == "x"


async def test_weights_given_by_hand_stand_in_for_the_embedded_model_only(tmp_path):
    gguf = tmp_path / "Mine-1B.Q4.gguf"
    gguf.write_bytes(b"GGUF and more")
    specs = ModelSpecs(tutor=remote("http://127.0.0.1:1/v1"))
    async with open_models(Recipe(models=specs), gguf=gguf) as models:
        identities = models.identities()
        assert identities["teacher"]["model"] == "Mine-1B.Q4"
        assert len(identities["teacher"]["sha256"]) == 64
        assert identities["tutor"]["model"] == "big"
    async with open_models(Recipe()) as models:
        assert models.identities()["teacher"]["sha256"] == SMOLLM2.sha256
        assert models.chat("teacher").model == "SmolLM2-135M-Instruct.Q4_1"


@pytest.mark.parametrize("bad", ["gone.gguf", "text.gguf", "qwen2.5-1.5b"])
async def test_weights_that_are_none_are_named_at_once(tmp_path, monkeypatch, bad):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.gguf").write_text("hello")
    words = {"gone.gguf": "cannot be read", "text.gguf": "not a GGUF file", "qwen2.5-1.5b": "not fetched yet"}
    with pytest.raises(InputError, match=f"{bad}: {words[bad]}"):
        async with open_models(Recipe(), gguf=bad):
            pass


async def test_a_scripted_model_plays_every_role(tmp_path):
    model = ScriptedModel(lambda body: body["messages"][-1]["content"].upper())
    with Journal.open(tmp_path / "j") as journal:
        async with open_models(Recipe(limits=Limits(calls=9)), journal, endpoint=model) as models:
            for role in ("teacher", "student", "evaluator"):
                assert (await models.chat(role).text(ASK, key=key(role))).text == "X"
            assert models.identities()["teacher"] == {"model": "scripted"}
        assert [entry.extra["role"] for entry in journal.entries()] == ["teacher", "student", "evaluators[0]"]


async def test_a_tuned_student_is_named_by_its_training_and_its_files_are_identified(tmp_path):
    run = tmp_path / "tuned"
    run.mkdir()
    (run / "student.gguf").write_bytes(b"GGUF student")
    (run / "adapter.gguf").write_bytes(b"GGUF adapter")
    specs = ModelSpecs(student=ModelSpec(gguf=run), tutor=ModelSpec(adapter=run / "adapter.gguf"))
    async with open_models(Recipe(models=specs)) as models:
        student, tutor = models.identities()["student"], models.identities()["tutor"]
        assert student["model"] == "tuned"
        assert tutor["model"] == f"{SMOLLM2.name}+tuned"
        assert (tutor["sha256"], len(tutor["adapter"])) == (SMOLLM2.sha256, 64)
        assert "adapter" not in student
        assert models.chat("student").endpoint is not models.chat("tutor").endpoint
        assert models.embedded("teacher")
        assert not models.embedded("tutor")
        assert not models.embedded("student")


async def test_an_adapter_that_is_none_is_named_at_once(tmp_path):
    specs = ModelSpecs(student=ModelSpec(adapter=tmp_path / "gone.gguf"))
    with pytest.raises(InputError, match=r"gone\.gguf: cannot be read"):
        async with open_models(Recipe(models=specs)):
            pass
