import hashlib
import json
from pathlib import Path

import pytest

from classwright.errors import InputError
from classwright.models import embedded, shipped
from classwright.models.roles import open_models
from classwright.models.weights import SMOLLM2
from classwright.runs.journal import Journal, Key
from classwright.runs.recipe import ModelSpec, ModelSpecs, Recipe
from tests.fake_openai import FakeServer, say

ASK = [{"role": "user", "content": "x"}]


def put(folder, name="embedded-tutor", tasks=("hook", "hint"), content=b"GGUF adapter", **changes):
    """Ship an adapter in a folder."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.gguf").write_bytes(content)
    card = {
        "name": name, "base": SMOLLM2.name, "base_sha256": SMOLLM2.sha256, "tasks": tasks, "licence": "Apache-2.0",
        "sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "data": {}, "recipe": {},
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(card | changes))
    return folder


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of the adapters, empty."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "adapters")
    (tmp_path / "adapters").mkdir()
    return tmp_path / "adapters"


@pytest.fixture
def started():
    """What the embedded server was started with."""
    return []


@pytest.fixture
def server(monkeypatch, started):
    """Stands for the embedded server."""
    with FakeServer([say("words")]) as fake:

        async def start(file, slots, adapter, choice):
            started[:] = (file, slots, adapter, list(choice))
            return fake.url

        monkeypatch.setattr(embedded, "start", start)
        yield fake


def key(task: str, ordinal: int = 0) -> Key:
    return Key("u", "a", task, ordinal)


def test_what_is_shipped_now_is_whole_and_asked_only_what_is_a_prompt():
    from classwright.prompts import prompt_hashes

    there = shipped.shipped()
    shipped.check(there)
    for card, _ in there:
        assert set(card.tasks) <= set(prompt_hashes())


async def test_a_task_is_asked_with_the_adapter_that_knows_it_and_any_other_of_the_base(folder, server, started):
    put(folder, "embedded-student", ("student_exam",), b"GGUF student")
    put(folder, "embedded-tutor", ("hook", "hint"))
    async with open_models(Recipe()) as models:
        for role, task in (("teacher", "hook"), ("student", "student_exam"), ("evaluator", "criterion")):
            await models.chat(role).text(ASK, key=key(task))
        assert models.embedded("teacher")
        assert sorted(models.identities()["teacher"]["adapters"]) == ["embedded-student", "embedded-tutor"]
    assert started == [None, 1, None, [folder / "embedded-student.gguf", folder / "embedded-tutor.gguf"]]
    tutor = hashlib.sha256(b"GGUF adapter").hexdigest()[:12]
    assert [body["model"].split("+")[-1].rsplit("-", 1)[0] for body in server.bodies] == [
        "embedded-tutor", "embedded-student", "SmolLM2-135M-Instruct.Q4_1".rsplit("-", 1)[0],
    ]  # fmt: skip
    assert server.bodies[0]["model"] == f"{SMOLLM2.name}+embedded-tutor-{tutor}"
    assert [body.get("lora") for body in server.bodies] == [
        [{"id": 1, "scale": 1.0}], [{"id": 0, "scale": 1.0}], None,
    ]  # fmt: skip


@pytest.mark.parametrize("recipe", [
    Recipe(models=ModelSpecs(base_only=True)),
    Recipe(models=ModelSpecs(default=ModelSpec(adapter=Path("mine.gguf")))),
])  # fmt: skip
async def test_the_base_alone_and_ones_own_adapter_go_without(folder, server, started, tmp_path, monkeypatch, recipe):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.gguf").write_bytes(b"GGUF mine")
    put(folder)
    async with open_models(recipe) as models:
        await models.chat("teacher").text(ASK, key=key("hook"))
        assert "adapters" not in models.identities()["teacher"]
    assert started[3] == []
    assert "lora" not in server.bodies[0]
    assert "embedded-tutor" not in server.bodies[0]["model"]


async def test_weights_of_ones_own_go_without_even_where_adapters_are_damaged(folder, tmp_path):
    put(folder, sha256="0" * 64)
    (tmp_path / "mine.gguf").write_bytes(b"GGUF mine")
    async with open_models(Recipe(), gguf=tmp_path / "mine.gguf") as models:
        assert models.chat("teacher").tuned == {}


async def test_where_no_card_lies_the_base_does_every_task(folder, server, started):
    async with open_models(Recipe()) as models:
        await models.chat("teacher").text(ASK, key=key("hook"))
    assert started[3] == []
    assert server.bodies[0]["model"] == SMOLLM2.name
    assert shipped.with_adapters(Recipe()).models.adapters == {}


@pytest.mark.parametrize(("harm", "words"), [
    (lambda f: (f / "embedded-tutor.gguf").write_bytes(b"GGUF other"), r"embedded-tutor\.gguf: damaged"),
    (lambda f: (f / "embedded-tutor.gguf").unlink(), r"embedded-tutor\.gguf: not there, but its card is"),
    (lambda f: (f / "embedded-tutor.json").unlink(), r"embedded-tutor\.gguf: an adapter without its card"),
    (lambda f: (f / "embedded-tutor.json").write_text("{"), r"embedded-tutor\.json: no card"),
    (lambda f: put(f, tasks=()), r"embedded-tutor\.json: no card of an adapter \(tasks"),
    (lambda f: put(f, base_sha256="0" * 64), r"embedded-tutor\.json: belongs to"),
    (lambda f: put(f, size=20_000_000), r"embedded-tutor\.json: no card of an adapter \(size"),
    (lambda f: put(f, "second", ("hint",)), r"second\.json: embedded-tutor has the task hint already"),
])  # fmt: skip
async def test_what_is_damaged_is_named_with_the_way_out(folder, server, harm, words):
    put(folder)
    harm(folder)
    with pytest.raises(InputError, match=words + r".*--base-only"):
        async with open_models(Recipe()):
            pass
    async with open_models(Recipe(models=ModelSpecs(base_only=True))) as models:
        assert (await models.chat("teacher").text(ASK, key=key("hook"))).text == "words"


async def test_a_run_that_began_with_another_adapter_is_not_gone_on_with(folder, server, tmp_path):
    put(folder)
    recipe = shipped.with_adapters(Recipe(seed=3))
    assert recipe.seed == 3
    stored = Recipe.model_validate(json.loads(json.dumps(recipe.record())))
    assert stored == recipe
    with Journal.open(tmp_path / "j") as journal:
        async with open_models(stored, journal) as models:
            await models.chat("teacher").text(ASK, key=key("hook"))
        assert "embedded-tutor" in next(iter(journal.entries())).extra["request"]["model"]
    put(folder, content=b"GGUF better")
    with pytest.raises(InputError, match="this run began with embedded-tutor .* start a new run"):
        async with open_models(stored):
            pass
    with pytest.raises(InputError, match="this run began without embedded-tutor"):
        async with open_models(Recipe(models=ModelSpecs(adapters={}))):
            pass
    async with open_models(shipped.with_adapters(Recipe(), base_only=True)) as models:
        assert models.chat("teacher").tuned == {}


async def test_a_replay_needs_no_file_of_an_adapter(folder, server, tmp_path):
    put(folder)
    with Journal.open(tmp_path / "j") as journal:
        async with open_models(Recipe(), journal) as models:
            await models.chat("teacher").text(ASK, key=key("hook"))
    (folder / "embedded-tutor.gguf").unlink()
    with Journal.open(tmp_path / "j", "replay") as journal:
        async with open_models(Recipe(), journal) as models:
            assert (await models.chat("teacher").text(ASK, key=key("hook"))).text == "words"


@pytest.mark.integration
async def test_llama_cpp_turns_an_adapter_on_and_off_by_request(folder):
    """An adapter of noise beside the real weights: the base's reply comes back unchanged after it."""
    import numpy as np
    from gguf import GGUFWriter

    from classwright.models.weights import sha256

    folder.mkdir(exist_ok=True)
    file = folder / "embedded-tutor.gguf"
    writer = GGUFWriter(file, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 2.0)
    rng = np.random.default_rng(0)
    for layer in range(30):
        for side, shape in (("a", (2, 576)), ("b", (576, 2))):
            noise = rng.normal(0, 0.2, shape).astype(np.float16)  # as shipped adapters are kept
            writer.add_tensor(f"blk.{layer}.attn_q.weight.lora_{side}", noise)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    content = file.read_bytes()
    put(folder, content=content)
    assert sha256(file) == hashlib.sha256(content).hexdigest()

    asked = [{"role": "user", "content": "Say one sentence about fractions."}]
    async with open_models(Recipe(models=ModelSpecs(default=ModelSpec(temperature=0.0)))) as models:
        said = [
            (await models.chat("teacher").text(asked, key=key(task, n), max_tokens=12)).text
            for n, task in enumerate(("criterion", "hook", "label", "hint"))
        ]
    assert said[0] == said[2] != said[1] == said[3]
